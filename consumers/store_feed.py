"""The store as a feed: one partition, whose offset is the position."""

from collections.abc import Iterable
from typing import Any

from psycopg import Connection

from consumers.feed import BATCH_MAX, Batch, Record
from projections.progress import Place

NAME = "store"
CHANNEL = "complaints_events"
BEGINNING = Place(next_offset=1, topic_id="", last_position=0)
NEXT = """
SELECT stream, version, position, recorded_at, topic, state
  FROM ledger.event WHERE position >= %s ORDER BY position LIMIT %s
"""


class HoleError(Exception):
    """A position is missing from the store. It gives them without a hole: an alarm."""


class StoreFeed:
    """Reads through a connection in autocommit, and listens on it while it waits."""

    name = NAME
    partitions = 1

    def __init__(self, conn: Connection[Any], *, limit: int = BATCH_MAX) -> None:
        self._conn = conn
        self._limit = limit
        self._at = BEGINNING
        self._listens = False

    def assign(self, partitions: Iterable[int]) -> None:
        """There is only one."""

    def start(self, partition: int, at: Place | None) -> Place:  # noqa: ARG002  # only one
        """From there, or from the first event of all."""
        self._at = at or BEGINNING
        return self._at

    def poll(self, wait_s: float = 0) -> Batch | None:
        """What comes next. A notification wakes it; without one it looks all the same."""
        if wait_s and not self._listens:
            self._conn.execute(f"LISTEN {CHANNEL}")
            self._listens = True
        records = following(self._conn, self._at.next_offset, self._limit)
        if not records and wait_s:
            wait(self._conn, wait_s)
            records = following(self._conn, self._at.next_offset, self._limit)
        if not records:
            return None
        last = records[-1].position
        at, self._at = self._at, Place(last + 1, "", last)
        return Batch(0, at, self._at, records)

    def check(self) -> None:
        """The store is there as long as the connection is."""

    def close(self) -> None:
        """The connection is not its own."""


def following(conn: Connection[Any], first: int, limit: int) -> list[Record]:
    """Events from this position on, without a hole."""
    records = [Record(*row) for row in conn.execute(NEXT, [first, limit])]
    for position, record in enumerate(records, start=first):
        if record.position != position:
            raise HoleError(f"position {position} is missing, {record.position} is there")
    return records


def head(conn: Connection[Any]) -> int:
    """The last position given; 0 in an empty ledger."""
    row = conn.execute("SELECT coalesce(max(position), 0) FROM ledger.event").fetchone()
    assert row is not None
    return int(row[0])


def wait(conn: Connection[Any], seconds: float) -> None:
    """Until something was appended, or it is time to look anyway."""
    for _ in conn.notifies(timeout=seconds, stop_after=1):
        pass
