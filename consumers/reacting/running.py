"""Running the reactor: one at work at a time, wherever it was killed the next goes on."""

import asyncio
import threading
from collections.abc import Callable
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

from psycopg import Connection

from consumers import trouble
from consumers.home import Home
from consumers.opening import Opened, opened
from consumers.ownership import Member
from consumers.persisting import persist
from consumers.reacting import lapses, looking, pledges, repeats
from domain.ledger import aside
from domain.times import Instant
from infra.wall_clock import now

LEASE = WHAT = "reactor"
IDLE_S = 1.0


def at_home(home: Home, dsn: str, stop: threading.Event) -> None:
    """React with the keys of this home until told to stop."""
    given = home.settings.keys_url
    keys = given.get_secret_value() if given else None
    run(dsn, master=home.master_key, keys_dsn=keys, stop=stop)


def run(
    dsn: str,
    *,
    master: Path,
    keys_dsn: str | None = None,
    stop: threading.Event,
    clock: Callable[[], datetime] = now,
) -> None:
    """React until told to stop. *dsn* is the owner's; every part takes its own role.

    What passes is tried again. What does not is shown, and tried now and then.
    """

    def work() -> None:
        with opened(dsn, keys_dsn=keys_dsn, master=master) as ledger:
            asyncio.run(_reacting(ledger, dsn, stop, clock))

    persist(WHAT, work, dsn=dsn, stop=stop)


async def _reacting(
    ledger: Opened, dsn: str, stop: threading.Event, clock: Callable[[], datetime]
) -> None:
    try:
        with Member(dsn) as member, closing(member.session()) as conn:
            while not stop.is_set() and not member.lost:
                if not member.take(LEASE):
                    await asyncio.sleep(IDLE_S)  # another reactor is at work
                    continue
                at = clock().replace(microsecond=0)
                if not await step(ledger, conn, at=at):
                    trouble.over(conn, WHAT)
                    await asyncio.sleep(IDLE_S)
    finally:
        await ledger.appender.close()


async def step(ledger: Opened, conn: Connection[Any], *, at: Instant) -> bool:
    """Look at what was recorded since, then at what is due; whether there was anything.

    *conn* is in autocommit, *at* the time it is. Whatever it did half the next one ends.
    """
    found = await aside(looking.look, ledger, conn)
    found |= await repeats.step(ledger, conn, at=at)
    found |= await pledges.step(ledger, conn, at=at)
    return await lapses.step(ledger, conn, now=at) or found
