"""Difference: what changed of a complaint between two points, and by which events."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any
from uuid import UUID

from psycopg import Connection

from api.complaints import as_of
from api.complaints.as_of import Asked, Point
from api.complaints.history import Recorded, numbers_of, others_of, recorded
from api.complaints.standing import Standing, standing_of
from api.complaints.timeline import Entry, Sealed, Shown, entries
from api.parts import Parts, reading
from domain.complaint.intake import Received
from domain.errors import Lack, UnknownComplaintError
from domain.event import Event, sealed_fields
from domain.rulebooks.rulebook import Rulebooks
from projections import projection, tracking_kept
from projections.tracking_columns import row_of
from projections.tracking_row import COLUMNS, Row

LOOKS_MAX = 10_000  # events read again, step by step, to find which of them changed what

# What says where a standing is, not how the complaint stands.
PLACE = frozenset({"number", "complaint_id", "version", "position", "recorded_at", "as_of"})
# Columns of the tracking table that say again what a standing says, or where it is.
AGAIN = (
    {one.name for one in fields(Standing)}
    | {"updated_at", "item_count", "product", "batch", "shipment_batch", "defect"}
    | {"quantity", "unit", "grade", "loss_minor", "loss_currency", "source", "source_key"}
    | {"customer", "customer_number", "channel", "kind", "region", "site", "zone", "origin"}
    | {"received_at", "received_on", "occurred_at", "occurred_precision", "corrected"}
)
OF_ROW = tuple(name for name in COLUMNS if name not in AGAIN)

Value = Shown | date | datetime | UUID
Values = Mapping[str, Value]  # place → value, as `items.1.quantity`; unknown is absent


@dataclass(frozen=True, slots=True)
class Change:
    """One value that is another one at the second point. `None` is unknown."""

    field: str
    before: Value
    after: Value
    by: int | None  # the version that made it so; none when leaving events out did


@dataclass(frozen=True, slots=True)
class Difference:
    """Two points of one complaint, and what lies between them."""

    number: str
    before: Point
    after: Point
    changes: Sequence[Change]
    added: Sequence[Entry]  # events that are seen from the second point only
    gone: Sequence[Entry]  # those that are seen from the first one only


@dataclass(frozen=True, slots=True)
class Reader:
    """With whose eyes a history is looked at: seals, names of others, regulations."""

    opened: Callable[[Event], Event] | None
    numbers: dict[UUID, str]
    rulebooks: Rulebooks


async def difference(
    parts: Parts, complaint_id: UUID, first: Asked, second: Asked, *, may_open: bool
) -> Difference:
    """Between two points in time, by one look at the store."""
    codec = parts.opened.codec

    def read(conn: Connection[Any]) -> Difference | None:
        history = recorded(conn, codec, complaint_id)
        if not history:
            return None
        numbers = numbers_of(conn, codec, others_of(one.event for one in history))
        opened = codec.opened if may_open else None
        reader = Reader(opened, numbers, parts.ledger.rulebooks)
        before, after = (
            as_of.point(conn, first, field="from"),
            as_of.point(conn, second, field="to"),
        )
        return between(history, before, after, reader)

    found = await reading(parts, read)
    if found is None:
        raise UnknownComplaintError(Lack("number", "check the number"))
    return found


def between(
    history: Sequence[Recorded], before: Point, after: Point, reader: Reader
) -> Difference:
    """The difference itself: of what is seen from the one point and from the other."""
    one, other = as_of.seen(history, before), as_of.seen(history, after)
    known, new = _versions(one), _versions(other)
    entered = {e.version: e for e in entries(history, reader.opened, reader.numbers)}
    old, now = values(one, reader), values(other, reader)
    sealed = {
        place: version
        for place, version in _sealed_again(new - known, entered).items()
        if old.get(place) == now.get(place) == Sealed()
    }
    by = _setters(one, other, reader) | sealed
    return Difference(
        number=standing_of(other, None, reader.numbers, reader.rulebooks).number,
        before=before,
        after=after,
        changes=[
            Change(place, old.get(place), now.get(place), by.get(place))
            for place in sorted({*old, *now})
            if old.get(place) != now.get(place) or place in sealed
        ],
        added=[entered[v] for v in sorted(new - known)],
        gone=[entered[v] for v in sorted(known - new)],
    )


def values(history: Sequence[Recorded], reader: Reader) -> Values:
    """How a complaint stands after these events, place by place."""
    stood = standing_of(history, reader.opened, reader.numbers, reader.rulebooks)
    row = row_after(history)
    found = {one.name: getattr(stood, one.name) for one in fields(stood)}
    gates = {gate.name: gate.open for gate in stood.gates}
    of_row = {name: getattr(row, name) for name in OF_ROW}
    words = {**found, "gates": gates, **of_row}
    return {
        place: value
        for name, one in words.items()
        if name not in PLACE
        for place, value in _leaves(name, one)
        if value is not None
    }


def row_after(history: Sequence[Recorded]) -> Row:
    """Its row of the tracking table after these events, by the same code."""
    kept = None
    for position, recorded_at, event in history:
        place = (event.originator_id, event.originator_version, position, recorded_at)
        kept = tracking_kept.follow(kept, projection.Recorded(*place, event))
    assert kept is not None
    return row_of(kept)


def _setters(
    one: Sequence[Recorded], other: Sequence[Recorded], reader: Reader
) -> dict[str, int]:
    """The last event of those between that changed each place; of too many, none."""
    known = _versions(one)
    steps = [n for n, at in enumerate(other) if at.event.originator_version not in known]
    if len(steps) * len(other) > LOOKS_MAX:
        return {}
    by: dict[str, int] = {}
    for n in steps:
        was = values(other[:n], reader) if n else {}
        now = values(other[: n + 1], reader)
        version = other[n].event.originator_version
        by |= {place: version for place in {*was, *now} if was.get(place) != now.get(place)}
    return by


def _sealed_again(versions: set[int], entered: Mapping[int, Entry]) -> dict[str, int]:
    """Sealed values that were put right: to a reader without the key both look alike."""
    made = ((v, entered[v].correction) for v in sorted(versions))
    return {
        f"received.{wrong.field}": version
        for version, wrong in made
        if wrong and wrong.corrects == 1 and wrong.field in sealed_fields(Received)
    }


def _versions(history: Sequence[Recorded]) -> set[int]:
    return {at.event.originator_version for at in history}


def _leaves(place: str, value: Any) -> Iterator[tuple[str, Value]]:  # noqa: ANN401  # any JSON
    """Every single value; an amount is one, and so is a list of words."""
    if isinstance(value, dict) and value.keys() != {"minor", "currency"}:
        for name, inner in value.items():
            yield from _leaves(f"{place}.{name}", inner)
    elif place == "items":
        for n, item in enumerate(value, start=1):
            yield from _leaves(f"{place}.{n}", item)
    else:
        yield place, value
