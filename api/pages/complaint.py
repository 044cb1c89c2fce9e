"""The page of one complaint: how it stands, what happened, and what can be said next."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from markupsafe import Markup, escape

from api.complaints.standing import judged_at
from api.complaints.timeline import Shown
from api.pages.as_of_bar import bar, chosen_event, typed_point
from api.pages.case import Case, case, next_deeds
from api.pages.deadlines import deadlines
from api.pages.flow import flow, stages
from api.pages.gates import Closing, closing
from api.pages.page import Page
from api.pages.proof_card import proof_card
from api.pages.proposal import proposals
from api.pages.repeats_page import alarms_of
from api.pages.telling import Teller, Told, teller
from api.pages.values import link_to
from api.parts import reading
from domain.complaint.assignment import Assigned
from domain.complaint.contact import HandedOver
from domain.complaint.grading import Graded
from domain.complaint.intake import Accepted, DuplicateLinked, Received
from domain.complaint.items import LossStated
from domain.deeds import DEEDS
from domain.event import Event, sealed_fields
from projections import penalty_query
from projections.penalties import Row as Notice

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class Day:
    """Entries that were recorded one after the other and happened on one day."""

    name: str
    told: tuple[Told, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the summary: what, its value, and the event that set it."""

    label: str
    value: Markup
    why: Markup | None = None


@router.get("/ledger/{number}")
async def complaint(number: str, request: Request) -> Response:
    """One complaint, replayed from the store: it is current, whatever the table says."""
    page = await Page.open(request)
    me = page.parts.operator
    me.has_to("read")
    may_open = me.may("read_personal")
    opens = may_open and request.query_params.get("open") == "1"
    found = await case(
        page.parts, number, may_open=opens, asked=partial(typed_point, page.asks, page.now)
    )
    if goes_to := chosen_event(page.asks, found.then.positions, page):
        return RedirectResponse(goes_to, 303)
    then = found.then.point is not None
    page = page.in_zone(found.complaint.zone)
    tells = teller(page.w, page.shown, found.rules, found.entries)
    return page.shows(
        "complaint.html",
        case=found,
        days=_days([tells.told(entry) for entry in found.entries], page),
        counts={k: sum(e.kind == k for e in found.entries) for k in ("F", "D", "R")},
        tells=tells,
        summary=[line for line in _summary(found, page, tells) if line],
        closing=_closing(found, page),
        clocks=deadlines(found, page),
        flow=flow(found.complaint, found.rules, page.w),
        stages=stages(found.complaint, found.rules, page.w, page.shown),
        groups=next_deeds(found, {name: not then and me.may(name) for name in DEEDS}),
        proposals=proposals(found, tells.values, f"/ledger/{quote(number, safe='')}"),
        may_open=may_open,
        opens=opens,
        notice=_notice(page, request, number),
        notices=await _notices(page, found),
        may_fine=me.may("fined"),
        may_correct=not then and me.may("corrected"),
        bar=bar(found, page),
        proof=await proof_card(page, found),
        alarms=[] if then else await alarms_of(page, found.complaint.id),
        link_to=link_to,
    )


def _closing(found: Case, page: Page) -> Closing:
    """Whether it can be closed, or could have been."""
    now = judged_at(found.then.point, page.parts.now())
    return closing(found.complaint, found.rules, found.entries, page.w, page.shown, now)


def _notice(page: Page, request: Request, number: str) -> Markup | None:
    """What a form that led here has to say."""
    if "received" in request.query_params:
        return page.w("intake.received_title", number=number)
    return page.w("complaint.unchanged") if "same" in request.query_params else None


async def _notices(page: Page, found: Case) -> Sequence[Notice]:
    """What was stated and fined over it, for those who may see it."""
    if not page.parts.operator.may("read_penalties"):
        return ()
    return await reading(page.parts, penalty_query.of_complaint, found.complaint.id)


