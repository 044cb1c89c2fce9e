"""My work (我的待办): what a person owes, by when, with one thing to do for each."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from psycopg import Connection

from api.identity.sites import narrowed
from api.pages.choices import named
from api.pages.page import Page
from api.parts import reading
from domain.deeds import DEEDS
from projections import tracking_query
from projections.snapshot import snapshot
from projections.tracking_counts import Choice
from projections.tracking_filter import PAGE_MAX, Query
from projections.tracking_query import Page as Found
from projections.tracking_row import Row

router = APIRouter(include_in_schema=False)

LANES = ("overdue", "at_once", "today", "tomorrow", "later", "no_clock")


@dataclass(frozen=True, slots=True)
class Job:
    """One complaint, the clock that is due next, and what stops it."""

    row: Row
    clock: str
    deed: str | None  # none: open the complaint and see


@dataclass(frozen=True, slots=True)
class Lane:
    """The jobs that are due at about the same time."""

    name: str
    jobs: tuple[Job, ...]


@router.get("/work")
async def work(request: Request) -> Response:
    """The open complaints of one owner: of the person who asks, unless another is named."""
    page = await Page.open(request)
    parts = page.parts
    parts.operator.has_to("read")
    owner = page.asks.get("owner", "").strip() or parts.operator.id
    mine = Query(
        owner=(owner,), open=True, sort="next_due_at", descending=False, limit=PAGE_MAX
    )

    def read(conn: Connection[Any]) -> tuple[Found, list[Choice]]:
        with snapshot(conn):
            found = tracking_query.page(conn, narrowed(parts, mine))
            several = parts.operator.may("read_all")
            return found, tracking_query.choices(conn, "owner") if several else []

    found, owners = await reading(parts, read)
    return page.shows(
        "work.html",
        owner=owner,
        asking=parts.operator.id,
        owners=sorted({*(one.value for one in owners), owner, parts.operator.id}),
        found=found,
        lanes=list(_lanes(page, found.rows)),
    )


def _lanes(page: Page, rows: Sequence[Row]) -> Iterator[Lane]:
    for name in LANES:
        jobs = (_job(page, row) for row in rows if lane_of(row, page.now) == name)
        yield Lane(name, tuple(jobs))


def lane_of(row: Row, now: datetime) -> str:
    """Where a complaint stands; *now* is in the zone whose days are meant."""
    if row.next_clock is None:
        return "no_clock"
    if row.next_due_at is None:
        return "at_once"
    if row.next_due_at < now:
        return "overdue"
    day = row.next_due_at.astimezone(now.tzinfo).date()
    days = {now.date(): "today", now.date() + timedelta(days=1): "tomorrow"}
    return days.get(day, "later")


def _job(page: Page, row: Row) -> Job:
    if row.next_clock is None or row.next_rulebook is None:
        return Job(row, "", None)
    clock = page.parts.ledger.rulebooks[row.next_rulebook].clocks[row.next_clock]
    stops = (one.topic.removeprefix("complaint.") for one in clock.stop)
    may = (word for word in stops if word in DEEDS and page.parts.operator.may(word))
    return Job(row, named(clock.name, page.lang), next(may, None))
