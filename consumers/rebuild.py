"""Rebuilding a read model from the store, beside the one that is read."""

from collections.abc import Callable
from typing import Any

from psycopg import Connection
from psycopg.sql import SQL, Identifier

from consumers.faults import BusyError
from consumers.ownership import open_session
from consumers.projector import Projector
from consumers.store_feed import BEGINNING, NAME, StoreFeed, head
from domain.codec import Codec
from domain.registry import REGISTRY
from infra.logs import log
from projections import generations, named, progress
from projections.generations import Generation
from projections.parked import PARKED_MAX
from projections.projection import Projection

STATEMENT_S = 3_600  # to compare with a store of many years is one statement
TURN = "SELECT pg_try_advisory_lock(hashtextextended('ledger.rebuild:' || %s, 0))"
# What the tables know, against what the store has: one of them is wrong where they differ.
DIFFER = """
SELECT count(*)
  FROM (SELECT stream, max(version) AS version FROM ledger.event
         WHERE position <= %(position)s AND split_part(topic, '.', 1) = ANY(%(streams)s)
         GROUP BY stream) AS e
  FULL JOIN known_version AS k ON k.stream_id = e.stream
  LEFT JOIN running.parked AS p
         ON (p.generation, p.stream_id) = (%(generation)s, coalesce(e.stream, k.stream_id))
 WHERE coalesce(k.version, 0) IS DISTINCT FROM coalesce(p.from_version - 1, e.version)
"""
# Of one moment: everything up to the relay's position stands before these offsets.
MARKS = """
SELECT c.feed, c.part, r.topic_id, m.next_offset, m.last_position
  FROM running.cursor AS c
  LEFT JOIN running.relay AS r ON r.topic = c.feed
  LEFT JOIN running.relay_mark AS m ON (m.relay, m.part) = (r.name, c.part)
 WHERE c.generation = %s AND c.feed <> %s
"""


class RebuildFailedError(Exception):
    """The new tables are not better than those that are read; those stay."""


def rebuild(
    name: str,
    *,
    dsn: str,
    progress: Callable[[int, int], None] = lambda _position, _head: None,
    parked_max: int = PARKED_MAX,
) -> int:
    """Make the tables of a read model anew, check them, and show them instead.

    Readers notice nothing. *progress* is told the position reached and the head. The
    number of the new generation; the one before it is kept, older ones go.
    """
    return rebuild_projection(
        named(name), dsn=dsn, progress=progress, parked_max=parked_max
    )


def rebuild_projection(
    projection: Projection,
    *,
    dsn: str,
    progress: Callable[[int, int], None] = lambda _position, _head: None,
    parked_max: int = PARKED_MAX,
) -> int:
    """The same for one that is not, or not so, in the list."""
    name = f"ledger rebuild {projection.name}"
    with open_session(dsn, name, statement_s=STATEMENT_S) as conn:
        row = conn.execute(TURN, [projection.name]).fetchone()
        if row is None or not row[0]:
            raise BusyError(f"{projection.name} is being rebuilt by somebody else")
        _clear(conn, projection.name, keep=None)
        before = generations.live(conn, projection.name)
        new = generations.create(conn, projection)
        made = _Making(projection, new, conn, parked_max)
        made.catch_up(progress)
        made.verify(before)
        generations.swap(conn, new, before=lambda: made.hand_over(before))
        _clear(conn, projection.name, keep=before)
    log.info("rebuilt", projection=projection.name, generation=new.name)
    return new.nth


def roll_back(name: str, *, dsn: str, parked_max: int = PARKED_MAX) -> int:
    """Show again the tables that were read before, once they have caught up.

    The number of that generation. What is read now is kept, so this can be taken back.
    """
    projection = named(name)
    with open_session(dsn, f"ledger rollback {name}", statement_s=STATEMENT_S) as conn:
        row = conn.execute(TURN, [name]).fetchone()
        if row is None or not row[0]:
            raise BusyError(f"{name} is being rebuilt by somebody else")
        now = generations.live(conn, name)
        kept = [one for one in generations.every(conn, name) if one.state == "old"]
        if now is None or not kept:
            raise NothingKeptError(f"{name}: no earlier tables are kept, so rebuild it")
        old = kept[-1]
        if old.definition != projection.definition:
            raise NothingKeptError(f"{old.name} was made by another program: rebuild it")
        made = _Making(projection, old, conn, parked_max)
        made.catch_up(lambda _position, _head: None)
        made.verify(now)
        generations.swap(conn, old, before=lambda: made.hand_over(now))
    log.info("rolled_back", projection=name, generation=old.name)
    return old.nth


