"""Pledges: each is judged once, when its count is too high or its day is over."""

from typing import Any
from uuid import UUID

from psycopg import Connection

from consumers.opening import Opened
from consumers.reacting.asking import asked_once
from domain.complaint import pledges
from domain.complaint.intake import Received
from domain.complaint.state import Complaint
from domain.ledger import Request, aside
from domain.rulebooks.rulebook import Rules
from domain.times import Instant

AT_ONCE = 50
OLD = "SELECT nth, product, batch, defect FROM running.pledged_item WHERE complaint_id = %s"
FORGET_ITEMS = "DELETE FROM running.pledged_item WHERE complaint_id = %s"
KEEP_ITEM = "INSERT INTO running.pledged_item VALUES (%s, %s, %s, %s, %s, %s)"
FORGET = "DELETE FROM running.pledge WHERE complaint_id = %s"
KEEP = "INSERT INTO running.pledge VALUES (%s, %s, %s, %s, %s, %s, %s, %s)"
# The complaints received since it was pledged that have an item of that kind.
DUE = """
SELECT complaint_id, pledge, count FROM (
    SELECT p.*, (
        SELECT count(DISTINCT i.complaint_id) FROM running.pledged_item AS i
         WHERE i.complaint_id <> p.complaint_id
           AND i.received_at > p.since AND i.received_at <= p.until
           AND (p.product IS NULL OR i.product = p.product)
           AND (p.batch IS NULL OR i.batch = p.batch)
           AND (p.defect IS NULL OR i.defect = p.defect)) AS count
      FROM running.pledge AS p) AS counted
 WHERE count > at_most OR until < %s ORDER BY until, 1, 2 LIMIT %s
"""


def renew(conn: Connection[Any], complaint: Complaint) -> None:
    """Keep what it is about, and what was pledged of it; history pledges nothing."""
    received = next(complaint.all(Received))
    items = sorted(pledges.items_of(complaint))
    if conn.execute(OLD + " ORDER BY nth", [complaint.id]).fetchall() != items:
        conn.execute(FORGET_ITEMS, [complaint.id])
        for one in items:
            conn.execute(KEEP_ITEM, [complaint.id, *one, received.received_at])
    conn.execute(FORGET, [complaint.id])
    if received.origin == "imported":
        return
    for made in pledges.unjudged(complaint):
        asked = made.criterion
        parts = (asked.product, asked.batch, asked.defect, asked.at_most)
        window = (made.decided_at, pledges.until(complaint, made))
        conn.execute(KEEP, [complaint.id, made.pledge, *parts, *window])


async def step(opened: Opened, conn: Connection[Any], *, at: Instant) -> bool:
    """Judge what is broken or over; whether there was anything."""
    due = await aside(_due, conn, at)
    for complaint, pledge, count in due:
        await _judge(opened, complaint, pledge, count, at=at)
        stands = await aside(opened.ledger.load, complaint)
        assert isinstance(stands, Complaint)
        await aside(renew, conn, stands)
    return bool(due)


def _due(conn: Connection[Any], at: Instant) -> list[tuple[UUID, str, int]]:
    return conn.execute(DUE, [at, AT_ONCE]).fetchall()


async def _judge(
    opened: Opened, complaint: UUID, pledge: str, count: int, *, at: Instant
) -> None:
    def judged(stream: Complaint, rules: Rules) -> None:
        pledges.judge_by_count(stream, rules, pledge=pledge, count=count, at=at)

    seen = (await aside(opened.ledger.load, complaint)).version
    message = asked_once(complaint, f"pledge:{pledge}", seen)
    asked = Request(message, complaint, None, judged, on_what_stands=True)
    await opened.ledger.take(asked)
