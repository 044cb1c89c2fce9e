"""A reader stands where it is told, and says when that place is gone."""

import pytest
from kafka import TopicPartition
from kafka.admin import KafkaAdminClient

from infra.kafka import (
    Cluster,
    OffsetLostError,
    Outgoing,
    PartitionReader,
    Publisher,
    UnreadableRecordError,
)
from tests.broker_fixture import Upstream
from tests.infra.kafka.reading import read, reading, records, until


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
