"""Verdicts as programs read them: the proposed grade, each comparison, what is open."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends
from fastapi.responses import Response
from psycopg import Connection

from api import openapi
from api.complaints.history import recorded
from api.complaints.standing import folded
from api.complaints.verdicts import verdicts
from api.identity.sites import complaint_of
from api.parts import Parts, parts_of, reading
from api.shown import shown
from domain.assess.verdict import Considered, Criterion, Verdict
from domain.errors import Lack, UnknownComplaintError
from domain.rulebooks.predicates import Counted, NotApplicable
from domain.rulebooks.rulebook import Rules

router = APIRouter(prefix="/complaints/{number}/verdicts", tags=["complaints"])


@router.get("", response_model=None, **openapi.of_read("Verdicts", {403, 404, 422, 503}))
async def of_one(number: str, parts: Annotated[Parts, Depends(parts_of)]) -> Response:
    """What each regulation that governs it proposes now, and what would settle the rest.

    A verdict is computed and never stored; the grade is somebody's decision.
    """
    parts.operator.has_to("read")
    complaint_id = await complaint_of(parts, number)

    def read(conn: Connection[Any]) -> dict[str, Any] | None:
        complaint = folded(recorded(conn, parts.opened.codec, complaint_id))
        if complaint is None:
            return None
        rules = parts.ledger.rulebooks.of(complaint)
        found = verdicts(conn, parts.opened.codec, complaint, rules)
        return {
            "number": number,
            "version": complaint.version,
            "verdicts": [_verdict(one, scheme, rules) for scheme, one in found.items()],
        }

    said = await reading(parts, read)
    if said is None:
        raise UnknownComplaintError(Lack("number", "check the number"))
    return shown(said, parts.zone)


def _verdict(verdict: Verdict, scheme: str, rules: Rules) -> dict[str, Any]:
    book = rules.regulation(scheme)
    asks = book.questions()
    return {
        "rulebook": book.name,
        "scheme": scheme,
        "proposed": verdict.code,
        "clause": verdict.grade.clause if verdict.grade else None,
        "state": verdict.state,
        "because": list(verdict.because),
        "boundary": verdict.boundary,
        "fits_too": list(verdict.fits_too),
        "might_be": list(verdict.might_be),
        "missing": list(verdict.missing),
        "presumed": list(verdict.presumed),
        "questions": [
            {"fact": fact, "zh": asks[fact].question.zh, "en": asks[fact].question.en}
            for fact in (*verdict.missing, *verdict.presumed)
            if fact in asks
        ],
        "grades": [_considered(one) for one in verdict.considered],
    }


def _considered(one: Considered) -> dict[str, Any]:
    return {
        "code": one.grade.code,
        "clause": one.grade.clause,
        "truth": one.truth,
        "criteria": [_criterion(each) for each in one.criteria],
    }


def _criterion(one: Criterion) -> dict[str, Any]:
    stated = one.stated
    said: dict[str, Any] = {
        "name": one.name,
        "kind": "tally" if one.is_tally else "fact",
        "op": one.op,
        "wanted": list(one.wanted) if isinstance(one.wanted, tuple) else one.wanted,
        "other": one.other,
        "truth": one.truth,
        "presumed": one.presumed,
        "known": stated is not None,
        "stated": None if isinstance(stated, NotApplicable) else stated,
    }
    if isinstance(stated, Counted):
        said |= {"stated": stated.at_least, "open": stated.open}
    return said
