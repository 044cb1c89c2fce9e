"""What we rely on in Kafka, on a real broker: places, order, and errors that say so."""

import gc
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from uuid import uuid4

import pytest
from kafka import TopicPartition
from kafka.admin import KafkaAdminClient
from kafka.errors import MessageSizeTooLargeError

from infra.broker.launcher import EmbeddedBroker
from infra.kafka import (
    Acknowledged,
    Cluster,
    Isolation,
    KafkaTroubleError,
    KafkaUnreachableError,
    Message,
    NoAnswerError,
    NotDeliveredError,
    OffsetLostError,
    Outgoing,
    PartitionReader,
    Publisher,
    RecordTooLargeError,
    TopicMissingError,
    TopicNames,
    Topics,
    UnreadableRecordError,
    dead_letter_topic_config,
    events_topic_config,
    inbound_topic_config,
    partition_for,
)
from tests.broker_fixture import Upstream, a_broker


@pytest.fixture(scope="module")
def ours(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedBroker]:
    """A broker to be frozen, which the others must not feel."""
    with a_broker(tmp_path_factory.mktemp("broker")) as running:
        yield running


@pytest.fixture
def topics(broker: Cluster) -> Iterator[Topics]:
    with Topics(broker) as talking:
        yield talking


@pytest.fixture
def topic(topics: Topics, topic_prefix: str) -> str:
    return topics.create(topic_prefix + "one", partitions=1).name


@pytest.fixture
def publisher(broker: Cluster) -> Iterator[Publisher]:
    with Publisher(broker) as sending:
        yield sending


def records(*values: bytes) -> list[Outgoing]:
    return [Outgoing(b"key", value) for value in values]


def read(reader: PartitionReader, many: int, limit: int = 1000) -> list[Message]:
    """The next so many messages, whatever partition they come from."""
    messages: list[Message] = []
    until = time.monotonic() + 10
    while len(messages) < many and time.monotonic() < until:
        for polled in reader.poll(limit).values():
            messages += polled
    return messages


def reading(
    cluster: Cluster, topic: str, offset: int = 0, isolation: Isolation = "read_committed"
) -> PartitionReader:
    reader = PartitionReader(cluster, topic, isolation=isolation)
    reader.assign([0])
    reader.seek(0, offset)
    return reader


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


def test_a_limit_is_kept_and_a_seek_back_reads_again(
    broker: Cluster, topic: str, publisher: Publisher
) -> None:
    publisher.publish(topic, records(*(bytes([n]) for n in range(10))))

    with reading(broker, topic) as reader:
        first = read(reader, 4, limit=4)
        assert (len(first), reader.position(0)) == (4, 4)
        reader.seek(0, 1)
        again = read(reader, 3, limit=3)

    assert [message.offset for message in again] == [1, 2, 3]


def test_a_reader_that_was_not_told_where_to_begin_does_not_guess(
    broker: Cluster, topic: str
) -> None:
    with PartitionReader(broker, topic) as reader:
        reader.assign([0])

        with pytest.raises(RuntimeError, match="seek first"):
            reader.poll(1)


def remove_below(cluster: Cluster, topic: str, offset: int) -> None:
    """As retention does."""
    admin = KafkaAdminClient(bootstrap_servers=cluster.bootstrap_servers)
    try:
        admin.delete_records({TopicPartition(topic, 0): offset})
    finally:
        admin.close()


@pytest.mark.parametrize("offset", [2, 99])
def test_an_offset_the_log_does_not_hold_is_an_error_and_no_jump(
    broker: Cluster, topic: str, publisher: Publisher, offset: int
) -> None:
    publisher.publish(topic, records(b"0", b"1", b"2", b"3", b"4"))
    remove_below(broker, topic, 3)

    with reading(broker, topic, offset) as reader:
        assert (reader.beginning_offsets(), reader.end_offsets()) == ({0: 3}, {0: 5})
        with pytest.raises(OffsetLostError) as lost:
            read(reader, 1)
        with pytest.raises(RuntimeError, match="seek first"):
            reader.poll(1)
        reader.reset()
        reader.seek(0, 3)
        after = read(reader, 2)

    assert lost.value.partitions == (0,)
    assert [message.value for message in after] == [b"3", b"4"]


