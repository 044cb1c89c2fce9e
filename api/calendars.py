"""Calendars: which days are worked, publishing a year or a day, and what that moves."""

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict

from api import openapi
from api.asked import body_of, counted, told, version_of
from api.calendar_press import CalendarPress, OwnDay, Says
from api.parts import Parts, apart, parts_in, parts_of, reading
from api.press import Saying
from api.problems import DoorError
from api.publishing import PROPOSING, looking, saying_of
from api.shown import shown
from domain import calendar_log
from domain.calendar_log import CalendarLog, Notice, YearNotice
from domain.calendar_trial import Move, Trial, with_changed
from domain.calendars import Published
from domain.errors import Lack, NotAllowedError
from domain.ledger import aside
from projections import calendar_query

router = APIRouter(prefix="/calendars", tags=["calendars"])
READ = {403, 404, 503}
COMMAND = PROPOSING | {404}


class DeadlineMoves(BaseModel):
    """Which due instants would move; the earliest open deadlines are looked at."""

    model_config = ConfigDict(extra="forbid")

    looked_at: int
    moves: list[dict[str, Any]]


SHAPES: tuple[type[BaseModel], ...] = (YearNotice, OwnDay, DeadlineMoves)


@router.get("", **openapi.of_read(None, {403, 503}))
async def every(parts: Annotated[Parts, Depends(parts_of)]) -> dict[str, Any]:
    """Every calendar, with the years that are published."""
    parts.operator.has_to("read")
    names = list(parts.ledger.calendars)
    found = [await aside(parts.ledger.calendars.__getitem__, name) for name in names]
    return {"calendars": [_summary(one) for one in found]}


@router.get("/{name}", response_model=None, **openapi.of_read(None, READ))
async def one(name: str, parts: Annotated[Parts, Depends(parts_of)]) -> Response:
    """One calendar whole, its history, and the due instants that wait for a year of it."""
    parts.operator.has_to("read")
    found, log = await known(parts, name)
    waiting = await reading(parts, calendar_query.provisional)
    said = {
        **_summary(found),
        "calendar": found.calendar.model_dump(mode="json", by_alias=True),
        "history": [
            {"event": event.TOPIC, **event.model_dump(mode="json")}
            for event in (log.log if log else ())
        ],
        "provisional": [asdict(each) for each in waiting],
    }
    headers = {"ETag": f'"{found.version}"'} if found.version else {}
    return shown(said, parts.zone, headers=headers)


@router.post(
    "/{name}/years",
    response_model=None,
    summary="calendar.year_published",
    **openapi.of_command(YearNotice, 200, COMMAND, versioned=False),
)
async def publish_year(name: str, request: Request) -> Response:
    """Publish a year; what is open and due otherwise moves. Look first: …/validated."""
    return await _published(request, name, YearNotice)


@router.post(
    "/{name}/overrides",
    response_model=None,
    summary="calendar.override_set",
    **openapi.of_command(OwnDay, 200, COMMAND, versioned=False),
)
async def set_override(name: str, request: Request) -> Response:
    """Say whether the plant works on a day; what is open and due otherwise moves."""
    return await _published(request, name, OwnDay)


@router.post("/{name}/years/validated", response_model=None, **looking(YearNotice))
async def look_at_year(name: str, request: Request) -> Response:
    """Which due instants a year would move; nothing is published."""
    return await _looked_at(request, name, YearNotice)


@router.post("/{name}/overrides/validated", response_model=None, **looking(OwnDay))
async def look_at_override(name: str, request: Request) -> Response:
    """Which due instants the plant's own day would move; nothing is published."""
    return await _looked_at(request, name, OwnDay)


async def _published(
    request: Request, name: str, shape: type[YearNotice] | type[OwnDay]
) -> Response:
    parts = parts_in(request)
    with counted(parts, "published"):
        parts.operator.has_to("publish")
        found, _ = await known(parts, name)
        needed = found.version > 0  # of what came with the program nobody saw a version
        expected = version_of(request, needed=needed)
        raw, body = await body_of(request, parts, shape)
        saying = saying_of(request, parts, raw, expected)
        press = CalendarPress(parts.ledger, name)
        receipt = await press.say(says_of(press, body), saying)
        if receipt is None:
            raise NotAllowedError(Lack("edition", "it came with the program just so"))
    await parts.recounts.begin(parts.ledger, parts.reads, name, at=parts.now())
    where = f"/calendars/{name}"
    return told(receipt, parts, {"name": name}, status=200, location=where)


async def _looked_at(
    request: Request, name: str, shape: type[YearNotice] | type[OwnDay]
) -> Response:
    parts = parts_in(request)
    parts.operator.has_to("read")
    await known(parts, name)
    raw, body = await body_of(request, parts, shape)
    press = CalendarPress(parts.ledger, name)
    saying = saying_of(request, parts, raw, None)
    looked, moves = await would_move(parts, press, says_of(press, body), saying)
    said = {"looked_at": looked, "moves": [asdict(each) for each in moves]}
    return shown(said, parts.zone)


def says_of(press: CalendarPress, body: YearNotice | OwnDay) -> Says:
    """What a body says of a calendar."""
    if isinstance(body, OwnDay):
        return press.own_day(body)
    return press.year(Notice(calendar=press.calendar, **dict(body)))


async def would_move(
    parts: Parts, press: CalendarPress, says: Says, saying: Saying
) -> tuple[int, list[Move]]:
    """How many complaints were looked at, and which due instants would move."""
    changed = await press.tried(says, saying)
    ledger = parts.ledger
    trial = Trial(
        ledger.found,
        ledger.rulebooks,
        await aside(with_changed, ledger.calendars, changed),
        saying.at,
    )
    streams = await reading(parts, calendar_query.open_deadlines)
    return len(streams), await apart(lambda: list(trial.moves(streams)))


async def known(parts: Parts, name: str) -> tuple[Published, CalendarLog | None]:
    """A calendar as it is now, and what was published of it."""
    calendars = parts.ledger.calendars
    if name not in calendars:
        raise DoorError("not-found", Lack("name", f"one of {', '.join(calendars)}"))
    log = await aside(parts.ledger.found, calendar_log.stream_of(name))
    calendars.again()  # another process may have published since
    found = await aside(calendars.__getitem__, name)
    return found, log if isinstance(log, CalendarLog) else None


def _summary(published: Published) -> dict[str, Any]:
    calendar = published.calendar
    return {
        "id": calendar.id,
        "version": published.version,
        "title": calendar.title.model_dump(),
        "zone": calendar.zone,
        "years": dict(calendar.versions),
    }
