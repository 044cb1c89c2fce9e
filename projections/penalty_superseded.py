"""Clauses that fitted an act and gave way to a more severe one: kept, never counted."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import Any, Protocol
from uuid import UUID

from psycopg import Connection

from domain.penalty import Superseded
from projections.projection import Recorded

SUPERSEDED_SQL = """
CREATE TABLE penalty_superseded (
    notice_id    uuid   NOT NULL,
    version      bigint NOT NULL,
    position     bigint NOT NULL,
    complaint_id uuid,
    person       text   COLLATE "C" NOT NULL,
    clause       text   COLLATE "C" NOT NULL,
    by_clause    text   COLLATE "C" NOT NULL,
    amount_minor bigint,
    currency     text   COLLATE "C",
    outcome      text   COLLATE "C",
    PRIMARY KEY (notice_id, version)
);
CREATE INDEX penalty_superseded_position ON penalty_superseded (position);
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class GaveWay:
    """One clause that was not applied, and which one was."""

    notice_id: UUID
    version: int
    position: int
    complaint_id: UUID | None
    person: str
    clause: str
    by_clause: str
    amount_minor: int | None
    currency: str | None
    outcome: str | None


class Fined(Protocol):
    """What it needs of a notice's row."""

    @property
    def complaint_id(self) -> UUID | None: ...
    @property
    def person(self) -> str: ...


def superseded(row: Fined, at: Recorded) -> Iterator[GaveWay]:
    """The clause that this event says gave way."""
    event = at.event
    if isinstance(event, Superseded):
        yield GaveWay(
            notice_id=at.stream_id,
            version=at.version,
            position=at.position,
            complaint_id=row.complaint_id,
            person=row.person,
            clause=event.penalty_clause,
            by_clause=event.by_clause,
            amount_minor=event.amount.minor if event.amount else None,
            currency=event.amount.currency if event.amount else None,
            outcome=event.outcome,
        )


def write_superseded(conn: Connection[Any], made: Iterable[GaveWay]) -> None:
    """Add them; none is ever changed."""
    words = json.dumps([asdict(one) for one in made], default=str)
    conn.execute(
        "INSERT INTO penalty_superseded"
        " SELECT * FROM jsonb_populate_recordset(NULL::penalty_superseded, %s)"
        " ON CONFLICT DO NOTHING",
        [words],
    )
