"""Contact: what we said to the customer, and what the customer said to us."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from domain.complaint.failure import follow_failure
from domain.complaint.state import Complaint
from domain.event import Fact, MaybeSealed, When, Who
from domain.rulebooks.rulebook import Rules
from domain.words import Code, Digest, Language, Line, Text

Part = Literal["corrective", "preventive", "report"]
Round = Annotated[int, Field(ge=1, le=100)]

# --- What can have happened. -----------------------------------------------------------


class Acknowledged(Fact):
    """We told the customer that we have the complaint, and its number."""

    TOPIC = "complaint.acknowledged"

    channel: str
    letter: str | None = None


class Contacted(Fact):
    """We spoke with the customer. Each time is a fact of its own."""

    TOPIC = "complaint.contacted"

    party_id: UUID
    channel: str
    outward: bool  # we reached out, or the customer did
    summary: MaybeSealed = None


class HandedOver(Fact):
    """One unit passed the case to the next."""

    TOPIC = "complaint.handed_over"

    step: str
    to_unit: str


class Replied(Fact):
    """An answer went out to the customer."""

    TOPIC = "complaint.replied"

    part: Part
    document: str | None = None  # SHA-256 of what was sent
    language: str | None = None
    result: str | None = None  # in the source's own code


class CustomerConfirmed(Fact):
    """The customer said what they think of the result."""

    TOPIC = "complaint.customer_confirmed"

    result: Literal["accepted", "rejected"]
    follows: bool | None = None  # whether the customer follows the matter further


class Objected(Fact):
    """The customer disputes something."""

    TOPIC = "complaint.objected"

    party_id: UUID
    about: MaybeSealed = None


class CalledBack(Fact):
    """We asked afterwards whether the customer is satisfied."""

    TOPIC = "complaint.called_back"

    party_id: UUID
    reached: bool
    satisfied: bool | None = None  # unknown when nobody was reached
    round: int
    remark: MaybeSealed = None


# --- What may be said. Twice is two facts, and a late one is still a fact. --------------


def acknowledged(
    complaint: Complaint,
    _rules: Rules,
    *,
    who: Who,
    when: When,
    channel: Code,
    letter: Line | None = None,
) -> None:
    """Note that the customer was told we have it."""
    complaint.record(Acknowledged(who=who, when=when, channel=channel, letter=letter))


def contacted(
    complaint: Complaint,
    _rules: Rules,
    *,
    who: Who,
    when: When,
    channel: Code,
    outward: bool = True,
    summary: Text | None = None,
) -> None:
    """Note that we spoke with the customer."""
    complaint.record(
        Contacted(
            who=who,
            when=when,
            party_id=complaint.party_id,
            channel=channel,
            outward=outward,
            summary=summary,
        )
    )


def handed_over(
    complaint: Complaint, _rules: Rules, *, who: Who, when: When, step: Line, to_unit: Line
) -> None:
    """Note that the case went to another unit."""
    complaint.record(HandedOver(who=who, when=when, step=step, to_unit=to_unit))


def replied(
    complaint: Complaint,
    _rules: Rules,
    *,
    who: Who,
    when: When,
    part: Part,
    document: Digest | None = None,
    language: Language | None = None,
    result: Line | None = None,
) -> None:
    """Note that an answer went out."""
    complaint.record(
        Replied(
            who=who,
            when=when,
            part=part,
            document=document,
            language=language,
            result=result,
        )
    )


def customer_confirmed(
    complaint: Complaint,
    rules: Rules,
    *,
    who: Who,
    when: When,
    result: Literal["accepted", "rejected"],
    follows: bool | None = None,
) -> None:
    """Note what the customer said of the result."""
    complaint.record(CustomerConfirmed(who=who, when=when, result=result, follows=follows))
    follow_failure(complaint, rules)


def objected(
    complaint: Complaint, _rules: Rules, *, who: Who, when: When, about: Text
) -> None:
    """Note what the customer disputes."""
    complaint.record(Objected(who=who, when=when, party_id=complaint.party_id, about=about))


def called_back(
    complaint: Complaint,
    rules: Rules,
    *,
    who: Who,
    when: When,
    reached: bool,
    satisfied: bool | None = None,
    round: Round = 1,  # noqa: A002  # the word of the regulations
    remark: Text | None = None,
) -> None:
    """Note what the customer said when asked afterwards."""
    complaint.record(
        CalledBack(
            who=who,
            when=when,
            party_id=complaint.party_id,
            reached=reached,
            satisfied=satisfied,
            round=round,
            remark=remark,
        )
    )
    follow_failure(complaint, rules)
