"""One real broker for all tests, and an upstream system that speaks to it its own way."""

import os
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from uuid import uuid4

import pytest
from kafka import KafkaProducer

from infra.broker.launcher import EmbeddedBroker
from infra.kafka import Cluster, Outgoing, Topics

# Beside the data of `make run-kafka`, so that the jars are fetched once.
LIBS = Path(__file__).parents[1] / "var" / "kafka" / "libs"
OUTSIDE = "LEDGER_TEST_KAFKA"


@pytest.fixture(scope="session")
def broker() -> Iterator[Cluster]:
    """The cluster that all tests share; `LEDGER_TEST_KAFKA` names another one."""
    outside = os.environ.get(OUTSIDE)
    if outside:
        yield Cluster(outside)
        return
    with (
        tempfile.TemporaryDirectory(prefix="ledger-broker-") as home,
        a_broker(Path(home)) as running,
    ):
        yield running.cluster


@pytest.fixture
def topic_prefix(broker: Cluster) -> Iterator[str]:
    """Stands before the topics of one test; they are gone after it."""
    prefix = f"t{uuid4().hex[:12]}."
    yield prefix
    with Topics(broker) as topics:
        for name in topics.names():
            if name.startswith(prefix):
                topics.delete(name)


@pytest.fixture(scope="session")
def the_spare_broker() -> Iterator[EmbeddedBroker]:
    with (
        tempfile.TemporaryDirectory(prefix="ledger-broker-") as home,
        a_broker(Path(home) / "客诉 broker") as running,
    ):
        yield running


@pytest.fixture
def spare_broker(the_spare_broker: EmbeddedBroker) -> Iterator[EmbeddedBroker]:
    """A second one, to be frozen and killed, which the others must not feel."""
    yield the_spare_broker.start()
    if the_spare_broker.is_running():
        os.kill(the_spare_broker.pid, signal.SIGCONT)


@contextmanager
def a_broker(home: Path, **settings: Any) -> Iterator[EmbeddedBroker]:
    """A broker of one's own, to be frozen and killed; it never outlives the test run.

    A test run that is killed itself cannot stop it: then the watcher reads the end of the
    pipe, and ends it.
    """
    running = EmbeddedBroker(home, libs=LIBS, deletable=True, **settings)
    running.start()
    kill = 'read -r _; kill -9 "$(cat "$0")"'
    watch = ["/bin/sh", "-c", kill, str(home / "broker.pid")]
    with subprocess.Popen(watch, stdin=subprocess.PIPE, start_new_session=True) as watcher:
        try:
            yield running
        finally:
            watcher.kill()
            running.stop()


class Upstream:
    """A system that writes to our inbound topic, with its own client and settings."""

    def __init__(self, cluster: Cluster, **settings: Any) -> None:
        self._producer: Any = KafkaProducer(
            bootstrap_servers=cluster.bootstrap_servers, **settings
        )

    def send(self, topic: str, *records: Outgoing) -> list[int]:
        """Where they stand now: the offsets."""
        futures = [
            self._producer.send(
                topic,
                record.value,
                key=record.key,
                headers=list(record.headers),
                partition=record.partition,
            )
            for record in records
        ]
        return [int(future.get(timeout=20).offset) for future in futures]

    def begin(self) -> None:
        self._producer.begin_transaction()

    def commit(self) -> None:
        self._producer.commit_transaction()

    def abort(self) -> None:
        self._producer.abort_transaction()

    def __enter__(self) -> Self:
        if self._producer.config["transactional_id"]:
            self._producer.init_transactions()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._producer.close(timeout=10)
