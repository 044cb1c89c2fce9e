"""What was sent stands where the answer says; what cannot be sent is told."""

import os
import time
from uuid import uuid4

import pytest

from infra.kafka import (
    Acknowledged,
    Cluster,
    KafkaTroubleError,
    Outgoing,
    PartitionReader,
    Publisher,
    RecordTooLargeError,
    Topics,
    partition_for,
)
from tests.broker_fixture import Upstream
from tests.infra.kafka.reading import read, reading, records


def test_what_was_sent_is_read_with_all_its_headers(
    broker: Cluster, topic: str, publisher: Publisher
) -> None:
    headers = (("ce_id", b"1"), ("ce_id", b"\xff\x00"), ("客诉", b""))

    said = publisher.publish(
        topic, [Outgoing(b"k", b"v", headers), Outgoing(b"gone", None)]
    )

    assert said == [Acknowledged(0, 0), Acknowledged(0, 1)]
    with reading(broker, topic) as reader:
        first, second = read(reader, 2)
    assert (first.partition, first.offset, first.key, first.value) == (0, 0, b"k", b"v")
    assert first.headers == headers
    assert (second.key, second.value, second.headers) == (b"gone", None, ())
    assert abs(first.timestamp_ms - time.time() * 1000) < 60_000


def test_a_chunk_over_many_partitions_is_answered_in_the_order_it_was_given(
    broker: Cluster, topics: Topics, topic_prefix: str, publisher: Publisher
) -> None:
    many = topics.create(topic_prefix + "many", partitions=12)
    keys = [uuid4().bytes for _ in range(1000)]

    said = publisher.publish(many.name, [Outgoing(key, key) for key in keys])

    assert [at.partition for at in said] == [partition_for(key, 12) for key in keys]
    with PartitionReader(broker, many.name) as reader:
        reader.assign(range(12))
        for partition in range(12):
            reader.seek(partition, 0)
        messages = read(reader, 1000, limit=100)
        assert {p: reader.position(p) for p in range(12)} == reader.end_offsets()
    stands = {(message.partition, message.offset): message.value for message in messages}
    assert [stands[at] for at in said] == keys
    for partition in range(12):
        mine = [message.offset for message in messages if message.partition == partition]
        assert mine == list(range(len(mine)))  # strictly in order, without a hole


@pytest.mark.parametrize(
    "key", [b"", b"a", b"ab", b"abc", b"abcd", "投诉".encode(), b"\xff" * 9]
)
def test_our_partition_is_where_the_default_client_puts_it(
    broker: Cluster, topics: Topics, topic_prefix: str, key: bytes
) -> None:
    name = topics.create(topic_prefix + "seven", partitions=7).name

    with Upstream(broker) as upstream:
        upstream.send(name, Outgoing(key, b"v"))

    with PartitionReader(broker, name) as reader:
        reader.assign(range(7))
        ends = reader.end_offsets()
    assert [partition for partition, end in ends.items() if end] == [partition_for(key, 7)]


@pytest.mark.parametrize("size", [900_000, 2_000_000])
def test_a_record_too_large_is_no_passing_trouble(
    topics: Topics, topic_prefix: str, publisher: Publisher, size: int
) -> None:
    """Refused by the topic or already by the client."""
    small = topics.create(
        topic_prefix + "small", partitions=1, config={"max.message.bytes": "100000"}
    )

    with pytest.raises(RecordTooLargeError):
        publisher.publish(small.name, [Outgoing(b"k", os.urandom(size))])
    with pytest.raises(RuntimeError, match="discard"):
        publisher.publish(small.name, records(b"fits"))


def test_a_topic_that_is_not_there_is_not_made_by_sending(
    broker: Cluster, topics: Topics, topic_prefix: str
) -> None:
    with (
        Publisher(broker, request_ms=500, delivery_ms=1000) as publisher,
        pytest.raises(KafkaTroubleError),
    ):
        publisher.publish(topic_prefix + "misspelt", records(b"v"))

    assert topic_prefix + "misspelt" not in topics.names()
