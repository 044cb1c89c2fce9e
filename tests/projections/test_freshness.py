"""Freshness: never more than what every partition has come to, and never alive by habit."""

from typing import Any
from uuid import uuid4

import psycopg
import pytest
from psycopg import Connection

from projections import freshness, generations
from projections.stages import stages

HEAD = 60
TOPIC, ID = "events", "id-1"
EVENTS = """
INSERT INTO ledger.event
SELECT n, clock_timestamp() - make_interval(secs => 1000 - n * 10), gen_random_uuid(), 1,
       'complaint.received', ''
  FROM generate_series(1, 60) AS n
"""
CURSOR = """
INSERT INTO running.cursor (generation, feed, part, topic_id, next_offset, reflected)
VALUES ('stages_g1', %s, %s, %s, %s, %s)
"""
RELAY = """
INSERT INTO running.relay (name, topic, topic_id, position) VALUES ('events', %s, %s, %s)
"""
MARK = "INSERT INTO running.relay_mark VALUES ('events', %s, %s, 0)"
LEASE = """
INSERT INTO running.lease
VALUES ('stages_g1', %s, %s, %s, clock_timestamp() - make_interval(secs => %s))
"""
Parts = list[tuple[int | None, int]]


@pytest.fixture
def conn(database: str) -> Connection[Any]:
    with psycopg.connect(database) as owner:
        owner.execute(EVENTS)
        owner.execute("SET LOCAL ROLE ledger_projector")
        generations.install(owner, [stages])
    return psycopg.connect(database, autocommit=True)


@pytest.mark.parametrize(
    ("parts", "relay", "position"),
    [
        ([], None, 0),
        ([(11, 10)], None, 10),
        ([(11, 30), (6, 20)], None, 20),
        ([(11, 30), (None, 0)], None, 0),
        ([(11, 30), (6, 20)], (ID, 40, {0: 11, 1: 6}), 40),  # all that was sent is read
        ([(11, 30), (6, 20)], (ID, 40, {0: 12, 1: 6}), 30),  # one record is on its way
        ([(11, 30), (6, 20)], (ID, 40, {0: 11, 1: 7}), 20),
        ([(11, 30), (6, 20)], (ID, 40, {0: 11}), 40),  # nothing was ever sent there
        ([(11, 30), (6, 20)], ("id-2", 40, {0: 1, 1: 1}), 20),  # of another topic
        ([(11, 30), (None, 0)], (ID, 40, {0: 11}), 0),  # nobody looked into it
        ([(11, 50), (6, 45)], (ID, 40, {0: 9, 1: 3}), 45),  # the relay was set back
    ],
)
def test_the_position_is_what_all_partitions_have_come_to(
    parts: Parts,
    relay: tuple[str, int, dict[int, int]] | None,
    position: int,
    conn: Connection[Any],
) -> None:
    with conn:
        for part, (next_offset, reflected) in enumerate(parts):
            conn.execute(CURSOR, [TOPIC, part, ID, next_offset, reflected])
        if relay:
            conn.execute(RELAY, [TOPIC, *relay[:2]])
            for part, offset in relay[2].items():
                conn.execute(MARK, [part, offset])

        found = freshness.read(conn, "stages")

    assert (found.position, found.head_position) == (position, HEAD)
    assert found.lag_events == HEAD - position
    waiting_s = 1000 - (position + 1) * 10
    assert waiting_s <= found.lag_seconds < waiting_s + 60


def test_nothing_behind_is_no_second_behind(conn: Connection[Any]) -> None:
    with conn:
        conn.execute(CURSOR, ["store", 0, "", HEAD + 1, HEAD])

        found = freshness.read(conn, "stages")

    assert (found.lag_events, found.lag_seconds) == (0, 0)
    assert found.recorded_at_of_position is not None


def test_of_two_feeds_the_one_that_came_further_counts(conn: Connection[Any]) -> None:
    """Somebody changed from one to the other: the tables show what both brought."""
    with conn:
        conn.execute(CURSOR, ["store", 0, "", 51, 50])
        conn.execute(CURSOR, [TOPIC, 0, ID, 7, 6])

        assert freshness.read(conn, "stages").position == 50


@pytest.mark.parametrize(
    ("silent_s", "trouble", "live"),
    [
        ([0, 0], None, True),
        ([0, 11], None, False),
        ([0], None, False),
        ([], None, False),
        ([0, 0], "KafkaUnreachableError", False),
    ],
)
def test_it_lives_while_each_partition_is_read_and_nothing_holds_it_up(
    silent_s: list[int], trouble: str | None, live: bool, conn: Connection[Any]
) -> None:
    with conn:
        for part in range(2):
            conn.execute(CURSOR, [TOPIC, part, ID, 1, 1])
        for part, seconds in enumerate(silent_s):
            conn.execute(LEASE, [TOPIC, part, uuid4(), seconds])
        if trouble:
            conn.execute(
                "INSERT INTO running.trouble VALUES ('projection stages', 'waits', %s, %s)",
                [trouble, uuid4()],
            )

        found = freshness.read(conn, "stages")

    assert (found.live, found.trouble) == (live, trouble)
    assert (found.heartbeat_at is None) == (len(silent_s) < 2)


def test_a_relay_that_is_silent_does_not_look_alive(conn: Connection[Any]) -> None:
    with conn:
        assert freshness.relays(conn) == []
        conn.execute(RELAY, [TOPIC, ID, 40])
        [relay] = freshness.relays(conn)
        assert (relay.live, relay.position) == (True, 40)

        conn.execute("UPDATE running.relay SET beat_at = beat_at - interval '11 s'")
        [relay] = freshness.relays(conn)
        assert not relay.live
