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
from domain.entry import Message, settle
from domain.event import REACTOR
from domain.ledger import Request, aside
from domain.rulebooks.rulebook import Rules
from domain.times import Instant
from infra.logs import log

DUE_MAX = 50


async def step(opened: Opened, conn: Connection[Any], *, at: Instant) -> bool:
    """Bring up the alarms whose key changed; whether there were any.

    Killed anywhere, the next step goes on: a key stays due until it was looked at, and an
    alarm that stands is not raised again.
    """
    waiting = await aside(shares.due, conn, DUE_MAX)
    for one in waiting:
        await bring_up(opened, conn, one, at=at)
    return bool(waiting)


async def bring_up(opened: Opened, conn: Connection[Any], one: Due, *, at: Instant) -> None:
    """Bring the alarm to what its key comes to now, then what the rule does by itself."""
    book = opened.ledger.rulebooks[repeats.split(one.rule)[0]]
    found = repeats.found(
        book, one.rule, one.key, await aside(shares.of_key, conn, one.cluster_id)
    )
    await say(opened, found, at=at)
    if found.is_reached:
        await upgrade(opened, found, at=at)
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
