"""People: who has an account, what they hold, who confirmed it, who could not sign in."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from api.identity import signing_in
from api.identity.accounts import AccountBody
from api.identity.administering import identity_of, say
from api.identity.credentials import Failed
from api.identity.identity import Identity, Known
from api.identity.permissions import MAY, ROLES, SYSTEM
from api.pages.fields import Field, fields_of
from api.pages.page import Page
from api.pages.sent import SOURCE, Checked, Sent, checked, sent
from api.pages.typed import Reader
from api.parts import apart
from api.problems import STATUS, DoorError
from domain.account import RoleGranted
from domain.deeds import ACCOUNT_DEEDS
from domain.errors import RefusedError

router = APIRouter(include_in_schema=False)

FORBIDDEN, WRONG, SEE_OTHER = 403, 422, 303
FAILED_MAX = 50
PEOPLE = tuple(role for role in ROLES if role != SYSTEM)
LISTS = {"sites", "acts_as", "without", "scopes"}  # typed in one line, with commas


@dataclass(frozen=True, slots=True)
class Overview:
    """Everything the first page shows."""

    people: list[Known]
    failed: list[Failed]
    last: Mapping[UUID, datetime]


@router.get("/people")
async def people(request: Request) -> Response:
    """Everybody, the tries that failed, and the table of rights."""
    page = await Page.open(request)
    page.parts.operator.has_to("read_accounts")
    return await _everybody(page)


@router.post("/people")
async def opened(request: Request) -> Response:
    """Open an account, and show the link with which the person chooses a password."""
    page, form = await Page.open(request), await sent(request)
    page.parts.operator.has_to("account.created")
    if not form.is_ours:
        return await _everybody(page, FORBIDDEN, message=str(page.w("form.stale_token")))
    words = {n: form.texts[n] for n in ("name", "login", "kind") if form.texts.get(n)}
    body, found = checked(AccountBody, words, {})
    if body is None:
        lacks = [
            f"{page.w.field(n)}: {page.w.sentence(s[0])}" for n, s in found.wrong.items()
        ]
        return await _everybody(page, WRONG, message="; ".join(lacks))
    identity, who = identity_of(page.parts), page.parts.operator.as_who(SOURCE)
    try:
        person = await signing_in.open_account(
            identity, who, body.kind, body.name, body.login
        )
    except RefusedError as refused:
        return await _everybody(page, STATUS[type(refused)], message=_why(page, refused))
    known = await apart(identity.named, person)
    code = await signing_in.invite(identity, known) if body.kind == "person" else None
    return await _one(page, known, code=code)


@router.get("/people/{person}")
async def person(person: str, request: Request) -> Response:
    """One account: its roles, keys and history."""
    page = await Page.open(request)
    page.parts.operator.has_to("read_accounts")
    return await _one(page, await apart(identity_of(page.parts).named, person))


@router.post("/people/{person}/{word}")
async def said(person: str, word: str, request: Request) -> Response:
    """Record it and show the account; or say what is wrong."""
    page, form = await Page.open(request), await sent(request)
    page.parts.operator.has_to("read_accounts")
    identity = identity_of(page.parts)
    known = await apart(identity.named, person)
    if not form.is_ours:
        return await _one(page, known, FORBIDDEN, message=str(page.w("form.stale_token")))
    try:
        if word == "link":
            page.parts.operator.has_to("account.created")
            code = await signing_in.invite(identity, known)
            return await _one(page, known, code=code)
        return await _said(page, known, word, form)
    except RefusedError as refused:
        return await _one(page, known, STATUS[type(refused)], message=_why(page, refused))


async def _said(page: Page, known: Known, word: str, form: Sent) -> Response:
    deed = ACCOUNT_DEEDS.get(word)
    if deed is None:
        raise DoorError("not-found")
    parts = page.parts
    fields = fields_of(deed.shape.model_json_schema())
    texts = {n: t for n, t in form.texts.items() if n not in LISTS}
    plain = tuple(one for one in fields if one.name not in LISTS)
    read = Reader(texts, parts.zone, parts.now()).said(plain)
    words = {**read.words, **_lists(fields, form)}
    body, found = checked(deed.shape, words, read.wrong)
    if body is None:
        lacks = [
            f"{page.w.field(n)}: {page.w.sentence(s[0])}" for n, s in found.wrong.items()
        ]
        return await _one(page, known, WRONG, message="; ".join(lacks))
    message = form.message(parts, page.path, found.raw)
    done = await say(parts, known.account.person, deed, body, message, SOURCE)
    if done.key is not None:
        again = await apart(identity_of(parts).named, known.account.person)
        return await _one(page, again, key=done.key)
    return RedirectResponse(f"/people/{known.account.person}", SEE_OTHER)


def _lists(fields: tuple[Field, ...], form: Sent) -> dict[str, list[str]]:
    """What is typed with commas between; nothing typed is nothing said."""
    said = {one.name: form.texts.get(one.name, "") for one in fields if one.name in LISTS}
    made = {
        name: [part.strip() for part in text.replace("，", ",").split(",") if part.strip()]
        for name, text in said.items()
    }
    return {name: parts for name, parts in made.items() if parts}


def _wrong(page: Page, found: Checked) -> str:
    said = (
        (page.w.field(name), page.w.sentence(why[0])) for name, why in found.wrong.items()
    )
    lines = (str(page.w("frame.labelled", label=label, said=why)) for label, why in said)
    return "; ".join(lines)


def _why(page: Page, refused: RefusedError) -> str:
    return "; ".join(page.w.sentence(lack.fix) for lack in refused.lacks)


async def _everybody(page: Page, status: int = 200, message: str = "") -> Response:
    identity = identity_of(page.parts)
    found = await apart(_overview, identity)
    now = page.now
    return page.shows(
        "people.html",
        status,
        people=found.people,
        held=lambda known: known.account.held(now.date()),
        waiting=lambda known: known.account.waiting(),
        last=found.last,
        failed=found.failed,
        names={known.account.id: known for known in found.people},
        roles=ROLES,
        rights=MAY,
        message=message,
    )


def _overview(identity: Identity) -> Overview:
    store = identity.credentials
    return Overview(identity.everybody(), store.failed(FAILED_MAX), store.last())


async def _one(
    page: Page,
    known: Known,
    status: int = 200,
    *,
    message: str = "",
    code: str | None = None,
    key: str | None = None,
) -> Response:
    account, may = known.account, page.parts.operator.may
    return page.shows(
        "person.html",
        status,
        known=known,
        account=account,
        roles=[
            role for role in ROLES if (role == "service") == (account.kind == "program")
        ],
        state=lambda grant: _state(grant, known, page.now),
        may=lambda word: may(f"account.{word}"),
        is_me=account.person == page.parts.operator.id,
        message=message,
        code=code,
        key=key,
        new_key=lambda: str(uuid4()),
    )


def _state(grant: RoleGranted, known: Known, now: datetime) -> str:
    """How far a role has come: it waits, holds, or has run out."""
    if grant.originator_version not in known.account.confirmed:
        return "waits"
    return "holds" if grant in known.account.held(now.date()) else "over"
