"""Counts: what the head line, a menu or a check says is what the list shows."""

from typing import Any

import pytest
from psycopg import Connection

from domain.complaint.items import Item
from projections.tracking import tracking
from projections.tracking_counts import Choice, Total
from projections.tracking_query import (
    Query,
    choices,
    counts_by,
    page,
    rows,
    summary,
    total,
)
from projections.tracking_row import STAGES
from tests.projections.sixty import complaint, sixty
from tests.projections.telling import fill


@pytest.fixture
def conn(projector_conn: Connection[Any]) -> Connection[Any]:
    """A session that fills the table; it has sixty complaints in it."""
    return sixty(projector_conn)


def test_the_head_line_counts_the_list(
    conn: Connection[Any], app_conn: Connection[Any]
) -> None:
    everyone = list(rows(app_conn, Query()))

    whole = summary(app_conn)

    assert whole.total == 60
    assert set(whole.stages) == set(STAGES)
    assert sum(whole.stages.values()) == whole.total
    assert whole.open == whole.total - whole.stages["closed"] == 52
    for column, count in whole.unknown.items():
        assert count == sum(getattr(row, column) is None for row in everyone), column
    assert summary(app_conn, Query(open=False)).stages["closed"] == 8


def test_a_total_is_counted_so_far_and_no_further(
    conn: Connection[Any], app_conn: Connection[Any]
) -> None:
    assert total(app_conn, Query(), up_to=60) == Total(60, is_exact=True)
    assert total(app_conn, Query(), up_to=59) == Total(59, is_exact=False)


@pytest.mark.parametrize("field", ["product", "defect", "grade", "customer", "channel"])
def test_a_choice_counts_the_rows_it_finds(
    conn: Connection[Any], app_conn: Connection[Any], field: str
) -> None:
    items = (Item(product="P-1", defect="leak"), Item(product="P-1"), Item(product="P-9"))
    fill(conn, tracking, complaint(99, items=items))

    offered = choices(app_conn, field)

    assert offered
    assert offered == sorted(offered, key=lambda one: (-(one.count or 0), one.value))
    for choice in offered:
        found = page(app_conn, Query(**{field: (choice.value,)}))  # type: ignore[arg-type]
        assert found.total == choice.count, choice
    assert field != "product" or Choice("P-9", 1) in offered


def test_a_batch_is_offered_as_it_is_written(
    conn: Connection[Any], app_conn: Connection[Any]
) -> None:
    assert Choice("B3-0", 5) in choices(app_conn, "batch")


def test_an_import_can_be_held_against_its_file(
    conn: Connection[Any], app_conn: Connection[Any]
) -> None:
    everyone = list(rows(app_conn, Query()))

    counted = counts_by(app_conn, "product", "channel", "month")

    assert sum(counted.values()) == 60
    assert counted[("P-1", "phone", "2026-03")] == sum(
        (row.product, row.channel) == ("P-1", "phone") for row in everyone
    )
    assert counted[(None, None, "2026-03")] > 0
    assert counts_by(app_conn, "reply_result") == {(None,): 60}
    assert counts_by(app_conn, "stage", query=Query(open=False)) == {("closed",): 8}
