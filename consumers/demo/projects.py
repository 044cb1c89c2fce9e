"""The projects of the demo: handed over, scored for the year; and a cost besides."""

import hashlib
from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple
from uuid import uuid4

from consumers.demo.plant import MANAGER, SITE, ZONE
from consumers.demo.workdays import at
from consumers.inbound.desk import Opened
from domain.amount import Amount
from domain.codec import canonical
from domain.entry import Message, Receipt
from domain.event import Stream, When, Who
from domain.ledger import Request
from domain.penalty_charges import charge_cost, deduct_points
from domain.project import begun, delivered
from domain.record import Opening
from domain.rulebooks.policy import Case
from domain.rulebooks.rulebook import Rules

WHO = Who(by=MANAGER.id, role=MANAGER.role, source="web")


class Lost(NamedTuple):
    """Points by one deduction of one row, counted as the regulation lists them."""

    row: str
    deduction: int
    times: int = 1


class Told(NamedTuple):
    """A project, when it was handed over, and what it has lost of this year's score."""

    name: str
    customer: str
    begun: date
    delivered: date
    lost: Sequence[Lost] = ()


PROJECTS = (
    Told(
        "清源水务二期泵房安装",
        "清源水务",
        date(2026, 3, 2),
        date(2026, 4, 20),
        (Lost("row_4", 1, 2), Lost("row_5", 3)),
    ),
    Told(
        "松坪供热换热站改造",
        "松坪供热",
        date(2026, 3, 9),
        date(2026, 6, 1),
        (Lost("row_2", 2),),
    ),
    Told("三叠消防管网安装", "三叠消防器材", date(2026, 4, 7), date(2026, 7, 15)),
)
SCORED, CHARGED = date(2026, 8, 20), date(2026, 8, 21)
LOSS = Amount(minor=6_200_00, currency="CNY")


async def make_projects(opened: Opened) -> None:
    """Say all of it; what was said before is answered, and not said again."""
    for nth, told in enumerate(PROJECTS, start=1):
        await _handed_over(opened, nth, told)
    cost = charge_cost(
        uuid4(),
        _rules(opened),
        who=WHO,
        at=at(CHARGED, 90),
        account="supplier",
        person="丰达铸材",
        unit="采购部",
        act="来料砂眼造成的返工损失",
        penalty_clause="质量协议 4.2",
        amount=LOSS,
    )
    await opened.ledger.begin(_message("cost", str(LOSS)), cost)


async def _handed_over(opened: Opened, nth: int, told: Told) -> None:
    opening = Opening(
        number=f"P-{told.begun.year}-", site=SITE, zone=ZONE, rulebooks=_governing(opened)
    )
    first = begun(
        opening,
        who=WHO,
        when=When(occurred_at=at(told.begun, 30)),
        name=told.name,
        customer=told.customer,
    ).at(uuid4(), 1)
    project: Stream = first.mutate(None)
    project.news.append(first)
    receipt = await opened.ledger.begin(_message(f"project-{nth}", told.name), project)
    await _delivered(opened, nth, told, receipt)
    for which, lost in enumerate(told.lost, start=1):
        notice = deduct_points(
            uuid4(),
            _rules(opened),
            opened.look(),
            who=WHO,
            at=at(SCORED, 60),
            project=str(receipt.number),
            year=SCORED.year,
            **lost._asdict(),
        )
        await opened.ledger.begin(_message(f"points-{nth}-{which}", lost), notice)


async def _delivered(opened: Opened, nth: int, told: Told, receipt: Receipt) -> None:
    when = When(occurred_at=at(told.delivered, 120))

    def decide(project: Any, rules: Rules) -> None:  # noqa: ANN401  # a project
        delivered(project, rules, who=WHO, when=when)

    message = _message(f"delivered-{nth}", told.name)
    await opened.ledger.take(Request(message, receipt.complaint_id, None, decide))


def _governing(opened: Opened) -> dict[str, str]:
    case = Case(site=SITE, received_on=PROJECTS[0].begun)
    return opened.policies.current.governing(case)


def _rules(opened: Opened) -> Rules:
    books = opened.ledger.rulebooks
    return Rules({topic: books[name] for topic, name in _governing(opened).items()})


def _message(name: str, said: object) -> Message:
    """The same step is the same message, whenever it is said."""
    digest = hashlib.sha256(canonical({"said": str(said)})).digest()
    return Message("web", f"demo-{name}", digest)
