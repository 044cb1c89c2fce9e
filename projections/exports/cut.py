"""A cut through the ledger: the rows of one view, and the position they all stand for."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple

from psycopg import Connection, sql

from domain.errors import InvalidError, Lack, TooLargeError
from projections import tracking_query
from projections.exports.views import View, views
from projections.freshness import NotInstalledError
from projections.tracking_counts import EVERY
from projections.tracking_filter import Query

ROWS_MAX = tracking_query.ROWS_MAX
FETCHED_AT_ONCE = 5_000
# What rows come ordered by, as far as a view has it: the same rows are the same file.
ORDER = ("position", "version", "nth")
LISTED = "tracking"  # the view that can be filtered and sorted as the list is


class Cut(NamedTuple):
    """Where a read model stands: every event up to *position* is in its rows."""

    position: int
    recorded_at: datetime | None  # of that position; none: nothing was recorded yet
    generation: str
    definition: str  # SHA-256 of what the tables were made with

    def as_words(self) -> dict[str, str]:
        """As a file says it of itself."""
        at = self.recorded_at.isoformat() if self.recorded_at else ""
        return {
            "position": str(self.position),
            "recorded_at": at,
            "generation": self.generation,
            "definition": self.definition,
        }


def view_of(name: str) -> View:
    """The view of this name, of those that are rows of a read model."""
    found = views().get(name)
    if found is None or name == "freshness":
        raise InvalidError(Lack("what", f"one of {', '.join(exported())}"))
    return found


def exported() -> tuple[str, ...]:
    """The names of what can be taken along."""
    return tuple(name for name in views() if name != "freshness")


def cut(conn: Connection[Any], view: View) -> Cut:
    """Where a view stands; say it in the snapshot that the rows are read in."""
    row = conn.execute(
        "SELECT position, recorded_at, generation, definition FROM reading.freshness"
        " WHERE projection = %s",
        [view.projection],
    ).fetchone()
    if row is None:
        raise NotInstalledError(view.projection)
    return Cut(*row)


def rows(
    conn: Connection[Any], view: View, query: Query | None = None
) -> Iterator[tuple[Any, ...]]:
    """Every row of a view, its columns in the order they are described, in a snapshot.

    The tracking table comes as a query narrows and sorts it; any other view whole, in the
    order of the ledger.
    """
    if view.name == LISTED:
        yield from tracking_query.cells(conn, query or EVERY, view.names)
        return
    if query not in (None, EVERY):
        raise InvalidError(Lack("what", f"only {LISTED} can be narrowed"))
    table = sql.Identifier("reading", view.name)
    limited = sql.SQL("SELECT count(*) FROM (SELECT FROM {} LIMIT %s) AS t").format(table)
    counted = conn.execute(limited, [ROWS_MAX + 1]).fetchone()
    if counted is None or counted[0] > ROWS_MAX:
        raise TooLargeError(Lack("", f"it has more than {ROWS_MAX} rows"))
    order = [*(name for name in ORDER if name in view.names), view.names[0]]
    with conn.cursor(name="export") as cur:
        cur.itersize = FETCHED_AT_ONCE
        cur.execute(
            sql.SQL("SELECT {} FROM {} ORDER BY {}").format(
                sql.SQL(", ").join(map(sql.Identifier, view.names)),
                table,
                sql.SQL(", ").join(map(sql.Identifier, order)),
            )
        )
        yield from cur
