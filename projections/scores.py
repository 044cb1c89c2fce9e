"""What projects have lost of their scores, by year and row: the points that count."""

from collections.abc import Mapping
from typing import Any

from psycopg import Connection, sql
from psycopg.rows import class_row

from projections.penalties import Row

PROJECTS_MAX = 1_000
NOTICES_MAX = 1_000

Lost = Mapping[str, int]  # row of the score → points

_COUNTS = sql.SQL(
    "kind = 'points' AND score_year = %(year)s"
    " AND state NOT IN ('stated', 'proposed', 'reversed')"
)


def lost(
    conn: Connection[Any], year: int, project: str | None = None
) -> dict[str, dict[str, int]]:
    """Project → row → points, of one project or of all that lost any."""
    query = sql.SQL(
        "SELECT person, score_row, sum(points)::int FROM reading.penalties"
        " WHERE {} AND coalesce(person = %(project)s, %(project)s IS NULL)"
        " GROUP BY person, score_row ORDER BY person, score_row"
    ).format(_COUNTS)
    found: dict[str, dict[str, int]] = {}
    words = {"year": year, "project": project}
    for person, row, points in conn.execute(query, words).fetchall():
        found.setdefault(person, {})[row] = points
    return found


def notices(conn: Connection[Any], year: int, project: str) -> list[Row]:
    """Every deduction of one project's year, reversed ones too, oldest first."""
    with conn.cursor(row_factory=class_row(Row)) as cur:
        return cur.execute(
            "SELECT * FROM reading.penalties WHERE kind = 'points'"
            " AND score_year = %s AND person = %s ORDER BY recorded_at, notice_id LIMIT %s",
            [year, project, NOTICES_MAX],
        ).fetchall()


def projects(conn: Connection[Any]) -> list[tuple[str, str]]:
    """Number and name of every project, what began last first."""
    return conn.execute(
        "SELECT number, name FROM reading.projects ORDER BY first DESC LIMIT %s",
        [PROJECTS_MAX],
    ).fetchall()
