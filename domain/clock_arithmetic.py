"""From a start and a span to the instant it is over, with every step of the sum.

Elapsed seconds are summed in UTC, days in the calendar's zone; the zone of the machine and
of the one who wrote an instant never matter.
"""

from calendar import monthrange
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal

from domain.calendar import ONE_DAY, Calendar, Day, Kind
from domain.rulebooks.clocks import Span, Unit
from domain.rulebooks.strict import Words

SECONDS = {"minute": 60, "hour": 3_600, "working_hour": 3_600}

StepKind = Literal[
    "day_zero",  # the day of the start does not count
    "added",  # so much elapsed time, or so many days, weeks, months
    "clamped",  # the month has no such day, so its last one
    "waits",  # a start outside the office hours
    "agreed",  # the instant stands in the starting event
    "no_date",  # it does not, yet
    "immediate",  # at once, without a number
    "ungraded",  # the limit depends on a grade that nobody has given
    "no_limit",  # the regulation states none for this grade
]


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the sum."""

    kind: StepKind
    on: date | None = None
    at: datetime | None = None
    amount: int | None = None
    unit: str | None = None
    grade: str | None = None


@dataclass(frozen=True, slots=True)
class DayLooked:
    """One day that was looked at: what it is, and what it counted."""

    day: date
    kind: Kind
    working: bool
    name: Words | None = None
    reason: str | None = None
    counted: int | None = None  # which working day it is; absent when it is none
    seconds: int | None = None  # office hours counted, for working hours
    stood_still: bool = False  # paused at its end


@dataclass(frozen=True, slots=True, order=True)
class Stretch:
    """A time during which the clock stood still, from and to; the end runs again."""

    begin: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Reckoned:
    """When a span is over, and how that came about."""

    due: datetime
    steps: tuple[Step, ...]
    days: tuple[DayLooked, ...] = ()
    provisional_years: tuple[int, ...] = ()
    years: tuple[int, ...] = ()  # of the calendar, that it rests on


def reckon(
    start: datetime, span: Span, calendar: Calendar, paused: Sequence[Stretch] = ()
) -> Reckoned:
    """When a limit of this length runs out. `paused` is merged (see `merged`)."""
    if span.unit in {"minute", "hour"}:
        return _elapsed(start, span, calendar, paused)
    if span.unit == "working_hour":
        return _working_hours(start, span, calendar, paused)
    if span.unit == "working_day":
        return _working_days(start, span, calendar, paused)
    return _dates(start, span, calendar, paused)


def over(start: datetime, span: Span, calendar: Calendar) -> datetime:
    """When an observation of this length is over: its last day has begun."""
    due = reckon(start, span, calendar).due
    if span.unit in {"minute", "hour", "working_hour"}:
        return due
    return calendar.begin_of(calendar.day_of(due))


def merged(stretches: Sequence[Stretch]) -> tuple[Stretch, ...]:
    """The same time, in order, no second of it twice."""
    whole: list[Stretch] = []
    for each in sorted(Stretch(utc(s.begin), utc(s.end)) for s in stretches):
        if whole and each.begin <= whole[-1].end:
            whole[-1] = Stretch(whole[-1].begin, max(whole[-1].end, each.end))
        elif each.begin < each.end:
            whole.append(each)
    return tuple(whole)


def utc(moment: datetime) -> datetime:
    """The instant in UTC, where sums and comparisons of instants cannot err."""
    assert moment.tzinfo is not None, "an instant has a zone"
    assert not moment.microsecond, "a business time has whole seconds"
    return moment.astimezone(UTC)


def add_months(day: date, months: int) -> date:
    """The same day so many months on, or that month's last."""
    whole = day.year * 12 + day.month - 1 + months
    year, month = divmod(whole, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def later(day: date, amount: int, unit: Unit) -> date:
    """The day so many days, weeks or months on."""
    if unit == "month":
        return add_months(day, amount)
    return day + ONE_DAY * amount * (7 if unit == "week" else 1)


# --- By unit. --------------------------------------------------------------------------


def _elapsed(
    start: datetime, span: Span, calendar: Calendar, paused: Sequence[Stretch]
) -> Reckoned:
    begun = utc(start)
    due = begun + timedelta(seconds=span.amount * SECONDS[span.unit])
    for still in paused:
        if still.begin < due and still.end > begun:
            due += still.end - max(still.begin, begun)
    return Reckoned(calendar.shown(due), (_added(span),))


def _working_hours(
    start: datetime, span: Span, calendar: Calendar, paused: Sequence[Stretch]
) -> Reckoned:
    begun, left = utc(start), span.amount * SECONDS[span.unit]
    day, walk, first = calendar.day_of(start), _Walk(calendar), None
    while True:
        look, used = calendar.look(day), 0
        for opens, closes in calendar.hours_of(day) if look.working else ():
            begin, end = max(utc(opens), begun), utc(closes)
            if begin >= end:
                continue
            first = first or begin
            for from_, to in _free(begin, end, paused):
                taken = min(left, int((to - from_).total_seconds()))
                left, used = left - taken, used + taken
                if left:
                    continue
                walk.note(look, seconds=used)
                waits = Step("waits", at=calendar.shown(first))
                steps = (waits, _added(span)) if first > begun else (_added(span),)
                due = from_ + timedelta(seconds=taken)
                return walk.reckoned(calendar.shown(due), *steps)
        walk.note(look, seconds=used)
        day += ONE_DAY


def _working_days(
    start: datetime, span: Span, calendar: Calendar, paused: Sequence[Stretch]
) -> Reckoned:
    first = day = calendar.day_of(start)
    walk, counted = _Walk(calendar), 0
    while counted < span.amount:
        day += ONE_DAY
        look = calendar.look(day)
        still = look.working and _still(day, calendar, paused)
        counts = look.working and not still
        counted += counts
        walk.note(look, counted=counted if counts else None, still=still)
    return walk.reckoned(calendar.end_of(day), Step("day_zero", on=first), _added(span))


def _dates(
    start: datetime, span: Span, calendar: Calendar, paused: Sequence[Stretch]
) -> Reckoned:
    """Days, weeks and months are added as dates; a day paused at its end is one more."""
    first = day = calendar.day_of(start)
    target = later(first, span.amount, span.unit)
    steps = [Step("day_zero", on=first), _added(span)]
    if span.unit == "month" and target.day < first.day:
        steps.append(Step("clamped", on=target))
    if not paused:
        return Reckoned(calendar.end_of(target), tuple(steps))
    left, stood = (target - first).days, []
    while left:
        day += ONE_DAY
        if _still(day, calendar, paused):
            stood.append(_looked(calendar.look(day), still=True))
        else:
            left -= 1
    return Reckoned(calendar.end_of(day), tuple(steps), tuple(stood))


# --- Parts of the sum. -----------------------------------------------------------------


class _Walk:
    """The days looked at on the way, and the years of the calendar they rest on."""

    def __init__(self, calendar: Calendar) -> None:
        self._calendar = calendar
        self._days: list[DayLooked] = []
        self._years: dict[int, bool] = {}

    def note(
        self,
        look: Day,
        *,
        counted: int | None = None,
        seconds: int | None = None,
        still: bool = False,
    ) -> None:
        year = look.day.year
        self._years[year] = self._years.get(year, True) and look.published
        self._days.append(_looked(look, counted=counted, seconds=seconds, still=still))

    def reckoned(self, due: datetime, *steps: Step) -> Reckoned:
        unknown = tuple(year for year, known in self._years.items() if not known)
        return Reckoned(due, steps, tuple(self._days), unknown, tuple(self._years))


def _looked(
    look: Day,
    *,
    counted: int | None = None,
    seconds: int | None = None,
    still: bool = False,
) -> DayLooked:
    return DayLooked(
        look.day, look.kind, look.working, look.name, look.reason, counted, seconds, still
    )


def _added(span: Span) -> Step:
    return Step("added", amount=span.amount, unit=span.unit)


def _still(day: date, calendar: Calendar, paused: Sequence[Stretch]) -> bool:
    if not paused:
        return False
    end = utc(calendar.end_of(day))
    return any(still.begin <= end < still.end for still in paused)


def _free(
    begin: datetime, end: datetime, paused: Sequence[Stretch]
) -> Iterator[tuple[datetime, datetime]]:
    """What is left of a time when the pauses are taken out."""
    for still in paused:
        if still.end <= begin or still.begin >= end:
            continue
        if still.begin > begin:
            yield begin, still.begin
        begin = still.end
    if begin < end:
        yield begin, end
