"""Compiled: the grades of a regulation as plain functions, for a whole store of cases.

They answer as `verdict` does, without the reasons; a test holds the two to each other.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from domain.rulebooks.grades import Grading
from domain.rulebooks.predicates import Counted, Facts, NotApplicable, Predicate, holds

FALSE, UNKNOWN, TRUE = 0, 1, 2
Count = Callable[[str], Counted | int | None]  # of a tally, when somebody asks for it
Judge = Callable[[Facts, Count], int]
View = tuple[Facts, Count]  # of one item


@dataclass(frozen=True, slots=True)
class Quick:
    """A scheme of grades, ready to be asked many times."""

    grades: tuple[tuple[str, Judge, bool], ...]  # code, condition, whether it is the rest
    more_severe: bool

    def graded(self, views: Sequence[View]) -> tuple[str | None, tuple[str, ...]]:
        """The proposed code, and the worse ones that are still open."""
        might_be: list[str] = []
        chosen: tuple[str, tuple[str, ...]] | None = None
        for code, judge, is_rest in self.grades:
            truth = max(judge(facts, count) for facts, count in views)
            if truth == TRUE and not (chosen and is_rest):
                chosen = (code, tuple(might_be))
                if self.more_severe:
                    return chosen
            elif truth == UNKNOWN:
                might_be.append(code)
        return chosen or (None, tuple(might_be))


def quick(grading: Grading) -> Quick:
    """Compile a scheme once."""
    presumed = frozenset(grading.presume_false)
    return Quick(
        tuple(
            (grade.code, compiled(grade.when, presumed), bool(grade.when.otherwise))
            for grade in grading.grades
        ),
        grading.boundary == "more_severe",
    )


def compiled(condition: Predicate, presumed: frozenset[str] = frozenset()) -> Judge:
    """A condition as one function; facts in *presumed* are false until stated."""
    if condition.otherwise:
        return lambda _facts, _count: TRUE
    if condition.not_ is not None:
        turned = compiled(condition.not_, presumed)
        return lambda facts, count: TRUE - turned(facts, count)
    if condition.tally is not None:
        return _tally(condition, condition.tally)
    if condition.any or condition.all:
        inner = [compiled(part, presumed) for part in condition.parts()]
        return _any(inner) if condition.any else _all(inner)
    return _of_facts(condition, presumed)


def _of_facts(condition: Predicate, presumed: frozenset[str]) -> Judge:
    if condition.known is not None:
        return _known(condition.known, presumed)
    assert condition.fact is not None, "a condition has one of its shapes"
    if condition.other is not None:
        return _pair(condition, condition.fact, condition.other, presumed)
    return _fact(condition, condition.fact, presumed=condition.fact in presumed)


def _known(name: str, presumed: frozenset[str]) -> Judge:
    if name in presumed:
        return lambda _facts, _count: TRUE
    return lambda facts, _count: TRUE if name in facts else FALSE


def _any(parts: Sequence[Judge]) -> Judge:
    def judge(facts: Facts, count: Count) -> int:
        most = FALSE
        for part in parts:
            truth = part(facts, count)
            if truth == TRUE:
                return TRUE
            most = max(most, truth)
        return most

    return judge


def _all(parts: Sequence[Judge]) -> Judge:
    def judge(facts: Facts, count: Count) -> int:
        least = TRUE
        for part in parts:
            truth = part(facts, count)
            if truth == FALSE:
                return FALSE
            least = min(least, truth)
        return least

    return judge


def _fact(condition: Predicate, name: str, *, presumed: bool) -> Judge:
    op, wanted = condition.op, condition.wanted
    absent = (TRUE if holds(False, op, wanted) else FALSE) if presumed else UNKNOWN

    def judge(facts: Facts, _count: Count) -> int:
        stated = facts.get(name)
        if stated is None:
            return absent
        if isinstance(stated, NotApplicable):
            return FALSE
        return TRUE if holds(stated, op, wanted) else FALSE

    return judge


def _pair(condition: Predicate, name: str, other: str, presumed: frozenset[str]) -> Judge:
    def judge(facts: Facts, _count: Count) -> int:
        left = facts.get(name, False if name in presumed else None)
        right = facts.get(other, False if other in presumed else None)
        if left is None or right is None:
            return UNKNOWN
        if isinstance(left, NotApplicable) or isinstance(right, NotApplicable):
            return FALSE
        return TRUE if holds(left, condition.op, right) else FALSE

    return judge


def _tally(condition: Predicate, name: str) -> Judge:
    op, wanted, rises = condition.op, condition.wanted, condition.op.startswith(">")

    def judge(_facts: Facts, count: Count) -> int:
        counted = count(name)
        if counted is None:
            return UNKNOWN
        at_least, still_open, _ = (
            counted if isinstance(counted, Counted) else Counted(counted)
        )
        fits = holds(at_least, op, wanted)
        if still_open and fits is not rises:
            return UNKNOWN
        return TRUE if fits else FALSE

    return judge
