"""A recorded deadline read back as its clock reads: with the sum that led to it."""

from collections.abc import Collection, Mapping
from datetime import datetime

from domain.calendar import Calendar
from domain.clock_explanation import (
    CalendarUsed,
    Edition,
    Late,
    Mark,
    Reading,
    State,
    lateness,
)
from domain.complaint.deadline_events import Arithmetic, DeadlineMoved, DeadlineSet
from domain.deadline import Deadline, Verdict
from domain.event import Event
from domain.rulebooks.rulebook import Rulebook

# What stands still still runs; what no longer applies waits until it does again.
STATES: Mapping[Verdict, State] = {
    "running": "running",
    "paused": "running",
    "void": "waiting",
    "immediate": "immediate",
    "met": "met",
    "late": "late",
    "missed": "missed",
}


def reading_of(
    deadline: Deadline,
    said: Mapping[int, Event],
    book: Rulebook,
    calendar: Calendar,
    known: Collection[str] = (),
) -> Reading:
    """What the record says of a run. *said* are the complaint's events by version.

    *known* facts are stated by now, so that whether the clock applies no longer rests on
    them; *calendar* says in which zone, and by how many working days it was late.
    """
    sum_, pinned = arithmetic_of(deadline, said), _told(deadline, said).calendar
    started, stopped = _marks(deadline, said, calendar)
    return Reading(
        clock=deadline.clock,
        name=book.clocks[deadline.clock].name,
        clause=deadline.clause,
        rulebook=Edition(book.id, book.version, book.sha256),
        run=deadline.cycle,
        calendar=CalendarUsed(pinned.id, pinned.zone, pinned.years),
        started=started,
        limit=sum_.limit,
        steps=sum_.steps,
        days=sum_.days,
        adjustments=sum_.adjustments,
        due=calendar.shown(deadline.due_at) if deadline.due_at else None,
        provisional_years=sum_.provisional_years,
        conditional_on=tuple(fact for fact in sum_.conditional_on if fact not in known),
        stopped=stopped,
        state=STATES[deadline.verdict],
        paused=deadline.state == "paused",
        late=_late(deadline, sum_, calendar),
    )


def _marks(
    deadline: Deadline, said: Mapping[int, Event], calendar: Calendar
) -> tuple[Mark, Mark | None]:
    """What started it, and what stopped it if anything did."""

    def mark(version: int, at: datetime, holder: str | None = None) -> Mark:
        topic = said[version].TOPIC.removeprefix("complaint.")
        return Mark(topic, version, calendar.shown(at), holder)

    started = mark(deadline.fact, deadline.starts_at, deadline.holder)
    if deadline.stopped_by is None or deadline.stopped_at is None:
        return started, None
    return started, mark(deadline.stopped_by, deadline.stopped_at)


def _late(deadline: Deadline, sum_: Arithmetic, calendar: Calendar) -> Late | None:
    if deadline.due_at is None or deadline.stopped_at is None or deadline.missed:
        return None
    unit = sum_.limit.unit if sum_.limit else None
    return lateness(deadline.due_at, deadline.stopped_at, unit, calendar)


def arithmetic_of(deadline: Deadline, said: Mapping[int, Event]) -> Arithmetic:
    """The sum as it is recorded."""
    found = _told(deadline, said).arithmetic
    assert found is not None, "what tells a sum has one"
    return found


def calendar_of(deadline: Deadline, said: Mapping[int, Event]) -> tuple[str, int]:
    """The calendar it was counted on, and that calendar's version."""
    pinned = _told(deadline, said).calendar
    return pinned.id, pinned.version


def _told(deadline: Deadline, said: Mapping[int, Event]) -> DeadlineSet | DeadlineMoved:
    told = said[deadline.told]
    assert isinstance(told, DeadlineSet | DeadlineMoved)
    return told
