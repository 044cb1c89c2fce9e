"""CSV files: the same rows as the list, and nothing runs when they open."""

import csv
import io
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from psycopg import Connection

from domain.complaint.items import Item
from domain.errors import InvalidError
from projections.csv_file import BOM, csv_file, tracking_csv
from projections.tracking import tracking
from projections.tracking_query import Query, summary
from tests.projections.sixty import complaint, sixty
from tests.projections.telling import fill


@pytest.fixture
def conn(projector_conn: Connection[Any]) -> Connection[Any]:
    """A session that fills the table; it has sixty complaints in it."""
    return sixty(projector_conn)


def opened(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def test_a_file_has_as_many_rows_as_the_list_and_their_values(
    conn: Connection[Any], app_conn: Connection[Any]
) -> None:
    query = Query(open=True, sort="number", descending=False)
    heads = {"number": "单号", "received_at": "收到"}
    columns = ("number", "received_at", "received_on", "batch", "quantity", "version")

    data = b"".join(
        tracking_csv(
            app_conn, query, bom=True, columns=columns, heads=heads, unknown="未知"
        )
    )

    head, *lines = opened(data)
    assert data.startswith(BOM)
    assert head == ["单号", "收到", "received_on", "batch", "quantity", "version"]
    assert len(lines) == summary(app_conn, query).total == 52
    assert lines[0] == [
        "C-2026-000001", "2026-03-04 09:00:00+08:00", "2026-03-04", "B1-0", "1", "1",
    ]  # fmt: skip
    assert lines[3][3:] == ["未知", "未知", "2"]
    assert b"".join(tracking_csv(app_conn, query, bom=False))[:1] == b'"'
    with pytest.raises(InvalidError):
        list(tracking_csv(app_conn, query, bom=False, columns=["said"]))


def test_text_is_quoted_and_a_number_is_not() -> None:
    """So a reader that asks can tell an id with leading zeros from a number."""
    cells: list[Any] = ["0024117", 24117, True, None, 'a "b", c', {"单": ["x"]}]

    [bom, data] = csv_file(["a", "b"], [cells], bom=True, about={"position": "7"})

    assert bom == BOM
    assert data.decode().split("\r\n") == [
        '"# position: 7"',
        '"a","b"',
        '"0024117",24117,true,,"a ""b"", c","{""单"": [""x""]}"',
        "",
    ]


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ('=cmd|"/c calc"!A1', '\'=cmd|"/c calc"!A1'),
        ("+1", "'+1"), ("-1", "'-1"), ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"), ("\ttext", "'\ttext"), ("\r=1", "'\r'=1"),
        (" =1", "' =1"), ("\u00a0=1", "'\u00a0=1"), ("\u3000＝1", "'\u3000＝1"),
        ("\ufeff=1", "'\ufeff=1"), ("＋1", "'＋1"),
        ("a\n=1", "a\n'=1"), ("a\r\n  @x\nb", "a\r\n'  @x\nb"), ("\n=1", "'\n'=1"),
        ("a\n\n\tb", "a\n\n\tb"),
        ("a=1", "a=1"), ("C-2026-000001", "C-2026-000001"), ("", ""), ("a\nb", "a\nb"),
    ],
)  # fmt: skip
def test_no_cell_is_a_formula(text: str, safe: str) -> None:
    [data] = csv_file(["a"], [[text]], bom=False)

    assert opened(data)[1] == [safe]


@given(st.text(alphabet=" \t\r\n\u00a0=+-@＝a1'\",;", max_size=12))
def test_no_line_of_any_cell_begins_as_a_formula(text: str) -> None:
    [data] = csv_file(["a"], [[text]], bom=False)

    found = opened(data)[1][0]
    assert found.replace("'", "") == text.replace("'", "")
    for line in found.replace("\r", "\n").split("\n"):
        assert not line.lstrip().startswith(("=", "+", "-", "@", "＝")), found
    assert not found.startswith(("\t", "\r"))


def test_a_long_file_comes_in_pieces() -> None:
    pieces = list(csv_file(["n"], ([n] for n in range(1_234)), bom=False))

    assert len(pieces) == 3
    assert opened(b"".join(pieces)) == [["n"], *([str(n)] for n in range(1_234))]


def test_what_a_customer_wrote_does_not_run_when_the_file_opens(
    conn: Connection[Any], app_conn: Connection[Any]
) -> None:
    attack = '=HYPERLINK("http://x")'
    item = Item(product="+1", batch="-1", defect="@x")
    fill(conn, tracking, complaint(99, customer=attack, items=(item,)))
    columns = ("customer", "product", "batch", "defect", "items")

    data = b"".join(
        tracking_csv(app_conn, Query(customer=(attack,)), bom=True, columns=columns)
    )

    [_, found] = opened(data)
    assert found[:4] == [f"'{attack}", "'+1", "'-1", "'@x"]
    assert found[4].startswith("[{")
