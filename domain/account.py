"""Account: a person or program of ours: which roles they hold, where, by whose word."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID, uuid5

from pydantic import Field

from domain.event import ActorId, Decision, Event, Role, Sealed, Stream
from domain.times import Instant

Kind = Literal["person", "program"]
# What of a complaint a role may see besides what is open to all.
FieldClass = Literal["personal", "penalty"]
Site = Annotated[str, Field(min_length=1, max_length=100)]
Right = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_.]{0,59}$")]
KeyId = Annotated[str, Field(pattern=r"^[0-9a-z]{12}$")]

OURS = UUID("b6a3f5a1-6f0a-4a57-9a55-2f4c1d7e9b10")  # names every such stream; for ever
KEYS_MAX = 2  # live at once: the old one, and the new one that takes its place


def stream_of(person: str) -> UUID:
    """The one stream of an account, known from the pseudonym that events carry."""
    return uuid5(OURS, person)


@dataclass(kw_only=True)
class Account(Stream):
    """Who it is, what they hold, and everything that was done about it."""

    person: str
    kind: Kind
    party_id: UUID
    name: str  # sealed
    login: str  # sealed
    granted: dict[int, "RoleGranted"] = field(
        default_factory=dict
    )  # by the event's version
    confirmed: set[int] = field(default_factory=set)
    delegated: dict[int, "Delegated"] = field(default_factory=dict)
    absent: dict[int, "Absent"] = field(default_factory=dict)
    keys: dict[str, "KeyIssued"] = field(default_factory=dict)
    locked: bool = False
    enrolled: bool = False  # they proved themselves once, by a password
    log: list[Event] = field(default_factory=list)

    def keep(self, event: Event) -> None:
        """Remember it."""
        self.log.append(event)

    def held(self, today: date) -> list["RoleGranted"]:
        """The roles that are in force on a day: granted, confirmed and not run out."""
        return [
            one
            for nth, one in self.granted.items()
            if nth in self.confirmed and (one.until is None or today <= one.until)
        ]

    def waiting(self) -> list["RoleGranted"]:
        """The roles that a second person has not confirmed yet."""
        return [one for nth, one in self.granted.items() if nth not in self.confirmed]

    def stands_in(self, now: datetime) -> list["Delegated"]:
        """Those in whose place they act at this instant."""
        return [d for d in self.delegated.values() if d.starts_at <= now < d.ends_at]

    def is_absent(self, now: datetime) -> bool:
        """Whether they said that they are away."""
        return any(a.starts_at <= now < a.ends_at for a in self.absent.values())

    def live_keys(self, now: datetime) -> list["KeyIssued"]:
        """The keys that open something at this instant."""
        return [key for key in self.keys.values() if now < key.expires_at]


class Created(Decision):
    """Somebody got an account; it can do nothing until a role is granted and confirmed."""

    TOPIC = "account.created"

    person: ActorId
    kind: Kind
    party_id: UUID
    name: Sealed
    login: Sealed

    def begin(self) -> Account:
        """The account that begins here."""
        return Account(
            person=self.person,
            kind=self.kind,
            party_id=self.party_id,
            name=self.name,
            login=self.login,
        )

    def claims(self) -> tuple[tuple[str, str], ...]:
        """So that all can be listed, and no pseudonym is given twice."""
        return (("account", self.person),)


class RoleGranted(Decision):
    """An administrator gives a role; it is in force once another person confirms it."""

    TOPIC = "account.role_granted"

    role: Role
    sites: tuple[Site, ...] | None = None  # none named: all of them
    without: tuple[FieldClass, ...] = ()  # of what the role sees, what they do not
    acts_as: tuple[Role, ...] = ()  # roles of regulations that they hold with it
    until: date | None = None  # its last day

    def apply(self, account: Account) -> None:
        """It waits."""
        account.granted[self.originator_version] = self


class RoleConfirmed(Decision):
    """A second person agrees: the role is in force."""

    TOPIC = "account.role_confirmed"

    grant: int

    def apply(self, account: Account) -> None:
        """It is in force."""
        account.confirmed.add(self.grant)


class RoleRevoked(Decision):
    """The role ends at once."""

    TOPIC = "account.role_revoked"

    grant: int
    reason: str

    def apply(self, account: Account) -> None:
        """It is gone, and so is whatever was delegated of it."""
        account.granted.pop(self.grant, None)
        account.confirmed.discard(self.grant)


class Delegated(Decision):
    """Somebody lets this person act in their place for a while, in one of their roles."""

    TOPIC = "account.delegated"

    of: ActorId  # in whose place
    grant: int  # the role, in their account
    role: Role
    starts_at: Instant
    ends_at: Instant
    reason: str

    def apply(self, account: Account) -> None:
        """From its start to its end they may choose to act so."""
        account.delegated[self.originator_version] = self


class DelegationEnded(Decision):
    """It ends before its time."""

    TOPIC = "account.delegation_ended"

    delegation: int

    def apply(self, account: Account) -> None:
        """They act for themselves again."""
        account.delegated.pop(self.delegation, None)


class Absent(Decision):
    """They are away from then to then."""

    TOPIC = "account.absent"

    starts_at: Instant
    ends_at: Instant

    def apply(self, account: Account) -> None:
        """So that others know whom not to wait for."""
        account.absent[self.originator_version] = self


class PasswordSet(Decision):
    """They chose a password; what it is stands nowhere in the ledger."""

    TOPIC = "account.password_set"

    by_link: bool  # an administrator had sent one; else they knew the old password

    def apply(self, account: Account) -> None:
        """They can sign in."""
        account.enrolled = True


class Locked(Decision):
    """Nobody signs in as them until this is taken back."""

    TOPIC = "account.locked"

    reason: str

    def apply(self, account: Account) -> None:
        """It can do nothing."""
        account.locked = True


class Reinstated(Decision):
    """They may sign in again, with the roles they hold."""

    TOPIC = "account.reinstated"

    def apply(self, account: Account) -> None:
        """It can do what its roles say."""
        account.locked = False


class SignedOut(Decision):
    """Every session of theirs was ended, wherever it was."""

    TOPIC = "account.signed_out"


class KeyIssued(Decision):
    """A program got a key: what it opens, and until when. The key itself is shown once."""

    TOPIC = "account.key_issued"

    key_id: KeyId
    scopes: Annotated[tuple[Right, ...], Field(min_length=1)]  # rows of the table of rights
    expires_at: Instant

    def apply(self, account: Account) -> None:
        """It opens what its scopes name."""
        account.keys[self.key_id] = self


class KeyRevoked(Decision):
    """The key opens nothing any more."""

    TOPIC = "account.key_revoked"

    key_id: KeyId

    def apply(self, account: Account) -> None:
        """It is gone."""
        account.keys.pop(self.key_id, None)


class SigningFailed(Decision):
    """Somebody tried to sign as them and could not prove it; the administrator is told."""

    TOPIC = "account.signing_failed"

    action: Right  # what they tried to sign
    about: UUID | None = None  # the stream it was about
