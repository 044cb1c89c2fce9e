"""A leaf: every column of a row that is proved, so that two rows never give equal bytes."""

import struct
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import NamedTuple
from uuid import UUID

# Big-endian, every length fixed or said before: position, recorded_at in microseconds
# since 1970, stream, version, length of the topic. Nobody guesses a leaf from its hash,
# since streams are random ids.
EVENT = struct.Struct(">4sQq16sQH")
STATE = struct.Struct(">I")
ANSWER = struct.Struct(">4sQqq6I")  # position, recorded_at, version, and six lengths
EVENT_MARK, ANSWER_MARK = b"ev1\0", b"an1\0"
ABSENT = 0xFFFF_FFFF
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


class EventRow(NamedTuple):
    """An event as it stands in the store."""

    position: int
    recorded_us: int
    stream: UUID
    version: int
    topic: str
    state: bytes

    @property
    def recorded_at(self) -> datetime:
        """When the store took it."""
        return instant(self.recorded_us)


class AnswerRow(NamedTuple):
    """The answer to a message that led to events, as it stands in the store."""

    position: int
    recorded_us: int
    source: str
    message_id: str
    digest: bytes
    outcome: str
    stream: bytes | None
    version: int | None
    detail: str | None


def instant(recorded_us: int) -> datetime:
    """The instant that stands in a leaf."""
    return EPOCH + recorded_us * MICROSECOND


def microseconds(at: datetime) -> int:
    """An instant as it stands in a leaf, in microseconds since 1970."""
    return (at - EPOCH) // MICROSECOND


def of_event(row: EventRow) -> bytes:
    """The hash of an event's leaf; its index is the position less one."""
    return hashed_event(
        row.position,
        row.recorded_us,
        row.stream.bytes,
        row.version,
        row.topic.encode(),
        row.state,
    )


def hashed_event(
    position: int, recorded_us: int, stream: bytes, version: int, topic: bytes, state: bytes
) -> bytes:
    """The same of the bare columns: the whole store is read through this."""
    head = EVENT.pack(EVENT_MARK, position, recorded_us, stream, version, len(topic))
    return sha256(b"\0" + head + topic + STATE.pack(len(state)) + state).digest()


def of_answer(row: AnswerRow) -> bytes:
    """The hash of an answer's leaf; they stand in the order of their last events."""
    position, recorded_us, source, message_id, digest, outcome, stream, version, detail = (
        row
    )
    parts = (
        source.encode(),
        message_id.encode(),
        digest,
        outcome.encode(),
        stream,
        None if detail is None else detail.encode(),
    )
    sizes = [ABSENT if part is None else len(part) for part in parts]
    at = -1 if version is None else version
    head = ANSWER.pack(ANSWER_MARK, position, recorded_us, at, *sizes)
    return sha256(b"\0" + head + b"".join(part or b"" for part in parts)).digest()
