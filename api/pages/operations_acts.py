"""What an operator does from the operations page: let go on, put back, settle letters."""

from collections.abc import Awaitable, Callable
from typing import Literal
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from api import inbound
from api.pages.sent import SOURCE, Sent, sent
from api.parts import Operating, Parts, parts_in
from api.problems import DoorError
from domain.errors import InvalidError, Lack
from projections import PROJECTIONS

router = APIRouter(include_in_schema=False)

SEE_OTHER = 303
Done = Literal[
    "unparked", "parked_again", "not_parked", "rolled_back", "redriven", "dismissed"
]
Act = Callable[[Request, Parts, Sent], Awaitable[Done]]


async def _unpark(_: Request, parts: Parts, form: Sent) -> Done:
    """Try a parked stream again, in every read model that it is parked in."""
    try:
        stream = UUID(form.texts.get("stream", ""))
    except ValueError:
        raise DoorError("not-found") from None
    tried = await _operating(parts).unpark(parts.operator.as_who(SOURCE), stream)
    if not tried:
        return "not_parked"
    return "unparked" if all(one.goes_on for one in tried) else "parked_again"


async def _roll_back(_: Request, parts: Parts, form: Sent) -> Done:
    """Show the tables that were read before the last rebuild again."""
    name = form.texts.get("projection", "")
    if name not in {one.name for one in PROJECTIONS}:
        raise DoorError("not-found")
    await _operating(parts).roll_back(parts.operator.as_who(SOURCE), name)
    return "rolled_back"


async def _redrive(request: Request, parts: Parts, form: Sent) -> Done:
    """Take the message of a letter in again, now."""
    await inbound.redrive(request, _nth(form), parts)
    return "redriven"


async def _dismiss(request: Request, parts: Parts, form: Sent) -> Done:
    """Let a letter go: its message is not taken in."""
    await inbound.dismiss(request, _nth(form), parts)
    return "dismissed"


ACTS: dict[str, Act] = {
    "unpark": _unpark,
    "rollback": _roll_back,
    "redrive": _redrive,
    "dismiss": _dismiss,
}


@router.post("/operations/{act}")
async def acted(act: str, request: Request) -> Response:
    """Do it, and show the page as it is since."""
    parts = parts_in(request)
    parts.operator.has_to("operate")
    form = await sent(request)
    if act not in ACTS:
        raise DoorError("not-found")
    if not form.is_ours:
        raise DoorError("foreign-origin")
    done = await ACTS[act](request, parts, form)
    return RedirectResponse(f"/operations?done={done}", SEE_OTHER)


def _operating(parts: Parts) -> Operating:
    if parts.operating is None:
        raise InvalidError(Lack("", "do it at a terminal"))
    return parts.operating


def _nth(form: Sent) -> int:
    said = form.texts.get("letter", "")
    if not said.isascii() or not said.isdecimal():
        raise DoorError("not-found")
    return int(said[:19])
