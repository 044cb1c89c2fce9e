"""Read models of shipments and projects: one row a stream, from its facts as corrected."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from psycopg import Connection, sql
from psycopg.types.json import Jsonb

from domain.record import Record
from domain.registry import REGISTRY
from projections.projection import Projection, Recorded

# What every such table begins with. `kept` is each event of the stream, as it was stored.
HEAD_SQL = """
    stream_id    uuid        PRIMARY KEY,
    version      bigint      NOT NULL,
    first        bigint      NOT NULL,  -- position of its first event: the order of pages
    position     bigint      NOT NULL,  -- of its last one
    recorded_at  timestamptz NOT NULL,
    updated_at   timestamptz NOT NULL,
    kept         jsonb       NOT NULL,
    number       text        COLLATE "C" NOT NULL,
"""
HEAD = ("stream_id", "version", "first", "position", "recorded_at", "updated_at", "kept")

Columns = Callable[[Record], Mapping[str, Any]]


def record_projection(
    kind: str, table: str, columns_sql: str, columns: Columns
) -> Projection:
    """A table of one kind of stream; *columns* fills what *columns_sql* adds."""

    def project(conn: Connection[Any], batch: Sequence[Recorded]) -> None:
        kept = _kept(conn, table, {at.stream_id for at in batch})
        changed: dict[UUID, dict[str, Any]] = {}
        for at in batch:
            row = changed.get(at.stream_id) or kept.get(at.stream_id)
            if row is None or row["version"] < at.version:
                changed[at.stream_id] = _after(row, at, columns)
        _write(conn, table, changed.values())

    tables_sql = f"CREATE TABLE {table} ({HEAD_SQL}{columns_sql});"
    return Projection(table, tables_sql, project, streams=(kind,))


def _after(row: Mapping[str, Any] | None, at: Recorded, columns: Columns) -> dict[str, Any]:
    """The row after one more event. The domain itself folds corrections in."""
    said = at.event.model_dump(mode="json", exclude={"originator_id", "originator_version"})
    kept = [*(row["kept"] if row else ()), [at.event.TOPIC, said]]
    record = _replayed(at.stream_id, kept)
    return {
        "stream_id": at.stream_id,
        "version": at.version,
        "first": row["first"] if row else at.position,
        "position": at.position,
        "recorded_at": row["recorded_at"] if row else at.recorded_at,
        "updated_at": at.recorded_at,
        "kept": kept,
        "number": record.number,
        **columns(record),
    }


def _replayed(stream_id: UUID, kept: Iterable[Sequence[Any]]) -> Record:
    record: Record | None = None
    for version, (topic, said) in enumerate(kept, start=1):
        event = REGISTRY[topic].model_validate_json(json.dumps(said))
        record = event.at(stream_id, version).mutate(record)
    assert record is not None
    return record


def _kept(conn: Connection[Any], table: str, ids: set[UUID]) -> dict[UUID, dict[str, Any]]:
    query = sql.SQL("SELECT {} FROM {} WHERE stream_id = ANY(%s)").format(
        sql.SQL(", ").join(map(sql.Identifier, HEAD)), sql.Identifier(table)
    )
    rows = conn.execute(query, [list(ids)]).fetchall()
    return {row[0]: dict(zip(HEAD, row, strict=True)) for row in rows}


def _write(conn: Connection[Any], table: str, rows: Iterable[dict[str, Any]]) -> None:
    """Store rows, never over a newer version."""
    words = list(rows)
    if not words:
        return
    names = [sql.Identifier(name) for name in words[0]]
    columns = sql.SQL(", ").join(names)
    conn.execute(
        sql.SQL(
            "INSERT INTO {table} AS t ({columns})"
            " SELECT {columns} FROM jsonb_populate_recordset(NULL::{table}, %s)"
            " ON CONFLICT (stream_id) DO UPDATE SET ({columns}) = ROW({new})"
            " WHERE t.version < excluded.version"
        ).format(
            table=sql.Identifier(table),
            columns=columns,
            new=sql.SQL(", ").join(sql.SQL("excluded.{}").format(name) for name in names),
        ),
        [Jsonb(words, dumps=lambda value: json.dumps(value, default=str))],
    )


def day_of(record: Record, at: datetime) -> str:
    """The day of an instant where the record is, as a table takes it."""
    return at.astimezone(ZoneInfo(record.zone)).date().isoformat()
