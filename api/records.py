"""Shipments and projects over HTTP: each begins, and something is said about it."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from urllib.parse import quote
from uuid import UUID, uuid4

from fastapi import APIRouter, Request
from fastapi.responses import Response

from api import openapi
from api.asked import SOURCE, body_of, counted, message_of, timed, told, version_of
from api.identity.sites import record_of
from api.parts import Parts, parts_in
from domain.deeds import Deed
from domain.entry import Receipt
from domain.kinds import KINDS, Kind
from domain.ledger import Request as Asked
from domain.ledger import aside
from domain.record import Opening
from domain.rulebooks.policy import Case

Route = Callable[..., Awaitable[Response]]

PROBLEMS = {400, 403, 413, 415, 422, 503}


def beginning(kind: Kind) -> Route:
    """The route by which one of a kind begins: a fact, so it is created."""

    async def begin(request: Request) -> Response:
        parts = parts_in(request)
        deed = kind.begins
        with counted(parts, deed.right):
            parts.operator.has_to(deed.right)
            raw, body = await body_of(request, parts, deed.shape)
            message = message_of(request, parts, raw)
            who, at = parts.operator.as_who(SOURCE), parts.now()
            opening = await _opening(parts, kind, at)
            record = deed.begun(body, opening, who=who, at=at, stream_id=uuid4())
            receipt = await timed(parts, parts.ledger.begin(message, record))
        assert receipt.number is not None
        return _told(parts, kind, receipt.number, receipt, 201)

    return begin


def telling(kind: Kind, deed: Deed) -> Route:
    """The route by which something is said about one of a kind."""

    async def say(request: Request, number: str) -> Response:
        parts = parts_in(request)
        with counted(parts, deed.right):
            parts.operator.has_to(deed.right)
            expected = version_of(request, needed=not deed.is_fact)
            raw, body = await body_of(request, parts, deed.shape)
            message = message_of(request, parts, raw)
            stream_id: UUID = await record_of(parts, kind.name, number)
            who = parts.operator.as_who(SOURCE)
            decide = deed.said(body, who=who, at=parts.now(), ids={})
            asked = Asked(message, stream_id, expected, decide)
            receipt = await timed(parts, parts.ledger.take(asked))
        return _told(parts, kind, number, receipt, 201 if deed.is_fact else 200)

    return say


async def _opening(parts: Parts, kind: Kind, at: datetime) -> Opening:
    policy = await aside(parts.opened.policies.look)
    return Opening(
        number=kind.series.format(year=at.year),
        site=parts.site,
        zone=parts.zone,
        rulebooks=policy.governing(Case(site=parts.site, received_on=at.date())),
    )


def _told(parts: Parts, kind: Kind, number: str, receipt: Receipt, status: int) -> Response:
    where = f"/{kind.many}/{quote(number, safe='')}"
    return told(receipt, parts, {"number": number}, status=status, location=where)


router = APIRouter()
for _kind in KINDS.values():
    router.add_api_route(
        f"/{_kind.many}",
        beginning(_kind),
        methods=["POST"],
        response_model=None,
        status_code=201,
        tags=[_kind.many],
        name=_kind.begins.event.TOPIC,
        summary=_kind.begins.event.TOPIC,
        description=str(_kind.begins.do.__doc__),
        **openapi.of_command(_kind.begins.shape, 201, PROBLEMS),
    )
    for _deed in _kind.deeds.values():
        router.add_api_route(
            f"/{_kind.many}/{{number}}/{_deed.name}",
            telling(_kind, _deed),
            methods=["POST"],
            response_model=None,
            status_code=201,
            tags=[_kind.many],
            name=_deed.event.TOPIC,
            summary=_deed.event.TOPIC,
            description=str(_deed.do.__doc__),
            **openapi.of_deed(_deed),
        )
SHAPES = tuple(
    deed.shape for kind in KINDS.values() for deed in (kind.begins, *kind.deeds.values())
)
