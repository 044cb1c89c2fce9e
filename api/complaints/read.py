"""Reading one complaint: as it stands, and event by event, replayed from the store."""

from dataclasses import fields
from typing import Annotated, Any
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response

from api import openapi
from api.complaints.as_of import NOW, Asked, asked
from api.complaints.difference import difference
from api.complaints.standing import standing
from api.complaints.timeline import Entry, timeline
from api.identity.sites import complaint_of
from api.parts import Parts, parts_of
from api.problems import DoorError
from api.shown import shown
from domain.errors import Lack

PAGE_MAX = 500
PROBLEMS = {403, 404, 422, 503}

router = APIRouter(prefix="/complaints/{number}", tags=["complaints"])

Recorded = Annotated[
    str | None,
    Query(
        max_length=40,
        description="A position of the ledger, or an instant (RFC 3339): the last position"
        " recorded by then. Nothing that was recorded later is in the answer.",
    ),
]
Happened = Annotated[
    str | None,
    Query(
        max_length=40,
        description="An instant (RFC 3339): only what had happened by then in the world,"
        " as far as it is known at `as_of`.",
    ),
]


@router.get("", response_model=None, **openapi.of_read("Standing", PROBLEMS, kept=True))
async def one(
    number: str,
    request: Request,
    parts: Annotated[Parts, Depends(parts_of)],
    as_of: Recorded = None,
    occurred_by: Happened = None,
) -> Response:
    """The complaint as it stands, with corrections folded in. The ETag is its version.

    As of a point in time it is how the complaint stood, and there is no ETag: nothing is
    decided on what was.
    """
    parts.operator.has_to("read")
    complaint_id = await complaint_of(parts, number)
    may_open = parts.operator.may("read_personal")
    wanted = asked(as_of, occurred_by)
    if wanted != NOW:
        stood = await standing(parts, complaint_id, may_open=may_open, asked=wanted)
        return shown(stood, parts.zone)
    now = await standing(parts, complaint_id, may_open=may_open)
    etag = {"ETag": f'"{now.version}"'}
    if request.headers.get("if-none-match") == etag["ETag"]:
        return Response(status_code=304, headers=etag)
    return shown(now, parts.zone, headers=etag)


@router.get("/events", response_model=None, **openapi.of_read("Events", PROBLEMS))
async def events(
    number: str,
    parts: Annotated[Parts, Depends(parts_of)],
    after: Annotated[int, Query(ge=0, le=2**31)] = 0,
    limit: Annotated[int, Query(ge=1, le=PAGE_MAX)] = PAGE_MAX,
    as_of: Recorded = None,
    occurred_by: Happened = None,
) -> Response:
    """What happened to it, first to last, each with the time the ledger took it."""
    wanted = asked(as_of, occurred_by)
    every = await _timeline(number, parts, wanted)
    page = [entry for entry in every if entry.version > after][:limit]
    said = {
        "number": number,
        "version": every[-1].version,
        "events": [as_json(entry, number) for entry in page],
    }
    if page and page[-1].version < every[-1].version:
        more = {"after": page[-1].version, "limit": limit}
        same = {"as_of": as_of, "occurred_by": occurred_by}
        query = urlencode({**more, **{k: v for k, v in same.items() if v}})
        said["next"] = f"{_place(number)}/events?{query}"
    etag = {"ETag": f'"{every[-1].version}"'} if wanted == NOW else {}
    return shown(said, parts.zone, headers=etag)


@router.get("/events/{version}", response_model=None, **openapi.of_read("Event", PROBLEMS))
async def event(
    number: str, version: int, parts: Annotated[Parts, Depends(parts_of)]
) -> Response:
    """One event, at its permanent address."""
    for entry in await _timeline(number, parts):
        if entry.version == version:
            return shown(as_json(entry, number), parts.zone)
    raise DoorError("not-found", Lack("version", "no such event of this complaint yet"))


@router.get("/difference", response_model=None, **openapi.of_read("Difference", PROBLEMS))
async def changed(  # two points, each by both of its times
    number: str,
    parts: Annotated[Parts, Depends(parts_of)],
    from_: Annotated[Recorded, Query(alias="from")] = None,
    to: Recorded = None,
    from_occurred_by: Happened = None,
    to_occurred_by: Happened = None,
) -> Response:
    """What changed between two points: values, and the events that lie between."""
    parts.operator.has_to("read")
    found = await difference(
        parts,
        await complaint_of(parts, number),
        asked(from_, from_occurred_by, fields=("from", "from_occurred_by")),
        asked(to, to_occurred_by, fields=("to", "to_occurred_by")),
        may_open=parts.operator.may("read_personal"),
    )
    said = {one.name: getattr(found, one.name) for one in fields(found)}
    said["added"] = [as_json(entry, number) for entry in found.added]
    said["gone"] = [as_json(entry, number) for entry in found.gone]
    return shown(said, parts.zone)


async def _timeline(number: str, parts: Parts, wanted: Asked = NOW) -> list[Entry]:
    parts.operator.has_to("read")
    complaint_id = await complaint_of(parts, number)
    may_open = parts.operator.may("read_personal")
    return await timeline(parts, complaint_id, may_open=may_open, asked=wanted)


def as_json(entry: Entry, number: str) -> dict[str, Any]:
    """An event as programs read it. What it does not say is not there."""
    said: dict[str, Any] = {
        "id": f"{number}/#{entry.version}",
        "href": f"{_place(number)}/events/{entry.version}",
        **{one.name: getattr(entry, one.name) for one in fields(entry)},
        "who": entry.who.model_dump(mode="json", exclude_none=True),
        "fields": dict(entry.fields),
        "corrected_by": [
            {"version": c.version, "field": c.field, "id": f"{number}/#{c.version}"}
            for c in entry.corrected_by
        ],
        "correction": None,
    }
    if entry.correction is not None:
        wrong = entry.correction
        said["correction"] = {
            **{one.name: getattr(wrong, one.name) for one in fields(wrong)},
            "id": f"{number}/#{wrong.corrects}",
        }
    return {name: value for name, value in said.items() if value is not None}


def _place(number: str) -> str:
    return f"/complaints/{quote(number, safe='')}"
