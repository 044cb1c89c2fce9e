"""The deadlines on a complaint's page: each opens to its sum, line by line."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from markupsafe import Markup

from api.pages import moments
from api.pages.case import Case
from api.pages.page import Page
from api.pages.proposal import ask_for
from api.pages.reasons import subject
from api.pages.values import Values, link_to
from domain.clock_words import late_by, printed
from domain.complaint.deadline_reading import arithmetic_of, calendar_of, reading_of
from domain.complaint.facts import facts_of
from domain.deadline import Deadline
from domain.rulebooks.rulebook import Rulebook

ICONS = {
    "running": "run",
    "paused": "pause",
    "immediate": "soon",
    "void": "no",
    "met": "ok",
    "late": "late",
    "missed": "late",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One deadline as the page has it."""

    name: str
    run: Markup | None
    state: Markup
    icon: str
    bad: bool
    due: str | None
    overdue: bool
    provisional: bool
    lines: tuple[str, ...]
    rests: Markup
    links: tuple[Markup, ...]  # what started it, what stopped it, that it lapsed
    asks: tuple[Markup, ...]  # what nobody has stated, each to the form that settles it


@dataclass(frozen=True, slots=True)
class Clocks:
    """All of them, and the instant of which overdue is asked."""

    at: str
    shown: tuple[Shown, ...]


def deadlines(case: Case, page: Page) -> Clocks | None:
    """What the ledger recorded; nothing where no regulation of clocks governs."""
    book = case.rules.get("clocks")
    if book is None or not book.clocks:
        return None
    typed = moments.moment(page.asks.get("at", ""), case.complaint.zone)
    at = typed.at if typed else page.now
    return Clocks(page.shown.exact(at), tuple(_all(case, book, page, at)))


def _all(case: Case, book: Rulebook, page: Page, at: datetime) -> Iterator[Shown]:
    order = sorted(case.complaint.deadlines.values(), key=_order)
    yield from (_one(one, case, book, page, at) for one in order)


def _order(one: Deadline) -> tuple[bool, bool, datetime, str, int]:
    """What is owed comes first, by when it is due."""
    return not one.open, one.due_at is None, one.due_at or one.starts_at, *one.key


def _one(one: Deadline, case: Case, book: Rulebook, page: Page, at: datetime) -> Shown:
    w, zone = page.w, case.complaint.zone
    calendar = page.parts.ledger.calendars[book.calendar].in_zone(zone)
    read = reading_of(one, case.said, book, calendar, facts_of(case.complaint))
    topics = {said.TOPIC for said in case.said.values()}
    names = {t.removeprefix("complaint."): str(w.coded("event", t)) for t in topics}
    values = Values(w, page.shown, case.rules)
    asks = {name: subject(name, book, values) for name in read.conditional_on}
    lines = printed(read, page.lang, names | asks)
    if left_out := arithmetic_of(one, case.said).left_out:
        lines.append(str(w("deadline.left_out", n=left_out)))
    pinned, version = calendar_of(one, case.said)
    state = Markup.escape(w.coded("value.verdict", one.verdict))
    if read.late:
        state = Markup("{} {}").format(state, late_by(read.late, page.lang))
    versions = (one.fact, one.stopped_by, one.lapse)
    return Shown(
        name=read.name.zh if page.lang == "zh" else read.name.en,
        run=w("deadline.run", n=one.cycle) if one.cycle > 1 else None,
        state=state,
        icon=ICONS[one.verdict],
        bad=one.verdict in {"late", "missed"},
        due=page.shown.exact(one.due_at) if one.due_at else None,
        overdue=one.overdue(at),
        provisional=one.provisional,
        lines=tuple(lines),
        rests=w("deadline.rests", clause=one.clause, calendar=pinned, version=version),
        links=tuple(link_to(version) for version in versions if version),
        asks=tuple(
            ask_for(name, book, values, f"/ledger/{quote(case.number)}") for name in asks
        ),
    )
