"""A relay's checkpoint: how far its source is in the topic, and how we would see if not."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from psycopg import Connection

from consumers.faults import BusyError
from infra.logs import log

MOVE = """
UPDATE running.relay SET (position, beat_at) = (%s, clock_timestamp())
 WHERE (name, topic_id, position) = (%s, %s, %s)
"""
SET_BACK = """
UPDATE running.relay SET (topic, topic_id, position, resent) = (%s, %s, %s, resent + %s)
 WHERE (name, position) = (%s, %s)
"""
KEEP_MARKS = """
INSERT INTO running.relay_mark AS m (relay, part, next_offset, last_position)
SELECT %s, * FROM unnest(%s::int[], %s::bigint[], %s::bigint[])
    ON CONFLICT (relay, part) DO UPDATE
   SET (next_offset, last_position) = (excluded.next_offset, excluded.last_position)
"""


class Mark(NamedTuple):
    """The last record that we know to be in a partition: it stands one back."""

    next_offset: int
    number: int


@dataclass(frozen=True)
class Checkpoint:
    """Everything up to *number* is in the topic of this id, and the marks are its ends."""

    number: int
    topic_id: str
    marks: dict[int, Mark]


def stored(conn: Connection[Any], name: str, topic: str) -> Checkpoint:
    """Where a source stands; made when it was never relayed, or to another topic."""
    with conn.transaction():
        conn.execute(
            "INSERT INTO running.relay (name, topic, topic_id, position)"
            " VALUES (%s, %s, '', 0) ON CONFLICT DO NOTHING",
            [name, topic],
        )
        row = conn.execute(
            "SELECT position, topic_id, topic FROM running.relay WHERE name = %s", [name]
        ).fetchone()
        assert row is not None
        marks = conn.execute(
            "SELECT part, next_offset, last_position FROM running.relay_mark"
            " WHERE relay = %s",
            [name],
        ).fetchall()
    topic_id = row[1] if row[2] == topic else ""
    return Checkpoint(row[0], topic_id, {mark[0]: Mark(*mark[1:]) for mark in marks})


def move(
    conn: Connection[Any], name: str, at: Checkpoint, *, to: int, marks: Mapping[int, Mark]
) -> Checkpoint:
    """Number and marks together, and only from where we stood."""
    with conn.transaction():
        moved = conn.execute(MOVE, [to, name, at.topic_id, at.number])
        if moved.rowcount != 1:
            raise BusyError(f"another relay moved the checkpoint of {name}")
        _keep(conn, name, marks)
    return replace(at, number=to, marks=at.marks | dict(marks))


def set_back(
    conn: Connection[Any], name: str, topic: str, was: Checkpoint, at: Checkpoint
) -> None:
    """What the log lost is sent once more: readers let none of it in twice."""
    first = was.topic_id == ""
    words = [topic, at.topic_id, at.number, int(not first), name, was.number]
    with conn.transaction():
        if conn.execute(SET_BACK, words).rowcount != 1:
            raise BusyError(f"another relay moved the checkpoint of {name}")
        conn.execute("DELETE FROM running.relay_mark WHERE relay = %s", [name])
        _keep(conn, name, at.marks)
    say = log.info if first else log.error
    say(
        "relay_begins" if first else "relay_set_back",
        source=name,
        topic=topic,
        topic_id=at.topic_id,
        position=at.number,
        of=was.number,
    )


def beat(conn: Connection[Any], name: str) -> None:
    """Somebody is at it, though there is nothing to send."""
    conn.execute(
        "UPDATE running.relay SET beat_at = clock_timestamp() WHERE name = %s", [name]
    )


def _keep(conn: Connection[Any], name: str, marks: Mapping[int, Mark]) -> None:
    offsets = [mark.next_offset for mark in marks.values()]
    numbers = [mark.number for mark in marks.values()]
    conn.execute(KEEP_MARKS, [name, list(marks), offsets, numbers])
