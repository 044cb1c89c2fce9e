"""The relay: in order, maybe twice, never with a hole; and it looks into the log first."""

from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from itertools import chain
from typing import Any

import psycopg
import pytest
from psycopg import Connection

from consumers import checkpoint, relay
from consumers.envelope import record_of
from consumers.faults import BusyError
from consumers.ownership import open_session
from consumers.relay import Events, LogWentBackError, Relay
from consumers.store_feed import HoleError, following
from infra.kafka import (
    Cluster,
    Message,
    PartitionReader,
    TopicNames,
    Topics,
    partition_for,
)
from projections import freshness
from tests.consumers.kafka_log import forget, make_again
from tests.consumers.running import Talking, complain, running
from tests.projections.brittle import Brittle
from tests.waiting import until

PARTITIONS = 3


@pytest.fixture
def topic(broker: Cluster, topic_prefix: str) -> str:
    with Topics(broker) as topics:
        name = TopicNames(topic_prefix).events
        return topics.create(name, partitions=PARTITIONS).name


@pytest.fixture
def conn(database: str) -> Iterator[Connection[Any]]:
    with open_session(database, "test") as session:
        yield session


def relayed(conn: Connection[Any], cluster: Cluster, topic: str, chunks: int = 99) -> int:
    """Begin, relay so many chunks at most, and end; how many were sent."""
    with closing(Relay(Events(topic), conn, cluster)) as one:
        one.begin()
        sent = 0
        for _ in range(chunks):
            said = one.step(0.01)
            sent += said
            if not said:
                break
    return sent


def log_of(cluster: Cluster, topic: str) -> dict[int, list[Message]]:
    """All that the topic holds now, by partition."""
    held: dict[int, list[Message]] = {part: [] for part in range(PARTITIONS)}
    with PartitionReader(cluster, topic) as reader:
        reader.assign(held)
        for part, first in reader.beginning_offsets().items():
            reader.seek(part, first)
        ends = reader.end_offsets()
        while any(reader.position(part) < end for part, end in ends.items()):
            for part, messages in reader.poll(1_000).items():
                held[part] += messages
    return held


def positions(cluster: Cluster, topic: str) -> dict[int, list[int]]:
    return {
        part: [record_of(message).position for message in messages]
        for part, messages in log_of(cluster, topic).items()
    }


def in_order_without_a_hole(held: dict[int, list[int]], head: int) -> bool:
    """The first sight of each position is in order; together they are all there are."""
    firsts = [list(dict.fromkeys(line)) for line in held.values()]
    ordered = all(line == sorted(line) for line in firsts)
    return ordered and sorted(chain(*firsts)) == list(range(1, head + 1))


def test_each_event_once_as_it_is_stored(
    ledger: Talking, conn: Connection[Any], broker: Cluster, topic: str
) -> None:
    complain(ledger, 20)

    assert relayed(conn, broker, topic) == 60
    assert relayed(conn, broker, topic) == 0

    messages = [m for line in log_of(broker, topic).values() for m in line]
    records = sorted(map(record_of, messages), key=lambda record: record.position)
    assert records == following(conn, 1, 100)
    assert in_order_without_a_hole(positions(broker, topic), 60)


def test_a_relay_that_dies_between_sending_and_noting_sends_again(
    ledger: Talking, conn: Connection[Any], database: str, broker: Cluster, topic: str
) -> None:
    """Duplicates, yes; holes, never. At whichever statement it dies."""
    relayed(conn, broker, topic)
    for fuse in range(1, 9):
        complain(ledger, 2)
        with (
            Brittle.opened(database, fuse=fuse) as brittle,
            pytest.raises(psycopg.OperationalError),
        ):
            until_it_dies(brittle, broker, topic)
    relayed(conn, broker, topic)

    held = positions(broker, topic)
    assert in_order_without_a_hole(held, 48)
    assert max(Counter(chain(*held.values())).values()) > 1, "it never died in between"


def until_it_dies(conn: Connection[Any], cluster: Cluster, topic: str) -> None:
    while True:
        relayed(conn, cluster, topic)


def stored(conn: Connection[Any]) -> int:
    row = conn.execute("SELECT coalesce(max(position), 0) FROM ledger.event").fetchone()
    assert row is not None
    return int(row[0])


def checkpoint_of(conn: Connection[Any]) -> int:
    row = conn.execute("SELECT position FROM running.relay").fetchone()
    return int(row[0]) if row else 0


def test_a_topic_made_again_gets_everything_again(
    ledger: Talking, conn: Connection[Any], broker: Cluster, topic: str
) -> None:
    complain(ledger, 10)
    relayed(conn, broker, topic)
    make_again(broker, topic)
    complain(ledger, 5)

    assert relayed(conn, broker, topic) == 45
    assert in_order_without_a_hole(positions(broker, topic), 45)
    assert freshness.relays(conn)[0].resent == 1


