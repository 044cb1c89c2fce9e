"""The page of a difference: two points of one complaint side by side, value by value."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from markupsafe import Markup, escape

from api.complaints.as_of import Point
from api.complaints.difference import Change, Difference, difference
from api.pages.as_of_bar import typed_point
from api.pages.case import Case, case
from api.pages.choices import named
from api.pages.page import Page
from api.pages.telling import Teller, teller
from domain.errors import NotAllowedError

router = APIRouter(include_in_schema=False)

FIRST, SECOND = ("from", "from_occurred_by"), ("to", "to_occurred_by")
# How the values of a place are told: as those of a field that has the same codes.
LIKE = {
    "grades": "code",
    "facts": "value",
    "duplicate_of": "other",
    "screened": "outcome",
    "determined": "result",
    "reply_result": "result",
    "confirmation": "result",
    "liable": "shares",
}


@dataclass(frozen=True, slots=True)
class Told:
    """One change as the page tells it."""

    label: str
    before: Markup
    after: Markup
    by: int | None


@router.get("/ledger/{number}/difference")
async def page_of_difference(number: str, request: Request) -> Response:
    """What changed of a complaint between two points, and by which events."""
    page = await Page.open(request)
    me = page.parts.operator
    me.has_to("read")
    opens = me.may("read_personal") and page.asks.get("open") == "1"
    found = await case(page.parts, number, may_open=opens)
    zone = found.complaint.zone
    page = page.in_zone(zone)
    typed: Callable[..., Any] = partial(typed_point, page.asks, page.now, zone)
    between = await difference(
        page.parts,
        found.complaint.id,
        typed(names=FIRST),
        typed(names=SECOND),
        may_open=opens,
    )
    tells = teller(page.w, page.shown, found.rules, found.entries)
    return page.shows(
        "difference.html",
        case=found,
        tells=tells,
        between=between,
        changes=[_told(one, tells, found) for one in _in_order(between)],
        added=[tells.told(entry) for entry in between.added],
        gone=[tells.told(entry) for entry in between.gone],
        named=lambda point: _point(point, page),
        asks=page.asks,
    )


def _in_order(between: Difference) -> list[Change]:
    """As they came about; what no event made stands last."""
    return sorted(between.changes, key=lambda one: (one.by is None, one.by or 0))


def _point(point: Point, page: Page) -> Markup:
    """A point in words: the position, when it was recorded, and what was left out."""
    w, shown = page.w, page.shown
    said = w("as_of.point", n=f"{point.position:,}", at=shown.exact(point.recorded_at))
    if point.occurred_by is None:
        return said
    by = w("as_of.only_happened", at=shown.exact(point.occurred_by))
    return Markup("{} · {}").format(said, by)


def _told(change: Change, tells: Teller, found: Case) -> Told:
    tell = partial(_value, change.field, tells=tells)
    label = _label(change.field, tells, found)
    return Told(label, tell(change.before), tell(change.after), change.by)


def _label(place: str, tells: Teller, found: Case) -> str:
    head, _, rest = place.partition(".")
    w = tells.w
    match head:
        case "items" | "received" | "loss" if rest:
            return tells.label(place)
        case "grades":
            return f"{w('table.grade')} {rest}"
        case "facts":
            return tells.values.question(rest)
        case "gates":
            return _gate(rest, found, tells)
        case "rulebooks":
            return f"{w.field('rulebooks')} {rest}"
        case _:
            return w.coded("column", place)


def _gate(name: str, found: Case, tells: Teller) -> str:
    try:
        gates: Mapping[str, Any] = found.rules.closing().gates
    except NotAllowedError:
        return name
    return named(gates[name].name, tells.w.lang) if name in gates else name


def _value(place: str, value: Any, *, tells: Teller) -> Markup:  # noqa: ANN401  # any column
    """A value as its place shows it."""
    head, _, last = place.rpartition(".")
    match value:
        case datetime():
            return escape(tells.values.shown.exact(value))
        case date():
            return escape(value.isoformat())
        case bool() if head == "gates":
            return tells.w("complaint.met" if value else "complaint.open_gate")
        case str() if place == "stage":
            return escape(tells.w.coded("stage", value))
        case _:
            return tells.value(LIKE.get(head) or LIKE.get(last, last), value)
