"""Checked: what became of the last comparison of each read model with the store."""

from datetime import datetime
from typing import Any, Literal, NamedTuple

from psycopg import Connection
from psycopg.rows import class_row

Outcome = Literal["same", "differs", "failed"]
LAST = """
SELECT DISTINCT ON (f.projection) f.projection, f.generation, f.began_at, f.ended_at,
       f.position, f.events, f.outcome, f.place
  FROM running.fsck AS f
  JOIN running.generation AS g ON g.name = f.generation AND g.state = 'live'
 ORDER BY f.projection, f.nth DESC
"""


class Check(NamedTuple):
    """One comparison. Tables that were made anew since have not been compared yet."""

    projection: str
    generation: str
    began_at: datetime
    ended_at: datetime
    position: int  # every event up to here was in the tables
    events: int
    outcome: Outcome
    place: str | None  # of the first difference; or the kind of error that ended it


def last(conn: Connection[Any]) -> list[Check]:
    """The last one of each read model, of the tables that are read now."""
    with conn.cursor(row_factory=class_row(Check)) as cur:
        return cur.execute(LAST).fetchall()


def last_at(conn: Connection[Any], projection: str) -> datetime | None:
    """When it was looked at last, in whatever tables."""
    row = conn.execute(
        "SELECT max(began_at) FROM running.fsck WHERE projection = %s", [projection]
    ).fetchone()
    assert row is not None
    found: datetime | None = row[0]
    return found


def note(
    conn: Connection[Any],
    projection: str,
    *,
    began_at: datetime,
    outcome: Outcome,
    position: int = 0,
    events: int = 0,
    place: str | None = None,
) -> None:
    """Keep what became of one."""
    conn.execute(
        "INSERT INTO running.fsck"
        " (projection, generation, began_at, position, events, outcome, place)"
        " SELECT projection, name, %s, %s, %s, %s, %s FROM running.generation"
        " WHERE projection = %s AND state = 'live'",
        [began_at, position, events, outcome, place, projection],
    )