def test_a_topic_made_again_has_another_id(topics: Topics, topic: str) -> None:
    before = topics.describe(topic)

    topics.delete(topic)
    with pytest.raises(TopicMissingError):
        topics.describe(topic)
    again = topics.create(topic, partitions=1)

    assert again.id != before.id
    assert (again.partitions, again.usable) == (1, True)


def test_making_a_topic_twice_leaves_it_as_it_is(topics: Topics, topic: str) -> None:
    before = topics.describe(topic)

    assert topics.create(topic, partitions=5) == before


def test_our_topics_have_the_settings_they_need(topics: Topics, topic_prefix: str) -> None:
    names = TopicNames(topic_prefix)

    made = topics.create_ours(names, partitions=2)

    assert sorted(made) == sorted(names_of(names))
    for name, wanted in (
        (names.events, events_topic_config()),
        (names.inbound, inbound_topic_config()),
        (names.dead_letters, dead_letter_topic_config()),
    ):
        assert wanted.items() <= topics.settings(name).items()
    assert topics.settings(names.events)["retention.ms"] == "1209600000"
    assert topics.settings(names.inbound)["compression.type"] == "uncompressed"


def names_of(names: TopicNames) -> list[str]:
    return [names.events, names.inbound, names.dead_letters, names.outcomes]


def test_aborted_records_are_not_seen_and_leave_gaps(broker: Cluster, topic: str) -> None:
    """So an inbound cursor is the position, never the last offset and one more."""
    with Upstream(broker, transactional_id=topic) as upstream:
        for value, end in ((b"a", upstream.commit), (b"b", upstream.abort)):
            upstream.begin()
            upstream.send(topic, Outgoing(None, value))
            end()
        upstream.begin()
        upstream.send(topic, Outgoing(None, b"c"))
        upstream.commit()

    with reading(broker, topic) as reader:
        seen = read(reader, 2)
        until(lambda: not reader.poll(1, wait_ms=50) and reader.position(0) == 6)
        assert reader.end_offsets() == {0: 6}

    assert [(message.offset, message.value) for message in seen] == [(0, b"a"), (4, b"c")]


def until(condition: Callable[[], bool], seconds: float = 10) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "not in time"


def test_what_an_open_transaction_holds_back_can_be_counted(
    broker: Cluster, topic: str
) -> None:
    with Upstream(broker, transactional_id=topic) as upstream:
        upstream.begin()
        upstream.send(topic, Outgoing(None, b"held back"))
        with (
            reading(broker, topic) as committed,
            reading(broker, topic, isolation="read_uncommitted") as all_of_it,
        ):
            assert committed.poll(1, wait_ms=300) == {}
            assert (committed.end_offsets(), all_of_it.end_offsets()) == ({0: 0}, {0: 1})
        upstream.abort()


class Raw(str):
    """A header's name that is not UTF-8."""

    __slots__ = ()

    def encode(self, encoding: str = "utf-8", errors: str = "strict") -> bytes:
        return b"\xff\xfe"


def test_a_record_no_client_can_decode_is_named_and_can_be_passed_over(
    broker: Cluster, topic: str, publisher: Publisher
) -> None:
    """Else whoever may write to the topic could stop its reader for ever.

    What its sender had put after it into the same batch cannot be read either.
    """
    publisher.publish(topic, records(b"0"))
    with Upstream(broker, linger_ms=100) as upstream:
        bad = Outgoing(b"key", b"2", ((Raw("x"), b"1"),))
        upstream.send(topic, *records(b"1"), bad, *records(b"3"))
    publisher.publish(topic, records(b"4"))

    values: list[bytes | None] = []
    unreadable: list[tuple[int, int]] = []
    with reading(broker, topic) as reader:
        while len(values) + len(unreadable) < 5:
            try:
                values += [message.value for message in read(reader, 1)]
            except UnreadableRecordError as error:
                unreadable.append((error.partition, error.offset))
                reader.reset()
                reader.seek(error.partition, error.offset + 1)

    assert values == [b"0", b"1", b"4"]
    assert unreadable == [(0, 2), (0, 3)]


