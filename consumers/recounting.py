"""Recounting: when a calendar is published, open deadlines move to what it makes of them.

Each complaint once for each version of a calendar, in small batches: what was done before
a fall is answered from the inbox, and the rest is done when it is run again.
"""

import hashlib
from collections.abc import Iterator, Sequence
from datetime import datetime
from uuid import UUID, uuid5

from psycopg import Connection, connect

from domain.batch import take_in
from domain.calendar_log import stream_of
from domain.complaint import deadlines
from domain.complaint.state import Complaint
from domain.entry import Message
from domain.event import Stream
from domain.ledger import Ledger, Request
from domain.rulebooks.rulebook import Rules

AT_ONCE = 200
SOURCE = "ledger:calendar"

# The store itself, and no read model, which may be behind.
CLOCKED = """
SELECT DISTINCT stream FROM ledger.event
 WHERE topic = 'complaint.deadline_set' ORDER BY stream
"""


async def recount(ledger: Ledger, dsn: str, calendar_id: str, *, at: datetime) -> int:
    """Move what is open and now due at another instant; how many complaints had any."""
    moved = 0
    version = ledger.calendars[calendar_id].version
    with connect(dsn) as conn:
        for streams in _batches(conn):
            asked = [_request(ledger, calendar_id, version, one, at) for one in streams]
            for answer in await take_in(ledger, asked, ledger.append):
                if isinstance(answer, Exception):
                    raise answer
                moved += answer.position is not None
    return moved


def _batches(conn: Connection[tuple[UUID]]) -> Iterator[Sequence[UUID]]:
    with conn.cursor(name="recounting") as found:
        found.execute(CLOCKED)
        while rows := found.fetchmany(AT_ONCE):
            yield [row[0] for row in rows]


def _request(
    ledger: Ledger, calendar_id: str, version: int, complaint: UUID, at: datetime
) -> Request:
    def decide(stream: Complaint, rules: Rules) -> Stream | None:
        deadlines.recount(stream, rules, ledger.calendars, at=at)
        return None

    once = str(uuid5(stream_of(calendar_id), f"{version}:{complaint}"))
    message = Message(SOURCE, once, hashlib.sha256(once.encode()).digest())
    return Request(message, complaint, None, decide)
