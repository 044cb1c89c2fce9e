"""A shift: one worker's time with one connection, one generation and one feed."""

import time
from collections.abc import Callable
from typing import Any
from uuid import UUID

from psycopg import Connection

from consumers import mending
from consumers.feed import Batch, Feed, LostPlaceError
from consumers.ownership import Member
from consumers.projector import Projector
from infra.kafka import partition_for
from infra.logs import log
from projections import generations, progress

POLL_S = 0.5
TEND_S = 1.0
CHECK_S = 2.0
STARTS_MAX = 3

BEAT = """
INSERT INTO running.lease AS l (generation, feed, part, member)
SELECT %s, %s, unnest(%s::int[]), %s
    ON CONFLICT (generation, feed, part) DO UPDATE
   SET (member, beat_at) = (excluded.member, clock_timestamp())
"""


class Shift:
    """Takes its share of the partitions, and projects what they bring."""

    def __init__(self, projector: Projector, feed: Feed, member: Member) -> None:
        self._projector = projector
        self._conn: Connection[Any] = projector.conn
        self._generation = projector.generation
        self._feed = feed
        self._member = member
        self._kind = f"{projector.generation}/{feed.name}"
        self._mine: set[int] = set()
        self.began = False  # some partition, since that was last asked
        self._tended_at = self._checked_at = float("-inf")
        progress.prepare(self._conn, self._generation, feed.name, range(feed.partitions))
        member.join(self._kind)

    def step(self) -> int:
        """Project what one poll brings. How many events were new."""
        self._tend()
        if not self._mine:
            time.sleep(POLL_S)  # as long as a poll of what it has would have taken
            return 0
        batch: Batch | None = None
        try:
            batch = self._feed.poll(POLL_S)
            if batch is None:
                return 0
            new = self._projector.project(self._feed.name, batch)
        except LostPlaceError as lost:
            self._begin_anew(lost)
            return 0
        except progress.OutOfStepError:
            assert batch is not None
            self._begin(batch.partition)
            return 0
        log.debug(
            "projected",
            generation=self._generation,
            partition=batch.partition,
            position=batch.to.last_position,
            events=new,
        )
        return new

    def end(self) -> None:
        """Give back what was taken."""
        for partition in self._mine:
            self._member.give(self._lease(partition))
        self._member.leave(self._kind)

    def _tend(self) -> None:
        """Now and then: our share, our beat; whether tables and feed are still those."""
        now = time.monotonic()
        if now - self._tended_at >= TEND_S:
            self._tended_at = now
            self._see_to_tables()
            self._see_to_share()
            if self._mine:
                beat = [
                    self._generation,
                    self._feed.name,
                    list(self._mine),
                    self._member.id,
                ]
                self._conn.execute(BEAT, beat)
        if now - self._checked_at >= CHECK_S:
            self._checked_at = now
            self._feed.check()

    def _see_to_tables(self) -> None:
        live = generations.live(self._conn, self._projector.projection.name)
        if live is None or live.name != self._generation:
            raise progress.NotOursError(f"{self._generation} is not live")

    def _see_to_share(self) -> None:
        """As many partitions as fall to each who shares them."""
        share = -(-self._feed.partitions // self._member.peers(self._kind))
        before = set(self._mine)
        for partition in sorted(self._mine)[share:]:
            self._member.give(self._lease(partition))
            self._mine.discard(partition)
        for partition in range(self._feed.partitions):
            if len(self._mine) >= share:
                break
            if partition not in self._mine and self._member.take(self._lease(partition)):
                self._mine.add(partition)
        if self._mine != before:
            self._feed.assign(self._mine)
            for partition in sorted(self._mine):
                self._begin(partition)
            self.began = True

    def _begin(self, partition: int) -> None:
        """Where we stopped, or from the first event."""
        generation, feed = self._generation, self._feed.name
        at = progress.place(self._conn, generation, feed, partition)
        try:
            begun = self._feed.start(partition, at)
        except LostPlaceError as lost:
            self._begin_anew(lost)
            return
        if at is None:
            progress.move(self._conn, generation, feed, partition, to=begun, reflected=0)

    def _begin_anew(self, lost: LostPlaceError) -> None:
        """What the log no longer tells comes from the store; then the log, once more."""
        for _ in range(STARTS_MAX):
            belongs = _of(lost.partition, self._feed.partitions)
            mending.reset(self._projector, self._feed.name, lost, belongs=belongs)
            try:
                self._feed.start(lost.partition, lost.beginning)
            except LostPlaceError as again:
                lost = again
            else:
                return
        raise lost

    def _lease(self, partition: int) -> str:
        return f"{self._kind}/{partition}"


def _of(partition: int, partitions: int) -> Callable[[UUID], bool]:
    """Whether a stream is of this partition, as the relay's producer decides it."""
    return lambda stream: partition_for(str(stream).encode(), partitions) == partition
