"""Repeat alarms: raised, extended and withdrawn as the complaints of a key change."""

import hashlib
from typing import Any

from psycopg import Connection

from consumers.opening import Opened
from consumers.reacting import shares
from consumers.reacting.shares import Due
from consumers.reacting.upgrades import upgrade
from domain import cluster, repeats
from domain.cluster import Cluster, Found
from domain.complaint.state import Complaint
from domain.entry import Message, settle
from domain.event import Who
from domain.ledger import Request, aside
from domain.rulebooks.rulebook import Rules
from domain.times import Instant
from infra.logs import log
from infra.wall_clock import now

NAME = "repeats"
REACTOR = Who(by="r-reactor", role="reactor", source="reactor")
STEP_MAX = 500  # positions looked at in one turn
DUE_MAX = 50
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


async def step(opened: Opened, conn: Connection[Any]) -> bool:
    """Look at what was recorded since, then at what is due. Whether there was anything.

    *conn* is in autocommit. Killed anywhere, the next step goes on: what a complaint adds
    and what is due move with the position, and an alarm that stands is not raised again.
    """
    moved = await aside(look, opened, conn)
    waiting = await aside(shares.due, conn, DUE_MAX)
    for one in waiting:
        await bring_up(opened, conn, one)
    return moved or bool(waiting)


def look(opened: Opened, conn: Connection[Any]) -> bool:
    """Renew the shares of every complaint that changed."""
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
        conn.execute(MOVE, [NAME, to])
    return bool(to > at)


async def bring_up(opened: Opened, conn: Connection[Any], one: Due) -> None:
    """Bring the alarm to what its key comes to now, then what the rule does by itself."""
    book = opened.ledger.rulebooks[repeats.split(one.rule)[0]]
    found = repeats.found(
        book, one.rule, one.key, await aside(shares.of_key, conn, one.cluster_id)
    )
    await say(opened, found, at=now().replace(microsecond=0))
    if found.is_reached:
        await upgrade(opened, found, at=now().replace(microsecond=0))
    await aside(shares.done, conn, one)


async def say(opened: Opened, found: Found, *, at: Instant) -> None:
    """Say what follows of the alarm over this key, if anything does."""
    ledger = opened.ledger
    stands = await aside(ledger.found, found.cluster_id)
    if stands is None:
        begun = cluster.raised(found, who=REACTOR, at=at)
        if begun is not None:
            message = _message(found, 0)
            # Another reactor may have been quicker: then it stands, and nothing is lost.
            [answer] = await ledger.append([ledger.entry(message, begun, decided_on=0)])
            settle(message, answer)
            log.info("repeat_alarm", stream=str(found.cluster_id), count=found.count)
        return
    assert isinstance(stands, Cluster)
    seen = stands.version
    cluster.followed(stands, Rules({}), found=found, who=REACTOR, at=at)
    if not stands.news:
        return

    def follow(stream: Cluster, rules: Rules) -> None:
        cluster.followed(stream, rules, found=found, who=REACTOR, at=at)

    asked = Request(
        _message(found, seen), found.cluster_id, None, follow, on_what_stands=True
    )
    await ledger.take(asked)


def _message(found: Found, seen: int) -> Message:
    """The same for the same reaction to the same version: said twice, it is one."""
    told = found.members
    digest = hashlib.sha256(repr((found.count, told)).encode()).digest()
    name = f"{found.cluster_id}:{seen}:{digest.hex()[:32]}"
    return Message(REACTOR.source, name, digest)
