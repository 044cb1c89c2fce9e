"""Repeat alarms (重复告警): one row a cluster, its members and what was done about it."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg import Connection, sql
from psycopg.rows import class_row

from domain.cluster import (
    Alarmed,
    Dismissed,
    Extended,
    MeetingHeld,
    Member,
    PlanAdopted,
    Withdrawn,
)
from projections.projection import Projection, Recorded, UnhandledError

LIST_MAX = 200
STATES = ("open", "in_hand", "planned", "dismissed", "withdrawn")

TABLES_SQL = """
CREATE TABLE clusters (
    cluster_id   uuid        PRIMARY KEY,
    version      bigint      NOT NULL,
    position     bigint      NOT NULL,
    recorded_at  timestamptz NOT NULL,
    updated_at   timestamptz NOT NULL,
    rule         text        COLLATE "C" NOT NULL,  -- rulebook@version#rule
    clause       text        COLLATE "C",           -- rulebook@version#clause
    key          jsonb       NOT NULL,              -- [{fact, value}]
    crossing     int         NOT NULL,              -- how often it was reached
    state        text        COLLATE "C" NOT NULL,  -- one of STATES
    count        bigint      NOT NULL,              -- complaints, or pieces
    threshold    bigint      NOT NULL,
    members      jsonb       NOT NULL,              -- as the event has them
    raised_at    timestamptz NOT NULL,              -- the present alarm
    met_at       timestamptz,
    plan         text,
    dismissed_at timestamptz,
    dismissed_by text,
    reason       text
);
CREATE INDEX clusters_members ON clusters USING gin (members jsonb_path_ops);
CREATE INDEX clusters_state   ON clusters (state, raised_at, cluster_id);
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One cluster. Its members are in the order they were received."""

    cluster_id: UUID
    version: int
    position: int
    recorded_at: datetime
    updated_at: datetime
    rule: str
    clause: str | None
    key: list[dict[str, Any]]
    crossing: int
    state: str
    count: int
    threshold: int
    members: list[dict[str, Any]] = field(default_factory=list)
    raised_at: datetime
    met_at: datetime | None = None
    plan: str | None = None
    dismissed_at: datetime | None = None
    dismissed_by: str | None = None
    reason: str | None = None


def follow(row: Row | None, at: Recorded) -> Row:
    """The row after one more event. Uses the row and the event, nothing else."""
    if isinstance(at.event, Alarmed):
        return _alarmed(row, at.event, at)
    assert row is not None, "a cluster begins with its alarm"
    row = replace(row, version=at.version, position=at.position, updated_at=at.recorded_at)
    match at.event:
        case Extended() as event:
            return _extended(row, event)
        case Withdrawn(count=count):
            return replace(row, state="withdrawn", count=count)
        case Dismissed(decided_at=when, reason=reason, who=who):
            row = replace(row, dismissed_at=when, dismissed_by=who.by, reason=reason)
            return replace(row, state="dismissed")
        case MeetingHeld(occurred_at=when):
            return _at_work(replace(row, met_at=when))
        case PlanAdopted(plan=plan):
            return _at_work(replace(row, plan=plan))
        case _:
            raise UnhandledError(at.event.TOPIC)


def _alarmed(row: Row | None, event: Alarmed, at: Recorded) -> Row:
    """A new crossing: the plan of the key stands, the meeting is asked for again."""
    return Row(
        cluster_id=at.stream_id,
        version=at.version,
        position=at.position,
        recorded_at=row.recorded_at if row else at.recorded_at,
        updated_at=at.recorded_at,
        rule=event.rule,
        clause=event.clause,
        key=[part.model_dump() for part in event.key],
        crossing=event.crossing,
        state="planned" if row and row.plan else "open",
        count=event.count,
        threshold=event.threshold,
        members=_sorted(event.members, []),
        raised_at=event.decided_at,
        plan=row.plan if row else None,
    )


def _extended(row: Row, event: Extended) -> Row:
    """Others belong to it now. New evidence opens what was dismissed."""
    known = {one["complaint"] for one in row.members}
    grown = any(str(one.complaint) not in known for one in event.joined)
    gone = {*map(str, event.left), *(str(one.complaint) for one in event.joined)}
    kept = [one for one in row.members if one["complaint"] not in gone]
    row = replace(row, members=_sorted(event.joined, kept), count=event.count)
    if row.state == "dismissed" and grown:
        return _at_work(replace(row, state="open"))
    return row


def _at_work(row: Row) -> Row:
    """How far people are with an alarm that stands."""
    if row.state in ("dismissed", "withdrawn"):
        return row
    state = "planned" if row.plan else "in_hand" if row.met_at else "open"
    return replace(row, state=state)


def _sorted(members: Iterable[Member], kept: list[dict[str, Any]]) -> list[dict[str, Any]]:
    told = [one.model_dump(mode="json") for one in members]
    return sorted(
        [*kept, *told],
        key=lambda one: (datetime.fromisoformat(one["received_at"]), one["number"]),
    )


def project(conn: Connection[Any], batch: Sequence[Recorded]) -> None:
    """Read the rows of a batch, follow its events, write them back: two statements."""
    ids = list({at.stream_id for at in batch})
    with conn.cursor(row_factory=class_row(Row)) as cur:
        found = cur.execute("SELECT * FROM clusters WHERE cluster_id = ANY(%s)", [ids])
        rows = {row.cluster_id: row for row in found}
    changed: dict[UUID, Row] = {}
    for at in batch:
        before = rows.get(at.stream_id)
        if before is None or before.version < at.version:
            changed[at.stream_id] = rows[at.stream_id] = follow(before, at)
    _write(conn, changed.values())


_COLUMNS = [sql.Identifier(field.name) for field in fields(Row)]
_WRITE = sql.SQL(
    "INSERT INTO clusters AS c"
    " SELECT {} FROM jsonb_populate_recordset(NULL::clusters, %s)"
    " ON CONFLICT (cluster_id) DO UPDATE SET ({}) = ROW({})"
    " WHERE c.version < excluded.version"
).format(
    sql.SQL(", ").join(_COLUMNS),
    sql.SQL(", ").join(_COLUMNS),
    sql.SQL(", ").join(sql.SQL("excluded.{}").format(name) for name in _COLUMNS),
)


def _write(conn: Connection[Any], rows: Iterable[Row]) -> None:
    words = [{f.name: getattr(row, f.name) for f in fields(row)} for row in rows]
    conn.execute(_WRITE, [json.dumps(words, default=str)])


# --- What readers ask; the view shows the generation that is live. ---------------------


def by_state(
    conn: Connection[Any], state: str | None = None, *, limit: int = LIST_MAX
) -> list[Row]:
    """Alarms in a state, or all: what was raised last first."""
    with conn.cursor(row_factory=class_row(Row)) as cur:
        return cur.execute(
            "SELECT * FROM reading.clusters WHERE coalesce(state = %s, true)"
            " ORDER BY raised_at DESC, cluster_id LIMIT %s",
            [state, min(limit, LIST_MAX)],
        ).fetchall()


def one(conn: Connection[Any], cluster_id: UUID) -> Row | None:
    """One alarm, if there is such a one."""
    with conn.cursor(row_factory=class_row(Row)) as cur:
        return cur.execute(
            "SELECT * FROM reading.clusters WHERE cluster_id = %s", [cluster_id]
        ).fetchone()


def of_complaint(conn: Connection[Any], complaint_id: UUID) -> list[Row]:
    """The alarms a complaint is a member of."""
    member = json.dumps([{"complaint": str(complaint_id)}])
    with conn.cursor(row_factory=class_row(Row)) as cur:
        return cur.execute(
            "SELECT * FROM reading.clusters WHERE members @> %s::jsonb"
            " ORDER BY raised_at, cluster_id LIMIT %s",
            [member, LIST_MAX],
        ).fetchall()


def tallied(conn: Connection[Any]) -> dict[str, int]:
    """How many alarms there are in each state."""
    found = conn.execute("SELECT state, count(*) FROM reading.clusters GROUP BY state")
    return dict(found.fetchall())


clusters = Projection("clusters", TABLES_SQL, project, streams=("cluster",))
