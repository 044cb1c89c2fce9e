"""Figures for programs: a month's, one of them with its months, and the lines under it."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from psycopg import Connection

from api import openapi
from api.kpi_asked import PARAMETERS, Put, Question, dictionary, kpi_of, put, question_of
from api.kpi_shapes import figure_as_json, missing_as_json
from api.pages.kpi_page import figure_page, figures_page
from api.parts import Parts, parts_of, reading
from api.penalties import wants_page
from api.shown import shown
from domain.kpi.contribution import months_back
from domain.kpi.definition import Kpi
from projections import kpi_query
from projections.csv_file import Cell, csv_file
from projections.kpi_query import TREND, Line, tally
from projections.snapshot import snapshot

router = APIRouter(prefix="/kpis", tags=["kpis"])

Part = Literal["numerator", "denominator", "excluded", "unknown"]
PROBLEMS = {403, 404, 422, 503}
ASKS: dict[str, Any] = {"openapi_extra": {"parameters": PARAMETERS}}
COLUMNS = tuple(Line.__dataclass_fields__)
TABLE = (
    "kpi",
    "month",
    "value",
    "unit",
    "numerator",
    "denominator",
    "low",
    "high",
    "excluded",
    "unknown",
    "because",
)


@router.get("", response_model=None, **ASKS, **openapi.of_read("Figures", PROBLEMS))
async def figures(request: Request, parts: Annotated[Parts, Depends(parts_of)]) -> Response:
    """Every figure of a month. Null is no value and never zero."""
    parts.operator.has_to("read_all")
    if wants_page(request):
        return await figures_page(request)
    question = question_of(request.query_params)
    return shown(await reading(parts, figures_as_json, parts, question), parts.zone)


def figures_as_json(
    conn: Connection[Any], parts: Parts, question: Question
) -> dict[str, Any]:
    """All of a month as one look has them."""
    with snapshot(conn):
        what = put(conn, question, parts)
        sums = tally(conn, what.asked, [what.month])
    return {
        "month": what.month,
        "at": what.asked.at,
        "position": what.position,
        "figures": [
            figure_as_json(one, what.month, sums.figure(one.definition, what.month))
            for one in dictionary()
        ],
        "missing": [missing_as_json(one) for one in dictionary().missing],
    }


@router.get(
    ".csv",
    response_model=None,
    response_class=Response,
    **ASKS,
    **openapi.of_list(None, PROBLEMS),
)
async def figures_file(
    request: Request, parts: Annotated[Parts, Depends(parts_of)]
) -> Response:
    """Every figure of the last two years as a file; it says what it rests on."""
    parts.operator.has_to("read_all")
    question = question_of(request.query_params)
    what, rows = await reading(parts, _table, parts, question)
    about = _about(what) | {"rows": str(len(rows))}
    return _file(f"kpis-{what.month}", csv_file(TABLE, rows, bom=True, about=about))


def _table(
    conn: Connection[Any], parts: Parts, question: Question
) -> tuple[Put, list[list[Cell]]]:
    with snapshot(conn):
        what = put(conn, question, parts)
        months = months_back(what.month, TREND)
        sums = tally(conn, what.asked, months)
    rows: list[list[Cell]] = []
    for one in dictionary():
        for month in months:
            said = figure_as_json(one, month, sums.figure(one.definition, month))
            around = said["interval"] or {}
            rows.append([{**said, **around}.get(name) for name in TABLE])
    return what, rows


@router.get("/{name}", response_model=None, **ASKS, **openapi.of_read("FigureOf", PROBLEMS))
async def figure(
    name: str, request: Request, parts: Annotated[Parts, Depends(parts_of)]
) -> Response:
    """One figure with its definition and the months before."""
    parts.operator.has_to("read_all")
    if wants_page(request):
        return await figure_page(request, name)
    kpi, question = kpi_of(name), question_of(request.query_params)
    return shown(await reading(parts, _figure, parts, kpi, question), parts.zone)


def _figure(
    conn: Connection[Any], parts: Parts, kpi: Kpi, question: Question
) -> dict[str, Any]:
    with snapshot(conn):
        what = put(conn, question, parts)
        months = months_back(what.month, TREND)
        sums = tally(conn, what.asked, months)
    trend = [
        figure_as_json(kpi, month, sums.figure(kpi.definition, month)) for month in months
    ]
    return {
        "figure": trend[-1],
        "definition": kpi.definition.model_dump(mode="json"),
        "trend": trend,
        "position": what.position,
    }


@router.get(
    "/{name}/{month}/{part}.csv",
    response_model=None,
    response_class=Response,
    openapi_extra={"parameters": [one for one in PARAMETERS if one["name"] != "month"]},
    **openapi.of_list(None, PROBLEMS),
)
async def lines_file(
    name: str,
    month: str,
    part: Part,
    request: Request,
    parts: Annotated[Parts, Depends(parts_of)],
) -> Response:
    """What is counted in one part of a figure, as a file."""
    parts.operator.has_to("read_all")
    kpi, what, found = await _lines(request, parts, name, month, part)
    about = {"kpi": kpi.name, "sha256": kpi.sha256, "part": part} | _about(what)
    about |= {"rows": str(len(found))}
    rows = ([asdict(one)[name] for name in COLUMNS] for one in found)
    body = csv_file(COLUMNS, rows, bom=True, about=about)
    return _file(f"{kpi.id}-{what.month}-{part}", body)


@router.get(
    "/{name}/{month}/{part}",
    response_model=None,
    openapi_extra={"parameters": [one for one in PARAMETERS if one["name"] != "month"]},
    **openapi.of_read("FigureLines", PROBLEMS),
)
async def lines(
    name: str,
    month: str,
    part: Part,
    request: Request,
    parts: Annotated[Parts, Depends(parts_of)],
) -> Response:
    """Exactly what is counted: as many lines as the figure says, or they sum to it."""
    parts.operator.has_to("read_all")
    kpi, what, found = await _lines(request, parts, name, month, part)
    said = {"kpi": kpi.name, "month": what.month, "part": part, "position": what.position}
    return shown({**said, "lines": [asdict(one) for one in found]}, parts.zone)


async def _lines(
    request: Request, parts: Parts, name: str, month: str, part: Part
) -> tuple[Kpi, Put, list[Line]]:
    kpi = kpi_of(name)
    question = question_of({**request.query_params, "month": month})

    def read(conn: Connection[Any]) -> tuple[Put, list[Line]]:
        with snapshot(conn):
            what = put(conn, question, parts)
            found = kpi_query.lines(conn, what.asked, kpi.definition, what.month, part)
            return what, found

    return kpi, *await reading(parts, read)


def _about(what: Put) -> dict[str, str]:
    asked = what.asked
    said = {"month": what.month, "position": str(what.position)}
    said |= {"at": asked.at.isoformat(), "zone": asked.zone}
    scope = {"site": asked.site, "customer": asked.customer, "product": asked.product}
    return said | {name: value for name, value in scope.items() if value}


def _file(name: str, pieces: Iterator[bytes]) -> Response:
    named = {"Content-Disposition": f'attachment; filename="{name}.csv"'}
    return Response(b"".join(pieces), 200, named, "text/csv; charset=utf-8")
