"""The log check: whether the topic still holds what we were told that it holds."""

import time
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any, NamedTuple, Protocol

from psycopg import Connection

from consumers.checkpoint import Checkpoint, Mark
from consumers.feed import BATCH_MAX
from infra.kafka import (
    Cluster,
    Message,
    NoAnswerError,
    Outgoing,
    PartitionReader,
    Topics,
    partition_for,
)

READ_S = 15.0  # without one more record


class OtherLifeError(Exception):
    """The topic holds what the store does not: an older copy of the store was put back."""


class Item(NamedTuple):
    """One thing to be relayed, by its number in the source."""

    number: int
    outgoing: Outgoing


class Source(Protocol):
    """What is relayed, in the order of its numbers, to a topic of ours alone."""

    @property
    def name(self) -> str:
        """Of its checkpoint."""
        ...

    @property
    def topic(self) -> str:
        """Where it goes."""
        ...

    @property
    def mark(self) -> str:
        """The header that holds an item's number."""
        ...

    def after(self, conn: Connection[Any], number: int, limit: int) -> Sequence[Item]:
        """The next items above a number, in order; each of them with a key."""
        ...


def check(
    conn: Connection[Any], cluster: Cluster, topics: Topics, source: Source, at: Checkpoint
) -> Checkpoint:
    """The checkpoint as it may stand: set back to what the log is sure to hold.

    A log goes back when an unreplicated broker loses its power, or the topic is made again.
    """
    topic = topics.describe(source.topic)
    with PartitionReader(cluster, source.topic) as reader:
        log = _Log(reader, source.mark)
        _same_life(conn, source, log.last_of(range(topic.partitions)))
        if at.topic_id != str(topic.id):
            return Checkpoint(0, str(topic.id), {})
        damaged = log.damaged(at.marks)
        if not damaged:
            return at
        held = {partition: log.held(partition) for partition in damaged}
    marks = {p: mark for p, mark in at.marks.items() if p not in held}
    marks |= {p: one.last for p, one in held.items() if one.last}
    number = _sure(conn, source, at.number, held, partitions=topic.partitions)
    return replace(at, number=number, marks=marks)


def _same_life(conn: Connection[Any], source: Source, last: Sequence[Message]) -> None:
    """What was sent last, and perhaps never noted, has to be what the store says."""
    for message in last:
        number = _number(message, source.mark)
        if number is None:
            continue  # not ours: counts for nothing
        items = source.after(conn, number - 1, 1)
        if not items or (items[0].number, items[0].outgoing.value) != (
            number,
            message.value,
        ):
            raise OtherLifeError(
                f"{source.topic} ends with number {number}, which the store does not have"
                " like that: an older copy was put back. Stop all of it, and put the copy"
                " back with `ledger restore`, which makes our topics anew"
            )


class Held(NamedTuple):
    """What a partition holds."""

    numbers: frozenset[int]
    oldest: int  # what stood before it has been removed by its age; 0: nothing has been
    last: Mark | None


def _sure(
    conn: Connection[Any],
    source: Source,
    until: int,
    held: dict[int, Held],
    *,
    partitions: int,
) -> int:
    """Up to where nothing is missing from the damaged partitions."""
    sure = 0
    while items := source.after(conn, sure, BATCH_MAX):
        for number, outgoing in items:
            if number > until:
                return until
            assert outgoing.key is not None
            one = held.get(partition_for(outgoing.key, partitions))
            if one and number > one.oldest and number not in one.numbers:
                return number - 1
        sure = items[-1].number
    return until


class _Log:
    """A topic's records, as far as the check needs them."""

    def __init__(self, reader: PartitionReader, mark: str) -> None:
        self._reader, self._mark = reader, mark
        self._first: dict[int, int] = {}
        self._end: dict[int, int] = {}

    def damaged(self, marks: dict[int, Mark]) -> list[int]:
        """Partitions that do not hold their mark, unless it was removed by its age."""
        self._reader.assign(marks)
        self._first = self._reader.beginning_offsets() if marks else {}
        self._end = self._reader.end_offsets() if marks else {}
        cut = {p for p, mark in marks.items() if mark.next_offset > self._end[p]}
        seen = {
            p
            for p, mark in marks.items()
            if p not in cut and mark.next_offset > self._first[p]
        }
        held = self._at({p: marks[p].next_offset - 1 for p in seen})
        other = {p for p in seen if self._number(held[p]) != marks[p].number}
        return sorted(cut | other)

    def last_of(self, partitions: Iterable[int]) -> list[Message]:
        """The last record of each partition that has one."""
        self._reader.assign(partitions)
        first, end = self._reader.beginning_offsets(), self._reader.end_offsets()
        return list(self._at({p: end[p] - 1 for p in end if end[p] > first[p]}).values())

    def _at(self, offsets: dict[int, int]) -> dict[int, Message]:
        """The record at each of these offsets."""
        if not offsets:
            return {}
        self._place(offsets)
        found: dict[int, Message] = {}
        until = time.monotonic() + READ_S
        while found.keys() != offsets.keys():
            for partition, messages in self._reader.poll(len(offsets) * 10).items():
                found.setdefault(partition, messages[0])
            if time.monotonic() > until:
                raise NoAnswerError(f"reading back {self._reader.topic}")
        return found

    def held(self, partition: int) -> Held:
        """All that a partition holds; what is not ours in it counts for nothing."""
        first = at = self._first[partition]
        end = self._end[partition]
        self._place({partition: at})
        numbers: set[int] = set()
        last: Mark | None = None
        until = time.monotonic() + READ_S
        while at < end:
            for message in self._reader.poll(BATCH_MAX).get(partition, ()):
                at, until = message.offset + 1, time.monotonic() + READ_S
                if (number := self._number(message)) is not None:
                    numbers.add(number)
                    last = Mark(at, number)
            if time.monotonic() > until:
                raise NoAnswerError(f"reading {self._reader.topic}-{partition}")
        oldest = min(numbers, default=0) if first else 0
        return Held(frozenset(numbers), oldest, last)

    def _place(self, offsets: dict[int, int]) -> None:
        self._reader.assign(offsets)
        for partition, offset in offsets.items():
            self._reader.seek(partition, offset)

    def _number(self, message: Message) -> int | None:
        return _number(message, self._mark)


def _number(message: Message, mark: str) -> int | None:
    value = dict(message.headers).get(mark)
    return int(value) if value and value.isdigit() else None
