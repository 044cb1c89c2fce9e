"""A CSV file that a spreadsheet opens as text and numbers, and never as a formula."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import islice
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from psycopg import Connection

from projections import tracking_query
from projections.tracking_filter import Query
from projections.tracking_row import COLUMNS

BOM = b"\xef\xbb\xbf"  # without it a Chinese Excel takes UTF-8 for GBK
ROWS_AT_ONCE = 500

# What makes a cell a formula is how it begins, blanks aside, and how a line in it begins.
FORMULA = re.compile(
    r"^(?=[\t\r\n])|(^|[\r\n])(?=(?:[^\S\r\n]|[\ufeff\u200b])*[=+\-@＝＋－＠])"
)

Cell = str | int | bool | datetime | date | UUID | list[Any] | dict[str, Any] | None


def csv_file(
    heads: Sequence[str],
    rows: Iterable[Sequence[Cell]],
    *,
    bom: bool,
    unknown: str = "",
    about: Mapping[str, str] | None = None,
) -> Iterator[bytes]:
    """The file piece by piece (RFC 4180). Text is quoted and numbers are not.

    *about* comes first, a line each that begins with `#`: what the file shows, up to which
    position, how many rows. *unknown* is written where nobody has stated a value.
    """
    notes = ((f"# {key}: {value}",) for key, value in (about or {}).items())
    lines = (_line(cells, unknown) for part in (notes, [heads], rows) for cells in part)
    if bom:
        yield BOM
    while piece := "".join(islice(lines, ROWS_AT_ONCE)):
        yield piece.encode()


def tracking_csv(
    conn: Connection[Any],
    query: Query,
    *,
    bom: bool,
    columns: Sequence[str] = COLUMNS,
    heads: Mapping[str, str] | None = None,
    unknown: str = "",
    about: Mapping[str, str] | None = None,
) -> Iterator[bytes]:
    """Every row of a list as a file, times on the clock of the complaint's own site.

    *heads* are the columns' names in the reader's language; without them, ours.
    """
    names = [(heads or {}).get(column, column) for column in columns]
    found = tracking_query.cells(conn, query, (*columns, "zone"))
    lines = (_on_site(cells, ZoneInfo(zone)) for *cells, zone in found)
    return csv_file(names, lines, bom=bom, unknown=unknown, about=about)


def _on_site(cells: Iterable[Cell], zone: ZoneInfo) -> list[Cell]:
    return [one.astimezone(zone) if isinstance(one, datetime) else one for one in cells]


def _line(cells: Iterable[Cell], unknown: str) -> str:
    return ",".join(_written(cell, unknown) for cell in cells) + "\r\n"


def _written(cell: Cell, unknown: str) -> str:
    match cell:
        case None:
            return _quoted(unknown) if unknown else ""
        case str():
            return _quoted(cell)
        case list() | dict():
            return _quoted(json.dumps(cell, ensure_ascii=False, sort_keys=True))
        case bool():
            return str(cell).lower()
        case _:  # a number, an instant, a day or an id: none of them can begin a formula
            return str(cell)


def _quoted(text: str) -> str:
    harmless = FORMULA.sub(r"\1'", text)
    return '"' + harmless.replace('"', '""') + '"'
