"""Regulations: what is published, what differs, and publishing another version."""

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, ConfigDict

from api import openapi
from api.asked import body_of, counted
from api.drafts import rulebook_draft, rulebook_of
from api.parts import Parts, apart, parts_in, parts_of
from api.press import Press, Saying
from api.problems import DoorError
from api.publishing import (
    PROPOSING,
    add_decisions,
    decided,
    deciding,
    history,
    looking,
    press_of,
    put_forward,
)
from domain.entry import Receipt
from domain.errors import Lack
from domain.rulebooks.difference import difference
from domain.rulebooks.policy import Case
from domain.rulebooks.publication import Document
from domain.rulebooks.rulebook import Rulebook
from domain.words import Text

router = APIRouter(prefix="/rulebooks", tags=["rulebooks"])


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


class RulebookDifference(BaseModel):
    """One line for each value that differs: its clause, its place, before and now."""

    model_config = ConfigDict(extra="forbid")

    old: str
    new: str
    lines: list[str]


SHAPES: tuple[type[BaseModel], ...] = (
    RulebookText,
    Withdrawal,
    RulebookDifference,
)


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
    parts = parts_in(request)
    with counted(parts, "published"):
        parts.operator.has_to("publish")
        raw, body = await body_of(request, parts, RulebookText)
        draft, _ = rulebook_draft(
            body.text, effective_on=body.effective_on, retroactive=body.retroactive
        )
        return await put_forward(request, raw, draft)


@router.post("/validated", response_model=None, **looking(RulebookText))
async def validate(request: Request) -> Response:
    """All that is wrong with a text, or how it differs; nothing is put forward."""
    parts = parts_in(request)
    parts.operator.has_to("read")
    _, body = await body_of(request, parts, RulebookText)
    return JSONResponse(await apart(looked_at, parts, rulebook_of(body.text)))


add_decisions(router, "rulebook")


@router.post("/{name}/withdrawn", **deciding(Withdrawal, "rulebook.withdrawn"))
async def withdraw(name: str, request: Request) -> Response:
    """Let it govern nothing that is new; what it governs it goes on governing."""

    async def said(press: Press, body: Withdrawal, saying: Saying) -> Receipt:
        return await press.withdraw(name, saying, **dict(body))

    return await decided(request, Withdrawal, "rulebook", name, said)


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
