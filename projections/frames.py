"""The read models as pandas DataFrames: typed columns, and unknown is never a number.

Text is `string`, whole numbers are `Int64`, yes or no is `boolean`; instants are
`datetime64[us, UTC]`, days `datetime64[s]` at midnight of no zone; ids are text. What
nobody has stated is `NA` (`NaT` for times) and never NaN, 0 or an empty string. Items,
causes and other lists stay lists of dicts (`object`). `frame.attrs` says up to which
position the ledger is in it.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from types import NoneType
from typing import Any, get_args, get_origin, get_type_hints
from uuid import UUID

import pandas as pd
from psycopg import Connection, sql

from domain.errors import Lack, TooLargeError
from projections import freshness, tracking_query
from projections.penalties import Row as Notice
from projections.snapshot import snapshot
from projections.tracking_counts import EVERY
from projections.tracking_filter import Query
from projections.tracking_row import COLUMNS, Row

ROWS_MAX = 1_000_000

DTYPES: Mapping[type, str] = {
    str: "string",
    UUID: "string",
    int: "Int64",
    bool: "boolean",
    datetime: "datetime64[us, UTC]",
    date: "datetime64[s]",
    list: "object",
    dict: "object",
}
STAGES: Mapping[str, type] = {
    "stream_id": UUID,
    "version": int,
    "position": int,
    "topic": str,
    "happened_at": datetime,
    "recorded_at": datetime,
    "by": str,
    "role": str,
    "source": str,
}


def _kinds(row: type) -> dict[str, type]:
    """The columns of a row, and what stands in each when it is known."""
    found: dict[str, type] = {}
    for name, hint in get_type_hints(row).items():
        known = next((kind for kind in get_args(hint) if kind is not NoneType), hint)
        if NoneType not in get_args(hint):
            known = hint
        found[name] = get_origin(known) or known
    return found


TRACKING = {name: kind for name, kind in _kinds(Row).items() if name in COLUMNS}
PENALTIES = _kinds(Notice)


def tracking_frame(conn: Connection[Any], query: Query | None = None) -> pd.DataFrame:
    """The tracking table, or the part of it that a query names, in the query's order."""
    with snapshot(conn):
        cells = tracking_query.cells(conn, query or EVERY, tuple(TRACKING))
        return _frame(conn, "tracking", TRACKING, cells)


def stages_frame(conn: Connection[Any]) -> pd.DataFrame:
    """Every step of every complaint, in the order the ledger recorded them."""
    return _whole(conn, "stages", STAGES)


def penalties_frame(conn: Connection[Any]) -> pd.DataFrame:
    """Every notice, in the order they last changed. Money is in minor units."""
    return _whole(conn, "penalties", PENALTIES)


def _whole(conn: Connection[Any], name: str, kinds: Mapping[str, type]) -> pd.DataFrame:
    query = sql.SQL("SELECT {} FROM {} ORDER BY position LIMIT %s").format(
        sql.SQL(", ").join(sql.Identifier(column) for column in kinds),
        sql.Identifier("reading", name),
    )
    with snapshot(conn):
        found = conn.execute(query, [ROWS_MAX + 1]).fetchall()
        if len(found) > ROWS_MAX:
            raise TooLargeError(Lack("", f"it has more than {ROWS_MAX} rows"))
        return _frame(conn, name, kinds, found)


def _frame(
    conn: Connection[Any],
    name: str,
    kinds: Mapping[str, type],
    rows: Iterable[Sequence[Any]],
) -> pd.DataFrame:
    columns = list(zip(*rows, strict=True)) or [()] * len(kinds)
    frame = pd.DataFrame(
        {
            column: _series(values, kind)
            for (column, kind), values in zip(kinds.items(), columns, strict=True)
        }
    )
    now = freshness.read(conn, name)
    frame.attrs = {"position": now.position, "generation": now.generation}
    return frame


def _series(values: Sequence[Any], kind: type) -> "pd.Series[Any]":
    if kind is UUID:
        values = [None if value is None else str(value) for value in values]
    return pd.Series(list(values), dtype=DTYPES[kind])
