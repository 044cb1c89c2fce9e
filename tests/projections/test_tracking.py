"""The tracking table: given these events, then these columns."""

from typing import Any
from uuid import UUID

import pytest

from domain.amount import Amount
from domain.complaint import (
    action,
    assignment,
    contact,
    fined,
    grading,
    intake,
    investigation,
    items,
)
from domain.complaint.items import Item
from domain.event import Event
from tests.builders import CRM
from tests.projections.telling import (
    corrected,
    day,
    decision,
    fact,
    received,
    recorded_at,
    row,
)

OTHER = UUID(int=8)
PLAN: dict[str, Any] = {"action": "A1", "text": "改模具", "kind": "corrective", "cycle": 1}


def call(nth: int, *, outward: bool = True) -> Event:
    return fact(contact.Contacted, day(nth), channel="phone", outward=outward)


def reply(nth: int, result: str | None = None) -> Event:
    return fact(contact.Replied, day(nth), part="report", result=result)


def graded(scheme: str, code: str) -> Event:
    return decision(grading.Graded, scheme=scheme, code=code)


def cny(minor: int) -> Amount:
    return Amount(minor=minor, currency="CNY")


def stated(number: int, nth: int = 1, **said: Any) -> Event:
    return fact(items.ItemStated, day(nth), number=number, item=Item(**said))


TWO_ITEMS = received(
    items=(
        Item(product="P-1", batch="B26-0455", defect="leak", quantity=20, unit="pcs"),
        Item(product="P-2", batch="Ｂ２６ 0455", quantity=5, unit="pcs"),
    )
)
CAUSE = fact(
    investigation.RootCaused,
    causes=(investigation.Cause(branch="escape", code="method", text="无防错"),),
)
NOBODY_SAID: dict[str, Any] = {
    "source_key": None, "customer": None, "customer_number": None, "channel": None,
    "kind": None, "region": None, "occurred_precision": None, "items": [{}],
    "item_count": 1, "product": None, "batch": None, "shipment_batch": None,
    "defect": None, "quantity": None, "unit": None, "total_quantity": None, "grades": {},
    "grade": None, "screened": None, "stage": "received", "cycle": 1, "accepted_at": None,
    "acknowledged_at": None, "first_contact_at": None, "contained_at": None,
    "root_caused_at": None, "action_planned_at": None, "implemented_at": None,
    "verified_at": None, "action_due_on": None, "replied_at": None, "reply_result": None,
    "confirmed_at": None, "confirmation": None, "called_back_at": None,
    "satisfied": None, "closed_at": None, "first_closed_at": None, "reopened": 0,
    "next_clock": None, "next_rulebook": None, "next_due_at": None,
    "next_provisional": None, "deadlines_met": 0, "deadlines_late": 0,
    "withdrawn_at": None, "owner": None, "responsible_unit": None, "duplicate_of": None,
    "determined": None, "causes": None, "actions": None, "liable": None,
    "loss_minor": None, "loss_currency": None, "fined": 0, "corrected": 0,
    "labels": ["origin:live", "site:plant-1", "source:web"],
}  # fmt: skip

