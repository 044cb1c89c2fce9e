"""Shipments (出货): one row each, what came back of it; the pieces that rates divide by."""

from collections.abc import Mapping
from typing import Any

from domain.record import Record
from domain.shipment import Corrected, Returned, Sent, Shipment
from projections.records import day_of, record_projection

COLUMNS = (
    "number",
    "product",
    "batch",
    "pieces",
    "returned",
    "customer",
    "delivery_note",
    "sent_on",
    "site",
    "source",
    "source_key",
    "corrected",
)
TABLE_SQL = """
    product       text     COLLATE "C" NOT NULL,
    batch         text     COLLATE "C",
    pieces        bigint   NOT NULL,
    returned      bigint   NOT NULL,    -- how many of them came back
    customer      text     COLLATE "C",
    delivery_note text     COLLATE "C",
    sent_on       date     NOT NULL,    -- the day at its site
    site          text     COLLATE "C" NOT NULL,
    source        text     COLLATE "C" NOT NULL,
    source_key    text     COLLATE "C",
    corrected     bigint   NOT NULL
"""


def columns(record: Record) -> Mapping[str, Any]:
    """What is known of a shipment, as it stands corrected."""
    assert isinstance(record, Shipment)
    sent = next(record.all(Sent))
    return {
        "product": sent.product,
        "batch": sent.batch,
        "pieces": sent.pieces,
        "returned": sum(one.pieces for one in record.all(Returned)),
        "customer": sent.customer,
        "delivery_note": sent.delivery_note,
        "sent_on": day_of(record, sent.occurred_at),
        "site": sent.site,
        "source": sent.who.source,
        "source_key": sent.source_key,
        "corrected": len(list(record.all(Corrected))),
    }


shipments = record_projection("shipment", "shipments", TABLE_SQL, columns)
