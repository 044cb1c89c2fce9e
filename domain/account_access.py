"""Access: how a person proves who they are, and what a program's keys open."""

from datetime import timedelta
from typing import Annotated
from uuid import UUID

from pydantic import Field

from domain.account import (
    KEYS_MAX,
    Account,
    KeyId,
    KeyIssued,
    KeyRevoked,
    Locked,
    PasswordSet,
    Reinstated,
    Right,
    SignedOut,
    SigningFailed,
)
from domain.errors import InvalidError, Lack, NotAllowedError
from domain.event import Who
from domain.rulebooks.rulebook import Rules
from domain.times import Instant
from domain.words import Line

SCOPES_MAX = 100
KEY_DAYS_MAX = 366


def set_password(
    account: Account, _rules: Rules, *, who: Who, at: Instant, by_link: bool
) -> None:
    """Note that they chose a password."""
    if who.by != account.person:
        raise NotAllowedError(Lack("by", "a password is chosen by the person alone"))
    account.record(
        PasswordSet(who=who, decided_at=at, saw=account.version, by_link=by_link)
    )


def lock(account: Account, _rules: Rules, *, who: Who, at: Instant, reason: Line) -> None:
    """Let nobody sign in as them. A locked account stays locked."""
    if who.by == account.person:
        raise NotAllowedError(Lack("person", "ask another administrator"))
    if not account.locked:
        account.record(Locked(who=who, decided_at=at, saw=account.version, reason=reason))


def reinstate(account: Account, _rules: Rules, *, who: Who, at: Instant) -> None:
    """Let them sign in again."""
    if who.by == account.person:
        raise NotAllowedError(Lack("person", "ask another administrator"))
    if account.locked:
        account.record(Reinstated(who=who, decided_at=at, saw=account.version))


def sign_out(account: Account, _rules: Rules, *, who: Who, at: Instant) -> None:
    """Note that every session of theirs was ended."""
    account.record(SignedOut(who=who, decided_at=at, saw=account.version))


def issue_key(
    account: Account,
    _rules: Rules,
    *,
    who: Who,
    at: Instant,
    new_key: KeyId,
    scopes: Annotated[tuple[Right, ...], Field(min_length=1, max_length=SCOPES_MAX)],
    expires_at: Instant,
) -> None:
    """Give a program a key. Two are live at once, so that one can follow the other."""
    if account.kind != "program":
        raise NotAllowedError(Lack("person", "only a program has a key; people sign in"))
    if not at < expires_at <= at + timedelta(days=KEY_DAYS_MAX):
        raise InvalidError(Lack("expires_at", "a key lasts a year at most"))
    if len(account.live_keys(at)) >= KEYS_MAX:
        raise NotAllowedError(Lack("key_id", "two keys are live: revoke one first"))
    account.record(
        KeyIssued(
            who=who,
            decided_at=at,
            saw=account.version,
            key_id=new_key,
            scopes=scopes,
            expires_at=expires_at,
        )
    )


def revoke_key(
    account: Account, _rules: Rules, *, who: Who, at: Instant, key_id: KeyId
) -> None:
    """Let the key open nothing any more."""
    if key_id not in account.keys:
        raise InvalidError(Lack("key_id", "name a key of this program"))
    account.record(KeyRevoked(who=who, decided_at=at, saw=account.version, key_id=key_id))


def fail_signing(
    account: Account,
    _rules: Rules,
    *,
    who: Who,
    at: Instant,
    action: Right,
    about: UUID | None,
) -> None:
    """Note that somebody could not prove to be them when they signed."""
    account.record(
        SigningFailed(
            who=who, decided_at=at, saw=account.version, action=action, about=about
        )
    )
