"""From a command to the row that shows it, at 200 events a second."""

import asyncio
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path
from time import perf_counter

import psycopg

from consumers import projecting, relay
from consumers.opening import opened
from domain.complaint import contact
from infra.kafka import Cluster, TopicNames, Topics
from infra.postgres import schema
from infra.postgres.launcher import EmbeddedPostgres
from projections import PROJECTIONS
from tests.bench.commands import fresh
from tests.builders import LI, lodged, message, when

PER_SECOND = 200
SECONDS = 10
COMPLAINTS = 50
LOOK_S = 0.002


def measure(
    postgres: EmbeddedPostgres, home: Path, cluster: Cluster | None
) -> tuple[float, float]:
    """p50 and p99 in milliseconds; through Kafka when there is a cluster."""
    dsn = fresh(postgres, "bench_latency")
    schema.migrate(dsn)
    projecting.prepare(dsn, PROJECTIONS)
    stop = threading.Event()
    threads = [threading.Thread(target=one) for one in carriers(dsn, cluster, stop)]
    for thread in threads:
        thread.start()
    try:
        took = sorted(asyncio.run(told(dsn, home)))
    finally:
        stop.set()
        for thread in threads:
            thread.join(30)
    return 1000 * took[len(took) // 2], 1000 * took[int(len(took) * 0.99)]


def carriers(
    dsn: str, cluster: Cluster | None, stop: threading.Event
) -> list[Callable[[], None]]:
    """What brings an event to its row: projectors, and a relay where there is a broker."""
    project = partial(projecting.run, PROJECTIONS, dsn=dsn, stop=stop)
    if cluster is None:
        return [partial(project, feed="store")]
    names = TopicNames("latency.")
    with Topics(cluster) as there:
        there.create_ours(names, partitions=12, replication=1)
    return [
        partial(relay.run, dsn=dsn, cluster=cluster, topics=names, stop=stop),
        partial(project, feed="kafka", cluster=cluster, topics=names),
    ]


async def told(dsn: str, home: Path) -> list[float]:
    """Seconds from each command to its row."""
    sent: dict[int, float] = {}
    seen: dict[int, float] = {}
    done = asyncio.Event()
    with opened(dsn, master=home / "master.key") as mine:
        begun = [await lodged(mine) for _ in range(COMPLAINTS)]
        looking = asyncio.create_task(look(dsn, seen, sent, done))
        began = perf_counter()
        tasks = []
        for nth in range(PER_SECOND * SECONDS):
            await asyncio.sleep(max(0, began + nth / PER_SECOND - perf_counter()))
            one = begun[nth % COMPLAINTS]
            tasks.append(asyncio.create_task(say(mine.ledger, one.complaint_id, sent)))
        await asyncio.gather(*tasks)
        done.set()
        await looking
        await mine.appender.close()
    return [seen[position] - at for position, at in sent.items()]


async def say(ledger: object, complaint_id: object, sent: dict[int, float]) -> None:
    """One command; noted when it was given, under the position it got."""
    at = perf_counter()
    receipt = await ledger.change(  # type: ignore[attr-defined]
        message(),
        complaint_id,
        None,
        contact.contacted,
        who=LI,
        when=when(),
        channel="phone",
    )
    sent[receipt.position] = at


async def look(
    dsn: str, seen: dict[int, float], sent: dict[int, float], done: asyncio.Event
) -> None:
    """When each event's row could first be read."""
    async with await psycopg.AsyncConnection.connect(dsn, autocommit=True) as conn:
        low = 0  # all up to here were seen; partitions may run ahead of each other
        while not (done.is_set() and set(sent) <= set(seen)):
            said = await conn.execute(
                "SELECT position FROM reading.stages WHERE position > %s", [low]
            )
            now = perf_counter()
            for (position,) in await said.fetchall():
                seen.setdefault(position, now)
            while low + 1 in seen:
                low += 1
            await asyncio.sleep(LOOK_S)
