"""Generations: each a schema with all tables of one read model, one of them read."""

import time
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from psycopg import Connection
from psycopg.errors import InvalidTableDefinition, LockNotAvailable
from psycopg.sql import SQL, Identifier

from projections import progress
from projections.exports import views
from projections.projection import Projection

SWAP_WAIT_MS = 500  # new readers queue behind us for so long, so it is short
SWAP_TRIES_MAX = 120
SWAP_PAUSE_S = 0.25
KEPT = "known_version"  # how far we are is nobody's reading
OWN = "kept"  # nor is this column, what a row of a record follows from
COLUMNS = """
SELECT attname FROM pg_attribute
 WHERE attrelid = to_regclass(%s) AND attnum > 0 AND NOT attisdropped AND attname <> %s
 ORDER BY attnum
"""


class Generation(NamedTuple):
    """One set of tables of a read model."""

    name: str  # its schema
    projection: str
    nth: int
    definition: str
    state: str  # building, live, old


class SwapBlockedError(Exception):
    """Readers held the views all the time; try again, or find the one who reads so long."""


def enter(conn: Connection[Any], generation: str) -> None:
    """Until this transaction ends, unqualified names mean this generation's tables."""
    conn.execute(SQL("SET LOCAL search_path = {}").format(Identifier(generation)))


def create(conn: Connection[Any], projection: Projection) -> Generation:
    """Empty tables, beside those that are read."""
    with conn.transaction():
        _take_turn(conn, projection.name)
        row = conn.execute(
            "SELECT coalesce(max(nth), 0) + 1 FROM running.generation"
            " WHERE projection = %s",
            [projection.name],
        ).fetchone()
        assert row is not None
        nth = row[0]
        made = Generation(
            f"{projection.name}_g{nth}",
            projection.name,
            nth,
            projection.definition,
            "building",
        )
        conn.execute(
            "INSERT INTO running.generation (name, projection, nth, definition, state)"
            " VALUES (%s, %s, %s, %s, %s)",
            made,
        )
        conn.execute(SQL("CREATE SCHEMA {}").format(Identifier(made.name)))
        enter(conn, made.name)
        conn.execute(progress.TABLES_SQL.encode())
        conn.execute(projection.tables_sql.encode())
    return made


def install(conn: Connection[Any], projections: Iterable[Projection]) -> None:
    """See to it that each read model can be read, be it empty. Safe to say again."""
    for projection in projections:
        with conn.transaction():
            _take_turn(conn, projection.name)
            if live(conn, projection.name) is None:
                _show(conn, create(conn, projection))


def live(conn: Connection[Any], projection: str) -> Generation | None:
    """The one that is read."""
    found = [one for one in every(conn, projection) if one.state == "live"]
    return found[0] if found else None


def every(conn: Connection[Any], projection: str) -> list[Generation]:
    """All that are there, oldest first."""
    rows = conn.execute(
        "SELECT name, projection, nth, definition, state FROM running.generation"
        " WHERE projection = %s ORDER BY nth",
        [projection],
    )
    return [Generation(*row) for row in rows]


def swap(
    conn: Connection[Any],
    to: Generation,
    *,
    before: Callable[[], None] = lambda: None,
    tries: int = SWAP_TRIES_MAX,
) -> None:
    """Show this generation from now on, in one step; the other is kept. Back is a swap.

    *before* runs in the same transaction, once the tables that are read so far stand
    still: what they show by then, the new ones can be made to show too.
    """
    for _ in range(tries):
        try:
            with conn.transaction():
                wait = f"{SWAP_WAIT_MS}ms"
                conn.execute("SELECT set_config('lock_timeout', %s, true)", [wait])
                _take_turn(conn, to.projection)
                conn.execute(
                    "SELECT FROM running.cursor AS c JOIN running.generation AS g"
                    " ON g.name = c.generation WHERE g.projection = %s"
                    " AND g.state = 'live' ORDER BY feed, part FOR UPDATE OF c",
                    [to.projection],
                )
                before()
                _show(conn, to)
                views.describe(conn, tables(conn, to.name))
        except LockNotAvailable:
            time.sleep(SWAP_PAUSE_S)  # so that those who wait behind the lock get by
        else:
            return
    raise SwapBlockedError(f"{to.name}: {tries} tries")


def drop(conn: Connection[Any], generation: Generation) -> None:
    """Remove one that nobody reads."""
    with conn.transaction():
        _take_turn(conn, generation.projection)
        now = live(conn, generation.projection)
        if now and now.name == generation.name:
            raise ValueError(f"{generation.name} is read: swap first")
        conn.execute("DELETE FROM running.generation WHERE name = %s", [generation.name])
        conn.execute(
            SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(Identifier(generation.name))
        )


def tables(conn: Connection[Any], generation: str) -> list[str]:
    """What a generation shows."""
    rows = conn.execute(
        "SELECT relname FROM pg_class WHERE relnamespace = to_regnamespace(%s)"
        " AND relkind IN ('r', 'p', 'v', 'm') AND relname <> %s ORDER BY relname",
        [f'"{generation}"', KEPT],
    )
    return [row[0] for row in rows]


def _show(conn: Connection[Any], new: Generation) -> None:
    """Put the views over these tables, in place of those over the former ones."""
    old = live(conn, new.projection)
    before = set(tables(conn, old.name)) if old else set()
    after = tables(conn, new.name)
    for table in before.difference(after):
        conn.execute(SQL("DROP VIEW reading.{}").format(Identifier(table)))
    for table in after:
        _put_view(conn, new.name, table, there=table in before)
    conn.execute(
        "UPDATE running.generation SET state = 'old'"
        " WHERE projection = %s AND state = 'live'",
        [new.projection],
    )
    conn.execute(
        "UPDATE running.generation SET (state, live_at) = ('live', clock_timestamp())"
        " WHERE name = %s",
        [new.name],
    )


def _put_view(conn: Connection[Any], generation: str, table: str, *, there: bool) -> None:
    """One view, in place where its columns allow: then others' rights to it stay.

    Where none is to be there, one that is belongs to another read model: an error.
    """
    view, under = Identifier(table), Identifier(generation, table)
    rows = conn.execute(COLUMNS, [under.as_string(conn), OWN])
    columns = SQL(", ").join(Identifier(name) for (name,) in rows)
    make = SQL("CREATE VIEW reading.{} AS SELECT {} FROM {}").format(view, columns, under)
    if there:
        again = SQL("CREATE OR REPLACE VIEW reading.{} AS SELECT {} FROM {}")
        try:
            with conn.transaction():
                conn.execute(again.format(view, columns, under))
        except InvalidTableDefinition:
            conn.execute(SQL("DROP VIEW reading.{}").format(view))
            conn.execute(make)
    else:
        conn.execute(make)
    conn.execute(SQL("GRANT SELECT ON reading.{} TO ledger_app").format(view))


def _take_turn(conn: Connection[Any], projection: str) -> None:
    conn.execute(
        "SELECT pg_advisory_xact_lock(hashtextextended('ledger.generations:' || %s, 0))",
        [projection],
    )
