"""A regulation's grades: their codes, their clauses, and when each is proposed."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from domain.errors import Lack, NotAllowedError
from domain.rulebooks.predicates import Predicate
from domain.rulebooks.strict import Key, Shape, Words


class Grade(Shape):
    """One grade. `clause` is complete: rulebook@version#clause."""

    code: Key
    name: Words
    clause: str
    when: Predicate


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
