"""What an object-centric log is about: complaints, and all they have to do with."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from domain.amount import Amount
from domain.cluster import Alarmed, Extended
from domain.complaint.assignment import Assigned
from domain.complaint.fined import Fined
from domain.complaint.grading import Graded, Upgraded
from domain.complaint.intake import DuplicateLinked, Received
from domain.complaint.items import Item, ItemStated
from domain.event import Event
from domain.penalty import Charge, OffenceStated
from domain.penalty_after import Changed
from domain.project import ProjectBegun
from domain.shipment import Sent
from projections.projection import Recorded
from projections.stages import happened_at

# The kinds of object, and what is noted of each, with the time from which it holds.
ATTRIBUTES: Mapping[str, dict[str, str]] = {
    "complaint": {
        "number": "string",
        "site": "string",
        "source": "string",
        "channel": "string",
        "kind": "string",
        "region": "string",
        "origin": "string",
        "grade": "string",
        "owner": "string",
    },
    "penalty": {"act": "string", "amount_minor": "integer", "currency": "string"},
    "cluster": {"rule": "string", "threshold": "integer"},
    "shipment": {"number": "string", "pieces": "integer"},
    "project": {"number": "string", "name": "string"},
    "customer": {"name": "string"},
    "product": {"name": "string"},
    "batch": {"name": "string"},
    "person": {},  # a pseudonym, and nothing about them
    "party": {"name": "string"},  # a unit or a supplier that a penalty is about
    "ledger": {"position": "integer", "recorded_at": "time"},
}
SHARED = frozenset({"customer", "product", "batch", "person", "party"})
OF_COMPLAINT = ("number", "site", "channel", "kind", "region", "origin")


class Related(NamedTuple):
    """One object that an event or another object has to do with, and how."""

    kind: str
    name: str
    qualifier: str

    @property
    def is_shared(self) -> bool:
        """Whether it has no stream of its own: it is known by its name."""
        return self.kind in SHARED

    @property
    def object_id(self) -> str:
        """Its id in the log."""
        return f"{self.kind}:{self.name}" if self.is_shared else self.name


@dataclass(slots=True)
class Thing:
    """One object: what was noted of it, since when, and what it has to do with."""

    kind: str
    object_id: str
    noted: list[tuple[str, Any, datetime]] = field(default_factory=list)
    related: list[Related] = field(default_factory=list)

    def note(self, name: str, value: object, at: datetime) -> None:
        """It is so from then on. What nobody has stated, or said before, is left out."""
        last = next((was for known, was, _ in reversed(self.noted) if known == name), None)
        if value is not None and value != last:
            self.noted.append((name, value, at))


def thing_of(told: Sequence[Recorded], streams: tuple[str, ...]) -> Thing:
    """A stream as an object."""
    kind = told[0].event.TOPIC.partition(".")[0]
    made = Thing(kind, str(told[0].stream_id))
    for one in told:
        for name, value in _noted(one.event).items():
            made.note(name, value, happened_at(one.event))
        made.related += (
            to for to in related(one.event, streams) if to.qualifier != "recorded-by"
        )
    return made


def shared_of(to: Related) -> Thing:
    """What is known by its name alone."""
    made = Thing(to.kind, to.object_id)
    if "name" in ATTRIBUTES[to.kind]:
        made.note("name", to.name, datetime.fromisoformat("1970-01-01T00:00:00+00:00"))
    return made


# What an event says of its own object.
SAYS: Mapping[type[Event], Callable[[Any], dict[str, Any]]] = {
    Received: lambda told: {
        **{name: getattr(told, name) for name in OF_COMPLAINT},
        "source": told.who.source,
    },
    Graded: lambda told: {"grade": f"{told.scheme}:{told.code}"},
    Upgraded: lambda told: {"grade": f"{told.scheme}:{told.code}"},
    Assigned: lambda told: {"owner": told.owner},
    OffenceStated: lambda told: {"act": told.act},
    Charge: lambda told: {"act": told.act, **_money(told.amount)},
    Changed: lambda told: _money(told.amount),
    Alarmed: lambda told: {"rule": told.rule, "threshold": told.threshold},
    Sent: lambda told: {"number": told.number, "pieces": told.pieces},
    ProjectBegun: lambda told: {"number": told.number, "name": told.name},
}


def _noted(event: Event) -> dict[str, Any]:
    says = (SAYS[kind] for kind in type(event).__mro__ if kind in SAYS)
    return next(says, lambda _told: {})(event)


def _money(amount: Amount | None) -> dict[str, Any]:
    if amount is None:
        return {}
    return {"amount_minor": amount.minor, "currency": amount.currency}


def related(event: Event, streams: tuple[str, ...]) -> Iterator[Related]:
    """What an event has to do with, beside the stream it belongs to."""
    yield Related("person", event.who.by, "recorded-by")
    yield from _of_complaint(event)
    yield from _of_others(event)
    if isinstance(event, Fined) and "penalty" in streams:
        yield Related("penalty", str(event.notice), "answers")


def _of_complaint(event: Event) -> Iterator[Related]:
    match event:
        case Received():
            yield from _named("customer", event.customer, "from")
            for item in event.items:
                yield from _of_item(item)
        case ItemStated():
            yield from _of_item(event.item)
        case DuplicateLinked():
            yield Related("complaint", str(event.other), "repeats")


def _of_others(event: Event) -> Iterator[Related]:
    match event:
        case Alarmed(members=members) | Extended(joined=members):
            for member in members:
                yield Related("complaint", str(member.complaint), "repeats")
        case OffenceStated() | Charge():
            if event.complaint_id is not None:
                yield Related("complaint", str(event.complaint_id), "answers")
            whom = "person" if event.account in (None, "employee") else "party"
            yield Related(whom, event.person, "charged-to")
        case Sent():
            yield from _named("customer", event.customer, "to")
            yield from _named("product", event.product, "contains")
            yield from _named("batch", event.batch, "contains")
        case ProjectBegun():
            yield from _named("customer", event.customer, "for")


def _of_item(item: Item) -> Iterator[Related]:
    yield from _named("product", item.product, "suspected")
    yield from _named("batch", item.batch, "suspected")


def _named(kind: str, name: str | None, qualifier: str) -> Iterator[Related]:
    if name is not None:
        yield Related(kind, name, qualifier)
