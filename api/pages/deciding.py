"""What a second person says of a text that was put forward, and ending a version."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel

from api.asked import counted
from api.pages.controls import Wrong
from api.pages.draft_looked_at import FaultRow, FaultyError, Looked, Looking
from api.pages.for_people import ForPeople
from api.pages.page import Page
from api.pages.publication_words import scope_in
from api.pages.publishing import FOLDERS, SEE_OTHER, lines_of, said_in
from api.pages.sent import Sent, sent
from api.press import Press, Saying
from api.problems import STATUS, DoorError
from api.publishing import Approval, Rejection, place_of, press_of
from api.rulebooks import Withdrawal
from domain.errors import RefusedError
from domain.ledger import aside
from domain.rulebooks.publication import Kind, Proposed, Publication, stream_of

router = APIRouter(include_in_schema=False, route_class=ForPeople)


@dataclass(frozen=True, slots=True)
class Word:
    """What can be said of one version: its shape, and whom it is said to."""

    shape: type[BaseModel]
    does: Callable[[Press, Kind, str, Saying, Mapping[str, Any]], Awaitable[object]]


WORDS = {
    "approved": Word(
        Approval, lambda press, kind, name, s, _: press.approve(kind, name, s)
    ),
    "rejected": Word(
        Rejection,
        lambda press, kind, name, s, body: press.reject(kind, name, s, body["reason"]),
    ),
    "withdrawn": Word(
        Withdrawal, lambda press, _kind, name, s, body: press.withdraw(name, s, **body)
    ),
}


@router.get("/rulebooks/{name}/proposal")
async def rulebook_proposal(name: str, request: Request) -> Response:
    """A regulation that was put forward, with what it would change."""
    return await _proposal(await _opened(request), "rulebook", name)


@router.get("/policy-sets/{name}/proposal")
async def policy_set_proposal(name: str, request: Request) -> Response:
    """A policy set that was put forward, with what it would change."""
    return await _proposal(await _opened(request), "policy_set", name)


@router.get("/rulebooks/{name}/withdrawn")
async def withdrawing(name: str, request: Request) -> Response:
    """From which day on a version governs nothing new, and why."""
    page = await Page.open(request)
    page.parts.operator.has_to("publish")
    return await _withdrawing(page, name)


@router.post("/rulebooks/{name}/{word}")
async def rulebook_decided(name: str, word: str, request: Request) -> Response:
    """Approve, reject or withdraw a version of a regulation."""
    return await _decided(request, "rulebook", name, word)


@router.post("/policy-sets/{name}/{word}")
async def policy_set_decided(name: str, word: str, request: Request) -> Response:
    """Approve or reject a version of the policy set."""
    return await _decided(request, "policy_set", name, word)


async def _opened(request: Request) -> Page:
    page = await Page.open(request)
    page.parts.operator.has_to("read")
    return page


async def _decided(request: Request, kind: Kind, name: str, word: str) -> Response:
    page = await Page.open(request)
    page.parts.operator.has_to("publish")
    form = await sent(request)
    if word not in WORDS or (kind == "policy_set" and word == "withdrawn"):
        raise DoorError("not-found")
    if not form.is_ours:
        raise DoorError("foreign-origin")
    try:
        await _said(page, kind, name, word, form)
    except RefusedError as refused:
        lines, status = lines_of(page, refused), STATUS[type(refused)]
        if word == "withdrawn":
            return await _withdrawing(page, name, form, lines, status)
        return await _proposal(page, kind, name, lines, status)
    after = place_of(kind, name.partition("@")[0] if word == "rejected" else name)
    return RedirectResponse(FOLDERS[kind] if word == "rejected" else after, SEE_OTHER)


async def _said(page: Page, kind: Kind, name: str, word: str, form: Sent) -> None:
    body, saying = said_in(page, WORDS[word].shape, form)
    with counted(page.parts, word):
        await WORDS[word].does(press_of(page.parts), kind, name, saying, body)


async def _publication(page: Page, kind: Kind, name: str) -> tuple[Publication, int]:
    of, _, version = name.partition("@")
    found = await aside(page.parts.ledger.found, stream_of(kind, of))
    if not isinstance(found, Publication) or not version.isdecimal():
        raise DoorError("not-found")
    return found, int(version[:9])


async def _proposal(
    page: Page,
    kind: Kind,
    name: str,
    lines: Sequence[Wrong] = (),
    status: int = 200,
) -> Response:
    found, version = await _publication(page, kind, name)
    waits = found.proposed.get(version)
    if waits is None:
        if version in found.published:
            return RedirectResponse(place_of(kind, name), SEE_OTHER)
        raise DoorError("not-found")
    looked, faults = await _looked(page, kind, waits)
    me = page.parts.operator
    return page.shows(
        "proposal.html",
        status,
        kind=kind,
        folder=FOLDERS[kind],
        name=name,
        waits=waits,
        looked=looked,
        faults=faults,
        lines=lines,
        version=found.version,
        key=str(uuid4()),
        may_approve=me.may("publish") and waits.who.by != me.id,
        may_reject=me.may("publish"),
        mine=waits.who.by == me.id,
        scope=scope_in(page),
    )


async def _looked(
    page: Page, kind: Kind, waits: Proposed
) -> tuple[Looked | None, Sequence[FaultRow]]:
    """What it would change; a policy set may name what was withdrawn meanwhile."""
    try:
        looking = Looking(page, press_of(page.parts))
        return await looking.at(kind, waits.text), ()
    except FaultyError as faulty:
        return None, faulty.rows


async def _withdrawing(
    page: Page,
    name: str,
    form: Sent | None = None,
    lines: Sequence[Wrong] = (),
    status: int = 200,
) -> Response:
    found, version = await _publication(page, "rulebook", name)
    if version not in found.published:
        raise DoorError("not-found")
    return page.shows(
        "withdraw.html",
        status,
        name=name,
        texts=form.texts if form else {},
        lines=lines,
        version=found.version,
        key=str(uuid4()),
    )