def _days(told: Sequence[Told], page: Page) -> list[Day]:
    """Runs of one day. The order stays that of recording, so a late one shows as late."""
    days: list[Day] = []
    for one in told:
        name = page.shown.date(one.entry.at)
        if days and days[-1].name == name:
            days[-1] = Day(name, (*days[-1].told, one))
        else:
            days.append(Day(name, (one,)))
    return days


def _summary(found: Case, page: Page, tells: Teller) -> Iterator[Line | None]:
    """What is known now, each value with what set it; unknown is said, never left out."""
    w, complaint, row = page.w, found.complaint, found.row
    first = complaint.happened[1]
    assert isinstance(first, Received)
    values = _received(found)
    when = page.shown.exact(first.received_at)
    yield Line(w.field("received_at"), escape(when), _set(found, "received_at"))
    occurred = page.shown.exact(first.occurred_at)
    if first.when.precision:
        occurred = page.shown.date(first.occurred_at)
    yield Line(w.field("occurred_at"), escape(occurred), _set(found, "when.occurred_at"))
    for name in ("customer", "customer_number", "complainant", "contact", "words"):
        value = tells.value(name, values.get(name))
        yield Line(w.field(name), value, _set(found, name))
    for name in ("channel", "kind", "region"):
        value = tells.value(name, values.get(name))
        yield Line(w.field(name), value, _set(found, name))
    yield Line(w("table.owner"), tells.value("owner", row.owner), _by(found, Assigned))
    unit = tells.value("unit", row.responsible_unit)
    yield Line(w("table.unit"), unit, _by(found, HandedOver, Accepted))
    yield _graded(found, tells)
    if other := found.duplicate_of:
        linked = tells.value("other", other)
        yield Line(w("complaint.duplicate_of"), linked, _by(found, DuplicateLinked))
    if (lost := complaint.latest(LossStated)) and lost.loss:
        cost = tells.value("loss", lost.loss.model_dump())
        yield Line(w.field("loss"), cost, link_to(lost.originator_version))
    if row.cycle > 1:
        yield Line(w.field("cycle"), escape(row.cycle))
    rulebooks = tells.value("rulebooks", dict(complaint.rulebooks))
    yield Line(w.field("rulebooks"), rulebooks)
    yield Line(w.field("origin"), escape(w.coded("origin", first.origin)))
    if first.source_key:
        yield Line(w.field("source_key"), tells.value("source_key", first.source_key))


def _received(found: Case) -> dict[str, Shown]:
    """What was said at first, as it was put right; seals as this reader may have them."""
    first = found.complaint.happened[1]
    known: dict[str, Shown] = dict(first)
    sealed = sealed_fields(Received)
    known |= dict.fromkeys(sealed)
    known |= {name: value for name, value in found.entries[0].fields if name in sealed}
    for entry in found.entries:
        wrong = entry.correction
        if wrong is not None and wrong.corrects == 1 and wrong.field in sealed:
            known[wrong.field] = wrong.new
    return known


def _set(found: Case, field: str) -> Markup | None:
    """The correction that set a field of the reception, if any did."""
    by = [
        entry.version
        for entry in found.entries
        if (c := entry.correction) and c.corrects == 1 and c.field == field
    ]
    return link_to(by[-1]) if by else None


def _by(found: Case, *kinds: type[Event]) -> Markup | None:
    """The event of these kinds that came last."""
    versions = [e.originator_version for kind in kinds for e in found.complaint.all(kind)]
    return link_to(max(versions)) if versions else None


def _graded(found: Case, tells: Teller) -> Line:
    grades = [
        tells.w("complaint.graded_as", scheme=scheme, grade=tells.value("code", code))
        for scheme, code in found.complaint.grades.items()
    ]
    label = tells.w("table.grade")
    if not grades:
        return Line(label, tells.unknown("ledger.ungraded"))
    return Line(label, Markup("<br>").join(grades), _by(found, Graded))
