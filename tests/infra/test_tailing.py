"""A reader that follows the store while others write: no hole, nothing missed."""

import asyncio
from contextlib import suppress
from random import Random
from uuid import uuid4

import psycopg

from infra.postgres.pool import role_dsn
from tests.infra.entries import Writer, entry

WRITERS = 8
CALLS = 25
ENTRIES = 100  # of a call: 20,000 events in all, and those of the calls rolled back


async def test_a_tailing_reader_misses_nothing_beside_eight_writers(database: str) -> None:
    """A tenth of the calls is rolled back when it has written all it wanted."""
    done = asyncio.Event()
    reader = asyncio.create_task(follow(database, done))

    await asyncio.gather(*(write(database, nth) for nth in range(WRITERS)))
    done.set()
    seen = await reader

    assert seen == list(range(1, WRITERS * CALLS * ENTRIES + 1))


async def write(database: str, nth: int) -> None:
    """Call after call; some of them end in a transaction that comes to nothing."""
    chance = Random(nth)  # noqa: S311  # to be the same each time
    writer = Writer(database)
    for _ in range(CALLS):
        if chance.random() < 0.1:
            await roll_back(database)
        await writer.say(*(entry() for _ in range(ENTRIES)))
    await writer.appender.close()


async def roll_back(database: str) -> None:
    """An append inside a transaction that its client gives up."""
    dsn = role_dsn(database, "ledger_app")
    stream = uuid4()
    with suppress(psycopg.Rollback):
        async with await psycopg.AsyncConnection.connect(dsn) as conn, conn.transaction():
            await conn.execute(
                "SELECT ledger.append(ARRAY[ROW('test', %s, 'd', 'accepted', %s, 1, NULL,"
                " ARRAY[ROW(%s, 1, 't', '{}')::ledger.new_event], '{}', '{}',"
                " NULL, NULL, NULL)::ledger.entry])",
                [str(uuid4()), stream, stream],
            )
            raise psycopg.Rollback


async def follow(database: str, done: asyncio.Event) -> list[int]:
    """Every position, in the order it could be read."""
    seen: list[int] = []
    dsn = role_dsn(database, "ledger_app")
    async with await psycopg.AsyncConnection.connect(dsn, autocommit=True) as conn:
        while True:
            ended = done.is_set()  # asked before reading: what came until then is read now
            rows = await conn.execute(
                "SELECT position FROM ledger.event WHERE position > %s"
                " ORDER BY position LIMIT 500",
                [seen[-1] if seen else 0],
            )
            new = [row[0] for row in await rows.fetchall()]
            seen += new
            if ended and not new:
                return seen
