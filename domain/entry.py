"""What is said to the store in one message's name, and what the store answers."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, Protocol
from uuid import UUID

from domain.errors import Lack, MessageReusedError, NameTakenError, RefusedError, retold

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


# One answer for each entry, in their order; one that the store cannot take is an error.
Append = Callable[[Sequence[Entry]], Awaitable[Sequence[Answer | Exception]]]


def settle(message: Message, answer: Answer | Exception) -> Receipt | None:
    """What an answer means to whoever sent the message. `None`: look and decide again."""
    if isinstance(answer, Exception):
        raise answer
    if answer.verdict == "moved":
        return None
    if answer.verdict == "taken":
        raise NameTakenError(
            Lack(answer.detail or "", f"it belongs to complaint {answer.stream}")
        )
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


def first_refusal(answer: Answer) -> RefusedError:
    """The refusal this message got when it was first sent."""
    assert answer.detail is not None, "a refusal says why"
    return retold(answer.detail, version=answer.version)
