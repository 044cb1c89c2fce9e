"""A complaint as a decision sees it: what happened, with corrections folded in."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from domain.deadline import Deadline
from domain.event import Consequence, Decision, Event, Fact, Stream

E = TypeVar("E", bound=Event)


@dataclass(kw_only=True)
class Complaint(Stream):
    """One complaint, from the customer's first word to the last callback.

    A regulation may ask for any event at its gates, and a correction may change any fact;
    so the events themselves are kept, seals shut, each as it was last corrected. Of what
    follows from them only the outcome is kept: its arithmetic is for readers.
    """

    number: str
    party_id: UUID
    zone: str
    happened: dict[int, Event] = field(
        default_factory=dict
    )  # version → event, as corrected
    grades: dict[str, str] = field(default_factory=dict)  # scheme → code
    deadlines: dict[tuple[str, int], Deadline] = field(
        default_factory=dict
    )  # clock and cycle → as recorded last
    passed: datetime | None = None  # up to here the reactor has said what time did
    clocks_apply: tuple[str, ...] | None = field(
        default=None, compare=False
    )  # as judged last; in no event
    duplicate_of: UUID | None = None
    paused: set[str] = field(default_factory=set)  # for these reasons
    owner: str | None = None
    withdrawn: bool = False
    closed: bool = False

    def keep(self, event: Event) -> None:
        """Remember it; a correction may replace it later."""
        if not isinstance(event, Consequence):
            self.happened[event.originator_version] = event
        elif event.of_time:
            self.passed = max(self.passed or event.follows_at, event.follows_at)

    def all(self, kind: type[E], *, since: int = 0) -> Iterator[E]:
        """Every event of a kind after a version, in the order it was recorded."""
        for version, event in self.happened.items():
            if version > since and isinstance(event, kind):
                yield event

    def latest(self, kind: type[E]) -> E | None:
        """The one that happened last: by business time, then by version."""
        return max(self.all(kind), key=_when, default=None)

    def has(self, kind: type[E]) -> bool:
        """Whether such a thing happened at all."""
        return next(self.all(kind), None) is not None


def _when(event: Event) -> tuple[datetime, int]:
    if isinstance(event, Fact):
        return event.occurred_at, event.originator_version
    assert isinstance(event, Decision)
    return event.decided_at, event.originator_version
