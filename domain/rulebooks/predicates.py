"""Conditions on facts, with three values: a fact nobody has stated never counts as no."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, Self

from pydantic import Field, model_validator

from domain.rulebooks.strict import Shape

Value = bool | int | str
Truth = Literal["true", "false", "unknown"]
Op = Literal["is", "is_not", "in", "not_in", ">=", ">", "<=", "<"]


class NotApplicable:
    """A person stated that the fact has no value here."""


NA = NotApplicable()
Facts = Mapping[str, Value | NotApplicable]  # absent means unknown


@dataclass(frozen=True, slots=True)
class Judged:
    """What a condition comes to, because of which facts, and which would settle it."""

    truth: Truth
    because: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()


class Predicate(Shape):
    """One condition; exactly one of its shapes."""

    fact: str | None = None
    op: Op = "is"
    value: Value | tuple[Value, ...] = True
    known: str | None = None
    all: tuple[Self, ...] | None = Field(default=None, min_length=1)
    any: tuple[Self, ...] | None = Field(default=None, min_length=1)
    not_: Self | None = Field(default=None, alias="not")
    otherwise: Literal[True] | None = None

    @model_validator(mode="after")
    def _one_shape(self) -> Self:
        shapes = (self.fact, self.known, self.all, self.any, self.not_, self.otherwise)
        if sum(shape is not None for shape in shapes) != 1:
            raise ValueError(
                "a condition has one of: fact, known, all, any, not, otherwise"
            )
        if (self.op in {"in", "not_in"}) is not isinstance(self.value, tuple):
            raise ValueError("`in` and `not_in` take a list, the others one value")
        return self

    def judge(self, facts: Facts) -> Judged:  # a case for each shape
        """With an unknown fact it is unknown, with one that does not apply false."""
        if self.otherwise:
            return Judged("true")
        if self.known is not None:
            return Judged("true" if self.known in facts else "false", (self.known,))
        if self.not_ is not None:
            inner = self.not_.judge(facts)
            turned: dict[Truth, Truth] = {"true": "false", "false": "true"}
            truth = turned.get(inner.truth, "unknown")
            return Judged(truth, inner.because, inner.missing)
        if self.fact is not None:
            return self._compared(self.fact, facts)
        if self.any is not None:
            return _together([part.judge(facts) for part in self.any], decisive="true")
        assert self.all is not None
        return _together([part.judge(facts) for part in self.all], decisive="false")

    def facts(self) -> Iterable[str]:
        """Every fact it speaks of."""
        yield from (name for name in (self.fact, self.known) if name is not None)
        for part in (*(self.all or ()), *(self.any or ()), *filter(None, [self.not_])):
            yield from part.facts()

    def _compared(self, fact: str, facts: Facts) -> Judged:
        if fact not in facts:
            return Judged("unknown", missing=(fact,))
        stated = facts[fact]
        if isinstance(stated, NotApplicable):
            return Judged("false", (fact,))
        return Judged("true" if _holds(stated, self.op, self.value) else "false", (fact,))


def _together(parts: list[Judged], *, decisive: Truth) -> Judged:
    deciding = [part for part in parts if part.truth == decisive]
    if deciding:
        return Judged(decisive, deciding[0].because)
    missing = tuple(dict.fromkeys(name for part in parts for name in part.missing))
    because = tuple(dict.fromkeys(name for part in parts for name in part.because))
    if any(part.truth == "unknown" for part in parts):
        return Judged("unknown", because, missing)
    return Judged("true" if decisive == "false" else "false", because)


def _holds(stated: Value, op: Op, value: Value | tuple[Value, ...]) -> bool:
    if isinstance(value, tuple):
        return (stated in value) is (op == "in")
    if op in {"is", "is_not"}:
        return (stated == value and type(stated) is type(value)) is (op == "is")
    if type(stated) is not type(value) or isinstance(stated, bool):
        return False
    lower, equal = stated < value, stated == value  # type: ignore[operator]  # same type
    return {">=": not lower, ">": not (lower or equal), "<=": lower or equal, "<": lower}[
        op
    ]
