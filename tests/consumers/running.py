"""Loops run in threads as processes run them, and the ledger going on meanwhile."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import psycopg
from psycopg import Connection

from consumers.opening import Opened
from domain.complaint import contact
from domain.event import When
from projections import freshness
from tests.builders import LI, TUESDAY, lodged, message
from tests.waiting import until

Loop = Callable[[threading.Event], None]


@contextmanager
def running(*loops: Loop) -> Iterator[None]:
    """Each in a thread, until the block ends; what one raises is raised then."""
    stop = threading.Event()
    with ThreadPoolExecutor(max_workers=len(loops)) as pool:
        futures = [pool.submit(loop, stop) for loop in loops]
        try:
            yield
        finally:
            stop.set()
        for future in futures:
            future.result()


@dataclass(frozen=True)
class Talking:
    """A ledger, and the one loop on which people talk to it."""

    opened: Opened
    loop: asyncio.Runner


def complain(ledger: Talking, complaints: int, calls: int = 2) -> list[UUID]:
    """So many complaints, each with so many calls, all at once."""

    async def one() -> UUID:
        begun = await lodged(ledger.opened)
        for hours in range(calls):
            await call(ledger.opened, begun.complaint_id, hours)
        return begun.complaint_id

    async def all_of_them() -> list[UUID]:
        return list(await asyncio.gather(*(one() for _ in range(complaints))))

    return ledger.loop.run(all_of_them())


def call_again(ledger: Talking, complaint_id: UUID) -> None:
    """One more event of a complaint."""
    ledger.loop.run(call(ledger.opened, complaint_id, 9))


async def call(opened: Opened, complaint_id: UUID, hours: int) -> None:
    when = When(occurred_at=TUESDAY + timedelta(hours=hours))
    await opened.ledger.change(
        message(), complaint_id, None, contact.contacted, who=LI, when=when, channel="mail"
    )


def caught_up(conn: Connection[Any], *names: str, patience_s: float = 30.0) -> None:
    """Come back when these read models show all that the store has."""

    def they_have() -> bool:
        try:
            found = freshness.read_all(conn, names)
        except freshness.NotInstalledError:
            return False
        return all(one.live and one.lag_events == 0 for one in found)

    until(they_have, patience_s)


def complete(dsn: str) -> bool:
    """Whether the stages are the store's events: none lost, none twice, none invented."""
    with psycopg.connect(dsn) as conn:
        store = conn.execute(
            "SELECT stream, version, position, topic, recorded_at FROM ledger.event"
            " WHERE topic LIKE 'complaint.%' ORDER BY position"
        ).fetchall()
        table = conn.execute(
            "SELECT stream_id, version, position, topic, recorded_at FROM reading.stages"
            " ORDER BY position"
        ).fetchall()
    return store == table != []
