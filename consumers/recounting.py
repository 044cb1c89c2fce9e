"""Recounting: when a calendar is published, open deadlines move to what it makes of them.

Each complaint once for each version of a calendar, in small batches: what was done before
a fall is answered from the inbox, and the rest is done when it is run again.
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from psycopg import Connection

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


def clocked(conn: Connection[Any]) -> list[UUID]:
    """Every complaint for which a clock ever began to run."""
    return [row[0] for row in conn.execute(CLOCKED)]


async def recount(
    ledger: Ledger,
    complaints: Sequence[UUID],
    calendar_id: str,
    *,
    at: datetime,
    told: Callable[[int], None] = lambda _done: None,
) -> int:
    """Move what is open and now due at another instant; how many complaints had any.

    *told* is how many of the complaints were looked at.
    """
    moved = 0
    version = ledger.calendars[calendar_id].version
    for streams in batched(complaints, AT_ONCE):
        asked = [_request(ledger, calendar_id, version, one, at) for one in streams]
        for answer in await take_in(ledger, asked, ledger.append):
            if isinstance(answer, Exception):
                raise answer
            moved += answer.position is not None
        told(len(streams))
    return moved


def batched(complaints: Sequence[UUID], size: int) -> Iterator[Sequence[UUID]]:
    """So many at a time."""
    for first in range(0, len(complaints), size):
        yield complaints[first : first + size]


def _request(
    ledger: Ledger, calendar_id: str, version: int, complaint: UUID, at: datetime
) -> Request:
    def decide(stream: Complaint, rules: Rules) -> Stream | None:
        deadlines.recount(stream, rules, ledger.calendars, at=at)
        return None

    once = str(uuid5(stream_of(calendar_id), f"{version}:{complaint}"))
    message = Message(SOURCE, once, hashlib.sha256(once.encode()).digest())
    return Request(message, complaint, None, decide)
