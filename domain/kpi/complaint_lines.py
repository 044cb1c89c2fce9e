"""What a complaint adds to the figures: from its reception to its callbacks."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from itertools import chain

from domain.complaint.closure import Closed, Reopened
from domain.complaint.contact import CalledBack, Contacted
from domain.complaint.effect import Recurred
from domain.complaint.facts import statements, views_of
from domain.complaint.intake import Received, Screened
from domain.complaint.state import Complaint
from domain.kpi import due_lines, piece_lines, stage_lines
from domain.kpi.contribution import Contribution, begin_of_month, month_of, next_month
from domain.kpi.line import Lines
from domain.rulebooks.predicates import Facts

LATE = timedelta(hours=24)  # recorded so long after it was received: late
REASON_FACTS = ("settled_as",)  # a code of these may keep a complaint out of a figure
NOT_COUNTED, DUPLICATE, WITHDRAWN = "not_counted", "duplicate", "withdrawn"

LineOf = Iterator[Contribution]


def of_complaint(complaint: Complaint, recorded_at: datetime) -> LineOf:
    """Every line of one complaint; the ledger took its first event at *recorded_at*."""
    received = complaint.latest(Received)
    assert received is not None, "a complaint begins with its reception"
    views = views_of(statements(complaint))
    lines = Lines(
        zone=received.zone,
        site=received.site,
        customer=received.customer,
        product=_product(views[min(views)]),
        reasons=tuple(_reasons(complaint, received, views[min(views)])),
    )
    yield from _reception(lines, complaint, received, views[min(views)])
    yield from _record(lines, received, recorded_at, views)
    yield from _contact(lines, complaint, received)
    yield from _closing(lines, complaint, received)
    yield from _callbacks(lines, complaint)
    yield from chain(
        due_lines.of_complaint(lines, complaint),
        piece_lines.of_complaint(lines, complaint, received, views),
        stage_lines.of_complaint(lines, complaint, received),
    )


def _product(view: Facts) -> str | None:
    product = view.get("product_model")
    return product if isinstance(product, str) else None


def _reasons(complaint: Complaint, received: Received, view: Facts) -> Iterator[str]:
    """What may keep it out of a figure; a definition says which of them do."""
    screened = complaint.latest(Screened)
    if screened is not None and screened.counts_in_kpi is False:
        yield NOT_COUNTED
    if complaint.duplicate_of is not None:
        yield DUPLICATE
    if complaint.withdrawn:
        yield WITHDRAWN
    if received.origin == "imported":
        yield "imported"
    for fact in REASON_FACTS:
        if isinstance(value := view.get(fact), str):
            yield f"{fact}={value}"


def _reception(
    lines: Lines, complaint: Complaint, received: Received, view: Facts
) -> LineOf:
    labels = ("project",) if received.project else ()
    at = received.received_at
    yield lines.line("received", at, labels=labels)
    if view.get("customer_claims_repeat") is True:
        yield lines.line("marked_repeat", at)
    again = min((one.occurred_at for one in complaint.all(Recurred)), default=None)
    if again is not None:
        yield lines.line("recurred", at, since=max(at, again))


def _record(
    lines: Lines, received: Received, recorded_at: datetime, views: Mapping[int, Facts]
) -> LineOf:
    """How far the other figures can be trusted: what came late, what nobody knows."""
    yield lines.line("recorded", recorded_at)
    if recorded_at - received.received_at > LATE:
        yield lines.line("recorded_late", recorded_at)
    if not any(isinstance(view.get("batch"), str) for view in views.values()):
        yield lines.line("batch_unknown", recorded_at)


def _contact(lines: Lines, complaint: Complaint, received: Received) -> LineOf:
    """From the reception to the first time that we spoke with the customer."""
    ours = (lines.stop(one) for one in complaint.all(Contacted) if one.outward)
    first = min(ours, default=None)
    if first is not None:
        at = received.received_at
        took = max(0, int((first - at).total_seconds()))
        yield lines.line("first_contact", at, since=max(at, first), amount=took)


def _closing(lines: Lines, complaint: Complaint, received: Received) -> LineOf:
    """A complaint is open from its reception, and closed while a closing stands."""
    came = received.received_at
    said = [e for e in complaint.happened.values() if isinstance(e, Closed | Reopened)]
    yield lines.line("open", came)
    for event in said:
        yield lines.line(
            "open",
            came,
            since=max(came, event.decided_at),
            subject=str(event.originator_version),
            amount=-1 if isinstance(event, Closed) else 1,
        )
    closed = [e.decided_at for e in said if isinstance(e, Closed)]
    if not closed:
        return
    yield lines.line("first_closed", closed[0])
    again = next((e.decided_at for e in said if isinstance(e, Reopened)), None)
    if again is not None:
        yield lines.line("reopened", closed[0], since=again)
    if not complaint.closed:
        return
    yield lines.line("closed", closed[-1])
    yield lines.line("resolved", came, since=max(came, closed[-1]))
    month = month_of(came, lines.zone)
    if closed[-1] < begin_of_month(next_month(month), lines.zone):
        yield lines.line("resolved_in_month", came, since=max(came, closed[-1]))
    reached = [one.occurred_at for one in complaint.all(CalledBack) if one.reached]
    if reached:
        yield lines.line("closed_reached", closed[-1], since=max(closed[-1], min(reached)))


def _callbacks(lines: Lines, complaint: Complaint) -> LineOf:
    for one in complaint.all(CalledBack):
        subject = str(one.originator_version)
        if one.reached:
            yield lines.line("callback", one.occurred_at, subject=subject)
        if one.reached and one.satisfied:
            yield lines.line("satisfied", one.occurred_at, subject=subject)
