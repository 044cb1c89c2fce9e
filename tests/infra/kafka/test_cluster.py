"""Settings that cannot work are named before anything waits for them."""

import gc
import threading
from collections.abc import Callable

import pytest

from infra.kafka import (
    Cluster,
    KafkaUnreachableError,
    PartitionReader,
    Publisher,
    Topics,
)


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
