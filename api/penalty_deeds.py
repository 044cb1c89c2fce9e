"""What can be said about an offence and its notice: one route for each deed."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Annotated, Any
from uuid import UUID, uuid4

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from pydantic import BaseModel

from api import openapi
from api.asked import SOURCE, body_of, counted, message_of, timed, told, version_of
from api.identity.sites import complaint_of
from api.parts import Parts, parts_in, parts_of
from api.penalty_shapes import CandidatesBody, OffenceBody
from api.shown import shown
from domain import penalty_offence
from domain.deeds import Deed
from domain.entry import Message, Receipt
from domain.errors import InvalidError, Lack, UnknownComplaintError, UnknownNoticeError
from domain.event import Stream, When
from domain.ledger import Request as Asked
from domain.ledger import aside
from domain.penalty import Notice, OffenceStated
from domain.penalty_assessed import assessed
from domain.penalty_deeds import NOTICE_DEEDS, looks
from domain.penalty_life import penalties_of
from domain.penalty_proposal import Amounts, by_clause
from domain.rulebooks.fines import Candidate
from domain.rulebooks.policy import Case
from domain.rulebooks.rulebook import Rules

PROBLEMS = {400, 403, 404, 409, 412, 413, 415, 422, 503}
router = APIRouter(prefix="/penalties", tags=["penalties"])


@router.post(
    "",
    response_model=None,
    summary="penalty.offence_stated",
    status_code=201,
    **openapi.of_command(OffenceBody, 201, PROBLEMS - {412}),
)
async def state(request: Request, parts: Annotated[Parts, Depends(parts_of)]) -> Response:
    """State what one person did: a fact, from which a notice may follow."""
    with counted(parts, "offence_stated"):
        parts.operator.has_to("offence_stated")
        raw, body = await body_of(request, parts, OffenceBody)
        message = message_of(request, parts, raw)
        notice_id, receipt = await stated(parts, body, message, source=SOURCE)
    name = {"notice": str(notice_id)}
    return told(receipt, parts, name, status=201, location=f"/penalties/{notice_id}")


async def stated(
    parts: Parts, body: OffenceBody, message: Message, *, source: str
) -> tuple[UUID, Receipt]:
    """Begin a notice: one way for programs and for the forms of our pages."""
    event = await offence_of(parts, body, source=source)
    notice = penalty_offence.state_offence(uuid4(), event)
    receipt = await timed(parts, parts.ledger.begin(message, notice))
    return receipt.complaint_id, receipt


async def offence_of(parts: Parts, body: OffenceBody, *, source: str) -> OffenceStated:
    """The act with the rules that govern its complaint, or the plant where it has none."""
    case = Case(site=parts.site, received_on=parts.now().date(), occurred_on=body.on)
    complaint_id, rulebooks = None, parts.opened.policies.current.governing(case)
    if body.complaint is not None:
        complaint_id = await numbered(parts, body.complaint)
        found = await aside(parts.ledger.load, complaint_id)
        rulebooks |= found.rulebooks
    words = dict(body)
    words.pop("complaint")
    occurred_at, precision = words.pop("occurred_at"), words.pop("precision")
    pinned = {topic: name for topic, name in rulebooks.items() if topic == "fines"}
    return OffenceStated(
        who=parts.operator.as_who(source),
        when=When(occurred_at=occurred_at or parts.now(), precision=precision),
        complaint_id=complaint_id,
        rulebooks=pinned,
        **words,
    )


async def numbered(parts: Parts, number: str) -> UUID:
    """The complaint of that number; refused as a field of the body."""
    try:
        return await complaint_of(parts, number)
    except UnknownComplaintError as error:
        raise InvalidError(Lack("complaint", "check its number")) from error


@router.post(
    "/candidates",
    response_model=None,
    summary="what the catalog says of an act",
    **openapi.of_command(CandidatesBody, 200, PROBLEMS - {412}, answers="Candidates"),
)
async def preview(request: Request, parts: Annotated[Parts, Depends(parts_of)]) -> Response:
    """The clauses that fit an act, with their arithmetic. Nothing is recorded."""
    parts.operator.has_to("read_penalties")
    _, body = await body_of(request, parts, CandidatesBody)
    event = await offence_of(parts, body.offence, source=SOURCE)
    notice = penalty_offence.state_offence(uuid4(), event)
    return shown(await judged(parts, notice, body.amounts), parts.zone)


@router.get(
    "/{notice}/candidates",
    response_model=None,
    **openapi.of_read("Candidates", {403, 404, 409, 422, 503}),
)
async def candidates(notice: UUID, parts: Annotated[Parts, Depends(parts_of)]) -> Response:
    """What the catalog of its day says of an act that was stated."""
    parts.operator.has_to("read_penalties")
    found = await notice_of(parts, notice)
    return shown(await judged(parts, found, ()), parts.zone)


async def judged(parts: Parts, notice: Notice, amounts: Amounts) -> dict[str, Any]:
    """Every candidate with the text of its clause, as the page and programs show it."""
    penalties = penalties_of(parts.ledger.rulebooks.of(notice))
    if penalties is None or penalties.catalog is None:
        return {"catalog": None, "covered": False, "candidates": []}
    look = parts.opened.look()
    known = await aside(assessed, notice, penalties, look, by_clause(amounts))
    texts = {
        known.catalog.cites(clause, tariff): clause.act
        for clause in known.catalog.clauses
        for tariff in clause.tariffs
    }
    return {
        "catalog": known.catalog.name,
        "covered": bool(known.found),
        "candidates": [
            said(one) | {"act": texts[one.clause].model_dump()} for one in known.found
        ],
    }


def said(one: Candidate) -> dict[str, Any]:
    """A candidate as programs read it. Money is in fen; null is not stated."""
    return {
        "clause": one.clause,
        "kind": one.kind,
        "account": one.account,
        "state": one.state,
        "times": f"{one.times.normalize():f}",
        "low": one.low,
        "high": one.high,
        "amount": one.amount,
        "outcome": one.outcome,
        "bears_cost": one.bears_cost,
        "heavier": one.heavier,
        "nth": one.nth,
        "missing": list(one.missing),
        "asks": list(one.asks),
        "arithmetic": list(one.arithmetic),
    }


async def notice_of(parts: Parts, notice: UUID) -> Notice:
    """A notice as it stands in the store; the id of anything else names none."""
    try:
        return only_a_notice(await aside(parts.ledger.load, notice))
    except UnknownComplaintError as error:
        raise UnknownNoticeError(Lack("notice", "check its id")) from error


def only_a_notice(stream: Stream) -> Notice:
    """The same stream, if it is a notice; a complaint's id names none."""
    if not isinstance(stream, Notice):
        raise UnknownNoticeError(Lack("notice", "check its id"))
    return stream


