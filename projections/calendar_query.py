"""What a calendar has to do with deadlines: those that wait for a year, those it moved."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg import Connection
from psycopg.rows import class_row

LISTED_MAX = 500
LOOKED_AT_MAX = 50_000  # positions after a publication: its moves follow it at once

PROVISIONAL = """
SELECT complaint_id, number, next_clock AS clock, next_rulebook AS rulebook,
       next_due_at AS due_at
  FROM reading.tracking WHERE next_provisional
 ORDER BY next_due_at, number LIMIT %s
"""
OPEN = """
SELECT complaint_id FROM reading.tracking WHERE next_due_at IS NOT NULL
 ORDER BY next_due_at, number LIMIT %s
"""
LAST = "SELECT max(position) FROM ledger.event WHERE stream = %s"
MOVED = """
SELECT e.state, t.number
  FROM ledger.event AS e JOIN reading.tracking AS t ON t.complaint_id = e.stream
 WHERE e.position > %(since)s AND e.position <= %(since)s + %(most)s
   AND e.topic = 'complaint.deadline_moved'
   AND convert_from(e.state, 'UTF8') LIKE '%%"reason":"calendar"%%'
 ORDER BY e.position LIMIT %(listed)s
"""


@dataclass(frozen=True, slots=True)
class Provisional:
    """A due instant that rests on a year whose holidays nobody has published."""

    complaint_id: UUID
    number: str
    clock: str
    rulebook: str
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Moved:
    """A due instant that a publication moved, as the ledger recorded it."""

    number: str
    clock: str
    old: datetime | None
    new: datetime | None


def provisional(conn: Connection[Any]) -> Sequence[Provisional]:
    """The next ones of open complaints, the earliest first."""
    with conn.cursor(row_factory=class_row(Provisional)) as cursor:
        return cursor.execute(PROVISIONAL, [LISTED_MAX]).fetchall()


def open_deadlines(conn: Connection[Any]) -> list[UUID]:
    """Complaints that owe something by an instant, the earliest first."""
    return [row[0] for row in conn.execute(OPEN, [LISTED_MAX])]


def moved_by(conn: Connection[Any], stream: UUID) -> Sequence[Moved]:
    """What the last publication of this calendar moved."""
    row = conn.execute(LAST, [stream]).fetchone()
    if row is None or row[0] is None:
        return []
    asked = {"since": row[0], "most": LOOKED_AT_MAX, "listed": LISTED_MAX}
    return [_moved(state, number) for state, number in conn.execute(MOVED, asked)]


def _moved(state: bytes, number: str) -> Moved:
    said = json.loads(state)
    return Moved(number, said["clock"], _instant(said["old"]), _instant(said["new"]))


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
