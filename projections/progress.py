"""How far a read model has come: by partition of its feed, and by stream."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple
from uuid import UUID

from psycopg import Connection

TABLES_SQL = """
CREATE TABLE known_version (
    stream_id uuid   PRIMARY KEY,
    version   bigint NOT NULL
) WITH (fillfactor = 80);
"""


class Place(NamedTuple):
    """Where to read on in a partition, and what was read last.

    The offset alone says too little: in a log that was cut, or made again, the same offset
    holds another record, and nothing raises.
    """

    next_offset: int
    topic_id: str
    last_position: int


FIND = (
    "SELECT next_offset, topic_id, last_position FROM running.cursor"
    " WHERE generation = %s AND feed = %s AND part = %s"
)


class OutOfStepError(Exception):
    """The batch does not begin where we stopped, or does not follow what we read there."""


class NotOursError(Exception):
    """The generation is no longer the one to be filled."""


def prepare(
    conn: Connection[Any], generation: str, feed: str, partitions: Iterable[int]
) -> None:
    """Note all partitions of a feed, so that one nobody began is not overlooked."""
    conn.execute(
        "INSERT INTO running.cursor (generation, feed, part)"
        " SELECT %s, %s, unnest(%s::int[]) ON CONFLICT DO NOTHING",
        [generation, feed, list(partitions)],
    )


def place(
    conn: Connection[Any], generation: str, feed: str, partition: int, *, hold: bool = False
) -> Place | None:
    """Where a partition stands; `None` until somebody began. *hold*: until we commit."""
    query = FIND + " FOR UPDATE" if hold else FIND
    row = conn.execute(query, [generation, feed, partition]).fetchone()
    return Place(*row) if row and row[0] is not None else None


def expect(
    conn: Connection[Any],
    generation: str,
    feed: str,
    partition: int,
    *,
    at: Place,
    state: str = "live",
) -> None:
    """Hold our place in the partition: exactly this one, neither less nor more."""
    row = conn.execute(
        """
        SELECT c.next_offset, c.topic_id, c.last_position, g.state
          FROM running.cursor AS c JOIN running.generation AS g ON g.name = c.generation
         WHERE c.generation = %s AND c.feed = %s AND c.part = %s
           FOR UPDATE OF c
        """,
        [generation, feed, partition],
    ).fetchone()
    if row is None or row[3] != state:
        raise NotOursError(f"{generation} is not {state}")
    if Place(*row[:3]) != at:
        raise OutOfStepError(f"{generation} {feed}-{partition}: {row[:3]}, not {at}")


def known(conn: Connection[Any], streams: Iterable[UUID]) -> dict[UUID, int]:
    """The last version of each stream that is in the tables."""
    return dict(
        conn.execute(
            "SELECT stream_id, version FROM known_version WHERE stream_id = ANY(%s)",
            [list(streams)],
        ).fetchall()
    )


def learn(conn: Connection[Any], versions: Mapping[UUID, int]) -> None:
    """These versions are in the tables now."""
    if versions:
        conn.execute(
            "INSERT INTO known_version SELECT * FROM unnest(%s::uuid[], %s::bigint[])"
            " ON CONFLICT (stream_id) DO UPDATE SET version = excluded.version",
            [list(versions), list(versions.values())],
        )


def move(
    conn: Connection[Any],
    generation: str,
    feed: str,
    partition: int,
    *,
    to: Place,
    reflected: int,
) -> None:
    """The next batch of this partition begins there; *reflected* never goes back."""
    conn.execute(
        """
        UPDATE running.cursor
           SET (next_offset, topic_id, last_position, reflected)
             = (%s, %s, %s, greatest(reflected, %s))
         WHERE generation = %s AND feed = %s AND part = %s
        """,
        [*to, reflected, generation, feed, partition],
    )
