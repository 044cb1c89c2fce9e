"""Lapses, turns and rungs: what time alone does to a complaint, each thing once."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg import Connection

from consumers.opening import Opened
from consumers.reacting import moments
from consumers.reacting.asking import asked_once
from domain.batch import take_in
from domain.complaint import deadlines, escalation
from domain.complaint.state import Complaint
from domain.ledger import Request, aside
from domain.rulebooks.rulebook import Rules
from infra.logs import log

AT_ONCE = 50  # complaints in one call


async def step(opened: Opened, conn: Connection[Any], *, now: datetime) -> bool:
    """Say what time did to the complaints whose moment has come; whether there were any."""
    waiting = await aside(moments.come, conn, now, AT_ONCE)
    if waiting:
        await say(opened, await aside(_load, opened, waiting), now=now)
        await aside(_renew, opened, conn, waiting)
    return bool(waiting)


async def say(opened: Opened, complaints: Sequence[Complaint], *, now: datetime) -> None:
    """The same for these, as they were found. Said twice, or by two, it is said once."""
    asked = [
        _request(opened, one.id, one.version, now)
        for one in complaints
        if (moment := moments.moment_of(opened, one)) and moment <= now
    ]
    for answer in await take_in(opened.ledger, asked, opened.ledger.append):
        if isinstance(answer, Exception):
            raise answer
        if answer.position is not None:
            log.info("time_passed", stream=str(answer.stream), position=answer.position)


def _request(opened: Opened, complaint: UUID, seen: int, now: datetime) -> Request:
    """The id is of the version that was seen: whoever sees it asks with the same."""
    ledger = opened.ledger

    def passed(stream: Complaint, rules: Rules) -> None:
        deadlines.pass_time(stream, rules, ledger.calendars, until=now)
        escalation.climb_by_itself(stream, rules, ledger.calendars, at=now)

    message = asked_once(complaint, "time", seen)
    return Request(message, complaint, None, passed, on_what_stands=True)


def _load(opened: Opened, ids: Sequence[UUID]) -> list[Complaint]:
    loaded = [opened.ledger.load(one) for one in ids]
    return [one for one in loaded if isinstance(one, Complaint)]


def _renew(opened: Opened, conn: Connection[Any], ids: Sequence[UUID]) -> None:
    for one in _load(opened, ids):
        moments.renew(opened, conn, one)
