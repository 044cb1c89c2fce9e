"""Every step of every complaint, one row each."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from psycopg import Connection

from domain.event import Consequence, Decision, Event, Fact
from projections.projection import Projection, Recorded, UnhandledError

TABLES_SQL = """
CREATE TABLE stages (
    stream_id   uuid        NOT NULL,
    version     bigint      NOT NULL,
    position    bigint      NOT NULL,
    topic       text        NOT NULL,
    happened_at timestamptz NOT NULL,   -- when the world did it, or somebody decided it
    recorded_at timestamptz NOT NULL,
    by          text        NOT NULL,   -- a pseudonym
    role        text        NOT NULL,
    source      text        NOT NULL,
    PRIMARY KEY (stream_id, version)
);
CREATE INDEX ON stages (topic, happened_at);
"""


def project(conn: Connection[Any], batch: Sequence[Recorded]) -> None:
    """Add a row for each event, in one statement."""
    conn.execute(
        """
        INSERT INTO stages
        SELECT * FROM unnest(%s::uuid[], %s::bigint[], %s::bigint[], %s::text[],
                             %s::timestamptz[], %s::timestamptz[], %s::text[], %s::text[],
                             %s::text[])
        """,
        [
            [at.stream_id for at in batch],
            [at.version for at in batch],
            [at.position for at in batch],
            [at.event.TOPIC for at in batch],
            [happened_at(at.event) for at in batch],
            [at.recorded_at for at in batch],
            [at.event.who.by for at in batch],
            [at.event.who.role for at in batch],
            [at.event.who.source for at in batch],
        ],
    )


def happened_at(event: Event) -> datetime:
    """A fact's own time; a decision's, when it was taken; else what it follows from."""
    match event:
        case Fact(occurred_at=at) | Decision(decided_at=at):
            return at
        case Consequence(follows_at=at):
            return at
        case _:
            raise UnhandledError(event.TOPIC)


stages = Projection("stages", TABLES_SQL, project)
