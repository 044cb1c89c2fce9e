"""Penalty notices: the list of them, one of them, and taking one back."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import JSONResponse, Response
from psycopg import Connection
from pydantic import BaseModel, ConfigDict, Field

from api import openapi
from api.asked import SOURCE, body_of, counted, message_of, timed, told, version_of
from api.parts import Parts, parts_of, reading
from api.shown import shown
from domain import penalty
from domain.errors import Lack, UnknownComplaintError, UnknownNoticeError
from domain.event import Stream, Who
from domain.ledger import Request as Asked
from domain.ledger import aside
from domain.rulebooks.rulebook import Rules
from domain.words import Text
from projections import freshness
from projections.penalties import latest, of_complaint, totals
from projections.snapshot import snapshot

router = APIRouter(prefix="/penalties", tags=["penalties"])


class ReversedBody(BaseModel):
    """The fine is taken back whole; both stay in the books."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    reason: Text


class NoticeShown(BaseModel):
    """One notice as it stands. Its person is a pseudonym."""

    model_config = ConfigDict(title="NoticeShown", extra="forbid")

    notice: str
    version: int
    complaint_id: str
    person: str
    approved: bool
    reversed: bool


class Notices(BaseModel):
    """Notices, and what the approved ones come to."""

    model_config = ConfigDict(title="Notices", extra="forbid")

    penalties: list[dict[str, Any]]
    totals: list[dict[str, Any]] = Field(description="approved less reversed, by currency")
    position: int = Field(description="every event up to here is in these rows")
    next: str | None = None


SHAPES: tuple[type[BaseModel], ...] = (ReversedBody, NoticeShown, Notices)
PAGE_MAX = 200
POSITION_MAX = 2**63 - 1


@router.get("", response_model=None, **openapi.of_read("Notices", {403, 404, 422, 503}))
async def listed(
    parts: Annotated[Parts, Depends(parts_of)],
    complaint: Annotated[str | None, Query(max_length=80)] = None,
    before: Annotated[int | None, Query(ge=1, le=POSITION_MAX)] = None,
    limit: Annotated[int, Query(ge=1, le=PAGE_MAX)] = PAGE_MAX,
) -> Response:
    """Notices as their table has them, of one complaint or of all, latest first."""
    parts.operator.has_to("read_penalties")
    one_id = None if complaint is None else await parts.ledger.numbered(complaint)

    def read(conn: Connection[Any]) -> dict[str, Any]:
        with snapshot(conn):
            rows = (
                latest(conn, before=before, limit=limit)
                if one_id is None
                else of_complaint(conn, one_id)
            )
            sums = totals(conn, complaint_id=one_id)
            return {
                "penalties": rows,
                "totals": sums,
                "position": freshness.read(conn, "penalties").position,
            }

    said = await reading(parts, read)
    if one_id is None and len(said["penalties"]) == limit:
        last = said["penalties"][-1].position
        said["next"] = f"/penalties?before={last}&limit={limit}"
    return shown(said, parts.zone)


@router.get(
    "/{notice}",
    response_model=None,
    **openapi.of_read("NoticeShown", {403, 404, 422, 503}),
)
async def one(notice: UUID, parts: Annotated[Parts, Depends(parts_of)]) -> Response:
    """One notice as it stands, replayed from the store. The ETag is its version."""
    parts.operator.has_to("read_penalties")
    try:
        found = only_a_notice(await aside(parts.ledger.load, notice))
    except UnknownComplaintError as error:
        raise UnknownNoticeError(Lack("notice", "check its id")) from error
    said: dict[str, Any] = {
        "notice": str(found.id),
        "version": found.version,
        "complaint_id": str(found.complaint_id),
        "person": found.person,
        "approved": found.approved,
        "reversed": found.reversed,
    }
    return JSONResponse(said, headers={"ETag": f'"{found.version}"'})


@router.post(
    "/{notice}/reversed",
    response_model=None,
    summary="penalty.reversed",
    **openapi.of_command(
        ReversedBody, 200, {400, 403, 404, 412, 413, 415, 422, 428, 503}, versioned=True
    ),
)
async def reverse(notice: UUID, request: Request) -> Response:
    """Take a fine back whole: a decision, so it names the version it saw."""
    parts: Parts = request.app.state.parts
    with counted(parts, "reversed"):
        parts.operator.has_to("reversed")
        expected = version_of(request, needed=True)
        raw, body = await body_of(request, parts, ReversedBody)
        message = message_of(request, parts, raw)
        who, at = parts.operator.as_who(SOURCE), parts.now()
        decide = _reversal(who, at, body.reason)
        try:
            asked = Asked(message, notice, expected, decide)
            receipt = await timed(parts, parts.ledger.take(asked))
        except UnknownComplaintError as error:
            raise UnknownNoticeError(Lack("notice", "check its id")) from error
    place = f"/penalties/{notice}"
    return told(receipt, parts, {"notice": str(notice)}, status=200, location=place)


def only_a_notice(stream: Stream) -> penalty.Notice:
    """The same stream, if it is a notice; a complaint's id names none."""
    if not isinstance(stream, penalty.Notice):
        raise UnknownNoticeError(Lack("notice", "check its id"))
    return stream


def _reversal(who: Who, at: datetime, reason: str) -> Callable[[Stream, Rules], None]:
    def decide(stream: Stream, rules: Rules) -> None:
        penalty.reverse(only_a_notice(stream), rules, who=who, at=at, reason=reason)

    return decide
