"""Complaints told event by event, as a read model is given them."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from domain.complaint.intake import Received
from domain.complaint.items import Item
from domain.event import Event
from projections.projection import Recorded
from projections.tracking_columns import row_of
from projections.tracking_kept import Kept, follow
from projections.tracking_row import Row
from tests.builders import LI, TUESDAY, when

COMPLAINT = UUID(int=7)
RECORDED = TUESDAY + timedelta(days=30)


def received(**said: Any) -> Received:
    """A complaint of which only the least is known, unless told otherwise."""
    words: dict[str, Any] = {
        "who": LI,
        "when": when(),
        "number": "C-2026-000001",
        "party_id": UUID(int=9),
        "items": (Item(),),
        "received_at": TUESDAY,
        "site": "plant-1",
        "zone": "Asia/Shanghai",
        "policy_set": "plant@1",
        "rulebooks": {"grading": "S46@1", "closure": "S46@1"},
        "origin": "live",
    }
    return Received(**words | said)


def told(
    *events: Event, complaint: UUID = COMPLAINT, position: int = 1
) -> list[Recorded]:
    """The events of one complaint, in the order they were recorded."""
    return [
        Recorded(
            stream_id=complaint,
            version=version,
            position=position + version - 1,
            recorded_at=recorded_at(position + version - 1),
            event=event.at(complaint, version),
        )
        for version, event in enumerate(events, start=1)
    ]


def recorded_at(position: int) -> datetime:
    return RECORDED + timedelta(seconds=position)


def kept(line: Iterable[Recorded]) -> Kept:
    """What is remembered after all of them."""
    made: Kept | None = None
    for at in line:
        made = follow(made, at)
    assert made is not None
    return made


def row(*events: Event) -> Row:
    """The row of a complaint that was received, and of which this was said then."""
    first = () if events and isinstance(events[0], Received) else (received(),)
    return row_of(kept(told(*first, *events)))
