"""Each event once into each read model; rows and progress commit together."""

import json
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from eventsourcing.persistence import StoredEvent
from psycopg import Connection

from consumers import healing
from consumers.faults import blames_the_event
from consumers.feed import Batch, Record
from domain.codec import Codec
from projections import generations, parked, progress
from projections.projection import Projection, Recorded

ESCAPED_NUL = rb"\u0000"
SHOWN_FOR_NUL = "\ufffd"


class Projector:
    """Fills one generation of one read model, through one connection in autocommit."""

    def __init__(
        self,
        projection: Projection,
        generation: str,
        *,
        codec: Codec,
        conn: Connection[Any],
        state: str = "live",
        parked_max: int = parked.PARKED_MAX,
    ) -> None:
        """`state`: what the generation has to be for as long as it is filled."""
        self.projection = projection
        self.generation = generation
        self.conn = conn
        self._codec = codec
        self._state = state
        self._parked_max = parked_max

    def project(self, feed: str, batch: Batch) -> int:
        """One batch, one transaction: rows, versions and place, or nothing of it.

        How many events were new. `OutOfStepError` when it is not the one to come next.
        """
        with self.conn.transaction():
            generations.enter(self.conn, self.generation)
            part = batch.partition
            progress.expect(
                self.conn, self.generation, feed, part, at=batch.at, state=self._state
            )
            new = self.apply(batch.records)
            progress.move(
                self.conn,
                self.generation,
                feed,
                part,
                to=batch.to,
                reflected=batch.to.last_position,
            )
        return new

    def apply(self, records: Iterable[Record]) -> int:
        """Each version once and in order, whatever was delivered twice or not at all.

        To be said inside a transaction that entered the generation. How many were new.
        """
        ours = [record for record in records if self.projection.follows(record.topic)]
        streams = {record.stream_id for record in ours}
        known = progress.known(self.conn, streams)
        waiting = parked.among(self.conn, self.generation, streams)
        line = healing.in_line(
            self.conn, [r for r in ours if r.stream_id not in waiting], known
        )
        applied = self._followed(self._readable(line))
        versions = {at.stream_id: at.version for at in applied}
        progress.learn(self.conn, versions)
        return len(applied)

    def _readable(self, line: Sequence[Record]) -> list[Recorded]:
        """As events; a stream with bytes that nobody can read is parked from there."""
        read: list[Recorded] = []
        unreadable: set[UUID] = set()
        for record in line:
            if record.stream_id in unreadable:
                continue
            try:
                read.append(as_event(record, self._codec))
            except Exception as reason:
                if not blames_the_event(reason):
                    raise
                unreadable.add(record.stream_id)
                self._park(record, reason)
        return read

    def _followed(self, line: Sequence[Recorded]) -> list[Recorded]:
        """All together; if that fails, halve until the one to blame is alone."""
        if not line:
            return []
        try:
            with self.conn.transaction():
                self.projection.project(self.conn, line)
        except Exception as reason:
            if self.conn.broken or not blames_the_event(reason):
                raise
            if len(line) == 1:
                self._park(line[0], reason)
                return []
        else:
            return list(line)
        half = len(line) // 2
        first = self._followed(line[:half])
        reached = {(at.stream_id, at.version) for at in first}
        fallen = {
            at.stream_id for at in line[:half] if (at.stream_id, at.version) not in reached
        }
        return first + self._followed([a for a in line[half:] if a.stream_id not in fallen])

    def _park(self, at: Record | Recorded, reason: Exception) -> None:
        where = parked.Place(at.stream_id, at.version, at.position)
        parked.park(self.conn, self.generation, where, reason, limit=self._parked_max)


def as_event(record: Record, codec: Codec) -> Recorded:
    """A record of a feed, read; its seals stay shut."""
    stored = StoredEvent(
        record.stream_id, record.version, record.topic, without_nul(record.state)
    )
    return Recorded(
        stream_id=record.stream_id,
        version=record.version,
        position=record.position,
        recorded_at=record.recorded_at,
        event=codec.to_domain_event(stored),
    )


def without_nul(state: bytes) -> bytes:
    """The same words with a mark for each NUL, which no text column takes.

    Nothing with a NUL is let in any more. What once was must not stop a read model.
    """
    if ESCAPED_NUL not in state:
        return state
    words = _shown(json.loads(state))
    return json.dumps(words, ensure_ascii=False, allow_nan=False).encode()


def _shown(words: Any) -> Any:  # noqa: ANN401  # any JSON
    match words:
        case str():
            return words.replace("\0", SHOWN_FOR_NUL)
        case list():
            return [_shown(word) for word in words]
        case dict():
            return {_shown(name): _shown(word) for name, word in words.items()}
        case _:
            return words