def test_a_message_that_unpacks_to_more_than_the_limit_is_refused_to_its_sender(
    broker: Cluster, topics: Topics, topic_prefix: str
) -> None:
    """Security §9 row 19: the broker measures what our reader would have to hold."""
    names = TopicNames(topic_prefix)
    topics.create_ours(names, partitions=1)
    zeros = bytes(8_000_000)
    packed = {"compression_type": "gzip", "max_request_size": 10**8}

    with (
        Upstream(broker, **packed) as upstream,
        pytest.raises(MessageSizeTooLargeError),
    ):
        upstream.send(names.inbound, Outgoing(None, zeros))

    with Upstream(broker, **packed) as upstream:
        assert upstream.send(names.inbound, Outgoing(None, zeros[:500_000])) == [0]


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


def senders() -> set[threading.Thread]:
    return {one for one in threading.enumerate() if one.name.endswith("-network-thread")}


def test_after_a_broker_was_frozen_a_new_publisher_goes_on(ours: EmbeddedBroker) -> None:
    """The old one never would: it is wedged, and its thread must not live on."""
    with Topics(ours.cluster) as topics:
        topics.create("frozen", partitions=1)
    before = senders()
    publisher = Publisher(ours.cluster, delivery_ms=1500, request_ms=1000)
    publisher.publish("frozen", records(b"first"))
    assert len(senders() - before) == 1

    os.kill(ours.pid, signal.SIGSTOP)
    try:
        with pytest.raises(NotDeliveredError):
            publisher.publish("frozen", records(b"second"))
    finally:
        os.kill(ours.pid, signal.SIGCONT)
    publisher.discard()

    assert senders() == before
    with Publisher(ours.cluster) as another:
        (last,) = another.publish("frozen", records(b"third"))
    with reading(ours.cluster, "frozen") as reader:
        values = [message.value for message in read(reader, last.offset + 1)]
    # The second may stand there too: that is why the log is looked into before one goes on.
    assert values in ([b"first", b"third"], [b"first", b"second", b"third"])


def test_discarding_ends_the_thread_while_the_broker_is_still_frozen(
    ours: EmbeddedBroker,
) -> None:
    with Topics(ours.cluster) as topics:
        topics.create("frozen", partitions=1)
    before = senders()
    publisher = Publisher(ours.cluster, delivery_ms=1000, request_ms=900)

    os.kill(ours.pid, signal.SIGSTOP)
    try:
        with pytest.raises(KafkaTroubleError):
            publisher.publish("frozen", records(b"lost"))
        publisher.discard()
        assert senders() == before
    finally:
        os.kill(ours.pid, signal.SIGCONT)


def test_a_frozen_broker_is_silence_to_a_reader_and_an_error_to_whoever_asks(
    ours: EmbeddedBroker,
) -> None:
    with Topics(ours.cluster, request_ms=1000) as topics:
        topics.create("silent", partitions=1)
        with reading(ours.cluster, "silent") as reader:
            os.kill(ours.pid, signal.SIGSTOP)
            try:
                assert reader.poll(1, wait_ms=300) == {}
                with pytest.raises(NoAnswerError):
                    topics.describe("silent")
            finally:
                os.kill(ours.pid, signal.SIGCONT)
        assert topics.describe("silent").usable


def test_the_address_of_nothing_is_named_within_the_time_given() -> None:
    nowhere = Cluster("127.0.0.1:1", connect_ms=300)
    clients: list[Callable[[Cluster], object]] = [Topics, Publisher]
    clients.append(lambda at: PartitionReader(at, "any"))
    threads = threading.active_count()

    for client in clients:
        with pytest.raises(KafkaUnreachableError) as said:
            client(nowhere)
        for word in ("127.0.0.1:1", "nothing listens there", "ECONNREFUSED"):
            assert word in str(said.value)

    del said, client
    gc.collect()  # a socket or thread left behind would now be heard of
    assert threading.active_count() == threads


@pytest.mark.parametrize(
    "settings",
    [
        {"security_protocol": "TLS"},
        {"security_protocol": "SASL_SSL"},
        {"security_protocol": "SASL_SSL", "sasl_mechanism": "PLAIN", "sasl_username": "u"},
        {"sasl_username": "u", "sasl_mechanism": "PLAIN", "sasl_password": "p"},
    ],
)
def test_settings_that_cannot_work_are_refused_at_once(settings: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="protocol"):
        Cluster("127.0.0.1:9092", **settings)  # type: ignore[arg-type] # plain strings


def test_a_password_is_not_shown() -> None:
    shown = Cluster("a:1", "SASL_SSL", "PLAIN", "u", "hidden-word")

    assert "hidden-word" not in repr(shown)
