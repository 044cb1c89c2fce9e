"""Power cuts of an unreplicated broker: the log goes back, under readers and writers."""

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import psycopg
import pytest
from psycopg import Connection

from consumers import projecting, relay
from infra.broker.launcher import EmbeddedBroker
from infra.kafka import TopicNames, Topics
from projections import freshness
from projections.stages import stages
from tests.consumers.kafka_log import cut
from tests.consumers.running import Talking, caught_up, complain, complete, running
from tests.consumers.test_relay import PARTITIONS, positions
from tests.waiting import until


@pytest.fixture
def watching(database: str) -> Iterator[Connection[Any]]:
    with psycopg.connect(database, autocommit=True) as conn:
        yield conn


@pytest.mark.parametrize("at_work", [True, False], ids=["at work", "at rest"])
def test_what_the_log_lost_is_sent_again_and_read_again(
    at_work: bool,
    ledger: Talking,
    database: str,
    spare_broker: EmbeddedBroker,
    watching: Connection[Any],
) -> None:
    """Complaints of three events: versions alone would mend none of them."""
    names, cluster = TopicNames("cut." if at_work else "rest."), spare_broker.cluster
    with Topics(cluster) as topics:
        topics.create(names.events, partitions=PARTITIONS)

    def relaying(stop: Any) -> None:
        relay.run(dsn=database, cluster=cluster, topics=names, stop=stop)

    def projector(stop: Any) -> None:
        projecting.run(
            [stages], dsn=database, feed="kafka", cluster=cluster, topics=names, stop=stop
        )

    with ExitStack() as stack:
        stack.enter_context(running(relaying, projector))
        for _ in range(6):
            complain(ledger, 5)
            caught_up(watching, "stages")
        if not at_work:
            stack.close()
        cut(spare_broker, names.events, keep=0.5)
        complain(ledger, 30)
        if not at_work:
            stack.enter_context(running(relaying, projector))
        until(lambda: freshness.relays(watching)[0].resent >= 1, 60)
        until(lambda: freshness.relays(watching)[0].position == 180, 60)
        caught_up(watching, "stages", patience_s=60)

    assert complete(database)
    held = positions(cluster, names.events)
    assert {position for line in held.values() for position in line} == set(range(1, 181))
