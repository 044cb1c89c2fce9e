"""Messages of other systems over HTTP: the code that reads the topic, without the topic."""

import asyncio
import json
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel

from api import openapi
from api.asked import counted
from api.inbound_shapes import Kind, Letters, MessageShown, OutcomeShown, RehearsalShown
from api.parts import Parts, parts_in, parts_of, reading
from api.problems import DoorError
from api.shown import shown
from consumers.inbound import letters, outcomes, sources
from consumers.inbound.desk import Desk
from consumers.inbound.intake import Intake
from consumers.inbound.letters import PAGE_MAX, Listed
from consumers.inbound.message import STRUCTURED, from_http
from consumers.inbound.parcel import UNREADABLE, Arrival, Parcel, Told, parcel
from consumers.inbound.rehearsal import Rehearsed, rehearse
from domain.errors import (
    Lack,
    TooLargeError,
    UnknownMessageError,
    UnreadableError,
    retold,
)

router = APIRouter(prefix="/inbound", tags=["inbound"])

STATUS = {"accepted": 201, "duplicate": 200, "held": 202}
NTH_MAX = 2**63 - 1

TheParts = Annotated[Parts, Depends(parts_of)]


def _done(words: str, *shapes: type[BaseModel]) -> openapi.Doc:
    refs = [{"$ref": openapi.REF.format(model=shape.__name__)} for shape in shapes]
    schema = refs[0] if len(refs) == 1 else {"anyOf": refs}
    return {"description": words, "content": {"application/json": {"schema": schema}}}


_BODY: openapi.Doc = {
    "required": True,
    "description": "A CloudEvent 1.0: its data with `ce-…` headers, or all of it as JSON.",
    "content": {
        "application/json": {"schema": {"type": "object"}},
        STRUCTURED: {"schema": {"type": "object"}},
    },
}
_SETTLED: dict[int | str, openapi.Doc] = {
    200: _done("What became of it.", OutcomeShown),
    **openapi.failing({403, 404, 409, 503}),
}


@router.post(
    "",
    response_model=None,
    summary="a message of another system",
    openapi_extra={"requestBody": _BODY},
    responses={
        200: _done("A duplicate, or a rehearsal.", OutcomeShown, RehearsalShown),
        201: _done("Accepted.", OutcomeShown),
        202: _done("Held: its complaint is not there yet.", OutcomeShown),
        **openapi.failing({400, 403, 404, 409, 412, 413, 415, 422, 503}),
    },
)
async def take(
    request: Request,
    parts: TheParts,
    dry_run: Annotated[bool, Query(description="decide, show, record nothing")] = False,
) -> Response:
    """Take a message in. The same again is a duplicate, with other content a conflict."""
    with counted(parts, "inbound"):
        parts.operator.has_to("bring_in")
        desk = await _desk(request)
        arrival = Arrival(from_http(request.headers.raw, await request.body()))
        _check(parcel(arrival, desk.sources))
        if dry_run:
            return await _rehearsed(parts, await rehearse(desk, arrival))
        [told] = await Intake(desk).take([arrival])
        return await _answered(parts, told)


@router.get(
    "/letters", response_model=None, **openapi.of_read(Letters.__name__, {403, 422, 503})
)
async def kept(
    parts: TheParts,
    kind: Annotated[list[Kind] | None, Query()] = None,
    after: Annotated[int, Query(ge=0, le=NTH_MAX)] = 0,
    limit: Annotated[int, Query(ge=1, le=PAGE_MAX)] = PAGE_MAX,
) -> Response:
    """Messages that wait, that nobody can read, or that somebody has to decide about."""
    parts.operator.has_to("operate")
    kinds: tuple[str, ...] = tuple(kind or letters.KINDS)
    found = await reading(parts, letters.listed, kinds=kinds, after=after, limit=limit)
    said: dict[str, Any] = {"letters": [_letter(one) for one in found]}
    if len(found) == limit:
        asked = "".join(f"&kind={one}" for one in kind or ())
        said["next"] = f"/inbound/letters?after={found[-1].nth}&limit={limit}{asked}"
    return shown(said, parts.zone)


