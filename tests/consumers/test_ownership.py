"""Who owns a partition: one at a time, and never somebody who fell silent."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import Connection

from consumers import projecting, relay
from consumers.ownership import Member, MemberLostError
from infra.kafka import Cluster, TopicNames, Topics
from projections import freshness
from projections.stages import stages
from tests.consumers.running import Talking, caught_up, complain, complete, running
from tests.waiting import until

ROOT = Path(__file__).parents[2]
PARTITIONS = 4


@pytest.fixture
def watching(database: str) -> Iterator[Connection[Any]]:
    with psycopg.connect(database, autocommit=True) as conn:
        yield conn


@contextmanager
def process(module: str, *words: str) -> Iterator[subprocess.Popen[str]]:
    """A process of ours, killed at the end whatever became of it."""
    command = [sys.executable, "-m", f"tests.consumers.{module}", *words]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as started:
        try:
            yield started
        finally:
            started.send_signal(signal.SIGCONT)
            started.kill()


def test_a_lease_is_one_members_until_it_leaves(database: str) -> None:
    with Member(database) as first, Member(database) as second:
        assert first.take("a partition")
        assert first.take("a partition"), "it is ours already"
        assert not second.take("a partition")
        assert second.take("another")
        first.give("a partition")
        assert second.take("a partition")
        assert not first.take("a partition")
    with Member(database) as third:
        assert third.take("a partition")


def test_members_count_those_who_share_their_work(database: str) -> None:
    with Member(database) as first, Member(database) as second:
        first.join("work")
        assert first.peers("work") == 1
        second.join("work")
        assert (first.peers("work"), second.peers("work")) == (2, 2)
        second.join("other work")
        second.leave("work")
        assert (first.peers("work"), second.peers("other work")) == (1, 1)


def test_whose_session_ended_has_no_lease_and_knows_it(
    database: str, watching: Connection[Any]
) -> None:
    with Member(database) as first, Member(database) as second:
        first.take("a partition")
        watching.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE application_name = %s",
            [f"ledger {first.id}"],
        )
        until(lambda: second.take("a partition"))
        until(lambda: first.lost)
        with pytest.raises(MemberLostError):
            first.take("another")


def test_a_member_that_was_struck_off_gives_up(
    database: str, watching: Connection[Any]
) -> None:
    """Also when its session, for whatever reason, still stands."""
    with Member(database) as one:
        watching.execute("DELETE FROM running.member")
        until(lambda: one.lost)


def test_a_frozen_owner_is_ended_though_it_holds_the_cursor(
    ledger: Talking, database: str, watching: Connection[Any]
) -> None:
    """Its leases and the rows it had locked: all its sessions go, not only one."""
    with process("a_sleeper", database) as sleeper:
        assert sleeper.stdout is not None
        member = sleeper.stdout.readline().strip()
        sleeper.send_signal(signal.SIGSTOP)
        complain(ledger, 5)

        with running(
            lambda stop: projecting.run([stages], dsn=database, feed="store", stop=stop)
        ):
            caught_up(watching, "stages", patience_s=40)

        left = watching.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE application_name = %s",
            [f"ledger {member}"],
        ).fetchone()
        assert left == (0,)
    assert complete(database)


def test_two_share_the_partitions_and_one_takes_all_when_the_other_freezes(
    ledger: Talking,
    database: str,
    broker: Cluster,
    topic_prefix: str,
    watching: Connection[Any],
) -> None:
    """And they share again when it wakes up, with nothing lost and nothing twice."""
    names = TopicNames(topic_prefix)
    with Topics(broker) as topics:
        topics.create(names.events, partitions=PARTITIONS)
    words = (database, broker.bootstrap_servers, topic_prefix)

    def relaying(stop: Any) -> None:
        relay.run(dsn=database, cluster=broker, topics=names, stop=stop)

    with ExitStack() as stack:
        stack.enter_context(running(relaying))
        first, second = (stack.enter_context(process("a_projector", *words)) for _ in "12")
        until(lambda: shares(watching) == [2, 2])
        complain(ledger, 10)
        caught_up(watching, "stages")

        first.send_signal(signal.SIGSTOP)
        complain(ledger, 10)
        until(lambda: shares(watching) == [PARTITIONS], 40)
        caught_up(watching, "stages")

        first.send_signal(signal.SIGCONT)
        complain(ledger, 10)
        until(lambda: shares(watching) == [2, 2])
        caught_up(watching, "stages")

        second.kill()
        complain(ledger, 10)
        until(lambda: shares(watching) == [PARTITIONS], 40)
        caught_up(watching, "stages")

    assert complete(database)
    assert freshness.resets(watching) == 0


def shares(conn: Connection[Any]) -> list[int]:
    """How many partitions each member holds that is heard of."""
    return [
        row[0]
        for row in conn.execute(
            "SELECT count(*) FROM running.lease"
            " WHERE beat_at > clock_timestamp() - interval '5 s' GROUP BY member"
        )
    ]
