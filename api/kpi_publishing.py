"""Publishing a figure and saying another one in its place; and why the two differ."""

import hashlib
from dataclasses import asdict, dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from psycopg import Connection
from pydantic import BaseModel, ConfigDict

from api import openapi
from api.asked import SOURCE, body_of, counted, message_of, timed, told, version_of
from api.kpi_asked import PARAMETERS, Put, Question, dictionary, kpi_of, put, question_of
from api.kpi_shapes import figure_as_json
from api.parts import Parts, parts_of, reading
from api.shown import shown
from domain.codec import canonical
from domain.entry import Message, Receipt
from domain.errors import Lack, NotAllowedError, UnknownComplaintError
from domain.kpi import publication
from domain.kpi.definition import Kpi
from domain.kpi.figure import Figure
from domain.kpi.publication import Cell, Scope, as_number, stream_of
from domain.ledger import aside
from domain.words import Text
from projections import kpi_query
from projections.kpi_changes import Change, changes
from projections.kpi_published import Shown, of_month
from projections.kpi_query import Asked
from projections.snapshot import snapshot

router = APIRouter(prefix="/kpis/{name}/{month}", tags=["kpis"])

SCOPED = [one for one in PARAMETERS if one["name"] in {"site", "customer", "product"}]
PROBLEMS = {400, 403, 404, 409, 412, 413, 415, 422, 503}


class PublishBody(BaseModel):
    """Nothing has to be said: the figure is taken as it is known now."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class RestateBody(BaseModel):
    """Why another value is to be read."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    reason: Text


@dataclass(frozen=True, slots=True)
class Account:
    """What was shown, what is known, and the lines between the two."""

    what: Put
    figure: Figure
    first: list[Shown]  # first to last; none: never shown
    lines: list[Change]


SHAPES: tuple[type[BaseModel], ...] = (PublishBody, RestateBody)


def _described(shape: type[BaseModel], *, versioned: bool | None) -> dict[str, Any]:
    problems = PROBLEMS | {428} if versioned else PROBLEMS
    said = openapi.of_command(shape, 200, problems, versioned=versioned)
    said["openapi_extra"]["parameters"] += SCOPED
    return said


@router.post(
    "/published",
    response_model=None,
    summary="kpi.published",
    **_described(PublishBody, versioned=None),
)
async def published(
    name: str, month: str, request: Request, parts: Annotated[Parts, Depends(parts_of)]
) -> Response:
    """Publish a month that is over: from now on this value stands as the one shown."""
    with counted(parts, "kpi.published"):
        parts.operator.has_to("kpi.published")
        raw, _ = await body_of(request, parts, PublishBody)
        message = message_of(request, parts, raw)
        question = question_of({**request.query_params, "month": month})
        receipt = await publish(parts, kpi_of(name), question, message, source=SOURCE)
    return told(receipt, parts, {}, status=200, location=f"/kpis/{name}/{month}/changes")


async def publish(
    parts: Parts, kpi: Kpi, question: Question, message: Message, *, source: str
) -> Receipt:
    """The same for programs and for the form of our page."""
    cell = await reading(parts, cell_of, parts, kpi, question)
    stream = stream_of(cell.kpi, cell.month, cell.scope)
    known = await aside(parts.ledger.receipt, message)
    if known is None and await aside(parts.ledger.found, stream) is not None:
        raise NotAllowedError(Lack("month", "it is published: restate it"))
    who = parts.operator.as_who(source)
    begun = publication.publish(cell, who=who, at=parts.now())
    return await timed(parts, parts.ledger.begin(message, begun))


@router.post(
    "/restated",
    response_model=None,
    summary="kpi.restated",
    **_described(RestateBody, versioned=True),
)
async def restated(
    name: str, month: str, request: Request, parts: Annotated[Parts, Depends(parts_of)]
) -> Response:
    """Say that the value known now is to be read in place of the published one."""
    with counted(parts, "kpi.restated"):
        parts.operator.has_to("kpi.restated")
        expected = version_of(request, needed=True)
        raw, body = await body_of(request, parts, RestateBody)
        message = message_of(request, parts, raw)
        question = question_of({**request.query_params, "month": month})
        receipt = await restate(
            parts,
            kpi_of(name),
            question,
            message,
            expected=expected,
            reason=body.reason,
            source=SOURCE,
        )
    return told(receipt, parts, {}, status=200, location=f"/kpis/{name}/{month}/changes")


