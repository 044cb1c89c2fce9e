"""Signing in: by a password, or by a link that opens once. Every try is counted."""

import hashlib
import unicodedata
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID, uuid4

from api.identity.identity import Identity, Known
from api.identity.permissions import ADMINISTRATOR
from api.problems import DoorError
from domain import account_access as access
from domain import account_roles as roles
from domain.account import Account, Kind, stream_of
from domain.entry import Message
from domain.errors import BusyError, InvalidError, Lack, NotAllowedError
from domain.event import Who
from domain.ledger import aside
from domain.rulebooks.rulebook import Rules
from infra.passwords import TooManyError

PASSWORD_MIN, PASSWORD_MAX = 15, 200  # characters, where nothing else is asked for
DIFFERENT_MIN = 6  # characters of a password that differ
EVERYBODY_KNOWS = frozenset(
    {
        "correcthorsebatterystaple",
        "passwordpassword",
        "administrator123",
        "qwertyuiopasdfgh",
        "1qaz2wsx3edc4rfv",
    }
)
SET_UP_FOR, LINK_FOR = timedelta(minutes=15), timedelta(days=3)
TRIES_LOGIN, TRIES_ADDRESS = 10, 50  # that may fail in a quarter of an hour
SOURCE = "web"
SET_UP = Who(by="s-setup", role="service", source="setup")  # whoever has the printed link
NO_SUCH_LINK = "this link has been used, or its time is over: ask for a new one"
NO_RULES = Rules({})


def as_login(text: str) -> str:
    """A login as it is compared: whoever types it in capitals is the same person."""
    return unicodedata.normalize("NFKC", text).casefold().strip()


def message(by: str) -> Message:
    """A message that nobody sends twice."""
    name = str(uuid4())
    return Message(f"identity:{by}", name, hashlib.sha256(name.encode()).digest())


def check_password(password: str, login: str) -> None:
    """Refuse what is guessed first. Which characters it is made of is nobody's business."""
    folded = password.casefold()
    if not PASSWORD_MIN <= len(password) <= PASSWORD_MAX:
        fix = f"take {PASSWORD_MIN} to {PASSWORD_MAX} characters; a sentence is good"
        raise InvalidError(Lack("password", fix))
    guessed = len(set(folded)) < DIFFERENT_MIN or folded in EVERYBODY_KNOWS
    if guessed or as_login(login) in folded:
        fix = "this is among the first that are tried: take another"
        raise InvalidError(Lack("password", fix))


async def sign_in(
    identity: Identity, login: str, password: str, address: str
) -> str | None:
    """The cookie of a new session; `None` when login or password is wrong."""
    account, outcome = await _proved(identity, as_login(login), password, address)
    note = identity.credentials.tried
    now = identity.clock()
    await aside(note, as_login(login), account, address, outcome, now)
    if outcome == "too_many":
        raise DoorError("too-many-tries")
    if outcome != "in":
        return None
    assert account is not None
    return await aside(identity.credentials.begin, account, 0, now, "password")


async def _proved(
    identity: Identity, login: str, password: str, address: str
) -> tuple[UUID | None, str]:
    """Whose login it is, and how the try ends."""
    store, now = identity.credentials, identity.clock()
    by_login, by_address = await aside(store.failures, login, address, now)
    row = await aside(store.by_login, login)
    account = row[0] if row else None
    if by_login >= TRIES_LOGIN or by_address >= TRIES_ADDRESS:
        return account, "too_many"
    if not await fits(identity, row[1] if row else None, password) or account is None:
        return account, "wrong"
    known = await aside(identity.known, account)
    if known is None or known.account.locked:
        return account, "locked"
    return account, "in"


async def fits(identity: Identity, hashed: str | None, password: str) -> bool:
    """Whether it is the password; refused when too many are being checked."""
    try:
        return await identity.passwords.fits(hashed, password[: PASSWORD_MAX + 1])
    except TooManyError as error:
        raise BusyError(Lack("", "send the same message again")) from error


async def is_them(identity: Identity, known: Known, password: str, address: str) -> bool:
    """Whether somebody who is signed in is that person; if not, it is an event."""
    account, now = known.account, identity.clock()
    login = as_login(known.login)
    failed, _ = await aside(identity.credentials.failures, login, address, now)
    if failed >= TRIES_LOGIN:
        raise DoorError("too-many-tries")
    hashed = await aside(identity.credentials.hash_of, account.id)
    if await fits(identity, hashed, password):
        return True
    note = identity.credentials.tried
    await aside(note, login, account.id, address, "unsigned", now)
    does = partial(
        access.fail_signing,
        who=_themself(account),
        at=_at(now),
        action="account.password_set",
        about=None,
    )
    await identity.say(message(account.person), account.id, does)
    return False


