"""Reading shipments and projects: their lists, as JSON and as a file, and one of them."""

from collections.abc import Awaitable, Callable, Iterator, Mapping
from datetime import date
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from psycopg import Connection
from pydantic import BaseModel, ConfigDict, Field
from starlette.datastructures import QueryParams

from api import openapi
from api.file_answer import csv_answer
from api.identity.sites import record_of
from api.parts import Parts, parts_of, reading
from api.shown import shown
from domain.errors import InvalidError, Lack
from domain.event import Event, Fact
from domain.kinds import KINDS, Kind
from domain.ledger import aside
from domain.record import Record
from projections import freshness
from projections.csv_file import csv_file
from projections.records_query import PAGE_MAX, VIEWS, View, Wanted, cells, page, sums
from projections.snapshot import snapshot

Route = Callable[..., Awaitable[Response]]

PROBLEMS = {403, 404, 422, 503}
NOT_SAID = {"originator_id", "originator_version", "who", "when"}
POSITION_MAX = 2**63 - 1


class Records(BaseModel):
    """A page of shipments or projects, what began last first."""

    model_config = ConfigDict(title="Records", extra="forbid")

    rows: list[dict[str, Any]] = Field(description="null is unknown, not none")
    totals: dict[str, int] = Field(description="of all that fit: rows, pieces, returned")
    position: int = Field(description="every event up to here is in these rows")
    next: str | None = None


class OneRecord(BaseModel):
    """A shipment or project: every fact as it now stands."""

    model_config = ConfigDict(title="OneRecord", extra="forbid")

    number: str
    version: int
    facts: list[dict[str, Any]]


SHAPES: tuple[type[BaseModel], ...] = (Records, OneRecord)


def listing(kind: Kind, view: View) -> Route:
    """The list as JSON, a page at a time."""

    async def listed(
        request: Request, parts: Annotated[Parts, Depends(parts_of)]
    ) -> Response:
        parts.operator.has_to("read_all")
        wanted, limit = wanted_of(request.query_params, view)

        def read(conn: Connection[Any]) -> dict[str, Any]:
            with snapshot(conn):
                return {
                    "rows": page(conn, view, wanted, limit=limit),
                    "totals": sums(conn, view, wanted),
                    "position": freshness.read(conn, view.table).position,
                }

        said = await reading(parts, read)
        if len(said["rows"]) == limit:
            last = said["rows"][-1]["first"]
            more = {**dict(request.query_params), "before": last}
            said["next"] = f"/{kind.many}?{urlencode(more)}"
        for row in said["rows"]:
            del row["first"]
        return shown(said, parts.zone)

    return listed


def exporting(kind: Kind, view: View) -> Route:
    """The whole list as a file."""

    async def exported(
        request: Request, parts: Annotated[Parts, Depends(parts_of)]
    ) -> Response:
        parts.operator.has_to("read_all")
        wanted, _ = wanted_of(request.query_params, view)

        def pieces(conn: Connection[Any]) -> Iterator[bytes]:
            return csv_file(view.columns, cells(conn, view, wanted), bom=True)

        return await csv_answer(parts, kind.many, pieces)

    return exported


def showing(kind: Kind) -> Route:
    """One of them, replayed from the store. The ETag is its version."""

    async def one(number: str, parts: Annotated[Parts, Depends(parts_of)]) -> Response:
        parts.operator.has_to("read")
        stream_id = await record_of(parts, kind.name, number)
        record = await aside(parts.ledger.load, stream_id)
        assert isinstance(record, Record)
        said = {
            "number": record.number,
            "version": record.version,
            "facts": [fact_shown(version, e) for version, e in record.happened.items()],
        }
        return shown(said, parts.zone, headers={"ETag": f'"{record.version}"'})

    return one


def fact_shown(version: int, event: Event) -> dict[str, Any]:
    """One fact as it stands corrected."""
    assert isinstance(event, Fact)
    return {
        "version": version,
        "topic": event.TOPIC,
        "occurred_at": event.occurred_at,
        "precision": event.when.precision,
        "who": event.who.model_dump(),
        "fields": event.model_dump(mode="json", exclude=NOT_SAID),
    }


def wanted_of(params: QueryParams, view: View) -> tuple[Wanted, int]:
    """What an address asks for. A name that means nothing is refused."""
    known = {*view.filters, "since", "until", "before", "limit"}
    strange = [Lack(name, "no such filter") for name in params if name not in known]
    if strange:
        raise InvalidError(*strange)
    values = {name: params[name] for name in view.filters if name in params}
    before = _whole(params, "before", POSITION_MAX)
    limit = _whole(params, "limit", PAGE_MAX) or PAGE_MAX
    since, until = _day(params, "since"), _day(params, "until")
    return Wanted(values=values, since=since, until=until, before=before), limit


def _whole(params: QueryParams, name: str, most: int) -> int | None:
    text = params.get(name)
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:20]) <= most):
        raise InvalidError(Lack(name, f"between 1 and {most}"))
    return int(text)


def _day(params: QueryParams, name: str) -> date | None:
    try:
        return date.fromisoformat(params[name]) if name in params else None
    except ValueError as error:
        raise InvalidError(Lack(name, "a day, as 2026-03-31")) from error


def _parameters(view: View) -> list[dict[str, Any]]:
    text: Mapping[str, Any] = {"type": "string"}
    special: dict[str, dict[str, Any]] = {
        **{name: {"type": "string", "format": "date"} for name in ("since", "until")},
        "before": {"type": "integer", "minimum": 1},
        "limit": {"type": "integer", "minimum": 1, "maximum": PAGE_MAX},
    }
    names = (*view.filters, *special)
    return [
        {"name": n, "in": "query", "required": False, "schema": special.get(n, text)}
        for n in names
    ]


router = APIRouter()
for _kind in KINDS.values():
    _view = VIEWS[_kind.name]
    for _path, _route, _doc in (
        (f"/{_kind.many}", listing(_kind, _view), openapi.of_list("Records", PROBLEMS)),
        (f"/{_kind.many}.csv", exporting(_kind, _view), openapi.of_list(None, PROBLEMS)),
    ):
        router.add_api_route(
            _path,
            _route,
            methods=["GET"],
            response_model=None,
            tags=[_kind.many],
            openapi_extra={"parameters": _parameters(_view)},
            **_doc,
        )
    router.add_api_route(
        f"/{_kind.many}/{{number}}",
        showing(_kind),
        methods=["GET"],
        response_model=None,
        tags=[_kind.many],
        **openapi.of_read("OneRecord", PROBLEMS),
    )
