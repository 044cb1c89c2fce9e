"""Topics are made once, known by their id, and guarded by their settings."""

import pytest
from kafka.errors import MessageSizeTooLargeError

from infra.kafka import (
    Cluster,
    Outgoing,
    TopicMissingError,
    TopicNames,
    Topics,
    checkpoints_topic_config,
    dead_letter_topic_config,
    events_topic_config,
    inbound_topic_config,
)
from tests.broker_fixture import Upstream


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


def names_of(names: TopicNames) -> list[str]:
    return [
        names.events,
        names.inbound,
        names.dead_letters,
        names.outcomes,
        names.checkpoints,
    ]


def test_our_topics_have_the_settings_they_need(topics: Topics, topic_prefix: str) -> None:
    names = TopicNames(topic_prefix)

    made = topics.create_ours(names, partitions=2)

    assert sorted(made) == sorted(names_of(names))
    for name, wanted in (
        (names.events, events_topic_config()),
        (names.inbound, inbound_topic_config()),
        (names.dead_letters, dead_letter_topic_config()),
        (names.checkpoints, checkpoints_topic_config()),
    ):
        assert wanted.items() <= topics.settings(name).items()
    assert topics.settings(names.events)["retention.ms"] == "1209600000"
    assert topics.settings(names.checkpoints)["retention.ms"] == "-1"
    assert (made[names.events].partitions, made[names.checkpoints].partitions) == (2, 1)
    assert topics.settings(names.inbound)["compression.type"] == "uncompressed"


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
