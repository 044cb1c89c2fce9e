"""What can be said about a complaint: one route for each deed, made from its own shape."""

from collections.abc import Awaitable, Callable, Mapping
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import BaseModel

from api import openapi
from api.asked import SOURCE, body_of, counted, message_of, timed, told, version_of
from api.identity.sites import complaint_of
from api.parts import Parts, parts_in
from api.problems import DoorError
from domain.deeds import DEEDS, Deed
from domain.entry import Message, Receipt
from domain.errors import InvalidError, Lack, UnknownComplaintError
from domain.ledger import Request as Asked

Route = Callable[[Request, str], Awaitable[Response]]


def route(deed: Deed) -> Route:
    """A fact is created (201); a decision names the version it saw and is done (200)."""

    async def say(request: Request, number: str) -> Response:
        parts = parts_in(request)
        with counted(parts, deed.name):
            parts.operator.has_to(deed.name)
            expected = version_of(request, needed=not deed.is_fact)
            raw, body = await body_of(request, parts, deed.shape)
            message = message_of(request, parts, raw)
            complaint_id = await complaint_of(parts, number)
            receipt = await taken(
                parts, deed, complaint_id, body, message, expected=expected, source=SOURCE
            )
        name = {"number": number, "complaint_id": str(complaint_id)}
        said = receipt.said or receipt.version
        where = f"/complaints/{quote(number, safe='')}/events/{said}"
        status = 201 if deed.is_fact else 200
        return told(receipt, parts, name, status=status, location=where)

    return say


async def taken(
    parts: Parts,
    deed: Deed,
    complaint_id: UUID,
    body: BaseModel,
    message: Message,
    *,
    expected: int | None,
    source: str,
) -> Receipt:
    """Say it of a complaint: one way for programs and for the forms of our pages."""
    ids = await _ids(parts, deed, body)
    who = parts.operator.as_who(source)
    decide = deed.said(body, who=who, at=parts.now(), ids=ids)
    asked = Asked(message, complaint_id, expected, decide)
    return await timed(parts, parts.ledger.take(asked))


async def _ids(parts: Parts, deed: Deed, body: BaseModel) -> dict[str, UUID]:
    """The ids of other complaints that are named by number."""
    ids: dict[str, UUID] = {}
    for name in deed.others:
        number = getattr(body, name)
        if number is None:
            continue
        try:
            ids[name] = await complaint_of(parts, number)
        except UnknownComplaintError as error:
            fix = "check the number of the other complaint"
            raise InvalidError(Lack(name, fix)) from error
    return ids


SAY: Mapping[str, Route] = {name: route(deed) for name, deed in DEEDS.items()}


async def said(request: Request) -> Response:
    """Hand the request to the deed its address names."""
    say = SAY.get(request.path_params["word"])
    if say is None:
        raise DoorError("not-found", Lack("", f"say one of {', '.join(SAY)}"))
    return await say(request, request.path_params["number"])


# One route for all: trying thirty addresses, and what the framework does for arguments, was
# half of all function calls of a command.
router = APIRouter()
router.add_route("/complaints/{number}/{word}", said, methods=["POST"])

# Each deed as an address of its own, for the description alone.
described = APIRouter(prefix="/complaints/{number}", tags=["deeds"])
for _deed in DEEDS.values():
    described.add_api_route(
        f"/{_deed.name}",
        SAY[_deed.name],
        methods=["POST"],
        response_model=None,
        status_code=201 if _deed.is_fact else 200,
        name=_deed.name,
        summary=_deed.event.TOPIC,
        description=str(_deed.do.__doc__),
        **openapi.of_deed(_deed),
    )
