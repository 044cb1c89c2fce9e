"""From what a clock reads to what is recorded of it: set, moved, stopped, or void."""

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from domain.calendars import Published
from domain.clock_arithmetic import DayLooked
from domain.clock_explanation import Reading
from domain.complaint.deadline_events import (
    Arithmetic,
    CalendarPinned,
    DeadlineMoved,
    DeadlineSet,
    DeadlineStopped,
)
from domain.deadline import Deadline, State
from domain.event import LEDGER, Event, Who

DAYS_MAX = 400  # told of one sum, and so many adjustments: an event stays small
ADJUSTMENTS_MAX = 50


class Why(NamedTuple):
    """What the record follows from, and when that was; none: the calendar changed."""

    event: Event | None
    at: datetime
    who: Who = LEDGER  # the reactor, where time alone led to it

    @property
    def reason(self) -> str:
        """The word of that event."""
        return self.event.TOPIC.split(".")[1] if self.event else "calendar"


def is_owed(reading: Reading) -> bool:
    """Whether a run is worth recording: it has a due instant, or is due at once for sure.

    A clock that waits for a grade or a date is recorded when it has it.
    """
    state = _state(reading)
    return state != "void" and not (state == "immediate" and reading.conditional_on)


def began(reading: Reading, cycle: int, published: Published, why: Why) -> DeadlineSet:
    """The record of a run that is new."""
    return DeadlineSet(
        who=why.who,
        follows_at=why.at,
        clause=reading.clause,
        clock=reading.clock,
        cycle=cycle,
        state=_state(reading),
        fact=reading.started.position,
        holder=reading.started.holder,
        starts_at=reading.started.at,
        due_at=_due(reading),
        provisional=bool(reading.provisional_years),
        rulebook=f"{reading.rulebook.id}@{reading.rulebook.version}",
        calendar=_pinned(reading, published),
        arithmetic=_arithmetic(reading),
    )


def moved(
    known: Deadline, reading: Reading, published: Published, why: Why
) -> Iterator[DeadlineMoved]:
    """The record that it changed, if it did. What is over keeps the calendar it had."""
    start = reading.started
    state, due = _state(reading), _due(reading)
    provisional = bool(reading.provisional_years)
    same_run = (known.fact, known.starts_at) == (start.position, start.at)
    same_due = (known.state, known.due_at, known.provisional) == (state, due, provisional)
    if same_run and same_due:
        return
    if same_run and not known.open and known.calendar != published.version:
        return
    yield DeadlineMoved(
        who=why.who,
        follows_at=why.at,
        clause=reading.clause,
        clock=known.clock,
        cycle=known.cycle,
        state=state,
        old=known.due_at,
        new=due,
        reason=why.reason,
        by=why.event.originator_version if why.event else None,
        fact=start.position,
        holder=start.holder,
        starts_at=start.at,
        provisional=provisional,
        calendar=_pinned(reading, published),
        arithmetic=_arithmetic(reading),
    )


def voided(known: Deadline, published: Published, why: Why) -> Iterator[DeadlineMoved]:
    """The record that no such run is owed any more."""
    if known.state == "void":
        return
    yield DeadlineMoved(
        who=why.who,
        follows_at=why.at,
        clause=known.clause,
        clock=known.clock,
        cycle=known.cycle,
        state="void",
        old=known.due_at,
        reason=why.reason,
        by=why.event.originator_version if why.event else None,
        fact=known.fact,
        holder=known.holder,
        starts_at=known.starts_at,
        provisional=False,
        calendar=CalendarPinned(
            id=published.id,
            version=published.version,
            zone=published.calendar.zone,
            years={},
        ),
    )


def stopped(known: Deadline, reading: Reading, why: Why) -> Iterator[DeadlineStopped]:
    """The record of what stops it, if that is another than is recorded."""
    stop = reading.stopped
    at = stop.at if stop else None
    fact = stop.position if stop else None
    missed = reading.state == "missed"
    if (known.stopped_by, known.stopped_at, known.missed) == (fact, at, missed):
        return
    yield DeadlineStopped(
        who=why.who,
        follows_at=why.at,
        clause=reading.clause,
        clock=known.clock,
        cycle=known.cycle,
        fact=fact,
        stopped_at=at,
        missed=missed,
    )


def _state(reading: Reading) -> State:
    if reading.paused:
        return "paused"
    if reading.due is not None:
        return "running"
    at_once = reading.limit is not None and reading.limit.immediate
    return "immediate" if at_once else "void"


def _due(reading: Reading) -> datetime | None:
    """Nothing is due while it stands still."""
    return None if reading.paused else reading.due


def _pinned(reading: Reading, published: Published) -> CalendarPinned:
    used = reading.calendar
    return CalendarPinned(
        id=used.id, version=published.version, zone=used.zone, years=used.years
    )


def _arithmetic(reading: Reading) -> Arithmetic:
    days, left_out = _some(reading.days)
    return Arithmetic(
        limit=reading.limit,
        steps=reading.steps,
        days=days,
        left_out=left_out,
        adjustments=reading.adjustments[-ADJUSTMENTS_MAX:],
        provisional_years=reading.provisional_years,
        conditional_on=reading.conditional_on,
    )


def _some(days: tuple[DayLooked, ...]) -> tuple[tuple[DayLooked, ...], int]:
    """The days of a sum; of a very long one the first and the last, and how many not."""
    if len(days) <= DAYS_MAX:
        return days, 0
    half = DAYS_MAX // 2
    return (*days[:half], *days[-half:]), len(days) - DAYS_MAX