def test_what_the_log_lost_is_sent_again_and_only_that(
    ledger: Talking, conn: Connection[Any], broker: Cluster, topic: str
) -> None:
    """A checkpoint that says more than the log holds, as after a power cut."""
    complain(ledger, 20)
    relayed(conn, broker, topic, chunks=1)
    complain(ledger, 10)
    at = checkpoint.stored(conn, "events", topic)
    beyond = {
        part: mark._replace(next_offset=mark.next_offset + 5)
        for part, mark in at.marks.items()
    }
    checkpoint.move(conn, "events", at, to=stored(conn), marks=beyond)

    assert relayed(conn, broker, topic) == 30
    assert in_order_without_a_hole(positions(broker, topic), 90)
    assert freshness.relays(conn)[0].resent == 1


def test_another_record_at_the_noted_place_is_another_log(
    ledger: Talking, conn: Connection[Any], broker: Cluster, topic: str
) -> None:
    """What was sent after the cut stands there, though something before it is missing."""
    complain(ledger, 20)
    relayed(conn, broker, topic)
    complain(ledger, 20)
    at = checkpoint.stored(conn, "events", topic)
    part, mark = next(iter(at.marks.items()))
    other = {part: mark._replace(number=mark.number - 1)}
    checkpoint.move(conn, "events", at, to=stored(conn), marks=other)

    relayed(conn, broker, topic)

    ours = {
        position
        for position, record in enumerate(following(conn, 1, 200), start=1)
        if partition_of(record.stream_id) == part
    }
    assert ours <= set(positions(broker, topic)[part])


def partition_of(stream: object) -> int:
    return partition_for(str(stream).encode(), PARTITIONS)


def test_records_that_were_removed_by_age_are_not_missed(
    ledger: Talking, conn: Connection[Any], broker: Cluster, topic: str
) -> None:
    complain(ledger, 20)
    relayed(conn, broker, topic)
    with PartitionReader(broker, topic) as reader:
        reader.assign(range(PARTITIONS))
        forget(broker, topic, reader.end_offsets())
    complain(ledger, 1)

    assert relayed(conn, broker, topic) == 3
    assert freshness.relays(conn)[0].resent == 0


def test_a_place_at_or_before_the_last_one_is_no_place(
    ledger: Talking, conn: Connection[Any], broker: Cluster, topic: str
) -> None:
    """The log went back under a relay that goes on: it must not take that for an answer."""
    complain(ledger, 10)
    with closing(Relay(Events(topic), conn, broker)) as one:
        one.begin()
        one.step(0)
        make_again(broker, topic)
        complain(ledger, 10)
        with pytest.raises(LogWentBackError):
            one.step(0)
    assert checkpoint_of(conn) == 30


def test_of_two_relays_only_one_moves_the_checkpoint(
    ledger: Talking, conn: Connection[Any], database: str, broker: Cluster, topic: str
) -> None:
    """One that was frozen and wakes up may send, but what it notes is not taken."""
    complain(ledger, 2)
    with (
        open_session(database, "other") as other,
        closing(Relay(Events(topic), other, broker)) as frozen,
    ):
        frozen.begin()
        relayed(conn, broker, topic)
        complain(ledger, 2)
        with pytest.raises(BusyError):
            frozen.step(0)
    relayed(conn, broker, topic)

    assert in_order_without_a_hole(positions(broker, topic), 12)


def test_a_hole_in_the_store_is_an_alarm_and_nothing_is_sent(
    ledger: Talking, conn: Connection[Any], database: str, broker: Cluster, topic: str
) -> None:
    """Somebody with the owner's rights took an event away."""
    complain(ledger, 3)
    with psycopg.connect(database) as owner:
        owner.execute("ALTER TABLE ledger.event DISABLE TRIGGER append_only")
        owner.execute("DELETE FROM ledger.event WHERE position = 4")

    with pytest.raises(HoleError):
        relayed(conn, broker, topic)
    assert positions(broker, topic) == {part: [] for part in range(PARTITIONS)}


def test_one_relays_and_the_other_takes_over(
    ledger: Talking,
    conn: Connection[Any],
    database: str,
    broker: Cluster,
    topic_prefix: str,
) -> None:
    names = TopicNames(topic_prefix)
    with Topics(broker) as topics:
        topics.create(names.events, partitions=PARTITIONS)

    def loop(stop: Any) -> None:
        relay.run(dsn=database, cluster=broker, topics=names, stop=stop)

    with running(loop):
        with running(loop):
            complain(ledger, 5)
            until(lambda: checkpoint_of(conn) == 15)
        complain(ledger, 5)
        until(lambda: checkpoint_of(conn) == 30)

    assert in_order_without_a_hole(positions(broker, names.events), 30)
