"""What was due: deadlines, actions and pledges, each in the month in which it was due."""

from collections.abc import Iterator

from domain.complaint.action import ActionImplemented, ActionPlanned, ActionRejected
from domain.complaint.closure import Closed
from domain.complaint.effect import Pledged, PledgeJudged
from domain.complaint.state import Complaint
from domain.kpi.contribution import Contribution
from domain.kpi.line import Lines

LineOf = Iterator[Contribution]


def of_complaint(lines: Lines, complaint: Complaint) -> LineOf:
    """Each counts from its due instant on: nobody has missed what is due tomorrow."""
    yield from _deadlines(lines, complaint)
    yield from _actions(lines, complaint)
    yield from _pledges(lines, complaint)


def _deadlines(lines: Lines, complaint: Complaint) -> LineOf:
    closings = [one.decided_at for one in complaint.all(Closed)]
    closed_at = closings[-1] if closings and complaint.closed else None
    for one in complaint.deadlines.values():
        if one.due_at is None or one.state == "void":
            continue
        due, subject = one.due_at, f"{one.clock}/{one.cycle}"
        yield lines.line("due", due, subject=subject, labels=(one.clock,))
        if one.verdict == "met":
            yield lines.line("in_time", due, subject=subject, labels=(one.clock,))
        if closed_at is not None and closed_at <= due:
            yield lines.line("closed_by_due", due, subject=subject, labels=(one.clock,))


def _actions(lines: Lines, complaint: Complaint) -> LineOf:
    """The plan that was laid down last is the one that is owed."""
    plans: dict[tuple[str, int], ActionPlanned] = {}
    planned = complaint.all(ActionPlanned)
    for plan in sorted(planned, key=lambda one: (one.occurred_at, one.originator_version)):
        plans[plan.action, plan.cycle] = plan
    for (action, cycle), plan in plans.items():
        subject = f"{action}/{cycle}"
        rejected = any(
            one.action == action and one.decided_at > plan.occurred_at
            for one in complaint.all(ActionRejected)
        )
        also = ("rejected",) if rejected else ()
        if plan.due is None:
            yield lines.line("action_undated", plan.occurred_at, subject=subject, also=also)
            continue
        due = lines.by_end_of(plan.due)
        yield lines.line("action_due", due, subject=subject, also=also)
        done = [
            one.occurred_at
            for one in complaint.all(ActionImplemented)
            if (one.action, one.cycle) == (action, cycle)
        ]
        if done and lines.day_of(min(done)) <= plan.due:
            yield lines.line("action_done", due, subject=subject, also=also)


def _pledges(lines: Lines, complaint: Complaint) -> LineOf:
    judged = {one.pledge: one.result for one in complaint.all(PledgeJudged)}
    for pledge in complaint.all(Pledged):
        due = lines.by_end_of(pledge.due)
        yield lines.line("pledge_due", due, subject=pledge.pledge)
        if judged.get(pledge.pledge) == "kept":
            yield lines.line("pledge_kept", due, subject=pledge.pledge)
