"""The facts of a complaint as a regulation asks for them, each with when it became so."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

from domain.amount import Amount
from domain.complaint.contact import CalledBack, CustomerConfirmed
from domain.complaint.intake import Received, Screened
from domain.complaint.investigation import Determined
from domain.complaint.items import FactEstablished, Item, ItemStated, LossStated
from domain.complaint.state import Complaint
from domain.event import Decision, Event, Fact
from domain.rulebooks.predicates import NA, Facts, NotApplicable, Value

CURRENCY = "CNY"  # regulations name amounts in yuan; of another currency they know nothing
ITEM_FACTS = {
    "product": "product_model",
    "batch": "batch",
    "shipment_batch": "shipment_batch",
    "defect": "defect",
    "quantity": "pieces_affected",
}

FACT_OF_ITEM = frozenset({*ITEM_FACTS.values(), "production_date", "unit_price"})
# What comes in parts, each at once; what a rule asks for is their sum.
ARRIVED, BOOKED = "pieces_arrived", "minutes_booked"

Known = Value | NotApplicable
Pair = tuple[int, str, Known | None]  # item (0: the complaint itself), fact, value


class Stated(NamedTuple):
    """One fact, since when it holds; *item* is 0 for a fact of the complaint itself."""

    at: datetime
    version: int
    item: int
    fact: str
    value: Known


def statements(complaint: Complaint) -> list[Stated]:
    """All that was stated, in the order of the world: by instant, then by version."""
    said = sorted(
        (_at(event), version, event)
        for version, event in complaint.happened.items()
        if event.TOPIC in SAYS
    )
    found = [
        Stated(at, version, item, fact, value)
        for at, version, event in said
        for item, fact, value in SAYS[event.TOPIC](event)
        if value is not None
    ]
    in_parts = any(one.fact in {ARRIVED, BOOKED} for one in found)
    return _summed(found) if in_parts else found


def facts_of(complaint: Complaint) -> Facts:
    """What is known of the complaint, and of its item when it has only one.

    What nobody has stated is absent. The statement with the latest business instant counts
    (then the later version), so the order of arrival changes nothing.
    """
    views = [*views_of(statements(complaint)).values()]
    first = views[0].items()
    return {n: value for n, value in first if all(view.get(n) == value for view in views)}


def views_of(
    stated: Iterable[Stated], until: datetime | None = None
) -> Mapping[int, Facts]:
    """The facts once for each item, those of the complaint among them; up to an instant.

    A rule about an item means some item, so it is asked of each. Without an item there is
    one view, under 0.
    """
    shared: dict[str, Known] = {}
    items: dict[int, dict[str, Known]] = {}
    for one in stated:
        if until is not None and one.at > until:
            break
        of = items.setdefault(one.item, {}) if one.item else shared
        of[one.fact] = one.value
    return {number: shared | of for number, of in sorted(items.items())} or {0: shared}


def _summed(stated: list[Stated]) -> list[Stated]:
    """Goods arrive in parts: what came back is the sum. Of an only item if it is unsaid.

    Labour is booked in parts too, and is the complaint's.
    """
    items = {one.item for one in stated if one.item} or {1}
    sums: dict[int, int] = {}
    minutes = 0
    found = []
    for one in stated:
        if one.fact == BOOKED:
            assert isinstance(one.value, int)
            minutes += one.value
            one = one._replace(fact="labour_minutes", value=minutes)  # noqa: PLW2901
        if one.fact == ARRIVED:
            assert isinstance(one.value, int)
            item = one.item or (min(items) if len(items) == 1 else 0)
            if not item:
                continue  # of which of several items, nobody has said
            sums[item] = sums.get(item, 0) + one.value
            one = one._replace(item=item, fact="pieces_returned", value=sums[item])  # noqa: PLW2901
        found.append(one)
    return found


def _at(event: Event) -> datetime:
    if isinstance(event, Received):
        return event.received_at.astimezone(UTC)
    if isinstance(event, Fact):
        return event.occurred_at.astimezone(UTC)
    assert isinstance(event, Decision)
    return event.decided_at.astimezone(UTC)


# --- What each event says. -------------------------------------------------------------


def _received(event: Received) -> Iterator[Pair]:
    core: dict[str, Known | None] = {
        "complaint_kind": event.kind,
        "site": event.site,
        "customer": event.customer,
        "region": event.region,
        "project": event.project,
        "channel": event.channel,
        "customer_claims_repeat": event.claims_repeat,
        "occurred_at": event.occurred_at.astimezone(UTC).isoformat(),
        "received_at": event.received_at.astimezone(UTC).isoformat(),
    }
    yield from ((0, fact, value) for fact, value in core.items())
    for number, item in enumerate(event.items, start=1):
        yield from _item(number, item)


def _item(number: int, item: Item) -> Iterator[Pair]:
    for field, fact in ITEM_FACTS.items():
        yield number, fact, getattr(item, field)
    made = item.production_date
    yield number, "production_date", made.isoformat() if made else None
    yield number, "unit_price", _fen(item.price)


def _established(event: FactEstablished) -> Iterator[Pair]:
    yield 0, event.fact, NA if event.value is None else event.value


def _lost(event: LossStated) -> Iterator[Pair]:
    yield 0, "loss", _fen(event.loss)
    yield 0, "rework_loss", _fen(event.rework_loss)
    yield 0, "scrap_minutes", event.scrap_minutes
    yield 0, "rework_minutes", event.rework_minutes


def _fen(amount: Amount | None) -> int | None:
    """In fen; an amount of another currency settles nothing about yuan."""
    return amount.minor if amount and amount.currency == CURRENCY else None


# Whoever adds an event that settles a core fact adds its line here, by its topic.
SAYS: Mapping[str, Callable[[Any], Iterable[Pair]]] = {
    Received.TOPIC: _received,
    ItemStated.TOPIC: lambda event: _item(event.number, event.item),
    FactEstablished.TOPIC: _established,
    LossStated.TOPIC: _lost,
    Screened.TOPIC: lambda event: [(0, "screening", event.outcome)],
    Determined.TOPIC: lambda event: [(0, "batch_problem", event.batch_problem)],
    CustomerConfirmed.TOPIC: lambda event: [(0, "customer_follows", event.follows)],
    CalledBack.TOPIC: lambda event: [(0, "satisfied", event.satisfied)],
    "complaint.solution_executed": lambda event: [
        (0, "solved_on_the_spot", event.on_the_spot),
        (0, "settled_as", event.settled_as),
    ],
    "complaint.disposed": lambda event: [
        (0, "disposition", event.disposition),
        (0, "concession_kind", event.concession_kind),
    ],
    "complaint.labour_booked": lambda event: [(0, BOOKED, event.minutes)],
    "complaint.goods_arrived": lambda event: [(event.item or 0, ARRIVED, event.pieces)],
}
