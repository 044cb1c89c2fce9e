"""The penalty ledger as a page: notices by their state, sums, and what gave way."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from fastapi import Request
from fastapi.responses import Response
from psycopg import Connection

from api.pages.catalog_words import CatalogWords, catalog_words
from api.pages.page import Page
from api.parts import reading
from domain.ledger import aside
from projections import compensation_query, penalty_query
from projections.compensation_query import Asked as Given
from projections.compensation_query import Total as Benefit
from projections.penalties import Row
from projections.penalty_query import Asked, By, Sum, Total
from projections.penalty_superseded import GaveWay
from projections.snapshot import snapshot

STATES = (
    "stated",
    "proposed",
    "approved",
    "notified",
    "appealed",
    "upheld",
    "changed",
    "settled",
    "reversed",
)
KINDS = ("fine", "reward", "charge", "points")
VIEWS: tuple[By, ...] = ("unit", "clause", "month", "person")
NUMBERS = "SELECT complaint_id, number FROM reading.tracking WHERE complaint_id = ANY(%s)"


@dataclass(frozen=True, slots=True)
class Found:
    """What the page shows, as one look at the tables has it."""

    rows: Sequence[Row]
    totals: Sequence[Total]
    states: Mapping[str, int]
    sums: Mapping[str, Sequence[Sum]]
    gave_way: Sequence[GaveWay]
    months: Sequence[str]
    unstamped: Sequence[UUID]
    numbers: Mapping[UUID, str]
    given: Sequence[Benefit]  # what customers got: no fine, and beside them

    @property
    def balance(self) -> Mapping[str, int]:
        """What each kind comes to in yuan's hundredth, of all rows that count."""
        made: dict[str, int] = {}
        for total in self.totals:
            made[total.kind] = made.get(total.kind, 0) + total.minor
        return made


async def ledger_page(request: Request, asked: Asked) -> Response:
    """Every notice this address asks for, latest first."""
    page = await Page.open(request)
    parts = page.parts
    words = await aside(catalog_words, parts.ledger, parts.opened, page.lang)
    found = await reading(parts, _found, asked)
    return page.shows(
        "penalties.html",
        found=found,
        asked=asked,
        states=STATES,
        kinds=KINDS,
        views=VIEWS,
        words=words,
        filters=_filters(page, asked, words),
    )


def _filters(page: Page, asked: Asked, words: CatalogWords) -> list[tuple[str, str]]:
    """What narrows the list, each with the address without it."""
    said = {
        "month": asked.month,
        "state": page.w.coded("penalty_state", asked.state) if asked.state else None,
        "kind": page.w.coded("penalty_kind", asked.kind) if asked.kind else None,
        "person": asked.person,
        "unit": asked.unit,
        "clause": words.short(asked.clause) if asked.clause else None,
        "complaint": page.asks.get("complaint"),
    }
    return [(str(value), page.at(**{name: None})) for name, value in said.items() if value]


def _found(conn: Connection[Any], asked: Asked) -> Found:
    with snapshot(conn):
        rows = penalty_query.notices(conn, asked, limit=200)
        gave_way = penalty_query.gave_way(conn, asked)
        about = [*(one.complaint_id for one in rows), *(o.complaint_id for o in gave_way)]
        ids = [complaint_id for complaint_id in about if complaint_id]
        month = asked.month
        return Found(
            rows=rows,
            totals=penalty_query.totals(conn, asked),
            states=penalty_query.by_state(conn, replace(asked, state=None)),
            sums={by: penalty_query.sums(conn, by, month=month) for by in VIEWS},
            gave_way=gave_way,
            months=penalty_query.months(conn),
            unstamped=penalty_query.unstamped(conn, month) if month else (),
            numbers=dict(conn.execute(NUMBERS, [ids]).fetchall()),
            given=compensation_query.totals(
                conn, Given(month=month, complaint_id=asked.complaint_id)
            ),
        )
