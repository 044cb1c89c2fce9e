"""Paging: every row once, in one order, along an index, whatever comes in meanwhile."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from psycopg import Connection, sql
from psycopg.pq import TransactionStatus

from projections import tracking_cursor
from projections.projection import Recorded
from projections.snapshot import snapshot
from projections.tracking import tracking
from projections.tracking_cursor import Place
from projections.tracking_filter import SORTS
from projections.tracking_query import (
    KNOWN,
    UNKNOWN,
    Page,
    Query,
    choices,
    page,
    rows,
    statement,
)
from projections.tracking_row import Row
from tests.projections.sixty import complaint, sixty
from tests.projections.telling import fill


@pytest.fixture
def conn(projector_conn: Connection[Any]) -> Connection[Any]:
    """A session that fills the table; it has sixty complaints in it."""
    return sixty(projector_conn)


def pages(
    conn: Connection[Any], query: Query, *, between: Callable[[], None] = lambda: None
) -> Iterator[Page]:
    """Page after page, to the end of the list."""
    while True:
        yield (found := page(conn, query))
        if found.next_cursor is None:
            return
        between()
        query = replace(query, cursor=found.next_cursor)


def in_order(found: list[Row], query: Query) -> list[str]:
    """The numbers as the list should have them: unknown last, whatever the direction."""

    def key(row: Row) -> tuple[Any, str]:
        return getattr(row, query.sorting.column), row.number

    known = [row for row in found if key(row)[0] is not None]
    unknown = [row for row in found if key(row)[0] is None]
    known.sort(key=key, reverse=query.descending)
    unknown.sort(key=lambda row: row.number, reverse=query.descending)
    return [row.number for row in (*known, *unknown)]


@pytest.mark.parametrize("descending", [False, True], ids=["up", "down"])
@pytest.mark.parametrize("sort", SORTS)
def test_paging_shows_every_row_once_in_its_order(
    conn: Connection[Any], app_conn: Connection[Any], sort: str, *, descending: bool
) -> None:
    """Onwards and back again; and the whole list at once has the same order."""
    query = Query(sort=sort, descending=descending, limit=7)
    everyone = list(rows(app_conn, query))
    expected = in_order(everyone, query)

    there = list(pages(app_conn, query))

    assert [row.number for row in everyone] == expected
    assert [row.number for one in there for row in one.rows] == expected
    assert [one.first for one in there] == list(range(1, 61, 7))
    assert {(one.total, one.total_is_exact) for one in there} == {(60, True)}
    back = [there[-1]]
    while cursor := back[-1].previous_cursor:
        back.append(page(app_conn, replace(query, cursor=cursor)))
    assert [one.rows for one in reversed(back)] == [one.rows for one in there]
    assert [one.first for one in reversed(back)] == [one.first for one in there]


@pytest.mark.parametrize("descending", [False, True], ids=["up", "down"])
@pytest.mark.parametrize("sort", ["received_at", "customer"])
def test_what_comes_in_meanwhile_neither_hides_a_row_nor_shows_one_twice(
    conn: Connection[Any], app_conn: Connection[Any], sort: str, *, descending: bool
) -> None:
    query = Query(sort=sort, descending=descending, limit=4)
    before = [row.number for row in rows(app_conn, query)]
    coming = iter(range(61, 200))

    def come() -> None:
        fill(conn, tracking, [at for _ in range(3) for at in complaint(next(coming))])

    seen = [row.number for one in pages(app_conn, query, between=come) for row in one.rows]

    assert len(seen) == len(set(seen))
    assert [number for number in seen if number in before] == before


def test_what_is_read_together_is_of_one_instant(
    conn: Connection[Any], app_conn: Connection[Any]
) -> None:
    """A file and its count, a page and its total: also while complaints come in."""
    with snapshot(app_conn):
        counted = page(app_conn, Query()).total
        fill(conn, tracking, complaint(61))
        listed = rows(app_conn, Query())
        first = next(listed)
        fill(conn, tracking, complaint(62))
        assert len([first, *listed]) == counted == 60

    assert page(app_conn, Query()).total == 62
    assert app_conn.info.transaction_status is TransactionStatus.IDLE


def test_a_cursor_says_where_paging_began(
    conn: Connection[Any], app_conn: Connection[Any]
) -> None:
    first = page(app_conn, Query(limit=5))
    assert (first.began_at, first.position) == (0, first.freshness.position)
    assert first.previous_cursor is None
    conn.execute(
        "INSERT INTO running.cursor (generation, feed, part, next_offset, reflected)"
        " VALUES ('tracking_g1', 'store', 0, 901, 900)"
    )

    assert first.next_cursor is not None
    second = page(app_conn, Query(limit=5, cursor=first.next_cursor))

    assert (second.began_at, second.position) == (0, 900)


def test_an_empty_list_has_no_way_on(
    conn: Connection[Any], app_conn: Connection[Any]
) -> None:
    found = page(app_conn, Query(customer=("nobody",)))

    assert (found.rows, found.first, found.total) == ([], 0, 0)
    assert (found.next_cursor, found.previous_cursor) == (None, None)


def test_a_page_of_a_long_list_is_read_along_an_index(
    conn: Connection[Any], app_conn: Connection[Any]
) -> None:
    """Every order, both ways, known and unknown, from the beginning and from a cursor."""
    many = 10_001
    for first in range(100, 100 + many, 1_000):
        last = min(first + 1_000, 100 + many)
        batch = [at for nth in range(first, last) for at in complaint(nth)]
        fill(conn, tracking, [replace(at, stream_id=_any_id(at)) for at in batch])
    conn.execute("ANALYZE tracking_g1.tracking")

    found = page(app_conn, Query(limit=200))
    assert (found.total, found.total_is_exact) == (10_000, False)
    assert {one.count for one in choices(app_conn, "customer")} == {None}
    for sort, sorting in SORTS.items():
        for descending in (False, True):
            query = Query(sort=sort, descending=descending)
            place = tracking_cursor.place_of(
                found.rows[-1], query, before=False, nth=0, position=0
            )
            for part in (KNOWN, UNKNOWN) if sorting.nullable else (KNOWN,):
                for start in (None, place):
                    plan = explained(app_conn, query, part, start)
                    assert "Seq Scan" not in plan, plan
                    assert "Sort" not in plan, plan


def _any_id(at: Recorded) -> UUID:
    return UUID(int=at.stream_id.int * 7919 % 2**127)


def explained(conn: Connection[Any], query: Query, part: str, place: Place | None) -> str:
    words, values = statement(query, part, descending=query.descending, place=place)
    plan = conn.execute(
        sql.SQL("EXPLAIN {}").format(words), [*values, query.limit + 1], prepare=False
    )
    return "\n".join(line for (line,) in plan)
