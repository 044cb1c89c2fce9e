"""Identity: who a cookie or key stands for now, and the roles they may act in."""

import hmac
import re
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from api.identity.credentials import Credentials, Session, digest, new_secret
from api.identity.permissions import MAY, NOBODY, Person
from domain.account import Account, Created, RoleGranted, stream_of
from domain.account_roles import who_confirms
from domain.codec import Codec
from domain.entry import Message, Receipt
from domain.errors import Lack, UnknownAccountError
from domain.event import Stream
from domain.ledger import Ledger, Request, aside
from domain.rulebooks.rulebook import Rules
from infra.keys import KeyStore
from infra.passwords import Passwords

ACCOUNTS_MAX = 2_000
KEY = re.compile(r"cl_([0-9a-z]{12})_([A-Za-z0-9_-]{43})_([0-9a-f]{8})")

Decide = Callable[[Account, Rules], None]


@dataclass(frozen=True, slots=True)
class Known:
    """An account as it stands, with the name and login that are sealed in it."""

    account: Account
    name: str
    login: str


@dataclass(frozen=True, slots=True)
class Hat:
    """One role somebody may act in: their own, or that of one who is away."""

    nth: int  # the version of the grant or delegation in their account
    grant: RoleGranted
    of: str | None = None  # in whose place


@dataclass(frozen=True, slots=True)
class Here:
    """Somebody who is signed in: their session, and every role they could act in."""

    session: Session
    known: Known
    hats: tuple[Hat, ...]
    chosen: Hat | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Accounts and sessions of one ledger, as the web process has them."""

    ledger: Ledger
    codec: Codec
    parties: KeyStore
    credentials: Credentials
    passwords: Passwords
    clock: Callable[[], datetime]
    idle: timedelta  # a session ends when nothing came from it for so long
    longest: timedelta  # and after this in any case
    kept: dict[UUID, Known] = field(default_factory=dict)

    # --- Who there is. -------------------------------------------------------------------

    def known(self, stream: UUID, version: int | None = None) -> Known | None:
        """An account; a kept copy only of the version that the store has. It waits."""
        kept = self.kept.get(stream)
        if kept is not None and version == kept.account.version:
            return kept
        found = self.ledger.found(stream)
        if not isinstance(found, Account):
            return None
        first = found.log[0]
        assert isinstance(first, Created)
        opened = self.codec.opened(first)
        assert isinstance(opened, Created)
        made = Known(found, opened.name, opened.login)
        if len(self.kept) >= ACCOUNTS_MAX:
            self.kept.clear()
        self.kept[stream] = made
        return made

    def everybody(self) -> list[Known]:
        """Every account, by its pseudonym. It waits."""
        found = self.credentials.accounts(ACCOUNTS_MAX).items()
        return [known for stream, n in found if (known := self.known(stream, n))]

    def is_set_up(self) -> bool:
        """Whether anybody is there at all. It waits."""
        return bool(self.credentials.accounts(1))

    def named(self, person: str) -> Known:
        """The account of a pseudonym; refused when there is none. It waits."""
        found = self.known(stream_of(person))
        if found is None:
            raise UnknownAccountError(Lack("person", "check who is meant"))
        return found

    # --- What they may act as. -----------------------------------------------------------

    def hats(self, known: Known, now: datetime) -> list[Hat]:
        """Every role they may act in at this instant. It waits."""
        account = known.account
        if account.locked:
            return []
        hats = [Hat(g.originator_version, g) for g in account.held(now.date())]
        for one in account.stands_in(now):
            giver = self.known(stream_of(one.of))
            given = giver.account.held(now.date()) if giver else []
            hats += [
                Hat(one.originator_version, grant, one.of)
                for grant in given
                if grant.originator_version == one.grant
            ]
        return hats

    def acting(self, known: Known, hat: Hat | None) -> Person:
        """The person in that role; without one they may do nothing."""
        account = known.account
        if hat is None:
            return Person(account.person, NOBODY, known.name, account.id)
        return Person(
            id=account.person,
            role=hat.grant.role,
            name=known.name,
            account=account.id,
            sites=None if hat.grant.sites is None else frozenset(hat.grant.sites),
            without=frozenset(hat.grant.without),
            acts_as=hat.grant.acts_as,
            in_place_of=hat.of,
        )

    def of_session(self, cookie: str, *, at_work: bool = True) -> Here | None:
        """Who a cookie stands for now, if for anybody. It waits.

        *at_work*: a person asked, and not a page that renews itself.
        """
        now = self.clock()
        session = self.credentials.session(cookie, now, seen=at_work)
        if session is None:
            return None
        known = self.known(session.account, session.version)
        old = now - session.seen_at > self.idle or now - session.begun_at > self.longest
        if known is None or known.account.locked or old:
            self.credentials.end(session=session.digest)
            return None
        hats = tuple(self.hats(known, now))
        chosen = [hat for hat in hats if hat.nth == session.role_nth]
        return Here(session, known, hats, next(iter(chosen or hats), None))

    def of_key(self, text: str) -> Person | None:
        """The program a key stands for now, if for any. It waits."""
        found = KEY.fullmatch(text)
        if found is None or found[3] != _check(found[1], found[2]):
            return None
        row = self.credentials.key(found[1])
        if row is None or not hmac.compare_digest(row[1], digest(found[2])):
            return None
        known, now = self.known(row[0], row[2]), self.clock()
        if known is None:
            return None
        live = {key.key_id: key for key in known.account.live_keys(now)}
        hats = self.hats(known, now)
        if found[1] not in live or not hats:
            return None
        person = self.acting(known, hats[0])
        return replace(person, scopes=frozenset(live[found[1]].scopes))

    # --- What is said of them. -----------------------------------------------------------

    async def say(self, message: Message, stream: UUID, decide: Decide) -> Receipt:
        """Say something of an account, as it stands."""

        def decided(account: Stream, rules: Rules) -> None:
            if not isinstance(account, Account):
                raise UnknownAccountError(Lack("person", "check who is meant"))
            decide(account, rules)

        asked = Request(message, stream, None, decided, on_what_stands=True)
        return await self.ledger.take(asked)

    async def new_party(self) -> UUID:
        """A pseudonym with a key of its own, which seals the name of one of ours."""
        made = uuid4()
        await aside(self.parties.admit, {made: {}})
        return made

    def nobody_confirms(self, grant: RoleGranted, holder: str, now: datetime) -> bool:
        """Whether the holder themself is the second person: no other is there. It waits."""
        others = self._others(self.everybody(), {grant.who.by, holder})
        return not who_confirms(others, MAY["account.role_confirmed"], now)

    def _others(self, everybody: Iterable[Known], without: set[str]) -> list[Account]:
        return [k.account for k in everybody if k.account.person not in without]


def new_key() -> tuple[str, str]:
    """The name of a new key, and the secret that follows it."""
    return uuid4().hex[:12], new_secret()


def as_text(key: str, secret: str) -> str:
    """A key as a program sends it; its last part shows a slip of the pen."""
    return f"cl_{key}_{secret}_{_check(key, secret)}"


def _check(key: str, secret: str) -> str:
    return f"{zlib.crc32(f'{key}_{secret}'.encode()):08x}"
