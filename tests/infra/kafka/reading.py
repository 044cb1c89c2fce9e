"""Short words for what every test of Kafka does."""

import time
from collections.abc import Callable

from infra.kafka import (
    Cluster,
    Isolation,
    Message,
    Outgoing,
    PartitionReader,
)


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


def until(condition: Callable[[], bool], seconds: float = 10) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "not in time"
