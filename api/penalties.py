"""Penalty notices: the list of them, one of them, and taking one back."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, ConfigDict

from api import openapi
from api.asked import SOURCE, body_of, counted, message_of, timed, told, version_of
from api.parts import Parts, parts_of
from domain import penalty
from domain.errors import Lack, UnknownComplaintError, UnknownNoticeError
from domain.event import Stream, Who
from domain.ledger import Request as Asked
from domain.ledger import aside
from domain.rulebooks.rulebook import Rules
from domain.words import Text

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


SHAPES: tuple[type[BaseModel], ...] = (ReversedBody, NoticeShown)


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
