"""What the tracking table remembers of a complaint: each fact as it stands corrected."""

import json
from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from domain.amount import Amount
from domain.complaint import (
    action,
    approval,
    assignment,
    closure,
    compensation,
    contact,
    containment,
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
    reassignment,
    recall,
    rectification,
    returns,
    review,
    timing,
)
from domain.complaint.correction import Corrected
from domain.complaint.intake import Received
from domain.event import Consequence, Event, Fact, Value, When
from projections.projection import Recorded, UnhandledError

TEXT_MAX = 200  # of a long text a list shows the beginning
LONG = {"text", "evidence"}

# One event: its topic, version and time, and the values that some column needs.
Said = dict[str, Any]

# What each event leaves behind, beside its time. Nothing sealed is among it.
KEEPS: Mapping[str, tuple[str, ...]] = {
    Received.TOPIC: (
        "who",
        "number",
        "source_key",
        "customer",
        "customer_number",
        "channel",
        "kind",
        "region",
        "items",
        "received_at",
        "site",
        "zone",
        "rulebooks",
        "origin",
    ),
    intake.Accepted.TOPIC: ("unit",),
    intake.Screened.TOPIC: ("outcome",),
    intake.DuplicateLinked.TOPIC: ("other",),
    intake.DuplicateUnlinked.TOPIC: (),
    intake.Withdrawn.TOPIC: (),
    items.ItemStated.TOPIC: ("number", "item"),
    items.LossStated.TOPIC: ("loss",),
    contact.Acknowledged.TOPIC: (),
    contact.Contacted.TOPIC: ("outward",),
    contact.HandedOver.TOPIC: ("to_unit",),
    contact.Replied.TOPIC: ("result",),
    contact.CustomerConfirmed.TOPIC: ("result",),
    contact.CalledBack.TOPIC: ("reached", "satisfied"),
    grading.Graded.TOPIC: ("scheme", "code"),
    grading.Upgraded.TOPIC: ("scheme", "code"),
    containment.Contained.TOPIC: (),
    investigation.Determined.TOPIC: ("result",),
    investigation.RootCaused.TOPIC: ("causes",),
    investigation.LiabilityAssigned.TOPIC: ("shares",),
    action.ActionPlanned.TOPIC: ("action", "text", "kind", "owner", "due"),
    action.ActionImplemented.TOPIC: ("action",),
    effect.Verified.TOPIC: ("result",),
    effect.BatchChecked.TOPIC: ("result",),
    assignment.Assigned.TOPIC: ("owner",),
    closure.Closed.TOPIC: (),
    closure.Reopened.TOPIC: (),
    fined.Fined.TOPIC: (),
    deadline_events.DeadlineSet.TOPIC: (
        "clock",
        "cycle",
        "state",
        "fact",
        "starts_at",
        "due_at",
        "provisional",
        "clause",
    ),
    deadline_events.DeadlineMoved.TOPIC: (
        "clock",
        "cycle",
        "state",
        "starts_at",
        "new",
        "provisional",
    ),
    deadline_events.DeadlineStopped.TOPIC: (
        "clock",
        "cycle",
        "fact",
        "stopped_at",
        "missed",
    ),
    Corrected.TOPIC: (),
}

# These fill no column: the page of the complaint tells them.
FILLS_NO_COLUMN = frozenset(
    {
        items.FactEstablished.TOPIC,
        contact.Objected.TOPIC,
        containment.StockSwept.TOPIC,
        assignment.Noted.TOPIC,
        reassignment.RulebookReassigned.TOPIC,
        returns.GoodsArrived.TOPIC,
        returns.ReturnRequested.TOPIC,
        returns.ReturnApproved.TOPIC,
        returns.GoodsDelivered.TOPIC,
        recall.RecallRequested.TOPIC,
        recall.RecallApproved.TOPIC,
        recall.RecallExecuted.TOPIC,
        rectification.InspectionStopped.TOPIC,
        rectification.PlanDecided.TOPIC,
        rectification.PlanAccepted.TOPIC,
        rectification.WorkAccepted.TOPIC,
        disposition.Disposed.TOPIC,
        disposition.LabourBooked.TOPIC,
        timing.InquiryStarted.TOPIC,
        timing.ResponseStarted.TOPIC,
        timing.Promised.TOPIC,
        timing.CustomerDeadlineSet.TOPIC,
        timing.Paused.TOPIC,
        timing.Resumed.TOPIC,
        investigation.Sampled.TOPIC,
        investigation.QuestionRaised.TOPIC,
        investigation.QuestionAnswered.TOPIC,
        action.ActionApproved.TOPIC,
        action.ActionRejected.TOPIC,
        action.SolutionExecuted.TOPIC,
        compensation.Compensated.TOPIC,
        action.Deployed.TOPIC,
        effect.Recurred.TOPIC,
        effect.Pledged.TOPIC,
        effect.PledgeJudged.TOPIC,
        failure.ReturnedToUnit.TOPIC,
        review.ReviewHeld.TOPIC,
        review.MeetingHeld.TOPIC,
        review.EvidenceAccepted.TOPIC,
        review.DutyDone.TOPIC,
        keeping.EvidenceAdded.TOPIC,
        keeping.Archived.TOPIC,
        approval.Signed.TOPIC,
        escalation.Escalated.TOPIC,
        deadline_events.DeadlineLapsed.TOPIC,
        deadline_events.LapseWithdrawn.TOPIC,
    }
)


