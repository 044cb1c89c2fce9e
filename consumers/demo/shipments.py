"""What the plant of the demo sent in these months, and what came back of it."""

from collections.abc import Iterator
from datetime import date, timedelta
from hashlib import sha256
from random import Random
from uuid import UUID, uuid5

from consumers.demo.plant import CRM, CUSTOMERS, PRODUCTS, SITE, ZONE, Product
from consumers.demo.workdays import END, FIRST_DAY, LAST_DAY, at, is_worked, later
from consumers.inbound.desk import Opened
from domain import shipment
from domain.entry import Message
from domain.event import When, Who
from domain.record import Opening
from domain.shipment import Shipment

OURS = UUID("5b0f2a52-1c6e-4b57-8b0e-6a4f6f0f3c11")  # names these streams; for ever
EVERY_DAYS = 14
LOTS = (12, 30)  # so many lots of a product in each fortnight
RETURNED_OF = 8  # of every so many shipments something comes back
RETURNED_MAX = 60
HOURS = (20, 160)  # of work until it does
WHO = Who(by=CRM.id, role=CRM.role, source="erp")


async def send(opened: Opened) -> None:
    """All in one call, each under a message of its own: said again, nothing is new."""
    ledger = opened.ledger
    entries = []
    for nth, (product, day) in enumerate(_days()):
        made = _sent(opened, nth, product, day)
        digest = sha256(f"{nth} {product.name} {day}".encode()).digest()
        message = Message("erp", f"demo-shipment-{nth}", digest)
        entries.append(ledger.entry(message, made, decided_on=0))
    for answer in await ledger.append(entries):
        if isinstance(answer, Exception):
            raise answer


def _days() -> Iterator[tuple[Product, date]]:
    """Each product once in a fortnight, on a day on which the plant works."""
    for fortnight in range(0, (LAST_DAY - FIRST_DAY).days, EVERY_DAYS):
        for nth, product in enumerate(PRODUCTS):
            day = FIRST_DAY + timedelta(days=fortnight + nth % 5)
            while not is_worked(day):
                day += timedelta(days=1)
            yield product, day


def _sent(opened: Opened, nth: int, product: Product, day: date) -> Shipment:
    dice = Random(f"shipment {nth}")  # noqa: S311 a story, no secret
    moment = at(day, dice.randint(60, 500))
    customer = dice.choices(CUSTOMERS, [one.weight for one in CUSTOMERS])[0]
    opening = Opening(number=f"S-{day.year}-", site=SITE, zone=ZONE)
    first = shipment.sent(
        opening,
        who=WHO,
        when=When(occurred_at=moment),
        product=product.name,
        pieces=product.lot * dice.randint(*LOTS),
        batch=f"{day:%Y%m%d}-{dice.randint(1, 4)}",
        customer=customer.name,
    ).at(uuid5(OURS, str(nth)), 1)
    made: Shipment = first.mutate(None)
    made.news.append(first)
    back = later(moment, dice.uniform(*HOURS))
    if nth % RETURNED_OF == 0 and back < END:
        shipment.returned(
            made,
            opened.ledger.rulebooks.of(made),
            who=WHO,
            when=When(occurred_at=back),
            pieces=dice.randint(2, RETURNED_MAX),
            reason="客户来料检验不合格",
        )
    return made
