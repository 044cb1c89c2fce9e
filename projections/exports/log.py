"""The events of the store as process mining reads them: in a snapshot, at one position."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, Literal, NamedTuple

from psycopg import Connection

from domain.codec import Codec
from domain.errors import Lack, TooLargeError
from projections.projection import Recorded

EVENTS_MAX = 1_000_000
FETCHED_AT_ONCE = 2_000
# The streams that tell of complaints; of people, regulations and the ledger itself none do.
STREAMS = ("complaint", "cluster", "shipment", "project")
WITH_PENALTIES = (*STREAMS, "penalty")

COUNTS = """
SELECT topic, count(*) FROM ledger.event
 WHERE split_part(topic, '.', 1) = ANY(%s) GROUP BY topic ORDER BY topic
"""
EVENTS = """
SELECT stream, version, position, recorded_at, topic, state FROM ledger.event
 WHERE split_part(topic, '.', 1) = ANY(%s) ORDER BY
"""
ORDERS = {"ledger": "position", "stream": "stream, version"}
HEAD = "SELECT position, recorded_at FROM ledger.event ORDER BY position DESC LIMIT 1"


class Head(NamedTuple):
    """What a log stands for: every event up to here is in it."""

    position: int
    recorded_at: datetime


def head(conn: Connection[Any]) -> Head:
    """The last event of the snapshot; 0 in an empty ledger."""
    row = conn.execute(HEAD).fetchone()
    return Head(*row) if row else Head(0, datetime.fromtimestamp(0, UTC))


def counts(conn: Connection[Any], streams: tuple[str, ...]) -> dict[str, int]:
    """How many events of each kind there are; refused when they are too many for a file."""
    found: dict[str, int] = dict(conn.execute(COUNTS, [list(streams)]).fetchall())
    if sum(found.values()) > EVENTS_MAX:
        raise TooLargeError(Lack("", f"it has more than {EVENTS_MAX} rows"))
    return found


def events(
    conn: Connection[Any],
    codec: Codec,
    streams: tuple[str, ...],
    order: Literal["ledger", "stream"],
) -> Iterator[Recorded]:
    """Every event of these streams; what is sealed stays sealed, and is never written."""
    with conn.cursor(name=f"log_by_{order}") as cur:
        cur.itersize = FETCHED_AT_ONCE
        cur.execute(f"{EVENTS} {ORDERS[order]}".encode(), [list(streams)])
        for stream, version, position, recorded_at, topic, state in cur:
            event = codec.read(stream, version, topic, bytes(state))
            yield Recorded(stream, version, position, recorded_at, event)


def utc(at: datetime) -> str:
    """An instant with its offset in digits: some readers stumble over a `Z`."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds")
