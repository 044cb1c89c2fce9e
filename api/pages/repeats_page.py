"""The page of repeat alarms: what returned, why it matches, and what is done about it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from markupsafe import Markup
from psycopg import Connection

from api.asked import counted
from api.clusters import found, taken
from api.pages.choices import named
from api.pages.page import Page
from api.pages.sent import SOURCE, checked, sent
from api.pages.shown import text
from api.parts import reading
from api.problems import STATUS, DoorError
from domain.deeds import CLUSTER_DEEDS, Deed
from domain.errors import Lack as Lacking
from domain.errors import RefusedError, VersionNeededError
from domain.repeats import split
from domain.rulebooks.facts import CORE
from domain.rulebooks.rulebook import Rulebook
from projections.clusters import STATES, Row, by_state, of_complaint, tallied
from projections.snapshot import snapshot

router = APIRouter(include_in_schema=False)

QUIET = ("dismissed", "withdrawn")  # nothing is asked of anybody
FORBIDDEN, WRONG, SEE_OTHER = 403, 422, 303
FIELD = {"dismissed": "reason", "meeting_held": "minutes", "plan_adopted": "plan"}


@dataclass(frozen=True, slots=True)
class Alarm:
    """One alarm as the template draws it."""

    row: Row
    title: str
    why: Markup  # the key in words: what all members share
    deeds: tuple[Deed, ...]


@router.get("/repeats")
async def repeats(request: Request) -> Response:
    """Alarms in one state, or those that wait for somebody."""
    page = await Page.open(request)
    page.parts.operator.has_to("read_all")
    return await _shows(page)


@router.post("/repeats/{cluster}/{word}")
async def said(cluster: UUID, word: str, request: Request) -> Response:
    """Record it and come back to the alarm; or say what is wrong."""
    page = await Page.open(request)
    deed = CLUSTER_DEEDS.get(word)
    if deed is None:
        raise DoorError("not-found")
    parts = page.parts
    parts.operator.has_to(deed.event.TOPIC)
    form = await sent(request)
    if not form.is_ours:
        return await _shows(page, FORBIDDEN, message=page.w("form.stale_token"))
    field = FIELD[word]
    typed = form.texts.get(field, "").strip()
    body, wrong = checked(deed.shape, {field: typed} if typed else {}, {})
    if body is None:
        said = page.w("repeats.missing", field=page.w.field(field, word))
        return await _shows(page, WRONG, message=said)
    try:
        with counted(parts, deed.event.TOPIC):
            if form.version is None and not deed.is_fact:
                raise VersionNeededError(Lacking("", "send the version you decided on"))
            await taken(
                parts,
                deed,
                cluster,
                body,
                form.message(parts, page.path, wrong.raw),
                expected=None if deed.is_fact else form.version,
                source=SOURCE,
            )
    except RefusedError as refused:
        why = "; ".join(page.w.sentence(lack.fix) for lack in refused.lacks)
        return await _shows(page, STATUS[type(refused)], message=why)
    await found(parts, cluster)
    return RedirectResponse(f"/repeats?state=all#c-{cluster}", SEE_OTHER)


async def _shows(page: Page, status: int = 200, message: str = "") -> Response:
    asked = page.asks.get("state", "")
    state = asked if asked in {*STATES, "all"} else ""

    def read(conn: Connection[object]) -> tuple[list[Row], dict[str, int]]:
        with snapshot(conn):
            rows = by_state(conn, state if state in STATES else None)
            return rows, tallied(conn)

    rows, tallies = await reading(page.parts, read)
    if not state:
        rows = [row for row in rows if row.state not in QUIET]
    return page.shows(
        "repeats.html",
        status,
        alarms=[_alarm(page, row) for row in rows],
        tallies=tallies,
        states=STATES,
        state=state,
        message=message,
        field=FIELD,
        new_key=lambda: str(uuid4()),
        moment=datetime.fromisoformat,
    )


async def alarms_of(page: Page, complaint_id: UUID) -> list[Alarm]:
    """The alarms that stand over a complaint; they name those of other sites too."""
    if not page.parts.operator.may("read_all"):
        return []
    rows = await reading(page.parts, of_complaint, complaint_id)
    return [_alarm(page, row) for row in rows if row.state not in QUIET]


def _alarm(page: Page, row: Row) -> Alarm:
    book_name, rule_id = split(row.rule)
    book = page.parts.ledger.rulebooks[book_name]
    rule = book.repeats[rule_id]
    parts = [_part(page, book, part["fact"], part["value"]) for part in row.key]
    may = page.parts.operator.may
    deeds = () if row.state == "withdrawn" else tuple(_deeds(row))
    return Alarm(
        row=row,
        title=named(rule.name, page.w.lang),
        why=Markup(" + ").join(parts),
        deeds=tuple(deed for deed in deeds if may(deed.event.TOPIC)),
    )


def _deeds(row: Row) -> Iterator[Deed]:
    """What is left to do, in the order in which it is done."""
    if row.met_at is None:
        yield CLUSTER_DEEDS["meeting_held"]
    else:
        yield CLUSTER_DEEDS["plan_adopted"]
    if row.state != "dismissed":
        yield CLUSTER_DEEDS["dismissed"]


def _part(page: Page, book: Rulebook, fact: str, value: object) -> Markup:
    """One part of the key: the fact by the name its regulation gives it, and its value."""
    w, own = page.w, book.declares.facts.get(fact)
    if fact in CORE:
        label = named(CORE[fact].label, w.lang)
    else:
        label = named(own.question, w.lang) if own else fact
    return Markup("{} <b>{}</b>").format(label.rstrip("?？"), text(str(value)))
