"""Publishing for people who do not program: look at a text, put it forward, decide."""

import re
from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel
from starlette.datastructures import UploadFile

from api.asked import counted
from api.drafts import policy_draft, rulebook_draft
from api.pages import moments
from api.pages.controls import Wrong
from api.pages.draft_looked_at import FaultRow, FaultyError, Looked, Looking
from api.pages.for_people import ForPeople
from api.pages.page import Page, is_ours
from api.pages.publication_words import scope_in
from api.pages.sent import SOURCE, Sent, checked
from api.pages.typed import NO_DAY
from api.parts import apart
from api.policy_sets import PolicySetText
from api.press import Press, Saying
from api.problems import STATUS, DoorError
from api.publishing import press_of
from api.rulebooks import RulebookText
from domain.errors import ChangedMeanwhileError, InvalidError, RefusedError
from domain.ledger import aside
from domain.rulebooks.publication import Draft, Kind, Publication, stream_of

FORBIDDEN, WRONG, SEE_OTHER = 403, 422, 303
SHAPES: dict[Kind, type[BaseModel]] = {
    "rulebook": RulebookText,
    "policy_set": PolicySetText,
}
FOLDERS: dict[Kind, str] = {"rulebook": "/rulebooks", "policy_set": "/policy-sets"}
DAYS = ("effective_on", "last_day")
VERSION = re.compile(r"^version: *([0-9]+)", re.MULTILINE)

router = APIRouter(include_in_schema=False, route_class=ForPeople)


@router.get("/rulebooks/new")
async def rulebook_form(request: Request) -> Response:
    """An empty form, or one with the text of a version to begin with."""
    return await _form(request, "rulebook")


@router.get("/policy-sets/new")
async def policy_set_form(request: Request) -> Response:
    """A form with the text that is in force, to be changed."""
    return await _form(request, "policy_set")


@router.post("/rulebooks/new")
async def rulebook_sent(request: Request) -> Response:
    """Look at a text of a regulation, or put it forward."""
    return await _sent(request, "rulebook")


@router.post("/policy-sets/new")
async def policy_set_sent(request: Request) -> Response:
    """Look at a text of the policy set, or put it forward."""
    return await _sent(request, "policy_set")


async def _form(request: Request, kind: Kind) -> Response:
    page = await Page.open(request)
    page.parts.operator.has_to("publish")
    text = await _begun(press_of(page.parts), kind, page.asks.get("from", ""))
    return _shows(page, kind, Sent({"text": text}, is_ours=True))


async def _begun(press: Press, kind: Kind, name: str) -> str:
    """The text of a published version under the next number; empty where none is named."""
    if kind == "policy_set":
        sets = await apart(press.each, kind)
        name = next((f"{one.name}@{one.newest}" for one in sets if one.newest), "")
    if not name:
        return ""
    found, version = await press.named(kind, name)
    if version not in found.published:
        raise DoorError("not-found")
    text, following = found.published[version].text, found.newest + 1
    return VERSION.sub(f"version: {following}", text, count=1)


async def _sent(request: Request, kind: Kind) -> Response:
    page = await Page.open(request)
    page.parts.operator.has_to("publish")
    form = await _upload(request)
    if not form.is_ours:
        lines = [Wrong(str(page.w("form.stale_token")))]
        return _shows(page, kind, form, lines=lines, status=FORBIDDEN)
    if not form.texts.get("text"):
        lines = [Wrong(page.w.sentence("choose a file"), key="f-file")]
        return _shows(page, kind, form, lines=lines, status=WRONG)
    press = press_of(page.parts)
    try:
        looked = await Looking(page, press).at(kind, form.texts["text"])
    except FaultyError as faulty:
        return _shows(page, kind, form, faults=faulty.rows, status=WRONG)
    try:
        if form.texts.get("do") == "propose":
            return await _proposed(page, press, kind, form)
    except RefusedError as refused:
        lines, status = lines_of(page, refused), STATUS[type(refused)]
        found = await _version(press, kind, looked.id)
        return _shows(page, kind, form, looked, seen=found, lines=lines, status=status)
    found = await _version(press, kind, looked.id)
    return _shows(page, kind, form, looked, seen=found)


async def _upload(request: Request) -> Sent:
    """The form as typed; a file that was chosen stands for the typed text."""
    async with request.form(max_files=1, max_fields=12) as form:
        texts = {name: one for name, one in form.items() if isinstance(one, str)}
        file = form.get("file")
        if isinstance(file, UploadFile) and file.filename:
            texts["text"] = (await file.read()).decode("utf-8-sig", errors="replace")
    # Browsers and editors of one system write CR LF; what is published has LF alone.
    texts["text"] = texts.get("text", "").replace("\r\n", "\n")
    return Sent(texts, is_ours(request, texts.get("token", "")))


async def _proposed(page: Page, press: Press, kind: Kind, form: Sent) -> Response:
    body, saying = said_in(page, SHAPES[kind], form)
    draft = await _draft(press, kind, body)
    with counted(page.parts, "published"):
        await press.propose(draft, saying)
    name = f"{draft.id}@{draft.version}"
    return RedirectResponse(f"{FOLDERS[kind]}/{name}/proposal", SEE_OTHER)


def said_in(
    page: Page, shape: type[BaseModel], form: Sent
) -> tuple[dict[str, Any], Saying]:
    """What a form says, held to its shape, in the name of who sent it."""
    words: dict[str, str] = {}
    unread: dict[str, str] = {}
    for name in shape.model_fields:
        said = form.texts.get(name, "")
        if name in DAYS and said.strip():
            if day := moments.day(said):
                words[name] = day.isoformat()
            else:
                unread[name] = NO_DAY
        elif said.strip():
            words[name] = said
    body, found = checked(shape, words, unread)
    if body is None:
        raise InvalidError(*found.lacks())
    message = form.message(page.parts, page.path, found.raw)
    who, at = page.parts.operator.as_who(SOURCE), page.parts.now()
    return dict(body), Saying(message=message, expected=form.version, who=who, at=at)


async def _draft(press: Press, kind: Kind, body: dict[str, Any]) -> Draft:
    if kind == "rulebook":
        return rulebook_draft(**body)[0]
    return policy_draft(body.pop("text"), await apart(press.books), **body)[0]


async def _version(press: Press, kind: Kind, name: str) -> int | None:
    """How many steps there were of this text; none of one that nobody knew."""
    found = await aside(press.opened.ledger.found, stream_of(kind, name))
    return found.version if isinstance(found, Publication) else None


def lines_of(page: Page, refused: RefusedError) -> list[Wrong]:
    """Why it was not recorded."""
    if isinstance(refused, ChangedMeanwhileError):
        return [Wrong(str(page.w("publish.changed")))]
    lines = []
    for lack in refused.lacks:
        w, fix = page.w, lack.fix
        said = w.fault(fix) if w.tells(fix) else w.sentence(fix)
        label = w.label(lack.field)
        lines.append(Wrong(said, label=label, key=f"f-{lack.field}"))
    return lines


def _shows(
    page: Page,
    kind: Kind,
    form: Sent,
    looked: Looked | None = None,
    *,
    seen: int | None = None,
    faults: Sequence[FaultRow] = (),
    lines: Sequence[Wrong] = (),
    status: int = 200,
) -> Response:
    return page.shows(
        "publish.html",
        status,
        kind=kind,
        folder=FOLDERS[kind],
        form=form,
        key=str(uuid4()),  # a text that was changed is another message
        looked=looked,
        seen=seen,
        faults=faults,
        lines=lines,
        scope=scope_in(page),
    )
