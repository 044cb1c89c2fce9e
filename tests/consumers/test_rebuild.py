"""Rebuilding: beside those that are read, checked, and shown without anybody noticing."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import psycopg
import pytest
from psycopg import Connection

from consumers import projecting, relay
from consumers.faults import BusyError
from consumers.ownership import open_session
from consumers.rebuild import RebuildFailedError, rebuild, rebuild_projection
from infra.kafka import Cluster, TopicNames, Topics
from infra.postgres.pool import role_dsn
from projections import freshness, generations
from projections.stages import stages
from tests.consumers.running import Loop, Talking, caught_up, complain, complete, running
from tests.consumers.test_projector import failing_at
from tests.waiting import until

PARTITIONS = 3


@pytest.fixture
def conn(database: str) -> Iterator[Connection[Any]]:
    with open_session(database, "test") as session:
        generations.install(session, [stages])
        yield session


def by_store(dsn: str) -> Loop:
    return lambda stop: projecting.run([stages], dsn=dsn, feed="store", stop=stop)


class Reader:
    """Looks at a table all the time, as pages do, and remembers what it saw."""

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn
        self.seen: list[tuple[int, int]] = []
        self.generations: set[str] = set()

    def read(self, stop: threading.Event) -> None:
        with psycopg.connect(role_dsn(self._dsn, "ledger_app"), autocommit=True) as conn:
            while not stop.is_set():
                row = conn.execute("SELECT count(*) FROM reading.stages").fetchone()
                fresh = freshness.read(conn, "stages")
                assert row is not None
                self.seen.append((row[0], fresh.position))
                self.generations.add(fresh.generation)


def test_readers_see_no_gap(ledger: Talking, database: str, conn: Connection[Any]) -> None:
    """Nor an error, nor less than they had seen before, while events come in."""
    reader = Reader(database)
    complain(ledger, 20)
    with running(by_store(database), reader.read):
        caught_up(conn, "stages")
        for _ in range(4):
            complain(ledger, 3)
            rebuild("stages", dsn=database)
        complain(ledger, 3)
        caught_up(conn, "stages")

    assert reader.generations >= {"stages_g1", "stages_g5"}
    counts, positions = zip(*reader.seen, strict=True)
    assert list(counts) == sorted(counts)
    assert list(positions) == sorted(positions)
    assert complete(database)


def test_kafka_goes_on_where_the_rebuild_came_to(
    ledger: Talking,
    database: str,
    conn: Connection[Any],
    broker: Cluster,
    topic_prefix: str,
) -> None:
    """From the relay's marks: nothing is read again, nothing reset, nothing left out."""
    names = TopicNames(topic_prefix)
    with Topics(broker) as topics:
        topics.create(names.events, partitions=PARTITIONS)

    def projector(stop: threading.Event) -> None:
        projecting.run(
            [stages], dsn=database, feed="kafka", cluster=broker, topics=names, stop=stop
        )

    def relaying(stop: threading.Event) -> None:
        relay.run(dsn=database, cluster=broker, topics=names, stop=stop)

    complain(ledger, 20)
    with running(projector, relaying):
        caught_up(conn, "stages")
        rebuild("stages", dsn=database)
        offsets = conn.execute(
            "SELECT c.next_offset >= m.next_offset, c.next_offset > 0"
            "  FROM running.cursor AS c JOIN running.relay_mark AS m ON m.part = c.part"
            " WHERE c.generation = 'stages_g2' AND c.feed <> 'store'"
        ).fetchall()
        assert offsets == [(True, True)] * PARTITIONS
        complain(ledger, 20)
        caught_up(conn, "stages")

    assert freshness.resets(conn) == 0
    assert complete(database)


def test_progress_is_told_up_to_the_head(
    ledger: Talking, database: str, conn: Connection[Any]
) -> None:
    complain(ledger, 10)
    told: list[tuple[int, int]] = []

    n = rebuild("stages", dsn=database, progress=lambda *at: told.append(at))

    assert (n, told[-1]) == (2, (30, 30))
    assert complete(database)


def test_only_the_one_before_is_kept_and_unfinished_ones_go(
    ledger: Talking, database: str, conn: Connection[Any]
) -> None:
    """Back is a swap; the projector then goes on from where that one had stopped."""
    complain(ledger, 3)
    generations.create(conn, stages)  # as a rebuild that was killed leaves it
    for _ in range(3):
        rebuild("stages", dsn=database)

    states = {g.nth: g.state for g in generations.every(conn, "stages")}
    assert states == {3: "old", 4: "live"}
    complain(ledger, 3)
    generations.swap(conn, generations.every(conn, "stages")[0])
    with running(by_store(database)):
        caught_up(conn, "stages")
    assert freshness.read(conn, "stages").generation == "stages_g3"
    assert complete(database)


def test_what_is_worse_is_not_shown(
    ledger: Talking, database: str, conn: Connection[Any]
) -> None:
    [one, *_] = complain(ledger, 3)
    with running(by_store(database)):
        caught_up(conn, "stages")

    with pytest.raises(RebuildFailedError, match="1 parked, 0 where it is read"):
        rebuild_projection(failing_at((one, 2)), dsn=database)
    with pytest.raises(RebuildFailedError, match="not one row"):
        rebuild_projection(
            replace(stages, project=lambda _conn, _batch: None), dsn=database
        )
    assert freshness.read(conn, "stages").generation == "stages_g1"
    assert complete(database)


def test_what_does_not_know_all_the_store_has_is_not_shown(
    ledger: Talking, database: str, conn: Connection[Any]
) -> None:
    complain(ledger, 3)

    def spoil(_position: int, _head: int) -> None:
        conn.execute("UPDATE stages_g2.known_version SET version = 2 WHERE version = 3")

    with pytest.raises(RebuildFailedError, match="3 streams are not as in the store"):
        rebuild("stages", dsn=database, progress=spoil)


def test_one_at_a_time(ledger: Talking, database: str, conn: Connection[Any]) -> None:
    complain(ledger, 3)
    errors: list[Exception] = []

    def another(_position: int, _head: int) -> None:
        with pytest.raises(BusyError) as refused:
            rebuild("stages", dsn=database)
        errors.append(refused.value)

    rebuild("stages", dsn=database, progress=another)

    assert len(errors) == 1
    with pytest.raises(LookupError):
        rebuild("invented", dsn=database)


def test_a_long_reader_delays_it_and_is_not_ended(
    ledger: Talking, database: str, conn: Connection[Any]
) -> None:
    """And what came in while it waited is there at once when it is shown."""
    complain(ledger, 3)
    with psycopg.connect(role_dsn(database, "ledger_app")) as reader:
        reader.execute("SELECT * FROM reading.stages")

        def read_on(_stop: threading.Event) -> None:
            until(lambda: swapping(conn))
            complain(ledger, 3)
            with running(by_store(database)):
                caught_up(conn, "stages")
            row = reader.execute("SELECT count(*) FROM reading.stages").fetchone()
            reader.rollback()
            assert row == (18,)

        with running(read_on):
            rebuild("stages", dsn=database)

    assert freshness.read(conn, "stages").generation == "stages_g2"
    assert complete(database)


def swapping(conn: Connection[Any]) -> bool:
    """Somebody waits for the view."""
    row = conn.execute("SELECT count(*) FROM pg_locks WHERE NOT granted").fetchone()
    return row is not None and row[0] > 0
