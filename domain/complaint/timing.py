"""Timing: what begins and ends our answer, what is promised, and when time stands still."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from domain.complaint.state import Complaint
from domain.errors import InvalidError, Lack, NotAllowedError
from domain.event import Decision, Fact, MaybeSealed, When, Who
from domain.rulebooks.rulebook import Rulebook, Rules
from domain.times import Instant
from domain.words import Code, Text

CLOCKS_MAX = 20
Clocks = Annotated[tuple[Code, ...], Field(min_length=1, max_length=CLOCKS_MAX)]

# --- What can have happened. -----------------------------------------------------------


class InquiryStarted(Fact):
    """Somebody began to look into it."""

    TOPIC = "complaint.inquiry_started"


class ResponseStarted(Fact):
    """We began to respond: for an urgent one, the emergency response."""

    TOPIC = "complaint.response_started"


class Promised(Fact):
    """We gave the customer our word, until an instant."""

    TOPIC = "complaint.promised"

    party_id: UUID
    until: Instant
    what: MaybeSealed = None


class CustomerDeadlineSet(Fact):
    """The customer named an instant by which one thing has to be done."""

    TOPIC = "complaint.customer_deadline_set"

    clock: str
    until: Instant


class Paused(Decision):
    """Clocks stand still, for a reason the regulation knows."""

    TOPIC = "complaint.paused"

    reason: str
    clocks: tuple[str, ...] | None = None  # none: all that this reason pauses

    def apply(self, complaint: Complaint) -> None:
        """They stand still until they are let go on."""
        complaint.paused.add(self.reason)


class Resumed(Decision):
    """They go on with what was left."""

    TOPIC = "complaint.resumed"

    reason: str
    clocks: tuple[str, ...] | None = None

    def apply(self, complaint: Complaint) -> None:
        """They go on."""
        complaint.paused.discard(self.reason)


# --- What may be said. -----------------------------------------------------------------


def inquiry_started(complaint: Complaint, _rules: Rules, *, who: Who, when: When) -> None:
    """Note that somebody began to look into it."""
    complaint.record(InquiryStarted(who=who, when=when))


def response_started(complaint: Complaint, _rules: Rules, *, who: Who, when: When) -> None:
    """Note that we began to respond."""
    complaint.record(ResponseStarted(who=who, when=when))


def promised(
    complaint: Complaint,
    _rules: Rules,
    *,
    who: Who,
    when: When,
    until: Instant,
    what: Text | None = None,
) -> None:
    """Note what the customer was promised, and until when."""
    if until < when.occurred_at:
        raise InvalidError(Lack("until", "name an instant after the promise was given"))
    complaint.record(
        Promised(who=who, when=when, party_id=complaint.party_id, until=until, what=what)
    )


def customer_deadline_set(
    complaint: Complaint, rules: Rules, *, who: Who, when: When, clock: Code, until: Instant
) -> None:
    """Note the customer's own date for one clock; the regulation says what it changes."""
    book = rules.get("clocks")
    if book is not None and clock not in book.clocks:
        raise InvalidError(Lack("clock", f"choose one of {', '.join(book.clocks)}"))
    complaint.record(CustomerDeadlineSet(who=who, when=when, clock=clock, until=until))


def pause(
    complaint: Complaint,
    rules: Rules,
    *,
    who: Who,
    at: Instant,
    reason: Code,
    clocks: Clocks | None = None,
) -> None:
    """Let clocks stand still. The same reason again changes nothing."""
    if complaint.closed:
        raise NotAllowedError(Lack("reason", "reopen the complaint first"))
    said = Paused(
        who=who, decided_at=at, saw=complaint.version, reason=reason, clocks=clocks
    )
    clause = _permitted(rules.on("clocks"), said)
    if reason not in complaint.paused:
        complaint.record(said.model_copy(update={"clause": clause}))


def resume(
    complaint: Complaint,
    _rules: Rules,
    *,
    who: Who,
    at: Instant,
    reason: Code,
    clocks: Clocks | None = None,
) -> None:
    """Let them go on. What does not stand still goes on as it was."""
    if reason not in complaint.paused:
        return
    complaint.record(
        Resumed(who=who, decided_at=at, saw=complaint.version, reason=reason, clocks=clocks)
    )


def _permitted(book: Rulebook, said: Paused) -> str:
    """The clause of a clock that may stand still so; refused where one may not."""
    may = {
        name: clock.clause
        for name, clock in book.clocks.items()
        if any(one.from_.matches(said) for one in clock.pauses)
    }
    if not may:
        raise NotAllowedError(
            Lack("reason", "this regulation lets no clock stand still for this reason")
        )
    if any(name not in may for name in said.clocks or ()):
        raise NotAllowedError(
            Lack("clocks", f"of these only {', '.join(may)} may stand still")
        )
    return may[said.clocks[0] if said.clocks else next(iter(may))]