RECEPTION = [
    ((), NOBODY_SAID),
    (
        (received(who=CRM, customer="Nord", channel="phone", source_key="88213"),),
        {"source": "crm", "source_key": "88213", "customer": "Nord", "channel": "phone"},
    ),
    # 01:00 on the first of April in Shanghai is still March in Greenwich.
    ((received(received_at=day(28).replace(hour=1)),), {"received_on": day(28).date()}),
    (
        (received(received_at=day(28).replace(hour=1), zone="Europe/Berlin"),),
        {"received_on": day(27).date()},
    ),
    (
        (TWO_ITEMS,),
        {"product": "P-1", "batch": "B26-0455", "item_count": 2, "total_quantity": 25},
    ),
    # One batch in two spellings is found by one label.
    (
        (TWO_ITEMS,),
        {
            "labels": [
                "batch:b260455",
                "defect:leak",
                "origin:live",
                "product:P-1",
                "product:P-2",
                "site:plant-1",
                "source:web",
            ]
        },
    ),
]
ITEMS = [
    ((stated(1, quantity=463),), {"quantity": 463, "item_count": 1}),
    # What it leaves out stays; what happened last counts, whatever came last.
    (
        (TWO_ITEMS, stated(1, 3, quantity=7), stated(1, 2, quantity=8, unit="box")),
        {"quantity": 7, "unit": "box", "product": "P-1", "total_quantity": None},
    ),
    ((stated(3, product="P-3"),), {"items": [{}, {}, {"product": "P-3"}], "product": None}),
    ((TWO_ITEMS, stated(3, product="P-3")), {"total_quantity": None, "item_count": 3}),
    ((stated(1, quantity=0),), {"quantity": 0, "total_quantity": 0}),
    (
        (
            fact(items.LossStated, day(2), loss=cny(900)),
            fact(items.LossStated, day(1), loss=cny(500)),
            fact(items.LossStated, day(3), rework_loss=cny(1)),
        ),
        {"loss_minor": 900, "loss_currency": "CNY"},
    ),
]
GRADES = [
    (
        (graded("S46", "B"),),
        {"grades": {"S46": "B"}, "grade": "S46:B", "stage": "received"},
    ),
    ((graded("S46", "B"), graded("S46", "A")), {"grades": {"S46": "A"}, "grade": "S46:A"}),
    # A decision was taken on the one before it, whatever the clock of its author said.
    (
        (
            decision(grading.Graded, day(2), scheme="S46", code="B"),
            decision(grading.Graded, day(1), scheme="S46", code="A"),
        ),
        {"grade": "S46:A"},
    ),
    # Its own scheme speaks for it; without that, the first one.
    ((graded("S6", "batch"), graded("S46", "C")), {"grade": "S46:C"}),
    ((graded("S46", "C"), graded("S2", "x")), {"grade": "S46:C"}),
    ((graded("S9", "x"), graded("S6", "batch")), {"grade": "S6:batch"}),
    ((decision(intake.Screened, outcome="ours"),), {"screened": "ours"}),
    (
        (decision(investigation.Determined, result="transport"),),
        {"determined": "transport"},
    ),
]
CONTACTS = [
    ((call(2), call(1), call(3)), {"first_contact_at": day(1)}),
    ((call(1, outward=False), call(2)), {"first_contact_at": day(2)}),
    ((call(1, outward=False),), {"first_contact_at": None}),
    ((fact(contact.Acknowledged, day(1), channel="mail"),), {"acknowledged_at": day(1)}),
    (
        (reply(2, "relief"), reply(1, "explained")),
        {"replied_at": day(2), "reply_result": "relief"},
    ),
    ((reply(1, "relief"), reply(2)), {"replied_at": day(2), "reply_result": None}),
    (
        (fact(contact.CustomerConfirmed, day(3), result="rejected"),),
        {"confirmed_at": day(3), "confirmation": "rejected"},
    ),
    (
        (fact(contact.CalledBack, day(1), reached=True, satisfied=False, round=1),),
        {"called_back_at": day(1), "satisfied": False},
    ),
    (
        (fact(contact.CalledBack, day(1), reached=False, round=1),),
        {"called_back_at": None, "satisfied": None},
    ),
]
PEOPLE = [
    (
        (
            decision(assignment.Assigned, owner="p-li"),
            decision(assignment.Assigned, owner="p-wu"),
        ),
        {"owner": "p-wu"},
    ),
    (
        (
            fact(contact.HandedOver, day(3), step="8D", to_unit="moulding"),
            fact(intake.Accepted, day(1), unit="quality"),
        ),
        {"responsible_unit": "moulding", "accepted_at": day(1)},
    ),
    (
        (
            fact(contact.HandedOver, day(1), step="8D", to_unit="moulding"),
            fact(intake.Accepted, day(3), unit="quality"),
        ),
        {"responsible_unit": "quality"},
    ),
    (
        (decision(intake.DuplicateLinked, other=OTHER, reason="same"),),
        {"duplicate_of": OTHER, "stage": "received"},
    ),
    (
        (
            decision(intake.DuplicateLinked, other=OTHER, reason="same"),
            decision(intake.DuplicateUnlinked, other=OTHER, reason="not"),
        ),
        {"duplicate_of": None},
    ),
    (
        (
            decision(
                investigation.LiabilityAssigned,
                shares=(investigation.Share(party="moulding", percent=100),),
            ),
        ),
        {"liable": [{"party": "moulding", "percent": 100}]},
    ),
    (
        (CAUSE, fact(action.ActionPlanned, **PLAN)),
        {
            "causes": [{"branch": "escape", "code": "method", "text": "无防错"}],
            "actions": [{"action": "A1", "kind": "corrective", "text": "改模具"}],
        },
    ),
    (
        (
            fact(action.ActionPlanned, day(1), **PLAN, due=day(9).date()),
            fact(action.ActionPlanned, day(2), **PLAN, due=day(8).date()),
        ),
        {"action_due_on": day(9).date()},
    ),
    ((decision(fined.Fined, notice=OTHER),) * 2, {"fined": 2}),
    ((corrected(1, intake.Received, "words", None),), {"corrected": 1}),
]


@pytest.mark.parametrize(
    ("given", "then"),
    [*RECEPTION, *ITEMS, *GRADES, *CONTACTS, *PEOPLE],
)
def test_what_events_make_of_a_row(given: tuple[Event, ...], then: dict[str, Any]) -> None:
    made = row(*given)

    assert {name: getattr(made, name) for name in then} == then


def test_a_row_says_where_it_stands() -> None:
    made = row(call(1), call(2))

    assert (made.version, made.position) == (3, 3)
    assert (made.recorded_at, made.updated_at) == (recorded_at(1), recorded_at(3))


def test_a_list_shows_the_beginning_of_a_long_text() -> None:
    made = row(fact(action.ActionPlanned, **PLAN | {"text": "长" * 5_000}))

    assert made.actions is not None
    assert made.actions[0]["text"] == "长" * 199 + "…"


def test_a_row_lists_so_many_actions_and_no_more() -> None:
    made = row(*[fact(action.ActionPlanned, **PLAN)] * 51)

    assert made.actions is not None
    assert len(made.actions) == 50
