"""What every read model promises. A new one is covered the day it is listed."""

from asyncio import run
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from itertools import count
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg import Connection, OperationalError

from consumers.feed import Feed, Record
from consumers.kafka_feed import KafkaFeed
from consumers.opening import Opened
from consumers.ownership import open_session
from consumers.projector import Projector
from consumers.rebuild import rebuild
from consumers.store_feed import StoreFeed
from infra.kafka import Cluster, Topics
from projections import PROJECTIONS, generations
from projections.projection import Projection
from tests.projections.brittle import Brittle
from tests.projections.conftest import Told
from tests.projections.filling import (
    PARTITIONS,
    Rows,
    begin,
    drain,
    fill,
    fresh,
    publish,
    rows,
)
from tests.projections.story import STEPS, Step, recorded, tell_anyhow

Records = Sequence[Record]
# Events a batch where every step is cut. The story is some batches long from the store;
# through Kafka each of its partitions is one at least.
CUT = {"store": 75, "kafka": 300}
every_projection = pytest.mark.parametrize("projection", PROJECTIONS, ids=lambda p: p.name)


def as_recorded(records: Records) -> Iterable[Record]:
    return records


def each_twice(records: Records) -> Iterable[Record]:
    return (record for record in records for _ in range(2))


def the_whole_twice(records: Records) -> Iterable[Record]:
    return [*records, *records]


def only_the_last_of_each_stream(records: Records) -> Iterable[Record]:
    return {record.stream_id: record for record in records}.values()


def newest_first(records: Records) -> Iterable[Record]:
    return reversed(records)


def stream_by_stream(records: Records) -> Iterable[Record]:
    return sorted(records, key=lambda record: (record.stream_id, record.version))


def anyhow_with_repeats(records: Records) -> Iterable[Record]:
    line = [*records, *records[::2], *records[::3]]
    Random(7).shuffle(line)  # noqa: S311  # no secret
    return line


every_delivery = pytest.mark.parametrize(
    "delivery",
    [
        as_recorded,
        each_twice,
        the_whole_twice,
        only_the_last_of_each_stream,
        newest_first,
        stream_by_stream,
        anyhow_with_repeats,
    ],
)


@pytest.fixture(scope="module")
def straight(told: Told) -> dict[str, Rows]:
    """What the tables are when all comes once, in order, at once, from the store."""
    held = {}
    with open_session(told.dsn, "test") as conn:
        for projection in PROJECTIONS:
            projector = fresh(conn, projection)
            feed = StoreFeed(conn)
            begin(projector, feed)
            drain(projector, feed, {0: len(told.records) + 1})
            held[projection.name] = rows(conn, projector.generation)
            assert all(held[projection.name].values()), "an empty table proves nothing"
    return held


@every_projection
@every_delivery
@pytest.mark.parametrize("size", [7, 1_000])
def test_however_events_arrive_the_tables_are_the_same(
    projection: Projection,
    delivery: Callable[[Records], Iterable[Record]],
    size: int,
    told: Told,
    straight: dict[str, Rows],
    filling: Connection[Any],
) -> None:
    """A read model is a function of the ledger and of nothing else."""
    projector = fresh(filling, projection)

    fill(projector, delivery(told.records), size)

    assert rows(filling, projector.generation) == straight[projection.name]


@every_projection
@pytest.mark.parametrize("delivery", [as_recorded, newest_first], ids=["on", "back"])
def test_and_so_they_are_when_each_event_comes_alone(
    projection: Projection,
    delivery: Callable[[Records], Iterable[Record]],
    told: Told,
    straight: dict[str, Rows],
    filling: Connection[Any],
) -> None:
    """A transaction for each; slow, so only the two orders that differ most."""
    projector = fresh(filling, projection)

    fill(projector, delivery(told.records), 1)

    assert rows(filling, projector.generation) == straight[projection.name]


@pytest.fixture
def delivered(
    delivery: Callable[[Records], Iterable[Record]],
    told: Told,
    broker: Cluster,
    topic_prefix: str,
) -> tuple[str, dict[int, int]]:
    """A topic with the story in it, and where each partition ends."""
    with Topics(broker) as topics:
        topic = topics.create(topic_prefix + "events", partitions=PARTITIONS).name
    return topic, publish(broker, topic, delivery(told.records))


