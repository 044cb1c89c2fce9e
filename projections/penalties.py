"""The penalty ledger (考核奖惩台账): one row a notice, and what they come to."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg import Connection, sql
from psycopg.rows import class_row

from domain.penalty import Approved, Proposed, Reversed
from projections.projection import Projection, Recorded, UnhandledError

LIST_MAX = 1_000

TABLES_SQL = """
CREATE TABLE penalties (
    notice_id    uuid        PRIMARY KEY,
    version      bigint      NOT NULL,
    position     bigint      NOT NULL,
    recorded_at  timestamptz NOT NULL,
    updated_at   timestamptz NOT NULL,
    complaint_id uuid        NOT NULL,
    person       text        COLLATE "C" NOT NULL,  -- a pseudonym
    act          text        COLLATE "C" NOT NULL,
    clause       text        COLLATE "C" NOT NULL,  -- of the catalog of penalties
    amount_minor bigint      NOT NULL,
    currency     text        COLLATE "C" NOT NULL,
    state        text        COLLATE "C" NOT NULL,  -- proposed, approved, reversed
    proposed_at  timestamptz NOT NULL,
    approved_at  timestamptz,
    reversed_at  timestamptz
);
CREATE INDEX penalties_complaint ON penalties (complaint_id, proposed_at, notice_id);
CREATE INDEX penalties_person    ON penalties (person, proposed_at, notice_id);
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One notice. Its money counts from its approval, and no longer once reversed."""

    notice_id: UUID
    version: int
    position: int
    recorded_at: datetime
    updated_at: datetime
    complaint_id: UUID
    person: str
    act: str
    clause: str
    amount_minor: int
    currency: str
    state: str
    proposed_at: datetime
    approved_at: datetime | None = None
    reversed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Total:
    """What the notices in one currency come to: those approved, less those reversed."""

    currency: str
    minor: int
    notices: int


def follow(row: Row | None, at: Recorded) -> Row:
    """The row after one more event. Uses the row and the event, nothing else."""
    if isinstance(at.event, Proposed):
        return _proposed(at.event, at)
    assert row is not None, "a notice begins with its proposal"
    row = replace(row, version=at.version, position=at.position, updated_at=at.recorded_at)
    match at.event:
        case Approved(decided_at=when):
            return replace(row, state="approved", approved_at=when)
        case Reversed(decided_at=when):
            return replace(row, state="reversed", reversed_at=when)
        case _:
            raise UnhandledError(at.event.TOPIC)


def _proposed(event: Proposed, at: Recorded) -> Row:
    return Row(
        notice_id=at.stream_id,
        version=at.version,
        position=at.position,
        recorded_at=at.recorded_at,
        updated_at=at.recorded_at,
        complaint_id=event.complaint_id,
        person=event.person,
        act=event.act,
        clause=event.penalty_clause,
        amount_minor=event.amount.minor,
        currency=event.amount.currency,
        state="proposed",
        proposed_at=event.decided_at,
    )


def project(conn: Connection[Any], batch: Sequence[Recorded]) -> None:
    """Read the rows of a batch, follow its events, write them back: two statements."""
    rows = {row.notice_id: row for row in _read(conn, {at.stream_id for at in batch})}
    changed: dict[UUID, Row] = {}
    for at in batch:
        before = rows.get(at.stream_id)
        if before is None or before.version < at.version:
            changed[at.stream_id] = rows[at.stream_id] = follow(before, at)
    write(conn, changed.values())


def _read(conn: Connection[Any], notice_ids: Iterable[UUID]) -> list[Row]:
    with conn.cursor(row_factory=class_row(Row)) as cur:
        return cur.execute(
            "SELECT * FROM penalties WHERE notice_id = ANY(%s)", [list(notice_ids)]
        ).fetchall()


_COLUMNS = [sql.Identifier(field.name) for field in fields(Row)]
_WRITE = sql.SQL(
    "INSERT INTO penalties AS p"
    " SELECT {} FROM jsonb_populate_recordset(NULL::penalties, %s)"
    " ON CONFLICT (notice_id) DO UPDATE SET ({}) = ROW({})"
    " WHERE p.version < excluded.version"
).format(
    sql.SQL(", ").join(_COLUMNS),
    sql.SQL(", ").join(_COLUMNS),
    sql.SQL(", ").join(sql.SQL("excluded.{}").format(name) for name in _COLUMNS),
)


def write(conn: Connection[Any], rows: Iterable[Row]) -> None:
    """Store rows, never over a newer version."""
    words = [{f.name: getattr(row, f.name) for f in fields(row)} for row in rows]
    conn.execute(_WRITE, [json.dumps(words, default=str)])


# --- What readers ask; the view shows the generation that is live. ---------------------


def of_complaint(conn: Connection[Any], complaint_id: UUID) -> list[Row]:
    """The notices over one complaint, oldest first."""
    with conn.cursor(row_factory=class_row(Row)) as cur:
        return cur.execute(
            "SELECT * FROM reading.penalties WHERE complaint_id = %s"
            " ORDER BY proposed_at, notice_id LIMIT %s",
            [complaint_id, LIST_MAX],
        ).fetchall()


def latest(
    conn: Connection[Any], *, before: int | None = None, limit: int = LIST_MAX
) -> list[Row]:
    """Every notice, what changed last first; *before* the position a page ended at."""
    with conn.cursor(row_factory=class_row(Row)) as cur:
        return cur.execute(
            "SELECT * FROM reading.penalties WHERE coalesce(position < %s, true)"
            " ORDER BY position DESC LIMIT %s",
            [before, min(limit, LIST_MAX)],
        ).fetchall()


def totals(conn: Connection[Any], *, complaint_id: UUID | None = None) -> list[Total]:
    """What counts: approved and not reversed, by currency; of one complaint or of all."""
    with conn.cursor(row_factory=class_row(Total)) as cur:
        return cur.execute(
            "SELECT currency, sum(amount_minor)::bigint AS minor, count(*) AS notices"
            "  FROM reading.penalties"
            " WHERE state = 'approved' AND coalesce(complaint_id = %s, true)"
            " GROUP BY currency ORDER BY currency",
            [complaint_id],
        ).fetchall()


penalties = Projection("penalties", TABLES_SQL, project, streams=("penalty",))
