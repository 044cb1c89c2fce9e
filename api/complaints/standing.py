"""How a complaint stands: every value as it was last said or corrected, from the store."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg import Connection

from api.complaints import as_of
from api.complaints.as_of import NOW, Asked, Point
from api.complaints.history import Recorded, numbers_of, others_of, recorded
from api.complaints.timeline import Entry, Shown, entries
from api.parts import Parts, reading
from domain.complaint.course import course
from domain.complaint.facts import facts_of
from domain.complaint.intake import Received
from domain.complaint.items import ItemStated, LossStated
from domain.complaint.state import Complaint
from domain.errors import Lack, UnknownComplaintError
from domain.event import Event, sealed_fields
from domain.gate_reading import read_gates
from domain.rulebooks.predicates import NotApplicable
from domain.rulebooks.rulebook import Rulebooks, Rules


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """One thing that has to be so before the work may end."""

    name: str
    open: bool
    clause: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One complaint as it stands after its event *version*."""

    number: str
    complaint_id: UUID
    version: int
    position: int  # of its last event
    recorded_at: datetime  # of its last event
    closed: bool
    withdrawn: bool
    owner: str | None
    duplicate_of: str | None  # a number
    cycle: int  # of action
    grades: dict[str, str]  # scheme → code
    received: dict[str, Shown]  # as corrected
    items: list[dict[str, Any]]  # as stated since
    facts: dict[str, Any]  # null: the question does not apply here
    loss: dict[str, Any] | None
    rulebooks: dict[str, str]
    gates: list[Gate]  # empty when no regulation speaks of closing
    as_of: Point | None = None  # none: it stands so now


async def standing(
    parts: Parts, complaint_id: UUID, *, may_open: bool, asked: Asked = NOW
) -> Standing:
    """The complaint as the store has it now, or had it; seals open only if *may_open*."""
    codec = parts.opened.codec
    opened = codec.opened if may_open else None

    def read(conn: Connection[Any]) -> Standing | None:
        history = recorded(conn, codec, complaint_id)
        if not history:
            return None
        at = as_of.point(conn, asked) if asked != NOW else None
        history = as_of.seen(history, at) if at else history
        numbers = numbers_of(conn, codec, others_of(one.event for one in history))
        rulebooks, now = parts.ledger.rulebooks, judged_at(at, parts.now())
        stood = standing_of(history, opened, numbers, rulebooks, now)
        return replace(stood, as_of=at)

    found = await reading(parts, read)
    if found is None:
        raise UnknownComplaintError(Lack("number", "check the number"))
    return found


def standing_of(
    history: Sequence[Recorded],
    opened: Callable[[Event], Event] | None,
    numbers: dict[UUID, str],
    rulebooks: Rulebooks,
    now: datetime | None = None,
) -> Standing:
    """How a complaint stands after these of its events; *opened* opens seals.

    A gate that waits for a day is judged *now*, else when the last of them was recorded.
    """
    complaint = folded(history)
    assert complaint is not None, "nobody asks how nothing stands"
    shown = entries(history, opened, numbers)
    rules = rulebooks.of(complaint)
    now = now or history[-1].recorded_at
    return _standing(complaint, history[-1], shown, numbers, rules, now)


def judged_at(point: Point | None, now: datetime) -> datetime:
    """The instant that gates are judged at: now, or that of the point that is asked for."""
    return now if point is None else point.instant or point.recorded_at


def folded(history: Sequence[Recorded]) -> Complaint | None:
    """The complaint after these of its events; `None` when there are none."""
    complaint: Complaint | None = None
    for at in history:
        complaint = at.event.mutate(complaint)
    return complaint


def _standing(
    complaint: Complaint,
    last: Recorded,
    shown: list[Entry],
    numbers: dict[UUID, str],
    rules: Rules,
    now: datetime,
) -> Standing:
    facts = facts_of(complaint).items()
    other = complaint.duplicate_of
    return Standing(
        number=complaint.number,
        complaint_id=complaint.id,
        version=complaint.version,
        position=last.position,
        recorded_at=last.recorded_at,
        closed=complaint.closed,
        withdrawn=complaint.withdrawn,
        owner=complaint.owner,
        duplicate_of=numbers.get(other, str(other)) if other else None,
        cycle=course(complaint, rules).cycle,
        grades=complaint.grades,
        received=_received(complaint, shown),
        items=items_of(complaint),
        facts={n: None if isinstance(v, NotApplicable) else v for n, v in facts},
        loss=_loss(complaint),
        rulebooks=complaint.rulebooks,
        gates=gates_of(complaint, rules, now),
    )


def _received(complaint: Complaint, shown: list[Entry]) -> dict[str, Shown]:
    """What was said at first, with what was put right since; items stand apart."""
    first = complaint.happened[1]
    assert isinstance(first, Received)
    sealed = sealed_fields(Received)
    apart = {"originator_id", "originator_version", "items", "rulebooks", *sealed}
    words = first.model_dump(mode="json", exclude=apart, exclude_none=True)
    seen = {n: value for n, value in shown[0].fields if n in sealed}
    for entry in shown:
        wrong = entry.correction
        if wrong is not None and wrong.corrects == 1 and wrong.field in sealed:
            seen[wrong.field] = wrong.new
    return {**words, **{n: value for n, value in seen.items() if value is not None}}


def items_of(complaint: Complaint) -> list[dict[str, Any]]:
    """Each item as received, and what was stated of it since, by business time."""
    items: list[dict[str, Any]] = []
    for received in complaint.all(Received):
        items += [
            item.model_dump(mode="json", exclude_none=True) for item in received.items
        ]
    stated = complaint.all(ItemStated)
    for said in sorted(stated, key=lambda s: (s.occurred_at, s.originator_version)):
        while len(items) < said.number:
            items.append({})
        items[said.number - 1] |= said.item.model_dump(mode="json", exclude_none=True)
    return items


def _loss(complaint: Complaint) -> dict[str, Any] | None:
    last = complaint.latest(LossStated)
    if last is None:
        return None
    named = {"loss", "rework_loss", "scrap_minutes", "rework_minutes"}
    return last.model_dump(mode="json", include=named, exclude_none=True)


def gates_of(complaint: Complaint, rules: Rules, now: datetime) -> list[Gate]:
    """What the regulation asks for before the end, and whether it keeps it open now."""
    book = rules.get("closure")
    if book is None or book.closure is None:
        return []
    return [
        Gate(name=read.name, open=read.is_open, clause=read.gate.clause)
        for read in read_gates(complaint, book, now).gates
    ]
