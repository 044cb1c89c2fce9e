"""Frames: the same rows as the list, and a column has one type whatever is in it."""

from typing import Any
from uuid import UUID

import pandas as pd
import pytest
from psycopg import Connection

from domain.errors import InvalidError
from projections.exports.cut import exported
from projections.exports.frames import DTYPES, frame
from projections.exports.views import views
from projections.tracking_query import Query, rows, summary
from tests.projections.telling import day


def test_a_frame_has_the_rows_of_the_list(app: Connection[Any]) -> None:
    query = Query(open=True, sort="quantity", descending=False)

    found = frame(app, "tracking", query)

    listed = list(rows(app, query))
    assert found["number"].tolist() == [row.number for row in listed]
    assert found["received_at"].tolist() == [row.received_at for row in listed]
    assert found["quantity"].sum() == sum(row.quantity or 0 for row in listed)
    assert found["items"].tolist() == [row.items for row in listed]
    assert found.attrs["position"] == 0
    assert found.attrs["generation"] == "tracking_g1"
    assert len(frame(app, "tracking")) == summary(app).total == 60


@pytest.mark.parametrize("name", exported())
def test_a_column_has_one_type_whatever_is_in_it(app: Connection[Any], name: str) -> None:
    """Also when all of it is unknown, or when there is no row at all."""
    found = frame(app, name)
    query = Query(customer=("nobody",)) if name == "tracking" else None

    kinds = {column.name: DTYPES[column.kind] for column in views()[name].columns}
    assert {column: str(dtype) for column, dtype in found.dtypes.items()} == kinds
    none = frame(app, name, query)
    assert {column: str(dtype) for column, dtype in none.dtypes.items()} == kinds


def test_unknown_is_no_number_and_no_text(app: Connection[Any]) -> None:
    found = frame(app, "tracking").set_index("number")

    unknown = found.loc["C-2026-000012"]
    for column in ("product", "batch", "quantity", "channel", "loss_minor", "satisfied"):
        assert unknown[column] is pd.NA, column
    assert unknown["closed_at"] is pd.NaT
    assert found.loc["C-2026-000006", "quantity"] == 0


def test_steps_and_penalties_are_frames_too(app: Connection[Any]) -> None:
    steps, notices = frame(app, "stages"), frame(app, "penalties")

    assert steps["topic"].tolist()[:2] == ["complaint.received", "complaint.received"]
    assert steps["stream_id"].tolist()[0] == str(UUID(int=1))
    assert steps["happened_at"].min() == day(0)
    assert notices["amount_minor"].tolist() == [20_000, 5]
    assert notices["approved_at"].isna().tolist() == [False, True]


def test_only_the_tracking_table_can_be_narrowed(app: Connection[Any]) -> None:
    with pytest.raises(InvalidError):
        frame(app, "stages", Query(open=True))
    with pytest.raises(InvalidError):
        frame(app, "no_such_view")
