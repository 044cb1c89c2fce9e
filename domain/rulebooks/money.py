"""What costs and what is given: penalties by a catalog, and benefits to the customer."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from domain.rulebooks.gates import Reference
from domain.rulebooks.predicates import Predicate
from domain.rulebooks.strict import Count, Key, Named, Shape, Words


class Trigger(Shape):
    """A situation that puts a candidate on the authority's desk; it never fines."""

    catalog_clause: Named  # of the catalog version in force on the day of the act
    when: Predicate | None = None
    clock_missed: str | None = None
    role: str

    @model_validator(mode="after")
    def _one_situation(self) -> Self:
        if (self.when is None) is (self.clock_missed is None):
            raise ValueError("a trigger has `when` or `clock_missed`")
        return self


class Penalties(Shape):
    """By which catalog and whose word a person is fined."""

    clause: str
    catalog: Key | None = None  # none: the regulation states no amounts
    authority: str  # a decision in approvals
    conflict: Literal["none", "most_severe", "sum"] = "none"
    conflict_scope: tuple[Literal["person", "event"], ...] = ("person", "event")
    repeat_key: Literal["person_clause", "person_act"] = "person_clause"
    reversed_counts: bool = False
    needs_stamp: bool = False
    statement: Literal["month"] | None = None
    unit: Literal["money", "points"] = "money"
    uncovered_role: str | None = None
    uncovered_clause: Named | None = None
    disputes_to: str | None = None
    triggers: tuple[Trigger, ...] = ()


BenefitKind = Literal[
    "exchange", "repair", "money", "gift", "longer_warranty", "coupon", "note", "return"
]


class Benefit(Shape):
    """One thing the customer gets; an amount only where the source states one."""

    kind: BenefitKind
    name: Words
    yuan: Annotated[int, Field(ge=1, le=10**9)] | None = None
    months: Annotated[int, Field(ge=1, le=1_200)] | None = None
    percent_off: Annotated[int, Field(ge=1, le=100)] | None = None

    @model_validator(mode="after")
    def _money_has_an_amount(self) -> Self:
        if (self.kind == "money") is (self.yuan is None):
            raise ValueError("`money` has an amount in `yuan`, nothing else has")
        return self


class Compensation(Shape):
    """What a customer gets by grade, and when it is due."""

    clause: str
    due_at: Reference
    by_grade: Annotated[dict[str, tuple[Benefit, ...]], Field(min_length=1)]
    binding: bool  # false: the source gives an example
    approval: str | None = None


class Deduction(Shape):
    """Points that are lost."""

    name: Words
    clause: str
    points: Annotated[int, Field(ge=1, le=1_000)]
    per: Literal["each", "once"] = "each"
    when: Predicate | None = None
    tally: str | None = None
    threshold: Count | None = None

    @model_validator(mode="after")
    def _tally_has_a_threshold(self) -> Self:
        if (self.tally is None) is not (self.threshold is None):
            raise ValueError("`tally` and `threshold` belong together")
        return self


class Row(Shape):
    """One row of the score. A lost maximum stays unset, or is assumed by name."""

    name: Words
    clause: str
    max: Annotated[int, Field(ge=1, le=1_000)] | None = None
    assumed_max: Annotated[int, Field(ge=1, le=1_000)] | None = None
    deductions: tuple[Deduction, ...] = ()
    zero_when: Predicate | None = None
    floor: Annotated[int, Field(ge=0, le=1_000)] | None = None


class Scorecard(Shape):
    """Points of one subject for one period."""

    clause: str
    total: Annotated[int, Field(ge=1, le=10_000)]
    rows: Annotated[dict[Key, Row], Field(min_length=1)]

    @model_validator(mode="after")
    def _adds_up(self) -> Self:
        stated = sum(row.max or row.assumed_max or 0 for row in self.rows.values())
        if stated > self.total:
            raise ValueError(f"the rows come to {stated}, more than {self.total}")
        return self
