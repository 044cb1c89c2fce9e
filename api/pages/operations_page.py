"""The operations page: how everything runs, and what needs a person, in words."""

from collections.abc import Iterator
from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import Response
from markupsafe import Markup

from api.condition import LATE_S, UNDELIVERED, Worker
from api.pages.attention import Attention, Letter, attention
from api.pages.page import Page
from api.parts import reading

router = APIRouter(include_in_schema=False)

WAITING = ("held", "conflict")  # the others are dead letters
OUTCOMES = ("accepted", "duplicate", "held", "refused", "conflict", "malformed")


@dataclass(frozen=True, slots=True)
class Need:
    """One thing that needs a person, and where on the page it is."""

    said: str
    where: str


@router.get("/operations")
async def operations(request: Request) -> Response:
    """Everything that runs here, as the database has it now."""
    page = await Page.open(request)
    page.parts.operator.has_to("operate")
    found = await reading(page.parts, attention, page.parts.mode)
    waiting = [one for one in found.letters if one.kind in WAITING]
    return page.shows(
        "operations.html",
        found=found,
        needs=list(_needs(page, found)),
        workers=[(one, _state(one)) for one in found.condition.workers],
        waiting=waiting,
        dead=[one for one in found.letters if one.kind not in WAITING],
        why=lambda letter: _why(page, letter),
        tables={one.projection: one for one in found.tables},
        can_act=page.parts.operating is not None,
        done=_done(page),
        outcomes=OUTCOMES,
        sums={o: sum(s.outcomes.get(o, 0) for s in found.sources) for o in OUTCOMES},
    )


def _done(page: Page) -> Markup | None:
    """What the form that led here has done."""
    key = f"operations.done_{page.asks.get('done', '')}"
    return page.w(key) if key in page.w else None


def _state(worker: Worker) -> str:
    """How a read model or a relay is doing, in one word of the list."""
    if not worker.live:
        return "silent"
    if worker.parked:
        return "some_parked"
    return "catching_up" if worker.lag_seconds > LATE_S else "good"


def _needs(page: Page, found: Attention) -> Iterator[Need]:
    w, condition = page.w, found.condition
    for words in condition.tampered:
        yield Need(str(w("operations.need_tampered", what=words)), "projections")
    for name in condition.missing:
        yield Need(str(w("operations.need_missing", name=name)), "projections")
    for worker in condition.workers:
        named = w.coded("projection", worker.name)
        if not worker.live and worker.kind == "sealer":
            yield Need(str(w("operations.need_sealer")), "projections")
        elif not worker.live:
            yield Need(str(w("operations.need_silent", name=named)), "projections")
        elif worker.lag_seconds > LATE_S:
            behind = w("operations.need_behind", name=named, n=f"{worker.lag_events:,}")
            yield Need(str(behind), "projections")
        if worker.parked:
            parked = w("operations.need_parked", name=named, n=worker.parked)
            yield Need(str(parked), "waiting")
    yield from _unlike(page, found)
    yield from _undelivered(page, found)


def _undelivered(page: Page, found: Attention) -> Iterator[Need]:
    """What came in and could not be taken, and what nobody could be told."""
    w, condition = page.w, found.condition
    letters = condition.letters
    if n := letters.get("conflict", 0):
        yield Need(str(w("operations.need_conflict", n=n)), "waiting")
    if n := sum(count for kind, count in letters.items() if kind not in WAITING):
        yield Need(str(w("operations.need_dead", n=n)), "dead")
    if n := sum(condition.notices.get(state, 0) for state in UNDELIVERED):
        yield Need(str(w("operations.need_notices", n=n)), "notices")


def _unlike(page: Page, found: Attention) -> Iterator[Need]:
    """Read models that are not what follows from the ledger, or may not be."""
    w = page.w
    for check in found.condition.checks:
        if check.outcome != "same":
            named = w.coded("projection", check.projection)
            key = f"operations.need_{check.outcome}"
            yield Need(str(w(key, name=named, place=check.place or "")), "checks")


def _why(page: Page, letter: Letter) -> str:
    """Why a letter is kept, in words."""
    w = page.w
    said = [w.sentence(lack.fix) for lack in letter.lacks]
    for kind in ("refusal", "letter"):
        if f"{kind}.{letter.code}" in w:
            title = str(w(f"{kind}.{letter.code}"))
            return (
                str(w("frame.labelled", label=title, said="; ".join(said)))
                if said
                else title
            )
    return "; ".join(said) or letter.code
