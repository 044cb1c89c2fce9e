"""Projecting as it runs: what comes is shown, whatever goes wrong meanwhile."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import psycopg
import pytest
from psycopg import Connection

from consumers import projecting, relay
from infra.kafka import Cluster, TopicNames, Topics
from projections import freshness
from projections.projection import Projection, Recorded, UnhandledError
from projections.stages import stages
from tests.consumers.kafka_log import make_again
from tests.consumers.running import (
    Loop,
    Talking,
    call_again,
    caught_up,
    complain,
    complete,
    running,
)
from tests.waiting import until

PARTITIONS = 3
END_ALL = """
SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
 WHERE application_name LIKE 'ledger %-%' AND datname = current_database()
"""


@pytest.fixture
def names(broker: Cluster, topic_prefix: str) -> TopicNames:
    made = TopicNames(topic_prefix)
    with Topics(broker) as topics:
        topics.create(made.events, partitions=PARTITIONS)
    return made


@pytest.fixture
def watching(database: str) -> Iterator[Connection[Any]]:
    with psycopg.connect(database, autocommit=True) as conn:
        yield conn


def by_store(dsn: str, *projections: Projection) -> Loop:
    return lambda stop: projecting.run(
        projections or [stages], dsn=dsn, feed="store", stop=stop
    )


def by_kafka(dsn: str, cluster: Cluster, names: TopicNames) -> Loop:
    return lambda stop: projecting.run(
        [stages], dsn=dsn, feed="kafka", cluster=cluster, topics=names, stop=stop
    )


def relaying(dsn: str, cluster: Cluster, names: TopicNames) -> Loop:
    return lambda stop: relay.run(dsn=dsn, cluster=cluster, topics=names, stop=stop)


def failing(conn: Connection[Any], batch: Sequence[Recorded]) -> None:
    raise UnhandledError(batch[0].event.TOPIC)


def test_what_is_recorded_is_shown(
    ledger: Talking, database: str, watching: Connection[Any]
) -> None:
    """Before it began, and while it runs; at the end nobody is at work."""
    complain(ledger, 5)
    with running(by_store(database)):
        caught_up(watching, "stages")
        complain(ledger, 5)
        caught_up(watching, "stages")
        fresh = freshness.read(watching, "stages")
        assert (fresh.position, fresh.lag_seconds, fresh.trouble) == (30, 0, None)
        assert fresh.recorded_at_of_position is not None

    assert complete(database)
    assert not freshness.read(watching, "stages").live
    assert watching.execute("SELECT count(*) FROM running.member").fetchone() == (0,)


def test_and_so_it_is_through_kafka(
    ledger: Talking,
    database: str,
    broker: Cluster,
    names: TopicNames,
    watching: Connection[Any],
) -> None:
    """Also where nothing happens in a partition for long: the page is not behind."""
    with running(by_kafka(database, broker, names), relaying(database, broker, names)):
        [one] = complain(ledger, 1)
        caught_up(watching, "stages")
        call_again(ledger, one)
        caught_up(watching, "stages")
        complain(ledger, 20)
        caught_up(watching, "stages")
        [relayed] = freshness.relays(watching)
        assert (relayed.name, relayed.position, relayed.live) == ("events", 64, True)

    assert complete(database)
    assert freshness.resets(watching) == 0


def test_one_that_must_stop_is_seen_and_the_others_go_on(
    ledger: Talking, database: str, watching: Connection[Any]
) -> None:
    bad = replace(
        stages,
        name="bad",
        tables_sql="CREATE TABLE bad (n int)",
        project=failing,
    )
    complain(ledger, 3)

    with running(by_store(database, bad, stages)):
        caught_up(watching, "stages")
        until(lambda: freshness.read(watching, "bad").trouble)
        seen = freshness.read(watching, "bad")

    assert seen.trouble == "UnhandledError: complaint.received"
    assert (seen.live, seen.position, seen.lag_events, seen.parked) == (False, 0, 9, 0)
    assert seen.lag_seconds > 0
    assert complete(database)


def test_every_session_may_end_at_any_moment(
    ledger: Talking, database: str, watching: Connection[Any]
) -> None:
    ended = 0
    with running(by_store(database)):
        while ended < 4:  # it takes a moment to be back
            complain(ledger, 10)
            row = watching.execute(END_ALL).fetchone()
            ended += row[0] if row else 0
        caught_up(watching, "stages")

    assert complete(database)


def test_it_waits_for_a_topic_that_is_not_there_and_says_so(
    ledger: Talking,
    database: str,
    broker: Cluster,
    topic_prefix: str,
    watching: Connection[Any],
) -> None:
    names = TopicNames(topic_prefix)
    complain(ledger, 3)

    with running(by_kafka(database, broker, names), relaying(database, broker, names)):
        until(lambda: len(troubles(watching)) == 2)
        assert all("TopicMissingError" in why for why in troubles(watching).values())
        assert set(troubles(watching)) == {"projection stages", "relay events"}
        with Topics(broker) as topics:
            topics.create(names.events, partitions=PARTITIONS)
        caught_up(watching, "stages")
        assert troubles(watching) == {}

    assert complete(database)


def test_a_topic_made_again_is_filled_again_and_read_again(
    ledger: Talking,
    database: str,
    broker: Cluster,
    names: TopicNames,
    watching: Connection[Any],
) -> None:
    """While all are at work: each partition is reset, and nothing is shown twice."""
    with running(by_kafka(database, broker, names), relaying(database, broker, names)):
        complain(ledger, 10)
        caught_up(watching, "stages")
        make_again(broker, names.events)
        complain(ledger, 10)
        until(lambda: freshness.resets(watching) >= PARTITIONS)
        until(lambda: freshness.relays(watching)[0].resent >= 1)
        until(lambda: freshness.relays(watching)[0].position == 60)
        caught_up(watching, "stages")

    assert complete(database)


@pytest.mark.parametrize(
    ("became", "reason"),
    [
        ("next_offset = next_offset + 500", "the log was cut"),
        ("last_position = last_position - 1", "the log was written anew"),
        ("topic_id = 'another'", "another topic of this name"),
    ],
)
def test_a_place_that_is_not_what_it_was_is_never_trusted(
    became: str,
    reason: str,
    ledger: Talking,
    database: str,
    broker: Cluster,
    names: TopicNames,
    watching: Connection[Any],
) -> None:
    """As after a power cut: tables that lack what the log will not bring again."""
    with running(by_kafka(database, broker, names), relaying(database, broker, names)):
        complain(ledger, 20)
        caught_up(watching, "stages")
    watching.execute("TRUNCATE stages_g1.stages, stages_g1.known_version")
    watching.execute(f"UPDATE running.cursor SET {became}".encode())

    with running(by_kafka(database, broker, names), relaying(database, broker, names)):
        until(lambda: freshness.resets(watching) >= PARTITIONS)
        complain(ledger, 1)
        caught_up(watching, "stages")

    assert complete(database)
    noted = watching.execute(
        "SELECT reason, sum(healed) FROM running.feed_reset GROUP BY reason"
    ).fetchall()
    assert noted == [(reason, 60)]


def test_tables_of_an_older_program_are_made_anew(
    ledger: Talking, database: str, watching: Connection[Any]
) -> None:
    """When a new program begins. One that finds a newer one's tables stops instead."""
    complain(ledger, 3)
    old = replace(stages, revision=0)
    with running(by_store(database, old)):
        caught_up(watching, "stages")
        with running(by_store(database, stages)):
            until(lambda: freshness.read(watching, "stages").generation == "stages_g2")
            until(lambda: "OtherTablesError" in str(troubles(watching)))

    assert complete(database)


def troubles(conn: Connection[Any]) -> dict[str, str]:
    return dict(conn.execute("SELECT what, why FROM running.trouble").fetchall())
