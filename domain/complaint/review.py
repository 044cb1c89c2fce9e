"""Review: what was looked at together, which evidence was accepted, which duty was done."""

from collections.abc import Iterable
from typing import Literal

from domain.complaint.contact import Round
from domain.complaint.state import Complaint
from domain.errors import InvalidError, Lack, NotAllowedError, NotReadyError
from domain.event import Decision, Event, Fact, When, Who
from domain.rulebooks.rulebook import Rules
from domain.times import Instant
from domain.words import Code, Digest, Text

Outcome = Literal["passed", "failed"]

# --- What can have happened. -----------------------------------------------------------


class ReviewHeld(Fact):
    """People looked at the case together. A weekly one has no result."""

    TOPIC = "complaint.review_held"

    round: int
    result: Outcome | None = None
    document: str | None = None  # SHA-256 of the minutes


class MeetingHeld(Fact):
    """A meeting was called over the problem, and may have fixed a plan."""

    TOPIC = "complaint.meeting_held"

    plan: str | None = None
    document: str | None = None  # SHA-256 of the minutes


class EvidenceAccepted(Decision):
    """Somebody judged whether the evidence shows what one criterion asks for."""

    TOPIC = "complaint.evidence_accepted"

    criterion: str
    holds: bool = True  # false: it was accepted once, and no longer


class DutyDone(Fact):
    """An act that a regulation asks for in its own words was done."""

    TOPIC = "complaint.duty_done"

    duty: str


def accepted_evidence(events: Iterable[Event]) -> dict[str, int]:
    """Each criterion that is shown now, with the version of the event that says so."""
    there: dict[str, int] = {}
    for event in events:
        if isinstance(event, EvidenceAccepted):
            there.pop(event.criterion, None)
            if event.holds:
                there[event.criterion] = event.originator_version
    return there


# --- What may happen. ------------------------------------------------------------------


def review_held(
    complaint: Complaint,
    _rules: Rules,
    *,
    who: Who,
    when: When,
    round: Round = 1,  # noqa: A002  # the word of the regulations
    result: Outcome | None = None,
    document: Digest | None = None,
) -> None:
    """Note a review, and whether it was passed."""
    complaint.record(
        ReviewHeld(who=who, when=when, round=round, result=result, document=document)
    )


def meeting_held(
    complaint: Complaint,
    _rules: Rules,
    *,
    who: Who,
    when: When,
    plan: Text | None = None,
    document: Digest | None = None,
) -> None:
    """Note a meeting, and the plan it fixed."""
    complaint.record(MeetingHeld(who=who, when=when, plan=plan, document=document))


def accept_evidence(
    complaint: Complaint,
    rules: Rules,
    *,
    who: Who,
    at: Instant,
    criterion: Code,
    holds: bool = True,
) -> None:
    """Judge one criterion. Where their order is fixed, the earlier ones come first."""
    if complaint.closed:
        raise NotAllowedError(Lack("criterion", "reopen the complaint first"))
    known = [name for book in rules.books() for name in book.declares.criteria]
    if criterion not in known:
        raise InvalidError(Lack("criterion", f"choose one of {', '.join(known)}"))
    there = accepted_evidence(complaint.happened.values())
    if holds is (criterion in there):
        return
    clause, before = _asked_by(rules, criterion)
    if holds and (lacking := [name for name in before if name not in there]):
        fix = "accept this evidence first"
        raise NotReadyError(*(Lack(name, fix, clause or "") for name in lacking))
    complaint.record(
        EvidenceAccepted(
            who=who,
            decided_at=at,
            saw=complaint.version,
            clause=clause,
            criterion=criterion,
            holds=holds,
        )
    )


def _asked_by(rules: Rules, criterion: str) -> tuple[str | None, tuple[str, ...]]:
    """The clause of the gate that asks for it, and the criteria that come before."""
    book = rules.get("closure")
    for gate in book.closure.gates.values() if book and book.closure else ():
        for need in gate.need.each():
            if need.evidence and criterion in need.evidence:
                place = need.evidence.index(criterion) if need.in_order else 0
                return gate.clause, need.evidence[:place]
    return None, ()


def duty_done(
    complaint: Complaint, rules: Rules, *, who: Who, when: When, duty: Code
) -> None:
    """Note that a duty of the regulation was done."""
    known = [name for book in rules.books() for name in book.declares.duties]
    if duty not in known:
        raise InvalidError(Lack("duty", f"choose one of {', '.join(known)}"))
    complaint.record(DutyDone(who=who, when=when, duty=duty))
