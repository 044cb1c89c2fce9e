"""A topic that others write is read from our own place in it, each delivery once."""

import asyncio
from pathlib import Path

import psycopg
import pytest

from consumers.inbound import place
from consumers.inbound.desk import Desk
from consumers.inbound.intake import Intake
from infra.kafka import Cluster, Outgoing, Topics, inbound_topic_config
from tests.broker_fixture import Upstream
from tests.consumers.kafka_log import forget, make_again
from tests.inbound.looking import answers, events, letters, rows, until
from tests.inbound.messages import A_CALL, A_COMPLAINT, raw
from tests.inbound.plant import NotUtf8, outgoing, process, taking_in

PARTITIONS = 3
AT_END = "SELECT count(*) FROM running.inbound WHERE next_offset = end_offset"
TWICE = """
SELECT count(*) FROM (SELECT FROM ledger.outcome WHERE topic IS NOT NULL
                       GROUP BY topic, topic_id, part, at_offset HAVING count(*) > 1) AS x
"""
TROUBLE = "SELECT why FROM running.trouble WHERE what LIKE 'intake %%' AND kind = %s"


@pytest.fixture
def topic(broker: Cluster, topic_prefix: str) -> str:
    with Topics(broker) as topics:
        config = inbound_topic_config()
        made = topics.create(f"{topic_prefix}in", partitions=PARTITIONS, config=config)
        return made.name


def begun(*numbers: int) -> list[Outgoing]:
    """Complaints that begin."""
    messages = [raw("received", A_COMPLAINT, id=f"a{n}", subject=f"K-{n}") for n in numbers]
    return list(outgoing(*messages))


def called(*numbers: int, again: str = "") -> list[Outgoing]:
    """A call about each of these complaints."""
    messages = [
        raw("contacted", A_CALL, id=f"b{n}{again}", subject=f"K-{n}") for n in numbers
    ]
    return list(outgoing(*messages))


async def answered(desk: Desk, many: int) -> None:
    """Wait until so many deliveries have their outcome."""

    async def all_are() -> bool:
        found = await rows(desk, "SELECT count(*) FROM ledger.outcome")
        return bool(found[0][0] >= many)

    await until(all_are, f"{many} outcomes")


async def read_to_the_end(desk: Desk) -> None:
    """Wait until nothing is left in any partition, markers included."""

    async def nothing_is() -> bool:
        return await rows(desk, AT_END) == [(PARTITIONS,)]

    await until(nothing_is, "every partition read to its end")


async def test_what_is_in_the_topic_is_taken_in_and_the_place_is_its_end(
    desk: Desk, database: str, broker: Cluster, topic: str
) -> None:
    with Upstream(broker) as upstream:
        upstream.send(topic, *begun(*range(20)))
        async with taking_in(desk, database, broker, topic):
            await answered(desk, 20)
            upstream.send(topic, *called(*range(20)))
            await answered(desk, 40)
            await read_to_the_end(desk)

    found = await rows(desk, "SELECT sum(next_offset) FROM ledger.inbound_cursor")
    assert found == [(40,)]
    assert {one.split()[1] for one in await answers(desk)} == {"accepted"}


async def test_aborted_messages_are_not_taken_in_and_markers_are_passed(
    desk: Desk, database: str, broker: Cluster, topic: str
) -> None:
    """Lag becomes nothing though the last thing in each partition is a marker."""
    with Upstream(broker, transactional_id=topic) as upstream:
        async with taking_in(desk, database, broker, topic):
            for n in range(6):
                upstream.begin()
                upstream.send(topic, *begun(n, 10 + n, 20 + n))
                if n % 2:
                    upstream.abort()
                else:
                    upstream.commit()
            await answered(desk, 9)
            await read_to_the_end(desk)
            upstream.begin()
            upstream.send(topic, *begun(99))

            async def held_back() -> bool:
                waits = "SELECT count(*) FROM running.inbound WHERE open_until > end_offset"
                return await rows(desk, waits) == [(1,)]

            await until(held_back, "an open transaction is seen")
            upstream.commit()
            await answered(desk, 10)
            await read_to_the_end(desk)

    keys = {f"K-{n + ten}" for n in (0, 2, 4) for ten in (0, 10, 20)} | {"K-99"}
    assert set(await events(desk)) == {f"{key} received" for key in keys}


async def test_another_process_goes_on_where_one_was_killed(
    desk: Desk, database: str, master: Path, broker: Cluster, topic: str
) -> None:
    """Killed again and again while messages come in, also twice and too early."""
    many = 60
    with Upstream(broker) as upstream:
        for kills in range(6):
            lot = range(kills * 10, kills * 10 + 10)
            upstream.send(topic, *called(*lot), *begun(*lot), *called(*lot))
            with process(database, master, broker, topic):
                await answered(desk, kills * 25 + 5)
        async with taking_in(desk, database, broker, topic):
            await read_to_the_end(desk)

    assert await rows(desk, TWICE) == [(0,)]
    delivered = "SELECT count(*) FROM ledger.outcome WHERE topic IS NOT NULL"
    assert await rows(desk, delivered) == [(3 * many,)]
    expected = {f"K-{n} {word}" for n in range(many) for word in ("received", "contacted")}
    found = await events(desk)
    assert set(found) == expected
    assert len(found) == len(expected)


