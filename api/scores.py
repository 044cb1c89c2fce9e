"""Scores over HTTP: the annual sheet of a project, and all projects of a year."""

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response

from api import openapi
from api.pages.score_page import scores_page, sheet_page
from api.parts import Parts, parts_of
from api.penalties import wants_page
from api.score_sheet import Sheet, of_year, sheet
from api.shown import shown
from domain.rulebooks.money import Row
from domain.rulebooks.scores import Scored

router = APIRouter(tags=["scores"])
Year = Annotated[int | None, Query(ge=2000, le=2200)]


@router.get("/scores", response_model=None, **openapi.of_read("Scores", {403, 422, 503}))
async def all_scores(
    request: Request, parts: Annotated[Parts, Depends(parts_of)], year: Year = None
) -> Response:
    """Every project of a year with its rate; what facts make zero is on its own sheet."""
    parts.operator.has_to("read_all")
    year = year or parts.now().year
    if wants_page(request):
        return await scores_page(request, year)
    found = await of_year(parts, year)
    said = {"year": year, "projects": [asdict(line) for line in found.lines]}
    return shown(said | {"position": found.position}, parts.zone)


@router.get(
    "/projects/{number}/score",
    response_model=None,
    **openapi.of_read("ScoreShown", {403, 404, 409, 422, 503}),
)
async def one_score(
    number: str,
    request: Request,
    parts: Annotated[Parts, Depends(parts_of)],
    year: Year = None,
) -> Response:
    """The sheet of a year; a fact that makes a row zero is answered in the address."""
    parts.operator.has_to("read_all")
    year = year or parts.now().year
    if wants_page(request):
        return await sheet_page(request, number, year)
    found = await sheet(parts, number, year, dict(request.query_params))
    headers = {"ETag": f'"{found.project.version}"'}
    return shown(_as_json(found), parts.zone, headers=headers)


def _as_json(found: Sheet) -> dict[str, Any]:
    card = found.book.scorecard
    assert card is not None, "a sheet has a score"
    return {
        "project": found.project.number,
        "name": found.name,
        "version": found.project.version,
        "year": found.year,
        "rulebook": found.book.name,
        "rows": [_row(one, card.rows[one.row]) for one in found.score.rows],
        "allotted": found.score.allotted,
        "actual": found.score.actual,
        "rate": None if found.score.rate is None else str(found.score.rate),
        "facts": dict(found.facts),
        "notices": [asdict(one) for one in found.notices],
    }


def _row(scored: Scored, row: Row) -> dict[str, Any]:
    deductions = [
        {"name": one.name.model_dump(), "points": one.points, "per": one.per}
        for one in row.deductions
    ]
    return asdict(scored) | {"clause": row.clause, "deductions": deductions}
