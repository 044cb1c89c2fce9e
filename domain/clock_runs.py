"""One run of a clock: its limit, what moved it, and whether it was stopped in time."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from domain.clock_arithmetic import (
    DayLooked,
    Step,
    Stretch,
    merged,
    over,
    reckon,
    utc,
)
from domain.clock_events import Happening, History, Key
from domain.clock_explanation import Adjustment, Case, LimitUsed, Reading, State, lateness


@dataclass(frozen=True, slots=True)
class Counted:
    """What one limit, from one instant, comes to."""

    limit: LimitUsed | None
    due: datetime | None
    steps: tuple[Step, ...]
    days: tuple[DayLooked, ...] = ()
    provisional_years: tuple[int, ...] = ()
    years: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """Something that may move the due instant of a run."""

    kind: Literal["pause", "regrade", "customer_deadline"]
    key: Key
    stretch: Stretch | None = None
    lasts: bool = False
    grade: str | None = None
    until: datetime | None = None


def runs(case: Case, history: History) -> Iterator[Reading]:
    """A reading for each run, in the order of their starts."""
    starts = history.starts
    if case.clock.occurrence != "each":
        starts = starts[:1] if case.clock.occurrence == "first" else starts[-1:]
    after_stop = case.clock.start_again == "after_stop"
    number, stop = 0, None
    for start in starts:
        still_open = number > 0 and (stop is None or stop.key > start.key)
        if after_stop and still_open:
            continue  # this start is none
        stop = _stop(case, history, start)
        number += 1
        yield Run(case, history, start, stop, number).reading()


def _stop(case: Case, history: History, start: Happening) -> Happening | None:
    """The first stop after the start that counts."""
    opens = case.clock.not_before
    not_before = utc(over(start.at, opens, case.calendar)) if opens else utc(start.at)
    pair = case.clock.pair_field or ""
    for stop in history.stops:
        if stop.key <= start.key or utc(stop.at) < not_before:
            continue
        if stop.fields.get(pair) == start.fields.get(pair):
            return stop
    return None


class Run:
    """From one start to its stop, or until now."""

    def __init__(
        self,
        case: Case,
        history: History,
        start: Happening,
        stop: Happening | None,
        number: int,
    ) -> None:
        self._case, self._history, self._number = case, history, number
        self._start, self._stop = start, stop
        given = history.grades(case.rulebook.id) if case.clock.by_grade else []
        before = [grade for event, grade in given if event.key <= start.key]
        rest = given[max(1, len(before)) :]
        self._first_grade = before[-1] if before else given[0][1] if given else None
        self._regrades = [(e, grade) for e, grade in rest if self._before_stop(e)]
        self._changes = sorted(self._all_changes(), key=lambda change: change.key)

    def reading(self) -> Reading:
        """The run as it shows itself, with its whole sum."""
        counted, due = self._settled(())
        adjustments = []
        for n, change in enumerate(self._changes, start=1):
            old = due
            counted, due = self._settled(self._changes[:n])
            adjustments.append(self._adjustment(change, old, due))
        case, stop = self._case, self._stop
        by_calendar = due == counted.due  # and not by the customer's date
        unit = counted.limit.unit if counted.limit else None
        late = lateness(due, stop.at, unit, case.calendar) if due and stop else None
        return Reading(
            clock=case.id,
            name=case.clock.name,
            clause=case.clock.clause,
            rulebook=case.rulebook,
            run=self._number,
            calendar=case.used(counted.years),
            started=case.mark(self._start),
            limit=counted.limit,
            steps=counted.steps,
            days=counted.days,
            adjustments=tuple(adjustments),
            due=due,
            provisional_years=counted.provisional_years if by_calendar else (),
            conditional_on=case.conditional_on,
            stopped=case.mark(stop) if stop else None,
            state=self._state(counted, due, late=late is not None),
            paused=by_calendar and self._paused(due),
            late=late,
        )

    def _paused(self, due: datetime | None) -> bool:
        """Whether it stands still now, and not only after it had run out."""
        lasting = [c.stretch for c in self._changes if c.lasts and c.stretch]
        return due is not None and any(still.begin < utc(due) for still in lasting)

    def _state(self, counted: Counted, due: datetime | None, *, late: bool) -> State:
        if due is None:
            at_once = counted.limit is not None and counted.limit.immediate
            return "immediate" if at_once else "waiting"
        if self._stop is None:
            return "running"
        return "late" if late else "met"

    def _settled(self, changes: Sequence[Change]) -> tuple[Counted, datetime | None]:
        """The sum under these changes, and the due instant they leave."""
        clock = self._case.clock
        paused = merged([change.stretch for change in changes if change.stretch])
        counted = self._counted(self._first_grade, self._start.at, paused)
        for change in changes:
            if change.grade is None or change.grade not in clock.by_grade:
                continue
            other = self._regraded(change, paused)
            if clock.on_regrade == "earlier":
                counted = _nearer(counted, other)
            elif clock.on_regrade != "keep":
                counted = other
        untils = [change.until for change in changes if change.until]
        if not untils or clock.customer_deadline == "ignore":
            return counted, counted.due
        if clock.customer_deadline == "replace" or counted.due is None:
            return counted, untils[-1]
        return counted, min(counted.due, untils[-1], key=utc)

    def _regraded(self, change: Change, paused: Sequence[Stretch]) -> Counted:
        anew = self._case.clock.on_regrade == "from_start"
        since = self._start.at if anew else change.key[0]
        return self._counted(change.grade, since, paused)

    def _counted(
        self, grade: str | None, since: datetime, paused: Sequence[Stretch]
    ) -> Counted:
        clock = self._case.clock
        if clock.by_grade and grade is None:
            return Counted(None, None, (Step("ungraded"),))
        limit = clock.by_grade.get(grade or "") if clock.by_grade else clock.limit
        if limit is None:
            return Counted(None, None, (Step("no_limit", grade=grade),))
        used = LimitUsed(
            limit.amount,
            limit.unit,
            limit.until_field,
            bool(limit.immediate),
            grade if clock.by_grade else None,
        )
        if limit.immediate:
            return Counted(used, None, (Step("immediate"),))
        if limit.until_field:
            due = self._history.until(self._start, limit.until_field)
            return Counted(used, due, (Step("agreed" if due else "no_date", at=due),))
        assert limit.span is not None
        sum_ = reckon(since, limit.span, self._case.calendar, paused)
        return Counted(
            used, sum_.due, sum_.steps, sum_.days, sum_.provisional_years, sum_.years
        )

    # --- What may move it. ---------------------------------------------------------------

    def _all_changes(self) -> Iterator[Change]:
        for event, grade in self._regrades:
            yield Change("regrade", event.key, grade=grade)
        for event, until in self._history.customer_deadlines(self._case.id):
            # One set before the start is for the first run; later runs ask anew.
            mine = self._number == 1 or event.key >= self._start.key
            if mine and self._before_stop(event):
                yield Change("customer_deadline", event.key, until=until)
        yield from self._pauses()

    def _pauses(self) -> Iterator[Change]:
        stop = utc(self._stop.at) if self._stop else None
        for begin, end in self._history.pauses(self._case.id):
            begun = utc(begin.at)
            ended = utc(end.at) if end else stop or max(utc(self._case.now), begun)
            ended = min(ended, stop) if stop else ended
            lasts = end is None and stop is None
            if lasts or begun < ended > utc(self._start.at):
                stretch = Stretch(begun, ended)
                yield Change("pause", (ended, begin.position), stretch, lasts=lasts)

    def _before_stop(self, event: Happening) -> bool:
        return self._stop is None or event.key < self._stop.key

    def _adjustment(
        self, change: Change, old: datetime | None, new: datetime | None
    ) -> Adjustment:
        clock, shown = self._case.clock, self._case.calendar.shown
        at, position = change.key
        by, stated, until = "stood_still", change.until, None
        if change.stretch:
            at = change.stretch.begin
            until = None if change.lasts else shown(change.stretch.end)
        elif change.grade is None:
            by = clock.customer_deadline
        elif change.grade in clock.by_grade:
            by = clock.on_regrade
            if by != "keep":
                paused = merged([each.stretch for each in self._changes if each.stretch])
                stated = self._regraded(change, paused).due
        else:
            by = "no_limit"
        return Adjustment(
            change.kind, shown(at), position, old, new, by, stated, until, change.grade
        )


def _nearer(one: Counted, other: Counted) -> Counted:
    """The one due first; what has no due instant gives way."""
    if one.due is None or other.due is None:
        return other if one.due is None else one
    return other if utc(other.due) < utc(one.due) else one
