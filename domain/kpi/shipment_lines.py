"""What a shipment adds to the figures: pieces that were sent, and pieces that came back."""

from collections.abc import Iterator

from domain.kpi.contribution import Contribution
from domain.kpi.line import Lines
from domain.shipment import Returned, Sent, Shipment


def of_shipment(shipment: Shipment) -> Iterator[Contribution]:
    """The pieces rates divide by, as they stand corrected."""
    sent = next(shipment.all(Sent))
    lines = Lines(
        zone=shipment.zone, site=sent.site, customer=sent.customer, product=sent.product
    )
    yield lines.line("shipped", sent.occurred_at, amount=sent.pieces)
    for one in shipment.all(Returned):
        subject = str(one.originator_version)
        yield lines.line("came_back", one.occurred_at, subject=subject, amount=one.pieces)