async def restate(
    parts: Parts,
    kpi: Kpi,
    question: Question,
    message: Message,
    *,
    expected: int | None,
    reason: str,
    source: str,
) -> Receipt:
    """The same for programs and for the form of our page."""
    cell = await reading(parts, cell_of, parts, kpi, question)
    change = parts.ledger.change(
        message,
        stream_of(cell.kpi, cell.month, cell.scope),
        expected,
        publication.restate,
        who=parts.operator.as_who(source),
        at=parts.now(),
        cell=cell,
        reason=reason,
    )
    try:
        return await timed(parts, change)
    except UnknownComplaintError as error:
        raise NotAllowedError(Lack("month", "publish it first")) from error


def cell_of(conn: Connection[Any], parts: Parts, kpi: Kpi, question: Question) -> Cell:
    """The figure as it is known now, with what it rests on."""
    with snapshot(conn):
        what = put(conn, question.model_copy(update={"position": None, "at": None}), parts)
        asked = Asked(**{**asdict(what.asked), "position": what.known, "at": parts.now()})
        figure = kpi_query.cell(conn, asked, kpi.definition, what.month)
        rows = [
            [part, str(one.stream_id), one.subject, one.amount]
            for part in ("numerator", "denominator")
            for one in kpi_query.lines(
                conn,
                asked,
                kpi.definition,
                what.month,
                part,
                limit=None,
            )
        ]
    return Cell(
        kpi=kpi.name,
        month=what.month,
        zone=asked.zone,
        scope=Scope(site=asked.site, customer=asked.customer, product=asked.product),
        value=as_number(figure.value),
        numerator=figure.numerator,
        denominator=as_number(figure.denominator),
        position=max(1, what.known),
        at=asked.at,
        definition=kpi.sha256,
        lines=hashlib.sha256(canonical({"lines": rows})).hexdigest(),
    )


@router.get(
    "/changes",
    response_model=None,
    openapi_extra={"parameters": [one for one in PARAMETERS if one["name"] != "month"]},
    **openapi.of_read("Changes", {403, 404, 422, 503}),
)
async def why(
    name: str, month: str, request: Request, parts: Annotated[Parts, Depends(parts_of)]
) -> Response:
    """What was published, what is known now, and each line that makes the difference."""
    parts.operator.has_to("read_all")
    kpi = kpi_of(name)
    question = question_of({**request.query_params, "month": month})
    found = await reading(parts, account, parts, kpi, question)
    what, first = found.what, found.first
    said = {
        "published": [one._asdict() for one in first],
        "known": figure_as_json(kpi, what.month, found.figure),
        "changes": [asdict(one) for one in found.lines],
        "position": what.position,
    }
    headers = {"ETag": f'"{first[-1].version}"'} if first else {}
    return shown(said, parts.zone, headers=headers)


def account(conn: Connection[Any], parts: Parts, kpi: Kpi, question: Question) -> Account:
    """From what was shown last to what is known: nothing where nothing was shown."""
    with snapshot(conn):
        what = put(conn, question, parts)
        figure = kpi_query.cell(conn, what.asked, kpi.definition, what.month)
        asked = what.asked
        scope = Scope(site=asked.site, customer=asked.customer, product=asked.product)
        first = of_month(conn, what.month, scope, asked.position).get(kpi.id, [])
        if not first:
            return Account(what, figure, [], [])
        last = first[-1]
        then = Asked(**{**asdict(asked), "position": last.rests_on, "at": last.judged_at})
        was = dictionary()[last.kpi]
        found = changes(conn, was, what.month, then, asked, now=kpi)
        return Account(what, figure, first, found)
