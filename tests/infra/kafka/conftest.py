"""What most tests of Kafka begin with: a topic of their own on the shared broker."""

from collections.abc import Iterator

import pytest

from infra.kafka import (
    Cluster,
    Publisher,
    Topics,
)


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
