"""Streams that a read model cannot follow: from which event on, and why."""

from collections.abc import Iterable
from typing import Any, NamedTuple
from uuid import UUID

from psycopg import Connection
from psycopg.errors import Error as DatabaseError

PARKED_MAX = 100


class Place(NamedTuple):
    """Where an event stands."""

    stream_id: UUID
    version: int
    position: int


class TooManyParkedError(Exception):
    """This is no longer about one complaint: the read model stops."""


def park(
    conn: Connection[Any],
    generation: str,
    at: Place,
    reason: Exception,
    *,
    limit: int = PARKED_MAX,
) -> None:
    """Follow a stream no further than here; its later events wait in the store."""
    conn.execute(
        "INSERT INTO running.parked (generation, stream_id, from_version, position, reason)"
        " VALUES (%s, %s, %s, %s, %s)",
        [generation, *at, said(reason)],
    )
    row = conn.execute(
        "SELECT count(*) FROM running.parked WHERE generation = %s", [generation]
    ).fetchone()
    assert row is not None
    if row[0] > limit:
        raise TooManyParkedError(f"{generation}: more than {limit}, last {said(reason)}")


def release(conn: Connection[Any], generation: str, stream_id: UUID) -> bool:
    """Let a stream go on; whether it was parked."""
    found = conn.execute(
        "DELETE FROM running.parked WHERE generation = %s AND stream_id = %s",
        [generation, stream_id],
    )
    return found.rowcount == 1


def among(
    conn: Connection[Any], generation: str, streams: Iterable[UUID]
) -> frozenset[UUID]:
    """Those of these streams that are parked."""
    rows = conn.execute(
        "SELECT stream_id FROM running.parked"
        " WHERE generation = %s AND stream_id = ANY(%s)",
        [generation, list(streams)],
    )
    return frozenset(row[0] for row in rows)


def said(reason: Exception) -> str:
    """The kind of error; never its words, which may quote what a customer said."""
    kind = type(reason).__name__
    if isinstance(reason, DatabaseError) and reason.sqlstate:
        return f"{kind} {reason.sqlstate}"
    return kind
