"""Costs and points that follow no offence: charged to somebody, taken from a score."""

from typing import Annotated
from uuid import UUID, uuid4

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from api import openapi
from api.asked import SOURCE, body_of, counted, message_of, timed, told
from api.parts import Parts, parts_of
from api.penalty_deeds import numbered
from api.penalty_shapes import CostBody, PointsBody
from domain.entry import Message, Receipt
from domain.ledger import aside
from domain.penalty_charges import charge_cost, deduct_points
from domain.project import Project
from domain.rulebooks.policy import Case
from domain.rulebooks.rulebook import Rules

PROBLEMS = {400, 403, 404, 409, 413, 415, 422, 503}
router = APIRouter(tags=["penalties"])


@router.post(
    "/penalties/cost_charged",
    response_model=None,
    summary="penalty.cost_charged",
    status_code=201,
    **openapi.of_command(CostBody, 201, PROBLEMS),
)
async def cost(request: Request, parts: Annotated[Parts, Depends(parts_of)]) -> Response:
    """Charge a cost: it counts at once where no regulation names who approves it."""
    with counted(parts, "cost_charged"):
        parts.operator.has_to("cost_charged")
        raw, body = await body_of(request, parts, CostBody)
        receipt = await charged(parts, body, message_of(request, parts, raw), SOURCE)
    return _told(parts, receipt)


async def charged(parts: Parts, body: CostBody, message: Message, source: str) -> Receipt:
    """One way for programs and for the forms of our pages."""
    rules, complaint_id = await _governing(parts, body.complaint)
    words = dict(body)
    words.pop("complaint")
    notice = charge_cost(
        uuid4(),
        rules,
        who=parts.operator.as_who(source),
        at=parts.now(),
        complaint_id=complaint_id,
        **words,
    )
    return await timed(parts, parts.ledger.begin(message, notice))


async def _governing(parts: Parts, number: str | None) -> tuple[Rules, UUID | None]:
    """The rules of its complaint, or of the plant where it has none."""
    if number is not None:
        complaint_id = await numbered(parts, number)
        found = await aside(parts.ledger.load, complaint_id)
        return parts.ledger.rulebooks.of(found), complaint_id
    case = Case(site=parts.site, received_on=parts.now().date())
    by_topic = parts.opened.policies.current.governing(case)
    books = {topic: parts.ledger.rulebooks[name] for topic, name in by_topic.items()}
    return Rules(books), None


@router.post(
    "/projects/{number}/points_deducted",
    response_model=None,
    summary="penalty.points_deducted",
    status_code=201,
    **openapi.of_command(PointsBody, 201, PROBLEMS),
)
async def points(
    number: str, request: Request, parts: Annotated[Parts, Depends(parts_of)]
) -> Response:
    """Take points from a project's score; a reversal of the notice gives them back."""
    with counted(parts, "points_deducted"):
        parts.operator.has_to("points_deducted")
        raw, body = await body_of(request, parts, PointsBody)
        message = message_of(request, parts, raw)
        receipt = await deducted(parts, number, body, message, SOURCE)
    return _told(parts, receipt)


async def deducted(
    parts: Parts, number: str, body: PointsBody, message: Message, source: str
) -> Receipt:
    """One way for programs and for the forms of our pages."""
    project = await project_of(parts, number)
    notice = await aside(
        deduct_points,
        uuid4(),
        parts.ledger.rulebooks.of(project),
        parts.opened.look(),
        who=parts.operator.as_who(source),
        at=parts.now(),
        project=project.number,
        **dict(body),
    )
    return await timed(parts, parts.ledger.begin(message, notice))


async def project_of(parts: Parts, number: str) -> Project:
    """The project of that number, as it stands in the store."""
    stream_id = await parts.ledger.recorded_as("project", number)
    found = await aside(parts.ledger.load, stream_id)
    assert isinstance(found, Project)
    return found


def _told(parts: Parts, receipt: Receipt) -> Response:
    notice = str(receipt.complaint_id)
    where = f"/penalties/{notice}"
    return told(receipt, parts, {"notice": notice}, status=201, location=where)
