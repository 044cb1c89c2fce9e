"""The tracking table in the database: what is stored is what follows from the events."""

from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from psycopg import Connection

from domain.complaint import grading, intake
from domain.complaint.items import Item
from domain.event import Event
from domain.registry import REGISTRY
from projections import PROJECTIONS, generations
from projections.projection import Recorded
from projections.tracking import tracking, write
from projections.tracking_columns import row_of
from projections.tracking_query import Query, page
from tests.projections.telling import decision, fill, kept, received, told

SHAPES = sorted((Path(__file__).parents[1] / "stored_shapes").glob("complaint.*.json"))


def shape(path: Path) -> Event:
    topic = path.name.rsplit(".v", 1)[0]
    return REGISTRY[topic].model_validate_json(path.read_bytes())


def everything() -> list[Recorded]:
    """One complaint to which everything happened that can, short of a correction."""
    events = {path.name.split(".")[1]: shape(path) for path in SHAPES}
    begun = events.pop("received")
    del events["corrected"]  # the example corrects something else
    return told(begun, *events.values())


@pytest.fixture
def conn(projector_conn: Connection[Any]) -> Connection[Any]:
    generations.install(projector_conn, PROJECTIONS)
    return projector_conn


@pytest.mark.parametrize("size", [1, 3, 100])
@pytest.mark.parametrize("times", [1, 2], ids=["once", "twice"])
def test_what_is_read_is_what_follows_from_the_events(
    conn: Connection[Any], app_conn: Connection[Any], size: int, times: int
) -> None:
    """However they are cut into batches, and also when a batch comes again."""
    line = everything()
    another = told(received(number="C-2026-000002"), complaint=UUID(int=8), position=90)

    for nth in range(0, len(line), size):
        for _ in range(times):
            fill(conn, tracking, [*line[nth : nth + size], *another])

    found = page(app_conn, Query(sort="number", descending=False)).rows
    assert found == [row_of(kept(line)), row_of(kept(another))]


def test_a_batch_that_begins_too_early_counts_nothing_twice(
    conn: Connection[Any], app_conn: Connection[Any]
) -> None:
    line = everything()

    fill(conn, tracking, line[:9])
    fill(conn, tracking, line)

    assert page(app_conn, Query()).rows == [row_of(kept(line))]


def test_a_row_never_goes_back(conn: Connection[Any], app_conn: Connection[Any]) -> None:
    """Whoever calls, and whatever they had read: an older state undoes no newer one."""
    line = told(received(), decision(grading.Graded, scheme="S46", code="B"))
    fill(conn, tracking, line)

    with conn.transaction():
        generations.enter(conn, "tracking_g1")
        write(conn, [kept(line[:1])])

    [row] = page(app_conn, Query()).rows
    assert (row.version, row.grade) == (2, "S46:B")
    fill(conn, tracking, told(*(at.event for at in line), _accepted())[2:])
    [row] = page(app_conn, Query()).rows
    assert (row.version, row.grade, row.stage) == (3, "S46:B", "accepted")


def _accepted() -> Event:
    return shape(next(path for path in SHAPES if ".accepted." in path.name))


def test_what_was_unknown_after_all_is_unknown_again(
    conn: Connection[Any], app_conn: Connection[Any]
) -> None:
    """A value that a row no longer has does not stay behind in its column."""
    linked = decision(intake.DuplicateLinked, other=UUID(int=5), reason="same")
    parted = decision(intake.DuplicateUnlinked, other=UUID(int=5), reason="not")
    line = told(received(), linked, parted)

    fill(conn, tracking, line[:2])
    assert page(app_conn, Query()).rows[0].duplicate_of == UUID(int=5)
    fill(conn, tracking, line[2:])

    assert page(app_conn, Query()).rows[0].duplicate_of is None


def test_the_longest_values_fit(conn: Connection[Any], app_conn: Connection[Any]) -> None:
    """Also where one character of a batch is spelt out as eighteen, in an index."""
    longest = "\ufdfa" * 200
    item = Item(product=longest, batch=longest, defect=longest, unit="箱" * 80)

    fill(conn, tracking, told(received(customer=longest, items=(item,) * 100)))

    assert page(app_conn, Query(batch=(longest,))).total == 1
    assert page(app_conn, Query(product=(longest,), customer=(longest,))).total == 1
