"""Series of numbers in the append function: how each writes the digits it gives."""

from collections.abc import AsyncIterator
from uuid import uuid4

import psycopg
import pytest

from domain.entry import room
from tests.infra.entries import Writer, entry


@pytest.fixture
async def writer(database: str) -> AsyncIterator[Writer]:
    made = Writer(database)
    yield made
    await made.appender.close()


@pytest.mark.parametrize(
    ("series", "given"),
    [
        ("W###", ["W001", "W002"]),
        ("#@466", ["466", "467"]),
        ("#@9", ["9", "10"]),  # as many digits as it takes
        ("shipment:S-2026-", ["S-2026-000001", "S-2026-000002"]),
    ],
)
async def test_a_series_says_how_its_numbers_are_written(
    writer: Writer, database: str, series: str, given: list[str]
) -> None:
    kind, _, number = series.rpartition(":")
    for expected in given:
        stream, state = uuid4(), f'{{"number":"{number}"}}'.encode()
        at = room(state, series)
        [answer] = await writer.say(
            entry(stream, events=[(stream, 1, "t", state)], series=series, number_at=at)
        )
        assert answer.detail == expected
    with psycopg.connect(database) as conn:
        [last] = conn.execute(
            "SELECT state FROM ledger.event ORDER BY position DESC LIMIT 1"
        ).fetchone()  # type: ignore[misc]
        named = conn.execute("SELECT name, key FROM ledger.claim ORDER BY key").fetchall()
    assert bytes(last) == f'{{"number":"{given[-1]}"}}'.encode()
    assert named == [(kind or "number", one) for one in sorted(given)]
