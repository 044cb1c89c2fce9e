"""Shares: which complaints add what to which key of a repeat rule, kept up to date."""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from psycopg import Connection

from domain.assess.members import Part
from domain.cluster import Part as KeyPart
from domain.cluster import cluster_id
from domain.complaint.intake import Received
from domain.complaint.state import Complaint
from domain.repeats import Adds, Share

OLD = """
SELECT cluster_id, rule, key, parts FROM running.repeat_share WHERE complaint_id = %s
"""
FORGET = "DELETE FROM running.repeat_share WHERE complaint_id = %s"
KEEP = "INSERT INTO running.repeat_share VALUES (%s, %s, %s, %s, %s, %s, %s, %s)"
DUE = """
INSERT INTO running.repeat_due VALUES (%s, %s, %s) ON CONFLICT (cluster_id) DO NOTHING
"""
NEXT_DUE = "SELECT cluster_id, rule, key FROM running.repeat_due ORDER BY 1 LIMIT %s"
DONE = "DELETE FROM running.repeat_due WHERE cluster_id = %s"
OF_KEY = """
SELECT complaint_id, number, received_at, zone, parts
  FROM running.repeat_share WHERE cluster_id = %s
 ORDER BY received_at DESC, number DESC LIMIT %s
"""
SHARES_MAX = 5_000  # of one key: an alarm over more counts the latest


class Due(NamedTuple):
    """A key that somebody has to look at again."""

    cluster_id: UUID
    rule: str
    key: tuple[KeyPart, ...]


def renew(conn: Connection[Any], complaint: Complaint, adds: Iterable[Adds]) -> None:
    """Keep what a complaint adds now, and note each key for which that is another thing.

    Inside a transaction. An imported complaint is counted but makes nothing due: history
    that was loaded calls nobody to a meeting.
    """
    before = {row[0]: row[1:] for row in conn.execute(OLD, [complaint.id])}
    now = {cluster_id(one.rule, one.key): one for one in adds}
    changed = [
        (key_id, old[0], old[1])
        for key_id, old in before.items()
        if key_id not in now or _plain(now[key_id].parts) != old[2]
    ]
    changed += [
        (key_id, one.rule, _key(one)) for key_id, one in now.items() if key_id not in before
    ]
    if not changed:
        return
    received = next(complaint.all(Received))
    conn.execute(FORGET, [complaint.id])
    for key_id, one in now.items():
        conn.execute(
            KEEP,
            [
                key_id,
                complaint.id,
                one.rule,
                json.dumps(_key(one)),
                complaint.number,
                received.received_at,
                complaint.zone,
                json.dumps(_plain(one.parts)),
            ],
        )
    if received.origin != "imported":
        for key_id, rule, key in changed:
            conn.execute(DUE, [key_id, rule, json.dumps(key)])


def due(conn: Connection[Any], limit: int) -> list[Due]:
    """Keys to look at; they stay due until `done`."""
    rows = conn.execute(NEXT_DUE, [limit]).fetchall()
    return [Due(key_id, rule, _parts(key)) for key_id, rule, key in rows]


def done(conn: Connection[Any], one: Due) -> None:
    """It was looked at."""
    conn.execute(DONE, [one.cluster_id])


def of_key(conn: Connection[Any], key_id: UUID, limit: int = SHARES_MAX) -> list[Share]:
    """What complaints add to a key, by when they were received; the latest so many."""
    rows = reversed(conn.execute(OF_KEY, [key_id, limit]).fetchall())
    return [
        Share(
            complaint,
            number,
            received_at,
            zone,
            tuple(
                Part(datetime.fromisoformat(at), number, amount, is_open)
                for at, amount, is_open in parts
            ),
        )
        for complaint, number, received_at, zone, parts in rows
    ]


def _plain(parts: Sequence[Part]) -> list[list[Any]]:
    return [[part.at.isoformat(), part.amount, part.is_open] for part in parts]


def _key(one: Adds) -> list[dict[str, Any]]:
    return [part.model_dump() for part in one.key]


def _parts(key: list[dict[str, Any]]) -> tuple[KeyPart, ...]:
    return tuple(KeyPart(**part) for part in key)
