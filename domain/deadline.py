"""A recorded deadline as it stands: when it is due, what stopped it, and in time or not."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

# `paused`: it stands still, so nothing is due until it goes on. `immediate`: at once, and
# the regulation names no number, so it is never overdue. `void`: it no longer applies.
State = Literal["running", "paused", "immediate", "void"]
Verdict = Literal["running", "paused", "immediate", "void", "met", "late", "missed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """One run of a clock, or one turn of a recurring one, as the ledger recorded it.

    Whether it is overdue is no state of it: that is asked of an instant.
    """

    clock: str
    cycle: int  # which run or turn of that clock, from 1
    state: State
    fact: int  # the version of the event that started it
    starts_at: datetime
    due_at: datetime | None
    provisional: bool  # rests on a year of the calendar that is not published yet
    clause: str  # rulebook@version#clause
    calendar: int  # the version of the calendar it was counted on
    holder: str | None = None  # whose turn it is, where the regulation says
    told: int  # the version of the event that tells its arithmetic
    stopped_by: int | None = None  # the version of the event that ended it
    stopped_at: datetime | None = None
    missed: bool = False  # a turn that passed without its act
    lapsed_due: datetime | None = None  # the due instant recorded as passed unmet
    lapse: int | None = None  # the version of the event that says so

    @property
    def key(self) -> tuple[str, int]:
        """The clock, and which run or turn of it."""
        return self.clock, self.cycle

    @property
    def open(self) -> bool:
        """Whether the act it waits for is still owed."""
        return self.state != "void" and not self.missed and self.stopped_at is None

    def overdue(self, at: datetime) -> bool:
        """Whether at this instant it is past due and still open."""
        return self.open and self.due_at is not None and _utc(at) > _utc(self.due_at)

    @property
    def may_lapse(self) -> bool:
        """Whether its due instant, once it has passed, has passed without the act.

        Not while it stands still, and never where no number is named or the year of the
        calendar is not published.
        """
        if self.state != "running" or self.due_at is None or self.provisional:
            return False
        return self.stopped_at is None or _utc(self.stopped_at) > _utc(self.due_at)

    @property
    def verdict(self) -> Verdict:
        """Met or late once it is stopped: the instant of the fact against the due one."""
        if self.missed:
            return "missed"
        if self.stopped_at is None or self.due_at is None:
            return self.state
        return "met" if _utc(self.stopped_at) <= _utc(self.due_at) else "late"


def next_due(deadlines: Iterable[Deadline]) -> Deadline | None:
    """The open one that is due first; what has no due instant comes after all others."""
    return min((one for one in deadlines if one.open), key=_order, default=None)


def _order(one: Deadline) -> tuple[bool, datetime, str, int]:
    due = one.due_at or one.starts_at
    return one.due_at is None, _utc(due), *one.key


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC)
