"""The tracking table as readers ask for it: a page of a list, or all of it in its order."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from typing import Any, TypeVar

from psycopg import Connection, sql
from psycopg.rows import RowFactory, class_row, tuple_row

from domain.errors import InvalidError, Lack, TooLargeError
from projections import freshness, tracking_cursor
from projections.freshness import Freshness
from projections.snapshot import snapshot
from projections.tracking_counts import choices, counts_by, summary, total
from projections.tracking_cursor import Place
from projections.tracking_filter import PREPARE, Query, where
from projections.tracking_row import Row

__all__ = [
    "Page",
    "Query",
    "cells",
    "choices",
    "counts_by",
    "page",
    "rows",
    "summary",
    "total",
]

T = TypeVar("T")

ROWS_MAX = 1_000_000  # of one export
FETCHED_AT_ONCE = 1_000

KNOWN, UNKNOWN = "IS NOT NULL", "IS NULL"

_NAMES = tuple(field.name for field in fields(Row))


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Some rows of a list, and the way on and back. All of it is of one instant."""

    rows: list[Row]
    first: int  # the first row is this one of the total; 0 when there is none
    next_cursor: str | None
    previous_cursor: str | None
    total: int
    total_is_exact: bool  # if not, there are more than that
    freshness: Freshness
    began_at: int  # the position when paging began: what came since may be on other pages

    @property
    def position(self) -> int:
        """Every event up to here is in these rows, save those of parked complaints."""
        return self.freshness.position


def page(conn: Connection[Any], query: Query) -> Page:
    """One page. Whatever comes in while somebody pages, no row comes twice or never.

    That holds for rows that keep their place: one whose sort value changes meanwhile may
    move over the reader's place.
    """
    place = tracking_cursor.read(query)
    with snapshot(conn):
        found = _found(conn, query, place)
        counted = total(conn, query)
        now = freshness.read(conn, "tracking")
    back = place is not None and place.before
    more = len(found) > query.limit
    found = found[: query.limit][:: -1 if back else 1]
    skipped = _skipped(place, len(found))
    began_at = place.position if place else now.position

    def cursor(row: Row, *, before: bool) -> str:
        made = tracking_cursor.place_of(
            row,
            query,
            before=before,
            nth=skipped if before else skipped + len(found),
            position=began_at,
        )
        return tracking_cursor.written(made, query)

    has_next, has_previous = (True, more) if back else (more, place is not None)
    return Page(
        rows=found,
        first=skipped + 1 if found else 0,
        next_cursor=cursor(found[-1], before=False) if found and has_next else None,
        previous_cursor=cursor(found[0], before=True) if found and has_previous else None,
        total=counted.count,
        total_is_exact=counted.is_exact,
        freshness=now,
        began_at=began_at,
    )


def _skipped(place: Place | None, count: int) -> int:
    """How many rows stand before a page, as far as its cursor knows."""
    if place is None:
        return 0
    return max(place.nth - count, 0) if place.before else place.nth


def rows(conn: Connection[Any], query: Query) -> Iterator[Row]:
    """Every row of a list, in its order, of one instant; whatever its cursor and limit."""
    return _every(conn, query, _NAMES, class_row(Row))


def cells(
    conn: Connection[Any], query: Query, columns: Sequence[str]
) -> Iterator[tuple[Any, ...]]:
    """The same, but of each row only these columns, in this order."""
    if wrong := set(columns) - set(_NAMES):
        raise InvalidError(Lack("columns", f"{len(wrong)} of them are no columns"))
    return _every(conn, query, columns, tuple_row)


def _every(
    conn: Connection[Any], query: Query, columns: Iterable[str], factory: RowFactory[T]
) -> Iterator[T]:
    condition, values = where(query)
    with snapshot(conn):
        if not total(conn, query, up_to=ROWS_MAX).is_exact:
            raise TooLargeError(Lack("", f"narrow it to {ROWS_MAX} rows"))
        with conn.cursor(name="tracking_rows", row_factory=factory) as cur:
            cur.itersize = FETCHED_AT_ONCE
            cur.execute(
                sql.SQL(
                    "SELECT {columns} FROM reading.tracking WHERE {condition}"
                    " ORDER BY {column} {way} NULLS LAST, number {way}"
                ).format(
                    columns=_listed(columns),
                    condition=condition,
                    column=sql.Identifier(query.sorting.column),
                    way=_way(descending=query.descending),
                ),
                values,
            )
            yield from cur


def _found(conn: Connection[Any], query: Query, place: Place | None) -> list[Row]:
    """The rows next to a place, the nearest first, and one more to know of further ones.

    Unknown comes last in both directions, so a list has two parts: each is read along one
    index, known ones in the order asked for and unknown ones after them.
    """
    back = place is not None and place.before
    parts = [KNOWN, UNKNOWN] if query.sorting.nullable else [KNOWN]
    if back:
        parts.reverse()
    if place is not None:
        parts = parts[parts.index(UNKNOWN if place.key is None else KNOWN) :]
    found: list[Row] = []
    for nth, part in enumerate(parts):
        missing = query.limit + 1 - len(found)
        if missing > 0:
            found += _part(
                conn,
                query,
                part,
                descending=query.descending != back,
                place=place if nth == 0 else None,
                limit=missing,
            )
    return found


def _part(
    conn: Connection[Any],
    query: Query,
    part: str,
    *,
    descending: bool,
    place: Place | None,
    limit: int,
) -> list[Row]:
    words, values = statement(query, part, descending=descending, place=place)
    with conn.cursor(row_factory=class_row(Row)) as cur:
        return cur.execute(words, [*values, limit], prepare=PREPARE).fetchall()


def statement(
    query: Query, part: str, *, descending: bool, place: Place | None
) -> tuple[sql.Composed, list[Any]]:
    """The query for one part of a list, and all its values but the limit."""
    condition, values = where(query)
    column = sql.Identifier(query.sorting.column)
    beyond: sql.Composable = sql.SQL("true")
    if place is not None:
        some = sql.SQL("<" if descending else ">")
        if place.key is None:
            beyond = sql.SQL("number {} %s").format(some)
            values = [*values, place.number]
        else:
            beyond = sql.SQL("({}, number) {} (%s, %s)").format(column, some)
            values = [*values, place.key, place.number]
    words = sql.SQL(
        "SELECT {columns} FROM reading.tracking"
        " WHERE {condition} AND {column} {part} AND {beyond}"
        " ORDER BY {column} {way}, number {way} LIMIT %s"
    ).format(
        columns=_listed(_NAMES),
        condition=condition,
        column=column,
        part=sql.SQL(part),
        beyond=beyond,
        way=_way(descending=descending),
    )
    return words, values


def _listed(columns: Iterable[str]) -> sql.Composed:
    return sql.SQL(", ").join(sql.Identifier(column) for column in columns)


def _way(*, descending: bool) -> sql.SQL:
    return sql.SQL("DESC" if descending else "ASC")