def _clear(conn: Connection[Any], name: str, *, keep: Generation | None) -> None:
    """Remove what a rebuild that was killed left; after one, what is too old to go back."""
    for one in generations.every(conn, name):
        unfinished = keep is None and one.state == "building"
        too_old = keep is not None and one.state == "old" and one.nth < keep.nth
        if unfinished or too_old:
            generations.drop(conn, one)


class NothingKeptError(Exception):
    """There are no earlier tables that could be read instead."""


class _Making:
    """One generation on its way to be shown: from empty, or from where it was left."""

    def __init__(
        self,
        projection: Projection,
        new: Generation,
        conn: Connection[Any],
        parked_max: int,
    ) -> None:
        self._projection, self._new, self._conn = projection, new, conn
        self._feed = StoreFeed(conn)
        self._projector = Projector(
            projection,
            new.name,
            codec=Codec(REGISTRY),
            conn=conn,
            state=new.state,
            parked_max=parked_max,
        )
        progress.prepare(conn, new.name, NAME, [0])
        if progress.place(conn, new.name, NAME, 0) is None:
            progress.move(conn, new.name, NAME, 0, to=BEGINNING, reflected=0)

    def catch_up(self, told: Callable[[int, int], None]) -> None:
        """From where it stands to the head of the store."""
        self._feed.start(0, progress.place(self._conn, self._new.name, NAME, 0))
        while batch := self._feed.poll():
            self._projector.project(NAME, batch)
            told(batch.to.last_position, head(self._conn))

    def verify(self, before: Generation | None) -> None:
        """Every stream as far as the store has it; no more parked than are now."""
        conn, new = self._conn, self._new.name
        at = progress.place(conn, new, NAME, 0)
        assert at is not None
        with conn.transaction():
            generations.enter(conn, new)
            words = {
                "position": at.last_position,
                "streams": list(self._projection.streams),
                "generation": new,
            }
            differ = _one(conn, DIFFER, words)
            known = _one(conn, "SELECT count(*) FROM known_version", {})
            rows = {
                table: conn.execute(
                    SQL("SELECT count(*) FROM {}").format(Identifier(table))
                ).fetchone()
                for table in generations.tables(conn, new)
            }
            conn.execute("ANALYZE")
        parked, worse = _parked(conn, new), _parked(conn, before.name) if before else 0
        if differ:
            raise RebuildFailedError(f"{new}: {differ} streams are not as in the store")
        empty = not any(row and row[0] for row in rows.values())
        if known and empty and not self._projection.sparse:
            raise RebuildFailedError(f"{new}: {known} streams, and not one row")
        if parked > worse:
            raise RebuildFailedError(f"{new}: {parked} parked, {worse} where it is read")

    def hand_over(self, before: Generation | None) -> None:
        """While those that are read stand still: the rest, and where each feed goes on.

        The relay's marks first: what is in the store after that is in the tables, and
        what it had put into the topic by then need not be read from there.
        """
        conn, new = self._conn, self._new.name
        marks = conn.execute(MARKS, [before.name if before else "", NAME]).fetchall()
        self.catch_up(lambda _position, _head: None)
        reached = progress.place(conn, new, NAME, 0)
        assert reached is not None
        for feed, part, topic_id, next_offset, last_position in marks:
            progress.prepare(conn, new, feed, [part])
            if next_offset is not None:
                to = progress.Place(next_offset, topic_id, last_position)
                progress.move(conn, new, feed, part, to=to, reflected=reached.last_position)


def _parked(conn: Connection[Any], generation: str) -> int:
    return _one(
        conn,
        "SELECT count(*) FROM running.parked WHERE generation = %(generation)s",
        {"generation": generation},
    )


def _one(conn: Connection[Any], query: str, words: dict[str, Any]) -> int:
    row = conn.execute(query.encode(), words).fetchone()
    assert row is not None
    return int(row[0])
