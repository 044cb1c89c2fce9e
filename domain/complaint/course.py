"""Course: what happened in the order of the world, and the cycle of action it has come to.

A fact that becomes known late stands where it happened, so gates and counters come out the
same whatever the order of arrival.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from domain.complaint.state import Complaint
from domain.event import Decision, Event, Fact
from domain.rulebooks.gates import Closure, Reference
from domain.rulebooks.rulebook import Rules

E = TypeVar("E", bound=Event)
A_DAY = timedelta(days=1)

# These show under every regulation that the action did not help; one may name more.
FAILED = (
    Reference(event="verified", where={"result": "ineffective"}),
    Reference(event="batch_checked", where={"result": "same_problem"}),
)


@dataclass(frozen=True, slots=True)
class Course:
    """Every event in business order; the present cycle is what follows the last failure."""

    events: tuple[Event, ...]
    cycle: int = 1
    begins: int = 0  # how many events lie before this cycle

    @property
    def present(self) -> tuple[Event, ...]:
        """What belongs to the present cycle of action."""
        return self.events[self.begins :]

    def all(self, kind: type[E]) -> Iterator[E]:
        """Every event of a kind in the present cycle."""
        return (event for event in self.present if isinstance(event, kind))


def course(complaint: Complaint, rules: Rules) -> Course:
    """The course of a complaint, under the regulation that says when it may end."""
    book = rules.get("closure")
    return course_under(complaint, book.closure if book else None)


def course_under(complaint: Complaint, closure: Closure | None) -> Course:
    """The same, under these rules of closing."""
    events = in_order(complaint)
    failed = [n for n, event in enumerate(events, start=1) if shows_failure(event, closure)]
    return Course(events, 1 + len(failed), failed[-1] if failed else 0)


def shows_failure(event: Event, closure: Closure | None) -> bool:
    """Whether it shows that the actions did not help."""
    more = closure.ineffective.shown_by if closure and closure.ineffective else ()
    return any(reference.matches(event) for reference in (*FAILED, *more))


def in_order(complaint: Complaint) -> tuple[Event, ...]:
    """By business time, then by version.

    A date without a time of day is taken to follow what was known of that day by then.
    """
    moments: dict[int, datetime] = {}
    for version, event in complaint.happened.items():
        moment = moment_of(event)
        if isinstance(event, Fact) and event.when.precision == "day":
            of_day = (at for at in moments.values() if moment <= at < moment + A_DAY)
            moment = max(of_day, default=moment)
        moments[version] = moment
    order = sorted(moments, key=lambda version: (moments[version], version))
    return tuple(complaint.happened[version] for version in order)


def moment_of(event: Event) -> datetime:
    """When the world did it, or somebody decided it."""
    if isinstance(event, Fact):
        return event.occurred_at
    assert isinstance(event, Decision)
    return event.decided_at
