"""Figures as pages: a month's in tiles, and one of them with its months and its lines."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from typing import Any, get_args
from uuid import uuid4

from fastapi import APIRouter, Request
from fastapi.responses import Response
from psycopg import Connection

from api.kpi_asked import Put, dictionary, kpi_of, put, question_of
from api.kpi_publishing import Account, account
from api.kpi_shapes import parts_of
from api.pages import money
from api.pages.choices import named
from api.pages.kpi_chart import Month, drawn
from api.pages.page import Page, address
from api.parts import Parts, reading
from domain.kpi.contribution import months_back
from domain.kpi.definition import Definition, Group, Kpi
from domain.kpi.figure import Figure
from domain.kpi.publication import Scope
from domain.kpi.tally import Tally
from projections import kpi_query
from projections.kpi_published import Shown as Published
from projections.kpi_published import of_month
from projections.kpi_query import TREND, Line, tally
from projections.snapshot import snapshot

router = APIRouter(include_in_schema=False)

SHOWN_MAX = 200  # lines of a part on a page; a file has all of them
TENTHS = Decimal(10)
SCOPE = ("month", "customer", "product", "position", "at", "site")


@dataclass(frozen=True, slots=True)
class Tile:
    """One figure as the template draws it."""

    kpi: Kpi
    name: str
    figure: Figure
    value: str
    fraction: str
    interval: str
    target: str
    address: str

    @property
    def spans(self) -> bool:
        """Whether chance alone may have put it on this side of the target."""
        around, target = self.figure.interval, self.kpi.definition.target
        if around is None or target is None:
            return False
        return around.low < target / 10 < around.high


@dataclass(frozen=True, slots=True)
class Shelf:
    """Figures of one group."""

    group: str
    tiles: Sequence[Tile]


@dataclass(frozen=True, slots=True)
class Looked:
    """What one look at the tables has."""

    what: Put
    sums: Tally
    months: Sequence[str]
    published: Mapping[str, Sequence[Published]]
    customers: Sequence[str]
    products: Sequence[str]


@dataclass(frozen=True, slots=True)
class Opened:
    """The same of one figure, opened."""

    found: Looked
    parts: Mapping[str, Sequence[Line]]
    told: Account


async def figures_page(request: Request) -> Response:
    """Every figure of a month, by what it speaks of; and those there are not."""
    page = await Page.open(request)
    found = await reading(page.parts, _look, page.parts, page.asks)
    month = found.what.month
    every = [
        _tile(page, one, found.sums.figure(one.definition, month), month)
        for one in dictionary()
    ]
    shelves = [
        Shelf(group, [one for one in every if one.kpi.definition.group == group])
        for group in get_args(Group)
    ]
    return page.shows(
        "kpis.html",
        found=found,
        month=month,
        shelves=shelves,
        missing=[
            (named(one.name, page.w.lang), named(one.because, page.w.lang), one.sources)
            for one in dictionary().missing
        ],
        asked=page.asks,
        span=_span,
    )


async def figure_page(
    request: Request,
    name: str,
    month: str = "",
    status: int = 200,
    message: str = "",
) -> Response:
    """One figure: its definition, its months drawn and as a table, and what is counted."""
    page, kpi = await Page.open(request), kpi_of(name)
    asks = {**page.asks, "month": month} if month else page.asks
    one = await reading(page.parts, _opened, page.parts, kpi, asks)
    found, definition = one.found, kpi.definition
    month, scope = found.what.month, _scope(page)
    trend = [
        _tile(page, kpi, found.sums.figure(definition, each), each)
        for each in found.sums.months
    ]
    return page.shows(
        "kpi.html",
        status,
        message=message,
        shown_first=one.told.first,
        changes=one.told.lines,
        action=address(f"/kpis/{kpi.id}/{month}", scope | {"month": None}),
        new_key=lambda: str(uuid4()),
        found=found,
        tile=trend[-1],
        month=month,
        trend=list(zip(found.sums.months, trend, strict=True)),
        parts=one.parts,
        words={side: named(said, page.w.lang) for side, said in _words(definition)},
        asked=page.asks,
        span=_span,
        chart=address(f"/kpis/{kpi.name}/trend.svg", scope | {"month": month}),
        reason=lambda said: page.w.coded("kpi_reason", said),
    )


def _opened(
    conn: Connection[Any], parts: Parts, kpi: Kpi, asks: Mapping[str, str]
) -> Opened:
    """One figure with its lines, and why it changed, as one look has them."""
    with snapshot(conn):
        found = _look(conn, parts, asks)
        asked, month = found.what.asked, found.what.month
        told = account(conn, parts, kpi, question_of({**asks, "month": month}))
        lines = {
            part: kpi_query.lines(
                conn,
                asked,
                kpi.definition,
                month,
                part,  # type: ignore[arg-type]  # one of them
                limit=SHOWN_MAX,
            )
            for part in parts_of(kpi)
        }
        return Opened(found, lines, told)


@router.get("/kpis/{name}/trend.svg")
async def trend(name: str, request: Request) -> Response:
    """The months of a figure as a drawing."""
    parts: Parts = request.app.state.parts
    parts.operator.has_to("read_all")
    kpi, question = kpi_of(name), question_of(request.query_params)

    def read(conn: Connection[Any]) -> Tally:
        with snapshot(conn):
            what = put(conn, question, parts)
            return tally(conn, what.asked, months_back(what.month, TREND))

    sums = await reading(parts, read)
    months = [Month(one, sums.figure(kpi.definition, one)) for one in sums.months]
    return Response(drawn(months, kpi.definition), media_type="image/svg+xml")


def _look(conn: Connection[Any], parts: Parts, asks: Mapping[str, str]) -> Looked:
    with snapshot(conn):
        what = put(conn, question_of(asks), parts)
        present = put(conn, question_of({}), parts).month
        if not asks.get("month") and what.month == present:
            # In a month without anything the last that had something is shown.
            what = replace(what, month=min(kpi_query.newest(conn) or present, present))
        sums = tally(conn, what.asked, months_back(what.month, TREND))
        asked = what.asked
        scope = Scope(site=asked.site, customer=asked.customer, product=asked.product)
        return Looked(
            what,
            sums,
            kpi_query.months(conn, present),
            of_month(conn, what.month, scope, asked.position),
            kpi_query.choices(conn, "customer"),
            kpi_query.choices(conn, "product"),
        )


def _span(seconds: int) -> timedelta:
    return timedelta(seconds=seconds)


def _scope(page: Page) -> dict[str, str | None]:
    """What of this address goes on to another one."""
    return {name: page.asks.get(name) for name in SCOPE}


def _tile(page: Page, kpi: Kpi, figure: Figure, month: str) -> Tile:
    definition = kpi.definition
    below = figure.denominator
    fraction = f"{figure.numerator:,}"
    if below is not None:
        fraction = f"{figure.numerator:,} / {below:,.0f}"
    if definition.unit == "duration":
        fraction = f"n = {figure.numerator:,}"
    around = figure.interval
    target = None if definition.target is None else Decimal(definition.target) / TENTHS
    return Tile(
        kpi=kpi,
        name=named(definition.name, page.w.lang),
        figure=figure,
        value=_said(page, definition, figure.value),
        fraction=fraction,
        interval=f"{around.low:,.1f}–{around.high:,.1f}" if around else "",
        target=_said(page, definition, target) if target is not None else "",
        address=address(f"/kpis/{kpi.name}", {**_scope(page), "month": month}),
    )


def _said(page: Page, definition: Definition, value: Decimal | None) -> str:
    """A value in its unit."""
    if value is None:
        return str(page.w("kpi.no_value"))
    match definition.unit:
        case "percent":
            return f"{value} %"
        case "duration":
            return page.shown.span(timedelta(seconds=int(value)))
        case "money":
            return str(money.amount(int(value), "CNY"))
        case "per_million":
            return f"{value:,}"
        case _:
            return f"{int(value):,}"


def _words(definition: Definition) -> Iterator[tuple[str, Any]]:
    yield "numerator", definition.numerator.words
    if definition.denominator is not None:
        yield "denominator", definition.denominator.words
    yield "formula", definition.formula
    yield "bucket", definition.bucket
