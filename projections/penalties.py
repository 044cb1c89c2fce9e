"""The penalty ledger (考核奖惩台账): one row a notice, its postings, and what gave way."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from psycopg import Connection, sql
from psycopg.rows import class_row

from domain.event import Event
from domain.penalty import (
    Charge,
    CostCharged,
    OffenceStated,
    PointsDeducted,
    Rewarded,
    SpecialApprovalGiven,
    Superseded,
)
from domain.penalty_after import (
    Appealed,
    Approved,
    Changed,
    Notified,
    Reversed,
    Settled,
    Upheld,
)
from projections.penalty_postings import (
    POSTINGS_SQL,
    Posting,
    postings,
    write_postings,
)
from projections.penalty_superseded import (
    SUPERSEDED_SQL,
    GaveWay,
    superseded,
    write_superseded,
)
from projections.projection import Projection, Recorded, UnhandledError
from projections.stages import happened_at

TABLES_SQL = f"""
CREATE TABLE penalties (
    notice_id    uuid        PRIMARY KEY,
    version      bigint      NOT NULL,
    position     bigint      NOT NULL,
    recorded_at  timestamptz NOT NULL,
    updated_at   timestamptz NOT NULL,
    complaint_id uuid,
    account      text        COLLATE "C" NOT NULL,  -- employee, unit, supplier, customer
    person       text        COLLATE "C" NOT NULL,  -- a pseudonym, or a unit or supplier
    unit         text        COLLATE "C",
    role         text        COLLATE "C",
    act          text        COLLATE "C" NOT NULL,
    act_on       date,
    kind         text        COLLATE "C" NOT NULL,  -- offence, fine, reward, charge, points
    clause       text        COLLATE "C",           -- of the catalog; none: only stated
    amount_minor bigint,                            -- as it stands; none: a consequence
    currency     text        COLLATE "C",
    points       int,
    score_year   int,                               -- of lost points: whose score, and
    score_row    text        COLLATE "C",           -- which row of it
    outcome      text        COLLATE "C",
    liability    text        COLLATE "C",
    shares       jsonb,
    needs_stamp  boolean     NOT NULL,
    stamped      boolean,
    state        text        COLLATE "C" NOT NULL,  -- as the domain names its stages
    appeal_until date,
    stated_at    timestamptz,
    proposed_at  timestamptz,
    approved_at  timestamptz,
    notified_at  timestamptz,
    appealed_at  timestamptz,
    decided_at   timestamptz,
    settled_at   timestamptz,
    reversed_at  timestamptz
);
CREATE INDEX penalties_complaint ON penalties (complaint_id, recorded_at, notice_id);
CREATE INDEX penalties_person    ON penalties (person, recorded_at, notice_id);
CREATE INDEX penalties_position  ON penalties (position);
{POSTINGS_SQL}{SUPERSEDED_SQL}"""

Kind = Literal["offence", "fine", "reward", "charge", "points"]
KINDS: Mapping[type[Charge], Kind] = {
    Rewarded: "reward",
    CostCharged: "charge",
    PointsDeducted: "points",
}


# What becomes of a notice: the state it is in then, and the column of its time.
STEPS: Mapping[type[Event], tuple[str, str]] = {
    Approved: ("approved", "approved_at"),
    Notified: ("notified", "notified_at"),
    Appealed: ("appealed", "appealed_at"),
    Upheld: ("upheld", "decided_at"),
    Changed: ("changed", "decided_at"),
    Settled: ("settled", "settled_at"),
    Reversed: ("reversed", "reversed_at"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One notice. Its money counts from its approval, and no longer once reversed."""

    notice_id: UUID
    version: int
    position: int
    recorded_at: datetime
    updated_at: datetime
    complaint_id: UUID | None
    account: str
    person: str
    unit: str | None = None
    role: str | None = None
    act: str
    act_on: date | None = None
    kind: str = "offence"
    clause: str | None = None
    amount_minor: int | None = None
    currency: str | None = None
    points: int | None = None
    score_year: int | None = None
    score_row: str | None = None
    outcome: str | None = None
    liability: str | None = None
    shares: list[dict[str, Any]] | None = None
    needs_stamp: bool = False
    stamped: bool | None = None
    state: str = "stated"
    appeal_until: date | None = None
    stated_at: datetime | None = None
    proposed_at: datetime | None = None
    approved_at: datetime | None = None
    notified_at: datetime | None = None
    appealed_at: datetime | None = None
    decided_at: datetime | None = None
    settled_at: datetime | None = None
    reversed_at: datetime | None = None


