"""The tracking table (客诉台账): one row a complaint, with what has been done."""

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import fields
from typing import Any
from uuid import UUID

from psycopg import Connection, sql
from psycopg.rows import class_row

from projections.projection import Projection, Recorded
from projections.tracking_columns import row_of
from projections.tracking_kept import Kept, follow
from projections.tracking_row import Row

# Text sorts by code point, so that pages have one order on every server. A list is sorted
# by one column, then by number; unknown comes last in both directions.
TABLES_SQL = """
CREATE TABLE tracking (
    complaint_id       uuid        PRIMARY KEY,
    version            bigint      NOT NULL,
    position           bigint      NOT NULL,
    recorded_at        timestamptz NOT NULL,
    updated_at         timestamptz NOT NULL,
    -- What lists are narrowed and counted by comes early: a reader of a row stops there.
    received_at        timestamptz NOT NULL,
    closed_at          timestamptz,
    root_caused_at     timestamptz,
    next_due_at        timestamptz,                 -- of the first deadline still owed
    received_on        date        NOT NULL,        -- in the zone of the site
    stage_nth          int         NOT NULL,
    quantity           bigint,
    loss_minor         bigint,
    stage              text        COLLATE "C" NOT NULL,
    number             text        COLLATE "C" NOT NULL UNIQUE,
    customer           text        COLLATE "C",
    channel            text        COLLATE "C",
    kind               text        COLLATE "C",
    product            text        COLLATE "C",     -- of the first item, as the next two
    batch              text        COLLATE "C",
    defect             text        COLLATE "C",
    grade              text        COLLATE "C",     -- scheme:code
    owner              text        COLLATE "C",
    responsible_unit   text        COLLATE "C",
    reply_result       text        COLLATE "C",
    item_count         int         NOT NULL,
    grades             jsonb       NOT NULL,        -- scheme → code
    labels             text[]      COLLATE "C" NOT NULL,  -- what it is found by
    source             text        COLLATE "C" NOT NULL,
    source_key         text        COLLATE "C",
    customer_number    text        COLLATE "C",
    region             text        COLLATE "C",
    site               text        COLLATE "C" NOT NULL,
    zone               text        COLLATE "C" NOT NULL,
    origin             text        COLLATE "C" NOT NULL,
    occurred_at        timestamptz NOT NULL,
    occurred_precision text        COLLATE "C",
    items              jsonb       NOT NULL,
    shipment_batch     text        COLLATE "C",     -- of the first item, as the next one
    unit               text        COLLATE "C",
    total_quantity     bigint,
    screened           text        COLLATE "C",
    cycle              int         NOT NULL,
    accepted_at        timestamptz,
    acknowledged_at    timestamptz,
    first_contact_at   timestamptz,
    contained_at       timestamptz,
    action_planned_at  timestamptz,
    implemented_at     timestamptz,
    verified_at        timestamptz,
    action_due_on      date,
    replied_at         timestamptz,
    confirmed_at       timestamptz,
    confirmation       text        COLLATE "C",
    called_back_at     timestamptz,
    satisfied          boolean,
    first_closed_at    timestamptz,
    reopened           int         NOT NULL,
    withdrawn_at       timestamptz,
    duplicate_of       uuid,
    determined         text        COLLATE "C",
    causes             jsonb,
    actions            jsonb,
    liable             jsonb,
    loss_currency      text        COLLATE "C",
    next_clock         text        COLLATE "C",
    next_rulebook      text        COLLATE "C",
    next_provisional   boolean,
    deadlines_met      int         NOT NULL,
    deadlines_late     int         NOT NULL,
    fined              int         NOT NULL,
    corrected          int         NOT NULL
);
CREATE INDEX tracking_received ON tracking (received_at, number);
CREATE INDEX tracking_recorded ON tracking (recorded_at, number);
CREATE INDEX tracking_updated  ON tracking (updated_at, number);
CREATE INDEX tracking_customer ON tracking (customer, number);
CREATE INDEX tracking_product  ON tracking (product, number);
CREATE INDEX tracking_batch    ON tracking (batch, number);
CREATE INDEX tracking_defect   ON tracking (defect, number);
CREATE INDEX tracking_quantity ON tracking (quantity, number);
CREATE INDEX tracking_grade    ON tracking (grade, number);
CREATE INDEX tracking_stage    ON tracking (stage_nth, number);
CREATE INDEX tracking_owner    ON tracking (owner, number);
CREATE INDEX tracking_due      ON tracking (next_due_at, number);
CREATE INDEX tracking_closed   ON tracking (closed_at, number);
CREATE INDEX tracking_labels   ON tracking USING gin (labels);

CREATE TABLE tracking_kept (                        -- what the rows above follow from
    complaint_id uuid        PRIMARY KEY,
    version      bigint      NOT NULL,
    position     bigint      NOT NULL,
    recorded_at  timestamptz NOT NULL,
    updated_at   timestamptz NOT NULL,
    said         jsonb       NOT NULL
);
"""


def project(conn: Connection[Any], batch: Sequence[Recorded]) -> None:
    """Read what is kept, follow the events of the batch, write: two statements."""
    kept = {one.complaint_id: one for one in _read(conn, {at.stream_id for at in batch})}
    changed: dict[UUID, Kept] = {}
    for at in batch:
        before = kept.get(at.stream_id)
        if before is None or before.version < at.version:
            changed[at.stream_id] = kept[at.stream_id] = follow(before, at)
    write(conn, changed.values())


def _read(conn: Connection[Any], complaint_ids: Iterable[UUID]) -> list[Kept]:
    with conn.cursor(row_factory=class_row(Kept)) as cur:
        return cur.execute(
            "SELECT * FROM tracking_kept WHERE complaint_id = ANY(%s)",
            [list(complaint_ids)],
        ).fetchall()


def _upsert(table: str, columns: Iterable[str]) -> sql.Composed:
    """Rows from JSON, where what is unknown is left out; the newer version stays."""
    names = [sql.Identifier(name) for name in columns]
    return sql.SQL(
        "INSERT INTO {table} AS t ({columns})"
        " SELECT {columns} FROM json_populate_recordset(NULL::{table}, {rows})"
        " ON CONFLICT (complaint_id) DO UPDATE SET ({columns}) = ROW({values})"
        " WHERE t.version < excluded.version"
    ).format(
        table=sql.Identifier(table),
        columns=sql.SQL(", ").join(names),
        rows=sql.Placeholder(table),
        values=sql.SQL(", ").join(sql.SQL("excluded.{}").format(name) for name in names),
    )


_KEPT = tuple(field.name for field in fields(Kept))
_ROW = tuple(field.name for field in fields(Row))
_WRITE = sql.SQL("WITH kept AS ({}) {}").format(
    _upsert("tracking_kept", _KEPT), _upsert("tracking", _ROW)
)


def write(conn: Connection[Any], kept: Collection[Kept]) -> None:
    """Store what is kept and the rows that follow from it; never over a newer version."""
    remembered = [_words(one, _KEPT) for one in kept]
    rows = [_words(row_of(one), _ROW) for one in kept]
    conn.execute(_WRITE, {"tracking_kept": _json(remembered), "tracking": _json(rows)})


def _words(one: Kept | Row, names: Iterable[str]) -> dict[str, Any]:
    return {name: value for name in names if (value := getattr(one, name)) is not None}


def _json(rows: list[dict[str, Any]]) -> str:
    return json.dumps(rows, default=str, ensure_ascii=False, separators=(",", ":"))


tracking = Projection("tracking", TABLES_SQL, project)
