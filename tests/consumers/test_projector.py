"""The projector: strict place, each version once, and the one to blame waits."""

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from psycopg import Connection

from consumers.faults import StoreBehindError
from consumers.feed import Batch, Record
from consumers.projector import Projector
from domain.registry import UnknownTopicError
from projections import generations, parked, progress
from projections.parked import TooManyParkedError
from projections.progress import NotOursError, OutOfStepError, Place
from projections.projection import Projection, Recorded, UnhandledError
from projections.stages import stages
from tests.projections.conftest import Told
from tests.projections.filling import HAND, fill, fresh, rows

Stages = list[tuple[UUID, int]]


def failing_at(
    *bad: tuple[UUID, int], error: Callable[[], Exception] = lambda: ValueError("no")
) -> Projection:
    """Stages that cannot follow these events, be they alone or among others."""

    def project(conn: Connection[Any], batch: Sequence[Recorded]) -> None:
        stages.project(conn, batch)
        if any((at.stream_id, at.version) in bad for at in batch):
            raise error()

    return replace(stages, project=project)


def shown(projector: Projector) -> Stages:
    with projector.conn.transaction():
        generations.enter(projector.conn, projector.generation)
        return projector.conn.execute(
            "SELECT stream_id, version FROM stages ORDER BY 1, 2"
        ).fetchall()


def waiting(projector: Projector) -> list[tuple[UUID, int, str]]:
    return projector.conn.execute(
        "SELECT stream_id, from_version, reason FROM running.parked WHERE generation = %s"
        " ORDER BY 1",
        [projector.generation],
    ).fetchall()


def followed(records: Sequence[Record]) -> Stages:
    return sorted(
        (r.stream_id, r.version) for r in records if r.topic.startswith("complaint.")
    )


# --- Its place. ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "at",
    [
        Place(9, "", 10),
        Place(11, "", 10),
        Place(0, "", 0),
        Place(10, "another topic", 10),
        Place(10, "", 9),
        Place(10, "", 11),
    ],
)
def test_a_batch_that_does_not_begin_where_we_stopped_is_not_projected(
    at: Place, told: Told, filling: Connection[Any]
) -> None:
    """Neither less nor more, of no other topic, and after no other record."""
    projector = fresh(filling, stages)
    fill(projector, told.records[:10])
    before = rows(filling, projector.generation)
    records = told.records[10:20]
    to = Place(at.next_offset + 10, at.topic_id, records[-1].position)

    with pytest.raises(OutOfStepError):
        projector.project(HAND, Batch(0, at, to, records))

    assert rows(filling, projector.generation) == before
    assert progress.place(filling, projector.generation, HAND, 0) == Place(10, "", 10)
    assert projector.project(HAND, Batch(0, Place(10, "", 10), to, records)) > 0


def test_tables_that_are_not_read_any_more_are_left_alone(
    told: Told, filling: Connection[Any]
) -> None:
    projector = fresh(filling, stages)
    filling.execute(
        "UPDATE running.generation SET state = 'old' WHERE name = %s",
        [projector.generation],
    )

    with pytest.raises(NotOursError):
        fill(projector, told.records)
    assert shown(projector) == []


# --- Each version once. ----------------------------------------------------------------


def test_what_was_delivered_before_is_dropped_and_what_was_not_is_healed(
    told: Told, filling: Connection[Any]
) -> None:
    projector = fresh(filling, stages)
    all_of_one = [r for r in told.records if r.stream_id == told.complaints[1]]

    assert fill(projector, [all_of_one[0], all_of_one[0], all_of_one[-1]]) == len(
        all_of_one
    )
    assert shown(projector) == followed(all_of_one)


def test_what_the_store_does_not_have_stops_it(
    told: Told, filling: Connection[Any]
) -> None:
    """The log may be ahead of a store that was restored; then nothing can be healed."""
    projector = fresh(filling, stages)
    last = max(told.records, key=lambda record: record.version)

    with pytest.raises(StoreBehindError):
        fill(projector, [last._replace(version=last.version + 2)])
    assert shown(projector) == []