async def choose_password(
    identity: Identity, known: Known, password: str, *, by_link: bool
) -> None:
    """Keep a new password of theirs; every session they had ends."""
    check_password(password, known.login)
    account, now = known.account, identity.clock()
    try:
        hashed = await identity.passwords.made(password)
    except TooManyError as error:
        raise BusyError(Lack("", "send the same message again")) from error
    await aside(identity.credentials.keep_hash, account.id, hashed, now)
    await aside(partial(identity.credentials.end, account=account.id))
    who = _themself(account)
    does = partial(access.set_password, who=who, at=_at(now), by_link=by_link)
    await identity.say(message(account.person), account.id, does)


async def set_up(
    identity: Identity, code: str, name: str, login: str, password: str
) -> None:
    """Make the first administrator, who can do nothing but make accounts."""
    now = identity.clock()
    check_password(password, login)
    found = await aside(identity.credentials.linked, code, now)
    if found is None or found[0] is not None:
        raise NotAllowedError(Lack("link_code", NO_SUCH_LINK))
    if await aside(identity.is_set_up):
        raise NotAllowedError(Lack("link_code", "somebody is here already: sign in"))
    if not await aside(identity.credentials.use_link, code, now):
        raise NotAllowedError(Lack("link_code", NO_SUCH_LINK))

    def first(account: Account) -> None:
        roles.grant_role(account, NO_RULES, who=SET_UP, at=_at(now), role=ADMINISTRATOR)
        themself, grant = _themself(account), account.version
        roles.confirm_role(
            account, NO_RULES, who=themself, at=_at(now), grant=grant, first=True
        )

    made = await open_account(identity, SET_UP, "person", name, login, also=first)
    known = await aside(identity.named, made)
    await choose_password(identity, known, password, by_link=True)


async def open_account(
    identity: Identity,
    who: Who,
    kind: Kind,
    name: str,
    login: str,
    *,
    also: Callable[[Account], None] = lambda _account: None,
) -> str:
    """Open an account: its pseudonym. *also*: what is said of it in the same append."""
    person = f"{'p' if kind == 'person' else 's'}-{uuid4().hex[:12]}"
    stream = stream_of(person)
    await aside(identity.credentials.take_login, as_login(login), stream)
    try:
        account = roles.open_account(
            who=who,
            at=_at(identity.clock()),
            person=person,
            kind=kind,
            party_id=await identity.new_party(),
            name=name,
            login=login,
        )
        also(account)
        await identity.ledger.keys_at_hand({account.party_id})
        await identity.ledger.begin(message(who.by), account)
    except BaseException:
        await aside(identity.credentials.free_login, stream)
        raise
    return person


async def invite(identity: Identity, known: Known) -> str:
    """The code of a link with which this person chooses a password, once."""
    if known.account.kind != "person":
        raise NotAllowedError(Lack("person", "only a program has a key; people sign in"))
    until = identity.clock() + LINK_FOR
    return await aside(identity.credentials.make_link, known.account.id, until)


async def enrol(identity: Identity, code: str, password: str) -> None:
    """Choose a password by a link. While nobody else is there, it confirms their roles."""
    now = identity.clock()
    found = await aside(identity.credentials.linked, code, now)
    known = await aside(identity.known, found[0]) if found and found[0] else None
    if known is None or known.account.locked:
        raise NotAllowedError(Lack("link_code", NO_SUCH_LINK))
    check_password(password, known.login)
    if not await aside(identity.credentials.use_link, code, now):
        raise NotAllowedError(Lack("link_code", NO_SUCH_LINK))
    await choose_password(identity, known, password, by_link=True)
    account = known.account
    for grant in account.waiting():
        if await aside(identity.nobody_confirms, grant, account.person, now):
            does = partial(
                roles.confirm_role,
                who=_themself(account),
                at=_at(now),
                grant=grant.originator_version,
                first=True,
            )
            await identity.say(message(account.person), account.id, does)


def set_up_code(identity: Identity) -> str:
    """The code that opens the set-up once, in the next minutes. It waits."""
    return identity.credentials.make_link(None, identity.clock() + SET_UP_FOR)


def _themself(account: Account) -> Who:
    return Who(by=account.person, role="account_holder", source=SOURCE)


def _at(now: datetime) -> datetime:
    return now.replace(microsecond=0)
