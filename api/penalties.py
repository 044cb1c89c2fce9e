"""The penalty ledger for programs: notices, one of them, a month's statement, a file."""

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import asdict, fields
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response
from psycopg import Connection

from api import openapi
from api.identity.sites import complaint_of
from api.pages.notice_page import notice_page
from api.pages.penalty_page import ledger_page
from api.parts import Parts, parts_of, reading
from api.penalty_deeds import notice_of
from api.shown import shown
from domain.penalty import Superseded
from projections import compensation_query, freshness, penalty_query
from projections.compensation_query import Asked as Given
from projections.compensations import Line
from projections.csv_file import csv_file
from projections.penalty_postings import Posting
from projections.penalty_query import Asked
from projections.snapshot import snapshot

router = APIRouter(prefix="/penalties", tags=["penalties"])

PAGE_MAX = 200
POSITION_MAX = 2**63 - 1
Name = Annotated[str | None, Query(max_length=200)]
Month = Annotated[str, Query(pattern=r"^[0-9]{4}-(0[1-9]|1[0-2])$")]
Position = Annotated[int | None, Query(ge=1, le=POSITION_MAX)]
STATES = Literal[
    "",
    "stated",
    "proposed",
    "approved",
    "notified",
    "appealed",
    "upheld",
    "changed",
    "settled",
    "reversed",
]
KINDS = Literal["", "offence", "fine", "reward", "charge", "points"]


@router.get("", response_model=None, **openapi.of_read("Notices", {403, 404, 422, 503}))
async def listed(
    request: Request,
    parts: Annotated[Parts, Depends(parts_of)],
    complaint: Annotated[str | None, Query(max_length=80)] = None,
    person: Name = None,
    unit: Name = None,
    clause: Name = None,
    state: STATES | None = None,
    kind: KINDS | None = None,
    month: Annotated[str, Query(pattern=r"^([0-9]{4}-(0[1-9]|1[0-2]))?$")] = "",
    before: Position = None,
    limit: Annotated[int, Query(ge=1, le=PAGE_MAX)] = PAGE_MAX,
) -> Response:
    """Notices as their table has them, latest first; each filter narrows the sums too."""
    parts.operator.has_to("read_penalties")
    one_id = None if complaint is None else await complaint_of(parts, complaint)
    asked = Asked(
        complaint_id=one_id,
        person=person or None,
        unit=unit or None,
        clause=clause or None,
        state=state or None,
        kind=kind or None,
        month=month or None,
    )
    if wants_page(request):
        return await ledger_page(request, asked)
    said = await reading(parts, notices_as_json, asked, before=before, limit=limit)
    if one_id is None and len(said["penalties"]) == limit:
        last = said["penalties"][-1].position
        said["next"] = f"/penalties?before={last}&limit={limit}"
    return shown(said, parts.zone)


def wants_page(request: Request) -> bool:
    """A browser asks for a page at the same address; a program gets JSON."""
    return "text/html" in request.headers.get("accept", "")


def notices_as_json(
    conn: Connection[Any], asked: Asked, *, before: int | None, limit: int
) -> dict[str, Any]:
    """The list, its sums and what gave way, as one look has them."""
    with snapshot(conn):
        return {
            "penalties": penalty_query.notices(conn, asked, before=before, limit=limit),
            "totals": penalty_query.totals(conn, asked),
            "superseded": penalty_query.gave_way(conn, asked),
            "states": penalty_query.by_state(conn, asked),
            "compensations": compensation_query.totals(
                conn, Given(month=asked.month, complaint_id=asked.complaint_id)
            ),
            "position": freshness.read(conn, "penalties").position,
        }


@router.get(
    "/statement", response_model=None, **openapi.of_read("Statement", {403, 422, 503})
)
async def stated(
    month: Month,
    parts: Annotated[Parts, Depends(parts_of)],
    position: Position = None,
) -> Response:
    """What finance carries out for a month; with a position as it was known then."""
    parts.operator.has_to("read_penalties")
    return shown(
        await reading(parts, statement_as_json, month, position=position), parts.zone
    )


