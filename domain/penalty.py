"""One notice: what one person answers for, or gets, from the act to the last yuan.

All the money of a fine stands here. Money counts from the approval; nothing that counts is
ever edited: a reversal takes it back whole, and then it can be proposed anew.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from domain.amount import Amount
from domain.event import Decision, Event, Fact, Stream, Value
from domain.rulebooks.catalog import Account, Outcome
from domain.rulebooks.predicates import Facts
from domain.words import Code, Line

PERCENT_IN_ALL = 100
SHARES_MAX = 20

# How far it has come. What counts is approved, and not reversed.
Stage = Literal[
    "stated",
    "proposed",
    "approved",
    "notified",
    "appealed",
    "upheld",
    "changed",
    "settled",
    "reversed",
]
UNCOUNTED = frozenset({"stated", "proposed", "reversed"})
Liability = Literal["direct", "joint", "leading"]
# What an act came to be: a flag, a number, a code, or a day as ISO text.
FactValue = bool | Annotated[int, Field(ge=0, le=10**9)] | Line


class Part(Value):
    """What part of an amount one person or unit bears."""

    person: Line
    percent: Annotated[int, Field(ge=1, le=PERCENT_IN_ALL)]
    amount: Amount


@dataclass(kw_only=True)
class Notice(Stream):
    """One person, one act, and what came of it."""

    complaint_id: UUID | None
    person: str
    account: Account = "employee"
    role: str | None = None
    act: str | None = None
    on: date | None = None
    happened: list[Event] = field(default_factory=list)
    stage: Stage = "stated"
    charge: "Charge | None" = None  # what stands or was reversed last
    amount: Amount | None = None  # as it stands now
    rounds: int = 0  # how often it was proposed

    def keep(self, event: Event) -> None:
        """Remember it: facts are folded by the time they happened."""
        self.happened.append(event)

    @property
    def counts(self) -> bool:
        """Whether its money counts."""
        return self.stage not in UNCOUNTED

    @property
    def approved(self) -> bool:
        """Whether it was ever approved in this round."""
        return self.counts or self.reversed

    @property
    def reversed(self) -> bool:
        """Whether it was taken back."""
        return self.stage == "reversed"

    def facts(self) -> Facts:
        """What is known of the act; the statement that happened last counts."""
        known: dict[str, bool | int | str] = {}
        for said in self._statements():
            if isinstance(said, SpecialApprovalGiven):
                if said.in_writing:
                    known["special_approval_on"] = said.on.isoformat()
            else:
                known |= said.facts
                known["role"], known["act"] = said.role, said.act
                known["offence_on"] = said.on.isoformat()
                if said.occasion:
                    known["shift"] = said.occasion
        return known

    def _statements(self) -> Iterator["OffenceStated | SpecialApprovalGiven"]:
        facts = (e for e in self.happened if isinstance(e, Fact))
        for said in sorted(facts, key=lambda e: (e.occurred_at, e.originator_version)):
            if isinstance(said, OffenceStated | SpecialApprovalGiven):
                yield said


# --- What can have happened: facts of the act. -------------------------------------------


class OffenceStated(Fact):
    """What one person did, or left undone; said again, it adds what is known by now."""

    TOPIC = "penalty.offence_stated"

    complaint_id: UUID | None = None
    account: Account = "employee"
    person: str  # a pseudonym, or the name of a unit or supplier
    unit: str | None = None  # whose person it is
    role: str
    act: str
    on: date  # the day of the act: its catalog decides
    occasion: str | None = None  # the shift, or which of several that day
    facts: dict[Code, FactValue] = Field(default_factory=dict)
    rulebooks: dict[str, str] = Field(default_factory=dict)  # topic → rulebook@version

    def begin(self) -> Notice:
        """The notice that begins here."""
        return Notice(
            complaint_id=self.complaint_id,
            person=self.person,
            account=self.account,
            rulebooks=dict(self.rulebooks),
        )

    def apply(self, notice: Notice) -> None:
        """The act as it is known now."""
        notice.role, notice.act, notice.on = self.role, self.act, self.on

    def key(self) -> str:
        """What makes two statements one act of one person."""
        about = str(self.complaint_id or "-")
        return "|".join(
            (about, self.person, self.act, self.on.isoformat(), self.occasion or "-")
        )


class SpecialApprovalGiven(Fact):
    """A leader allowed it; only in writing, and only if it came before, does it help."""

    TOPIC = "penalty.special_approval_given"

    by: str
    on: date
    in_writing: bool


# --- Money, points and consequences. ----------------------------------------------------


class Charge(Decision):
    """What somebody is to pay, to get or to lose, and how it was reckoned."""

    complaint_id: UUID | None = None
    person: str
    act: str
    penalty_clause: str  # of the catalog, as its page prints it
    amount: Amount | None = None  # none: a consequence, or direct responsibility alone
    account: Account | None = None  # none: employee
    unit: str | None = None
    role: str | None = None
    on: date | None = None
    each: Amount | None = None
    least: Amount | None = None  # what the clause allows; a change stays within it
    most: Amount | None = None
    arithmetic: tuple[str, ...] | None = None
    outcome: Outcome | None = None
    bears_cost: bool | None = None
    heavier: bool | None = None
    liability: Liability | None = None
    shares: tuple[Part, ...] | None = None
    needs_stamp: bool | None = None
    fine_key: str | None = None  # the act of the person: never twice
    counted_as: str | None = None  # under what it is an earlier offence of the person
    nth: int | None = None
    serial: int | None = None
    round: int | None = None  # none: the first; reversed and proposed again is the second
    rulebooks: dict[str, str] | None = None  # of a notice that begins with it

    def begin(self) -> Notice:
        """A notice without a statement of its act."""
        return Notice(
            complaint_id=self.complaint_id,
            person=self.person,
            account=self.account or "employee",
            rulebooks=dict(self.rulebooks or {}),
        )

    def apply(self, notice: Notice) -> None:
        """It waits for approval."""
        notice.stage = "proposed"
        notice.charge, notice.amount = self, self.amount
        notice.rounds += 1

    def claims(self) -> tuple[tuple[str, str], ...]:
        """One act of one person is fined once; earlier offences are numbered."""
        first = self.round is None and self.fine_key
        fine = (("fine", str(self.fine_key)),) if first else ()
        if self.counted_as is None:
            return fine
        return (*fine, ("offence", f"{self.person}|{self.counted_as}|{self.serial}"))


class Proposed(Charge):
    """Somebody asks that a person be fined."""

    TOPIC = "penalty.proposed"


class Rewarded(Charge):
    """Somebody asks that a person be rewarded."""

    TOPIC = "penalty.rewarded"


class CostCharged(Charge):
    """A cost is to be borne by an employee, a unit, a supplier or the customer."""

    TOPIC = "penalty.cost_charged"

    basis: UUID | None = None  # the notice or decision it follows


class PointsDeducted(Charge):
    """A project loses points of a score."""

    TOPIC = "penalty.points_deducted"

    year: Annotated[int, Field(ge=1900, le=9998)]
    row: str
    points: Annotated[int, Field(ge=1, le=10_000)]
    times: Annotated[int, Field(ge=1, le=1_000)] = 1


class Superseded(Decision):
    """Another clause fitted the same act, and a more severe one was applied."""

    TOPIC = "penalty.superseded"

    penalty_clause: str
    amount: Amount | None = None
    outcome: Outcome | None = None
    arithmetic: tuple[str, ...] = ()
    by_clause: str
