"""Where events come from: the store, or Kafka. Same bytes, same order, same projector."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, Protocol
from uuid import UUID

from projections.progress import Place

BATCH_MAX = 1_000


class Record(NamedTuple):
    """One event as stored, not yet read."""

    stream_id: UUID
    version: int
    position: int
    recorded_at: datetime
    topic: str
    state: bytes


@dataclass(frozen=True, slots=True)
class Batch:
    """Some records of one partition, in order: from one place in it to the next."""

    partition: int
    at: Place
    to: Place
    records: Sequence[Record]


class LostPlaceError(Exception):
    """The log no longer holds what we read last; *beginning* is where it begins now."""

    def __init__(self, partition: int, reason: str, beginning: Place) -> None:
        super().__init__(f"partition {partition}: {reason}")
        self.partition, self.reason, self.beginning = partition, reason, beginning


class TopicChangedError(Exception):
    """The topic was made again under us: find the place of every partition anew."""


class GapError(Exception):
    """Offsets of our topic follow one another; here they did not. Read it again."""


class StrangeRecordError(Exception):
    """Something in our topic that we did not write. Nobody can say what to do with it."""


class Feed(Protocol):
    """Events of some partitions. After an error make a new one: it remembers nothing."""

    @property
    def name(self) -> str:
        """Which feed: progress is kept for each."""
        ...

    @property
    def partitions(self) -> int:
        """How many there are, of whomever."""
        ...

    def assign(self, partitions: Iterable[int]) -> None:
        """Read these from now on; start each before the next poll."""
        ...

    def start(self, partition: int, at: Place | None) -> Place:
        """Read on from there: `None` is a partition that nobody began.

        Where it was started. `LostPlaceError` when that place is not what it was.
        """
        ...

    def poll(self, wait_s: float) -> Batch | None:
        """The next records of some partition, when there are any in time."""
        ...

    def check(self) -> None:
        """Raise unless what we read is still there; silence alone says nothing."""
        ...

    def close(self) -> None:
        """Let go of connections that are its own."""
        ...
