"""Noticing: what was recorded since is put into the outbox, for each who wants to know."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from eventsourcing.persistence import StoredEvent
from psycopg import Connection

from consumers.notifying import outbox
from consumers.notifying.hours import may_be_told
from consumers.notifying.recipients import TOLD, Recipients
from consumers.notifying.telling import news_of
from consumers.opening import Opened

STEP_MAX = 1_000  # positions in one turn
TOPICS = [f"{'cluster' if word == 'alarmed' else 'complaint'}.{word}" for word in TOLD]
HEAD = "SELECT coalesce(max(position), 0) FROM ledger.event"
FOUND = """
SELECT position, stream, version, topic, state FROM ledger.event
 WHERE position > %s AND position <= %s AND topic = ANY(%s) ORDER BY position
"""


def notice(
    opened: Opened,
    conn: Connection[Any],
    recipients: Recipients,
    *,
    now: datetime,
    gather: timedelta,
) -> bool:
    """Read on; whether there was anything. Lines and position move in one transaction.

    The first time it begins at the end: nobody is told of what is over.
    """
    at = outbox.position(conn)
    if at is None or not recipients.recipients:
        begin(conn)
        return False
    [(head,)] = conn.execute(HEAD).fetchall()
    to = min(head, at + STEP_MAX)
    found = conn.execute(FOUND, [at, to, TOPICS]).fetchall()
    rows = [
        row
        for position, *stored in found
        for row in _rows(opened, recipients, position, StoredEvent(*stored), now + gather)
    ]
    with conn.transaction():
        outbox.put(conn, rows)
        outbox.move(conn, to)
    return bool(to > at)


def begin(conn: Connection[Any]) -> None:
    """Leave out what was recorded up to now."""
    [(head,)] = conn.execute(HEAD).fetchall()
    outbox.move(conn, head)


def _rows(
    opened: Opened,
    recipients: Recipients,
    position: int,
    stored: StoredEvent,
    earliest: datetime,
) -> Iterator[tuple[object, ...]]:
    """One line for each recipient and each way to reach them."""
    news = news_of(opened, opened.codec.to_domain_event(stored))
    if news is None:
        return
    for name, one in recipients.of(news.topic, news.roles):
        quiet = one.quiet
        calendar = opened.ledger.calendars[quiet.calendar].calendar if quiet else None
        begins = may_be_told(earliest, quiet, calendar)
        for channel in one.channels():
            line = outbox.line_id(position, name, channel)
            words = news.words[one.language]
            topic, number = news.topic, news.number
            yield line, position, topic, number, name, channel, words, begins
