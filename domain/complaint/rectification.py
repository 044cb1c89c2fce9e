"""Rectification: the work is stopped, treated by an accepted plan, and accepted again."""

from typing import Literal

from domain.complaint import authority
from domain.complaint.action import ActionImplemented
from domain.complaint.chain import PLANS
from domain.complaint.state import Complaint
from domain.errors import Lack, NotAllowedError, NotReadyError
from domain.event import Decision, Event, Fact, When, Who
from domain.rulebooks.rulebook import Rules
from domain.times import Instant
from domain.words import Line, Text

DECISIONS = PLANS  # as a regulation lists them among its approvals
ACCEPTANCE = "work_acceptance"

Treatment = Literal["treat", "none"]  # none: no treatment is needed, which is argued
Accepted = Literal["accepted", "rejected"]

# --- What can have happened. -----------------------------------------------------------


class InspectionStopped(Fact):
    """The affected part stands still, and what would follow on it."""

    TOPIC = "complaint.inspection_stopped"

    part: str
    protection: str | None = None  # measures, where any were needed


class PlanDecided(Decision):
    """Somebody laid down how it is treated, or why it needs no treatment."""

    TOPIC = "complaint.plan_decided"

    plan: str
    treatment: Treatment
    argument: str | None = None


class PlanAccepted(Decision):
    """One who has to accept the plan did."""

    TOPIC = "complaint.plan_accepted"

    plan_at: int  # the version of the plan that was accepted


class WorkAccepted(Decision):
    """The treated work was inspected and appraised."""

    TOPIC = "complaint.work_accepted"

    result: Accepted


# --- What may happen: stop, plan, accept the plan, treat, accept the work. --------------


def inspection_stopped(
    complaint: Complaint,
    _rules: Rules,
    *,
    who: Who,
    when: When,
    part: Line,
    protection: Text | None = None,
) -> None:
    """Note that work on a part was stopped."""
    complaint.record(
        InspectionStopped(who=who, when=when, part=part, protection=protection)
    )


def decide_plan(
    complaint: Complaint,
    rules: Rules,
    *,
    who: Who,
    at: Instant,
    plan: Text,
    treatment: Treatment = "treat",
    argument: Text | None = None,
) -> None:
    """Lay down a plan. A new one takes the place of the last, whose signatures fall."""
    if complaint.closed:
        raise NotAllowedError(Lack("plan", "reopen the complaint first"))
    if not complaint.has(InspectionStopped):
        raise NotReadyError(
            Lack("inspection_stopped", "stop the work on the affected part first")
        )
    clause = authority.propose(
        complaint, rules, DECISIONS[treatment], who, argument=argument
    )
    before = _planned(complaint)
    if before and (before.plan, before.treatment, before.argument) == (
        plan,
        treatment,
        argument,
    ):
        return
    complaint.record(
        PlanDecided(
            who=who,
            decided_at=at,
            saw=complaint.version,
            clause=clause,
            plan=plan,
            treatment=treatment,
            argument=argument,
        )
    )


def accept_plan(complaint: Complaint, rules: Rules, *, who: Who, at: Instant) -> None:
    """Accept the plan that stands. Once all have who have to, nothing changes."""
    if complaint.closed:
        raise NotAllowedError(Lack("plan", "reopen the complaint first"))
    plan = _planned(complaint)
    if plan is None:
        raise NotReadyError(Lack("plan_decided", "decide on a plan first"))
    if _is_accepted(complaint, rules, plan):
        return
    clause = authority.sign(
        complaint,
        rules,
        DECISIONS[plan.treatment],
        who,
        about=_about(complaint, plan),
    )
    complaint.record(
        PlanAccepted(
            who=who,
            decided_at=at,
            saw=complaint.version,
            clause=clause,
            plan_at=plan.originator_version,
        )
    )


def accept_work(
    complaint: Complaint, rules: Rules, *, who: Who, at: Instant, result: Accepted
) -> None:
    """Judge the treated work: after an accepted plan, and what it asks was done."""
    if complaint.closed:
        raise NotAllowedError(Lack("result", "reopen the complaint first"))
    plan = _planned(complaint)
    if plan is None:
        raise NotReadyError(Lack("plan_decided", "decide on a plan first"))
    if not _is_accepted(complaint, rules, plan):
        raise NotReadyError(
            authority.lack_of_approval(rules, DECISIONS[plan.treatment], "plan_accepted")
        )
    since = plan.originator_version
    done = next(complaint.all(ActionImplemented, since=since), None)
    if plan.treatment == "treat" and done is None:
        raise NotReadyError(
            Lack("action_implemented", "carry out an action of the plan first")
        )
    clause = authority.propose(complaint, rules, ACCEPTANCE, who)
    judged = list(complaint.all(WorkAccepted, since=since))
    if judged and judged[-1].result == result:
        return
    complaint.record(
        WorkAccepted(
            who=who, decided_at=at, saw=complaint.version, clause=clause, result=result
        )
    )


def _planned(complaint: Complaint) -> PlanDecided | None:
    """The plan that stands: the one decided last."""
    return max(
        complaint.all(PlanDecided), key=lambda one: one.originator_version, default=None
    )


def _about(complaint: Complaint, plan: PlanDecided) -> list[Event]:
    """The plan that stands, and who accepted it."""
    accepted = complaint.all(PlanAccepted)
    return [plan, *(one for one in accepted if one.plan_at == plan.originator_version)]


def _is_accepted(complaint: Complaint, rules: Rules, plan: PlanDecided) -> bool:
    decision = DECISIONS[plan.treatment]
    return authority.is_complete(complaint, rules, decision, _about(complaint, plan))
