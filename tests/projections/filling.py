"""Read models filled by hand: from a feed, in generations of their own."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from psycopg import Connection
from psycopg.sql import SQL, Identifier

from consumers.envelope import headers_of
from consumers.feed import Batch, Feed, Record
from consumers.projector import Projector
from domain.codec import Codec
from domain.registry import REGISTRY
from infra.kafka import Cluster, Outgoing, Publisher
from projections import generations, progress
from projections.progress import Place
from projections.projection import Projection

HAND = "by hand"
PARTITIONS = 3
Rows = dict[str, list[tuple[str]]]


def fresh(conn: Connection[Any], projection: Projection, **more: Any) -> Projector:
    """A projector with an empty generation of its own."""
    made = generations.create(conn, projection)
    progress.prepare(conn, made.name, HAND, [0])
    progress.move(conn, made.name, HAND, 0, to=Place(0, "", 0), reflected=0)
    codec = Codec(REGISTRY)
    return Projector(
        projection, made.name, codec=codec, conn=conn, state="building", **more
    )


def batches(records: Sequence[Record], size: int) -> list[Batch]:
    """As one partition would bring them."""
    made: list[Batch] = []
    at = Place(0, "", 0)
    for n in range(0, len(records), size):
        part = records[n : n + size]
        to = Place(n + len(part), "", part[-1].position)
        made.append(Batch(0, at, to, part))
        at = to
    return made


def fill(projector: Projector, records: Iterable[Record], size: int = 1_000) -> int:
    """By hand; how many events were new."""
    return sum(projector.project(HAND, b) for b in batches(list(records), size))


def begin(projector: Projector, feed: Feed) -> None:
    """All partitions of a feed, each from where it stands."""
    conn, generation = projector.conn, projector.generation
    progress.prepare(conn, generation, feed.name, range(feed.partitions))
    feed.assign(range(feed.partitions))
    for partition in range(feed.partitions):
        at = progress.place(conn, generation, feed.name, partition)
        begun = feed.start(partition, at)
        if at is None:
            progress.move(conn, generation, feed.name, partition, to=begun, reflected=0)


def drain(projector: Projector, feed: Feed, until: Mapping[int, int]) -> int:
    """Project until each partition stands there; how many events were new."""
    new = 0
    while not _reached(projector, feed, until):
        if batch := feed.poll(0.5):
            new += projector.project(feed.name, batch)
    return new


def _reached(projector: Projector, feed: Feed, until: Mapping[int, int]) -> bool:
    at = {
        p: progress.place(projector.conn, projector.generation, feed.name, p) for p in until
    }
    return all(place and place.next_offset >= until[p] for p, place in at.items())


def publish(cluster: Cluster, topic: str, records: Iterable[Record]) -> dict[int, int]:
    """As the relay would, in whatever order; where each partition ends."""
    with Publisher(cluster) as publisher:
        said = publisher.publish(topic, [outgoing(record) for record in records])
    ends: dict[int, int] = defaultdict(int)
    for partition, offset in said:
        ends[partition] = max(ends[partition], offset + 1)
    return dict(ends)


def outgoing(record: Record) -> Outgoing:
    key = str(record.stream_id).encode()
    return Outgoing(key=key, value=record.state, headers=headers_of(record))


def rows(conn: Connection[Any], generation: str) -> Rows:
    """All that a generation holds, also what it knows about versions."""
    held: Rows = {}
    for table in [*generations.tables(conn, generation), generations.KEPT]:
        under = Identifier(generation, table)
        held[table] = conn.execute(
            SQL("SELECT t::text FROM {} AS t ORDER BY t::text").format(under)
        ).fetchall()
    return held
