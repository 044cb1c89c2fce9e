"""A recurring clock: an act that is owed again and again, and the turns that passed."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from domain.clock_arithmetic import Step, add_months, later, utc
from domain.clock_events import Happening, History
from domain.clock_explanation import Case, LimitUsed, Reading
from domain.rulebooks.clocks import Turn


@dataclass(frozen=True, slots=True)
class Owed:
    """One turn: the day it counts from, the day it is due, and so many of which unit."""

    since: date
    due: date
    turn: Turn
    amount: int  # from `since`


def turns(case: Case, history: History) -> Iterator[Reading]:
    """A reading for each turn, up to the one that is running now.

    A turn that passed without its act is missed, also when the act comes later; what comes
    later belongs to the turn it falls in.
    """
    starts = history.starts
    if not starts:
        return
    start = starts[0] if case.clock.occurrence == "first" else starts[-1]
    acts = [act for act in history.stops if act.key > start.key]
    end = next((end for end in history.ends if end.key > start.key), None)
    anchor = case.calendar.day_of(start.at)
    chained = case.clock.every[0].chain == "from_last"
    owed = _after(case, anchor, anchor) if chained else _of_anchor(case, anchor, 1)
    number = 1
    while True:
        due = case.calendar.end_of(owed.due)
        act = acts[0] if acts and utc(acts[0].at) <= utc(due) else None
        if _over(end, due, act):
            return
        passed = utc(case.now) > utc(due)
        yield _reading(case, number, start, owed, act, passed=passed)
        if act is None and not passed:
            return
        number += 1
        if chained:
            acts = acts[1:] if act else acts
            last = case.calendar.day_of(act.at) if act else owed.due
            owed = _after(case, last, anchor)
        else:
            acts = [act for act in acts if utc(act.at) > utc(due)]
            owed = _of_anchor(case, anchor, number)


def _over(end: Happening | None, due: datetime, act: Happening | None) -> bool:
    """Whether all was over before this turn had its act or passed."""
    if end is None or utc(end.at) > utc(due):
        return False
    return act is None or act.key > end.key


def _after(case: Case, last: date, anchor: date) -> Owed:
    """The turn that counts from the last act, or from the last turn missed."""
    for turn in case.clock.every:
        until = turn.until_age_months
        if until is None or last < add_months(anchor, until):
            break
    return Owed(last, later(last, turn.amount, turn.unit), turn, turn.amount)


def _of_anchor(case: Case, anchor: date, number: int) -> Owed:
    """The turn with this number, counted from the anchor: 31 Jan, 29 Feb, 31 Mar."""
    months = 0  # the age at which the phase begins
    for turn in case.clock.every:
        begins = anchor if turn.unit == "month" else add_months(anchor, months)
        before = months if turn.unit == "month" else 0
        until = turn.until_age_months
        if until is not None:
            ends = add_months(anchor, until)
            within = (
                (until - months) // turn.amount
                if turn.unit == "month"
                else (ends - begins) // (later(begins, turn.amount, turn.unit) - begins)
            )
            if number > within:
                number, months = number - within, until
                continue
        break
    amount = before + number * turn.amount
    return Owed(begins, later(begins, amount, turn.unit), turn, amount)


def _reading(
    case: Case,
    number: int,
    start: Happening,
    owed: Owed,
    act: Happening | None,
    *,
    passed: bool,
) -> Reading:
    steps = [
        Step("day_zero", on=owed.since),
        Step("added", amount=owed.amount, unit=owed.turn.unit),
    ]
    if owed.turn.unit == "month" and owed.due.day < owed.since.day:
        steps.append(Step("clamped", on=owed.due))
    return Reading(
        clock=case.id,
        name=case.clock.name,
        clause=case.clock.clause,
        rulebook=case.rulebook,
        run=number,
        calendar=case.used(()),
        started=case.mark(start),
        limit=LimitUsed(owed.turn.amount, owed.turn.unit),
        steps=tuple(steps),
        days=(),
        adjustments=(),
        due=case.calendar.end_of(owed.due),
        provisional_years=(),
        conditional_on=case.conditional_on,
        stopped=case.mark(act) if act else None,
        state="met" if act else "missed" if passed else "running",
    )