def statement_as_json(
    conn: Connection[Any], month: str, *, position: int | None
) -> dict[str, Any]:
    """The lines of a month and their sums, as one look has them."""
    with snapshot(conn):
        known = freshness.read(conn, "penalties").position
        at = {"month": month, "position": position}
        given = Given(month=month, position=position)
        return {
            "month": month,
            "postings": list(penalty_query.statement(conn, month, position=position)),
            "by_person": penalty_query.sums(conn, "person", **at),  # type: ignore[arg-type]  # as named
            "totals": penalty_query.sums(conn, "kind", **at),  # type: ignore[arg-type]  # as named
            "unstamped": penalty_query.unstamped(conn, month),
            "compensations": compensation_query.posted(conn, given),
            "compensation_totals": compensation_query.totals(conn, given),
            "position": min(known, position or known),
        }


def _file(kind: str, line: type[Posting | Line]) -> Callable[..., Awaitable[Response]]:
    """A month's lines as a file; it says up to which position it was made."""

    async def file(
        month: Month,
        parts: Annotated[Parts, Depends(parts_of)],
        position: Position = None,
    ) -> Response:
        parts.operator.has_to("read_penalties")
        said = await reading(parts, statement_as_json, month, position=position)
        names = [field.name for field in fields(line)]
        rows: Iterator[list[Any]] = (
            [asdict(one)[name] for name in names] for one in said[kind]
        )
        about = {"month": month, "position": str(said["position"])}
        about |= {"rows": str(len(said[kind])), "minor": "1/100 of the currency"}
        named = {"Content-Disposition": f'attachment; filename="{kind}-{month}.csv"'}
        body = b"".join(csv_file(names, rows, bom=True, about=about))
        return Response(body, 200, named, "text/csv; charset=utf-8")

    return file


for _path, _kind, _line, _said in (
    ("/statement.csv", "postings", Posting, "the lines of the accounts, for payroll"),
    ("/compensations.csv", "compensations", Line, "what customers were given"),
):
    router.add_api_route(
        _path,
        _file(_kind, _line),
        response_model=None,
        response_class=Response,
        name=_kind,
        summary=f"{_said}, of a month, as a file",
        **openapi.of_list(None, {403, 422, 503}),
    )


@router.get(
    "/{notice}",
    response_model=None,
    **openapi.of_read("NoticeShown", {403, 404, 422, 503}),
)
async def one(
    notice: UUID, request: Request, parts: Annotated[Parts, Depends(parts_of)]
) -> Response:
    """One notice as it stands, replayed from the store. The ETag is its version."""
    parts.operator.has_to("read_penalties")
    if wants_page(request):
        return await notice_page(request, notice)
    found = await notice_of(parts, notice)
    head = {"originator_id", "originator_version"}

    def words(event: Any) -> dict[str, Any]:  # noqa: ANN401  # a charge, or what gave way
        said: dict[str, Any] = event.model_dump(
            mode="json", exclude=head, exclude_none=True
        )
        return said

    gave_way = [e for e in found.happened if isinstance(e, Superseded)]
    said = {
        "notice": str(found.id),
        "version": found.version,
        "complaint_id": None if found.complaint_id is None else str(found.complaint_id),
        "account": found.account,
        "person": found.person,
        "role": found.role,
        "act": found.act,
        "on": found.on,
        "facts": dict(found.facts()),
        "stage": found.stage,
        "counts": found.counts,
        "approved": found.approved,
        "reversed": found.reversed,
        "charge": words(found.charge) if found.charge else None,
        "amount": found.amount.model_dump() if found.amount else None,
        "superseded": [words(event) for event in gave_way],
    }
    return shown(said, parts.zone, headers={"ETag": f'"{found.version}"'})
