"""The views as pandas DataFrames: typed columns, and unknown is never a number.

Text and ids are `string`, whole numbers are `Int64`, yes or no is `boolean`; instants are
`datetime64[us, UTC]`, days `datetime64[s]` at midnight of no zone. What nobody has stated
is `NA` (`NaT` for times) and never NaN, 0 or an empty string. Items, causes and other
lists stay lists of dicts (`object`). `frame.attrs` says what the rows stand for.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
from psycopg import Connection

from projections.exports.cut import cut, rows, view_of
from projections.snapshot import snapshot
from projections.tracking_filter import Query

DTYPES: Mapping[str, str] = {
    "id": "string",
    "text": "string",
    "texts": "object",
    "whole": "Int64",
    "instant": "datetime64[us, UTC]",
    "day": "datetime64[s]",
    "yesno": "boolean",
    "json": "object",
}


def frame(conn: Connection[Any], name: str, query: Query | None = None) -> pd.DataFrame:
    """A view, or the part of the tracking table that a query names, in its order."""
    view = view_of(name)
    with snapshot(conn):
        at = cut(conn, view)
        found = list(rows(conn, view, query))
    columns = list(zip(*found, strict=True)) or [()] * len(view.columns)
    made = pd.DataFrame(
        {
            column.name: _series(values, column.kind)
            for column, values in zip(view.columns, columns, strict=True)
        }
    )
    made.attrs = dict(at._asdict().items())
    return made


def _series(values: Sequence[Any], kind: str) -> "pd.Series[Any]":
    if kind == "id":
        values = [None if value is None else str(value) for value in values]
    return pd.Series(list(values), dtype=DTYPES[kind])
