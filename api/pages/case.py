"""The case: one complaint with all that happened to it, as one look at the store has it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from psycopg import Connection

from api.complaints.history import Recorded, numbers_of, recorded
from api.complaints.standing import folded
from api.complaints.timeline import Entry, entries
from api.parts import Parts, reading
from domain.complaint.state import Complaint
from domain.deeds import DEEDS, Deed
from domain.errors import Lack, UnknownComplaintError
from domain.event import Event
from domain.rulebooks.rulebook import Rules
from projections import projection, tracking_kept
from projections.tracking_columns import row_of
from projections.tracking_row import Row


@dataclass(frozen=True, slots=True)
class Case:
    """A complaint as it stands, its timeline, and the regulations that govern it."""

    complaint: Complaint
    entries: Sequence[Entry]
    rules: Rules
    number_of: Mapping[UUID, str]
    said: Mapping[int, Event]  # each event as it was said, seals shut
    row: Row  # as the tracking table will have it, by the same code

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


async def case(parts: Parts, number: str, *, may_open: bool) -> Case:
    """The complaint with this number, replayed; seals open only if *may_open*."""
    codec = parts.opened.codec
    complaint_id = await parts.ledger.numbered(number)

    def read(conn: Connection[Any]) -> Case | None:
        history = recorded(conn, codec, complaint_id)
        complaint = folded(history)
        if complaint is None:
            return None
        others = (getattr(at.event, "other", None) for at in history)
        numbers = numbers_of(conn, codec, [o for o in others if isinstance(o, UUID)])
        shown = entries(history, codec.opened if may_open else None, numbers)
        rules = parts.ledger.rulebooks.of(complaint)
        said = {at.event.originator_version: at.event for at in history}
        return Case(complaint, shown, rules, numbers, said, _row(history))

    found = await reading(parts, read)
    if found is None:
        raise UnknownComplaintError(Lack("number", "check the number"))
    return found


def _row(history: Sequence[Recorded]) -> Row:
    kept = None
    for position, recorded_at, event in history:
        place = (event.originator_id, event.originator_version, position, recorded_at)
        kept = tracking_kept.follow(kept, projection.Recorded(*place, event))
    assert kept is not None
    return row_of(kept)


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
        "handed_over",
        "replied",
        "customer_confirmed",
        "objected",
        "called_back",
    ),
    "grading": ("fact_established", "graded", "loss_stated"),
    "containment": ("contained", "stock_swept"),
    "investigation": ("determined", "root_caused", "liability_assigned"),
    "action": ("action_planned", "action_implemented", "verified", "batch_checked"),
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
    ),
    "closure": ("assigned", "noted", "closed", "reopened", "fined"),
}
ONLY_OPEN = frozenset(
    {
        "closed",
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
    return not (complaint.closed and name in ONLY_OPEN)
