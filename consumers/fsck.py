"""Fsck: the tables of a read model, held against the store cell by cell."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

from psycopg import Connection, IsolationLevel
from psycopg.sql import SQL, Composed, Identifier

from consumers.faults import BusyError, blames_the_event
from consumers.feed import BATCH_MAX, Record
from consumers.ownership import open_session
from consumers.projector import as_event
from domain.codec import Codec
from domain.registry import REGISTRY
from projections import freshness, generations, parked
from projections.generations import KEPT, Generation
from projections.progress import TABLES_SQL
from projections.projection import Projection

STATEMENT_S = 3_600  # to compare tables of many years is one statement
TURN = "SELECT pg_try_advisory_xact_lock(hashtextextended('ledger.fsck:' || %s, 0))"
# Complete streams, one after the other: so each row is written once, or twice.
EVENTS = """
SELECT e.stream, e.version, e.position, e.recorded_at, e.topic, e.state
  FROM {known} AS k JOIN ledger.event AS e ON e.stream = k.stream_id
   AND e.version <= k.version ORDER BY e.stream, e.version
"""
# What the tables say they know, against what they have to know at least, and can at most.
VERSIONS = """
SELECT coalesce(e.stream, k.stream_id), k.version, e.reached, e.head
  FROM (SELECT stream, max(version) AS head,
               max(version) FILTER (WHERE position <= %(reached)s) AS reached
          FROM ledger.event WHERE split_part(topic, '.', 1) = ANY(%(streams)s)
         GROUP BY stream) AS e
  FULL JOIN {known} AS k ON k.stream_id = e.stream
  LEFT JOIN running.parked AS p
         ON (p.generation, p.stream_id) = (%(generation)s, e.stream)
 WHERE coalesce(k.version, 0) < coalesce(least(p.from_version - 1, e.reached), 0)
    OR coalesce(k.version, 0) > coalesce(e.head, 0)
 ORDER BY 1 LIMIT 1
"""
TABLES = """
SELECT c.relname, coalesce(
           (SELECT array_agg(a.attname ORDER BY a.attnum) FROM pg_index AS i
              JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum = ANY(i.indkey)
             WHERE i.indrelid = c.oid AND i.indisprimary), '{}')
  FROM pg_class AS c
 WHERE c.relnamespace = to_regnamespace(%s) AND c.relkind IN ('r', 'p')
   AND c.relname <> %s ORDER BY c.relname
"""
DIFFER = """
SELECT to_jsonb(l), to_jsonb(s) FROM {live} AS l FULL JOIN {scratch} AS s ON {same}
 WHERE ROW(l.*) IS DISTINCT FROM ROW(s.*) ORDER BY {key} LIMIT 1
