"""One shipment: what went to a customer and what came back; rates are counted on it."""

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from domain.complaint.correction import Path, Scalar
from domain.complaint.items import QUANTITY_MAX
from domain.errors import InvalidError, Lack
from domain.event import Fact, When, Who
from domain.record import Amended, Begun, Opening, Record, amend
from domain.rulebooks.rulebook import Rules
from domain.words import Line, Text

Pieces = Annotated[int, Field(ge=1, le=QUANTITY_MAX)]
Version = Annotated[int, Field(ge=1, le=10_000)]


@dataclass(kw_only=True)
class Shipment(Record):
    """Pieces of one product and batch that left together."""

    def pieces(self) -> int:
        """How many were sent, as it stands corrected."""
        return next(sent.pieces for sent in self.all(Sent))

    def back(self) -> int:
        """How many of them came back."""
        return sum(returned.pieces for returned in self.all(Returned))


# --- What can have happened. -----------------------------------------------------------


class Sent(Begun):
    """Pieces of one product and batch went to a customer."""

    TOPIC = "shipment.sent"

    product: str
    pieces: Pieces
    batch: str | None = None
    customer: str | None = None
    delivery_note: str | None = None  # the paper's own number

    def begin(self) -> Shipment:
        """The shipment that begins here."""
        return Shipment(number=self.number, zone=self.zone, rulebooks=self.rulebooks)


class Returned(Fact):
    """Some of its pieces came back."""

    TOPIC = "shipment.returned"

    pieces: Pieces
    reason: str | None = None


class Corrected(Amended):
    """One value of the shipment was written down wrongly."""

    TOPIC = "shipment.corrected"


# --- What may be said. -----------------------------------------------------------------


def sent(
    opening: Opening,
    *,
    who: Who,
    when: When,
    product: Line,
    pieces: Pieces,
    batch: Line | None = None,
    customer: Line | None = None,
    delivery_note: Line | None = None,
) -> Sent:
    """Note that pieces were sent. The day they left is when it occurred."""
    return Sent(
        who=who,
        when=when,
        number=opening.number,
        source_key=opening.source_key,
        site=opening.site,
        zone=opening.zone,
        rulebooks=opening.rulebooks,
        product=product,
        pieces=pieces,
        batch=batch,
        customer=customer,
        delivery_note=delivery_note,
    )


def returned(
    shipment: Shipment,
    _rules: Rules,
    *,
    who: Who,
    when: When,
    pieces: Pieces,
    reason: Text | None = None,
) -> None:
    """Note that pieces came back: no more than were sent."""
    if shipment.back() + pieces > shipment.pieces():
        fix = (
            f"{shipment.pieces()} were sent, {shipment.back()} are back: correct that first"
        )
        raise InvalidError(Lack("pieces", fix))
    shipment.record(Returned(who=who, when=when, pieces=pieces, reason=reason))


def correct(
    shipment: Shipment,
    _rules: Rules,
    *,
    who: Who,
    when: When,
    corrects: Version,
    field: Path,
    new: Scalar = None,
    reason: Text,
) -> None:
    """Say what the right value is."""
    amend(
        shipment,
        Corrected,
        who=who,
        when=when,
        corrects=corrects,
        field=field,
        new=new,
        reason=reason,
    )
