"""Recall: whole batches are taken back from the market, asked for, signed, carried out."""

from typing import Annotated

from pydantic import Field

from domain.complaint import authority
from domain.complaint.items import Quantity
from domain.complaint.state import Complaint
from domain.errors import InvalidError, Lack, NotAllowedError, NotReadyError
from domain.event import Decision, Event, Fact, When, Who
from domain.rulebooks.rulebook import Rules
from domain.times import Instant
from domain.words import Code, Line, Text

DECISION = "recall"  # as a regulation lists it among its approvals

Batches = Annotated[tuple[Line, ...], Field(min_length=1, max_length=100)]

# --- What can have happened. -----------------------------------------------------------


class RecallRequested(Decision):
    """Somebody asks that these batches be taken back."""

    TOPIC = "complaint.recall_requested"

    recall: str
    batches: tuple[str, ...]
    reason: str


class RecallApproved(Decision):
    """One who has to approve the recall did."""

    TOPIC = "complaint.recall_approved"

    recall: str


class RecallExecuted(Fact):
    """The batches were taken back, as far as they were found."""

    TOPIC = "complaint.recall_executed"

    recall: str
    pieces: Quantity | None = None  # that came back


# --- What may happen. ------------------------------------------------------------------


def request_recall(
    complaint: Complaint,
    rules: Rules,
    *,
    who: Who,
    at: Instant,
    recall: Code,
    batches: Batches,
    reason: Text,
) -> None:
    """Ask for a recall. Each has a name of its own; the same again changes nothing."""
    if complaint.closed:
        raise NotAllowedError(Lack("recall", "reopen the complaint first"))
    clause = authority.propose(complaint, rules, DECISION, who)
    before = _requested(complaint, recall)
    if before is not None:
        if (before.batches, before.reason) == (batches, reason):
            return
        raise InvalidError(Lack("recall", "give this recall a name of its own"))
    complaint.record(
        RecallRequested(
            who=who,
            decided_at=at,
            saw=complaint.version,
            clause=clause,
            recall=recall,
            batches=batches,
            reason=reason,
        )
    )


def approve_recall(
    complaint: Complaint, rules: Rules, *, who: Who, at: Instant, recall: Code
) -> None:
    """Approve it, as one of those who have to. Once it is approved nothing changes."""
    if complaint.closed:
        raise NotAllowedError(Lack("recall", "reopen the complaint first"))
    _known(complaint, recall)
    about = _about(complaint, recall)
    if authority.is_complete(complaint, rules, DECISION, about):
        return
    clause = authority.sign(complaint, rules, DECISION, who, about=about)
    complaint.record(
        RecallApproved(
            who=who, decided_at=at, saw=complaint.version, clause=clause, recall=recall
        )
    )


def recall_executed(
    complaint: Complaint,
    rules: Rules,
    *,
    who: Who,
    when: When,
    recall: Code,
    pieces: Quantity | None = None,
) -> None:
    """Note that an approved recall was carried out."""
    _known(complaint, recall)
    authority.execute(rules, DECISION, who)
    if not authority.is_complete(complaint, rules, DECISION, _about(complaint, recall)):
        raise NotReadyError(authority.lack_of_approval(rules, DECISION, "recall_approved"))
    complaint.record(RecallExecuted(who=who, when=when, recall=recall, pieces=pieces))


def _requested(complaint: Complaint, recall: str) -> RecallRequested | None:
    asked = complaint.all(RecallRequested)
    return next((one for one in asked if one.recall == recall), None)


def _known(complaint: Complaint, recall: str) -> RecallRequested:
    asked = _requested(complaint, recall)
    if asked is None:
        raise InvalidError(Lack("recall", "ask for this recall first, or check its name"))
    return asked


def _about(complaint: Complaint, recall: str) -> list[Event]:
    """What was asked and signed of this recall, and of no other."""
    said: list[RecallRequested | RecallApproved] = [
        *complaint.all(RecallRequested),
        *complaint.all(RecallApproved),
    ]
    return [one for one in said if one.recall == recall]
