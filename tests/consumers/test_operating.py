"""Operating: tables put back, streams let go on, and the ledger's note of who did it."""

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
from psycopg import Connection

from consumers import projecting
from consumers.operating import Operating
from consumers.ownership import open_session
from domain.errors import InvalidError
from domain.operation import Operations, ProjectionRewound, stream_of
from projections import freshness, generations
from projections.stages import stages
from tests.builders import WANG
from tests.consumers.running import Loop, Talking, caught_up, complain, complete, running
from tests.waiting import until


@pytest.fixture
def conn(database: str) -> Iterator[Connection[Any]]:
    with open_session(database, "test") as session:
        generations.install(session, [stages])
        yield session


@pytest.fixture
def mine(ledger: Talking, database: str) -> Operating:
    return Operating(ledger.opened.ledger, database, "Asia/Shanghai")


def by_store(dsn: str) -> Loop:
    return lambda stop: projecting.run([stages], dsn=dsn, feed="store", stop=stop)


def noted(ledger: Talking) -> list[ProjectionRewound]:
    found = ledger.opened.ledger.found(stream_of("stages"))
    assert isinstance(found, Operations)
    assert all(event.who == WANG for event in found.log)
    return [event for event in found.log if isinstance(event, ProjectionRewound)]


def test_the_tables_before_are_read_again_and_lack_nothing(
    ledger: Talking, database: str, conn: Connection[Any], mine: Operating
) -> None:
    """There and back again, while people go on; each time it is known who did it."""
    with running(by_store(database)):
        complain(ledger, 5)
        assert ledger.loop.run(mine.rebuild(WANG, "stages")) == 2
        complain(ledger, 5)
        assert ledger.loop.run(mine.roll_back(WANG, "stages")) == 1
        complain(ledger, 5)
        caught_up(conn, "stages")
        assert freshness.read(conn, "stages").generation == "stages_g1"
        assert complete(database)
        assert ledger.loop.run(mine.roll_back(WANG, "stages")) == 2, (
            "that too is taken back"
        )
        caught_up(conn, "stages")

    assert complete(database)
    acts = [(one.act, one.generation) for one in noted(ledger)]
    assert acts == [
        ("rebuilt", "stages_g2"),
        ("rolled_back", "stages_g1"),
        ("rolled_back", "stages_g2"),
    ]


def test_where_nothing_is_kept_nothing_is_put_back(
    ledger: Talking, conn: Connection[Any], mine: Operating
) -> None:
    with pytest.raises(InvalidError, match="no earlier tables"):
        ledger.loop.run(mine.roll_back(WANG, "stages"))
    conn.execute(
        "INSERT INTO running.generation (name, projection, nth, definition, state)"
        " VALUES ('stages_g9', 'stages', 9, 'of another program', 'old')"
    )
    with pytest.raises(InvalidError, match="no earlier tables of this program"):
        ledger.loop.run(mine.roll_back(WANG, "stages"))

    assert ledger.opened.ledger.found(stream_of("stages")) is None


def test_what_is_really_parked_goes_on_once_it_is_mended(
    ledger: Talking, database: str, conn: Connection[Any], mine: Operating
) -> None:
    rule = "ALTER TABLE stages_g1.stages {} CONSTRAINT no_third"
    conn.execute(rule.format("ADD") + " CHECK (version <> 3) NOT VALID")
    with running(by_store(database)):
        [complaint] = complain(ledger, 1)
        until(lambda: freshness.read(conn, "stages").parked == 1)
        again = ledger.loop.run(mine.unpark(WANG, complaint))
        assert [(t.from_version, t.goes_on) for t in again] == [(3, False)]
        conn.execute(rule.format("DROP"))

        [tried] = ledger.loop.run(mine.unpark(WANG))

        assert (tried.stream_id, tried.from_version, tried.goes_on) == (complaint, 3, True)
        assert freshness.read(conn, "stages").parked == 0
        caught_up(conn, "stages")
    assert complete(database)
    said = [(one.act, one.stream, one.from_version, one.goes_on) for one in noted(ledger)]
    assert said == [("unparked", complaint, 3, False), ("unparked", complaint, 3, True)]


def test_two_who_act_at_once_are_both_noted(
    ledger: Talking, conn: Connection[Any], mine: Operating
) -> None:
    """Also the first time, when both would begin the stream."""
    assert generations.live(conn, "stages")

    async def both() -> None:
        noting = mine.note  # the note alone: two rebuilds at once wait for each other
        await asyncio.gather(*(noting(WANG, "stages", "rebuilt") for _ in range(4)))

    ledger.loop.run(both())

    assert len(noted(ledger)) == 4
