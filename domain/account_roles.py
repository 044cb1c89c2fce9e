"""Roles of an account: who may not grant to whom, confirm what, act in whose place."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Annotated
from uuid import UUID

from pydantic import Field

from domain.account import (
    Absent,
    Account,
    Created,
    Delegated,
    DelegationEnded,
    FieldClass,
    Kind,
    RoleConfirmed,
    RoleGranted,
    RoleRevoked,
    Site,
    stream_of,
)
from domain.errors import InvalidError, Lack, NotAllowedError
from domain.event import Role, Who
from domain.rulebooks.rulebook import Rules
from domain.times import Instant
from domain.words import Line

SITES_MAX, ROLES_MAX, GRANTS_MAX = 50, 20, 20
DELEGATION_DAYS_MAX = 92
NOT_YOURSELF = "nobody gives a role to themselves"
SECOND = "another person than who gave it has to confirm it"

Version = Annotated[int, Field(ge=1, le=1_000_000)]


def open_account(
    *,
    who: Who,
    at: Instant,
    person: str,
    kind: Kind,
    party_id: UUID,
    name: Line,
    login: Line,
) -> Account:
    """Open an account for somebody. It can do nothing yet."""
    event = Created(
        who=who,
        decided_at=at,
        saw=0,
        person=person,
        kind=kind,
        party_id=party_id,
        name=name,
        login=login,
    ).at(stream_of(person), 1)
    made: Account = event.mutate(None)
    made.news.append(event)
    return made


def grant_role(
    account: Account,
    _rules: Rules,
    *,
    who: Who,
    at: Instant,
    role: Role,
    sites: Annotated[tuple[Site, ...], Field(max_length=SITES_MAX)] | None = None,
    without: tuple[FieldClass, ...] = (),
    acts_as: Annotated[tuple[Role, ...], Field(max_length=ROLES_MAX)] = (),
    until: date | None = None,
) -> None:
    """Give a role. Another person has to confirm it before it is in force."""
    if who.by == account.person:
        raise NotAllowedError(Lack("person", NOT_YOURSELF))
    if until is not None and until < at.date():
        raise InvalidError(Lack("until", "name a day that is still to come"))
    if (role == "service") != (account.kind == "program"):
        raise NotAllowedError(Lack("role", "a program is a service, and no person is"))
    same = [
        one
        for one in account.granted.values()
        if (one.role, one.sites) == (role, sites) and (one.until or date.max) >= at.date()
    ]
    if same:
        raise NotAllowedError(Lack("role", "they hold it there already: revoke that first"))
    if len(account.granted) >= GRANTS_MAX:
        raise NotAllowedError(Lack("role", f"nobody holds more than {GRANTS_MAX} roles"))
    account.record(
        RoleGranted(
            who=who,
            decided_at=at,
            saw=account.version,
            role=role,
            sites=sites,
            without=without,
            acts_as=acts_as,
            until=until,
        )
    )


def confirm_role(
    account: Account,
    _rules: Rules,
    *,
    who: Who,
    at: Instant,
    grant: Version,
    first: bool = False,
) -> None:
    """Agree to a role that somebody else gave.

    *first*: nobody is there yet who could, so the second person is the holder themself.
    """
    given = account.granted.get(grant)
    if given is None:
        raise InvalidError(Lack("grant", "name a role that was given and not revoked"))
    if grant in account.confirmed:
        return
    if who.by == given.who.by:
        raise NotAllowedError(Lack("by", SECOND))
    if who.by == account.person and not first:
        raise NotAllowedError(Lack("by", "nobody confirms a role of their own"))
    account.record(RoleConfirmed(who=who, decided_at=at, saw=account.version, grant=grant))


def revoke_role(
    account: Account, _rules: Rules, *, who: Who, at: Instant, grant: Version, reason: Line
) -> None:
    """End a role at once. One person is enough to take a right away."""
    if grant not in account.granted:
        raise InvalidError(Lack("grant", "name a role that was given and not revoked"))
    account.record(
        RoleRevoked(who=who, decided_at=at, saw=account.version, grant=grant, reason=reason)
    )


def delegate(
    account: Account,
    _rules: Rules,
    *,
    who: Who,
    at: Instant,
    giver: Account,
    grant: Version,
    starts_at: Instant,
    ends_at: Instant,
    reason: Line,
) -> None:
    """Let this person act in the place of *giver*, who says so themself."""
    given = {one.originator_version: one for one in giver.held(at.date())}.get(grant)
    if given is None or who.by != giver.person:
        raise NotAllowedError(Lack("grant", "delegate a role that you hold yourself"))
    if account.person == giver.person or account.kind != "person":
        raise NotAllowedError(Lack("person", "delegate it to another person"))
    if not at < ends_at or not starts_at < ends_at:
        raise InvalidError(Lack("ends_at", "it has to end after it starts, and after now"))
    if ends_at - starts_at > timedelta(days=DELEGATION_DAYS_MAX):
        fix = f"it may last {DELEGATION_DAYS_MAX} days at most"
        raise InvalidError(Lack("ends_at", fix))
    account.record(
        Delegated(
            who=who,
            decided_at=at,
            saw=account.version,
            of=giver.person,
            grant=grant,
            role=given.role,
            starts_at=starts_at,
            ends_at=ends_at,
            reason=reason,
        )
    )


def end_delegation(
    account: Account, _rules: Rules, *, who: Who, at: Instant, delegation: Version
) -> None:
    """End it before its time: whoever gave it, whoever has it, an administrator."""
    if delegation not in account.delegated:
        raise InvalidError(Lack("delegation", "name one that was given and not ended"))
    account.record(
        DelegationEnded(who=who, decided_at=at, saw=account.version, delegation=delegation)
    )


def state_absence(
    account: Account,
    _rules: Rules,
    *,
    who: Who,
    at: Instant,
    starts_at: Instant,
    ends_at: Instant,
) -> None:
    """Say from when to when they are away."""
    if not starts_at < ends_at:
        raise InvalidError(Lack("ends_at", "it has to end after it starts"))
    account.record(
        Absent(
            who=who,
            decided_at=at,
            saw=account.version,
            starts_at=starts_at,
            ends_at=ends_at,
        )
    )


def who_confirms(others: Iterable[Account], roles: frozenset[str], now: datetime) -> bool:
    """Whether somebody is there who may confirm what an administrator gives."""
    return any(
        one.enrolled and not one.locked and grant.role in roles
        for one in others
        for grant in one.held(now.date())
    )
