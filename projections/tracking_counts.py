"""How many complaints: of a list, by stage, by any column, and what there is to choose."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from psycopg import Connection, sql

from domain.errors import InvalidError, Lack, TooLargeError
from projections.tracking_filter import FILTERS, PREPARE, UNKNOWABLE, Query, where
from projections.tracking_row import ENDED, STAGES

TOTAL_MAX = 10_000  # beyond this a list says "10,000+"
CHOICES_MAX = 200
GROUPS_MAX = 10_000

# What can be counted by. The month is that of the site's own calendar.
COUNTED: Mapping[str, sql.Composable] = {
    **{name: sql.Identifier(name) for name in (*FILTERS, "region")},
    "month": sql.SQL("to_char(received_on, 'YYYY-MM')"),
}
EVERY = Query()


@dataclass(frozen=True, slots=True)
class Total:
    """How many rows a list has, or at least has."""

    count: int
    is_exact: bool


@dataclass(frozen=True, slots=True)
class Choice:
    """A value to filter by, and how many complaints have it; none: they are too many."""

    value: str
    count: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """The head line of a list. The stages sum to the total."""

    total: int
    open: int  # neither closed nor withdrawn
    stages: Mapping[str, int]  # each of them, be it 0
    unknown: Mapping[str, int]  # column → in how many rows nobody has stated it


def total(conn: Connection[Any], query: Query, *, up_to: int = TOTAL_MAX) -> Total:
    """How many rows a list has; beyond *up_to* they are not counted."""
    condition, values = where(query)
    row = conn.execute(
        sql.SQL(
            "SELECT count(*) FROM (SELECT FROM reading.tracking WHERE {} LIMIT %s) AS t"
        ).format(condition),
        [*values, up_to + 1],
        prepare=PREPARE,
    ).fetchone()
    assert row is not None
    return Total(min(row[0], up_to), row[0] <= up_to)


def summary(conn: Connection[Any], query: Query = EVERY) -> Summary:
    """The counts of a whole list, all exact, by one look at its rows."""
    condition, values = where(query)
    unknown = [
        sql.SQL("count(*) - count({})").format(sql.Identifier(n)) for n in UNKNOWABLE
    ]
    rows = conn.execute(
        sql.SQL(
            "SELECT stage, count(*), {} FROM reading.tracking WHERE {} GROUP BY stage"
        ).format(sql.SQL(", ").join(unknown), condition),
        values,
        prepare=PREPARE,
    ).fetchall()
    found = {row[0]: row[1] for row in rows}
    return Summary(
        total=sum(found.values()),
        open=sum(count for stage, count in found.items() if stage not in ENDED),
        stages={stage: found.get(stage, 0) for stage in STAGES},
        unknown={name: sum(r[n] for r in rows) for n, name in enumerate(UNKNOWABLE, 2)},
    )


_LATEST = """
    SELECT {column} AS value, item_count, grades, labels FROM reading.tracking
     ORDER BY recorded_at DESC, number DESC LIMIT %(latest)s
"""
_OF_ITEMS = """
    SELECT value, count(*) AS n FROM latest WHERE item_count = 1 GROUP BY 1
    UNION ALL
    SELECT substr(label, %(skip)s), count(*) FROM latest, unnest(labels) AS label
     WHERE item_count > 1 AND starts_with(label, %(prefix)s) GROUP BY 1
"""
_OF_SCHEMES = """
    SELECT g.key || ':' || g.value AS value, t.n
      FROM (SELECT grades, count(*) AS n FROM latest GROUP BY grades) AS t,
           jsonb_each_text(t.grades) AS g
"""
_OF_ROWS = "SELECT value, count(*) AS n FROM latest GROUP BY 1"


def choices(conn: Connection[Any], field: str) -> list[Choice]:
    """What a filter can be set to, the most frequent first; as many rows as it finds.

    In a table of more than 10,000 rows it is what the latest 10,000 have, uncounted.
    Batches are many and are typed, not chosen: they come as their first item spells them.
    """
    if field not in FILTERS:
        raise InvalidError(Lack("field", f"one of {', '.join(FILTERS)}"))
    per_item = _OF_ITEMS if field in {"product", "defect"} else _OF_ROWS
    counted = _OF_SCHEMES if field == "grade" else per_item
    is_whole = total(conn, EVERY).is_exact
    rows = conn.execute(
        sql.SQL(
            "WITH latest AS ({}) SELECT value, sum(n)::bigint FROM ({}) AS t"
            " WHERE value IS NOT NULL GROUP BY value ORDER BY 2 DESC, 1 LIMIT %(limit)s"
        ).format(sql.SQL(_LATEST).format(column=sql.Identifier(field)), sql.SQL(counted)),
        {
            "skip": len(field) + 2,
            "prefix": f"{field}:",
            "latest": TOTAL_MAX,
            "limit": CHOICES_MAX,
        },
    )
    return [Choice(value, n if is_whole else None) for value, n in rows]


def counts_by(
    conn: Connection[Any], *columns: str, query: Query = EVERY
) -> dict[tuple[str | None, ...], int]:
    """How many rows for each combination of values; `None` where it is unknown.

    Made to hold an import against its file: by product, channel, reply_result, month.
    """
    if not columns or set(columns) - set(COUNTED):
        raise InvalidError(Lack("columns", f"some of {', '.join(COUNTED)}"))
    condition, values = where(query)
    rows = conn.execute(
        sql.SQL(
            "SELECT count(*), {0} FROM reading.tracking WHERE {1} GROUP BY {0} LIMIT %s"
        ).format(sql.SQL(", ").join(COUNTED[name] for name in columns), condition),
        [*values, GROUPS_MAX + 1],
        prepare=PREPARE,
    ).fetchall()
    if len(rows) > GROUPS_MAX:
        raise TooLargeError(Lack("columns", f"there are more than {GROUPS_MAX} groups"))
    return {tuple(row[1:]): row[0] for row in rows}
