"""Action: what is done against the cause, and whether it helped (D5 to D6)."""

from datetime import date
from typing import Literal

from domain.complaint.state import Complaint
from domain.errors import InvalidError, Lack, NotAllowedError, NotReadyError
from domain.event import Decision, Fact, When, Who
from domain.rulebooks.rulebook import Rules
from domain.times import Instant
from domain.words import Code, Line, Text

Kind = Literal["correction", "corrective", "preventive"]
Effect = Literal["effective", "ineffective"]
BatchResult = Literal["clean", "same_problem", "other_problem"]

# --- What can have happened. -----------------------------------------------------------


class ActionPlanned(Fact):
    """Somebody laid down what will be done, by whom and by when."""

    TOPIC = "complaint.action_planned"

    action: str
    text: str
    kind: Kind
    owner: str | None = None
    due: date | None = None
    cycle: int


class ActionImplemented(Fact):
    """It was done."""

    TOPIC = "complaint.action_implemented"

    action: str
    cycle: int


class Verified(Decision):
    """Somebody judged whether it helped, and whether it harmed."""

    TOPIC = "complaint.verified"

    result: Effect
    side_effect: bool
    cycle: int

    def apply(self, complaint: Complaint) -> None:
        """What did not help begins the next cycle of action."""
        if self.result == "ineffective":
            _begin_cycle(complaint, self.originator_version)


class BatchChecked(Fact):
    """A later batch was looked at for the same problem."""

    TOPIC = "complaint.batch_checked"

    shipment_batch: str
    result: BatchResult

    def apply(self, complaint: Complaint) -> None:
        """The same problem again shows that it did not help."""
        if self.result == "same_problem":
            _begin_cycle(complaint, self.originator_version)


def _begin_cycle(complaint: Complaint, version: int) -> None:
    complaint.cycle += 1
    complaint.cycle_since = version


# --- What may happen. ------------------------------------------------------------------


def action_planned(
    complaint: Complaint,
    _rules: Rules,
    *,
    who: Who,
    when: When,
    action: Code,
    text: Text,
    kind: Kind = "corrective",
    owner: Line | None = None,
    due: date | None = None,
) -> None:
    """Lay down an action under a short id, such as A1."""
    complaint.record(
        ActionPlanned(
            who=who,
            when=when,
            action=action,
            text=text,
            kind=kind,
            owner=owner,
            due=due,
            cycle=complaint.cycle,
        )
    )


def action_implemented(
    complaint: Complaint, _rules: Rules, *, who: Who, when: When, action: Code
) -> None:
    """Note that a planned action was done."""
    if action not in {planned.action for planned in complaint.all(ActionPlanned)}:
        raise InvalidError(Lack("action", "plan this action first, or check its id"))
    complaint.record(
        ActionImplemented(who=who, when=when, action=action, cycle=complaint.cycle)
    )


def verify(
    complaint: Complaint,
    rules: Rules,
    *,
    who: Who,
    at: Instant,
    result: Effect,
    side_effect: bool,
) -> None:
    """Judge the actions of this cycle. There has to be one that was implemented."""
    if complaint.closed:
        raise NotAllowedError(Lack("result", "reopen the complaint first"))
    implemented = complaint.all(ActionImplemented, since=complaint.cycle_since)
    if next(implemented, None) is None:
        raise NotReadyError(
            Lack("action_implemented", "implement an action of this cycle first")
        )
    judged = [done for done in complaint.all(Verified) if done.cycle == complaint.cycle]
    if judged and (judged[-1].result, judged[-1].side_effect) == (result, side_effect):
        return
    complaint.record(
        Verified(
            who=who,
            decided_at=at,
            saw=complaint.version,
            clause=rules.closing().gate_clause("verified"),
            result=result,
            side_effect=side_effect,
            cycle=complaint.cycle,
        )
    )


def batch_checked(
    complaint: Complaint,
    _rules: Rules,
    *,
    who: Who,
    when: When,
    shipment_batch: Line,
    result: BatchResult,
) -> None:
    """Note what a later batch showed."""
    complaint.record(
        BatchChecked(who=who, when=when, shipment_batch=shipment_batch, result=result)
    )
