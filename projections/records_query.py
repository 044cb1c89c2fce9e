"""Lists of shipments and projects: filtered, a page at a time, or whole for a file."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from psycopg import Connection, sql
from psycopg.rows import dict_row

from projections.projects import COLUMNS as PROJECTS
from projections.shipments import COLUMNS as SHIPMENTS

PAGE_MAX = 200


@dataclass(frozen=True, slots=True)
class View:
    """One list: its table, what a row shows, what it is filtered by, and its day."""

    table: str
    columns: tuple[str, ...]
    filters: tuple[str, ...]  # exact
    day: str
    sums: tuple[str, ...] = ()  # of all rows that fit, not of the page


VIEWS: Mapping[str, View] = {
    "shipment": View(
        "shipments",
        SHIPMENTS,
        ("product", "batch", "customer", "site", "source"),
        "sent_on",
        ("pieces", "returned"),
    ),
    "project": View(
        "projects",
        PROJECTS,
        ("customer", "responsible", "site", "source"),
        "begun_on",
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which rows: of these values, of these days, and behind this one."""

    values: Mapping[str, str] = field(default_factory=dict)
    since: date | None = None
    until: date | None = None  # its last day
    before: int | None = None  # the `first` of the last row of the page before


def page(
    conn: Connection[Any], view: View, wanted: Wanted, *, limit: int
) -> list[dict[str, Any]]:
    """The next rows, what began last first."""
    query = sql.SQL("SELECT version, first, {} FROM {} WHERE {} {} LIMIT %(limit)s").format(
        _named(view.columns),
        sql.Identifier("reading", view.table),
        _fits(view, wanted),
        _IN_ORDER,
    )
    with conn.cursor(row_factory=dict_row) as cur:
        words = {**_words(wanted), "limit": min(limit, PAGE_MAX)}
        return cur.execute(query, words).fetchall()


def sums(conn: Connection[Any], view: View, wanted: Wanted) -> dict[str, int]:
    """How many rows fit, and what their pieces come to."""
    added = [
        sql.SQL("coalesce(sum({0}), 0)::bigint AS {0}").format(sql.Identifier(name))
        for name in view.sums
    ]
    query = sql.SQL("SELECT {} FROM {} WHERE {}").format(
        sql.SQL(", ").join([sql.SQL("count(*) AS rows"), *added]),
        sql.Identifier("reading", view.table),
        _fits(view, wanted),
    )
    with conn.cursor(row_factory=dict_row) as cur:
        found = cur.execute(query, _words(wanted)).fetchone()
    assert found is not None
    return found


def cells(conn: Connection[Any], view: View, wanted: Wanted) -> Iterator[tuple[Any, ...]]:
    """Every row that fits, in the order of the pages, without holding them all."""
    query = sql.SQL("SELECT {} FROM {} WHERE {} {}").format(
        _named(view.columns),
        sql.Identifier("reading", view.table),
        _fits(view, wanted),
        _IN_ORDER,
    )
    with conn.transaction(), conn.cursor(name="records") as cur:
        cur.execute(query, _words(wanted))
        yield from cur


_IN_ORDER = sql.SQL("ORDER BY first DESC")


def _named(columns: tuple[str, ...]) -> sql.Composed:
    return sql.SQL(", ").join(map(sql.Identifier, columns))


def _fits(view: View, wanted: Wanted) -> sql.Composed:
    day = sql.Identifier(view.day)
    fits: list[sql.Composable] = [sql.SQL("coalesce(first < %(before)s, true)")]
    fits += [
        sql.SQL("coalesce({} {} {}, true)").format(day, sql.SQL(op), sql.Placeholder(name))
        for op, name in ((">=", "since"), ("<=", "until"))
    ]
    for name in wanted.values:
        assert name in view.filters
        fits.append(sql.SQL("{} = {}").format(sql.Identifier(name), sql.Placeholder(name)))
    return sql.SQL(" AND ").join(fits)


def _words(wanted: Wanted) -> dict[str, Any]:
    times = {"since": wanted.since, "until": wanted.until, "before": wanted.before}
    return {**wanted.values, **times}