class NotBegunError(ValueError):
    """A complaint has to begin with its reception."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What is remembered of one complaint; its row follows from this alone."""

    complaint_id: UUID
    version: int
    position: int
    recorded_at: datetime  # when the ledger took its first event
    updated_at: datetime  # when it took the last one
    said: Sequence[Said]  # in the order it was recorded


def follow(kept: Kept | None, at: Recorded) -> Kept:
    """What is remembered after one more event. Uses these two, and nothing else."""
    event = at.event
    if kept is None and not isinstance(event, Received):
        raise NotBegunError(event.TOPIC)
    said = tuple(kept.said) if kept else ()
    if event.TOPIC in KEEPS:
        said = (*said, _remembered(event, at.version))
    elif event.TOPIC not in FILLS_NO_COLUMN:
        raise UnhandledError(event.TOPIC)
    if isinstance(event, Corrected):
        said = tuple(_corrected(one, event) for one in said)
    return Kept(
        complaint_id=at.stream_id,
        version=at.version,
        position=at.position,
        recorded_at=kept.recorded_at if kept else at.recorded_at,
        updated_at=at.recorded_at,
        said=said,
    )


def _remembered(event: Event, version: int) -> Said:
    time = "when" if isinstance(event, Fact) else "decided_at"
    time = "follows_at" if isinstance(event, Consequence) else time
    words = event.model_dump(
        mode="json", include={time, *KEEPS[event.TOPIC]}, exclude_none=True
    )
    return {"topic": event.TOPIC, "version": version, **_shortened(words)}


def _corrected(one: Said, event: Corrected) -> Said:
    """The same, but as it would stand here had the fact been said rightly."""
    head = event.field.split(".")[0]
    if one["version"] != event.corrects or head not in {"when", *KEEPS[event.topic]}:
        return one
    words = deepcopy(one)
    *way, last = (
        int(step) - 1 if step.isdecimal() else step for step in event.field.split(".")
    )
    inside: Any = words
    for step in way:
        inside = inside[step]
    inside[last] = event.new
    if head in SPELLING and words[head] is not None:
        words[head] = SPELLING[head](words[head])
    return _shortened(words)


def _as(kind: type[Value | Amount], words: Any) -> Any:  # noqa: ANN401  # any JSON
    made = kind.model_validate_json(json.dumps(words))
    return made.model_dump(mode="json", exclude_none=True)


# How the domain spells a value that may come in several spellings.
SPELLING: Mapping[str, Callable[[Any], Any]] = {
    "when": lambda words: _as(When, words),
    "received_at": lambda words: _as(When, {"occurred_at": words})["occurred_at"],
    "items": lambda words: [_as(items.Item, one) for one in words],
    "item": lambda words: _as(items.Item, words),
    "due": lambda words: _as(items.Item, {"production_date": words})["production_date"],
    "loss": lambda words: _as(Amount, words),
    "causes": lambda words: [_as(investigation.Cause, one) for one in words],
}


def _shortened(words: Said) -> Said:
    """The same without the ends of long texts; names, numbers and codes stay whole."""
    return {key: _short(key, one) for key, one in words.items()}


def _short(key: str, words: Any) -> Any:  # noqa: ANN401  # any JSON
    match words:
        case str() if key in LONG:
            return _cut(words)
        case dict():
            return _shortened(words)
        case list():
            return [_short(key, one) for one in words]
        case _:
            return words


def _cut(text: str) -> str:
    return text if len(text) <= TEXT_MAX else text[: TEXT_MAX - 1] + "…"
