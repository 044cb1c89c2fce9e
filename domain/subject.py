"""Subject: a person whom sealed texts are about, and the way to their being forgotten."""

from dataclasses import dataclass, field
from typing import Annotated, Any
from uuid import UUID, uuid5

from pydantic import Field

from domain.errors import Lack, NotAllowedError
from domain.event import ActorId, Decision, Event, Stream, Who
from domain.operation import OURS
from domain.times import Instant
from domain.words import Line

CLAIM = "subject"  # so that all who are to be forgotten can be listed
HOLD = "a legal hold is in force: {holds}"
SECOND = "another person than who asked or signed has to approve it"
Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


def stream_of(party_id: UUID) -> UUID:
    """The stream in which a person's forgetting is told."""
    return uuid5(OURS, f"subject/{party_id}")


@dataclass(kw_only=True)
class Subject(Stream):
    """Whether somebody asked for it, who agreed, what stands in its way, and its end."""

    party_id: UUID
    holds: dict[str, Event] = field(default_factory=dict)  # by reason
    asked: "ErasureRequested | None" = None
    approved: "ErasureApproved | None" = None
    destroyed: "KeyDestroyed | None" = None

    def keep(self, event: Event) -> None:
        """The log is the store's."""


class _OfSubject(Decision):
    """What is decided about a person's forgetting; any of it may be the first."""

    party_id: UUID

    def begin(self) -> Subject:
        """The first thing that is said about it."""
        return Subject(party_id=self.party_id)


class ErasureRequested(_OfSubject):
    """Somebody asks that a person be forgotten, on the ground of a law (PIPL art. 47)."""

    TOPIC = "subject.erasure_requested"

    reason: Line

    def claims(self) -> tuple[tuple[str, str], ...]:
        """So that each is found again, also after an old set of keys was put back."""
        return ((CLAIM, str(self.party_id)),)

    def apply(self, subject: Subject) -> None:
        """A second person has to look at it."""
        subject.asked = self


class HoldSet(_OfSubject):
    """A duty to keep: while it lasts nothing of this person's is erased."""

    TOPIC = "subject.hold_set"

    reason: Line

    def apply(self, subject: Subject) -> None:
        """It wins over any request."""
        subject.holds[self.reason] = self


class HoldLifted(_OfSubject):
    """A duty to keep has ended."""

    TOPIC = "subject.hold_lifted"

    reason: Line

    def apply(self, subject: Subject) -> None:
        """The others stay."""
        del subject.holds[self.reason]


class ErasureApproved(_OfSubject):
    """A second person agrees, with no hold in the way. It cannot be taken back."""

    TOPIC = "subject.erasure_approved"

    def apply(self, subject: Subject) -> None:
        """From now on the key is destroyed wherever it turns up."""
        subject.approved = self


class KeyDestroyed(_OfSubject):
    """The key is gone, and with it every text that it had sealed.

    *seals* texts are shut for good; *commitments* is the SHA-256 over all of them as they
    are stored, in the order of the ledger: each holds the hash of what was written.
    """

    TOPIC = "subject.key_destroyed"

    seals: Annotated[int, Field(ge=0)]
    commitments: Digest
    requested_by: ActorId
    approved_by: ActorId

    def apply(self, subject: Subject) -> None:
        """That is the end of it."""
        subject.destroyed = self


def request_erasure(subject: Subject, *, who: Who, at: Instant, reason: Line) -> None:
    """Ask for it; what was asked and not decided yet is not asked twice."""
    if subject.asked is not None:
        raise NotAllowedError(Lack("reason", "it was asked for already"))
    subject.record(ErasureRequested(**_decided(subject, who, at), reason=reason))


def set_hold(subject: Subject, *, who: Who, at: Instant, reason: Line) -> None:
    """Keep what is about this person, for a reason that stands in law."""
    _not_yet_approved(subject)
    if reason not in subject.holds:
        subject.record(HoldSet(**_decided(subject, who, at), reason=reason))


def lift_hold(subject: Subject, *, who: Who, at: Instant, reason: Line) -> None:
    """End a hold, named by its reason."""
    if reason not in subject.holds:
        raise NotAllowedError(Lack("reason", "name the reason of a hold that is in force"))
    subject.record(HoldLifted(**_decided(subject, who, at), reason=reason))


def approve_erasure(subject: Subject, *, who: Who, at: Instant) -> None:
    """Agree to it: refused to who asked, while a hold lasts, and when nobody asked."""
    if subject.asked is None:
        raise NotAllowedError(Lack("", "nobody asked for it"))
    _not_yet_approved(subject)
    if who.by == subject.asked.who.by:
        raise NotAllowedError(Lack("by", SECOND))
    if subject.holds:
        raise NotAllowedError(Lack("", HOLD.format(holds=", ".join(subject.holds))))
    subject.record(ErasureApproved(**_decided(subject, who, at)))


def note_destroyed(
    subject: Subject, *, who: Who, at: Instant, seals: int, commitments: str
) -> None:
    """Say that the key is gone. Again is the same."""
    if subject.destroyed is not None:
        return
    assert subject.asked is not None, "it was approved"
    assert subject.approved is not None, "no key is destroyed before"
    subject.record(
        KeyDestroyed(
            **_decided(subject, who, at),
            seals=seals,
            commitments=commitments,
            requested_by=subject.asked.who.by,
            approved_by=subject.approved.who.by,
        )
    )


def _not_yet_approved(subject: Subject) -> None:
    if subject.approved is not None:
        raise NotAllowedError(Lack("", "it was approved already, and cannot be taken back"))


def _decided(subject: Subject, who: Who, at: Instant) -> dict[str, Any]:
    return {
        "who": who,
        "decided_at": at,
        "saw": subject.version,
        "party_id": subject.party_id,
    }
