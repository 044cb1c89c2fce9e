"""Moments: when each complaint is to be looked at because time has passed."""

from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg import Connection

from consumers.opening import Opened
from domain.complaint.deadline_lapses import next_moment
from domain.complaint.escalation import next_climb
from domain.complaint.state import Complaint

KEEP = """
INSERT INTO running.moment VALUES (%s, %s)
    ON CONFLICT (complaint_id) DO UPDATE SET at = excluded.at
"""
FORGET = "DELETE FROM running.moment WHERE complaint_id = %s"
COME = "SELECT complaint_id FROM running.moment WHERE at <= %s ORDER BY at, 1 LIMIT %s"


def moment_of(opened: Opened, complaint: Complaint) -> datetime | None:
    """When time alone changes its record next: a due instant passes, or a rung's limit."""
    ledger = opened.ledger
    climbs = next_climb(complaint, ledger.rulebooks.of(complaint), ledger.calendars)
    lapses = next_moment(complaint)
    if climbs is None or lapses is None:
        return lapses if climbs is None else climbs.at
    return min(lapses, climbs.at)


def renew(opened: Opened, conn: Connection[Any], complaint: Complaint) -> None:
    """Keep when time alone changes its record next; nothing, if it never does."""
    moment = moment_of(opened, complaint)
    if moment is None:
        conn.execute(FORGET, [complaint.id])
    else:
        conn.execute(KEEP, [complaint.id, moment])


def come(conn: Connection[Any], now: datetime, limit: int) -> list[UUID]:
    """Complaints whose moment has come, the earliest first; they stay until renewed."""
    return [complaint for (complaint,) in conn.execute(COME, [now, limit])]
