"""Administering: what people say of accounts, for the pages and for programs alike."""

from dataclasses import dataclass
from functools import partial
from typing import Any

from pydantic import BaseModel

from api.identity.identity import Identity, Known, as_text, new_key
from api.identity.permissions import ADMINISTRATOR, MAY, ROLES, SYSTEM, Person
from api.parts import Parts
from domain.account import Account, stream_of
from domain.deeds import Deed
from domain.entry import Message, Receipt
from domain.errors import InvalidError, Lack, NotAllowedError, NotPermittedError
from domain.ledger import aside
from domain.rulebooks.rulebook import Rules

# What everybody says of their own account alone, unless they are its administrator.
OWN = frozenset({"absent", "signed_out", "delegation_ended"})
ENDS_SESSIONS = frozenset({"signed_out", "locked"})
NO_ACCOUNTS = "this is a trial without accounts: start the ledger with them"


@dataclass(frozen=True, slots=True)
class Said:
    """What was recorded, and the one thing that is shown once."""

    receipt: Receipt
    key: str | None = None  # of a program, as it sends it


def identity_of(parts: Parts) -> Identity:
    """The accounts of this ledger; refused where it is tried out without any."""
    if parts.identity is None:
        raise NotAllowedError(Lack("", NO_ACCOUNTS))
    return parts.identity


async def say(
    parts: Parts, person: str, deed: Deed, body: BaseModel, message: Message, source: str
) -> Said:
    """Say it of an account, if whoever asks may."""
    identity, me = identity_of(parts), parts.operator
    me.has_to(deed.event.TOPIC)
    known = await aside(identity.named, person)
    _check(me, known, deed, body)
    more, key, secret = await _filled_in(identity, me, deed)
    does = deed.said(body, who=me.as_who(source), at=parts.now(), ids=more)

    def decide(account: Account, rules: Rules) -> None:
        does(account, rules)

    receipt = await identity.say(message, stream_of(person), decide)
    if key is not None:
        await aside(identity.credentials.keep_key, key, known.account.id, secret)
        return Said(receipt, as_text(key, secret))
    if deed.name == "key_revoked":
        await aside(identity.credentials.drop_key, dict(body)["key_id"])
    if deed.name in ENDS_SESSIONS:
        await aside(partial(identity.credentials.end, account=known.account.id))
    return Said(receipt)


async def _filled_in(
    identity: Identity, me: Person, deed: Deed
) -> tuple[dict[str, Any], str | None, str]:
    """What the function of the deed takes that nobody types."""
    if deed.name == "delegated":
        return {"giver": (await aside(identity.named, me.id)).account}, None, ""
    if deed.name == "key_issued":
        key, secret = new_key()
        return {"new_key": key}, key, secret
    return {}, None, ""


def _check(me: Person, known: Known, deed: Deed, body: BaseModel) -> None:
    said = dict(body)
    account = known.account
    if deed.name in OWN and me.role != ADMINISTRATOR and account.person != me.id:
        gave = account.delegated.get(said.get("delegation", 0))
        if gave is None or gave.of != me.id:
            raise NotPermittedError(Lack("person", f"ask one of: {ADMINISTRATOR}"))
    if "role" in said and said["role"] not in ROLES:
        raise InvalidError(Lack("role", f"choose one of: {', '.join(ROLES)}"))
    opened = {right for right, roles in MAY.items() if SYSTEM in roles}
    if strange := set(said.get("scopes", ())) - opened:
        fix = f"no program may do this: {', '.join(sorted(strange))}"
        raise InvalidError(Lack("scopes", fix))
