"""Items: what the complaint is about, piece by piece, and what it has cost."""

from datetime import date
from typing import Annotated

from pydantic import Field

from domain.amount import Amount
from domain.complaint.state import Complaint
from domain.errors import InvalidError, Lack
from domain.event import Fact, Value, When, Who
from domain.rulebooks.rulebook import Rules
from domain.words import Code, Line, Text

ITEMS_MAX = 100
QUANTITY_MAX = 10**9

Quantity = Annotated[int, Field(ge=0, le=QUANTITY_MAX)]
Minutes = Annotated[int, Field(ge=0, le=10**7)]
ItemNumber = Annotated[int, Field(ge=1, le=ITEMS_MAX)]


class Item(Value):
    """One product, batch and defect. What nobody has stated is unknown, never zero."""

    product: Line | None = None
    batch: Line | None = None
    shipment_batch: Line | None = None
    production_date: date | None = None
    defect: Line | None = None
    quantity: Quantity | None = None
    unit: Code | None = None
    price: Amount | None = None


# --- What can have happened. -----------------------------------------------------------


class ItemStated(Fact):
    """Somebody told us more about one item, or about one we did not know of."""

    TOPIC = "complaint.item_stated"

    number: ItemNumber  # 1 is the first item of `received`
    item: Item


class FactEstablished(Fact):
    """Somebody settled a question that a regulation asks."""

    TOPIC = "complaint.fact_established"

    fact: Code
    value: bool | int | str | None = None  # none: it has no value here (not applicable)
    basis: Text | None = None


class LossStated(Fact):
    """What it has cost so far."""

    TOPIC = "complaint.loss_stated"

    loss: Amount | None = None
    rework_loss: Amount | None = None
    scrap_minutes: Minutes | None = None  # of production
    rework_minutes: Minutes | None = None


# --- What may be said. -----------------------------------------------------------------


def item_stated(
    complaint: Complaint,
    _rules: Rules,
    *,
    who: Who,
    when: When,
    number: ItemNumber,
    item: Item,
) -> None:
    """State what is known of an item; what it leaves out stays as it was."""
    complaint.record(ItemStated(who=who, when=when, number=number, item=item))


def fact_established(
    complaint: Complaint,
    _rules: Rules,
    *,
    who: Who,
    when: When,
    fact: Code,
    value: bool | int | Line | None = None,
    basis: Text | None = None,
) -> None:
    """Settle a question. No value means that the question does not apply here."""
    complaint.record(
        FactEstablished(who=who, when=when, fact=fact, value=value, basis=basis)
    )


def loss_stated(
    complaint: Complaint,
    _rules: Rules,
    *,
    who: Who,
    when: When,
    loss: Amount | None = None,
    rework_loss: Amount | None = None,
    scrap_minutes: Minutes | None = None,
    rework_minutes: Minutes | None = None,
) -> None:
    """State what it has cost: money, or minutes of production."""
    if {loss, rework_loss, scrap_minutes, rework_minutes} == {None}:
        raise InvalidError(Lack("loss", "state at least one of the amounts"))
    complaint.record(
        LossStated(
            who=who,
            when=when,
            loss=loss,
            rework_loss=rework_loss,
            scrap_minutes=scrap_minutes,
            rework_minutes=rework_minutes,
        )
    )