def follow(row: Row | None, at: Recorded) -> Row:
    """The row after one more event. Uses the row and the event, nothing else."""
    row = _begun(row, at)
    event = at.event
    match event:
        case Charge():
            return _charged(row, event)
        case OffenceStated(role=role):
            return replace(row, role=role)
        case Notified(stamped=stamped, appeal_until=until):
            row = replace(row, stamped=stamped, appeal_until=until)
        case Changed(amount=amount):
            row = replace(row, amount_minor=amount.minor, currency=amount.currency)
        case SpecialApprovalGiven() | Superseded():
            return row
    step = STEPS.get(type(event))
    if step is None:
        raise UnhandledError(event.TOPIC)
    state, column = step
    return replace(row, state=state, **{column: happened_at(event)})  # type: ignore[arg-type]  # a time


def _begun(row: Row | None, at: Recorded) -> Row:
    if row is not None:
        return replace(
            row, version=at.version, position=at.position, updated_at=at.recorded_at
        )
    first = at.event
    assert isinstance(first, OffenceStated | Charge), "a notice begins with what it is for"
    return Row(
        notice_id=at.stream_id,
        version=at.version,
        position=at.position,
        recorded_at=at.recorded_at,
        updated_at=at.recorded_at,
        complaint_id=first.complaint_id,
        account=first.account or "employee",
        person=first.person,
        unit=first.unit,
        role=first.role,
        act=first.act,
        act_on=first.on,
        stated_at=first.occurred_at if isinstance(first, OffenceStated) else None,
    )


def _charged(row: Row, event: Charge) -> Row:
    """Proposed, perhaps anew: what came of an earlier round is in the postings."""
    money = event.amount
    return replace(
        row,
        account=event.account or "employee",
        person=event.person,
        unit=event.unit or row.unit,
        role=event.role or row.role,
        kind=KINDS.get(type(event), "fine"),
        clause=event.penalty_clause,
        amount_minor=money.minor if money else None,
        currency=money.currency if money else None,
        points=event.points if isinstance(event, PointsDeducted) else None,
        score_year=event.year if isinstance(event, PointsDeducted) else None,
        score_row=event.row if isinstance(event, PointsDeducted) else None,
        outcome=event.outcome,
        liability=event.liability,
        shares=[part.model_dump(mode="json") for part in event.shares]
        if event.shares
        else None,
        needs_stamp=bool(event.needs_stamp),
        state="proposed",
        proposed_at=event.decided_at,
        stamped=None,
        appeal_until=None,
        approved_at=None,
        notified_at=None,
        appealed_at=None,
        decided_at=None,
        settled_at=None,
        reversed_at=None,
    )


def project(conn: Connection[Any], batch: Sequence[Recorded]) -> None:
    """Read the rows of a batch, follow its events, write what came of them."""
    rows = {row.notice_id: row for row in _read(conn, {at.stream_id for at in batch})}
    changed: dict[UUID, Row] = {}
    posted: list[Posting] = []
    gave_way: list[GaveWay] = []
    for at in batch:
        before = rows.get(at.stream_id)
        if before is None or before.version < at.version:
            after = changed[at.stream_id] = rows[at.stream_id] = follow(before, at)
            posted += postings(before, after, at)
            gave_way += superseded(after, at)
    write(conn, changed.values())
    write_postings(conn, posted)
    write_superseded(conn, gave_way)


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


penalties = Projection("penalties", TABLES_SQL, project, streams=("penalty",), revision=3)
