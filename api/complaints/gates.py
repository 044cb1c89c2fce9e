"""The gates of a complaint for programs: open or shut, why, how far, and who is next."""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from fastapi.responses import Response
from markupsafe import Markup
from psycopg import Connection

from api import openapi
from api.complaints.history import recorded
from api.complaints.standing import folded
from api.identity.sites import complaint_of
from api.pages.gate_words import why
from api.pages.words import LANGS, word_list
from api.parts import Parts, parts_of, reading
from api.shown import shown
from domain.complaint.approval import chains
from domain.complaint.chain import Chain
from domain.complaint.closure import missing
from domain.complaint.course import course
from domain.complaint.escalation import climb
from domain.complaint.keeping import Filing, filings
from domain.complaint.screening import counted
from domain.complaint.speaking import spokespersons
from domain.complaint.stages import StageRead, read_stages
from domain.complaint.state import Complaint
from domain.errors import Lack, UnknownComplaintError
from domain.gate_reading import GateRead, read_gates
from domain.rulebooks.rulebook import Rulebook, Rules

PROBLEMS = {403, 404, 422, 503}

router = APIRouter(prefix="/complaints/{number}", tags=["complaints"])


@router.get("/gates", response_model=None, **openapi.of_read("Gates", PROBLEMS))
async def gates(number: str, parts: Annotated[Parts, Depends(parts_of)]) -> Response:
    """Whether it can be closed now, and all that keeps it open, each with its clause."""
    parts.operator.has_to("read")
    complaint_id = await complaint_of(parts, number)

    def read(conn: Connection[Any]) -> dict[str, Any] | None:
        complaint = folded(recorded(conn, parts.opened.codec, complaint_id))
        if complaint is None:
            return None
        return gates_json(complaint, parts.ledger.rulebooks.of(complaint), parts.now())

    found = await reading(parts, read)
    if found is None:
        raise UnknownComplaintError(Lack("number", "check the number"))
    return shown(found, parts.zone, headers={"ETag": f'"{found["version"]}"'})


def gates_json(complaint: Complaint, rules: Rules, now: datetime) -> dict[str, Any]:
    """All of it, as it stands at this instant."""
    book = rules.get("closure")
    there = book is not None and book.closure is not None
    lacks = missing(complaint, rules, now) if there else []
    ladder = climb(complaint, rules)
    counts = counted(complaint, rules)
    return {
        "number": complaint.number,
        "version": complaint.version,
        "closed": complaint.closed,
        "may_close": there and not complaint.closed and not lacks,
        "cycle": course(complaint, rules).cycle,
        "missing": [
            {"field": lack.field, "fix": lack.fix, "clause": lack.clause} for lack in lacks
        ],
        "gates": [_gate(read, book) for read in read_gates(complaint, book, now).gates]
        if book and there
        else [],
        "approvals": [_chain(of, one) for of, one in chains(complaint, rules)],
        "escalation": ladder
        and {"clause": ladder.ladder.clause, "at": ladder.at, "next": list(ladder.may)},
        "speaks": [
            {"roles": _roles(one.book, one.speaker.roles), "clause": one.speaker.clause}
            for one in spokespersons(complaint, rules)
        ],
        "archive": [_filing(one) for one in filings(complaint, rules)],
        "counts": {
            "figures": counts.in_kpi,
            "clocks": counts.in_clocks,
            "repeats": counts.in_repeats,
            "clause": counts.clause,
        },
        "stages": [_stage(row) for row in read_stages(complaint, rules)],
    }


def _gate(read: GateRead, book: Rulebook) -> dict[str, Any]:
    found = read.found
    said = {lang: why(read, book, word_list(lang), _by) for lang in LANGS}
    counts = {"done": found.done, "of": found.of, "percent": found.percent}
    return {
        "name": read.name,
        "title": read.gate.name.model_dump(),
        "clause": read.gate.clause,
        "open": read.is_open,
        "applies": read.state != "waived",
        "why": {lang: markup.unescape() for lang, markup in said.items()},
        "progress": counts if found.of else None,
        "counts": found.history,
        "lacking": found.lacking,
        "until": found.until,
        "by": found.by,
    }


def _by(version: int) -> Markup:
    """An event as a program finds it."""
    return Markup("#{}").format(version)


def _chain(book: Rulebook, one: Chain) -> dict[str, Any]:
    return {
        "decision": one.name,
        "title": one.approval.name.model_dump(),
        "clause": one.approval.clause,
        "proposed": one.proposed,
        "signed": one.done,
        "of": len(one.steps),
        "complete": one.complete,
        "executed": one.executed,
        "next": _roles(book, one.next()),
    }


def _filing(one: Filing) -> dict[str, Any]:
    [role] = _roles(one.book, [one.duty.role])
    return {
        "role": role,
        "keeps": one.duty.keeps,
        "lacking": one.lacking,
        "filed": one.filed,
        "due": None,
        "retention_years": one.duty.retention_years,
        "clause": one.duty.clause,
    }


def _stage(row: StageRead) -> dict[str, Any]:
    ended = row.ended
    return {
        "stage": row.name,
        "title": row.stage.name.model_dump(),
        "clause": row.stage.clause,
        "at": row.at,
        "by": ended.who.by if ended else None,
        "version": ended.originator_version if ended else None,
        "seconds": int(row.took.total_seconds()) if row.took is not None else None,
    }


def _roles(book: Rulebook, roles: Iterable[str]) -> list[dict[str, Any]]:
    return [{"role": r, "name": book.roles[r].name.model_dump()} for r in roles]
