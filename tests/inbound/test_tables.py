"""Tables: a file of rows as it is, packed or not, and what is no table at all."""

import gzip
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest

from consumers.inbound import tables
from consumers.inbound.importing import Import
from consumers.inbound.profile import Rows
from consumers.inbound.sources import ProfileError
from consumers.inbound.tables import TableError
from tests.inbound.test_importing import (
    ALL,
    ROW,
    a_file_of_the_same_shape,
    an_import,
    as_csv,
)


def test_a_packed_file_is_read_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "export.csv.gz"
    path.write_bytes(gzip.compress(as_csv(a_file_of_the_same_shape(30))))

    assert an_import(path).rehearse().messages == 80


def test_a_workbook_is_read_like_a_csv(tmp_path: Path) -> None:
    """Its days are days, its whole numbers have no point, its empty cells say nothing."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(list(ROW))
    sheet.append([*list(ROW.values())[:-1], 7.0])
    sheet["A2"] = datetime(2023, 7, 4)  # noqa: DTZ001  # as a workbook has it
    sheet["F2"] = date(2023, 7, 5)
    sheet.append([None] * len(ROW))
    sheet.append([None, "Mortgage", None, None, None, None, None, 8])
    book.save(tmp_path / "export.xlsx")
    report = an_import(tmp_path / "export.xlsx").rehearse()

    assert (report.rows, report.messages, report.refused) == (2, 4, [])


HOW = Rows.model_validate_json('{"key": "id", "messages": [{"type": "x"}]}')


def how(**said: object) -> Rows:
    return HOW.model_copy(update=said)


@pytest.mark.parametrize(
    ("content", "reading", "line", "what"),
    [
        (b"", how(), "", "empty"),
        (b"no\n1\n", how(), "", "no column is called id"),
        (b"id,id\n1,2\n", how(), "", "comes twice"),
        (b"id\n1\n\xff\n", how(), "", "not utf-8 after line"),
        (b'id\n1\n"a"b\n', how(), ":3", "expected"),
        (b'id\n1\n"a', how(), ":3", "unexpected end"),
        (b"id\n" + b"x" * 300_000, how(), "", "longer than"),
        (",".join(f"c{n}" for n in range(300)).encode(), how(), "", "columns"),
    ],
)
def test_a_file_that_is_no_table_is_refused_with_its_place(
    content: bytes, reading: Rows, line: str, what: str, tmp_path: Path
) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(content)

    with pytest.raises(TableError) as refused:
        list(tables.rows(path, reading))

    assert str(refused.value).startswith(f"t.csv{line}:")
    assert what in str(refused.value)


@pytest.mark.parametrize(
    ("encoding", "content"),
    [
        ("gb18030", "id,名\n1,客诉\n".encode("gb18030")),
        ("utf-8-sig", "\ufeffid,名\r\n1,客诉\r\n".encode()),
        ("utf-16", "id,名\n1,客诉\n".encode("utf-16")),
    ],
)
def test_the_encoding_is_the_profiles(
    encoding: str, content: bytes, tmp_path: Path
) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(content)

    [row] = tables.rows(path, how(encoding=encoding))

    assert row.cells == {"id": "1", "名": "客诉"}


def test_the_delimiter_is_the_profiles(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(as_csv([{"id": "1", "b": "x,y"}], delimiter=";"))

    [row] = tables.rows(path, how(delimiter=";"))

    assert row.cells == {"id": "1", "b": "x,y"}


def test_a_file_that_unpacks_to_absurdly_much_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "t.csv.gz"
    path.write_bytes(gzip.compress(b"id\n" + b"1\n" * 20_000_000))

    with pytest.raises(TableError, match="split it"):
        for _ in tables.rows(path, how()):
            pass


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"id\n1\n"])
def test_what_is_no_workbook_is_refused(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "t.xlsx"
    path.write_bytes(content)

    with pytest.raises(TableError, match="no workbook"):
        list(tables.rows(path, how()))


def test_a_damaged_packed_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "t.csv.gz"
    path.write_bytes(gzip.compress(as_csv(a_file_of_the_same_shape(200)))[:-200])

    with pytest.raises(TableError, match="cannot be read"):
        list(tables.rows(path, how(key="Complaint ID")))


def test_a_profile_without_rows_imports_nothing(tmp_path: Path) -> None:
    with pytest.raises(ProfileError, match="rows of a file"):
        Import(tmp_path / "x.csv", ALL.of("crm").profile, ALL)