def route(deed: Deed) -> Callable[[Request, UUID], Awaitable[Response]]:
    """A fact is created (201); a decision names the version it saw and is done (200)."""

    async def say(request: Request, notice: UUID) -> Response:
        parts = parts_in(request)
        with counted(parts, deed.name):
            parts.operator.has_to(deed.name)
            expected = version_of(request, needed=not deed.is_fact)
            raw, body = await body_of(request, parts, deed.shape)
            message = message_of(request, parts, raw)
            receipt = await taken(
                parts, deed, notice, body, message, expected=expected, source=SOURCE
            )
        name, status = {"notice": str(notice)}, 201 if deed.is_fact else 200
        return told(receipt, parts, name, status=status, location=f"/penalties/{notice}")

    return say


async def taken(
    parts: Parts,
    deed: Deed,
    notice: UUID,
    body: BaseModel,
    message: Message,
    *,
    expected: int | None,
    source: str,
) -> Receipt:
    """Say it of a notice: one way for programs and for the forms of our pages."""
    who, at, look = parts.operator.as_who(source), parts.now(), looks(deed)

    def decide(stream: Stream, rules: Rules) -> Stream | None:
        more: Mapping[str, object] = {"look": parts.opened.look()} if look else {}
        decided = deed.said(body, who=who, at=at, ids=more)
        return decided(only_a_notice(stream), rules)

    asked = Asked(message, notice, expected, decide, looks=look)
    try:
        return await timed(parts, parts.ledger.take(asked))
    except UnknownComplaintError as error:
        raise UnknownNoticeError(Lack("notice", "check its id")) from error


for _deed in NOTICE_DEEDS.values():
    router.add_api_route(
        f"/{{notice}}/{_deed.name}",
        route(_deed),
        methods=["POST"],
        response_model=None,
        status_code=201 if _deed.is_fact else 200,
        name=f"notice_{_deed.name}",
        summary=_deed.event.TOPIC,
        description=str(_deed.do.__doc__),
        **openapi.of_deed(_deed),
    )
