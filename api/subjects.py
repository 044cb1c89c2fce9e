"""Being forgotten, over HTTP: asked for, held up, agreed to by another person, done."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict

from api import openapi
from api.asked import SOURCE, body_of, counted, message_of
from api.parts import Erasing, Parts, parts_in, parts_of
from api.shown import shown
from domain import subject as domain
from domain.complaint.intake import Received
from domain.complaint.state import Complaint
from domain.errors import Lack, UnknownComplaintError, UnreachableError
from domain.ledger import aside
from domain.subject import Subject
from domain.words import Line

PROBLEMS = {400, 403, 404, 409, 413, 415, 422, 503}
WHERE = "/complaints/{number}/complainant"
router = APIRouter(prefix=WHERE, tags=["complainants"])
Route = Callable[[str, Request], Awaitable[Response]]


class Reason(BaseModel):
    """Why: it is recorded in clear, so it names nobody."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    reason: Line


class Agreement(BaseModel):
    """Nothing more has to be said."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class SubjectShown(BaseModel):
    """How it stands with the person behind a complaint, by pseudonym."""

    model_config = ConfigDict(title="SubjectShown", extra="forbid")

    party_id: UUID
    requested_by: str | None
    requested_at: str | None
    reason: str | None
    holds: list[str]
    approved_by: str | None
    destroyed_at: str | None
    seals: int | None
    commitments: str | None


SHAPES: tuple[type[BaseModel], ...] = (Reason, Agreement, SubjectShown)
DECISIONS: dict[str, tuple[type[BaseModel], Callable[..., None]]] = {
    "erasure_requested": (Reason, domain.request_erasure),
    "hold_set": (Reason, domain.set_hold),
    "hold_lifted": (Reason, domain.lift_hold),
    "erasure_approved": (Agreement, domain.approve_erasure),
}


@router.get("", response_model=None, **openapi.of_read("SubjectShown", {403, 404, 503}))
async def read_one(number: str, parts: Annotated[Parts, Depends(parts_of)]) -> Response:
    """Whether the person behind a complaint is to be forgotten, or is."""
    parts.operator.has_to("read_subjects")
    subject = await _erasing(parts).subject(await _party(parts, number))
    return shown(_said(subject), parts.zone)


def _deciding(name: str) -> Route:
    shape, decides = DECISIONS[name]
    topic = f"subject.{name}"

    async def decide(number: str, request: Request) -> Response:
        parts = parts_in(request)
        with counted(parts, topic):
            parts.operator.has_to(topic)
            raw, body = await body_of(request, parts, shape)
            subject = await _erasing(parts).say(
                await _party(parts, number),
                parts.operator.as_who(SOURCE),
                decides,
                message_of(request, parts, raw),
                **body.model_dump(),
            )
        return shown(_said(subject), parts.zone)

    decide.__doc__ = decides.__doc__
    return decide


for _name, (_shape, _decides) in DECISIONS.items():
    router.add_api_route(
        f"/{_name}",
        _deciding(_name),
        methods=["POST"],
        response_model=None,
        name=f"subject.{_name}",
        summary=f"subject.{_name}",
        **openapi.of_command(_shape, 200, PROBLEMS, answers="SubjectShown"),
    )


async def _party(parts: Parts, number: str) -> UUID:
    complaint = await aside(parts.ledger.load, await parts.ledger.numbered(number))
    if not isinstance(complaint, Complaint):
        raise UnknownComplaintError(Lack("number", "check the number"))
    return next(complaint.all(Received)).party_id


def _erasing(parts: Parts) -> Erasing:
    if parts.erasing is None:
        raise UnreachableError(Lack("", "the keys are not at hand here"))
    return parts.erasing


def _said(subject: Subject) -> dict[str, Any]:
    asked, agreed, done = subject.asked, subject.approved, subject.destroyed
    return {
        "party_id": subject.party_id,
        "requested_by": asked and asked.who.by,
        "requested_at": asked and asked.decided_at,
        "reason": asked and asked.reason,
        "holds": sorted(subject.holds),
        "approved_by": agreed and agreed.who.by,
        "destroyed_at": done and done.decided_at,
        "seals": done and done.seals,
        "commitments": done and done.commitments,
    }
