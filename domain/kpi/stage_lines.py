"""How long a complaint took, stage by stage, and what became of its first report."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import pairwise

from domain.complaint.action import ActionImplemented, ActionPlanned, SolutionExecuted
from domain.complaint.closure import Closed
from domain.complaint.contact import CustomerConfirmed, Replied
from domain.complaint.intake import Received
from domain.complaint.investigation import RootCaused
from domain.complaint.state import Complaint
from domain.event import Event, Fact
from domain.kpi.contribution import Contribution
from domain.kpi.line import Lines

LineOf = Iterator[Contribution]

# Which events end a stage (S32, columns 2 to 6); a stage begins where the last one ended.
ENDS: Mapping[str, tuple[type[Event], ...]] = {
    "analysis": (RootCaused,),
    "solution": (ActionPlanned,),
    "execution": (SolutionExecuted, ActionImplemented),
    "confirmation": (CustomerConfirmed,),
    "closing": (Closed,),
}


def of_complaint(lines: Lines, complaint: Complaint, received: Received) -> LineOf:
    """A stage whose beginning or end nobody recorded has no time."""
    came = received.received_at
    ended: list[tuple[str, datetime | None]] = [("receipt", came)]
    for stage, kinds in ENDS.items():
        moments = [_at(one) for kind in kinds for one in complaint.all(kind)]
        first = min(moments, default=None)
        if stage == "closing" and not complaint.closed:
            first = None
        elif stage == "closing":
            first = max(moments)
        ended.append((stage, first))
    for (_, begun), (stage, end) in pairwise(ended):
        if begun is not None and end is not None and end >= begun:
            yield _took(lines, "stage_time", came, begun, end, stage)
    closed = ended[-1][1]
    if closed is not None and closed >= came:
        yield _took(lines, "handling_time", came, came, closed, "closing")
    yield from _reports(lines, complaint)


def _took(
    lines: Lines, measure: str, came: datetime, begun: datetime, end: datetime, stage: str
) -> Contribution:
    took = int((end - begun).total_seconds())
    return lines.line(
        measure, came, since=max(came, end), subject=stage, amount=took, labels=(stage,)
    )


def _at(event: Event) -> datetime:
    if isinstance(event, Fact):
        return event.occurred_at
    assert isinstance(event, Closed)
    return event.decided_at


def _reports(lines: Lines, complaint: Complaint) -> LineOf:
    """Whether the customer took the first report, before there was a second one."""
    sent = sorted(one.occurred_at for one in complaint.all(Replied) if one.part == "report")
    if not sent:
        return
    yield lines.line("report", sent[0])
    answers = sorted(
        (one.occurred_at, one.originator_version, one.result)
        for one in complaint.all(CustomerConfirmed)
        if one.occurred_at >= sent[0]
    )
    if answers and answers[0][2] == "accepted":
        if len(sent) > 1 and sent[1] < answers[0][0]:
            return
        yield lines.line("report_accepted", sent[0], since=answers[0][0])
