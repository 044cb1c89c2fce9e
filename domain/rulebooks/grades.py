"""A regulation's grades: their codes, their clauses, and when each is proposed."""

from dataclasses import dataclass
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from domain.errors import Lack, NotAllowedError
from domain.rulebooks.predicates import NO_TALLIES, Facts, Judged, Predicate, Tallies
from domain.rulebooks.strict import Key, Shape, Words


class Grade(Shape):
    """One grade. `clause` is complete: rulebook@version#clause."""

    code: Key
    name: Words
    clause: str
    when: Predicate


@dataclass(frozen=True, slots=True)
class Assessment:
    """What the regulation proposes, why, and what could still make it worse."""

    grade: Grade | None
    because: tuple[str, ...] = ()
    might_be: tuple[str, ...] = ()  # worse grades that are still open
    missing: tuple[str, ...] = ()  # the facts that would settle them
    presumed: tuple[str, ...] = ()  # flags taken as absent until somebody states them


class Grading(Shape):
    """The scheme, worst first."""

    decided_by: tuple[str, ...] = ()
    boundary: Literal["more_severe", "less_severe"] = "more_severe"
    on_unknown: Literal["grade_now", "ask_first"] = "grade_now"
    presume_false: tuple[str, ...] = ()
    override: Literal["none", "up", "any"] = "any"
    notify: dict[str, tuple[str, ...]] = Field(default_factory=dict)  # grade → roles
    grades: Annotated[tuple[Grade, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        codes = [grade.code for grade in self.grades]
        if twice := sorted({code for code in codes if codes.count(code) > 1}):
            raise ValueError(f"the code {', '.join(twice)} stands here twice")
        if any(grade.when.otherwise for grade in self.grades[:-1]):
            raise ValueError("`otherwise` is the rest: no grade can stand after it")
        return self

    def grade(self, code: str) -> Grade:
        """The grade with this code; refused with the codes there are."""
        for grade in self.grades:
            if grade.code == code:
                return grade
        known = ", ".join(grade.code for grade in self.grades)
        raise NotAllowedError(Lack("code", f"choose one of {known}"))

    def rank(self, code: str) -> int:
        """0 is the worst."""
        return [grade.code for grade in self.grades].index(code)

    def assess(self, facts: Facts, tallies: Tallies = NO_TALLIES) -> Assessment:
        """The worst grade whose condition holds (the mildest under `less_severe`)."""
        presumed = tuple(name for name in self.presume_false if name not in facts)
        taken = {**dict.fromkeys(presumed, False), **facts}
        judged = [(grade, grade.when.judge(taken, tallies)) for grade in self.grades]
        chosen = self._chosen(judged)
        worse = judged[: self.rank(chosen[0].code)] if chosen else judged
        still_open = [(g, j) for g, j in worse if j.truth == "unknown"]
        missing = dict.fromkeys(name for _, j in still_open for name in j.missing)
        return Assessment(
            grade=chosen[0] if chosen else None,
            because=chosen[1].because if chosen else (),
            might_be=tuple(grade.code for grade, _ in still_open),
            missing=tuple(missing),
            presumed=presumed,
        )

    def _chosen(self, judged: list[tuple[Grade, Judged]]) -> tuple[Grade, Judged] | None:
        fitting = [(g, j) for g, j in judged if j.truth == "true"]
        if self.boundary == "less_severe":
            named = [(g, j) for g, j in fitting if not g.when.otherwise]
            return (named or fitting)[-1] if fitting else None
        return fitting[0] if fitting else None
