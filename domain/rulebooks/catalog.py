"""A penalty and reward catalog as data: each clause with its tariffs, nothing left out."""

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from domain.rulebooks.predicates import FEN_PER_YUAN, Predicate
from domain.rulebooks.rulebook import Assumed, Declares, Gap
from domain.rulebooks.strict import Key, Named, Shape, Words

Yuan = Annotated[int, Field(ge=1, le=10**9)]
Times = Annotated[int, Field(ge=1, le=1_000)]
Kind = Literal["penalty", "reward", "charge"]
Account = Literal["employee", "unit", "supplier", "customer"]
Outcome = Literal["criticism", "discipline", "removal_from_post", "dismissal"]
# Outcomes in the order of 6.1: the last two outrank every amount.
OUTCOMES: tuple[Outcome, ...] = (
    "criticism",
    "discipline",
    "removal_from_post",
    "dismissal",
)


class Range(Shape):
    """From and to, both included; the authority sets the amount within it."""

    low: Yuan
    high: Yuan

    @model_validator(mode="after")
    def _goes_up(self) -> Self:
        if self.low >= self.high:
            raise ValueError("`low` has to be below `high`")
        return self


class Tier(Shape):
    """What holds once more than so many were counted: for each, or flat for all."""

    above: Annotated[int, Field(ge=0, le=10**9)]
    yuan: Yuan
    flat: bool = False


class Offence(Shape):
    """The n-th offence of one person: an amount, or a consequence without one."""

    nth: Times
    yuan: Yuan | None = None
    outcome: Outcome | None = None

    @model_validator(mode="after")
    def _one_consequence(self) -> Self:
        if (self.yuan is None) is (self.outcome is None):
            raise ValueError("a step of a ladder has `yuan` or `outcome`")
        return self


class Tariff(Shape):
    """Whom it fits, when, and what it comes to."""

    part: Annotated[str, Field(pattern=r"^[a-z]$")] | None = (
        None  # of a clause with several
    )
    name: Words | None = None  # of a part whose act differs from the clause's
    roles: Annotated[tuple[str, ...], Field(min_length=1)]
    when: Predicate
    unless: Predicate | None = None
    yuan: Yuan | None = None
    range: Range | None = None
    tiers: tuple[Tier, ...] = ()
    ladder: tuple[Offence, ...] = ()
    open: Literal[True] | None = None  # a person sets it: the source states no amount
    outcome: Outcome | None = None  # besides the amount, or alone
    tier_mode: Literal["flat", "max", "sum"] = "max"
    per: Key | None = None  # a number fact that multiplies
    per_size: Annotated[int, Field(ge=1, le=100_000)] = 1  # so many make one unit
    occasion: tuple[str, ...] = ()  # facts that bound what is counted together
    aggravation: Predicate | None = None  # true: open upwards, never below the tariff
    repeat: Literal["heavier"] | None = None  # a second time opens it upwards as well
    factor_when: Predicate | None = None
    factor: tuple[Times, Times] = (1, 1)  # (1, 2) halves, (2, 1) doubles
    also: tuple[Literal["bears_cost"], ...] = ()

    @model_validator(mode="after")
    def _one_amount(self) -> Self:
        stated = (self.yuan, self.range, self.tiers, self.ladder, self.open)
        given = sum(bool(one) for one in stated)
        if given > 1 or (given == 0 and self.outcome is None):
            raise ValueError(
                "a tariff has one of: yuan, range, tiers, ladder, open, outcome"
            )
        if self.tiers and self.per is None:
            raise ValueError("tiers count something: name it with `per`")
        above = [tier.above for tier in self.tiers]
        if above != sorted({0, *above}) and self.tiers:
            raise ValueError("tiers begin above 0 and go up")
        if [step.nth for step in self.ladder] != list(range(1, len(self.ladder) + 1)):
            raise ValueError("a ladder counts 1, 2, 3 …")
        if (self.factor == (1, 1)) is not (self.factor_when is None):
            raise ValueError("`factor` and `factor_when` belong together")
        return self

    @property
    def counts_earlier(self) -> bool:
        """Whether earlier offences of the person matter."""
        return bool(self.ladder) or self.repeat is not None

    def fen(self) -> int:
        """The one amount it states, in fen."""
        assert self.yuan is not None
        return self.yuan * FEN_PER_YUAN


class Clause(Shape):
    """One clause as the source has it."""

    clause: Annotated[str, Field(pattern=r"^[^#@|]{1,60}$")]
    kind: Kind = "penalty"
    account: Account = "employee"
    act: Words  # its text, in short
    tariffs: Annotated[tuple[Tariff, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _parts_differ(self) -> Self:
        names = [tariff.part for tariff in self.tariffs]
        if len(names) != len(set(names)):
            raise ValueError("tariffs of one clause differ by `part`")
        return self


class Catalog(Shape):
    """One version: the whole text, judged by the day of the act."""

    schema_: Literal[1] = Field(alias="schema")
    id: Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_-]{0,31}$")]
    version: Annotated[int, Field(ge=1, le=1_000_000)]
    title: Words
    source: Named
    sha256: Annotated[str, Field(pattern=r"^([0-9a-f]{64})?$")] = ""  # of the file's bytes
    effective_on: date | None  # none: the publication states it
    takes_effect: Literal["on_approval", "as_stated"] = "as_stated"
    declares: Declares = Declares()
    roles: Annotated[dict[Key, Words], Field(min_length=1)]
    acts: Annotated[dict[Key, Words], Field(min_length=1)]
    clauses: Annotated[tuple[Clause, ...], Field(min_length=1)]
    assumed: tuple[Assumed, ...] = ()
    gaps: tuple[Gap, ...] = ()

    @property
    def name(self) -> str:
        """catalog@version."""
        return f"{self.id}@{self.version}"

    def cites(self, clause: Clause, tariff: Tariff | None = None) -> str:
        """catalog@version#clause, with the part of a clause that has several."""
        part = f" {tariff.part}" if tariff and tariff.part else ""
        return f"{self.name}#{clause.clause}{part}"
