"""Looking: each complaint that changed is read once, for everything that waits for it."""

from typing import Any

from psycopg import Connection

from consumers.opening import Opened
from consumers.reacting import moments, pledges, shares
from domain import repeats
from domain.complaint.state import Complaint

NAME = "complaints"
STEP_MAX = 500  # positions looked at in one turn
AT = "SELECT position FROM running.reaction WHERE name = %s"
HEAD = "SELECT coalesce(max(position), 0) FROM ledger.event"
CHANGED = """
SELECT DISTINCT stream FROM ledger.event
 WHERE position > %s AND position <= %s AND topic LIKE 'complaint.%%'
"""
MOVE = """
INSERT INTO running.reaction (name, position) VALUES (%s, %s)
    ON CONFLICT (name) DO UPDATE
   SET (position, beat_at) = (excluded.position, clock_timestamp())
"""


def look(opened: Opened, conn: Connection[Any]) -> bool:
    """Renew what every complaint that changed adds and waits for; whether any was new.

    It moves with the position in one transaction: killed anywhere, the next one goes on.
    """
    row = conn.execute(AT, [NAME]).fetchone()
    at = row[0] if row else 0
    [(head,)] = conn.execute(HEAD).fetchall()
    to = min(head, at + STEP_MAX)
    changed = [stream for (stream,) in conn.execute(CHANGED, [at, to])]
    complaints = [opened.ledger.load(stream) for stream in changed]
    with conn.transaction():
        for complaint in complaints:
            assert isinstance(complaint, Complaint)
            shares.renew(conn, complaint, repeats.adds(complaint, opened.ledger.rulebooks))
            moments.renew(opened, conn, complaint)
            pledges.renew(conn, complaint)
        conn.execute(MOVE, [NAME, to])
    return bool(to > at)
