"""Ranges in a scheme of grades: none is empty, no two overlap, no hole is unsaid."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

from domain.rulebooks.faults import Fault
from domain.rulebooks.predicates import Predicate
from domain.rulebooks.rulebook import Rulebook, predicates

FAR = 10**18


@dataclass(frozen=True, slots=True)
class Range:
    """From low to high, both included; bounded when the file states both ends."""

    fact: str
    low: int
    high: int
    bounded: bool


def faults(book: Rulebook) -> Iterator[Fault]:
    """Every range that cannot be meant so."""
    for path, condition in predicates(book):
        for band in _bands(condition):
            if band.low > band.high:
                fix = "turn the two limits round"
                yield Fault(path, f"nothing lies in this range of {band.fact}", fix)
    if book.grading is None:
        return
    for worse, milder in combinations(book.grading.grades, 2):
        for one in _bands(worse.when):
            for other in _bands(milder.when):
                if _overlap(one, other):
                    yield Fault(
                        f"grading.grades.{milder.code}.when",
                        f"its range of {one.fact} overlaps that of {worse.code}",
                        "end it where the other begins",
                    )
    whole = any(grade.when.otherwise for grade in book.grading.grades)
    if not whole and not any(gap.where.startswith("grading") for gap in book.gaps):
        yield Fault(
            "grading.grades",
            "the scheme has a hole: what fits no grade",
            "add a last grade with `otherwise: true`, or a gap that says who has none",
        )


def _overlap(one: Range, other: Range) -> bool:
    """By more than the boundary, which `boundary` decides; open ends rank by severity."""
    if one.fact != other.fact or not (one.bounded or other.bounded):
        return False
    return min(one.high, other.high) > max(one.low, other.low)


def _bands(condition: Predicate) -> Iterator[Range]:
    """The ranges that alone make the condition true."""
    if condition.any is not None:
        for part in condition.any:
            yield from _bands(part)
        return
    parts = condition.all or (condition,)
    names = {part.fact or part.tally for part in parts}
    if len(names) != 1 or not all(_is_limit(part) for part in parts):
        return
    low, high = -FAR, FAR
    for part in parts:
        limit = part.wanted
        assert isinstance(limit, int)
        if part.op.startswith(">"):
            low = max(low, limit + (part.op == ">"))
        else:
            high = min(high, limit - (part.op == "<"))
    yield Range(str(names.pop()), low, high, low > -FAR and high < FAR)


def _is_limit(part: Predicate) -> bool:
    if part.op not in {">=", ">", "<=", "<"} or isinstance(part.wanted, bool):
        return False
    return isinstance(part.wanted, int) and (part.fact or part.tally) is not None
