"""Mending a read model from the store: after a log was lost, or for a stream set free."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any
from uuid import UUID

from psycopg import Connection

from consumers import healing
from consumers.feed import BATCH_MAX, LostPlaceError, Record
from consumers.ownership import open_session
from consumers.projector import Projector
from consumers.store_feed import head
from domain.codec import Codec
from domain.registry import REGISTRY
from infra.logs import log
from projections import generations, named, parked, progress
from projections.freshness import NotInstalledError
from projections.parked import PARKED_MAX

LACKING = """
SELECT e.stream, coalesce(k.version, 0) + 1, max(e.version)
  FROM ledger.event AS e LEFT JOIN known_version AS k ON k.stream_id = e.stream
 WHERE split_part(e.topic, '.', 1) = ANY(%s)
 GROUP BY e.stream, k.version HAVING max(e.version) > coalesce(k.version, 0)
"""
STAND_STILL = """
SELECT FROM running.cursor WHERE generation = %s ORDER BY feed, part FOR UPDATE
"""
Gap = tuple[UUID, int, int]


def reset(
    projector: Projector,
    feed: str,
    lost: LostPlaceError,
    *,
    belongs: Callable[[UUID], bool],
) -> int:
    """Heal a partition from the store and read its log again from the beginning.

    In one transaction. *belongs*: whether a stream is of this partition. The versions let
    none of what is read again in twice. How many events were healed.
    """
    conn, generation = projector.conn, projector.generation
    with conn.transaction():
        generations.enter(conn, generation)
        was = progress.place(conn, generation, feed, lost.partition, hold=True)
        reached = head(conn)
        healed = sum(projector.apply(chunk) for chunk in _lacking(projector, belongs))
        progress.move(
            conn,
            generation,
            feed,
            lost.partition,
            to=lost.beginning,
            reflected=reached,
        )
        _note(conn, generation, feed, lost, was.next_offset if was else None, healed)
    return healed


def _note(
    conn: Connection[Any],
    generation: str,
    feed: str,
    lost: LostPlaceError,
    was: int | None,
    healed: int,
) -> None:
    """A reset is an alarm, and stays to be read."""
    to = lost.beginning
    conn.execute(
        "INSERT INTO running.feed_reset (generation, feed, part, reason, topic_id,"
        " from_offset, to_offset, healed) VALUES (%s, %s, %s, %s, %s, %s, %s, %s)",
        [
            generation,
            feed,
            lost.partition,
            lost.reason,
            to.topic_id,
            was,
            to.next_offset,
            healed,
        ],
    )
    log.error(
        "feed_reset",
        generation=generation,
        topic=feed,
        partition=lost.partition,
        reason=lost.reason,
        offset=was,
        next_offset=to.next_offset,
        events=healed,
    )


def unpark(name: str, stream_id: UUID, *, dsn: str, parked_max: int = PARKED_MAX) -> bool:
    """Let a stream that is parked in a read model catch up from the store.

    Whether it could be followed now; else it was not parked, or is again, with its new
    reason. *dsn* is the owner's.
    """
    with open_session(dsn, f"ledger unpark {name}") as conn:
        live = generations.live(conn, name)
        if live is None:
            raise NotInstalledError(name)
        projector = Projector(
            named(name),
            live.name,
            codec=Codec(REGISTRY),
            conn=conn,
            parked_max=parked_max,
        )
        return set_free(projector, stream_id)


def set_free(projector: Projector, stream_id: UUID) -> bool:
    """The same, in the tables of a projector, while no batch of theirs is under way."""
    conn, generation = projector.conn, projector.generation
    with conn.transaction():
        generations.enter(conn, generation)
        conn.execute(STAND_STILL, [generation])
        if not parked.release(conn, generation, stream_id):
            return False
        first = progress.known(conn, [stream_id]).get(stream_id, 0) + 1
        row = conn.execute(
            "SELECT max(version) FROM ledger.event WHERE stream = %s", [stream_id]
        ).fetchone()
        assert row is not None
        for chunk in _read(conn, [(stream_id, first, row[0])]):
            projector.apply(chunk)
        return not parked.among(conn, generation, [stream_id])


def _lacking(
    projector: Projector, belongs: Callable[[UUID], bool]
) -> Iterator[list[Record]]:
    """What the store has and the tables have not, of some streams; parked ones wait."""
    conn = projector.conn
    rows = conn.execute(LACKING, [list(projector.projection.streams)]).fetchall()
    waiting = parked.among(conn, projector.generation, [row[0] for row in rows])
    gaps = [row for row in rows if row[0] not in waiting and belongs(row[0])]
    return _read(conn, gaps)


def _read(conn: Connection[Any], gaps: Iterable[Gap]) -> Iterator[list[Record]]:
    """Whole streams' gaps at a time, about as many events as a batch has."""
    some: list[Gap] = []
    events = 0
    for gap in gaps:
        some.append(gap)
        events += gap[2] - gap[1] + 1
        if events >= BATCH_MAX:
            yield _joined(conn, some)
            some, events = [], 0
    if some:
        yield _joined(conn, some)


def _joined(conn: Connection[Any], gaps: list[Gap]) -> list[Record]:
    found = healing.between(conn, gaps)
    return [record for records in found.values() for record in records]
