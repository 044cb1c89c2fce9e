"""What can be said about a complaint, or another stream: one name for route and event.

The shape of what is said is the signature of the function that takes it, so an HTTP body,
an upstream message and a form field cannot come to mean three things.
"""

import inspect
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Any, Literal, get_type_hints
from uuid import UUID

from pydantic import BaseModel, ConfigDict, StringConstraints, create_model

from domain import account, account_access, account_roles, cluster
from domain.complaint import (
    action,
    approval,
    assignment,
    closure,
    compensation,
    contact,
    containment,
    correction,
    disposition,
    effect,
    escalation,
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
from domain.event import Event, Fact, Stream, When, Who
from domain.record import Begun, Opening, Record
from domain.rulebooks.rulebook import Rules
from domain.times import Instant

# Filled in by whoever asks.
DOOR = {"complaint", "notice", "shipment", "project", "opening", "_rules", "rules"} | {
    "look",
    "cluster",
    "account",
    "giver",
    "first",
    "new_key",
    "who",
    "when",
    "at",
}

Number = Annotated[str, StringConstraints(min_length=1, max_length=80)]
Decide = Callable[[Any, Rules], Stream | None]


class Shape(BaseModel):
    """What is said, as it comes in: strict, and no field we do not know."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


@dataclass(frozen=True)
class Deed:
    """One thing that can be said: the event it leads to, and the function that takes it."""

    event: type[Event]
    do: Callable[..., Stream | Begun | None]

    @property
    def kind(self) -> str:
        """The kind of stream it is about: `complaint`."""
        return self.event.TOPIC.split(".")[0]

    @property
    def right(self) -> str:
        """The word under which the table of rights has it: a complaint's by its name."""
        return self.name if self.kind == "complaint" else self.event.TOPIC

    @property
    def name(self) -> str:
        """The word in the URL, the message type and the form: `graded`."""
        return self.event.TOPIC.split(".")[1]

    @property
    def is_fact(self) -> bool:
        """A fact needs no version and is never late; a decision names what it saw."""
        return issubclass(self.event, Fact)

    @cached_property
    def hints(self) -> Mapping[str, Any]:
        """The types of what is said."""
        hints = get_type_hints(self.do, include_extras=True)
        return {n: kind for n, kind in hints.items() if n not in {*DOOR, "return"}}

    @property
    def others(self) -> tuple[str, ...]:
        """Fields that name another complaint: by its number outside, by its id inside."""
        kinds = (intake.Another, intake.Another | None)
        return tuple(name for name, kind in self.hints.items() if kind in kinds)

    @cached_property
    def shape(self) -> type[Shape]:
        """What has to be said, and what may be."""
        fields: dict[str, Any] = {}
        for name, given in inspect.signature(self.do).parameters.items():
            if name in DOOR:
                continue
            unset = given.default is inspect.Parameter.empty
            kind = self.hints[name]
            if name in self.others:
                kind = Number if unset else Number | None
            fields[name] = (kind, ... if unset else given.default)
        if self.is_fact:
            fields["occurred_at"] = (Instant | None, None)
            fields["precision"] = (Literal["day"] | None, None)
        kind = "" if self.kind == "complaint" else self.kind.title()
        words = kind + self.name.title().replace("_", "")
        return create_model(
            f"{words}Body", __base__=Shape, __doc__=self.event.__doc__, **fields
        )

    def said(
        self, body: BaseModel, *, who: Who, at: Instant, ids: Mapping[str, object]
    ) -> Decide:
        """What to decide about a stream; *ids* fills in `others`, and the look."""
        words = {**self._timed(body, at), **ids}

        def decide(stream: Any, rules: Rules) -> Stream | None:  # noqa: ANN401  # its kind's
            made = self.do(stream, rules, who=who, **words)
            assert not isinstance(made, Begun), "what begins a stream decides nothing"
            return made

        return decide

    def begun(
        self, body: BaseModel, opening: Opening, *, who: Who, at: Instant, stream_id: UUID
    ) -> Record:
        """The stream that begins with this fact."""
        event = self.do(opening, who=who, **self._timed(body, at))
        assert isinstance(event, Begun)
        first = event.at(stream_id, 1)
        record: Record = first.mutate(None)
        record.news.append(first)
        return record

    def _timed(self, body: BaseModel, at: Instant) -> dict[str, Any]:
        """What is said, with its time: a fact's own, or a decision's."""
        words = dict(body)
        if not self.is_fact:
            return {**words, "at": at}
        occurred_at, precision = words.pop("occurred_at"), words.pop("precision")
        return {**words, "when": When(occurred_at=occurred_at or at, precision=precision)}


def by_name(deeds: Iterable[Deed]) -> Mapping[str, Deed]:
    """Every deed under its name."""
    return {deed.name: deed for deed in deeds}


DEEDS = by_name(
    (
        Deed(intake.Accepted, intake.accepted),
        Deed(intake.Screened, intake.screen),
        Deed(intake.DuplicateLinked, intake.link_duplicate),
        Deed(intake.DuplicateUnlinked, intake.unlink_duplicate),
        Deed(intake.Withdrawn, intake.withdrawn),
        Deed(items.ItemStated, items.item_stated),
        Deed(items.FactEstablished, items.fact_established),
        Deed(items.LossStated, items.loss_stated),
        Deed(contact.Acknowledged, contact.acknowledged),
        Deed(contact.Contacted, contact.contacted),
        Deed(contact.HandedOver, contact.handed_over),
        Deed(contact.Replied, contact.replied),
        Deed(contact.CustomerConfirmed, contact.customer_confirmed),
        Deed(contact.Objected, contact.objected),
        Deed(contact.CalledBack, contact.called_back),
        Deed(timing.InquiryStarted, timing.inquiry_started),
        Deed(timing.ResponseStarted, timing.response_started),
        Deed(timing.Promised, timing.promised),
        Deed(timing.CustomerDeadlineSet, timing.customer_deadline_set),
        Deed(timing.Paused, timing.pause),
        Deed(timing.Resumed, timing.resume),
        Deed(grading.Graded, grading.grade),
        Deed(containment.Contained, containment.contained),
        Deed(containment.StockSwept, containment.stock_swept),
        Deed(investigation.Sampled, investigation.sampled),
        Deed(investigation.QuestionRaised, investigation.question_raised),
        Deed(investigation.QuestionAnswered, investigation.question_answered),
        Deed(investigation.Determined, investigation.determine),
        Deed(investigation.RootCaused, investigation.root_caused),
        Deed(investigation.LiabilityAssigned, investigation.assign_liability),
        Deed(action.ActionPlanned, action.action_planned),
        Deed(action.ActionApproved, action.approve_action),
        Deed(action.ActionRejected, action.reject_action),
        Deed(action.ActionImplemented, action.action_implemented),
        Deed(returns.GoodsArrived, returns.goods_arrived),
        Deed(returns.ReturnRequested, returns.return_requested),
        Deed(returns.ReturnApproved, returns.approve_return),
        Deed(returns.GoodsDelivered, returns.goods_delivered),
        Deed(recall.RecallRequested, recall.request_recall),
        Deed(recall.RecallApproved, recall.approve_recall),
        Deed(recall.RecallExecuted, recall.recall_executed),
        Deed(rectification.InspectionStopped, rectification.inspection_stopped),
        Deed(rectification.PlanDecided, rectification.decide_plan),
        Deed(rectification.PlanAccepted, rectification.accept_plan),
        Deed(rectification.WorkAccepted, rectification.accept_work),
        Deed(disposition.Disposed, disposition.dispose),
        Deed(disposition.LabourBooked, disposition.labour_booked),
        Deed(action.SolutionExecuted, action.solution_executed),
        Deed(compensation.Compensated, compensation.compensate),
        Deed(action.Deployed, action.deployed),
        Deed(effect.Verified, effect.verify),
        Deed(effect.BatchChecked, effect.batch_checked),
        Deed(effect.Recurred, effect.recurred),
        Deed(effect.Pledged, effect.pledge),
        Deed(effect.PledgeJudged, effect.judge_pledge),
        Deed(review.ReviewHeld, review.review_held),
        Deed(review.MeetingHeld, review.meeting_held),
        Deed(review.EvidenceAccepted, review.accept_evidence),
        Deed(review.DutyDone, review.duty_done),
        Deed(keeping.EvidenceAdded, keeping.evidence_added),
        Deed(keeping.Archived, keeping.archived),
        Deed(approval.Signed, approval.sign),
        Deed(escalation.Escalated, escalation.escalate),
        Deed(assignment.Assigned, assignment.assign),
        Deed(assignment.Noted, assignment.noted),
        Deed(correction.Corrected, correction.correct),
        Deed(closure.Closed, closure.close),
        Deed(closure.Reopened, closure.reopen),
        Deed(reassignment.RulebookReassigned, reassignment.reassign),
    )
)

# What people say about a repeat alarm; the reactor says the rest.
CLUSTER_DEEDS = by_name(
    (
        Deed(cluster.Dismissed, cluster.dismiss),
        Deed(cluster.MeetingHeld, cluster.meeting_held),
        Deed(cluster.PlanAdopted, cluster.adopt_plan),
    )
)

# What is said about an account of ours; passwords and links have doors of their own.
ACCOUNT_DEEDS = by_name(
    (
        Deed(account.RoleGranted, account_roles.grant_role),
        Deed(account.RoleConfirmed, account_roles.confirm_role),
        Deed(account.RoleRevoked, account_roles.revoke_role),
        Deed(account.Delegated, account_roles.delegate),
        Deed(account.DelegationEnded, account_roles.end_delegation),
        Deed(account.Absent, account_roles.state_absence),
        Deed(account.Locked, account_access.lock),
        Deed(account.Reinstated, account_access.reinstate),
        Deed(account.SignedOut, account_access.sign_out),
        Deed(account.KeyIssued, account_access.issue_key),
        Deed(account.KeyRevoked, account_access.revoke_key),
    )
)
