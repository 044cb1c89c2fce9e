"""Mending: a parked stream goes on, and what a log has lost comes from the store."""

from typing import Any

import pytest
from psycopg import Connection

from consumers import mending
from consumers.feed import LostPlaceError
from consumers.projector import Projector
from domain.codec import Codec
from domain.registry import REGISTRY
from projections import freshness, generations, progress
from projections.progress import Place
from projections.stages import stages
from tests.consumers.test_projector import failing_at, followed, shown, waiting
from tests.projections.conftest import Told
from tests.projections.filling import HAND, fill, fresh


def test_a_stream_goes_on_once_its_read_model_can_follow(
    told: Told, filling: Connection[Any]
) -> None:
    """From where it stopped, with all that waited in the store."""
    one = told.complaints[1]
    projector = fresh(filling, failing_at((one, 3)))
    fill(projector, told.records)

    assert not mending.set_free(projector, one)
    assert waiting(projector) == [(one, 3, "ValueError")]
    projector.projection = stages
    assert mending.set_free(projector, one)
    assert not mending.set_free(projector, one), "it is not parked any more"

    assert (waiting(projector), shown(projector)) == ([], followed(told.records))


def test_a_stream_may_stop_again_later(told: Told, filling: Connection[Any]) -> None:
    one = told.complaints[1]
    projector = fresh(filling, failing_at((one, 3)))
    fill(projector, told.records)

    projector.projection = failing_at((one, 5))
    assert not mending.set_free(projector, one)

    assert waiting(projector) == [(one, 5, "ValueError")]
    assert (one, 4) in shown(projector)


def test_what_comes_while_a_stream_waits_is_not_lost(
    told: Told, filling: Connection[Any]
) -> None:
    """Nor shown twice, when the feed brings again what the store had told."""
    one = told.complaints[1]
    projector = fresh(filling, failing_at((one, 3)))
    fill(projector, told.records[:20])
    projector.projection = stages
    mending.set_free(projector, one)
    at = progress.place(filling, projector.generation, HAND, 0)
    assert at is not None

    with filling.transaction():
        generations.enter(filling, projector.generation)
        projector.apply(told.records[20:])

    assert shown(projector) == followed(told.records)


def test_it_is_asked_for_by_name(told: Told, filling: Connection[Any]) -> None:
    """As an operator does; meanwhile the page knows that something is stale."""
    one = told.complaints[1]
    generations.install(filling, [stages])
    live = generations.live(filling, "stages")
    assert live is not None
    projector = Projector(
        failing_at((one, 3)), live.name, codec=Codec(REGISTRY), conn=filling
    )
    with filling.transaction():
        generations.enter(filling, live.name)
        projector.apply(told.records)
    assert freshness.read(filling, "stages").parked == 1

    assert mending.unpark("stages", one, dsn=told.dsn)

    assert freshness.read(filling, "stages").parked == 0
    assert shown(projector) == followed(told.records)
    with pytest.raises(LookupError):
        mending.unpark("invented", one, dsn=told.dsn)


@pytest.mark.parametrize("known", [0, 13, 40])
def test_a_reset_heals_the_streams_of_its_partition_and_reads_the_log_again(
    known: int, told: Told, filling: Connection[Any]
) -> None:
    ours, parked = told.complaints[1], told.complaints[2]
    projector = fresh(filling, failing_at((parked, 2)))
    fill(projector, told.records[:known])
    before = set(shown(projector))
    progress.prepare(filling, projector.generation, "topic", [4])
    lost = LostPlaceError(4, "the log was cut", Place(10, "new id", 0))

    healed = mending.reset(projector, "topic", lost, belongs={ours, parked}.__contains__)

    wanted = before | {
        (stream, version)
        for stream, version in followed(told.records)
        if stream == ours or (stream == parked and version < 2)
    }
    assert set(shown(projector)) == wanted
    assert healed == len(wanted - before)
    assert progress.place(filling, projector.generation, "topic", 4) == lost.beginning
    noted = filling.execute(
        "SELECT feed, part, reason, topic_id, from_offset, to_offset, healed"
        " FROM running.feed_reset WHERE generation = %s",
        [projector.generation],
    ).fetchall()
    assert noted == [("topic", 4, "the log was cut", "new id", None, 10, healed)]
    reflected = filling.execute(
        "SELECT reflected FROM running.cursor WHERE generation = %s AND feed = 'topic'",
        [projector.generation],
    ).fetchone()
    assert reflected == (len(told.records),)
