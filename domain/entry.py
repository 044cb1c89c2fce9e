"""What is said to the store in one message's name, and what the store answers."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, Protocol
from uuid import UUID

from domain import numbering
from domain.errors import (
    BusyError,
    Lack,
    MessageReusedError,
    NameTakenError,
    NotAllowedError,
    RefusedError,
    retold,
)
from domain.event import Consequence, Event, Stream, sealed_for

ACCEPTED, REFUSED = "accepted", "refused"


@dataclass(frozen=True, slots=True)
class Message:
    """Who asks, under which id, and a digest of what. Each is answered once."""

    source: str
    id: str
    digest: bytes


@dataclass(frozen=True, slots=True)
class Receipt:
    """Where it stands. `version` is the ETag; a page can wait for `position`."""

    complaint_id: UUID
    version: int
    position: int | None  # of its last event; `None` when nothing was new
    recorded_at: datetime
    number: str | None = None  # when this message was given one
    said: int | None = None  # the version of what it said, where more followed from it


class Entry(NamedTuple):
    """What one message wants written, rests on and names: all of it, or nothing."""

    source: str
    message_id: str
    digest: bytes
    outcome: str
    stream: UUID | None
    version: int | None
    detail: str | None
    events: Sequence[tuple[UUID, int, str, bytes]] = ()
    unchanged: Sequence[tuple[UUID, int]] = ()
    claims: Sequence[tuple[str, str, UUID]] = ()
    series: str | None = None
    number_at: int | None = None  # the byte of the first event where the digits go
    follows: tuple[str, str] | None = None  # the message whose outcome it was decided on


class Answer(Protocol):
    """What the store said to one entry: recorded, answered, moved or taken."""

    @property
    def verdict(self) -> str: ...
    @property
    def stream(self) -> UUID | None: ...
    @property
    def version(self) -> int | None: ...
    @property
    def position(self) -> int | None: ...
    @property
    def recorded_at(self) -> datetime | None: ...
    @property
    def digest(self) -> bytes | None: ...
    @property
    def outcome(self) -> str | None: ...
    @property
    def detail(self) -> str | None: ...


@dataclass(frozen=True, slots=True)
class Decided:
    """A stream with its news, another that is new with it, and the version it rests on."""

    stream: Stream
    also: Stream | None
    on: int | None

    def parties(self) -> set[UUID]:
        """Whose keys will seal what was said."""
        news = [*self.stream.news, *(self.also.news if self.also else ())]
        return {party for event in news for party in sealed_for(event)}


class Answers(Protocol):
    """What the store remembers of a message, and who bears a name."""

    def answer(self, source: str, message_id: str) -> Answer | None:
        """What this message was answered."""
        ...

    def claimed(self, name: str, key: str) -> UUID | None:
        """The stream that bears this name."""
        ...


# One answer for each entry, in their order; one that the store cannot take is an error.
Append = Callable[[Sequence[Entry]], Awaitable[Sequence[Answer | Exception]]]


def settle(message: Message, answer: Answer | Exception) -> Receipt | None:
    """What an answer means to whoever sent the message. `None`: look and decide again."""
    if isinstance(answer, Exception):
        raise answer
    if answer.verdict == "moved":
        return None
    if answer.verdict == "taken":
        raise _taken(answer)
    if answer.digest != message.digest:
        raise MessageReusedError(Lack("Idempotency-Key", "use a new key for a new request"))
    if answer.outcome == REFUSED:
        raise first_refusal(answer)
    assert answer.stream is not None
    assert answer.version is not None
    assert answer.recorded_at is not None
    return Receipt(
        answer.stream, answer.version, answer.position, answer.recorded_at, answer.detail
    )


def _taken(answer: Answer) -> RefusedError:
    """Why a name is not to be had, in the words of what it stands for."""
    name = (answer.detail or "").partition(" ")[0]
    if name == "fine":
        done = "this person has already been fined for this act"
        return NotAllowedError(Lack("person", done))
    if name == "offence":  # two were numbered at once
        return BusyError(Lack("", "send the same message again"))
    return NameTakenError(
        Lack(answer.detail or "", f"it belongs to complaint {answer.stream}")
    )


def first_refusal(answer: Answer) -> RefusedError:
    """The refusal this message got when it was first sent."""
    assert answer.detail is not None, "a refusal says why"
    return retold(answer.detail, version=answer.version)


def room(state: bytes, series: str) -> int:
    """The byte of the first event where its digits go.

    No free text can look like it: inside a JSON string every quote is escaped.
    """
    number = series.rpartition(":")[2]
    said = f'"number":"{number}'.encode()
    return state.index(said) + len(said) - len(number) + len(numbering.prefix(number))


def last_said(news: Sequence[Event]) -> int | None:
    """The version of the last event somebody said, and not the ledger itself."""
    said = [e.originator_version for e in news if not isinstance(e, Consequence)]
    return said[-1] if said else None


def at_place(event: Event) -> tuple[UUID, int]:
    """The stream and version an event stands at."""
    return event.originator_id, event.originator_version
