"""Parquet and workbooks, read back by programs that are not ours: the same figures."""

import io
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import duckdb
import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from psycopg import Connection

from domain.complaint.items import Item
from projections.exports.cut import exported, view_of
from projections.exports.parquet import TYPES, parquet
from projections.exports.xlsx import xlsx
from projections.tracking import tracking
from projections.tracking_query import Query
from tests.projections.sixty import complaint, sixty
from tests.projections.telling import fill

ZONE = "Asia/Shanghai"


def whole(app: Connection[Any], name: str, query: Query | None = None) -> bytes:
    return b"".join(parquet(app, view_of(name), query))


@pytest.mark.parametrize("name", exported())
def test_a_parquet_file_has_the_rows_and_types_of_its_view(
    app: Connection[Any], name: str
) -> None:
    file = pq.ParquetFile(io.BytesIO(whole(app, name)))

    view = view_of(name)
    counted = app.execute(f"SELECT count(*) FROM reading.{name}".encode()).fetchone()
    assert (file.metadata.num_rows,) == counted
    schema = file.schema_arrow
    assert schema.names == list(view.names)
    assert [field.type for field in schema] == [TYPES[one.kind] for one in view.columns]
    assert [field.nullable for field in schema] == [one.may_lack for one in view.columns]
    assert schema.field("position").metadata[b"en"].decode().startswith("place of")


def test_a_parquet_file_says_what_it_stands_for(app: Connection[Any]) -> None:
    made = b"".join(parquet(app, view_of("tracking"), Query(open=True), about="open=true"))
    file = pq.ParquetFile(io.BytesIO(made))

    told = {key.decode(): value.decode() for key, value in file.metadata.metadata.items()}
    definition = app.execute(
        "SELECT definition FROM reading.freshness WHERE projection = 'tracking'"
    ).fetchone()
    assert told["position"] == "0"
    assert (told["definition"],) == definition
    assert told["generation"] == "tracking_g1"
    assert told["filter"] == "open=true"
    assert "pandas" not in told
    assert file.metadata.row_group(0).column(0).compression == "ZSTD"
    assert file.metadata.num_rows == 52


def test_another_reader_finds_the_same_figures(
    app: Connection[Any], tmp_path: Path
) -> None:
    """DuckDB, which shares no line of code with what wrote the file."""
    for name in ("tracking", "penalties", "penalty_postings", "stages"):
        (tmp_path / f"{name}.parquet").write_bytes(whole(app, name))
    other = duckdb.connect()

    questions = {
        "counts": "SELECT stage, count(*), count(customer), count(quantity) FROM {tracking}"
        " GROUP BY stage ORDER BY stage",
        "sums": "SELECT sum(quantity)::bigint, min(received_on), max(received_on)"
        " FROM {tracking}",
        "durations": "SELECT number, extract(epoch FROM closed_at - received_at)::bigint"
        " FROM {tracking} WHERE closed_at IS NOT NULL ORDER BY number",
        "steps": "SELECT topic, count(*) FROM {stages} GROUP BY topic ORDER BY topic",
        "money": "SELECT state, currency, sum(amount_minor)::bigint, count(approved_at)"
        " FROM {penalties} GROUP BY state, currency ORDER BY state",
        "posted": "SELECT month, sum(minor)::bigint FROM {penalty_postings} GROUP BY month",
    }
    for name, words in questions.items():
        ours = words.format_map(Names("reading.{}"))
        theirs = words.format_map(Names(f"'{tmp_path}/{{}}.parquet'"))
        found = app.execute(ours.encode()).fetchall()
        assert found, name
        assert other.execute(theirs).fetchall() == found, name


class Names(dict[str, str]):
    """Where a view is read by this reader."""

    def __init__(self, pattern: str) -> None:
        super().__init__()
        self._pattern = pattern

    def __missing__(self, name: str) -> str:
        return self._pattern.format(name)


def test_lists_and_instants_come_back_as_they_are(app: Connection[Any]) -> None:
    found = pq.read_table(pa.BufferReader(whole(app, "tracking"))).to_pylist()

    rows = app.execute(
        "SELECT complaint_id::text, received_at, labels, grades::text FROM reading.tracking"
        " ORDER BY received_at DESC, number DESC"
    ).fetchall()
    assert [(r["complaint_id"], r["received_at"], r["labels"]) for r in found] == [
        row[:3] for row in rows
    ]
    assert [r["grades"] for r in found] == [row[3] for row in rows]


# --- Workbooks. -------------------------------------------------------------------------


def book_of(app: Connection[Any], query: Query) -> Any:
    heads = {"number": "单号"}
    made = b"".join(xlsx(app, view_of("tracking"), query, zone=ZONE, heads=heads))
    return openpyxl.load_workbook(io.BytesIO(made))


def test_a_workbook_has_the_rows_of_the_list_and_tells_its_position(
    app: Connection[Any],
) -> None:
    query = Query(open=True, sort="number", descending=False)

    book = book_of(app, query)

    told = {key.value: value.value for key, value in book["About"]}
    assert (told["view"], told["position"], told["rows"]) == ("tracking", "0", "52")
    sheet = book["tracking"]
    head, *lines = sheet.iter_rows(values_only=True)
    names = view_of("tracking").names
    assert head[names.index("number")] == "单号"
    assert len(lines) == 52
    first = dict(zip(names, lines[0], strict=True))
    row = app.execute(
        "SELECT received_at, quantity, received_on FROM reading.tracking"
        " WHERE number = 'C-2026-000001'"
    ).fetchone()
    assert row is not None
    assert first["received_at"] == row[0].astimezone(ZoneInfo(ZONE)).replace(tzinfo=None)
    assert first["quantity"] == row[1]
    assert first["received_on"].date() == row[2]
    assert (sheet.freeze_panes, sheet.auto_filter.ref[:3]) == ("A2", "A1:")


def test_no_cell_of_a_workbook_is_a_formula_and_no_batch_loses_its_zeros(
    projector_conn: Connection[Any],
) -> None:
    conn = sixty(projector_conn)
    attack = '=HYPERLINK("http://x")'
    item = Item(product="+1", batch="0024117", defect="@x")
    fill(conn, tracking, complaint(99, customer=attack, items=(item,)))

    sheet = book_of(conn, Query(customer=(attack,)))["tracking"]

    cells = dict(
        zip(view_of("tracking").names, next(sheet.iter_rows(min_row=2)), strict=True)
    )
    texts = {name: cells[name].value for name in ("customer", "product", "batch", "defect")}
    assert texts == {
        "customer": attack, "product": "+1", "batch": "0024117", "defect": "@x",
    }  # fmt: skip
    assert {cells[name].data_type for name in texts} == {"s"}
    assert all(cells[n].quotePrefix for n in ("customer", "product", "defect"))
