"""The relay: copies the store to Kafka in order, maybe twice, never with a hole."""

import threading
import time
from collections.abc import Sequence
from contextlib import ExitStack, closing, suppress
from typing import Any

import psycopg
from psycopg import Connection

from consumers import checkpoint, relay_log, trouble
from consumers.checkpoint import Checkpoint, Mark
from consumers.envelope import MARK, SOURCE, headers_of
from consumers.faults import passes
from consumers.feed import BATCH_MAX, TopicChangedError
from consumers.ownership import Member, open_session
from consumers.relay_log import Item, Source
from consumers.store_feed import CHANNEL, following, wait
from infra.kafka import (
    Acknowledged,
    Cluster,
    KafkaTroubleError,
    Outgoing,
    Publisher,
    SenderAliveError,
    TopicNames,
    Topics,
)
from infra.logs import log

WAIT_S = 1.0
CHECK_S = 2.0
PAUSE_MIN_S = 0.1
PAUSE_MAX_S = 5.0
STOPPED_S = 30.0


class LogWentBackError(KafkaTroubleError):
    """A record was given a place at or before one that was given already."""


class Events:
    """Everything in the store, under the id of its stream."""

    name = "events"
    mark = MARK

    def __init__(self, topic: str, *, source: str = SOURCE) -> None:
        self.topic = topic
        self._source = source

    def after(self, conn: Connection[Any], number: int, limit: int) -> list[Item]:
        """The next events above a position; a hole among them is an alarm."""
        return [
            Item(
                record.position,
                Outgoing(
                    key=str(record.stream_id).encode(),
                    value=record.state,
                    headers=headers_of(record, self._source),
                ),
            )
            for record in following(conn, number + 1, limit)
        ]


def run(*, dsn: str, cluster: Cluster, topics: TopicNames, stop: threading.Event) -> None:
    """Relay the events until told to stop. *dsn* is the owner's."""
    keep_relaying(Events(topics.events), dsn=dsn, cluster=cluster, stop=stop)


def keep_relaying(
    source: Source, *, dsn: str, cluster: Cluster, stop: threading.Event
) -> None:
    """Relay a source whenever no other process does, until told to stop.

    `SenderAliveError` comes through: a producer that cannot be stopped may still send, and
    only the end of the process ends it.
    """
    pause_s = PAUSE_MIN_S
    while not stop.is_set():
        try:
            with Member(dsn) as member:
                pause_s = PAUSE_MIN_S
                _take_turns(source, member, dsn=dsn, cluster=cluster, stop=stop)
        except Exception as error:
            if not passes(error):
                raise
            log.warning("relay_waits", source=source.name, exc_info=error)
            stop.wait(pause_s)
            pause_s = min(pause_s * 2, PAUSE_MAX_S)


def _take_turns(
    source: Source, member: Member, *, dsn: str, cluster: Cluster, stop: threading.Event
) -> None:
    pause_s = PAUSE_MIN_S
    while not stop.is_set() and not member.lost:
        if not member.take(f"relay/{source.name}"):
            stop.wait(WAIT_S)
            continue
        try:
            with ExitStack() as stack:
                conn = stack.enter_context(closing(member.session()))
                relay = Relay(source, conn, cluster)
                stack.callback(relay.close)
                relay.begin()
                trouble.over(conn, f"relay {source.name}")
                while not stop.is_set() and not member.lost:
                    relay.step(WAIT_S)
                    pause_s = PAUSE_MIN_S
        except SenderAliveError:
            raise
        except Exception as error:  # noqa: BLE001  # seen in health, and tried again
            _note(source, error, dsn, member)
            stop.wait(pause_s if passes(error) else STOPPED_S)
            pause_s = min(pause_s * 2, PAUSE_MAX_S)


def _note(source: Source, error: Exception, dsn: str, member: Member) -> None:
    kind: trouble.Kind = "waits" if passes(error) else "stopped"
    say = log.warning if kind == "waits" else log.error
    say(f"relay_{kind}", source=source.name, topic=source.topic, exc_info=error)
    with (
        suppress(psycopg.Error),  # then nobody can be told
        open_session(dsn, "ledger trouble") as conn,
    ):
        trouble.note(conn, f"relay {source.name}", kind, error, member.id)


class Relay:
    """Chunk by chunk: send all, wait for all, then move the checkpoint.

    After any error: close, make a new one, begin again. Its own publisher is never used
    twice, and every publisher begins with a look into the log.
    """

    def __init__(self, source: Source, conn: Connection[Any], cluster: Cluster) -> None:
        self._source, self._conn, self._cluster = source, conn, cluster
        self._topics = Topics(cluster)
        self._publisher: Publisher | None = None
        self._at = Checkpoint(0, "", {})
        self._checked_at = 0.0

    def begin(self) -> None:
        """See that the log holds what we were told, and set ourselves back if not."""
        stored = checkpoint.stored(self._conn, self._source.name, self._source.topic)
        self._at = relay_log.check(
            self._conn, self._cluster, self._topics, self._source, stored
        )
        if self._at != stored:
            checkpoint.set_back(
                self._conn, self._source.name, self._source.topic, stored, self._at
            )
        self._publisher = Publisher(self._cluster)
        self._checked_at = time.monotonic()
        self._conn.execute(f"LISTEN {CHANNEL}")

    def step(self, wait_s: float) -> int:
        """Relay one chunk, or wait for one. How many were sent."""
        assert self._publisher is not None, "begin first"
        self._look()
        items = self._source.after(self._conn, self._at.number, BATCH_MAX)
        if not items:
            checkpoint.beat(self._conn, self._source.name)
            wait(self._conn, wait_s)
            return 0
        said = self._publisher.publish(self._source.topic, [i.outgoing for i in items])
        self._at = checkpoint.move(
            self._conn,
            self._source.name,
            self._at,
            to=items[-1].number,
            marks=self._marks(items, said),
        )
        return len(items)

    def close(self) -> None:
        """End the publisher's thread, whatever it waits for."""
        try:
            if self._publisher is not None:
                with suppress(KafkaTroubleError):
                    self._publisher.discard()
        finally:
            self._topics.close()

    def _look(self) -> None:
        """A topic that was deleted or made again takes what we send without a word."""
        now = time.monotonic()
        if now - self._checked_at >= CHECK_S:
            if str(self._topics.describe(self._source.topic).id) != self._at.topic_id:
                raise TopicChangedError(self._source.topic)
            self._checked_at = now

    def _marks(
        self, items: Sequence[Item], said: Sequence[Acknowledged]
    ) -> dict[int, Mark]:
        """The last record of each partition, each above the one before it."""
        marks = dict(self._at.marks)
        new: dict[int, Mark] = {}
        for item, (partition, offset) in zip(items, said, strict=True):
            last = marks.get(partition)
            if last and offset < last.next_offset:
                raise LogWentBackError(
                    f"{self._source.topic}-{partition}: {offset}, {last}"
                )
            marks[partition] = new[partition] = Mark(offset + 1, item.number)
        return new
