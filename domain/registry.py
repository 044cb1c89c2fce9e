"""Which stored topic is which event. A topic is for ever; the class may move."""

from collections.abc import Iterable, Mapping

from domain import catalog_stream, operation, penalty, penalty_after, project, shipment
from domain.complaint import (
    action,
    approval,
    assignment,
    closure,
    contact,
    containment,
    correction,
    deadline_events,
    disposition,
    effect,
    escalation,
    failure,
    fined,
    grading,
    intake,
    investigation,
    items,
    keeping,
    recall,
    rectification,
    returns,
    review,
    timing,
)
from domain.event import Event
from domain.rulebooks import publication

Registry = Mapping[str, type[Event]]


class UnknownTopicError(LookupError):
    """Something was stored that this program cannot read; stop, never skip."""


def by_topic(events: Iterable[type[Event]]) -> Registry:
    """Every event under its topic; two under one are a defect."""
    registry: dict[str, type[Event]] = {}
    for event in events:
        if event.TOPIC in registry:
            raise ValueError(f"two events are stored as {event.TOPIC}")
        registry[event.TOPIC] = event
    return registry


REGISTRY = by_topic(
    (
        intake.Received,
        intake.Accepted,
        intake.Screened,
        intake.DuplicateLinked,
        intake.DuplicateUnlinked,
        intake.Withdrawn,
        items.ItemStated,
        items.FactEstablished,
        items.LossStated,
        contact.Acknowledged,
        contact.Contacted,
        contact.HandedOver,
        contact.Replied,
        contact.CustomerConfirmed,
        contact.Objected,
        contact.CalledBack,
        grading.Graded,
        containment.Contained,
        containment.StockSwept,
        investigation.Sampled,
        investigation.QuestionRaised,
        investigation.QuestionAnswered,
        investigation.Determined,
        investigation.RootCaused,
        investigation.LiabilityAssigned,
        action.ActionPlanned,
        action.ActionApproved,
        action.ActionRejected,
        action.ActionImplemented,
        returns.GoodsArrived,
        returns.ReturnRequested,
        returns.ReturnApproved,
        returns.GoodsDelivered,
        recall.RecallRequested,
        recall.RecallApproved,
        recall.RecallExecuted,
        rectification.InspectionStopped,
        rectification.PlanDecided,
        rectification.PlanAccepted,
        rectification.WorkAccepted,
        disposition.Disposed,
        disposition.LabourBooked,
        action.SolutionExecuted,
        action.Deployed,
        effect.Verified,
        effect.BatchChecked,
        effect.Recurred,
        effect.Pledged,
        effect.PledgeJudged,
        failure.ReturnedToUnit,
        review.ReviewHeld,
        review.MeetingHeld,
        review.EvidenceAccepted,
        review.DutyDone,
        keeping.EvidenceAdded,
        keeping.Archived,
        approval.Signed,
        escalation.Escalated,
        assignment.Assigned,
        assignment.Noted,
        correction.Corrected,
        closure.Closed,
        closure.Reopened,
        fined.Fined,
        timing.InquiryStarted,
        timing.ResponseStarted,
        timing.Promised,
        timing.CustomerDeadlineSet,
        timing.Paused,
        timing.Resumed,
        deadline_events.DeadlineSet,
        deadline_events.DeadlineMoved,
        deadline_events.DeadlineStopped,
        penalty.OffenceStated,
        penalty.SpecialApprovalGiven,
        penalty.Proposed,
        publication.RulebookProposed,
        publication.RulebookPublished,
        publication.RulebookWithdrawn,
        publication.PolicySetProposed,
        publication.PolicySetPublished,
        penalty.Rewarded,
        penalty.CostCharged,
        penalty.PointsDeducted,
        penalty.Superseded,
        penalty_after.Approved,
        penalty_after.Notified,
        penalty_after.Appealed,
        penalty_after.Upheld,
        penalty_after.Changed,
        penalty_after.Settled,
        penalty_after.Reversed,
        catalog_stream.Published,
        operation.ProjectionRewound,
        shipment.Sent,
        shipment.Returned,
        shipment.Corrected,
        project.ProjectBegun,
        project.HoldPointChecked,
        project.Delivered,
        project.CalledBack,
        project.ReportFiled,
        project.Evaluated,
        project.Corrected,
    )
)
