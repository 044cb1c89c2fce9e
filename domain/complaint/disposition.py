"""Disposition: what becomes of a supplied lot, and the labour that its use costs."""

from typing import Annotated, Literal

from pydantic import Field

from domain.complaint.approval import signed_off
from domain.complaint.items import Minutes
from domain.complaint.state import Complaint
from domain.errors import InvalidError, Lack, NotAllowedError, NotReadyError
from domain.event import Decision, Fact, When, Who
from domain.rulebooks.rulebook import Rules
from domain.times import Instant
from domain.words import Code, Text

DECISION = "concession"  # as a regulation lists it among its approvals

Outcome = Literal["returned", "concession"]
Some = Annotated[Minutes, Field(ge=1)]

# --- What can have happened. -----------------------------------------------------------


class Disposed(Decision):
    """Those who have to decided what becomes of the lot."""

    TOPIC = "complaint.disposed"

    disposition: Outcome
    concession_kind: str | None = None  # how it is used all the same
    reason: str | None = None


class LabourBooked(Fact):
    """Its use took labour of ours."""

    TOPIC = "complaint.labour_booked"

    minutes: Minutes


# --- What may happen. ------------------------------------------------------------------


def dispose(
    complaint: Complaint,
    rules: Rules,
    *,
    who: Who,
    at: Instant,
    disposition: Outcome,
    concession_kind: Code | None = None,
    reason: Text | None = None,
) -> None:
    """Say what becomes of the lot, once all have signed whom the regulation names."""
    if complaint.closed:
        raise NotAllowedError(Lack("disposition", "reopen the complaint first"))
    _check_kind(rules, disposition, concession_kind)
    clause = signed_off(complaint, rules, DECISION)
    before = complaint.latest(Disposed)
    same = (disposition, concession_kind)
    if before and (before.disposition, before.concession_kind) == same:
        return
    complaint.record(
        Disposed(
            who=who,
            decided_at=at,
            saw=complaint.version,
            clause=clause,
            disposition=disposition,
            concession_kind=concession_kind,
            reason=reason,
        )
    )


def labour_booked(
    complaint: Complaint, _rules: Rules, *, who: Who, when: When, minutes: Some
) -> None:
    """Note the labour that a concession took. What goes back to its supplier takes none."""
    disposed = complaint.latest(Disposed)
    if disposed is None or disposed.disposition != "concession":
        raise NotReadyError(Lack("disposed", "decide on a concession first"))
    complaint.record(LabourBooked(who=who, when=when, minutes=minutes))


def _check_kind(rules: Rules, disposition: Outcome, kind: str | None) -> None:
    """A concession says how it is used, in the words of the regulation if it has any."""
    if (disposition == "concession") is (kind is None):
        fix = "say it of a concession, and of nothing else"
        raise InvalidError(Lack("concession_kind", fix))
    known = [
        value
        for book in rules.books()
        if (asked := book.declares.facts.get("concession_by")) is not None
        for value in asked.values
    ]
    if kind is not None and known and kind not in known:
        raise InvalidError(Lack("concession_kind", f"choose one of {', '.join(known)}"))
