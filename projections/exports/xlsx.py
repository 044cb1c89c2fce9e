"""A view as a workbook for Excel: ids as text, no cell is a formula, a page that tells."""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from tempfile import TemporaryFile
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._write_only import WriteOnlyWorksheet
from psycopg import Connection

from domain.errors import Lack, TooLargeError
from projections.csv_file import FORMULA
from projections.exports.cut import cut, rows
from projections.exports.views import View
from projections.snapshot import snapshot
from projections.tracking_filter import Query

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ROWS_MAX = 50_000
CELL_MAX = 32_767  # characters that Excel keeps in a cell
DIGITS_MAX = 10**15  # a longer number loses its last digits there
PIECE = 256 * 1024
BOLD = Font(bold=True)


def xlsx(
    conn: Connection[Any],
    view: View,
    query: Query | None = None,
    *,
    zone: str,
    heads: Mapping[str, str] | None = None,
    about: Mapping[str, str] | None = None,
) -> Iterator[bytes]:
    """The workbook piece by piece: first what it stands for, then the rows.

    Excel knows no zones: times are on the clock of the complaint's own site, or of *zone*.
    *heads* are the columns' names in the reader's language.
    """
    book = Workbook(write_only=True)
    first, table = (book.create_sheet(title) for title in ("About", view.name))
    table.freeze_panes = "A2"
    with snapshot(conn):
        told = {"view": view.name, **(about or {}), **cut(conn, view).as_words()}
        table.append([_head(table, (heads or {}).get(n, n)) for n in view.names])
        count = 0
        for count, cells in enumerate(rows(conn, view, query), start=1):
            if count > ROWS_MAX:
                raise TooLargeError(Lack("", f"narrow it to {ROWS_MAX} rows"))
            table.append(_line(table, cells, _clock(view, cells, zone)))
    last = get_column_letter(len(view.columns))
    table.auto_filter.ref = f"A1:{last}{count + 1}"
    for key, value in {**told, "rows": str(count), "zone": zone}.items():
        first.append([_head(first, key), _text(first, value)])
    with TemporaryFile() as file:
        book.save(file)
        file.seek(0)
        while piece := file.read(PIECE):
            yield piece


def _clock(view: View, cells: Sequence[Any], zone: str) -> ZoneInfo:
    at = view.names.index("zone") if "zone" in view.names else None
    return ZoneInfo(zone if at is None else cells[at])


def _line(sheet: WriteOnlyWorksheet, cells: Sequence[Any], clock: ZoneInfo) -> list[Any]:
    return [_cell(sheet, cell, clock) for cell in cells]


def _cell(sheet: WriteOnlyWorksheet, value: Any, clock: ZoneInfo) -> Any:  # noqa: ANN401  # whatever a column holds
    match value:
        case str() | UUID():
            return _text(sheet, str(value))
        case list() | dict():
            return _text(sheet, json.dumps(value, ensure_ascii=False, sort_keys=True))
        case datetime():
            return value.astimezone(clock).replace(tzinfo=None)
        case int() if abs(value) >= DIGITS_MAX:
            return _text(sheet, str(value))
        case _:  # a number, a day, a truth value, or nothing
            return value


def _head(sheet: WriteOnlyWorksheet, words: str) -> Cell:
    made = _text(sheet, words)
    made.font = BOLD
    return made


def _text(sheet: WriteOnlyWorksheet, words: str) -> Cell:
    """Text that stays text, whatever it begins with, also when somebody edits the cell."""
    made = WriteOnlyCell(sheet)
    made.value = ILLEGAL_CHARACTERS_RE.sub("\ufffd", words)[:CELL_MAX]
    made.data_type = "s"
    if FORMULA.search(words):
        made.quotePrefix = True
    return made
