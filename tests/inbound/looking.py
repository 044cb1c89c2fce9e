"""Looking into the store of a test: outcomes, letters, events."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from consumers.inbound import outcomes
from consumers.inbound.desk import Desk
from consumers.inbound.parcel import Told

WAIT_S = 20.0
LOOK_S = 0.02


async def rows(desk: Desk, query: str, *words: object) -> list[tuple[Any, ...]]:
    """What the database says."""
    return await desk.reading(lambda c: c.execute(query.encode(), words).fetchall())


async def until(look: Callable[[], Awaitable[bool]], what: str = "it came so") -> None:
    """Wait for a condition, and not longer than a machine under load needs."""
    loop = asyncio.get_running_loop()
    end = loop.time() + WAIT_S
    while not await look():
        assert loop.time() < end, f"not within {WAIT_S} s: {what}"
        await asyncio.sleep(LOOK_S)


async def events(desk: Desk, *, topics: bool = False) -> list[str]:
    """What was recorded, in order: as topics, or as number and topic."""
    found = await rows(
        desk,
        "SELECT convert_from(b.state, 'UTF8')::json ->> 'source_key', e.topic"
        " FROM ledger.event AS e JOIN ledger.event AS b"
        " ON (b.stream, b.version) = (e.stream, 1) ORDER BY e.position",
    )
    words = [(key, topic.removeprefix("complaint.")) for key, topic in found]
    return [word if topics else f"{key} {word}" for key, word in words]


async def letters(desk: Desk) -> list[tuple[str, str, str | None]]:
    """Every letter: its kind, its message, and how it was settled."""
    return await rows(
        desk, "SELECT kind, message_id, settled FROM ledger.letter ORDER BY nth"
    )


async def answers(desk: Desk, source: str = "crm") -> list[str]:
    """Every outcome of a source, in order, as id and outcome."""
    found = await rows(
        desk,
        "SELECT message_id, outcome FROM ledger.outcome WHERE source = %s ORDER BY nth",
        source,
    )
    return [f"{message_id} {outcome}" for message_id, outcome in found]


def outcomes_of(told: Sequence[Told]) -> list[str]:
    return [one.outcome for one in told]


def code(told: Told) -> str:
    """Why it was not taken."""
    return str(outcomes.why(told.detail).get("code", ""))


def fields(told: Told) -> list[str]:
    """The fields in which something was wrong."""
    assert told.detail is not None
    return [lack["field"] for lack in json.loads(told.detail)["lacks"]]
