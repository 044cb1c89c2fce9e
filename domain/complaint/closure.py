"""Closure: the gates a regulation sets, and the end of the work."""

from datetime import datetime

from domain.complaint.screening import outcome_of
from domain.complaint.state import Complaint
from domain.errors import Lack, NotAllowedError, NotReadyError
from domain.event import Decision, Who
from domain.gate_reading import read_gates
from domain.rulebooks.rulebook import Rules
from domain.times import Instant
from domain.words import Text

# --- What can have happened. -----------------------------------------------------------


class Closed(Decision):
    """Every gate stood open, and somebody ended the work."""

    TOPIC = "complaint.closed"

    def apply(self, complaint: Complaint) -> None:
        """The work has ended."""
        complaint.closed = True


class Reopened(Decision):
    """The work begins again; what was done stays on record."""

    TOPIC = "complaint.reopened"

    reason: str

    def apply(self, complaint: Complaint) -> None:
        """The work goes on."""
        complaint.closed = False


# --- What may happen. ------------------------------------------------------------------


def close(complaint: Complaint, rules: Rules, *, who: Who, at: Instant) -> None:
    """End the work if every gate is open; otherwise say all that is missing."""
    if complaint.closed:
        return
    closure = rules.closing()
    if lacks := missing(complaint, rules, at):
        raise NotReadyError(*lacks)
    complaint.record(
        Closed(who=who, decided_at=at, saw=complaint.version, clause=closure.clause)
    )


def missing(complaint: Complaint, rules: Rules, now: datetime) -> list[Lack]:
    """All that keeps it open: nothing once it was withdrawn, little once it is not ours."""
    if complaint.withdrawn:
        return []
    lacks = []
    outcome = outcome_of(complaint, rules)
    if outcome is not None:
        happened = complaint.happened.values()
        lacks = [
            Lack(needed.event, "this has to follow all the same", outcome.clause)
            for needed in outcome.needs
            if not any(needed.matches(event) for event in happened)
        ]
        if outcome.ends_complaint:
            return lacks
    shut = read_gates(complaint, rules.on("closure"), now).shut
    return lacks + [
        Lack(read.name, f"{read.gate.name.en}: {read.found.fix()}", read.gate.clause)
        for read in shut
    ]


def reopen(
    complaint: Complaint, _rules: Rules, *, who: Who, at: Instant, reason: Text
) -> None:
    """Begin the work again. An open complaint stays open."""
    if not complaint.closed:
        raise NotAllowedError(Lack("closed", "the complaint is open"))
    complaint.record(Reopened(who=who, decided_at=at, saw=complaint.version, reason=reason))