"""
FIRST = "SELECT topic, state FROM ledger.event WHERE stream = %s AND version = 1"
OF_STREAM = ("complaint_id", "stream_id")  # columns that say whose row it is

Told = Callable[[int, int], None]


class NoKeyError(Exception):
    """A table without a primary key: nobody can say which of its rows is which."""


@dataclass(frozen=True, slots=True)
class Difference:
    """The first place where a table is not what follows from the store."""

    table: str
    row: str  # the complaint's number, or else the key of the row
    column: str  # `row`: it is not there, or should not be
    held: Any  # in the live table; none when the row is missing
    follows: Any  # from the store; none when there should be no such row


class Checked(NamedTuple):
    """What became of one read model: nothing differs, or this does, first of all."""

    projection: str
    position: int  # every event up to here was in the tables
    events: int
    difference: Difference | None


def check(
    projection: Projection, *, dsn: str, progress: Told = lambda _done, _of: None
) -> Checked:
    """Make the tables anew beside the live ones, compare, and roll all of it back.

    One transaction with one view of the database, so projectors and readers go on. As
    long as it lasts, vacuum keeps what it may still look at. *progress* is told events.
    """
    name = f"ledger fsck {projection.name}"
    with open_session(dsn, name, statement_s=STATEMENT_S) as conn:
        conn.isolation_level = IsolationLevel.REPEATABLE_READ
        with conn.transaction(force_rollback=True):
            row = conn.execute(TURN, [projection.name]).fetchone()
            if row is None or not row[0]:
                raise BusyError(f"{projection.name} is being checked by somebody else")
            live = generations.live(conn, projection.name)
            if live is None:
                raise freshness.NotInstalledError(projection.name)
            return _Check(conn, projection, live).made(progress)


class _Check:
    """One read model, within the transaction that leaves nothing behind."""

    def __init__(
        self, conn: Connection[Any], projection: Projection, live: Generation
    ) -> None:
        self._conn, self._projection, self._live = conn, projection, live
        self._scratch = f"{projection.name}_fsck"
        self._known = Identifier(live.name, KEPT)
        self._codec = Codec(REGISTRY)

    def made(self, progress: Told) -> Checked:
        conn, name = self._conn, self._projection.name
        at = freshness.read(conn, name).position
        row = conn.execute(
            SQL("SELECT coalesce(sum(version), 0)::bigint FROM {}").format(self._known)
        ).fetchone()
        assert row is not None
        events: int = row[0]
        found = self._outdated() or self._versions(at) or self._filled(events, progress)
        return Checked(name, at, events, found or self._first())

    def _outdated(self) -> Difference | None:
        """Tables that other words made cannot be compared column by column."""
        made, ours = self._live.definition, self._projection.definition
        if made == ours:
            return None
        return Difference(self._live.name, "", "definition", made, ours)

    def _versions(self, reached: int) -> Difference | None:
        """A stream of which the tables know less than they say, or more than there is."""
        words = {
            "reached": reached,
            "streams": list(self._projection.streams),
            "generation": self._live.name,
        }
        query = SQL(VERSIONS).format(known=self._known)
        row = self._conn.execute(query, words).fetchone()
        if row is None:
            return None
        stream, known, least, most = row
        follows = least if (known or 0) < (least or 0) else most
        return Difference(KEPT, self._named(stream), "version", known, follows)

    def _filled(self, events: int, progress: Told) -> Difference | None:
        """The same events as the live tables know, in tables of our own."""
        conn = self._conn
        conn.execute(SQL("CREATE SCHEMA {}").format(Identifier(self._scratch)))
        generations.enter(conn, self._scratch)
        conn.execute(TABLES_SQL.encode())
        conn.execute(self._projection.tables_sql.encode())
        done = 0
        for records in self._batches():
            if (why := self._follow(records)) is not None:
                at, why = next((r, w) for r in records if (w := self._follow([r])))
                row = f"{self._named(at.stream_id)} #{at.version}"
                return Difference(KEPT, row, "version", at.version, why)
            done += len(records)
            progress(done, events)
        return None

    def _follow(self, records: Sequence[Record]) -> str | None:
        """Into our tables; else why not, for a reason that lies in an event."""
        try:
            with self._conn.transaction():
                line = [as_event(record, self._codec) for record in records]
                self._projection.project(self._conn, line)
        except Exception as error:
            if self._conn.broken or not blames_the_event(error):
                raise
            return parked.said(error)
        return None

    def _batches(self) -> Iterator[list[Record]]:
        with self._conn.cursor(name="fsck_events") as cur:
            cur.execute(SQL(EVENTS).format(known=self._known))
            while rows := cur.fetchmany(BATCH_MAX):
                yield [Record(*row) for row in rows]

    def _first(self) -> Difference | None:
        """The first row in which the two differ, and its first cell that does."""
        rows = self._conn.execute(TABLES, [f'"{self._scratch}"', KEPT]).fetchall()
        for table, key in rows:
            if not key:
                raise NoKeyError(table)
            self._conn.execute(SQL("ANALYZE {}").format(Identifier(table)))
            row = self._conn.execute(self._compared(table, key)).fetchone()
            if row is not None:
                return self._difference(table, key, *row)
        return None

    def _compared(self, table: str, key: list[str]) -> Composed:
        columns = [Identifier(name) for name in key]
        same = [SQL("l.{0} = s.{0}").format(one) for one in columns]
        either = [SQL("coalesce(l.{0}, s.{0})").format(one) for one in columns]
        return SQL(DIFFER).format(
            live=Identifier(self._live.name, table),
            scratch=Identifier(self._scratch, table),
            same=SQL(" AND ").join(same),
            key=SQL(", ").join(either),
        )

    def _difference(
        self,
        table: str,
        key: list[str],
        held: Mapping[str, Any] | None,
        follows: Mapping[str, Any] | None,
    ) -> Difference:
        there = held or follows or {}
        whose = next((there[name] for name in OF_STREAM if name in there), None)
        row = ", ".join(f"{name} {there[name]}" for name in key)
        if whose is not None:
            row = self._named(UUID(whose))
        if held is None or follows is None:
            return Difference(table, row, "row", held, follows)
        column = next(name for name in follows if held.get(name) != follows[name])
        return Difference(table, row, column, held.get(column), follows[column])

    def _named(self, stream: UUID) -> str:
        """The number by which people know it; else what kind of stream it is."""
        row = self._conn.execute(FIRST, [stream]).fetchone()
        if row is None:
            return str(stream)
        number = json.loads(bytes(row[1])).get("number")
        return str(number) if number else f"{row[0].partition('.')[0]} {stream}"
