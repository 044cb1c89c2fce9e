"""The list of complaints for programs: the tracking table as JSON and as CSV."""

import asyncio
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from psycopg import Connection

from api import openapi
from api.complaints import query
from api.complaints.query import Wait
from api.file_answer import csv_answer
from api.identity.sites import narrowed
from api.parts import Parts, parts_of, reading
from api.shown import shown
from projections import freshness, parked, tracking_query
from projections.csv_file import tracking_csv
from projections.tracking_filter import Query
from projections.tracking_query import Page
from projections.tracking_row import COLUMNS, Row

WAIT_S = 2.0  # for a read model that is not yet where a reader wants it
LOOK_S = 0.05
PROBLEMS = {403, 413, 422, 503}
VERSION = "SELECT version FROM reading.tracking WHERE number = %s"

router = APIRouter(tags=["complaints"])


@router.get(
    "/complaints",
    response_model=None,
    openapi_extra={"parameters": query.PARAMETERS},
    **openapi.of_list("Complaints", PROBLEMS),
)
async def listed(request: Request, parts: Annotated[Parts, Depends(parts_of)]) -> Response:
    """Complaints as the tracking table has them, up to the position it names."""
    parts.operator.has_to("read")
    asked = await _asked(request, parts)
    if "text/csv" in request.headers.get("accept", ""):
        return await _file(parts, asked)
    page, stale = await reading(parts, _page, asked)
    return shown(_as_json(page, stale, asked), parts.zone)


@router.get(
    "/complaints.csv",
    response_model=None,
    response_class=Response,
    openapi_extra={"parameters": query.PARAMETERS},
    **openapi.of_list(None, PROBLEMS),
)
async def exported(
    request: Request, parts: Annotated[Parts, Depends(parts_of)]
) -> Response:
    """Every complaint of a list as a file, in the order of the list."""
    parts.operator.has_to("read")
    asked = await _asked(request, parts)
    return await _file(parts, asked)


async def _asked(request: Request, parts: Parts) -> Query:
    """What the address asks for, once the table has what it waits for."""
    asked = query.query_of(request.query_params, limit_max=parts.limits.page_rows)
    asked = narrowed(parts, asked)
    wait = query.wait_of(request.query_params, asked)
    if wait is not None:
        await _waited(parts, wait)
    return asked


def _page(conn: Connection[Any], asked: Query) -> tuple[Page, frozenset[Any]]:
    """A page, and which of its rows wait for somebody: their complaint is parked."""
    found = tracking_query.page(conn, asked)
    ids = [row.complaint_id for row in found.rows]
    return found, parked.among(conn, found.freshness.generation, ids)


def _as_json(page: Page, stale: frozenset[Any], asked: Query) -> dict[str, Any]:
    fresh = page.freshness
    rows = [_row(row, stale=row.complaint_id in stale) for row in page.rows]
    said: dict[str, Any] = {
        "complaints": rows,
        "first": page.first,
        "total": page.total,
        "total_is_exact": page.total_is_exact,
        "position": page.position,
        "recorded_at": fresh.recorded_at_of_position,
        "lag_events": fresh.lag_events,
        "lag_seconds": fresh.lag_seconds,
    }
    for name, cursor in (("next", page.next_cursor), ("previous", page.previous_cursor)):
        if cursor is not None:
            said[name] = query.address("/complaints", asked, cursor=cursor)
    return said


def _row(row: Row, *, stale: bool) -> dict[str, Any]:
    """A line as programs read it. Null is unknown: nobody has stated it."""
    return {**{name: getattr(row, name) for name in COLUMNS}, "stale": stale}


async def _waited(parts: Parts, wait: Wait) -> None:
    """Come back once the table is there, or when it takes too long; it says where it is."""
    loop = asyncio.get_running_loop()
    until = loop.time() + WAIT_S
    while not await reading(parts, _reached, wait):
        if loop.time() > until:
            break
        await asyncio.sleep(LOOK_S)  # another process fills the table


def _reached(conn: Connection[Any], wait: Wait) -> bool:
    if freshness.read(conn, "tracking").position < wait.position:
        return False
    row = conn.execute(VERSION, [wait.number]).fetchone() if wait.version else (0,)
    return row is not None and row[0] >= wait.version


async def _file(parts: Parts, asked: Query) -> Response:
    """The rows piece by piece."""
    return await csv_answer(
        parts, "complaints", lambda conn: tracking_csv(conn, asked, bom=True)
    )
