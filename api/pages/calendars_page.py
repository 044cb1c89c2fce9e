"""The page of a calendar: its days year by year, publishing, and the deadlines it moves."""

import re
from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import uuid4

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel

from api.asked import counted
from api.calendar_press import CalendarPress, OwnDay
from api.calendars import known, says_of, would_move
from api.pages import moments
from api.pages.controls import Wrong
from api.pages.for_people import ForPeople
from api.pages.page import Page, address
from api.pages.publishing import SEE_OTHER, lines_of
from api.pages.sent import SOURCE, Sent, checked, sent
from api.parts import reading
from api.press import Saying
from api.problems import STATUS, DoorError
from domain.calendar import Calendar, Day
from domain.calendar_log import YearNotice, stream_of
from domain.calendar_trial import Move
from domain.errors import InvalidError, RefusedError
from projections import calendar_query

ROWS = 10  # days off in a row, of one year
DAYS = re.compile(r"[\s,;，；、]+")
WORDS: dict[str, type[BaseModel]] = {"years": YearNotice, "overrides": OwnDay}

router = APIRouter(include_in_schema=False, route_class=ForPeople)


@dataclass(frozen=True, slots=True)
class Looked:
    """What a publication would move, before anybody publishes."""

    word: str
    looked_at: int
    moves: Sequence[Move]


@router.get("/calendars")
async def first(request: Request) -> Response:
    """The calendar that comes first; most plants have one."""
    page = await Page.open(request)
    page.parts.operator.has_to("read")
    name = next(iter(page.parts.ledger.calendars))
    lang = page.asks.get("lang")
    return RedirectResponse(address(f"/calendars/{name}", {"lang": lang}), SEE_OTHER)


@router.get("/calendars/{name}")
async def one(name: str, request: Request) -> Response:
    """One year of a calendar, what waits for a year, and what the last one moved."""
    page = await Page.open(request)
    page.parts.operator.has_to("read")
    return await _shows(page, name)


@router.post("/calendars/{name}/recounted")
async def recounted(name: str, request: Request) -> Response:
    """Move what is due otherwise: goes on where it was broken off."""
    page = await Page.open(request)
    page.parts.operator.has_to("publish")
    form = await sent(request)
    if not form.is_ours:
        raise DoorError("foreign-origin")
    await known(page.parts, name)
    await _recount(page, name)
    return RedirectResponse(f"/calendars/{name}#moved", SEE_OTHER)


@router.post("/calendars/{name}/{word}")
async def published(name: str, word: str, request: Request) -> Response:
    """Show what a year or a day would move, or publish it."""
    page = await Page.open(request)
    page.parts.operator.has_to("publish")
    form = await sent(request)
    if word not in WORDS:
        raise DoorError("not-found")
    if not form.is_ours:
        raise DoorError("foreign-origin")
    try:
        press = CalendarPress(page.parts.ledger, name)
        await known(page.parts, name)
        body, saying = _said(page, word, form)
        says = says_of(press, body)
        if form.texts.get("do") != "publish":
            count, moves = await would_move(page.parts, press, says, saying)
            return await _shows(page, name, form, Looked(word, count, moves))
        with counted(page.parts, "published"):
            await press.say(says, saying)
    except RefusedError as refused:
        status = STATUS[type(refused)]
        lines = lines_of(page, refused)
        return await _shows(page, name, form, lines=lines, status=status)
    await _recount(page, name)
    year = body.day.year if isinstance(body, OwnDay) else body.year
    return RedirectResponse(f"/calendars/{name}?year={year}#moved", SEE_OTHER)


async def _recount(page: Page, name: str) -> None:
    parts = page.parts
    await parts.recounts.begin(parts.ledger, parts.reads, name, at=parts.now())


def _said(page: Page, word: str, form: Sent) -> tuple[YearNotice | OwnDay, Saying]:
    texts = form.texts
    words = _own_day(texts) if word == "overrides" else _notice(texts)
    body, found = checked(WORDS[word], words, {})
    if body is None:
        raise InvalidError(*found.lacks())
    message = form.message(page.parts, page.path, found.raw)
    who, at = page.parts.operator.as_who(SOURCE), page.parts.now()
    saying = Saying(message=message, expected=form.version, who=who, at=at)
    assert isinstance(body, YearNotice | OwnDay)
    return body, saying


def _own_day(texts: Any) -> dict[str, Any]:  # noqa: ANN401  # the texts of a form
    said: dict[str, Any] = {"day": _day(texts.get("day", ""))}
    if texts.get("working") in {"yes", "no"}:
        said["working"] = texts["working"] == "yes"
    return said | {"reason": texts.get("reason", "").strip()}


def _notice(texts: Any) -> dict[str, Any]:  # noqa: ANN401  # the texts of a form
    said: dict[str, Any] = {
        name: int(texts[name])
        for name in ("year", "edition")
        if texts.get(name, "").strip().isdecimal()
    }
    off = []
    for nth in range(ROWS):
        row = [texts.get(f"{name}{nth}", "").strip() for name in ("from", "to", "zh", "en")]
        if any(row):
            begin, end, zh, en = row
            days = {"first": _day(begin), "last": _day(end or begin)}
            off.append(days | {"zh": zh or en, "en": en or zh})
    worked = [_day(one) for one in DAYS.split(texts.get("worked", "")) if one]
    source = {"source": texts["source"].strip()} if texts.get("source", "").strip() else {}
    return said | {"off": off, "worked": worked} | source


def _day(text: str) -> str:
    """As JSON has a day; what cannot be read is left for the shape to refuse."""
    found = moments.day(text)
    return found.isoformat() if found else text


async def _shows(
    page: Page,
    name: str,
    form: Sent | None = None,
    looked: Looked | None = None,
    *,
    lines: Sequence[Wrong] = (),
    status: int = 200,
) -> Response:
    found, log = await known(page.parts, name)
    calendar = found.calendar
    year = _year(page, calendar)
    moved = await reading(page.parts, calendar_query.moved_by, stream_of(name))
    return page.shows(
        "calendar.html",
        status,
        calendar=calendar,
        names=list(page.parts.ledger.calendars),
        title=calendar.title.zh if page.lang == "zh" else calendar.title.en,
        year=year,
        notice=next((one for one in calendar.years if one.year == year), None),
        months=_months(calendar, year),
        overrides=sorted(calendar.overrides, key=lambda own: own.day, reverse=True),
        history=list(reversed(log.log)) if log else [],
        provisional=await reading(page.parts, calendar_query.provisional),
        moved=moved,
        running=page.parts.recounts.last.get(name),
        next_year=max(calendar.versions, default=year) + 1,
        version=found.version,
        key=str(uuid4()),
        texts=form.texts if form else {},
        rows=range(ROWS),
        looked=looked,
        lines=lines,
    )


def _year(page: Page, calendar: Calendar) -> int:
    asked, now = page.asks.get("year", ""), page.now.date().year
    known = asked.isdecimal() and int(asked) in calendar.versions
    return int(asked) if known else now


def _months(calendar: Calendar, year: int) -> list[list[Day]]:
    """Every day of a year, month by month."""
    return [
        [
            calendar.look(date(year, month, day))
            for day in range(1, monthrange(year, month)[1] + 1)
        ]
        for month in range(1, 13)
    ]
