"""Lapses: which recorded due instants passed unmet, and which of them did so after all.

Whether one did follows from the facts as they stand and the time it is, whatever order the
facts came in: a lapse stands exactly while the run it speaks of is due at that instant and
was not met by it.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from domain.clock_arithmetic import utc
from domain.complaint.closure import Closed
from domain.complaint.deadline_drafts import Why
from domain.complaint.deadline_events import DeadlineLapsed, LapseWithdrawn
from domain.complaint.happened import happened_at
from domain.complaint.intake import Received, Withdrawn
from domain.complaint.state import Complaint
from domain.deadline import Deadline

AFTER = timedelta(seconds=1)  # business times are whole seconds: on the instant is in time


def next_moment(complaint: Complaint) -> datetime | None:
    """When time alone changes the record next, if nothing else is said before.

    History that was loaded calls nobody: of an imported complaint nothing lapses.
    """
    if next(complaint.all(Received)).origin == "imported":
        return None
    ended = ended_at(complaint)
    found = (
        one.due_at
        for one in complaint.deadlines.values()
        if one.due_at and one.lapse is None and _stands(one, ended)
    )
    due = min(found, key=utc, default=None)
    return None if due is None else due + AFTER


def lapsed(complaint: Complaint, why: Why) -> Iterator[DeadlineLapsed]:
    """The record of each due instant that lies before this and was not met."""
    ended = ended_at(complaint)
    for one in list(complaint.deadlines.values()):
        due = one.due_at
        if due and one.lapse is None and _stands(one, ended) and utc(due) < utc(why.at):
            yield DeadlineLapsed(
                who=why.who,
                follows_at=why.at,
                clause=one.clause,
                clock=one.clock,
                cycle=one.cycle,
                due_at=due,
                told=one.told,
            )


def withdrawn(complaint: Complaint, why: Why) -> Iterator[LapseWithdrawn]:
    """The record of each lapse that is none after all."""
    if not any(one.lapse for one in complaint.deadlines.values()):
        return
    ended = ended_at(complaint)
    for one in list(complaint.deadlines.values()):
        if one.lapse is None or one.lapsed_due is None:
            continue
        if not _stands(one, ended) or one.due_at != one.lapsed_due:
            yield LapseWithdrawn(
                who=why.who,
                follows_at=why.at,
                clause=one.clause,
                clock=one.clock,
                cycle=one.cycle,
                due_at=one.lapsed_due,
                lapse=one.lapse,
                reason=why.reason,
                by=why.event.originator_version if why.event else None,
            )


def ended_at(complaint: Complaint) -> datetime | None:
    """Since when nothing is owed any more: it is closed, or the customer took it back."""
    ends = [happened_at(one) for one in complaint.all(Withdrawn)]
    if complaint.closed and (closed := complaint.latest(Closed)):
        ends.append(closed.decided_at)
    return min(ends, key=utc, default=None)


def _stands(one: Deadline, ended: datetime | None) -> bool:
    """Whether its due instant can pass unmet: what ended before owes nothing."""
    if not one.may_lapse or one.due_at is None:
        return False
    return ended is None or utc(ended) > utc(one.due_at)
