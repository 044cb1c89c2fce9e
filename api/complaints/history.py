"""History: the events of one stream as the store has them, in the order of recording."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from eventsourcing.persistence import StoredEvent
from psycopg import Connection

from domain.codec import Codec
from domain.complaint.intake import Received
from domain.event import Event

EVENTS = """
    SELECT position, recorded_at, version, topic, state
      FROM ledger.event WHERE stream = %s ORDER BY version
"""
FIRST = (
    "SELECT stream, topic, state FROM ledger.event WHERE stream = ANY(%s) AND version = 1"
)


class Recorded(NamedTuple):
    """An event with seals shut, and where and when the store took it."""

    position: int
    recorded_at: datetime
    event: Event


def recorded(conn: Connection[Any], codec: Codec, stream: UUID) -> list[Recorded]:
    """What is recorded of one stream, seals shut."""
    rows = conn.execute(EVENTS, [stream]).fetchall()
    return [
        Recorded(
            position,
            recorded_at,
            codec.to_domain_event(StoredEvent(stream, version, topic, bytes(state))),
        )
        for position, recorded_at, version, topic, state in rows
    ]


def numbers_of(
    conn: Connection[Any], codec: Codec, streams: Iterable[UUID]
) -> dict[UUID, str]:
    """The numbers by which people know these complaints."""
    wanted = list(set(streams))
    if not wanted:
        return {}
    found = {}
    for stream, topic, state in conn.execute(FIRST, [wanted]).fetchall():
        event = codec.to_domain_event(StoredEvent(stream, 1, topic, bytes(state)))
        if isinstance(event, Received):
            found[stream] = event.number
    return found


def others_of(events: Iterable[Event]) -> list[UUID]:
    """Other complaints these events name."""
    named = (getattr(event, "other", None) for event in events)
    return [other for other in named if isinstance(other, UUID)]
