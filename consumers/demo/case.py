"""One complaint of the demo while it is told: what was said about it, and when."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random
from typing import Any, NamedTuple

from consumers.demo.defects import Defect
from consumers.demo.plant import CRM, Customer, Person, Product
from consumers.demo.workdays import later
from domain.deeds import DEEDS

Body = Mapping[str, Any]  # as JSON has it
OTHER = "other"  # in the story a case, in the ledger a complaint
LAG_MINUTES = (1, 25)  # between what happens and somebody writing it down


class Trouble(NamedTuple):
    """What a complaint is about: one product of one batch with one defect."""

    product: Product
    batch: str
    made_on: date
    defect: Defect


@dataclass(frozen=True)
class Step:
    """One command of the story."""

    at: datetime  # simulated: when it is said, and the order of saying
    case: int
    version: int  # its place among the steps of its stream
    deed: str  # of DEEDS or NOTICE_DEEDS; `received` and `fined` besides
    by: Person
    body: Body

    @property
    def other(self) -> int | None:
        """The case that a duplicate points to."""
        case: int | None = self.body.get(OTHER)
        return case

    @property
    def source(self) -> str:
        """Which system brought it."""
        return "crm" if self.by is CRM else "web"


@dataclass
class Case:
    """Its clock goes only forwards; what is written down late waits in *owed*."""

    nth: int
    dice: Random
    now: datetime
    customer: Customer
    trouble: Trouble
    owner: Person
    steps: list[Step] = field(default_factory=list)
    owed: list[tuple[datetime, str, Person, Body]] = field(default_factory=list)
    actions: int = 0  # planned so far: A1, A2 …
    grade: str = ""
    quantity: int | None = None  # of the first item, as stated at first

    def chance(self, percent: float) -> bool:
        """Whether something that happens in so many of a hundred cases happens here."""
        return self.dice.random() * 100 < percent

    def wait(self, least: float, most: float) -> None:
        """Let working hours go by."""
        self.now = later(self.now, self.dice.uniform(least, most))

    def say(self, deed: str, by: Person, **body: object) -> int:
        """Say it now; the version it gets is what a correction names."""
        told = self.now + timedelta(minutes=self.dice.randint(*LAG_MINUTES))
        for owed in sorted(self.owed, key=lambda owed: owed[0]):
            if owed[0] <= told:
                self.owed.remove(owed)
                self._told(*owed)
        if deed in DEEDS and DEEDS[deed].is_fact:
            body.setdefault("occurred_at", self.now.isoformat())
        self._told(told, deed, by, body)
        return len(self.steps)

    def say_late(self, days: float, deed: str, by: Person, **body: object) -> None:
        """It happens now, and somebody writes it down days afterwards."""
        body.setdefault("occurred_at", self.now.isoformat())
        self.owed.append((later(self.now, days * 9.5), deed, by, body))

    @property
    def defect(self) -> Defect:
        """What is wrong with the pieces."""
        return self.trouble.defect

    def told(self, end: datetime) -> list[Step]:
        """What had been said by the end of the story."""
        for owed in sorted(self.owed, key=lambda owed: owed[0]):
            self._told(*owed)
        self.owed.clear()
        return [step for step in self.steps if step.at <= end]

    def _told(
        self,
        at: datetime,
        deed: str,
        by: Person,
        body: Body,
    ) -> None:
        at = max(at, self.steps[-1].at) if self.steps else at
        version = len(self.steps) + 1
        self.steps.append(Step(at, self.nth, version, deed, by, body))
