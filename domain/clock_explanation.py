"""What a clock shows, as data: how it came to its due instant, and whether it was kept."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from domain.calendar import ONE_DAY, Calendar
from domain.clock_arithmetic import DayLooked, Step, utc
from domain.clock_events import Happening
from domain.rulebooks.clocks import Clock
from domain.rulebooks.strict import Words

State = Literal["waiting", "immediate", "running", "met", "late", "missed"]
DATED = {"day", "week", "month"}


@dataclass(frozen=True, slots=True)
class Edition:
    """The version of a regulation that a clock is of."""

    id: str
    version: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Mark:
    """The event that started or stopped a run."""

    topic: str
    position: int
    at: datetime
    holder: str | None = None


@dataclass(frozen=True, slots=True)
class CalendarUsed:
    """The calendar, and the versions of those years that were looked at."""

    id: str
    zone: str
    years: dict[int, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LimitUsed:
    """The limit that held, and the grade it is for, where it depends on one."""

    amount: int | None = None
    unit: str | None = None
    until_field: str | None = None
    immediate: bool = False
    grade: str | None = None


@dataclass(frozen=True, slots=True)
class Adjustment:
    """What moved the due instant, or might have: old, new, and by which rule."""

    kind: Literal["pause", "regrade", "customer_deadline"]
    at: datetime
    position: int
    old: datetime | None
    new: datetime | None
    by: str  # stood_still, or how the regulation treats a regrade or a customer's date
    stated: datetime | None = None  # the customer's date; what the new grade alone gives
    until: datetime | None = None  # the end of a pause; absent while it lasts
    grade: str | None = None

    @property
    def moved(self) -> bool:
        """Whether it made a difference."""
        return self.old != self.new


@dataclass(frozen=True, slots=True)
class Late:
    """By how much: always in seconds, and in the unit of the clock."""

    seconds: int
    units: int
    unit: Literal["working_day", "day", "second"]


@dataclass(frozen=True, slots=True)
class Reading:
    """One run of a clock, or one turn of a recurring one."""

    clock: str
    name: Words
    clause: str
    rulebook: Edition
    run: int
    calendar: CalendarUsed
    started: Mark
    limit: LimitUsed | None  # none while nobody has graded
    steps: tuple[Step, ...]
    days: tuple[DayLooked, ...]
    adjustments: tuple[Adjustment, ...]
    due: datetime | None
    provisional_years: tuple[int, ...]
    conditional_on: tuple[str, ...]
    stopped: Mark | None
    state: State
    paused: bool = False  # it stands still now
    late: Late | None = None

    def overdue(self, at: datetime) -> bool:
        """Whether at this instant it is past due and not stopped. Never a stored state."""
        if self.due is None or self.stopped is not None or self.paused:
            return False
        return utc(at) > utc(self.due)


@dataclass(frozen=True, slots=True)
class Case:
    """What all runs of one clock share."""

    id: str
    clock: Clock
    calendar: Calendar
    rulebook: Edition
    now: datetime
    conditional_on: tuple[str, ...] = ()

    def mark(self, event: Happening) -> Mark:
        """The event, at its instant in the plant's zone, and whose turn it began."""
        holder = event.fields.get(self.clock.holder_field or "")
        return Mark(
            event.topic.removeprefix("complaint."),
            event.position,
            self.calendar.shown(event.at),
            None if holder is None else str(holder),
        )

    def used(self, years: Iterable[int]) -> CalendarUsed:
        """The calendar with the versions of these years."""
        known = self.calendar.versions
        versions = {year: known[year] for year in years if year in known}
        return CalendarUsed(self.calendar.id, self.calendar.zone, versions)


def lateness(
    due: datetime, at: datetime, unit: str | None, calendar: Calendar
) -> Late | None:
    """How late this instant is; none when it is in time. On the instant is in time."""
    seconds = int((utc(at) - utc(due)).total_seconds())
    if seconds <= 0:
        return None
    first, last = calendar.day_of(due), calendar.day_of(at)
    days = (last - first).days
    if unit == "working_day":
        later = (calendar.look(first + ONE_DAY * n) for n in range(1, days + 1))
        return Late(seconds, max(1, sum(day.working for day in later)), "working_day")
    if unit in DATED:
        return Late(seconds, max(1, days), "day")
    return Late(seconds, seconds, "second")
