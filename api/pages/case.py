"""The case: one complaint with all that happened to it, as one look at the store has it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from psycopg import Connection

from api.complaints import as_of
from api.complaints.as_of import NOW, Asked, Point
from api.complaints.difference import row_after
from api.complaints.history import Recorded, numbers_of, others_of, recorded
from api.complaints.standing import folded
from api.complaints.timeline import Entry, entries
from api.complaints.verdicts import verdicts
from api.identity.sites import complaint_of
from api.parts import Parts, reading
from domain.assess.verdict import Verdict
from domain.complaint.happened import happened_by
from domain.complaint.intake import Received
from domain.complaint.state import Complaint
from domain.deeds import DEEDS, Deed
from domain.errors import Lack, UnknownComplaintError
from domain.event import Event
from domain.rulebooks.rulebook import Rules
from projections.tracking_row import Row


@dataclass(frozen=True, slots=True)
class Then:
    """From which point of its history a complaint is looked at."""

    positions: Sequence[int]  # of every event there is by now, first to last
    point: Point | None = None  # none: from now
    later: Sequence[Entry] = ()  # had happened by then, and was recorded only later

    @property
    def seen(self) -> int:
        """How many of its events were recorded by then."""
        if self.point is None:
            return len(self.positions)
        return sum(position <= self.point.position for position in self.positions)


@dataclass(frozen=True, slots=True)
class Case:
    """A complaint as it stands, its timeline, and the regulations that govern it."""

    complaint: Complaint
    entries: Sequence[Entry]
    rules: Rules
    number_of: Mapping[UUID, str]
    said: Mapping[int, Event]  # each event as it was said, seals shut
    row: Row  # as the tracking table will have it, by the same code
    then: Then
    verdicts: Mapping[str, Verdict]  # scheme → what its regulation proposes now

    @property
    def number(self) -> str:
        """By which people know it."""
        return self.complaint.number

    @property
    def version(self) -> int:
        """What a decision is taken on."""
        return self.complaint.version

    @property
    def position(self) -> int:
        """Of its last event."""
        return self.entries[-1].position

    @property
    def duplicate_of(self) -> str | None:
        """The number of the complaint it follows."""
        other = self.complaint.duplicate_of
        return None if other is None else self.number_of.get(other, str(other))


def now_in(_zone: str) -> Asked:
    """What is asked for when nobody says a point in time."""
    return NOW


async def case(
    parts: Parts, number: str, *, may_open: bool, asked: Callable[[str], Asked] = now_in
) -> Case:
    """The complaint with this number, replayed; seals open only if *may_open*.

    *asked* says from which point, given the zone that its times are told in.
    """
    codec = parts.opened.codec
    complaint_id = await complaint_of(parts, number)

    def read(conn: Connection[Any]) -> Case | None:
        history = recorded(conn, codec, complaint_id)
        if not history:
            return None
        wanted = asked(_zone(history))
        point = as_of.point(conn, wanted) if wanted != NOW else None
        numbers = numbers_of(conn, codec, others_of(at.event for at in history))
        every = entries(history, codec.opened if may_open else None, numbers)
        seen = as_of.seen(history, point) if point else history
        shown = entries(seen, codec.opened if may_open else None, numbers)
        complaint = folded(seen)
        assert complaint is not None
        rules = parts.ledger.rulebooks.of(complaint)
        return Case(
            complaint,
            shown,
            rules,
            numbers,
            {at.event.originator_version: at.event for at in seen},
            row_after(seen),
            Then([at.position for at in history], point, _later(history, every, point)),
            verdicts(conn, codec, complaint, rules, point),
        )

    found = await reading(parts, read)
    if found is None:
        raise UnknownComplaintError(Lack("number", "check the number"))
    return found


def _zone(history: Sequence[Recorded]) -> str:
    first = history[0].event
    assert isinstance(first, Received)
    return first.zone


def _later(
    history: Sequence[Recorded], every: Sequence[Entry], point: Point | None
) -> list[Entry]:
    """What had happened by then, as far as it is known by now, and was not known then."""
    if point is None or point.occurred_by is not None:
        return []
    had = happened_by([at.event for at in history], point.instant or point.recorded_at)
    versions = {event.originator_version for event in had}
    return [e for e in every if e.position > point.position and e.version in versions]


# What can be said, by the stage of the work it belongs to, in the order of the work.
GROUPS: Mapping[str, tuple[str, ...]] = {
    "intake": (
        "accepted",
        "screened",
        "acknowledged",
        "item_stated",
        "duplicate_linked",
        "duplicate_unlinked",
        "withdrawn",
    ),
    "contact": (
        "contacted",
        "response_started",
        "promised",
        "customer_deadline_set",
        "handed_over",
        "replied",
        "customer_confirmed",
        "objected",
        "called_back",
    ),
    "grading": ("fact_established", "graded", "loss_stated"),
    "containment": ("contained", "stock_swept"),
    "investigation": (
        "inquiry_started",
        "sampled",
        "question_raised",
        "question_answered",
        "determined",
        "root_caused",
        "liability_assigned",
    ),
    "action": (
        "action_planned",
        "action_approved",
        "action_rejected",
        "action_implemented",
        "solution_executed",
        "compensated",
        "deployed",
    ),
    "effect": ("verified", "batch_checked", "recurred", "pledged", "pledge_judged"),
    "review": (
        "review_held",
        "meeting_held",
        "evidence_accepted",
        "duty_done",
        "signed",
        "escalated",
    ),
    "returns": (
        "goods_arrived",
        "return_requested",
        "return_approved",
        "goods_delivered",
        "recall_requested",
        "recall_approved",
        "recall_executed",
    ),
    "rectification": (
        "inspection_stopped",
        "plan_decided",
        "plan_accepted",
        "work_accepted",
        "disposed",
        "labour_booked",
    ),
    "closure": (
        "assigned",
        "noted",
        "evidence_added",
        "paused",
        "resumed",
        "closed",
        "reopened",
        "archived",
        "rulebook_reassigned",
    ),
}
ONLY_OPEN = frozenset(
    {
        "closed",
        "rulebook_reassigned",
        "assigned",
        "screened",
        "graded",
        "determined",
        "verified",
        "return_approved",
        "recall_requested",
        "recall_approved",
        "plan_decided",
        "plan_accepted",
        "work_accepted",
        "disposed",
        "compensated",
        "paused",
        "action_approved",
        "action_rejected",
        "pledged",
        "evidence_accepted",
        "escalated",
    }
)


def next_deeds(case: Case, may: Mapping[str, bool]) -> dict[str, list[Deed]]:
    """What this person can say of it now, by stage. A correction starts at its fact."""
    found = {
        group: [DEEDS[name] for name in names if may[name] and _fits(name, case.complaint)]
        for group, names in GROUPS.items()
    }
    return {group: deeds for group, deeds in found.items() if deeds}


def _fits(name: str, complaint: Complaint) -> bool:
    """Whether the ledger would not refuse it outright."""
    if name == "reopened":
        return complaint.closed
    if name == "duplicate_linked":
        return complaint.duplicate_of is None
    if name == "duplicate_unlinked":
        return complaint.duplicate_of is not None
    if name == "resumed":
        return bool(complaint.paused)
    return not (complaint.closed and name in ONLY_OPEN)
