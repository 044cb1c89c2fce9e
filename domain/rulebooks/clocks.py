"""The clocks of a regulation as data: what starts and stops each, and its limit."""

from collections.abc import Iterator
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from domain.rulebooks.gates import Reference
from domain.rulebooks.predicates import Predicate
from domain.rulebooks.strict import Shape, Words

Unit = Literal["minute", "hour", "working_hour", "working_day", "day", "week", "month"]
FieldName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]


def _whole(value: object) -> object:
    """Lists and dates of a file are taken as they come; a number is no text and no flag."""
    if type(value) is not int:
        raise ValueError("a whole number, without quotes")
    return value


Whole = Annotated[int, BeforeValidator(_whole)]

# A limit is a promise to people: none reaches further than ten years.
AMOUNT_MAX: dict[Unit, int] = {
    "minute": 527_040,
    "hour": 8_784,
    "working_hour": 2_112,
    "working_day": 264,
    "day": 3_660,
    "week": 520,
    "month": 120,
}


class Span(Shape):
    """A length of time, in the unit the regulation uses."""

    amount: Annotated[Whole, Field(ge=1)]
    unit: Unit

    @model_validator(mode="after")
    def _bounded(self) -> Self:
        if self.amount > (most := AMOUNT_MAX[self.unit]):
            raise ValueError(f"{self.amount} {self.unit}: at most {most}")
        return self


class Limit(Shape):
    """How long: an amount, the instant in a field of the starting event, or at once."""

    amount: Whole | None = None
    unit: Unit | None = None
    until_field: FieldName | None = None
    immediate: Literal[True] | None = None  # no number in the source: never overdue

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        kinds = (self.amount or self.unit, self.until_field, self.immediate)
        if sum(kind is not None for kind in kinds) != 1:
            raise ValueError(
                "a limit is `amount` with `unit`, or `until_field`, or `immediate: true`"
            )
        if self.amount is not None or self.unit is not None:
            self._span()
        return self

    def _span(self) -> Span:
        if self.amount is None or self.unit is None:
            raise ValueError("`amount` and `unit` belong together")
        return Span(amount=self.amount, unit=self.unit)

    @property
    def span(self) -> Span | None:
        """The length, where the source states one."""
        return None if self.amount is None else self._span()


class Turn(Shape):
    """How often an act is owed, up to an age of the thing; the last one for ever."""

    amount: Annotated[Whole, Field(ge=1)]
    unit: Literal["day", "week", "month"]
    chain: Literal["from_last", "from_anchor"]
    until_age_months: Annotated[Whole, Field(ge=1, le=1_200)] | None = None

    @model_validator(mode="after")
    def _bounded(self) -> Self:
        Span(amount=self.amount, unit=self.unit)
        return self


class Pause(Shape):
    """What makes the clock stand still, and what lets it go on."""

    from_: Reference = Field(alias="from")
    to: Reference


class Clock(Shape):
    """One limit of time that a regulation sets."""

    name: Words
    clause: str
    start: tuple[Reference, ...] = ()  # any of these
    stop: tuple[Reference, ...] = ()  # any of these; with `every`, the act of each turn
    limit: Limit | None = None
    by_grade: dict[str, Limit] = Field(default_factory=dict)
    every: tuple[Turn, ...] = ()
    ends: tuple[Reference, ...] = ()  # after these no further turn is owed
    occurrence: Literal["first", "latest", "each"] = "first"
    pair_field: FieldName | None = None  # a stop ends the run whose start has it alike
    holder_field: FieldName | None = None  # of the starting event: whose turn it is
    start_again: Literal["any_time", "after_stop"] = "any_time"
    applies_when: Predicate | None = None
    not_before: Span | None = None  # a stop before this span is over does not count
    customer_deadline: Literal["replace", "earliest", "ignore"] = "ignore"
    on_regrade: Literal["earlier", "from_start", "from_regrade", "keep"] = "earlier"
    pauses: tuple[Pause, ...] = ()

    def references(self) -> Iterator[Reference]:
        """Every event it speaks of."""
        yield from (*self.start, *self.stop, *self.ends)
        for pause in self.pauses:
            yield from (pause.from_, pause.to)

    def topics(self) -> Iterator[str]:
        """The stored names of all that can start, stop or move it, facts apart."""
        yield from (reference.topic for reference in self.references())
        if self.by_grade:
            yield from ("complaint.graded", "complaint.upgraded")
        if self.customer_deadline != "ignore":
            yield "complaint.customer_deadline_set"

    def limits(self) -> Iterator[Limit]:
        """Every limit it may have."""
        yield from filter(None, (self.limit, *self.by_grade.values()))

    @model_validator(mode="after")
    def _begins_and_ends(self) -> Self:
        if not self.start:
            raise ValueError("a clock needs `start`: the events that begin it")
        if not self.stop:
            raise ValueError("a clock needs `stop`: the events that end it")
        kinds = (self.limit, self.by_grade or None, self.every or None)
        if sum(kind is not None for kind in kinds) != 1:
            raise ValueError("a clock has one of: limit, by_grade, every")
        return self

    @model_validator(mode="after")
    def _words_that_belong_together(self) -> Self:
        given = self.model_fields_set
        needs = {
            "on_regrade": ("by_grade", bool(self.by_grade)),
            "ends": ("every", bool(self.every)),
            "pair_field": ("occurrence: each", self.occurrence == "each"),
            "start_again": ("occurrence: each", self.occurrence == "each"),
        }
        for word, (other, there) in needs.items():
            if word in given and not there:
                raise ValueError(f"`{word}` only means something with `{other}`")
        return self

    @model_validator(mode="after")
    def _turns(self) -> Self:
        if not self.every:
            return self
        if self.pauses or self.not_before or self.customer_deadline != "ignore":
            raise ValueError(
                "a clock with `every` has no pauses, not_before or customer_deadline"
            )
        if self.occurrence == "each":
            raise ValueError("a clock with `every` counts from one start: first or latest")
        if len({turn.chain for turn in self.every}) > 1:
            raise ValueError("the phases of `every` have one `chain`")
        ages = [turn.until_age_months for turn in self.every]
        bounded = [age for age in ages[:-1] if age is not None]
        if ages[-1] is not None or len(bounded) != len(ages) - 1:
            raise ValueError("each phase but the last has `until_age_months`")
        if bounded != sorted(set(bounded)):
            raise ValueError("`until_age_months` grows from phase to phase")
        return self

    @model_validator(mode="after")
    def _can_be_kept(self) -> Self:
        if self.pauses and any(limit.until_field for limit in self.limits()):
            raise ValueError("a date agreed with the customer cannot pause")
        for limit in self.limits():
            opens = self.not_before
            if opens and limit.unit == opens.unit and opens.amount > (limit.amount or 0):
                raise ValueError("`not_before` lies after the limit: nobody can keep it")
        return self
