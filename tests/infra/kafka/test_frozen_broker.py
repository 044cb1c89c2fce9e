"""A broker that stops without dying: silence, wedged senders, and the way out."""

import os
import signal
import threading

import pytest

from infra.broker.launcher import EmbeddedBroker
from infra.kafka import (
    KafkaTroubleError,
    NoAnswerError,
    NotDeliveredError,
    Publisher,
    Topics,
)
from tests.infra.kafka.reading import read, reading, records


def senders() -> set[threading.Thread]:
    return {one for one in threading.enumerate() if one.name.endswith("-network-thread")}


def test_after_a_broker_was_frozen_a_new_publisher_goes_on(
    spare_broker: EmbeddedBroker,
) -> None:
    """The old one never would: it is wedged, and its thread must not live on."""
    with Topics(spare_broker.cluster) as topics:
        topics.create("frozen", partitions=1)
    before = senders()
    publisher = Publisher(spare_broker.cluster, delivery_ms=1500, request_ms=1000)
    publisher.publish("frozen", records(b"first"))
    assert len(senders() - before) == 1

    os.kill(spare_broker.pid, signal.SIGSTOP)
    try:
        with pytest.raises(NotDeliveredError):
            publisher.publish("frozen", records(b"second"))
    finally:
        os.kill(spare_broker.pid, signal.SIGCONT)
    publisher.discard()

    assert senders() == before
    with Publisher(spare_broker.cluster) as another:
        (last,) = another.publish("frozen", records(b"third"))
    with reading(spare_broker.cluster, "frozen") as reader:
        values = [message.value for message in read(reader, last.offset + 1)]
    # The second may stand there too: that is why the log is looked into before one goes on.
    assert values in ([b"first", b"third"], [b"first", b"second", b"third"])


def test_discarding_ends_the_thread_while_the_broker_is_still_frozen(
    spare_broker: EmbeddedBroker,
) -> None:
    with Topics(spare_broker.cluster) as topics:
        topics.create("discarded", partitions=1)
    before = senders()
    publisher = Publisher(spare_broker.cluster, delivery_ms=1000, request_ms=900)

    os.kill(spare_broker.pid, signal.SIGSTOP)
    try:
        with pytest.raises(KafkaTroubleError):
            publisher.publish("discarded", records(b"lost"))
        publisher.discard()
        assert senders() == before
    finally:
        os.kill(spare_broker.pid, signal.SIGCONT)


def test_a_frozen_broker_is_silence_to_a_reader_and_an_error_to_whoever_asks(
    spare_broker: EmbeddedBroker,
) -> None:
    with Topics(spare_broker.cluster, request_ms=1000) as topics:
        topics.create("silent", partitions=1)
        with reading(spare_broker.cluster, "silent") as reader:
            os.kill(spare_broker.pid, signal.SIGSTOP)
            try:
                assert reader.poll(1, wait_ms=300) == {}
                with pytest.raises(NoAnswerError):
                    topics.describe("silent")
            finally:
                os.kill(spare_broker.pid, signal.SIGCONT)
        assert topics.describe("silent").usable
