"""Publishing over HTTP, the same for each kind of text: put forward, approved, rejected."""

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict

from api import openapi
from api.asked import SOURCE, body_of, counted, message_of, timed, told, version_of
from api.parts import Parts, parts_in
from api.press import Press, Saying
from domain.entry import Receipt
from domain.rulebooks.publication import Draft, Kind, Publication
from domain.words import Text

PROPOSING = {400, 403, 409, 412, 413, 415, 422, 428, 503}

M = TypeVar("M", bound=BaseModel)


class Approval(BaseModel):
    """Nothing more has to be said: who asks approves what was put forward."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Rejection(BaseModel):
    """Why what was put forward is not wanted."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    reason: Text


SHAPES: tuple[type[BaseModel], ...] = (Approval, Rejection)


def place_of(kind: Kind, name: str) -> str:
    """Where a text is read; of policy sets there is one."""
    return f"/rulebooks/{name}" if kind == "rulebook" else "/policy-sets"


def press_of(parts: Parts) -> Press:
    """The press, in this ledger."""
    return Press(opened=parts.opened, reads=parts.reads, zone=parts.zone)


def looking(shape: type[BaseModel]) -> dict[str, Any]:
    """How a route describes itself that reads a text and records nothing."""
    asked = openapi.of_command(shape, 200, ())
    return {**asked, **openapi.of_read(None, {400, 403, 413, 415, 422, 503})}


def deciding(shape: type[BaseModel], topic: str) -> dict[str, Any]:
    """How a route describes itself that decides about a text."""
    asked = openapi.of_command(shape, 200, PROPOSING, versioned=True)
    return {"response_model": None, "summary": topic, **asked}


def add_decisions(router: APIRouter, kind: Kind) -> None:
    """Give a router what a second person says of a text of this kind."""

    @router.post("/{name}/approved", **deciding(Approval, f"{kind}.published"))
    async def approve(name: str, request: Request) -> Response:
        """Publish what somebody else put forward: from then on it is never another text."""

        async def said(press: Press, _body: Approval, saying: Saying) -> Receipt:
            return await press.approve(kind, name, saying)

        return await decided(request, Approval, kind, name, said)

    @router.post("/{name}/rejected", **deciding(Rejection, f"{kind}.rejected"))
    async def reject(name: str, request: Request) -> Response:
        """Put aside what was put forward, and say why; nothing is published."""

        async def said(press: Press, body: Rejection, saying: Saying) -> Receipt:
            return await press.reject(kind, name, saying, body.reason)

        return await decided(request, Rejection, kind, name, said)


async def decided(
    request: Request,
    shape: type[M],
    kind: Kind,
    name: str,
    does: Callable[[Press, M, Saying], Awaitable[Receipt]],
) -> Response:
    """Take a decision about one version of a text, on the version its sender saw."""
    parts = parts_in(request)
    with counted(parts, request.url.path.rpartition("/")[2]):
        parts.operator.has_to("publish")
        expected = version_of(request, needed=True)
        raw, body = await body_of(request, parts, shape)
        saying = saying_of(request, parts, raw, expected)
        receipt = await timed(parts, does(press_of(parts), body, saying))
    where = place_of(kind, name)
    return told(receipt, parts, {"name": name}, status=200, location=where)


async def put_forward(request: Request, raw: bytes, draft: Draft) -> Response:
    """Put a text forward; its first version ever needs no version seen."""
    parts = parts_in(request)
    saying = saying_of(request, parts, raw, version_of(request, needed=False))
    receipt = await timed(parts, press_of(parts).propose(draft, saying))
    name = {"name": f"{draft.id}@{draft.version}"}
    where = place_of(draft.kind, draft.id)
    return told(receipt, parts, name, status=201, location=where)


def saying_of(request: Request, parts: Parts, raw: bytes, expected: int | None) -> Saying:
    """What a request says, in the name of who sends it."""
    message = message_of(request, parts, raw)
    who, at = parts.operator.as_who(SOURCE), parts.now()
    return Saying(message=message, expected=expected, who=who, at=at)


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
