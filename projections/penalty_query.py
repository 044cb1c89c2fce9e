"""What readers ask of the penalty ledger: its notices, its sums, a month's statement."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

from psycopg import Connection, sql
from psycopg.rows import class_row

from projections.penalties import Row
from projections.penalty_postings import Posting
from projections.penalty_superseded import GaveWay

LIST_MAX = 1_000
By = Literal["person", "unit", "clause", "month", "kind", "account"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which notices: each filter that is not said lets everything through."""

    complaint_id: UUID | None = None
    person: str | None = None
    unit: str | None = None
    clause: str | None = None
    state: str | None = None
    kind: str | None = None
    account: str | None = None
    month: str | None = None  # in which something of it was posted, as in 2026-05


@dataclass(frozen=True, slots=True)
class Total:
    """What notices of one kind and currency come to: those that count, and no others."""

    kind: str
    currency: str
    minor: int
    notices: int


@dataclass(frozen=True, slots=True)
class Sum:
    """One line of a view of the accounts."""

    key: str | None
    kind: str
    currency: str | None
    minor: int
    points: int
    notices: int


# Every filter stands in the statement, whatever is asked: what is null lets through.
_WHERE = sql.SQL(
    " coalesce(complaint_id = %(complaint_id)s, %(complaint_id)s IS NULL)"
    " AND coalesce(unit = %(unit)s, %(unit)s IS NULL)"
    " AND (%(person)s::text IS NULL OR person = %(person)s"
    "      OR shares @> jsonb_build_array(jsonb_build_object('person', %(person)s::text)))"
    " AND coalesce(clause = %(clause)s, %(clause)s IS NULL)"
    " AND coalesce(state = %(state)s, %(state)s IS NULL)"
    " AND coalesce(kind = %(kind)s, %(kind)s IS NULL)"
    " AND coalesce(account = %(account)s, %(account)s IS NULL)"
    " AND (%(month)s::text IS NULL OR EXISTS ("
    "      SELECT FROM reading.penalty_postings AS p"
    "       WHERE p.notice_id = n.notice_id AND p.month = %(month)s))"
)
_COUNTS = sql.SQL("state NOT IN ('stated', 'proposed', 'reversed')")


def notices(
    conn: Connection[Any],
    asked: Asked,
    *,
    before: int | None = None,
    limit: int = LIST_MAX,
) -> list[Row]:
    """What changed last first; *before* is the position a page ended at."""
    query = sql.SQL(
        "SELECT * FROM reading.penalties AS n WHERE {}"
        " AND coalesce(position < %(before)s, true) ORDER BY position DESC LIMIT %(limit)s"
    ).format(_WHERE)
    with conn.cursor(row_factory=class_row(Row)) as cur:
        words = _words(asked) | {"before": before, "limit": min(limit, LIST_MAX)}
        return cur.execute(query, words).fetchall()


def of_complaint(conn: Connection[Any], complaint_id: UUID) -> list[Row]:
    """The notices over one complaint, oldest first."""
    with conn.cursor(row_factory=class_row(Row)) as cur:
        return cur.execute(
            "SELECT * FROM reading.penalties WHERE complaint_id = %s"
            " ORDER BY recorded_at, notice_id LIMIT %s",
            [complaint_id, LIST_MAX],
        ).fetchall()


def totals(conn: Connection[Any], asked: Asked = Asked()) -> list[Total]:  # frozen
    """What counts of these notices, by kind and currency."""
    query = sql.SQL(
        "SELECT kind, currency, sum(amount_minor)::bigint AS minor, count(*) AS notices"
        "  FROM reading.penalties AS n WHERE {} AND {} AND amount_minor IS NOT NULL"
        " GROUP BY kind, currency ORDER BY kind, currency"
    ).format(_WHERE, _COUNTS)
    with conn.cursor(row_factory=class_row(Total)) as cur:
        return cur.execute(query, _words(asked)).fetchall()


def by_state(conn: Connection[Any], asked: Asked) -> dict[str, int]:
    """How many of these notices stand where."""
    query = sql.SQL(
        "SELECT state, count(*) FROM reading.penalties AS n WHERE {} GROUP BY state"
    ).format(_WHERE)
    return dict(conn.execute(query, _words(asked)).fetchall())


def sums(
    conn: Connection[Any],
    by: By,
    *,
    month: str | None = None,
    position: int | None = None,
) -> list[Sum]:
    """The accounts by person, unit, clause, month, kind or account.

    With a *position* as it was known then: the published value of a statement.
    """
    query = sql.SQL(
        "SELECT {key} AS key, kind, currency, sum(minor)::bigint AS minor,"
        "       sum(points)::bigint AS points, count(DISTINCT notice_id) AS notices"
        "  FROM reading.penalty_postings"
        " WHERE coalesce(month = %(month)s, %(month)s IS NULL)"
        "   AND coalesce(position <= %(position)s, true)"
        " GROUP BY {key}, kind, currency"
        " ORDER BY {key} NULLS LAST, kind, currency NULLS LAST"
    ).format(key=sql.Identifier(by))
    with conn.cursor(row_factory=class_row(Sum)) as cur:
        return cur.execute(query, {"month": month, "position": position}).fetchall()


def statement(
    conn: Connection[Any], month: str, *, position: int | None = None
) -> Iterator[Posting]:
    """The lines of one month, in the order they were posted."""
    with conn.cursor(row_factory=class_row(Posting)) as cur:
        yield from cur.execute(
            "SELECT * FROM reading.penalty_postings WHERE month = %s"
            " AND coalesce(position <= %s, true) ORDER BY position, nth",
            [month, position],
        )


def unstamped(conn: Connection[Any], month: str) -> list[UUID]:
    """Notices of a month that need a stamp and bear none: not to be carried out yet."""
    found = conn.execute(
        "SELECT notice_id FROM reading.penalties AS n"
        " WHERE needs_stamp AND NOT coalesce(stamped, false)"
        "   AND state NOT IN ('stated', 'proposed', 'reversed')"
        "   AND EXISTS (SELECT FROM reading.penalty_postings AS p"
        "                WHERE p.notice_id = n.notice_id AND p.month = %s)"
        " ORDER BY position LIMIT %s",
        [month, LIST_MAX],
    ).fetchall()
    return [notice for (notice,) in found]


def months(conn: Connection[Any]) -> list[str]:
    """The months in which anything was posted, latest first."""
    found = conn.execute(
        "SELECT DISTINCT month FROM reading.penalty_postings ORDER BY month DESC LIMIT 120"
    ).fetchall()
    return [month for (month,) in found]


def gave_way(conn: Connection[Any], asked: Asked) -> list[GaveWay]:
    """The clauses that gave way, latest first."""
    with conn.cursor(row_factory=class_row(GaveWay)) as cur:
        return cur.execute(
            "SELECT * FROM reading.penalty_superseded"
            " WHERE coalesce(complaint_id = %(complaint_id)s, %(complaint_id)s IS NULL)"
            "   AND coalesce(person = %(person)s, %(person)s IS NULL)"
            " ORDER BY position DESC LIMIT %(limit)s",
            _words(asked) | {"limit": LIST_MAX},
        ).fetchall()


def _words(asked: Asked) -> dict[str, Any]:
    return {
        "complaint_id": asked.complaint_id,
        "person": asked.person,
        "unit": asked.unit,
        "clause": asked.clause,
        "state": asked.state,
        "kind": asked.kind,
        "account": asked.account,
        "month": asked.month,
    }
