"""How a complaint of the demo comes in: by whom, in which words, with what left unknown."""

from datetime import date, timedelta
from random import Random
from typing import Any

from consumers.demo.case import Case
from consumers.demo.defects import ENGLISH
from consumers.demo.plant import (
    CLERKS,
    CRM,
    FAMILY,
    GIVEN,
    NORDIC,
    PRODUCTS,
)
from consumers.demo.workdays import CHINA, is_worked, later

BY_SYSTEM = ("portal", "web")
LINES = 3
COMPLAINANTS = 4  # of one customer: the same few people call again


def batch_of(dice: Random, before: date) -> tuple[str, date]:
    """A batch that had been cast some weeks before."""
    made_on = before - timedelta(days=dice.randint(9, 40))
    while not is_worked(made_on):
        made_on -= timedelta(days=1)
    return f"{made_on:%Y%m%d}-{dice.randint(1, LINES)}", made_on


def receive(case: Case, *, repeat: bool) -> None:
    """The first word of it."""
    by_system = case.customer.channel in BY_SYSTEM
    items = [_item(case)]
    while len(items) < 3 and case.chance(24):  # noqa: PLR2004 as many as a small order has
        items.append(_further_item(case))
    case.quantity = items[0].get("quantity")
    body: dict[str, Any] = {
        "items": items,
        "customer": case.customer.name,
        "region": case.customer.region,
        "channel": case.customer.channel,
        "kind": "delivery" if case.defect.effect is None else "product",
        "words": _words(case),
        "received_at": case.now.isoformat(),
    }
    if case.customer.prefix and case.chance(80):
        body["customer_number"] = f"{case.customer.prefix}26{case.nth:03}"
    if case.chance(88):
        body |= _complainant(case)
    if repeat and case.chance(70):
        body["claims_repeat"] = True
    body |= _occurred(case)
    if by_system:
        case.say("received", CRM, source_key=f"CRM-26-{10_000 + case.nth * 7}", **body)
    else:
        case.say("received", case.dice.choice(CLERKS), **body)


def _item(case: Case) -> dict[str, Any]:
    """What they tell of it; what they do not say stays unknown."""
    product, pieces = case.trouble.product, _pieces(case)
    item: dict[str, Any] = {"product": product.name, "defect": case.defect.name}
    if case.chance(84):
        item["batch"] = case.trouble.batch
        if case.chance(55):
            item["production_date"] = case.trouble.made_on.isoformat()
    if case.chance(30):
        shipped = later(case.now - timedelta(days=6), 1).date()
        item["shipment_batch"] = f"S{shipped:%m%d}-{case.dice.randint(1, 4)}"
    if case.chance(85):
        item |= {"quantity": pieces, "unit": "pcs"}
    if case.chance(45):
        item["price"] = {"minor": product.fen, "currency": "CNY"}
    return item


def _further_item(case: Case) -> dict[str, Any]:
    """Another batch of the same casting, or something else in the same delivery."""
    batch, _ = batch_of(case.dice, case.now.date())
    same = case.chance(60)
    item: dict[str, Any] = {
        "product": (case.trouble.product if same else case.dice.choice(PRODUCTS)).name,
        "defect": case.defect.name,
    }
    if case.chance(75):
        item["batch"] = batch
    if case.chance(65):
        item |= {"quantity": case.dice.randint(1, 30), "unit": "pcs"}
    return item


def _pieces(case: Case) -> int:
    """Mostly a handful, now and then a good part of the batch."""
    lot = case.trouble.product.lot
    few = case.dice.randint(1, 40)
    return case.dice.randint(lot // 10, lot // 2) if case.chance(9) else few


def _words(case: Case) -> str:
    """Verbatim, in the language of the customer."""
    code, name = case.trouble.product.name.split(" ", 1)
    if case.customer.region == "欧洲":
        form = ENGLISH.get(case.defect.name, "Complaint about {product}: {n}.")
        few = f"{case.quantity} pcs" if case.quantity else "several pieces"
        return form.format(product=code, n=few, batch=case.trouble.batch)
    few = f"{case.quantity} 件" if case.quantity else "好几件"
    form = case.dice.choice(case.defect.words)
    return form.format(product=name, batch=case.trouble.batch, pieces=few)


def _complainant(case: Case) -> dict[str, Any]:
    """One of the few who speak for this customer; their telephones ring nowhere."""
    nth = case.dice.randint(0, COMPLAINANTS - 1)
    who = Random(f"{case.customer.name}/{nth}")  # noqa: S311 a story, no secret
    name = who.choice(FAMILY) + who.choice(GIVEN)
    phone = f"100 {who.randint(0, 9999):04} {who.randint(0, 9999):04}"
    if case.customer.region == "欧洲":
        name, phone = NORDIC[nth % len(NORDIC)], f"+00 000 {who.randint(0, 999999):06}"
    return {"complainant": name, "contact": {"phone": phone}}


def _occurred(case: Case) -> dict[str, Any]:
    """When it showed: some know the hour, some the day, some do not say."""
    before = case.now - timedelta(hours=case.dice.uniform(2, 70))
    if case.chance(35):
        return {}
    if case.chance(60):
        day = before.astimezone(CHINA).replace(hour=0, minute=0, second=0, microsecond=0)
        return {"occurred_at": day.isoformat(), "precision": "day"}
    return {"occurred_at": before.replace(second=0, microsecond=0).isoformat()}