def test_streams_that_are_not_its_business_are_passed_over(
    told: Told, filling: Connection[Any]
) -> None:
    """Without a row, without a version, also when nobody knows what they are."""
    projector = fresh(filling, stages)
    notice = next(r for r in told.records if r.topic.startswith("penalty."))
    cluster = notice._replace(stream_id=uuid4(), topic="cluster.alarmed")

    assert fill(projector, [notice, cluster]) == 0
    assert rows(filling, projector.generation) == {"known_version": [], "stages": []}
    at = progress.place(filling, projector.generation, HAND, 0)
    assert at == Place(2, "", notice.position)


# --- What cannot be followed. ----------------------------------------------------------


@pytest.mark.parametrize("size", [1, 3, 1_000])
def test_a_stream_that_cannot_be_followed_waits_and_the_others_go_on(
    size: int, told: Told, filling: Connection[Any]
) -> None:
    """From the very event on, not from the beginning of the batch."""
    one, other = told.complaints[1], told.complaints[2]
    projector = fresh(filling, failing_at((one, 3), (other, 2)))

    fill(projector, told.records, size)

    assert waiting(projector) == sorted([(one, 3, "ValueError"), (other, 2, "ValueError")])
    assert shown(projector) == [
        (stream, version)
        for stream, version in followed(told.records)
        if version < {one: 3, other: 2}.get(stream, 99)
    ]


def test_bytes_that_nobody_can_read_are_one_streams_trouble(
    told: Told, filling: Connection[Any]
) -> None:
    projector = fresh(filling, stages)
    bad = next(r for r in told.records if r.version == 2)
    broken = [r._replace(state=b"{") if r == bad else r for r in told.records]

    fill(projector, broken)

    assert waiting(projector) == [(bad.stream_id, 2, "ValidationError")]
    assert len(shown(projector)) == len(
        [at for at in followed(told.records) if at[0] != bad.stream_id or at[1] < 2]
    )


@pytest.mark.parametrize(
    ("error", "stops"),
    [
        (UnhandledError, UnhandledError),
        (lambda: psycopg.OperationalError("gone"), psycopg.OperationalError),
        (lambda: psycopg.errors.UndefinedTable("no"), psycopg.errors.UndefinedTable),
        (lambda: psycopg.errors.DeadlockDetected("no"), psycopg.errors.DeadlockDetected),
    ],
)
def test_what_no_stream_is_to_blame_for_stops_it(
    error: Callable[[], Exception],
    stops: type[Exception],
    told: Told,
    filling: Connection[Any],
) -> None:
    projector = fresh(filling, failing_at((told.complaints[0], 2), error=error))

    with pytest.raises(stops):
        fill(projector, told.records)

    assert (shown(projector), waiting(projector)) == ([], [])


def test_an_event_of_tomorrow_stops_it(told: Told, filling: Connection[Any]) -> None:
    """A topic of its own streams that this program does not know is never skipped."""
    projector = fresh(filling, stages)

    with pytest.raises(UnknownTopicError):
        fill(projector, [told.records[0]._replace(topic="complaint.teleported")])


def test_too_many_are_no_streams_fault(told: Told, filling: Connection[Any]) -> None:
    bad = [(complaint, 2) for complaint in told.complaints]
    projector = fresh(filling, failing_at(*bad), parked_max=2)

    with pytest.raises(TooManyParkedError):
        fill(projector, told.records)

    assert (shown(projector), waiting(projector)) == ([], [])


def test_a_character_that_no_column_takes_is_shown_as_unknown(
    told: Told, filling: Connection[Any]
) -> None:
    """Nothing lets it in any more; what was let in once does not stop a read model."""
    projector = fresh(filling, stages)
    first = told.records[0]
    words = json.loads(first.state)
    words["site"] = "plant\0one"
    seen: list[Recorded] = []

    def project(conn: Connection[Any], batch: Sequence[Recorded]) -> None:
        seen.extend(batch)
        conn.execute("SELECT %s::text", [batch[0].event.model_dump()["site"]])

    projector.projection = replace(stages, project=project)
    fill(projector, [first._replace(state=json.dumps(words).encode())])

    assert seen[0].event.model_dump()["site"] == "plant\ufffdone"
    assert waiting(projector) == []


def test_what_is_noted_of_an_error_quotes_nobody() -> None:
    error = psycopg.errors.UniqueViolation("Key (phone)=(13800138000) already exists")

    assert parked.said(error) == "UniqueViolation 23505"
    assert parked.said(ValueError("13800138000")) == "ValueError"
