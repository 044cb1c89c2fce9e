"""Anchors: checkpoints where the database's administrator cannot reach them."""

import os
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol

from psycopg import Connection

from consumers.feed import BATCH_MAX
from consumers.relay_log import Item
from infra.kafka import Cluster, NoAnswerError, Outgoing, PartitionReader, TopicNames
from infra.proof import store
from infra.proof.note import notes_in

TAIL_BYTES = 16_384  # holds several
KEY = b"checkpoint"  # all of them in order, in the one partition of their topic


class Anchor(Protocol):
    """A place outside that holds what was signed."""

    def last(self) -> str | None:
        """The checkpoint that came there last."""
        ...


class AnchorFile:
    """A file with one checkpoint after the other; only ever added to."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def notes(self) -> Iterator[str]:
        """All that are whole: a power cut may have torn the last one."""
        if self.path.exists():
            yield from notes_in(self.path.read_text("utf-8", "replace"))

    def last(self) -> str | None:
        """The last whole one."""
        return _last(notes_in(self._tail().decode("utf-8", "replace")))

    def add(self, note: str) -> None:
        """It is on the disk when this returns."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        new = not self.path.exists()
        with self.path.open("ab") as out:
            whole = out.tell() - self._torn()
            out.truncate(whole)
            out.write((b"\n" if whole else b"") + note.encode())
            out.flush()
            os.fsync(out.fileno())
        if new:
            self._remember_its_name()

    def _tail(self) -> bytes:
        if not self.path.exists():
            return b""
        with self.path.open("rb") as held:
            held.seek(max(held.seek(0, os.SEEK_END) - TAIL_BYTES, 0))
            return held.read()

    def _torn(self) -> int:
        """How many bytes at the end are of a note that a power cut tore."""
        tail = self._tail()
        if (note := self.last()) is None:
            return len(tail)
        return len(tail) - tail.rindex(note.encode()) - len(note.encode())

    def _remember_its_name(self) -> None:
        folder = os.open(self.path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


class AnchorTopic:
    """The topic as an anchor. The relay fills it; who seals only reads it."""

    def __init__(self, cluster: Cluster, topic: str) -> None:
        self._cluster, self._topic = cluster, topic

    def last(self) -> str | None:
        """The last record; none when the topic is empty."""
        return _last(self.notes(last_only=True))

    def notes(self, *, last_only: bool = False) -> Iterator[str]:
        """All of them, or the last."""
        with PartitionReader(self._cluster, self._topic) as reader:
            reader.assign([0])
            at, end = reader.beginning_offsets()[0], reader.end_offsets()[0]
            at = max(at, end - 1) if last_only else at
            reader.seek(0, at)
            while at < end:
                polled = reader.poll(BATCH_MAX).get(0, ())
                if not polled:
                    raise NoAnswerError(f"reading back {self._topic}")
                for message in polled:
                    at = message.offset + 1
                    yield (message.value or b"").decode("utf-8", "replace")


class Checkpoints:
    """What the relay carries to the topic: every checkpoint that was signed."""

    name = "checkpoints"
    mark = "ledger_size"

    def __init__(self, topics: TopicNames) -> None:
        self.topic = topics.checkpoints

    def after(self, conn: Connection[Any], number: int, limit: int) -> list[Item]:
        """The next ones, by the events they cover."""
        return [
            Item(
                size,
                Outgoing(
                    key=KEY,
                    value=note.encode(),
                    headers=((self.mark, str(size).encode()),),
                ),
            )
            for size, note in store.notes(conn, number, limit)
        ]


def _last(notes: Iterator[str]) -> str | None:
    found = deque(notes, maxlen=1)
    return found[0] if found else None