@router.post("/letters/{letter}/redrive", response_model=None, responses=_SETTLED)
async def redrive(request: Request, letter: int, parts: TheParts) -> Response:
    """Take the message of a letter in again, now."""
    parts.operator.has_to("operate")
    _check_nth(letter)
    intake = Intake(await _desk(request))
    told = await letters.redrive(intake, letter, by=parts.operator.id)
    return shown(await _as_json(parts, told), parts.zone)


@router.post(
    "/letters/{letter}/dismiss",
    response_model=None,
    status_code=204,
    responses={204: {"description": "It is gone."}, **openapi.failing({403, 404, 503})},
)
async def dismiss(request: Request, letter: int, parts: TheParts) -> Response:
    """Let a letter go: its message is not taken in."""
    parts.operator.has_to("operate")
    _check_nth(letter)
    await letters.dismiss(await _desk(request), letter, by=parts.operator.id)
    return Response(status_code=204)


@router.get(
    "/{source}/{message_id:path}",
    response_model=None,
    **openapi.of_read(MessageShown.__name__, {403, 404, 503}),
)
async def answer(source: str, message_id: str, parts: TheParts) -> Response:
    """What became of a message, by the name of its source and its id."""
    parts.operator.has_to("read_all")
    stands = await reading(parts, outcomes.standing, source, message_id)
    if stands is None:
        raise UnknownMessageError(Lack("message_id", "check the source and the id"))
    history = await reading(parts, outcomes.history, source, message_id)
    said = stands.told() | {"history": [one.told() for one in history]}
    return shown(said, parts.zone)


async def _desk(request: Request) -> Desk:
    """One for the app: profiles are read once."""
    parts, state = parts_in(request), request.app.state
    if not hasattr(state, "desk"):
        known = await asyncio.to_thread(
            sources.load, site=parts.site, zone=parts.zone, folder=parts.profiles
        )
        state.desk = Desk(
            opened=parts.opened,
            reads=parts.reads,
            sources=known,
            held_days=parts.limits.held_days,
            clock=parts.clock,
        )
    desk: Desk = state.desk
    return desk


def _check(made: Parcel) -> None:
    """What cannot be read is told to whoever sent it, and not kept: nobody else waits."""
    if not made.source.startswith(UNREADABLE):
        return
    assert made.entry is not None
    why = outcomes.why(made.entry.detail)
    lacks = [Lack(**lack) for lack in why["lacks"]]
    raise TooLargeError(*lacks) if why["code"] == "too-large" else UnreadableError(*lacks)


async def _answered(parts: Parts, told: Told) -> Response:
    """An outcome with its status; what was not taken is a problem like any other."""
    if told.outcome == "refused":
        assert told.detail is not None
        raise retold(told.detail, version=told.version)
    if told.outcome == "conflict":
        lacks = outcomes.why(told.detail)["lacks"]
        raise DoorError("conflict", *(Lack(**lack) for lack in lacks))
    place = f"/inbound/{quote(told.source)}/{quote(told.message_id, safe='')}"
    said = await _as_json(parts, told)
    headers = {"Location": place}
    return shown(said, parts.zone, status=STATUS[told.outcome], headers=headers)


async def _rehearsed(parts: Parts, done: Rehearsed) -> Response:
    said = await _as_json(parts, done.told)
    return shown({**said, "dry_run": True, "events": list(done.events)}, parts.zone)


async def _as_json(parts: Parts, told: Told) -> dict[str, Any]:
    number = None
    if told.stream is not None:
        number = await reading(parts, outcomes.number, told.stream)
    said = {
        "source": told.source,
        "message_id": told.message_id,
        "outcome": told.outcome,
        "number": number,
        "version": told.version,
        "position": told.position,
        **outcomes.why(told.detail),
    }
    return {name: value for name, value in said.items() if value is not None}


def _letter(one: Listed) -> dict[str, Any]:
    why = json.loads(one.reason)
    return {
        "letter": one.nth,
        "kind": one.kind,
        "source": one.source,
        "message_id": one.message_id,
        "digest": one.digest.hex(),
        "code": why["code"],
        "lacks": why["lacks"],
        "waits_for": one.waits_for,
        "kept": one.kept,
        "kept_until": one.kept_until,
        "recorded_at": one.recorded_at,
        "topic": one.topic,
        "partition": one.partition,
        "offset": one.offset,
    }


def _check_nth(letter: int) -> None:
    if not 0 < letter <= NTH_MAX:
        raise UnknownMessageError(Lack("letter", "there is none of this number"))
