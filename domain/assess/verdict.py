"""Verdict: the grade a regulation proposes, with every comparison that led to it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from domain.rulebooks.grades import Grade, Grading
from domain.rulebooks.predicates import (
    Counted,
    Facts,
    NotApplicable,
    Op,
    Predicate,
    Tallies,
    Truth,
    Value,
)

RANK: Mapping[Truth, int] = {"false": 0, "unknown": 1, "true": 2}
NO_COUNTS: Mapping[int, Tallies] = {}

State = Literal["graded", "ungraded", "undetermined"]
Views = Mapping[int, Facts]
Counts = Mapping[int, Tallies]


@dataclass(frozen=True, slots=True)
class Criterion:
    """One comparison: what was stated, with what it is compared, and how it came out."""

    name: str  # of a fact or a tally
    is_tally: bool
    op: Op | Literal["known"]
    wanted: Value | tuple[Value, ...] | None  # money in fen
    other: str | None  # the fact it is compared with
    stated: Value | NotApplicable | Counted | None  # none: nobody has stated it
    truth: Truth
    negated: bool = False
    presumed: bool = False  # counts as false until somebody states it


@dataclass(frozen=True, slots=True)
class Considered:
    """One grade: whether its condition holds, and by which comparisons."""

    grade: Grade
    truth: Truth
    criteria: tuple[Criterion, ...]
    because: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the regulation proposes, why, and what could still make it worse."""

    grade: Grade | None
    state: State
    considered: tuple[Considered, ...]  # worst first
    boundary: Literal["more_severe", "less_severe"]
    because: tuple[str, ...] = ()
    might_be: tuple[str, ...] = ()  # worse grades that are still open
    missing: tuple[str, ...] = ()  # the facts that would settle them
    presumed: tuple[str, ...] = ()  # flags taken as absent until somebody states them
    fits_too: tuple[str, ...] = ()  # grades that hold as well; the boundary rule chose

    @property
    def code(self) -> str | None:
        """The proposed code; none when it is ungraded or undetermined."""
        return self.grade.code if self.grade else None


def verdict(grading: Grading, views: Views, counts: Counts = NO_COUNTS) -> Verdict:
    """Judge every grade by each item; it holds when it holds of some item."""
    judged = [_considered(grading, grade, views, counts) for grade in grading.grades]
    chosen = _chosen(grading, judged)
    worse = judged[: judged.index(chosen)] if chosen else judged
    still_open = [one for one in worse if one.truth == "unknown"]
    stated = {name for view in views.values() for name in view}
    state: State = "undetermined" if still_open else "ungraded"
    return Verdict(
        grade=chosen.grade if chosen else None,
        state="graded" if chosen else state,
        considered=tuple(judged),
        boundary=grading.boundary,
        because=chosen.because if chosen else (),
        might_be=tuple(one.grade.code for one in still_open),
        missing=tuple(dict.fromkeys(name for one in still_open for name in one.missing)),
        presumed=tuple(name for name in grading.presume_false if name not in stated),
        fits_too=tuple(
            one.grade.code
            for one in judged
            if one.truth == "true" and one is not chosen and not one.grade.when.otherwise
        ),
    )


def _chosen(grading: Grading, judged: list[Considered]) -> Considered | None:
    """The worst that holds; under `less_severe` the mildest, the rest last of all."""
    fitting = [one for one in judged if one.truth == "true"]
    if grading.boundary == "less_severe":
        named = [one for one in fitting if not one.grade.when.otherwise]
        return (named or fitting)[-1] if fitting else None
    return fitting[0] if fitting else None


def _considered(grading: Grading, grade: Grade, views: Views, counts: Counts) -> Considered:
    """The item that decides speaks for all: true before unknown before false."""
    presumed = dict.fromkeys(grading.presume_false, False)
    judged = {
        item: grade.when.judge({**presumed, **view}, counts.get(item, {}))
        for item, view in views.items()
    }
    item = max(judged, key=lambda one: RANK[judged[one].truth])
    decisive = judged[item]
    missing = dict.fromkeys(name for j in judged.values() for name in j.missing)
    criteria = criteria_of(grade.when, views[item], counts.get(item, {}), presumed)
    return Considered(
        grade, decisive.truth, tuple(criteria), decisive.because, tuple(missing)
    )


def criteria_of(
    condition: Predicate,
    view: Facts,
    counts: Tallies,
    presumed: Mapping[str, bool],
    *,
    negated: bool = False,
) -> Iterator[Criterion]:
    """Every comparison of a condition, in the order of the file."""
    for part in condition.parts():
        turned = negated is not (condition.not_ is not None)
        yield from criteria_of(part, view, counts, presumed, negated=turned)
    name = condition.fact or condition.tally or condition.known
    if name is None:
        return
    is_tally = condition.tally is not None
    given = counts.get(name) if is_tally else view.get(name)
    alone = {**presumed, **view}
    yield Criterion(
        name=name,
        is_tally=is_tally,
        op="known" if condition.known else condition.op,
        wanted=None if condition.other or condition.known else condition.wanted,
        other=condition.other,
        stated=Counted(given) if is_tally and type(given) is int else given,
        truth=condition.judge(alone, counts).truth,
        negated=negated,
        presumed=not is_tally and name in presumed and name not in view,
    )
