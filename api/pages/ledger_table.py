"""The tracking table (客诉台账): filters, order, pages, all of it in the address."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import unquote

from fastapi import APIRouter, Request
from fastapi.responses import Response
from markupsafe import Markup
from psycopg import Connection

from api.complaints.query import AS_IT_COMES
from api.identity.sites import narrowed
from api.pages.choices import named
from api.pages.listing import Tag, address, query_of, tags, views
from api.pages.page import Page
from api.parts import Parts, reading
from projections import parked, tracking_query
from projections.snapshot import snapshot
from projections.tracking_counts import Choice, Summary, Total
from projections.tracking_query import Query
from projections.tracking_row import Row

router = APIRouter(include_in_schema=False)

PATH = "/ledger"
CHOSEN = ("stage", "grade", "customer", "product", "defect", "channel", "owner")
# The columns of the table: their word, and what they are sorted by.
COLUMNS: Mapping[str, str | None] = {
    "number": "number",
    "received": "received_at",
    "customer": "customer",
    "product": "product",
    "batch": "batch",
    "defect": "defect",
    "quantity": "quantity",
    "grade": "grade",
    "stage": "stage",
    "due": "next_due_at",
    "unit": None,
    "owner": "owner",
    "updated": "updated_at",
}
FLAGS: Mapping[tuple[str, str], str] = {
    ("open", "True"): "ledger.open_only",
    ("open", "False"): "ledger.ended_only",
    ("overdue", "True"): "ledger.overdue",
    ("overdue", "False"): "ledger.in_time",
}
FALLING_FIRST = frozenset({"number", "received_at", "updated_at", "quantity"})


@dataclass(frozen=True, slots=True)
class View:
    """A saved view: its word, its address, how many rows it has, whether we are in it."""

    name: str
    address: str
    total: Total
    here: bool


@dataclass(frozen=True, slots=True)
class Option:
    """What a filter can be set to."""

    value: str
    word: str
    count: int | None  # none: it is on, and nothing has it


@dataclass(frozen=True, slots=True)
class Filter:
    """One filter of the form: what it can be, what it is, and what the address adds."""

    name: str
    options: tuple[Option, ...]
    on: str
    also: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """A filter that is on, in words, and the address of the list without it."""

    word: str
    without: str


@dataclass(frozen=True, slots=True)
class Column:
    """A column's head: the way to sort by it, and how it is sorted now."""

    name: str
    address: str | None
    sorted: str | None  # ascending, descending


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One page of the list with all that stands around it, of one instant."""

    page: tracking_query.Page
    summary: Summary
    views: Mapping[str, Total]
    choices: Mapping[str, list[Choice]]
    stale: frozenset[Any]  # rows whose complaint is parked: they stand still


@router.get(PATH)
async def table(request: Request) -> Response:
    """The list an address asks for; the first-use page while there is nothing to list."""
    page = await Page.open(request)
    page.parts.operator.has_to("read")
    if page.is_empty:
        return page.shows("first_use.html")
    if page.fresh is None or page.fresh.position == 0:
        return page.shows("waiting.html")
    query = narrowed(page.parts, query_of(request.query_params, page.parts.zone))
    listed = await reading(page.parts, _listed, query, page.parts)
    return page.shows("ledger.html", **_around(page, query, listed))


@router.get("/")
async def home(request: Request) -> Response:
    """The same: people come here first."""
    return await table(request)


def _listed(conn: Connection[Any], query: Query, parts: Parts) -> Listed:
    mine = views(parts.operator.id).items()
    everywhere = parts.operator.may("read_all")
    with snapshot(conn):
        page = tracking_query.page(conn, query)
        ids = [row.complaint_id for row in page.rows]
        return Listed(
            page=page,
            stale=parked.among(conn, page.freshness.generation, ids),
            summary=tracking_query.summary(conn, query),
            views={n: tracking_query.total(conn, narrowed(parts, v)) for n, v in mine},
            choices={
                name: tracking_query.choices(conn, name) if everywhere else []
                for name in CHOSEN
            },
        )


def _around(page: Page, query: Query, listed: Listed) -> dict[str, Any]:
    me = page.parts.operator.id
    unknown = Markup('<span class="unk">{}</span>')
    bare = replace(
        query, sort=AS_IT_COMES.sort, descending=AS_IT_COMES.descending, cursor=""
    )
    return {
        "query": query,
        "listed": listed,
        "rows": listed.page.rows,
        "views": [
            View(name, address(PATH, view), listed.views[name], here=view == bare)
            for name, view in views(me).items()
        ],
        "columns": [_column(name, by, query) for name, by in COLUMNS.items()],
        "filters": {name: _filter(page, query, listed, name) for name in CHOSEN},
        "tags": [Shown(_tag(page, tag), tag.without) for tag in tags(PATH, query)],
        "at": query.at or page.now,
        "clock": _clock(page),
        "unknown": unknown.format(page.w("form.unknown")),
        "nobody": unknown.format(page.w("ledger.unassigned")),
        "unsorted": address(
            PATH, query, sort=AS_IT_COMES.sort, descending=AS_IT_COMES.descending
        ),
        "is_sorted": (query.sort, query.descending)
        != (AS_IT_COMES.sort, AS_IT_COMES.descending),
        "next": _turn(query, listed.page.next_cursor),
        "previous": _turn(query, listed.page.previous_cursor),
        "first": address(PATH, query),
        "url": unquote(address(PATH, query, cursor=query.cursor)),
        "csv": address("/complaints.csv", query),
        "xlsx": address("/exports/tracking.xlsx", query),
        "parquet": address("/exports/tracking.parquet", query),
        "json": address("/complaints", query, cursor=query.cursor),
    }


def _clock(page: Page) -> Callable[[Row], str]:
    """What the regulation calls the clock that is due next."""
    books = page.parts.ledger.rulebooks

    def named_of(row: Row) -> str:
        if row.next_clock is None or row.next_rulebook is None:
            return ""
        return named(books[row.next_rulebook].clocks[row.next_clock].name, page.lang)

    return named_of


def _filter(page: Page, query: Query, listed: Listed, name: str) -> Filter:
    on: tuple[str, ...] = getattr(query, name)
    found = listed.choices[name]
    options = [Option(c.value, _word(page, name, c.value), c.count) for c in found]
    known = {option.value for option in options}
    options += [Option(v, _word(page, name, v), None) for v in on if v not in known]
    return Filter(name, tuple(options), on[0] if on else "", on[1:])


def _word(page: Page, name: str, value: str) -> str:
    """A value of a filter as people read it."""
    if name in {"stage", "channel", "origin"}:
        return page.w.coded(name, value)
    if name == "unknown":
        return page.w.coded("sort", value)
    if name == "grade":
        scheme, _, code = value.partition(":")
        return f"{code} ({scheme})"
    return value


def _tag(page: Page, tag: Tag) -> str:
    w = page.w
    word = _word(page, tag.name, tag.value)
    match tag.name:
        case "at":
            at = page.shown.exact(datetime.fromisoformat(tag.value))
            return str(w("ledger.at", at=at))
        case "open" | "overdue":
            return str(w(FLAGS[tag.name, tag.value]))
        case "unknown":
            return str(w("ledger.is_unknown", label=word))
        case "received_from":
            return str(w("ledger.from", label=w("table.received"), value=word))
        case "received_to":
            return str(w("ledger.to", label=w("table.received"), value=word))
        case _:
            return str(w("ledger.is", label=w.coded("table", tag.name), value=word))


def _turn(query: Query, cursor: str | None) -> str | None:
    return None if cursor is None else address(PATH, query, cursor=cursor)


def _column(name: str, by: str | None, query: Query) -> Column:
    if by is None:
        return Column(name, None, None)
    if query.sort != by:
        falls = by in FALLING_FIRST
        return Column(name, address(PATH, query, sort=by, descending=falls), None)
    turned = address(PATH, query, sort=by, descending=not query.descending)
    return Column(name, turned, "descending" if query.descending else "ascending")
