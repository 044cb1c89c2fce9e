"""The Kafka feed: it knows its place, and knows when the log is not the one it was."""

from collections import deque
from collections.abc import Iterator
from contextlib import closing

import pytest

from consumers.envelope import headers_of, record_of
from consumers.feed import (
    Batch,
    GapError,
    LostPlaceError,
    Record,
    StrangeRecordError,
    TopicChangedError,
)
from consumers.kafka_feed import KafkaFeed
from infra.kafka import Cluster, Message, Outgoing, Publisher, TopicMissingError, Topics
from projections.progress import Place
from tests.broker_fixture import Upstream
from tests.consumers.kafka_log import forget, make_again
from tests.projections.conftest import Told
from tests.projections.filling import outgoing


@pytest.fixture
def topic(broker: Cluster, topic_prefix: str, told: Told) -> str:
    """One partition with the first twenty events of the story."""
    with Topics(broker) as topics, Publisher(broker) as publisher:
        made = topics.create(topic_prefix + "events", partitions=1)
        publisher.publish(made.name, [outgoing(record) for record in told.records[:20]])
    return made.name


@pytest.fixture
def topic_id(broker: Cluster, topic: str) -> str:
    with Topics(broker) as topics:
        return str(topics.describe(topic).id)


@pytest.fixture
def feed(broker: Cluster, topic: str) -> Iterator[KafkaFeed]:
    with closing(KafkaFeed(broker, topic)) as reading:
        reading.assign([0])
        yield reading


def polled(feed: KafkaFeed) -> Batch:
    for _ in range(40):
        if batch := feed.poll(0.5):
            return batch
    raise AssertionError("nothing came")


def test_what_is_published_comes_back_as_it_was(
    feed: KafkaFeed, topic_id: str, told: Told
) -> None:
    begun = feed.start(0, None)
    batch = polled(feed)

    assert begun == batch.at == Place(0, topic_id, 0)
    assert batch.to == Place(20, topic_id, 20)
    assert list(batch.records) == told.records[:20]


def test_it_begins_one_record_back_and_hands_on_what_comes_next(
    feed: KafkaFeed, topic_id: str, told: Told
) -> None:
    at = Place(7, topic_id, 7)

    feed.start(0, at)
    batch = polled(feed)

    assert batch.at == at
    assert list(batch.records) == told.records[7:20]


@pytest.mark.parametrize(
    ("next_offset", "last_position", "reason"),
    [(21, 21, "the log was cut"), (300, 300, "the log was cut")],
)
def test_a_place_beyond_the_end_is_lost(
    next_offset: int, last_position: int, reason: str, feed: KafkaFeed, topic_id: str
) -> None:
    with pytest.raises(LostPlaceError) as lost:
        feed.start(0, Place(next_offset, topic_id, last_position))

    assert lost.value.reason == reason
    assert lost.value.beginning == Place(0, topic_id, 0)


@pytest.mark.parametrize("last_position", [6, 8, 0])
def test_the_same_offset_with_another_record_is_another_log(
    last_position: int, feed: KafkaFeed, topic_id: str
) -> None:
    """Cut and written on: nothing raises there, save this."""
    feed.start(0, Place(7, topic_id, last_position))

    with pytest.raises(LostPlaceError) as lost:
        polled(feed)
    assert lost.value.reason == "the log was written anew"


def test_a_topic_of_the_same_name_is_another_topic(
    broker: Cluster, topic: str, topic_id: str, feed: KafkaFeed
) -> None:
    """While it is read nothing but the question tells; then the place is lost."""
    feed.start(0, Place(7, topic_id, 7))
    feed.check()
    make_again(broker, topic)

    with pytest.raises(TopicChangedError):
        feed.check()
    with closing(KafkaFeed(broker, topic)) as again:
        again.assign([0])
        with pytest.raises(LostPlaceError) as lost:
            again.start(0, Place(7, topic_id, 7))
    assert lost.value.reason == "another topic of this name"
    assert lost.value.beginning.topic_id not in {topic_id, ""}


def test_a_topic_that_is_gone_is_said_to_be_gone(
    broker: Cluster, topic: str, feed: KafkaFeed
) -> None:
    with Topics(broker) as topics:
        topics.delete(topic)

    with pytest.raises(TopicMissingError):
        feed.check()
    with pytest.raises(TopicMissingError):
        KafkaFeed(broker, topic)


def test_records_that_were_removed_must_come_from_the_store(
    broker: Cluster, topic: str, topic_id: str, feed: KafkaFeed
) -> None:
    """What we had not read; and all of it when we only begin. What we had is no loss."""
    forget(broker, topic, {0: 10})

    for at, reason in ((Place(7, topic_id, 7), "records are gone"), (None, "begun late")):
        with pytest.raises(LostPlaceError) as lost:
            feed.start(0, at)
        assert (lost.value.reason, lost.value.beginning.next_offset) == (reason, 10)
    feed.start(0, Place(10, topic_id, 10))
    assert polled(feed).records[0].position == 11


def test_a_hole_in_the_offsets_is_not_passed_over(
    broker: Cluster, topic: str, feed: KafkaFeed, told: Told
) -> None:
    """A transaction's marker takes an offset; nobody but us may write here."""
    with Upstream(broker, transactional_id=topic, acks="all") as stranger:
        for record in told.records[20:22]:
            stranger.begin()
            stranger.send(topic, outgoing(record))
            stranger.commit()
    feed.start(0, None)

    with pytest.raises(GapError):
        deque(iter(lambda: polled(feed), None), maxlen=0)


def test_a_stranger_in_our_topic_is_an_alarm(
    broker: Cluster, topic: str, feed: KafkaFeed
) -> None:
    with Publisher(broker) as publisher:
        publisher.publish(topic, [Outgoing(key=b"k", value=b"{}")])
    feed.start(0, None)

    with pytest.raises(StrangeRecordError):
        polled(feed)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ce_id", b"no uuid:1"),
        ("ce_id", b"00000000-0000-0000-0000-000000000001:1"),  # of another key
        ("ledger_position", b"x"),
        ("ledger_recorded_at", b"yesterday"),
        ("ce_type", b"\xff"),
        ("ce_type", None),
    ],
)
def test_a_record_that_does_not_agree_with_itself_is_not_ours(
    name: str, value: bytes | None, told: Told
) -> None:
    record = told.records[0]
    key, state = str(record.stream_id).encode(), record.state
    headers = headers_of(record)
    message = Message(0, 0, key, headers, state, 0)
    assert record_of(message) == record

    with pytest.raises(StrangeRecordError):
        record_of(message._replace(headers=(*headers, (name, value))))
    for broken in ({"key": None}, {"value": None}, {"headers": ()}):
        with pytest.raises(StrangeRecordError):
            record_of(message._replace(**broken))


def test_an_event_on_its_way_is_a_cloudevent(told: Told) -> None:
    record: Record = told.records[0]

    words = {name: value.decode() for name, value in headers_of(record)}

    at = record.recorded_at.isoformat()
    assert words == {
        "ce_specversion": "1.0",
        "ce_id": f"{record.stream_id}:1",
        "ce_source": "/complaint-ledger",
        "ce_type": "complaint.received",
        "ce_time": at,
        "ce_subject": str(record.stream_id),
        "ce_dataschema": "urn:complaint-ledger:complaint.received:v1",
        "content-type": "application/json",
        "ledger_position": "1",
        "ledger_recorded_at": at,
        "stream_version": "1",
    }
