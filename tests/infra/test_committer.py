"""The committer: what waits goes together; what breaks is said again; one is to blame."""

import asyncio
from collections.abc import Sequence
from random import Random
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from domain.entry import Entry
from infra.postgres.appender import Answer, Appender, UnavailableError
from infra.postgres.appender import Entry as Row
from infra.postgres.committer import ENTRIES_MAX, LINE_MAX, Committer
from infra.postgres.pool import role_dsn
from tests.infra.entries import entry, numbered


class Watched(Appender):
    """Counts its calls; a test may break the line after one."""

    def __init__(self, database: str) -> None:
        super().__init__(role_dsn(database, "ledger_app"))
        self.sizes: list[int] = []
        self.lose = 0

    async def append(self, entries: Sequence[Row]) -> list[Answer]:
        self.sizes.append(len(entries))
        answers = await super().append(entries)
        if self.lose:
            self.lose -= 1
            await self.close()
            raise UnavailableError  # It was written, and nobody heard of it.
        return answers


async def said(appender: Appender, *entries: Entry, patience_s: float = 30.0) -> list[Any]:
    """Each by a task of its own, as requests come."""
    committer = Committer(appender.append, patience_s=patience_s)
    try:
        answers = await asyncio.gather(*(committer.append([e]) for e in entries))
        return [answer for [answer] in answers]
    finally:
        await appender.close()


async def test_what_waits_goes_in_one_call_and_in_order(database: str) -> None:
    watched = Watched(database)

    answers = await said(watched, *(entry() for _ in range(500)))

    assert [answer.position for answer in answers] == list(range(1, 501))
    assert watched.sizes == [ENTRIES_MAX, ENTRIES_MAX, 100]


async def test_a_commit_nobody_heard_of_is_found_when_said_again(database: str) -> None:
    watched = Watched(database)
    watched.lose = 2

    answers = await said(watched, *(numbered() for _ in range(20)))

    assert {answer.verdict for answer in answers} == {"answered"}
    assert [answer.position for answer in answers] == list(range(1, 21))
    with psycopg.connect(database) as conn:
        assert conn.execute("SELECT last FROM ledger.series").fetchone() == (20,)


async def test_the_one_to_blame_is_found_and_the_others_are_recorded(database: str) -> None:
    """Too large a key for an index, and an event without a topic."""
    chance = Random(1)  # noqa: S311  # long, and not to be compressed
    long_key = "".join(chr(chance.randrange(0x4E00, 0x9FFF)) for _ in range(3_000))
    entries = [entry() for _ in range(50)]
    entries[0] = entry(claims=[("source:crm", long_key, uuid4())])
    entries[49] = entry(events=[(uuid4(), 1, None, b"{}")])

    answers = await said(Watched(database), *entries)

    assert [n for n, a in enumerate(answers) if isinstance(a, Exception)] == [0, 49]
    assert all(isinstance(answers[n], psycopg.Error) for n in (0, 49))
    assert [a.position for a in answers[1:49]] == list(range(1, 49))


async def test_a_series_at_its_end_stops_only_its_own(database: str) -> None:
    with psycopg.connect(database) as conn:
        conn.execute("INSERT INTO ledger.series VALUES ('C-2026-', 999999)")

    [full, other] = await said(Watched(database), numbered(), entry())

    assert isinstance(full, psycopg.errors.CheckViolation)
    assert other.position == 1


async def test_connections_cut_all_the_time_lose_and_double_nothing(database: str) -> None:
    watched, chance = Watched(database), Random(1)  # noqa: S311
    work = asyncio.create_task(said(watched, *(numbered() for _ in range(600))))  # noqa: RUF006

    async with await psycopg.AsyncConnection.connect(database, autocommit=True) as conn:
        while not work.done():
            await conn.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE query LIKE '%%ledger.append%%' AND pid <> pg_backend_pid()"
                " AND datname = current_database()"
            )
            await asyncio.sleep(chance.uniform(0.02, 0.1))
    answers = await work

    assert sorted(answer.position for answer in answers) == list(range(1, 601))
    assert len({answer.detail for answer in answers}) == 600


async def test_a_server_that_is_frozen_is_given_up_in_time(database: str) -> None:
    """Its socket stays open and says nothing; the sender hears 503 and may send again."""
    appender = Watched(database)
    await appender.append([entry()])
    with psycopg.connect(database, autocommit=True) as lock:
        lock.execute("SELECT pg_advisory_lock(hashtextextended('ledger.append', 0))")
        [answer] = await said(appender, entry(), patience_s=0.5)

    assert isinstance(answer, UnavailableError)


async def test_a_full_line_sends_the_next_one_away(database: str) -> None:
    watched = Watched(database)
    committer = Committer(watched.append)

    answers = await committer.append([entry() for _ in range(LINE_MAX + 1)])

    assert {type(answer) for answer in answers} == {UnavailableError}
    assert watched.sizes == []


@pytest.mark.parametrize("cancelled", [0, 3])
async def test_a_sender_who_went_away_does_not_disturb_the_others(
    database: str, cancelled: int
) -> None:
    watched = Watched(database)
    committer = Committer(watched.append)
    tasks = [asyncio.create_task(committer.append([entry()])) for _ in range(5)]
    await asyncio.sleep(0)
    tasks[cancelled].cancel()

    answers = await asyncio.gather(*tasks, return_exceptions=True)
    await watched.close()

    gone = [n for n, a in enumerate(answers) if isinstance(a, asyncio.CancelledError)]
    assert gone == [cancelled]
    others = [answer for n, answer in enumerate(answers) if n != cancelled]
    assert [_verdict(answer) for answer in others] == ["recorded"] * 4


def _verdict(answer: object) -> str:
    assert isinstance(answer, list)
    return str(answer[0].verdict)