@every_delivery
def test_and_so_they_are_through_kafka(
    delivered: tuple[str, dict[int, int]],
    straight: dict[str, Rows],
    filling: Connection[Any],
    broker: Cluster,
) -> None:
    """Over some partitions, each in its own time, for every read model."""
    topic, ends = delivered
    for projection in PROJECTIONS:
        projector = fresh(filling, projection)
        with closing(KafkaFeed(broker, topic, limit=5)) as feed:
            begin(projector, feed)
            drain(projector, feed, ends)

        assert rows(filling, projector.generation) == straight[projection.name]


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_any_order_any_repeats_any_batches(
    data: st.DataObject,
    told: Told,
    straight: dict[str, Rows],
    filling: Connection[Any],
) -> None:
    """As long as the last event of each stream comes at all, once."""
    last = list(only_the_last_of_each_stream(told.records))
    some = data.draw(st.lists(st.sampled_from(told.records), max_size=80))
    line = data.draw(st.permutations([*some, *last]))
    size = data.draw(st.integers(1, 40))
    projection = data.draw(st.sampled_from(PROJECTIONS))

    projector = fresh(filling, projection)
    fill(projector, line, size)

    assert rows(filling, projector.generation) == straight[projection.name]


@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    steps=st.lists(
        st.builds(
            lambda n, step: (n, *step[1:]), st.integers(0, 2), st.sampled_from(STEPS)
        ),
        max_size=40,
    ),
    size=st.integers(1, 20),
)
def test_any_history_however_it_is_cut(
    steps: list[Step],
    size: int,
    ledger: Opened,
    database: str,
    projector_conn: Connection[Any],
) -> None:
    """Whatever people say, sensible or not: one batch or many, forwards or backwards."""
    run(tell_anyhow(ledger, steps))
    records = recorded(database)
    for projection in PROJECTIONS:
        one, other = (fresh(projector_conn, projection) for _ in "12")
        fill(one, records)
        fill(other, [*records[::-1], *records], size)

        assert rows(projector_conn, one.generation) == rows(
            projector_conn, other.generation
        )
        parked = projector_conn.execute("SELECT count(*) FROM running.parked").fetchone()
        assert parked == (0,)


@every_projection
@pytest.mark.parametrize("delivery", [as_recorded], ids=["as_recorded"])
@pytest.mark.parametrize("kind", ["store", "kafka"])
def test_a_crash_between_any_two_steps_repeats_work_and_loses_none(
    projection: Projection,
    kind: str,
    delivered: tuple[str, dict[int, int]],
    told: Told,
    straight: dict[str, Rows],
    filling: Connection[Any],
    broker: Cluster,
) -> None:
    """Rows, versions and place are there together, or none of them is."""
    topic, ends = delivered
    until = ends if kind == "kafka" else {0: len(told.records) + 1}
    with closing(KafkaFeed(broker, topic, limit=CUT[kind])) as kafka:
        for steps in count(1):
            projector = fresh(filling, projection)
            with Brittle.opened(told.dsn, fuse=steps) as conn:
                projector.conn = conn
                feed = kafka if kind == "kafka" else StoreFeed(conn, limit=CUT[kind])
                whole = filled(projector, feed, until)
            projector.conn = filling
            feed = kafka if kind == "kafka" else StoreFeed(filling, limit=CUT[kind])

            assert filled(projector, feed, until)
            assert rows(filling, projector.generation) == straight[projection.name]
            if whole:
                break
    assert steps > 10, "it was hardly cut"


def filled(projector: Projector, feed: Feed, until: dict[int, int]) -> bool:
    """Whether it came to the end; else the session was ended on the way."""
    try:
        begin(projector, feed)
        drain(projector, feed, until)
    except OperationalError:
        return False
    return True


@every_projection
def test_rebuilt_from_zero_the_tables_are_the_same(
    projection: Projection, told: Told, straight: dict[str, Rows], filling: Connection[Any]
) -> None:
    generations.install(filling, [projection])

    rebuild(projection.name, dsn=told.dsn)

    live = generations.live(filling, projection.name)
    assert live is not None
    assert rows(filling, live.name) == straight[projection.name]
