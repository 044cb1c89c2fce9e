"""Reading: the topics that others write, each from our own place in it, into intake."""

import asyncio
import threading
import time
from collections.abc import Sequence
from contextlib import ExitStack, closing, suppress
from typing import Any

import psycopg
from psycopg import Connection

from consumers import trouble
from consumers.faults import passes
from consumers.feed import TopicChangedError
from consumers.inbound import letters
from consumers.inbound.desk import Desk
from consumers.inbound.intake import BATCH_MAX, Intake
from consumers.inbound.message import MalformedError, Place, Raw
from consumers.inbound.parcel import Arrival
from consumers.inbound.place import MessagesLostError, lost, stored
from consumers.ownership import Member, MemberLostError
from infra.kafka import (
    Cluster,
    Message,
    PartitionReader,
    Topics,
    UnreadableRecordError,
)
from infra.logs import log
from infra.postgres.appender import Cursor, OutOfStepError, UnavailableError

POLL_MS = 250
TEND_S = 1.0
CHECK_S = 2.0
PAUSE_S = 0.5
PAUSE_MAX_S = 5.0
STOPPED_S = 10.0  # an operator may have let it go on meanwhile
NOTHING = MalformedError("undecodable", "", "no Kafka client can read it: send it again")

REPORT = """
INSERT INTO running.inbound AS i (topic, part, next_offset, end_offset, open_until)
SELECT %s, * FROM unnest(%s::int[], %s::bigint[], %s::bigint[], %s::bigint[])
    ON CONFLICT (topic, part) DO UPDATE
   SET (next_offset, end_offset, open_until, beat_at)
     = (excluded.next_offset, excluded.end_offset, excluded.open_until, clock_timestamp())
"""


async def run(
    desk: Desk,
    *,
    dsn: str,
    cluster: Cluster,
    topics: Sequence[str],
    stop: threading.Event,
) -> None:
    """Read these topics, and tend the letters, until told to stop. *dsn* is the owner's."""
    intake = Intake(desk)
    async with asyncio.TaskGroup() as works:
        works.create_task(letters.tend(intake, stop))
        for topic in topics:
            works.create_task(_keep_reading(intake, dsn, cluster, topic, stop))


async def _keep_reading(
    intake: Intake, dsn: str, cluster: Cluster, topic: str, stop: threading.Event
) -> None:
    """What passes is tried again. What does not is shown, and tried now and then."""
    while not stop.is_set():
        try:
            with Member(dsn) as member:
                while not stop.is_set() and not member.lost:
                    await _turn(intake, member, cluster, topic, stop)
        except psycopg.OperationalError as error:
            log.warning("intake_waits", topic=topic, exc_info=error)
            await asyncio.to_thread(stop.wait, PAUSE_MAX_S)


async def _turn(
    intake: Intake, member: Member, cluster: Cluster, topic: str, stop: threading.Event
) -> None:
    """Read until something goes wrong; then rest, a little or until somebody mended it."""
    try:
        reader = await asyncio.to_thread(TopicReader, intake, member, cluster, topic)
        with closing(reader):
            while not stop.is_set() and not member.lost:
                await reader.step()
    except Exception as error:  # noqa: BLE001  # seen in health, and tried again
        waits = passes(error) or isinstance(error, UnavailableError | OutOfStepError)
        say = log.warning if waits else log.error
        say("intake_waits" if waits else "intake_stopped", topic=topic, exc_info=error)
        with suppress(psycopg.OperationalError), closing(member.session()) as conn:
            kind: trouble.Kind = "waits" if waits else "stopped"
            trouble.note(conn, f"intake {topic}", kind, error, member.id)
        await asyncio.to_thread(stop.wait, PAUSE_S if waits else STOPPED_S)


