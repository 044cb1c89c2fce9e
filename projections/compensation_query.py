"""What readers ask of the compensations: their lines, and what they come to by kind."""

from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from psycopg import Connection, sql
from psycopg.rows import class_row

from projections.compensations import Line

LIST_MAX = 1_000


@dataclass(frozen=True, slots=True)
class Total:
    """Benefits of one kind: how many, and what money they come to."""

    kind: str
    months: int | None
    percent_off: int | None
    pieces: int
    minor: int
    currency: str | None


# Every filter stands in the statement, whatever is asked: what is null lets through.
_WHERE = sql.SQL(
    " coalesce(month = %(month)s, %(month)s IS NULL)"
    " AND coalesce(complaint_id = %(complaint_id)s, %(complaint_id)s IS NULL)"
    " AND coalesce(position <= %(position)s, true)"
)
_TOTALS = sql.SQL(
    "SELECT kind, months, percent_off, sum(pieces)::int AS pieces,"
    "       sum(minor)::bigint AS minor, currency"
    "  FROM reading.compensations WHERE {}"
    " GROUP BY kind, months, percent_off, currency"
    " ORDER BY kind, months NULLS FIRST, percent_off NULLS FIRST, currency"
).format(_WHERE)
_LINES = sql.SQL(
    "SELECT * FROM reading.compensations WHERE {} ORDER BY position, nth LIMIT %(limit)s"
).format(_WHERE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which lines: what is not said lets everything through."""

    month: str | None = None
    complaint_id: UUID | None = None
    position: int | None = None  # as it was known then


def totals(conn: Connection[Any], asked: Asked) -> list[Total]:
    """What was given and stands, by kind."""
    with conn.cursor(row_factory=class_row(Total)) as cur:
        return cur.execute(_TOTALS, asdict(asked)).fetchall()


def posted(conn: Connection[Any], asked: Asked) -> list[Line]:
    """The lines themselves, in the order they were posted."""
    with conn.cursor(row_factory=class_row(Line)) as cur:
        return cur.execute(_LINES, asdict(asked) | {"limit": LIST_MAX}).fetchall()
