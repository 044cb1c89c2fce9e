"""Figures (指标): each line under one, as it came and went, with the event it came by."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg import Connection, sql
from psycopg.rows import class_row

from domain.complaint.state import Complaint
from domain.event import Stream
from domain.kpi import complaint_lines, shipment_lines
from domain.kpi.contribution import Contribution, changes
from domain.registry import REGISTRY
from domain.shipment import Shipment
from projections.kpi_kept import Said, after, replayed
from projections.projection import Projection, Recorded

TABLES_SQL = """
CREATE TABLE kpi_lines (
    stream_id    uuid        NOT NULL,
    version      bigint      NOT NULL,          -- of the event by which it came or went
    nth          int         NOT NULL,
    position     bigint      NOT NULL,
    recorded_at  timestamptz NOT NULL,
    topic        text        COLLATE "C" NOT NULL,
    sign         int         NOT NULL,          -- it came (1), or it went (-1)
    measure      text        COLLATE "C" NOT NULL,
    subject      text        COLLATE "C" NOT NULL,  -- which one of the stream's
    month        text        COLLATE "C" NOT NULL,  -- at the plant
    effective_at timestamptz NOT NULL,          -- from when it counts
    amount       bigint      NOT NULL,
    labels       text[]      COLLATE "C" NOT NULL,
    reasons      text[]      COLLATE "C" NOT NULL,  -- why some figures leave it out
    number       text        COLLATE "C" NOT NULL,
    site         text        COLLATE "C" NOT NULL,
    customer     text        COLLATE "C",
    product      text        COLLATE "C",
    PRIMARY KEY (stream_id, version, nth)
);
CREATE INDEX kpi_lines_measure ON kpi_lines (measure, month);

CREATE TABLE kpi_kept (                         -- what the lines follow from
    stream_id   uuid        PRIMARY KEY,
    version     bigint      NOT NULL,
    recorded_at timestamptz NOT NULL,           -- of its first event
    said        jsonb       NOT NULL
);
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What is remembered of one stream: the events that some line follows from."""

    stream_id: UUID
    version: int
    recorded_at: datetime
    said: Sequence[Said]


def project(conn: Connection[Any], batch: Sequence[Recorded]) -> None:
    """Read what is kept, write the lines that each event takes away and adds."""
    kept = {one.stream_id: one for one in _read(conn, {at.stream_id for at in batch})}
    changed: dict[UUID, Kept] = {}
    lines: list[dict[str, Any]] = []
    for stream_id, events in _by_stream(batch).items():
        before = kept.get(stream_id)
        made = _followed(before, events, lines)
        if made is not None and made is not before:
            changed[stream_id] = made
    _write(conn, "kpi_kept", [asdict(one) for one in changed.values()], _KEPT_TAKES)
    _write(conn, "kpi_lines", lines, sql.SQL("ON CONFLICT DO NOTHING"))


def _by_stream(batch: Iterable[Recorded]) -> Mapping[UUID, list[Recorded]]:
    found: dict[UUID, list[Recorded]] = {}
    for at in batch:
        found.setdefault(at.stream_id, []).append(at)
    return found


def _followed(
    before: Kept | None, events: Iterable[Recorded], lines: list[dict[str, Any]]
) -> Kept | None:
    """What is kept after these events of one stream; their lines are added to *lines*."""
    kept = before
    stream = replayed(before.stream_id, before.said, REGISTRY) if before else None
    stood = set(lines_of(stream, before.recorded_at)) if stream and before else set()
    for at in events:
        if kept is not None and at.version <= kept.version:
            continue
        said = after(kept.said if kept else (), at)
        if said is None:
            continue  # no measure asks for it
        begun = kept.recorded_at if kept else at.recorded_at
        kept = Kept(
            stream_id=at.stream_id, version=at.version, recorded_at=begun, said=said
        )
        stream = replayed(at.stream_id, said[-1:], REGISTRY, stream)
        stands = set(lines_of(stream, begun))
        came = changes(stood, stands)
        lines += (_row(at, n, *one, stream) for n, one in enumerate(came))
        stood = stands
    return kept


def lines_of(stream: Stream | None, recorded_at: datetime) -> Iterator[Contribution]:
    """Every line of a stream as it stands; *recorded_at* is of its first event."""
    if isinstance(stream, Complaint):
        yield from complaint_lines.of_complaint(stream, recorded_at)
    if isinstance(stream, Shipment):
        yield from shipment_lines.of_shipment(stream)


def _row(
    at: Recorded, nth: int, sign: int, line: Contribution, stream: Stream
) -> dict[str, Any]:
    assert isinstance(stream, Complaint | Shipment)
    return {
        "stream_id": at.stream_id,
        "version": at.version,
        "nth": nth,
        "position": at.position,
        "recorded_at": at.recorded_at,
        "topic": at.event.TOPIC,
        "sign": sign,
        "number": stream.number,
        **asdict(line),
    }


def _read(conn: Connection[Any], ids: set[UUID]) -> list[Kept]:
    with conn.cursor(row_factory=class_row(Kept)) as cur:
        return cur.execute(
            "SELECT * FROM kpi_kept WHERE stream_id = ANY(%s)", [list(ids)]
        ).fetchall()


_KEPT = sql.SQL(", ").join(sql.Identifier(field.name) for field in fields(Kept))
_KEPT_TAKES = sql.SQL(
    "ON CONFLICT (stream_id) DO UPDATE SET ({}) = ROW({})"
    " WHERE t.version < excluded.version"
).format(
    _KEPT,
    sql.SQL(", ").join(
        sql.SQL("excluded.{}").format(sql.Identifier(field.name)) for field in fields(Kept)
    ),
)


def _write(
    conn: Connection[Any], table: str, rows: list[dict[str, Any]], taken: sql.Composable
) -> None:
    if not rows:
        return
    columns = sql.SQL(", ").join(sql.Identifier(name) for name in rows[0])
    conn.execute(
        sql.SQL(
            "INSERT INTO {table} AS t ({columns})"
            " SELECT {columns} FROM json_populate_recordset(NULL::{table}, %s) {taken}"
        ).format(table=sql.Identifier(table), columns=columns, taken=taken),
        [json.dumps(rows, default=str, ensure_ascii=False)],
    )


kpi = Projection("kpi", TABLES_SQL, project, streams=("complaint", "shipment"))