class TopicReader:
    """One topic: our share of its partitions, in one thread at a time.

    After any error: close it and make another.
    """

    def __init__(
        self, intake: Intake, member: Member, cluster: Cluster, topic: str
    ) -> None:
        self._intake, self._member, self._topic = intake, member, topic
        self._kind = f"intake/{topic}"
        self._mine: set[int] = set()
        self._next: dict[int, int] = {}  # where we read on
        self._begun: set[int] = set()  # partitions whose cursor is stored
        self._tended_at = self._checked_at = float("-inf")
        self._stack = ExitStack()
        try:
            enter = self._stack.enter_context
            self._conn: Connection[Any] = enter(closing(member.session()))
            self._topics = enter(Topics(cluster))
            self._reader = enter(PartitionReader(cluster, topic))
            self._all = enter(PartitionReader(cluster, topic, isolation="read_uncommitted"))
            described = self._topics.describe(topic)
            member.join(self._kind)
        except BaseException:
            self._stack.close()
            raise
        self._topic_id = str(described.id)
        self._partitions = described.partitions

    async def step(self) -> None:
        """Take in what one poll brings, and move the cursors with it."""
        await asyncio.to_thread(self._tend)
        if not self._mine:
            await asyncio.sleep(POLL_MS / 1000)
            return
        try:
            messages = await asyncio.to_thread(self._poll)
        except UnreadableRecordError as unreadable:
            await self._pass_over(unreadable)
            return
        now = {p: self._reader.position(p) for p in self._mine}
        arrivals = [Arrival(self._raw(message)) for message in messages]
        await self._take(arrivals, now)

    async def _take(self, arrivals: Sequence[Arrival], now: dict[int, int]) -> None:
        """The cursor is the client's position: it passes what transactions leave behind."""
        places = [
            Cursor(
                self._topic,
                partition,
                self._topic_id,
                self._next[partition] if partition in self._begun else None,
                offset,
            )
            for partition, offset in now.items()
            if offset != self._next[partition] or partition not in self._begun
        ]
        if arrivals or places:
            await self._intake.take(arrivals, places)
            self._next |= now
            self._begun |= now.keys()
            log.debug("took_in", topic=self._topic, messages=len(arrivals))

    async def _pass_over(self, unreadable: UnreadableRecordError) -> None:
        """A record that no client decodes is set aside by its place alone."""
        partition, offset = unreadable.partition, unreadable.offset
        await asyncio.to_thread(self._place_anew)
        if offset == self._next[partition]:
            place = Place(self._topic, self._topic_id, partition, offset)
            nothing = Arrival(Raw((), None, place), lost=NOTHING)
            await self._take([nothing], {partition: offset + 1})
            self._reader.seek(partition, offset + 1)
            log.error("undecodable", topic=self._topic, partition=partition, offset=offset)
        else:  # first what stands before it, and no more than that
            before = await asyncio.to_thread(
                self._reader.poll, offset - self._next[partition], wait_ms=POLL_MS
            )
            now = {p: self._reader.position(p) for p in self._mine}
            read = [message for some in before.values() for message in some]
            await self._take([Arrival(self._raw(message)) for message in read], now)

    def _poll(self) -> list[Message]:
        for partition, offset in self._next.items():
            assert self._reader.position(partition) == offset, "what was polled is taken"
        polled = self._reader.poll(BATCH_MAX, wait_ms=POLL_MS)
        return [message for messages in polled.values() for message in messages]

    def _raw(self, message: Message) -> Raw:
        place = Place(self._topic, self._topic_id, message.partition, message.offset)
        return Raw(message.headers, message.value, place)

    def _place_anew(self) -> None:
        """A new client, where we stood."""
        self._reader.reset()
        for partition, offset in self._next.items():
            self._reader.seek(partition, offset)

    def _tend(self) -> None:
        """Now and then: our share, whether the topic is still the one, and what is left."""
        now = time.monotonic()
        if now - self._tended_at >= TEND_S:
            self._tended_at = now
            self._see_to_share()
        if now - self._checked_at >= CHECK_S:
            self._checked_at = now
            described = self._topics.describe(self._topic)
            if str(described.id) != self._topic_id:
                raise TopicChangedError(self._topic)
            self._partitions = described.partitions
            self._report()

    def _see_to_share(self) -> None:
        """As many partitions as fall to each who shares them."""
        share = -(-self._partitions // self._member.peers(self._kind))
        before = set(self._mine)
        for partition in sorted(self._mine)[share:]:
            self._mine.discard(partition)
            self._next.pop(partition)
            self._member.give(f"{self._kind}/{partition}")
        for partition in range(self._partitions):
            if len(self._mine) >= share:
                break
            if self._member.take(f"{self._kind}/{partition}"):
                self._mine.add(partition)
        if self._mine != before:
            self._begin()

    def _begin(self) -> None:
        """Where we stopped, or with the oldest message there is."""
        self._reader.assign(self._mine)
        self._all.assign(self._mine)
        at = {p: s for p, s in stored(self._conn, self._topic).items() if p in self._mine}
        beginnings, ends = self._reader.beginning_offsets(), self._reader.end_offsets()
        gone = lost(self._topic, self._topic_id, at, beginnings, ends)
        if gone:
            raise MessagesLostError("; ".join(map(str, gone)))
        self._begun = set(at)
        self._next = {
            p: at[p].next_offset if p in at else beginnings[p] for p in self._mine
        }
        for partition, offset in self._next.items():
            self._reader.seek(partition, offset)
        trouble.over(self._conn, f"intake {self._topic}")

    def _report(self) -> None:
        """How much is left, and whether a sender's open transaction holds more back."""
        if not self._mine:
            return
        ends, all_ends = self._reader.end_offsets(), self._all.end_offsets()
        mine = sorted(self._next)
        columns = [[of[p] for p in mine] for of in (self._next, ends, all_ends)]
        self._conn.execute(REPORT, [self._topic, mine, *columns])

    def close(self) -> None:
        """Give back what was taken."""
        with self._stack, suppress(MemberLostError):  # they are another's by then
            for partition in self._mine:
                self._member.give(f"{self._kind}/{partition}")
            self._member.leave(self._kind)