async def test_two_share_the_partitions_and_one_takes_over(
    desk: Desk, database: str, master: Path, broker: Cluster, topic: str
) -> None:
    holders = "SELECT count(*) FROM running.member WHERE kinds <> '{}'"

    async def both_are_there() -> bool:
        return await rows(desk, holders) == [(2,)]

    with Upstream(broker) as upstream:
        async with taking_in(desk, database, broker, topic):
            with process(database, master, broker, topic):
                await until(both_are_there, "two members")
                upstream.send(topic, *begun(*range(30)))
                await answered(desk, 30)
            upstream.send(topic, *called(*range(30)))
            await answered(desk, 60)

    assert await rows(desk, TWICE) == [(0,)]
    assert len(await events(desk)) == 60


async def test_a_database_that_goes_away_is_waited_for(
    desk: Desk, database: str, broker: Cluster, topic: str
) -> None:
    """Every session is ended while messages come in: they are read again, and once."""
    end = (
        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    with Upstream(broker) as upstream:
        async with taking_in(desk, database, broker, topic):
            for n in range(4):
                upstream.send(topic, *begun(*range(n * 10, n * 10 + 10)))
                with psycopg.connect(database, autocommit=True) as conn:
                    conn.execute(end)
                await asyncio.sleep(0)
            await answered(desk, 40)

    assert len(await events(desk)) == 40
    assert await rows(desk, TWICE) == [(0,)]


async def test_what_no_client_can_decode_is_set_aside_by_its_place(
    desk: Desk, database: str, broker: Cluster, topic: str
) -> None:
    """What stands before and behind it is taken in."""
    with Upstream(broker, linger_ms=100) as upstream:
        first = outgoing(raw("received", A_COMPLAINT, id="a"), partition=0)
        bad = Outgoing(b"K-1", b"{}", ((NotUtf8("x"), b"1"),), 0)
        upstream.send(topic, *first, bad)
        upstream.send(topic, *outgoing(raw("contacted", A_CALL, id="b"), partition=0))
        async with taking_in(desk, database, broker, topic):
            await answered(desk, 3)

    assert await answers(desk) == ["a accepted", "b accepted"]
    [(kind, place_of_it, _)] = await letters(desk)
    assert (kind, place_of_it.partition(":")[2]) == ("malformed", "0:1")


async def stopped_with(desk: Desk, words: str) -> None:
    async def it_is() -> bool:
        return any(words in why for (why,) in await rows(desk, TROUBLE, "stopped"))

    await until(it_is, f"stopped: {words}")


async def test_messages_that_are_gone_stop_the_topic_until_an_operator_goes_on(
    desk: Desk, database: str, broker: Cluster, topic: str
) -> None:
    one = [record._replace(partition=0) for record in begun(*range(8))]
    with Upstream(broker) as upstream:
        upstream.send(topic, *one[:3])
        async with taking_in(desk, database, broker, topic):
            await answered(desk, 3)
        upstream.send(topic, *one[3:])
        forget(broker, topic, {0: 6})
        async with taking_in(desk, database, broker, topic):
            await stopped_with(desk, "[0]: offsets 3 to 5 cannot be read")
            assert len(await answers(desk)) == 3
        lost = await place.go_on(Intake(desk), broker, topic, by="p-li")
        again = await place.go_on(Intake(desk), broker, topic, by="p-li")
        async with taking_in(desk, database, broker, topic):
            await answered(desk, 6)

    assert [(gone.partition, gone.beginning) for gone in lost] == [(0, 6)]
    assert again == []
    assert await answers(desk) == [f"a{n} accepted" for n in (0, 1, 2, 6, 7)]
    [(why,)] = await rows(desk, "SELECT reason FROM ledger.letter")
    assert "p-li let reading go on" in why
    assert await rows(desk, TROUBLE, "stopped") == []


async def test_a_topic_that_was_made_again_stops_until_an_operator_goes_on(
    desk: Desk, database: str, broker: Cluster, topic: str
) -> None:
    with Upstream(broker) as upstream:
        upstream.send(topic, *begun(*range(6)))
        async with taking_in(desk, database, broker, topic):
            await answered(desk, 6)
            await asyncio.to_thread(make_again, broker, topic)
            await stopped_with(desk, "was made again")
    with Upstream(broker) as upstream:
        upstream.send(topic, *called(*range(6)))
    lost = await place.go_on(Intake(desk), broker, topic, by="p-li")
    async with taking_in(desk, database, broker, topic):
        await answered(desk, 6 + len(lost) + 6)

    assert len(await events(desk)) == 12
