"""Projecting: each read model in a thread of its own, each partition in one process."""

import threading
from collections.abc import Callable, Sequence
from typing import Any, Literal

from psycopg import Connection

from consumers.faults import passes
from consumers.feed import Feed
from consumers.kafka_feed import KafkaFeed
from consumers.ownership import Member, open_session
from consumers.store_feed import StoreFeed
from consumers.worker import Worker
from domain.codec import Codec
from domain.registry import REGISTRY
from infra.kafka import Cluster, TopicNames
from infra.logs import log
from projections import PROJECTIONS, generations
from projections.exports import views
from projections.parked import PARKED_MAX
from projections.projection import Projection

FeedKind = Literal["store", "kafka"]
PAUSE_S = 1.0


def prepare(dsn: str, projections: Sequence[Projection] = PROJECTIONS) -> None:
    """See to it that every read model can be read, before anybody asks."""
    with open_session(dsn, "ledger prepare") as conn:
        generations.install(conn, projections)


def show_readers(dsn: str) -> None:
    """Say in the database what the views mean, and show them to those who read by SQL."""
    with open_session(dsn, "ledger prepare") as conn, conn.transaction():
        views.describe(conn, views.views())


def run(
    projections: Sequence[Projection],
    *,
    dsn: str,
    feed: FeedKind,
    stop: threading.Event,
    cluster: Cluster | None = None,
    topics: TopicNames | None = None,
    parked_max: int = PARKED_MAX,
) -> None:
    """Fill the read models from a feed until told to stop. *dsn* is the owner's.

    What passes is tried again for ever. What does not stops that read model, is shown as
    its trouble, and the others go on.
    """
    opens = _opener(feed, cluster, (topics or TopicNames()).events)
    prepare_until_done(dsn, projections, stop)
    while not stop.is_set():
        try:
            with Member(dsn) as member:
                _work(projections, member, opens, dsn=dsn, stop=stop, limit=parked_max)
        except Exception as error:
            if not passes(error):
                raise
            log.warning("projecting_waits", exc_info=error)
            stop.wait(PAUSE_S)


def prepare_until_done(
    dsn: str, projections: Sequence[Projection], stop: threading.Event
) -> None:
    """The same, also while the database is still starting."""
    while not stop.is_set():
        try:
            prepare(dsn, projections)
        except Exception as error:
            if not passes(error):
                raise
            log.warning("projecting_waits", exc_info=error)
            stop.wait(PAUSE_S)
        else:
            return


def _work(
    projections: Sequence[Projection],
    member: Member,
    opens: Callable[[Connection[Any]], Feed],
    *,
    dsn: str,
    stop: threading.Event,
    limit: int,
) -> None:
    """Until told to stop, or until what was given to us may be another's."""
    codec = Codec(REGISTRY)
    workers = [
        Worker(one, member, opens, codec=codec, dsn=dsn, stop=stop, parked_max=limit)
        for one in projections
    ]
    threads = [
        threading.Thread(target=worker.run, name=f"project {worker.projection.name}")
        for worker in workers
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _opener(
    feed: FeedKind, cluster: Cluster | None, topic: str
) -> Callable[[Connection[Any]], Feed]:
    if feed == "store":
        return StoreFeed
    if cluster is None:
        raise ValueError("the Kafka feed needs a cluster")
    where = cluster
    return lambda _: KafkaFeed(where, topic)
