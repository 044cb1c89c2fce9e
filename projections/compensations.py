"""What customers were given, line by line: beside the fines, and never among them.

A compensation posts a line for each benefit; one that takes its place first takes every
line back in its own month, so a month that was stated never changes.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Literal
from uuid import UUID

from psycopg import Connection

from domain.complaint.compensation import Compensated, Given
from projections.projection import Projection, Recorded

TABLES_SQL = """
CREATE TABLE compensations (
    complaint_id uuid   NOT NULL,
    version      bigint NOT NULL,
    nth          int    NOT NULL,
    position     bigint NOT NULL,
    what         text   COLLATE "C" NOT NULL,  -- given, taken_back
    posted_on    date   NOT NULL,              -- the day in the zone of the decision
    month        text   COLLATE "C" NOT NULL,  -- as in 2026-05
    scheme       text   COLLATE "C" NOT NULL,  -- the regulation whose benefits these are
    clause       text   COLLATE "C",
    kind         text   COLLATE "C" NOT NULL,
    pieces       int    NOT NULL,              -- 1, or -1 when it is taken back
    minor        bigint NOT NULL,              -- negative then; 0 where it is no money
    currency     text   COLLATE "C",
    months       int,                          -- of warranty, each
    percent_off  int,
    PRIMARY KEY (complaint_id, version, nth)
);
CREATE INDEX compensations_month ON compensations (month, position);
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One benefit that was given, or taken back."""

    complaint_id: UUID
    version: int
    nth: int
    position: int
    what: Literal["given", "taken_back"]
    posted_on: date
    month: str
    scheme: str
    clause: str | None
    kind: str
    pieces: int
    minor: int
    currency: str | None
    months: int | None
    percent_off: int | None


def project(conn: Connection[Any], batch: Sequence[Recorded]) -> None:
    """Add the lines of every compensation; of the rest of a complaint they know nothing."""
    made = [asdict(line) for at in batch for line in lines(at)]
    if made:
        conn.execute(
            "INSERT INTO compensations"
            " SELECT * FROM jsonb_populate_recordset(NULL::compensations, %s)"
            " ON CONFLICT DO NOTHING",
            [json.dumps(made, default=str)],
        )


def lines(at: Recorded) -> Iterator[Line]:
    """What this event takes back, and then what it gives."""
    event = at.event
    if not isinstance(event, Compensated):
        return
    posted = [(one, -1) for one in event.was] + [(one, 1) for one in event.benefits]
    for nth, (one, sign) in enumerate(posted, start=1):
        yield _line(at, event, nth, one, sign)


def _line(at: Recorded, event: Compensated, nth: int, one: Given, sign: int) -> Line:
    return Line(
        complaint_id=at.stream_id,
        version=at.version,
        nth=nth,
        position=at.position,
        what="given" if sign > 0 else "taken_back",
        posted_on=event.decided_at.date(),
        month=f"{event.decided_at:%Y-%m}",
        scheme=event.scheme,
        clause=event.clause,
        kind=one.kind,
        pieces=sign,
        minor=sign * one.amount.minor if one.amount else 0,
        currency=one.amount.currency if one.amount else None,
        months=one.months,
        percent_off=one.percent_off,
    )


compensations = Projection("compensations", TABLES_SQL, project, sparse=True)
