"""Intake: the complaint reaches us, and we ask whether it is ours and new."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from domain import numbering
from domain.complaint.items import ITEMS_MAX, Item
from domain.complaint.state import Complaint
from domain.errors import InvalidError, Lack, NotAllowedError
from domain.event import Decision, Fact, MaybeSealed, When, Who
from domain.rulebooks.rulebook import Rules
from domain.times import Instant, Zone
from domain.words import Code, Line, Text

Origin = Literal["live", "imported", "demo"]
Items = Annotated[tuple[Item, ...], Field(min_length=1, max_length=ITEMS_MAX)]
Another = Annotated[UUID, Field(description="the number of another complaint")]

# --- What can have happened. -----------------------------------------------------------


class Received(Fact):
    """Somebody complained, and these regulations govern what we owe them."""

    TOPIC = "complaint.received"

    number: str  # a series, as "C-2026-", takes its next number when it is recorded
    source_key: str | None = None  # the source's own key of this complaint
    party_id: UUID  # who complained: a pseudonym, random, never made from a phone number
    customer: str | None = None  # a company: master data, not sealed
    customer_number: str | None = None  # the customer's own number of this complaint
    complainant: MaybeSealed = None
    contact: MaybeSealed = None
    words: MaybeSealed = None  # verbatim
    channel: str | None = None
    kind: str | None = None
    region: str | None = None
    project: str | None = None  # a building or a system that was handed over
    items: Items
    received_at: Instant  # at the first channel
    site: str
    zone: Zone
    policy_set: str  # policy set@version, pinned by its governing time
    rulebooks: dict[str, str]  # topic → rulebook@version, as the policy set says
    origin: Origin
    claims_repeat: bool | None = None

    def claims(self) -> tuple[tuple[str, str], ...]:
        """The source's key, and our number unless it is given when recorded."""
        ours = () if self.series() else (("number", self.number),)
        if self.source_key is None:
            return ours
        return (*ours, (f"source:{self.who.source}", self.source_key))

    def series(self) -> str:
        """A number that is a series, and waits for its digits."""
        return self.number if numbering.waits(self.number) else ""

    def begin(self) -> Complaint:
        """The complaint that begins here."""
        return Complaint(
            number=self.number,
            party_id=self.party_id,
            zone=self.zone,
            rulebooks=self.rulebooks,
        )


class Accepted(Fact):
    """A unit of ours took the case."""

    TOPIC = "complaint.accepted"

    unit: str


class Screened(Decision):
    """We looked whether the complaint is ours to answer for."""

    TOPIC = "complaint.screened"

    outcome: str
    counts_in_kpi: bool | None = None  # by its regulation; none: recorded without it
    reason: str | None = None


class DuplicateLinked(Decision):
    """Somebody judged that another complaint says the same thing."""

    TOPIC = "complaint.duplicate_linked"

    other: UUID
    reason: str

    def apply(self, complaint: Complaint) -> None:
        """It follows the other one from now on."""
        complaint.duplicate_of = self.other


class DuplicateUnlinked(Decision):
    """Somebody judged that it is a complaint of its own after all."""

    TOPIC = "complaint.duplicate_unlinked"

    other: UUID
    reason: str

    def apply(self, complaint: Complaint) -> None:
        """It stands alone again."""
        complaint.duplicate_of = None


class Withdrawn(Fact):
    """The customer took the complaint back."""

    TOPIC = "complaint.withdrawn"

    party_id: UUID
    reason: MaybeSealed = None

    def apply(self, complaint: Complaint) -> None:
        """Nothing is asked of us any more."""
        complaint.withdrawn = True


# --- What may happen. Guards first, the event last. ------------------------------------


def receive(complaint_id: UUID, received: Received) -> Complaint:
    """Take it down as it was said. Nothing is asked of somebody who complains."""
    begun = received.at(complaint_id, 1)
    complaint: Complaint = begun.mutate(None)
    complaint.news.append(begun)
    return complaint


def accepted(
    complaint: Complaint, _rules: Rules, *, who: Who, when: When, unit: Line
) -> None:
    """Note that a unit took the case."""
    complaint.record(Accepted(who=who, when=when, unit=unit))


def screen(
    complaint: Complaint,
    rules: Rules,
    *,
    who: Who,
    at: Instant,
    outcome: Code,
    reason: Text | None = None,
) -> None:
    """Say whether it is ours, by an outcome of the regulation."""
    if complaint.closed:
        raise NotAllowedError(Lack("outcome", "reopen the complaint first"))
    chosen = rules.on("screening").screened(outcome)
    before = complaint.latest(Screened)
    if before and before.outcome == outcome:
        return
    complaint.record(
        Screened(
            who=who,
            decided_at=at,
            saw=complaint.version,
            clause=chosen.clause,
            outcome=outcome,
            counts_in_kpi=chosen.counts_in_kpi,
            reason=reason,
        )
    )


def link_duplicate(
    complaint: Complaint,
    _rules: Rules,
    *,
    who: Who,
    at: Instant,
    other: Another,
    reason: Text,
) -> None:
    """Link it to the complaint that says the same. Nothing moves, so it can be undone."""
    if other == complaint.id:
        raise InvalidError(Lack("other", "name another complaint"))
    if complaint.duplicate_of == other:
        return
    if complaint.duplicate_of is not None:
        raise NotAllowedError(Lack("other", "unlink it from the other complaint first"))
    complaint.record(
        DuplicateLinked(
            who=who, decided_at=at, saw=complaint.version, other=other, reason=reason
        )
    )


def unlink_duplicate(
    complaint: Complaint,
    _rules: Rules,
    *,
    who: Who,
    at: Instant,
    other: Another,
    reason: Text,
) -> None:
    """Take the link back. Without such a link there is nothing to take back."""
    if complaint.duplicate_of is None:
        return
    if complaint.duplicate_of != other:
        raise InvalidError(Lack("other", "it is linked to another complaint"))
    complaint.record(
        DuplicateUnlinked(
            who=who, decided_at=at, saw=complaint.version, other=other, reason=reason
        )
    )


def withdrawn(
    complaint: Complaint, _rules: Rules, *, who: Who, when: When, reason: Text | None = None
) -> None:
    """Note that the customer took it back."""
    complaint.record(
        Withdrawn(who=who, when=when, party_id=complaint.party_id, reason=reason)
    )
