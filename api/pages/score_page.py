"""Scores as pages: all projects of a year, and the sheet on which points are deducted."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar
from urllib.parse import quote
from uuid import uuid4

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel

from api.asked import counted, timed
from api.pages.choices import named
from api.pages.controls import Wrong
from api.pages.page import Page, address
from api.pages.sent import SOURCE, Sent, sent
from api.penalty_charges import deducted
from api.penalty_shapes import PointsBody
from api.problems import STATUS
from api.score_sheet import Sheet, of_year, sheet
from domain.errors import RefusedError
from domain.json_text import validated
from domain.kinds import PROJECT
from domain.ledger import Request as Asked

router = APIRouter(include_in_schema=False)

M = TypeVar("M", bound=BaseModel)
SEE_OTHER, FORBIDDEN = 303, 403
DIGITS = 4
POINTS, EVALUATED = "points_deducted", "project.evaluated"


async def scores_page(request: Request, year: int) -> Response:
    """One line a project; its number opens the sheet."""
    page = await Page.open(request)
    found = await of_year(page.parts, year)
    return page.shows("scores.html", found=found)


async def sheet_page(
    request: Request,
    number: str,
    year: int,
    *,
    lines: Sequence[Wrong] = (),
    status: int = 200,
) -> Response:
    """The sheet with a form for each deduction, and one that records the whole."""
    page = await Page.open(request)
    found = await sheet(page.parts, number, year, page.asks)
    card = found.book.scorecard
    assert card is not None, "a sheet has a score"
    home = f"/projects/{quote(number, safe='')}/score"
    return page.shows(
        "score.html",
        status,
        found=found,
        card=card,
        named=lambda words: named(words, page.lang),
        home=home,
        may={name: page.parts.operator.may(name) for name in (POINTS, EVALUATED)},
        record=address(f"/ledger{home}/evaluated", page.asks),
        lines=lines,
        key=lambda: str(uuid4()),
    )


@router.post("/ledger/projects/{number}/score/{word}")
async def said(number: str, word: str, request: Request) -> Response:
    """Deduct points, or record the score as it stands; then the sheet again."""
    page, recorded = await Page.open(request), word == "evaluated"
    parts = page.parts
    parts.operator.has_to(EVALUATED if recorded else POINTS)
    typed = await sent(request)
    year = _whole(typed.texts.get("year", "")) or parts.now().year
    if not typed.is_ours:
        stale = [Wrong(str(page.w("form.stale_token")))]
        return await sheet_page(request, number, year, lines=stale, status=FORBIDDEN)
    try:
        with counted(parts, word):
            if recorded:
                await _record(page, await sheet(parts, number, year, page.asks), typed)
            else:
                await _deduct(page, number, typed)
    except RefusedError as refused:
        said = [f"{page.w.sentence(one.fix)} {one.clause}" for one in refused.lacks]
        wrong, status = [Wrong(one.strip()) for one in said], STATUS[type(refused)]
        return await sheet_page(request, number, year, lines=wrong, status=status)
    home = f"/projects/{quote(number, safe='')}/score"
    return RedirectResponse(address(home, {**page.asks, "year": str(year)}), SEE_OTHER)


async def _deduct(page: Page, number: str, typed: Sent) -> None:
    words: dict[str, Any] = {"row": typed.texts.get("row", "")}
    for name in ("year", "deduction", "times"):
        words[name] = _whole(typed.texts.get(name, "")) or 0
    body, raw = _read(PointsBody, words)
    message = typed.message(page.parts, page.path, raw)
    await deducted(page.parts, number, body, message, SOURCE)


async def _record(page: Page, found: Sheet, typed: Sent) -> None:
    """The rows that have a maximum, as a fact of the project."""
    parts, deed = page.parts, PROJECT.deeds["evaluated"]
    rows = [
        {"row": row.row, "points": row.actual}
        for row in found.score.rows
        if row.actual is not None
    ]
    body, raw = _read(deed.shape, {"year": found.year, "rows": rows})
    message = typed.message(parts, page.path, raw)
    decide = deed.said(body, who=parts.operator.as_who(SOURCE), at=parts.now(), ids={})
    asked = Asked(message, found.project.id, None, decide)
    await timed(parts, parts.ledger.take(asked))


def _read(shape: type[M], words: Mapping[str, Any]) -> tuple[M, bytes]:
    raw = json.dumps(words, ensure_ascii=False).encode()
    return validated(shape, raw), raw


def _whole(said: str) -> int | None:
    return int(said) if said.isascii() and said.isdigit() and len(said) <= DIGITS else None
