"""Assessing: one case under one regulation, among all the complaints it counts with."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from domain.assess.case import Case
from domain.assess.counting import Counting
from domain.assess.verdict import Verdict, verdict
from domain.rulebooks.predicates import Counted, Predicate
from domain.rulebooks.rulebook import Rulebook


@dataclass(frozen=True, slots=True)
class Step:
    """From this instant on the facts gave this grade."""

    at: datetime
    code: str | None


def assess(counting: Counting, case: Case, until: datetime | None = None) -> Verdict | None:
    """The verdict of a regulation on a case, now or by what was so at an instant.

    None where the regulation grades nothing.
    """
    grading = counting.book.grading
    if grading is None:
        return None
    views = case.views if until is None else case.views_at(until)
    return verdict(grading, views, counting.of(case, until))


def alone(book: Rulebook, case: Case) -> Verdict:
    """The verdict on a case by itself: what others would add to its counts is open."""
    return among(book, case, (), is_all=False)


def among(book: Rulebook, case: Case, others: Iterable[Case], *, is_all: bool) -> Verdict:
    """The verdict on a case among these; there may be more of them unless they are all."""
    assert book.grading is not None, "asked of a regulation that has a scheme of grades"
    counting = Counting(book)
    for one in (case, *others):
        counting.add(one)
    counts = counting.of(case)
    if not is_all:
        counts = {
            item: {name: _at_least(name, count) for name, count in of.items()}
            for item, of in counts.items()
        }
    return verdict(book.grading, case.views, counts)


def _at_least(tally: str, count: Counted) -> Counted:
    if count == Counted(0):
        return count  # a part of its key has no value here, so it has no fellows
    return Counted(count.at_least, count.open + 1, (*count.missing, tally))


def course(
    counting: Counting, case: Case, graded: Callable[[datetime], str | None]
) -> list[Step]:
    """How the proposed grade went, from the reception until the case was ended.

    *graded* says it for one instant: it is asked at each statement, and when other
    complaints tip a count.
    """
    steps: list[Step] = []
    for at in sorted({*_turns(counting, case)}):
        code = graded(at)
        if not steps or steps[-1].code != code:
            steps.append(Step(at, code))
    return steps


def _turns(counting: Counting, case: Case) -> Iterator[datetime]:
    """Every instant at which the grade may change."""
    yield case.received_at
    for one in case.stated:
        if one.at > case.received_at and (not case.ended_at or one.at <= case.ended_at):
            yield one.at
    grading = counting.book.grading
    for grade in grading.grades if grading else ():
        for limit in _limits(grade.when):
            yield from _tipped(counting, case, limit)


def _tipped(counting: Counting, case: Case, limit: Predicate) -> Iterator[datetime]:
    """When other complaints brought a count to this limit."""
    name, wanted = str(limit.tally), limit.wanted
    assert isinstance(wanted, int)
    after_first = counting.book.tallies[name].mode == "after_first"
    threshold = wanted + (limit.op in {">", "<="}) + after_first
    for view in case.views.values():
        members = counting.members(name, view)
        until = counting.horizon(name, case)
        reached = members.reached(threshold, until, case.received_at)
        if reached is not None:
            yield reached


def _limits(condition: Predicate) -> Iterator[Predicate]:
    """The counts a condition asks for."""
    if condition.tally is not None:
        yield condition
    for part in condition.parts():
        yield from _limits(part)
