"""Action: what is done against the cause, and against its like elsewhere (D5 to D7)."""

from datetime import date
from typing import Literal

from domain.complaint.course import course
from domain.complaint.state import Complaint
from domain.errors import InvalidError, Lack, NotAllowedError
from domain.event import Decision, Fact, When, Who
from domain.rulebooks.rulebook import Rules
from domain.times import Instant
from domain.words import Code, Line, Text

Kind = Literal["correction", "corrective", "preventive"]

SettledAs = Literal[
    "repaired", "exchanged", "returned", "paid", "normal_warranty", "goodwill_warranty"
]

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


class ActionApproved(Decision):
    """Somebody else than its proposer agreed to an action."""

    TOPIC = "complaint.action_approved"

    action: str


class ActionRejected(Decision):
    """An action went back: it is to be thought over."""

    TOPIC = "complaint.action_rejected"

    action: str
    reason: str


class SolutionExecuted(Fact):
    """What was agreed with the customer was carried out."""

    TOPIC = "complaint.solution_executed"

    on_the_spot: bool | None = None
    settled_as: SettledAs | None = None  # a warranty repair is no complaint to some


class Deployed(Fact):
    """The action was carried over to a similar product, line or site, or why not (D7)."""

    TOPIC = "complaint.deployed"

    target: str
    result: Literal["done", "not_applicable"]
    reason: str | None = None


# --- What may happen. ------------------------------------------------------------------


def action_planned(
    complaint: Complaint,
    rules: Rules,
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
            cycle=course(complaint, rules).cycle,
        )
    )


def action_implemented(
    complaint: Complaint, rules: Rules, *, who: Who, when: When, action: Code
) -> None:
    """Note that a planned action was done."""
    if action not in {planned.action for planned in complaint.all(ActionPlanned)}:
        raise InvalidError(Lack("action", "plan this action first, or check its id"))
    cycle = course(complaint, rules).cycle
    complaint.record(ActionImplemented(who=who, when=when, action=action, cycle=cycle))


def approve_action(
    complaint: Complaint, _rules: Rules, *, who: Who, at: Instant, action: Code
) -> None:
    """Agree to an action. Nobody agrees to what they proposed themselves."""
    planned = _judged(complaint, action, who)
    if isinstance(_verdict(complaint, planned), ActionApproved):
        return
    complaint.record(
        ActionApproved(who=who, decided_at=at, saw=complaint.version, action=action)
    )


def reject_action(
    complaint: Complaint,
    _rules: Rules,
    *,
    who: Who,
    at: Instant,
    action: Code,
    reason: Text,
) -> None:
    """Send an action back."""
    planned = _judged(complaint, action, who)
    if isinstance(_verdict(complaint, planned), ActionRejected):
        return
    complaint.record(
        ActionRejected(
            who=who, decided_at=at, saw=complaint.version, action=action, reason=reason
        )
    )


def _judged(complaint: Complaint, action: str, who: Who) -> ActionPlanned:
    """The plan that is judged, as it was laid down last."""
    if complaint.closed:
        raise NotAllowedError(Lack("action", "reopen the complaint first"))
    plans = [plan for plan in complaint.all(ActionPlanned) if plan.action == action]
    if not plans:
        raise InvalidError(Lack("action", "plan this action first, or check its id"))
    if plans[-1].who.persons & who.persons:
        fix = "another person has to decide on it: you have proposed it yourself"
        raise NotAllowedError(Lack("by", fix))
    return plans[-1]


def _verdict(
    complaint: Complaint, plan: ActionPlanned
) -> ActionApproved | ActionRejected | None:
    """What was decided on it last; a plan laid down anew waits again."""
    since = plan.originator_version
    said: list[ActionApproved | ActionRejected] = [
        *complaint.all(ActionApproved, since=since),
        *complaint.all(ActionRejected, since=since),
    ]
    mine = [one for one in said if one.action == plan.action]
    return max(mine, key=lambda one: one.originator_version, default=None)


def solution_executed(
    complaint: Complaint,
    _rules: Rules,
    *,
    who: Who,
    when: When,
    on_the_spot: bool | None = None,
    settled_as: SettledAs | None = None,
) -> None:
    """Note that the solution was carried out, and what it was."""
    complaint.record(
        SolutionExecuted(who=who, when=when, on_the_spot=on_the_spot, settled_as=settled_as)
    )


def deployed(
    complaint: Complaint,
    _rules: Rules,
    *,
    who: Who,
    when: When,
    target: Line,
    result: Literal["done", "not_applicable"] = "done",
    reason: Text | None = None,
) -> None:
    """Note where else it was done. Where it does not apply, say why."""
    if result == "not_applicable" and reason is None:
        raise InvalidError(Lack("reason", "say why it does not apply there"))
    complaint.record(
        Deployed(who=who, when=when, target=target, result=result, reason=reason)
    )
