"""Projection: set-wise batches beside one transaction for each event; and the relay."""

import asyncio
from pathlib import Path
from statistics import median
from time import perf_counter

import psycopg

from consumers import projecting
from consumers.ownership import open_session
from consumers.projector import Projector
from consumers.relay import Events, Relay
from consumers.store_feed import BEGINNING, NAME, StoreFeed
from domain.codec import Codec
from domain.registry import REGISTRY
from infra.kafka import Cluster, TopicNames, Topics, events_topic_config
from infra.postgres import schema
from infra.postgres.launcher import EmbeddedPostgres
from projections import PROJECTIONS, generations, progress
from projections.projection import Projection
from tests.bench.commands import fresh, seed

ROUNDS = 3
BATCHED, ALONE = 1_000, 1
ALONE_MAX = 400  # events: one by one is slow, and its rate the same from the first on


def seeded(postgres: EmbeddedPostgres, home: Path) -> str:
    """A database with a history to read."""
    dsn = fresh(postgres, "bench_projecting")
    schema.migrate(dsn)
    projecting.prepare(dsn, PROJECTIONS)
    asyncio.run(seed(dsn, home))
    return dsn


def measure(dsn: str) -> dict[tuple[str, int], float]:
    """Events a second into each read model, by the size of a batch."""
    return {
        (projection.name, size): median(once(dsn, projection, size) for _ in range(ROUNDS))
        for projection in PROJECTIONS
        if projection.follows("complaint.received")  # there is nothing else to read here
        for size in (BATCHED, ALONE)
    }


def once(dsn: str, projection: Projection, size: int) -> float:
    """A new generation from nothing, dropped afterwards."""
    with open_session(dsn, "bench") as conn:
        new = generations.create(conn, projection)
        codec = Codec(REGISTRY)
        made = Projector(projection, new.name, codec=codec, conn=conn, state="building")
        progress.prepare(conn, new.name, NAME, [0])
        progress.move(conn, new.name, NAME, 0, to=BEGINNING, reflected=0)
        feed = StoreFeed(conn, limit=size)
        feed.start(0, progress.place(conn, new.name, NAME, 0))
        done, began = 0, perf_counter()
        while (batch := feed.poll()) and (size > ALONE or done < ALONE_MAX):
            made.project(NAME, batch)
            done += len(batch.records)
        elapsed = perf_counter() - began
        generations.drop(conn, new)
    return done / elapsed


def relayed(dsn: str, cluster: Cluster) -> float:
    """Events a second from the store to the topic, each acknowledged."""
    rates = []
    for nth in range(ROUNDS):
        names = TopicNames(f"bench{nth}.")
        with Topics(cluster) as topics:
            topics.create(
                names.events, partitions=12, replication=1, config=events_topic_config()
            )
        with open_session(dsn, "bench") as conn:
            relay = Relay(Events(names.events), conn, cluster)
            relay.begin()
            began, done = perf_counter(), 0
            while sent := relay.step(0):
                done += sent
            rates.append(done / (perf_counter() - began))
            relay.close()
    return median(rates)


def events_in(dsn: str) -> int:
    """How many there are to read."""
    with psycopg.connect(dsn) as conn:
        row = conn.execute("SELECT count(*) FROM ledger.event").fetchone()
    return int(row[0]) if row else 0
