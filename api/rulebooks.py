"""Regulations: what is published, what differs, and publishing another version."""

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, ConfigDict

from api import openapi
from api.asked import SOURCE, body_of, counted, message_of, timed, told, version_of
from api.parts import Parts, apart, parts_of
from api.press import Press, rulebook_draft, rulebook_of
from api.problems import DoorError
from domain.errors import Lack
from domain.rulebooks.difference import difference
from domain.rulebooks.policy import Case
from domain.rulebooks.publication import Document, Publication
from domain.rulebooks.rulebook import Rulebook
from domain.words import Text

router = APIRouter(prefix="/rulebooks", tags=["rulebooks"])
PROPOSING = {400, 403, 409, 412, 413, 415, 422, 428, 503}


class RulebookText(BaseModel):
    """A version of a regulation, as its file says it."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    text: Document
    effective_on: date | None = None  # where the text itself names no day
    retroactive: Text | None = None  # why it may reach back to what was decided


class Withdrawal(BaseModel):
    """From which day on no complaint comes under this version any more."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    last_day: date
    reason: Text


class Approval(BaseModel):
    """Nothing more has to be said: who asks approves what was put forward."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class RulebookDifference(BaseModel):
    """One line for each value that differs: its clause, its place, before and now."""

    model_config = ConfigDict(extra="forbid")

    old: str
    new: str
    lines: list[str]


SHAPES: tuple[type[BaseModel], ...] = (
    RulebookText,
    Withdrawal,
    Approval,
    RulebookDifference,
)


def looking(shape: type[BaseModel]) -> dict[str, Any]:
    """How a route describes itself that reads a text and records nothing."""
    asked = openapi.of_command(shape, 200, ())
    return {**asked, **openapi.of_read(None, {400, 403, 413, 415, 422, 503})}


def press_of(parts: Parts) -> Press:
    """The press, in this ledger."""
    return Press(opened=parts.opened, reads=parts.reads, zone=parts.zone)


@router.get("", **openapi.of_read(None, {403, 503}))
async def in_force(parts: Annotated[Parts, Depends(parts_of)]) -> dict[str, Any]:
    """What is published, and which regulation governs a complaint received now."""
    parts.operator.has_to("read")
    policy = await apart(parts.opened.policies.look)
    case = Case(site=parts.site, received_on=parts.now().date())
    every = await apart(press_of(parts).each, "rulebook")
    return {
        "policy_set": policy.name,
        "topics": policy.governing(case),
        "rulebooks": [history(one) for one in every],
    }


@router.get("/{name}", response_model=None, **openapi.of_read(None, {403, 404, 422, 503}))
async def one(name: str, parts: Annotated[Parts, Depends(parts_of)]) -> Response:
    """One version with every clause (S46@1), or the history of all (S46) with its ETag."""
    parts.operator.has_to("read")
    if "@" in name:
        book = await apart(known, parts, name)
        return JSONResponse(book.model_dump(mode="json", by_alias=True, exclude_none=True))
    every = await apart(press_of(parts).each, "rulebook")
    found = next((each for each in every if each.name == name), None)
    if found is None:
        raise DoorError("not-found", Lack("name", "name a rulebook, as in S46 or S46@1"))
    return JSONResponse(history(found), headers={"ETag": f'"{found.version}"'})


@router.get(
    "/{name}/difference", **openapi.of_read("RulebookDifference", {403, 404, 422, 503})
)
async def differing(
    name: str,
    to: Annotated[str, Query(max_length=80)],
    parts: Annotated[Parts, Depends(parts_of)],
) -> dict[str, Any]:
    """What differs between two published versions, clause by clause."""
    parts.operator.has_to("read")
    old, new = await apart(known, parts, name), await apart(known, parts, to)
    return {"old": old.name, "new": new.name, "lines": difference(old, new)}


@router.post(
    "",
    response_model=None,
    status_code=201,
    summary="rulebook.proposed",
    **openapi.of_command(RulebookText, 201, PROPOSING, versioned=False),
)
async def propose(request: Request) -> Response:
    """Put a version forward; somebody else approves it. Look at it first: /validated."""
    parts: Parts = request.app.state.parts
    with counted(parts, "published"):
        parts.operator.has_to("publish")
        raw, body = await body_of(request, parts, RulebookText)
        draft, book = rulebook_draft(
            body.text, effective_on=body.effective_on, retroactive=body.retroactive
        )
        message = message_of(request, parts, raw)
        expected = version_of(request, needed=False)
        who, at = parts.operator.as_who(SOURCE), parts.now()
        said = press_of(parts).propose(draft, message, expected, who=who, at=at)
        receipt = await timed(parts, said)
    where = f"/rulebooks/{draft.id}"
    return told(receipt, parts, {"name": book.name}, status=201, location=where)


@router.post("/validated", response_model=None, **looking(RulebookText))
async def validate(request: Request) -> Response:
    """All that is wrong with a text, or how it differs; nothing is put forward."""
    parts: Parts = request.app.state.parts
    parts.operator.has_to("read")
    _, body = await body_of(request, parts, RulebookText)
    return JSONResponse(await apart(looked_at, parts, rulebook_of(body.text)))


@router.post(
    "/{name}/approved",
    response_model=None,
    summary="rulebook.published",
    **openapi.of_command(Approval, 200, PROPOSING, versioned=True),
)
async def approve(name: str, request: Request) -> Response:
    """Publish what somebody else put forward: from then on it is never another text."""
    parts: Parts = request.app.state.parts
    with counted(parts, "published"):
        parts.operator.has_to("publish")
        expected = version_of(request, needed=True)
        raw, _ = await body_of(request, parts, Approval)
        message = message_of(request, parts, raw)
        who, at = parts.operator.as_who(SOURCE), parts.now()
        assert expected is not None
        said = press_of(parts).approve("rulebook", name, message, expected, who=who, at=at)
        receipt = await timed(parts, said)
    where = f"/rulebooks/{name}"
    return told(receipt, parts, {"name": name}, status=200, location=where)


@router.post(
    "/{name}/withdrawn",
    response_model=None,
    summary="rulebook.withdrawn",
    **openapi.of_command(Withdrawal, 200, PROPOSING, versioned=True),
)
async def withdraw(name: str, request: Request) -> Response:
    """Let it govern nothing that is new; what it governs it goes on governing."""
    parts: Parts = request.app.state.parts
    with counted(parts, "withdrawn"):
        parts.operator.has_to("publish")
        expected = version_of(request, needed=True)
        raw, body = await body_of(request, parts, Withdrawal)
        message = message_of(request, parts, raw)
        who, at = parts.operator.as_who(SOURCE), parts.now()
        assert expected is not None
        said = press_of(parts).withdraw(
            name, message, expected, who=who, at=at, **dict(body)
        )
        receipt = await timed(parts, said)
    where = f"/rulebooks/{name}"
    return told(receipt, parts, {"name": name}, status=200, location=where)


def known(parts: Parts, name: str) -> Rulebook:
    """A published version by its name. It may wait for the database."""
    try:
        return parts.ledger.rulebooks[name]
    except KeyError as error:
        fix = "name a rulebook and its version, as in S46@1"
        raise DoorError("not-found", Lack("name", fix)) from error


def looked_at(parts: Parts, book: Rulebook) -> dict[str, Any]:
    """What would be put forward, and how it differs from the newest that is published."""
    every = press_of(parts).each("rulebook")
    newest = next((each.newest for each in every if each.name == book.id), 0)
    old = known(parts, f"{book.id}@{newest}") if newest else None
    return {
        "name": book.name,
        "sha256": book.sha256,
        "assumed": len(book.assumed),
        "gaps": len(book.gaps),
        "since": old.name if old else None,
        "difference": difference(old, book) if old else [],
    }


def history(publication: Publication) -> dict[str, Any]:
    """Every version of a text, without the text itself."""
    shown = {"id", "version", "sha256", "effective_on", "approvals", "decided_at"}
    more = {"who", "last_day", "reason", "retroactive"}
    return {
        "id": publication.name,
        "version": publication.version,
        "newest": publication.newest or None,
        "events": [
            {"event": event.TOPIC, **event.model_dump(mode="json", include=shown | more)}
            for event in publication.log
        ],
    }
