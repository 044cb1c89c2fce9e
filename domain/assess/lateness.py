"""Lateness: what the clocks of a regulation would say of a case, by its own grades."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.assess.assessing import Step
from domain.assess.case import Case
from domain.calendar import Calendar
from domain.clock_arithmetic import utc
from domain.clock_events import GRADED, Happening, dated
from domain.clock_explanation import Edition, Reading
from domain.clock_reading import read_clock
from domain.rulebooks.predicates import Facts
from domain.rulebooks.rulebook import Rulebook


@dataclass(frozen=True, slots=True)
class Overran:
    """A run that was not kept: stopped late, passed, or still running at that instant."""

    clock: str
    run: int
    due: datetime
    seconds: int


def readings(
    book: Rulebook, case: Case, steps: Sequence[Step], calendar: Calendar, now: datetime
) -> Iterator[Reading]:
    """Every run of every clock. What was graded in fact is no fact here: *steps* is."""
    if not book.clocks or not counts_in_clocks(book, case):
        return
    topics = {event.TOPIC for event in case.events}
    clocks = {
        name: clock
        for name, clock in book.clocks.items()
        if any(start.topic in topics for start in clock.start)
    }
    if not clocks:
        return
    edition = Edition(book.id, book.version, book.sha256)
    facts = facts_for_clocks(case, steps)
    happened = [*_undecided(book, case), *_graded(book, steps)]
    for name, clock in clocks.items():
        yield from read_clock(name, clock, happened, facts, calendar, now, edition)


def _undecided(book: Rulebook, case: Case) -> Iterator[Happening]:
    """All that happened, without the grades that were recorded in this scheme."""
    for one in dated(case.events):
        if one.topic not in GRADED or one.fields.get("scheme") != book.id:
            yield one


def _graded(book: Rulebook, steps: Sequence[Step]) -> Iterator[Happening]:
    for step in steps:
        if step.code is not None:
            words = {"scheme": book.id, "code": step.code}
            yield Happening("complaint.graded", step.at, 0, words)


def overran(found: Sequence[Reading], now: datetime) -> Iterator[Overran]:
    """Those that were late, missed, or are overdue at this instant."""
    for one in found:
        if one.due is None or one.state == "met":
            continue
        end = utc(one.stopped.at) if one.stopped else utc(now)
        if end > utc(one.due):
            seconds = int((end - utc(one.due)).total_seconds())
            yield Overran(one.clock, one.run, one.due, seconds)


def counts_in_clocks(book: Rulebook, case: Case) -> bool:
    """Whether clocks run for it at all: screening may say no."""
    outcomes = book.screening.outcomes if book.screening else {}
    outcome = outcomes.get(case.outcome or "")
    return outcome is None or outcome.counts_in_clocks


def facts_for_clocks(case: Case, steps: Sequence[Step]) -> Facts:
    """What a clock may ask for: the facts, and the grade this regulation gives."""
    code = steps[-1].code if steps else None
    return case.facts if code is None else {**case.facts, "grade": code}
