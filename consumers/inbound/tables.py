"""Tables in files: the rows of a CSV, packed or not, or of a workbook; bounded, by line."""

import csv
import gzip
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from datetime import date, datetime, time
from io import TextIOWrapper
from pathlib import Path
from typing import IO

import openpyxl

from consumers.inbound.profile import Rows

Cell = str | int | bool | None

ROWS_MAX = 1_000_000
COLUMNS_MAX = 256
LINE_MAX = 262_144  # characters
SIZE_MAX = 2 * 1024**3  # characters of a CSV, unpacked
WORKBOOK_MAX = 200 * 1024**2  # bytes of all its parts, unpacked
RATIO_MAX = 100  # a packed file that says more is made to fill a memory
SMALL = 10 * 1024**2  # which no packing makes dangerous


class TableError(Exception):
    """The file cannot be read as a table; the text says where, not what stands there."""


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row below the header."""

    line: int  # of the file, or of the sheet, where the row begins
    cells: dict[str, Cell]
    fits: bool = True  # as many cells as there are columns


def rows(path: Path, how: Rows) -> Iterator[TableRow]:
    """Every row of a file that says anything, in order. Raises `TableError`."""
    is_workbook = path.suffix.lower() == ".xlsx"
    columns: list[str] | None = None
    count = 0
    for line, cells in _workbook(path, how) if is_workbook else _csv(path, how):
        if columns is None:
            columns = _columns(path, cells, how)
        elif any(cell not in {None, ""} for cell in cells):
            count += 1
            if count > ROWS_MAX:
                raise TableError(f"{path.name}: more than {ROWS_MAX} rows: split it")
            fits = len(cells) == len(columns)
            yield TableRow(line, dict(zip(columns, cells, strict=False)), fits)
    if columns is None:
        raise TableError(f"{path.name}: the file is empty")


def _columns(path: Path, cells: Sequence[Cell], how: Rows) -> list[str]:
    columns = [str(cell or "").strip() for cell in cells]
    named = [column for column in columns if column]
    if len(columns) > COLUMNS_MAX:
        raise TableError(f"{path.name}: more than {COLUMNS_MAX} columns")
    if len(set(named)) < len(named):
        raise TableError(f"{path.name}: a column comes twice")
    if how.key not in named:
        raise TableError(f"{path.name}: no column is called {how.key}")
    return columns


def _csv(path: Path, how: Rows) -> Iterator[tuple[int, Sequence[Cell]]]:
    line = 1
    try:
        with ExitStack() as stack:
            raw: IO[bytes] | gzip.GzipFile = stack.enter_context(path.open("rb"))
            size_max = SIZE_MAX
            if path.suffix.lower() == ".gz":
                size_max = max(SMALL, path.stat().st_size * RATIO_MAX)
                raw = stack.enter_context(gzip.GzipFile(fileobj=raw))
            text = TextIOWrapper(raw, encoding=how.encoding, newline="")
            bounded = _bounded(text, path.name, min(size_max, SIZE_MAX))
            csv.field_size_limit(LINE_MAX)
            reader = csv.reader(bounded, delimiter=how.delimiter, strict=True)
            for cells in reader:
                yield line, cells
                line = reader.line_num + 1
    except UnicodeDecodeError as error:
        raise TableError(f"{path.name}: not {how.encoding} after line {line}") from error
    except csv.Error as error:
        raise TableError(f"{path.name}:{line}: {error}") from error
    except (OSError, EOFError) as error:
        raise TableError(f"{path.name}: cannot be read after line {line}") from error


def _bounded(text: TextIOWrapper, name: str, size_max: int) -> Iterator[str]:
    """Line by line; a line without an end would be read whole before anybody counts."""
    size = 0
    while line := text.readline(LINE_MAX + 1):
        size += len(line)
        if len(line) > LINE_MAX:
            raise TableError(f"{name}: a line is longer than {LINE_MAX} characters")
        if size > size_max:
            raise TableError(f"{name}: more than {size_max} characters: split it")
        yield line


def _workbook(path: Path, how: Rows) -> Iterator[tuple[int, Sequence[Cell]]]:
    _check_parts(path)
    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except (OSError, KeyError, ValueError) as error:
        raise TableError(f"{path.name}: no workbook that can be read") from error
    with closing(book):
        sheet = how.sheet or book.sheetnames[0]
        if sheet not in book.sheetnames:
            raise TableError(f"{path.name}: no sheet is called {sheet}")
        cells = book[sheet].iter_rows(max_col=COLUMNS_MAX + 1, values_only=True)
        for line, row in enumerate(cells, start=1):
            yield line, _trimmed([_cell(value) for value in row])


def _check_parts(path: Path) -> None:
    """A workbook is an archive; what its parts become is bounded before one is unpacked."""
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
    except (OSError, zipfile.BadZipFile) as error:
        raise TableError(f"{path.name}: no workbook that can be read") from error
    size = sum(part.file_size for part in parts)  # no part is read beyond what it states
    packed = sum(part.compress_size for part in parts)
    if size > WORKBOOK_MAX or size > max(SMALL, packed * RATIO_MAX):
        raise TableError(f"{path.name}: it unpacks to more than is read: split it")


def _cell(value: object) -> Cell:
    """As a CSV would say it: a whole number without point, a day without time."""
    match value:
        case None | bool() | int() | str():
            return value
        case float():
            return int(value) if value.is_integer() else repr(value)
        case datetime():
            midnight = value.time() == time(0)
            return value.date().isoformat() if midnight else value.isoformat()
        case date() | time():
            return value.isoformat()
        case _:
            return str(value)


def _trimmed(cells: list[Cell]) -> list[Cell]:
    """Without what is empty on the right: a sheet is as wide as its widest row."""
    while cells and cells[-1] is None:
        cells.pop()
    return cells
