"""Conditions on facts, with three values: a fact nobody has stated never counts as no."""

import operator
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal, NamedTuple, Self

from pydantic import Field, model_validator

from domain.rulebooks.strict import Shape

Value = bool | int | str
Truth = Literal["true", "false", "unknown"]
Op = Literal[
    "is", "is_not", "in", "not_in", ">=", ">", "<=", "<", "before", "not_after", "after"
]
COMPARES: Mapping[Op, Callable[[Any, Any], bool]] = {  # of days: ISO text sorts so
    ">=": operator.ge,
    ">": operator.gt,
    "<=": operator.le,
    "<": operator.lt,
    "before": operator.lt,
    "not_after": operator.le,
    "after": operator.gt,
}
FEN_PER_YUAN = 100
YUAN_MAX = 10**13


class NotApplicable:
    """A person stated that the fact has no value here."""


NA = NotApplicable()
Facts = Mapping[str, Value | NotApplicable]  # absent means unknown


class Counted(NamedTuple):
    """What a tally comes to: at least so many, and so many members whose part is open."""

    at_least: int
    open: int = 0
    missing: tuple[str, ...] = ()  # the facts that would close them


Tallies = Mapping[str, int | Counted]  # absent means that nobody has counted
NO_TALLIES: Tallies = {}


@dataclass(frozen=True, slots=True)
class Judged:
    """What a condition comes to, because of which facts, and which would settle it."""

    truth: Truth
    because: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()


COMPARING = {"op", "value", "yuan", "other"}


class Predicate(Shape):
    """One condition; exactly one of its shapes."""

    fact: str | None = None
    tally: str | None = None
    op: Op = "is"
    value: Value | Annotated[tuple[Value, ...], Field(min_length=1)] = True
    yuan: Annotated[int, Field(ge=0, le=YUAN_MAX)] | None = None
    other: str | None = None  # the fact it is compared with
    known: str | None = None
    all: tuple[Self, ...] | None = Field(default=None, min_length=1)
    any: tuple[Self, ...] | None = Field(default=None, min_length=1)
    not_: Self | None = Field(default=None, alias="not")
    otherwise: Literal[True] | None = None

    @model_validator(mode="after")
    def _one_shape(self) -> Self:
        shapes = (self.fact, self.tally, self.known, self.all, self.any, self.not_)
        if sum(shape is not None for shape in (*shapes, self.otherwise)) != 1:
            raise ValueError(
                "a condition has one of: fact, tally, known, all, any, not, otherwise"
            )
        if (self.op in {"in", "not_in"}) is not isinstance(self.value, tuple):
            raise ValueError("`in` and `not_in` take a list, the others one value")
        given = self.model_fields_set
        if self.fact is None and self.tally is None and given & COMPARING:
            raise ValueError("op, value, yuan and other belong to a fact or a tally")
        if len(given & {"value", "yuan", "other"}) > 1:
            raise ValueError("compare with one of: value, yuan, other")
        if self.tally and (self.op not in {">=", ">", "<=", "<"} or "value" not in given):
            raise ValueError("a tally is compared by >=, >, <= or < with a `value`")
        return self

    @property
    def wanted(self) -> Value | tuple[Value, ...]:
        """What the fact is compared with; money in fen."""
        return self.value if self.yuan is None else self.yuan * FEN_PER_YUAN

    def judge(  # a case for each shape
        self, facts: Facts, tallies: Tallies = NO_TALLIES
    ) -> Judged:
        """With an unknown fact it is unknown, with one that does not apply false."""
        if self.otherwise:
            return Judged("true")
        if self.known is not None:
            return Judged("true" if self.known in facts else "false", (self.known,))
        if self.not_ is not None:
            inner = self.not_.judge(facts, tallies)
            turned: dict[Truth, Truth] = {"true": "false", "false": "true"}
            truth = turned.get(inner.truth, "unknown")
            return Judged(truth, inner.because, inner.missing)
        if self.fact is not None:
            return self._compared(self.fact, facts)
        if self.tally is not None:
            return self._counted(self.tally, tallies)
        parts = [part.judge(facts, tallies) for part in self.any or self.all or ()]
        return _together(parts, decisive="true" if self.any else "false")

    def facts(self) -> Iterable[str]:
        """Every fact it speaks of."""
        names = (self.fact, self.known, self.other)
        yield from (name for name in names if name is not None)
        for part in self.parts():
            yield from part.facts()

    def parts(self) -> tuple[Self, ...]:
        """The conditions it is made of."""
        return (*(self.all or ()), *(self.any or ()), *filter(None, [self.not_]))

    def _compared(self, fact: str, facts: Facts) -> Judged:
        names = (fact,) if self.other is None else (fact, self.other)
        if lacking := tuple(name for name in names if name not in facts):
            return Judged("unknown", missing=lacking)
        stated = [facts[name] for name in names]
        if any(isinstance(value, NotApplicable) for value in stated):
            return Judged("false", names)
        left, right = stated[0], self.wanted if self.other is None else stated[1]
        assert not isinstance(left, NotApplicable)
        assert not isinstance(right, NotApplicable)
        return Judged("true" if holds(left, self.op, right) else "false", names)

    def _counted(self, tally: str, tallies: Tallies) -> Judged:
        """More members can only make it more: open ones leave open what more could turn."""
        counted = tallies.get(tally)
        if counted is None:
            return Judged("unknown", missing=(tally,))
        count, still_open, missing = (
            counted if isinstance(counted, Counted) else Counted(counted)
        )
        fits = holds(count, self.op, self.wanted)
        if still_open and fits is not self.op.startswith(">"):
            return Judged("unknown", missing=missing or (tally,))
        return Judged("true" if fits else "false", (tally,))


def _together(parts: list[Judged], *, decisive: Truth) -> Judged:
    deciding = [part for part in parts if part.truth == decisive]
    if deciding:
        return Judged(decisive, deciding[0].because)
    missing = tuple(dict.fromkeys(name for part in parts for name in part.missing))
    because = tuple(dict.fromkeys(name for part in parts for name in part.because))
    if any(part.truth == "unknown" for part in parts):
        return Judged("unknown", because, missing)
    return Judged("true" if decisive == "false" else "false", because)


def holds(stated: Value, op: Op, value: Value | tuple[Value, ...]) -> bool:
    """Whether a comparison holds of two values; of two kinds it never does."""
    if op == "is":
        return stated == value and type(stated) is type(value)
    if isinstance(value, tuple):
        same = any(stated == one and type(stated) is type(one) for one in value)
        return same is (op == "in")
    if op == "is_not":
        return not (stated == value and type(stated) is type(value))
    if type(stated) is not type(value) or isinstance(stated, bool):
        return False
    return COMPARES[op](stated, value)
