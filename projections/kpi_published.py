"""Published figures (已发布指标): each value that was shown, and what was said since."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from psycopg import Connection
from psycopg.rows import class_row

from domain.kpi.publication import Published, Restated, Scope
from projections.projection import Projection, Recorded, UnhandledError

TABLES_SQL = """
CREATE TABLE kpi_published (
    stream_id       uuid        NOT NULL,   -- one figure of one month
    version         bigint      NOT NULL,
    position        bigint      NOT NULL,
    recorded_at     timestamptz NOT NULL,
    by              text        COLLATE "C" NOT NULL,  -- a pseudonym
    kpi             text        COLLATE "C" NOT NULL,  -- id@version
    month           text        COLLATE "C" NOT NULL,
    site            text        COLLATE "C",
    customer        text        COLLATE "C",
    product         text        COLLATE "C",
    value           text        COLLATE "C",           -- none: no value
    numerator       bigint      NOT NULL,
    denominator     text        COLLATE "C",
    rests_on        bigint      NOT NULL,   -- what the ledger held
    judged_at       timestamptz NOT NULL,
    definition      text        COLLATE "C" NOT NULL,  -- SHA-256 of its text
    lines           text        COLLATE "C" NOT NULL,  -- SHA-256 of what was counted
    reason          text,                   -- of a restatement
    PRIMARY KEY (stream_id, version)
);
CREATE INDEX kpi_published_month ON kpi_published (month, kpi);
"""
COLUMNS = 18


class Shown(NamedTuple):
    """A value as it was shown, and when."""

    stream_id: UUID
    version: int
    position: int
    recorded_at: datetime
    by: str
    kpi: str
    month: str
    site: str | None
    customer: str | None
    product: str | None
    value: str | None
    numerator: int
    denominator: str | None
    rests_on: int
    judged_at: datetime
    definition: str
    lines: str
    reason: str | None


def project(conn: Connection[Any], batch: Sequence[Recorded]) -> None:
    """Add a row for each."""
    with conn.cursor() as cur:
        cur.executemany(
            f"INSERT INTO kpi_published VALUES ({', '.join(['%s'] * COLUMNS)})"  # noqa: S608  # no value in it
            " ON CONFLICT DO NOTHING",
            [_row(at) for at in batch],
        )


def _row(at: Recorded) -> Shown:
    event = at.event
    if not isinstance(event, Published | Restated):
        raise UnhandledError(event.TOPIC)
    cell = event.cell
    return Shown(
        at.stream_id,
        at.version,
        at.position,
        at.recorded_at,
        event.who.by,
        cell.kpi,
        cell.month,
        cell.scope.site,
        cell.scope.customer,
        cell.scope.product,
        cell.value,
        cell.numerator,
        cell.denominator,
        cell.position,
        cell.at,
        cell.definition,
        cell.lines,
        event.reason if isinstance(event, Restated) else None,
    )


def of_month(
    conn: Connection[Any], month: str, scope: Scope, position: int | None = None
) -> dict[str, list[Shown]]:
    """What was published of a month, by the id of the figure: first to last."""
    with conn.cursor(row_factory=class_row(Shown)) as cur:
        found = cur.execute(
            "SELECT * FROM reading.kpi_published WHERE month = %(month)s"
            " AND site IS NOT DISTINCT FROM %(site)s"
            " AND customer IS NOT DISTINCT FROM %(customer)s"
            " AND product IS NOT DISTINCT FROM %(product)s"
            " AND coalesce(position <= %(position)s, true) ORDER BY position",
            {"month": month, "position": position, **scope.model_dump()},
        )
        made: dict[str, list[Shown]] = {}
        for one in found:
            made.setdefault(one.kpi.partition("@")[0], []).append(one)
        return made


kpi_published = Projection("kpi_published", TABLES_SQL, project, streams=("kpi",))
