"""The timeline: every event of one complaint as the store has it, for page and program."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from psycopg import Connection

from api.complaints import as_of
from api.complaints.as_of import NOW, Asked
from api.complaints.history import Recorded, numbers_of, others_of, recorded
from api.parts import Parts, reading
from domain.complaint.correction import Corrected
from domain.errors import Lack, UnknownComplaintError
from domain.event import Consequence, Decision, Event, Fact, Who, sealed_fields
from infra.keys import ERASED

# What an entry shows in a place of its own, and the pseudonym that nobody reads.
APART = {"originator_id", "originator_version", "party_id"} | (
    {*Fact.model_fields, *Decision.model_fields, *Consequence.model_fields}
)


@dataclass(frozen=True, slots=True)
class Sealed:
    """Something stands here that may name a person, and this reader may not open it."""


@dataclass(frozen=True, slots=True)
class Erased:
    """Something stood here, and the key that opened it was destroyed."""


# A value in the words of JSON, or what stands in its place. `None` is unknown.
Shown = bool | int | str | list[Any] | dict[str, Any] | Sealed | Erased | None


@dataclass(frozen=True, slots=True)
class Correction:
    """One value of an earlier event was wrong."""

    corrects: int  # the version of that event
    field: str
    old: Shown
    new: Shown
    reason: str


@dataclass(frozen=True, slots=True)
class CorrectedBy:
    """Where a value of this event was put right later."""

    version: int
    field: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One event: what it says, of when, by whom, and where it stands in the ledger."""

    version: int  # permanent: the complaint's number and #version name it for ever
    position: int
    recorded_at: datetime
    topic: str
    kind: Literal["F", "D", "R"]  # fact, decision, or written by the reactor
    at: datetime  # when it happened, or was decided
    precision: Literal["day"] | None
    who: Who
    clause: str | None
    saw: int | None  # the version a decision was taken on
    fields: tuple[tuple[str, Shown], ...]
    correction: Correction | None = None
    corrected_by: tuple[CorrectedBy, ...] = ()


async def timeline(
    parts: Parts, complaint_id: UUID, *, may_open: bool, asked: Asked = NOW
) -> list[Entry]:
    """The events of a complaint, first to last; seals open only if *may_open*.

    As of a point in time nothing of what came later shows, not even a correction's link.
    """
    codec = parts.opened.codec
    opened = codec.opened if may_open else None

    def read(conn: Connection[Any]) -> list[Entry]:
        history = recorded(conn, codec, complaint_id)
        if history and asked != NOW:
            history = as_of.seen(history, as_of.point(conn, asked))
        numbers = numbers_of(conn, codec, others_of(at.event for at in history))
        return entries(history, opened, numbers)

    made = await reading(parts, read)
    if not made:
        raise UnknownComplaintError(Lack("complaint_id", "check the number"))
    return made


def entries(
    history: Sequence[Recorded],
    opened: Callable[[Event], Event] | None,
    numbers: dict[UUID, str],
) -> list[Entry]:
    """The history as it is shown; *opened* opens seals, where the reader may."""
    made: dict[int, Entry] = {}
    kinds = {at.event.originator_version: type(at.event) for at in history}
    latest: dict[tuple[int, str], Shown] = {}  # of each sealed field, as last corrected
    for at in history:
        event, version = at.event, at.event.originator_version
        fields = _fields(event, opened, numbers)
        entry = _entry(at, fields)
        if isinstance(event, Corrected):
            sealed = event.field in sealed_fields(kinds[event.corrects])
            new = dict(fields).get("new_sealed" if sealed else "new")
            place = (event.corrects, event.field)
            first = dict(made[event.corrects].fields).get(event.field)
            old = latest.get(place, first) if sealed else event.old
            latest[place] = new
            correction = Correction(event.corrects, event.field, old, new, event.reason)
            entry = replace(entry, fields=(), correction=correction)
            wrong = made[event.corrects]
            link = CorrectedBy(version, event.field)
            made[event.corrects] = replace(wrong, corrected_by=(*wrong.corrected_by, link))
        made[version] = entry
    return list(made.values())


def _entry(at: Recorded, fields: tuple[tuple[str, Shown], ...]) -> Entry:
    event = at.event
    decided = event if isinstance(event, Decision) else None
    fact = event if isinstance(event, Fact) else None
    follows = event if isinstance(event, Consequence) else None
    kind: Literal["F", "D", "R"] = "F" if fact else "D"
    when = fact.when.occurred_at if fact else decided.decided_at if decided else None
    return Entry(
        version=event.originator_version,
        position=at.position,
        recorded_at=at.recorded_at,
        topic=event.TOPIC,
        kind="R" if event.who.by.startswith("r-") else kind,
        at=when or (follows.follows_at if follows else at.recorded_at),
        precision=fact.when.precision if fact else None,
        who=event.who,
        clause=decided.clause if decided else follows.clause if follows else None,
        saw=decided.saw if decided else None,
        fields=fields,
    )


def _fields(
    event: Event, opened: Callable[[Event], Event] | None, numbers: dict[UUID, str]
) -> tuple[tuple[str, Shown], ...]:
    """What an event says beyond its head, in the order its class names it."""
    sealed = sealed_fields(type(event))
    known = opened(event) if opened else event
    words = known.model_dump(mode="json", exclude=APART, exclude_none=True)
    for name in words.keys() & set(sealed):
        words[name] = unsealed(name, words[name]) if opened else Sealed()
    other = getattr(event, "other", None)
    if other in numbers:
        words["other"] = numbers[other]
    return tuple(words.items())


def unsealed(name: str, text: str) -> Shown:
    """What an opened seal holds: text, the parts of a contact, or the mark of erasure."""
    if text == ERASED:
        return Erased()
    if name == "contact":
        parts: dict[str, Any] = json.loads(text)
        return parts
    return text
