"""Deadlines of one complaint for programs: each with its sum, line by line."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from fastapi.responses import Response
from psycopg import Connection

from api import openapi
from api.complaints.history import recorded
from api.complaints.standing import folded
from api.identity.sites import complaint_of
from api.parts import Parts, parts_of, reading
from api.shown import shown
from domain.clock_words import printed
from domain.complaint.deadline_reading import arithmetic_of, calendar_of, reading_of
from domain.complaint.facts import facts_of
from domain.complaint.state import Complaint
from domain.deadline import Deadline
from domain.errors import InvalidError, Lack, UnknownComplaintError
from domain.event import Event
from domain.rulebooks.rulebook import Rulebook

PROBLEMS = {403, 404, 422, 503}

router = APIRouter(prefix="/complaints/{number}", tags=["complaints"])


@dataclass(frozen=True, slots=True)
class Clocked:
    """A complaint, its events by version, and the regulation of its clocks."""

    complaint: Complaint
    said: dict[int, Event]
    book: Rulebook | None


@router.get("/deadlines", response_model=None, **openapi.of_read("Deadlines", PROBLEMS))
async def deadlines(
    number: str,
    parts: Annotated[Parts, Depends(parts_of)],
    at: Annotated[
        str | None,
        Query(max_length=40, description="The instant overdue is asked of; else now."),
    ] = None,
) -> Response:
    """Every deadline as it is recorded: due, kept or late, and how it was counted."""
    parts.operator.has_to("read")
    complaint_id = await complaint_of(parts, number)
    codec = parts.opened.codec

    def read(conn: Connection[Any]) -> Clocked:
        history = recorded(conn, codec, complaint_id)
        complaint = folded(history)
        if complaint is None:
            raise UnknownComplaintError(Lack("number", "check the number"))
        said = {one.event.originator_version: one.event for one in history}
        book = parts.ledger.rulebooks.of(complaint).get("clocks")
        return Clocked(complaint, said, book)

    found = await reading(parts, read)
    asked = _instant(at) if at else parts.now()
    listed = found.complaint.deadlines.values()
    return shown(
        {
            "number": number,
            "version": found.complaint.version,
            "at": asked,
            "deadlines": [_as_json(one, found, parts, asked) for one in listed],
        },
        parts.zone,
    )


def _instant(text: str) -> datetime:
    with suppress(ValueError):
        at = datetime.fromisoformat(text)
        if at.tzinfo is not None:
            return at
    raise InvalidError(Lack("at", "send a time with its offset"))


def _as_json(one: Deadline, found: Clocked, parts: Parts, at: datetime) -> dict[str, Any]:
    assert found.book is not None, "what no regulation governs has no deadline"
    calendar = parts.ledger.calendars[found.book.calendar]
    read = reading_of(
        one,
        found.said,
        found.book,
        calendar.in_zone(found.complaint.zone),
        facts_of(found.complaint),
    )
    pinned = calendar_of(one, found.said)
    return {
        "clock": one.clock,
        "name": read.name.model_dump(),
        "clause": one.clause,
        "cycle": one.cycle,
        "holder": one.holder,
        "state": one.verdict,
        "overdue": one.overdue(at),
        "starts_at": one.starts_at,
        "due_at": one.due_at,
        "stopped_at": one.stopped_at,
        "provisional": one.provisional,
        "late_seconds": read.late.seconds if read.late else None,
        "started_by": one.fact,
        "stopped_by": one.stopped_by,
        "lapsed_in": one.lapse,
        "calendar": {"id": pinned[0], "version": pinned[1]},
        "arithmetic": arithmetic_of(one, found.said).model_dump(mode="json"),
        "lines": {"zh": printed(read, "zh"), "en": printed(read, "en")},
    }
