"""The outbox: what waits to be told to whom, kept with the position it was read up to."""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID, uuid5

from psycopg import Connection

NAME = "outbox"  # of its cursor
NAMES = UUID("6b7a0b0e-3b57-5d0b-9c6e-2f4f6d1f5a10")  # never change it: ids are made of it
TRIES_MAX = 12
PAUSE_MIN = timedelta(seconds=30)
PAUSE_MAX = timedelta(hours=2)

AT = "SELECT position FROM running.reaction WHERE name = %s"
MOVE = """
INSERT INTO running.reaction (name, position) VALUES (%s, %s)
    ON CONFLICT (name) DO UPDATE
   SET (position, beat_at) = (excluded.position, clock_timestamp())
"""
PUT = """
INSERT INTO running.outbox
       (id, position, topic, number, recipient, channel, words, not_before)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT (id) DO NOTHING
"""
DUE = """
SELECT DISTINCT recipient, channel FROM running.outbox
 WHERE state = 'waiting' AND not_before <= %s ORDER BY 1, 2
"""
TAKE = """
UPDATE running.outbox AS o SET (state, letter, tries) = ('sending', %(letter)s, o.tries + 1)
 WHERE o.id IN (
       SELECT id FROM running.outbox
        WHERE state = 'waiting' AND recipient = %(recipient)s AND channel = %(channel)s
          AND (tries = 0 OR not_before <= %(now)s)
        ORDER BY position LIMIT %(limit)s FOR UPDATE SKIP LOCKED)
RETURNING o.id, o.position, o.topic, o.number, o.words, o.tries
"""
SETTLE = """
UPDATE running.outbox SET (state, why, not_before) = (%s, %s, coalesce(%s, not_before))
 WHERE letter = %s AND state = 'sending'
"""
LEFT = """
UPDATE running.outbox
   SET state = CASE channel WHEN 'mail' THEN 'unsure' ELSE 'waiting' END,
       why = 'we were stopped while it was being handed over'
 WHERE state = 'sending' RETURNING channel
"""


KEPT = timedelta(days=90)
FORGET = "DELETE FROM running.outbox WHERE state = 'sent' AND at < clock_timestamp() - %s"


class Line(NamedTuple):
    """One thing to be told."""

    id: UUID
    position: int
    topic: str
    number: str
    words: str
    tries: int

    def body(self) -> bytes:
        """As a webhook says it."""
        said = {
            "id": str(self.id),
            "position": self.position,
            "topic": self.topic,
            "number": self.number,
            "words": self.words,
        }
        return json.dumps(said, ensure_ascii=False).encode()


def position(conn: Connection[Any]) -> int | None:
    """Up to where the ledger was read; none before the first time."""
    row = conn.execute(AT, [NAME]).fetchone()
    return row[0] if row else None


def move(conn: Connection[Any], to: int) -> None:
    """It was read up to here."""
    conn.execute(MOVE, [NAME, to])


def line_id(position: int, recipient: str, channel: str) -> UUID:
    """The same for the same event and recipient, whoever reads it and how often."""
    return uuid5(NAMES, f"{position}:{recipient}:{channel}")


def put(conn: Connection[Any], rows: Iterable[Sequence[object]]) -> None:
    """Let these wait; what is there already stays as it is."""
    for row in rows:
        conn.execute(PUT, list(row))


def due(conn: Connection[Any], now: datetime) -> list[tuple[str, str]]:
    """To whom something is to be told now, and how."""
    return conn.execute(DUE, [now]).fetchall()


def take(
    conn: Connection[Any],
    recipient: str,
    channel: str,
    *,
    letter: UUID,
    now: datetime,
    limit: int,
) -> list[Line]:
    """Lines for one letter: nobody else takes them, and it is known that we did."""
    words = {"letter": letter, "recipient": recipient, "channel": channel}
    rows = conn.execute(TAKE, {**words, "now": now, "limit": limit}).fetchall()
    return sorted((Line(*row) for row in rows), key=lambda line: line.position)


def settle(
    conn: Connection[Any],
    letter: UUID,
    state: str,
    why: str | None = None,
    again_at: datetime | None = None,
) -> None:
    """What became of it."""
    conn.execute(SETTLE, [state, why, again_at, letter])


def left_over(conn: Connection[Any]) -> int:
    """What a sender that is gone had begun: a mail may have arrived, and is not repeated.

    A webhook is said again under the same id. Only for whoever holds the lease.
    """
    return len(conn.execute(LEFT).fetchall())


def pause(tries: int) -> timedelta:
    """How long to wait after so many tries: twice as long each time, up to a limit."""
    return min(PAUSE_MIN * float(2 ** (tries - 1)), PAUSE_MAX)


def forget(conn: Connection[Any]) -> None:
    """What was told long ago is kept no longer; the cursor is far past it."""
    conn.execute(FORGET, [KEPT])
