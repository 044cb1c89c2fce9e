"""A view as a Parquet file: typed, compressed, and it says what it stands for."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from io import RawIOBase
from itertools import islice
from typing import Any

import pyarrow as pa
from psycopg import Connection
from pyarrow.parquet import ParquetWriter

from projections.exports.cut import Cut, cut, rows
from projections.exports.views import Column, View
from projections.snapshot import snapshot
from projections.tracking_filter import Query

MEDIA_TYPE = "application/vnd.apache.parquet"
GROUP_ROWS = 20_000  # held at a time

TYPES: Mapping[str, pa.DataType] = {
    "id": pa.string(),
    "text": pa.string(),
    "texts": pa.list_(pa.string()),
    "whole": pa.int64(),
    "instant": pa.timestamp("us", tz="UTC"),
    "day": pa.date32(),
    "yesno": pa.bool_(),
    "json": pa.string(),
}


def _compact(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


# What the database gives otherwise than Arrow takes it.
AS_TEXT: Mapping[str, Callable[[Any], str]] = {"id": str, "json": _compact}


def parquet(
    conn: Connection[Any], view: View, query: Query | None = None, *, about: str = ""
) -> Iterator[bytes]:
    """The file piece by piece. *about* says which part of the view it holds."""
    with snapshot(conn):
        schema = _schema(view, cut(conn, view), about)
        found = rows(conn, view, query)
        made = _Pieces()
        with ParquetWriter(made, schema, compression="zstd") as writer:
            while some := list(islice(found, GROUP_ROWS)):
                writer.write_batch(_batch(some, view.columns, schema))
                yield made.taken()
        yield made.taken()


def _schema(view: View, at: Cut, about: str) -> pa.Schema:
    told = {"view": view.name, "filter": about, "zh": view.zh, "en": view.en}
    fields = [
        pa.field(
            one.name,
            TYPES[one.kind],
            nullable=one.may_lack,
            metadata={"unit": one.unit, "zh": one.zh, "en": one.en},
        )
        for one in view.columns
    ]
    return pa.schema(fields, metadata={**told, **at.as_words()})


def _batch(
    found: Sequence[Sequence[Any]], columns: Sequence[Column], schema: pa.Schema
) -> pa.RecordBatch:
    arrays = [
        pa.array(_values(values, column.kind), type=TYPES[column.kind])
        for column, values in zip(columns, zip(*found, strict=True), strict=True)
    ]
    return pa.RecordBatch.from_arrays(arrays, schema=schema)


def _values(values: Sequence[Any], kind: str) -> Sequence[Any]:
    said = AS_TEXT.get(kind)
    if said is None:
        return values
    return [None if value is None else said(value) for value in values]


class _Pieces(RawIOBase):
    """What a writer wrote, to be taken away before it writes on."""

    def __init__(self) -> None:
        super().__init__()
        self._pieces: list[bytes] = []
        self._written = 0

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:  # noqa: ANN401  # whatever holds bytes
        piece = bytes(data)
        self._pieces.append(piece)
        self._written += len(piece)
        return len(piece)

    def tell(self) -> int:
        return self._written

    def close(self) -> None:
        """It stays open: its last pieces are taken when the writer is done."""

    def taken(self) -> bytes:
        """All since the last time."""
        pieces, self._pieces = self._pieces, []
        return b"".join(pieces)
