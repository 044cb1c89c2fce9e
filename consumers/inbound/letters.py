"""Letters: messages that wait, that nobody can read, or that a person decides about."""

import asyncio
import threading
import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from psycopg import Connection

from consumers.inbound.batch import KEPT_DAYS
from consumers.inbound.desk import Desk
from consumers.inbound.intake import BATCH_MAX, Intake
from consumers.inbound.memory import LETTER, Letter, letter
from consumers.inbound.message import reason
from consumers.inbound.parcel import CONFLICT, DUPLICATE, Arrival, Told
from consumers.inbound.rehearsal import rehearse
from domain.entry import REFUSED, Entry
from domain.errors import Lack, NotAllowedError, UnknownMessageError
from infra.keys import SealBrokenError
from infra.logs import log
from infra.postgres.appender import Delivery, UnavailableError

SWEEP_S = 1.0
PAGE_MAX = 200
KINDS = ("held", "conflict", "malformed", "defect", "expired")
WAITS = ("held", "defect")  # their messages have no last word yet
AGAIN = ("held", "defect", "malformed")  # what may come out otherwise the next time

READY = f"""
{LETTER} FROM ledger.letter AS l
   JOIN ledger.claim AS c ON (c.name, c.key) = (l.waits_for[1], l.waits_for[2])
  WHERE l.settled IS NULL AND l.kind = 'held' ORDER BY l.nth LIMIT %s
"""
OLD = f"""
{LETTER} FROM ledger.letter AS l
  WHERE l.settled IS NULL AND l.kept_until < %s ORDER BY l.kept_until LIMIT %s
"""
ONE = f"{LETTER} FROM ledger.letter AS l WHERE l.nth = %s AND l.settled IS NULL"
OF_KIND = f"""
{LETTER} FROM ledger.letter AS l
  WHERE l.settled IS NULL AND l.kind = %s AND l.nth > %s ORDER BY l.nth LIMIT %s
"""
LISTED = """
SELECT l.nth, l.kind, l.source, l.message_id, l.digest, l.reason, l.waits_for[2],
       l.payload IS NOT NULL, l.kept_until, o.recorded_at, o.topic, o.part, o.at_offset
  FROM ledger.letter AS l JOIN ledger.outcome AS o USING (nth)
 WHERE l.settled IS NULL AND l.kind = ANY(%s) AND l.nth > %s ORDER BY l.nth LIMIT %s
"""


class Listed(NamedTuple):
    """A letter as a list shows it: why it is kept, never what it says."""

    nth: int
    kind: str
    source: str
    message_id: str
    digest: bytes
    reason: str
    waits_for: str | None  # the source's key of the complaint
    kept: bool  # whether the message itself is there, to be driven again
    kept_until: datetime
    recorded_at: datetime
    topic: str | None
    partition: int | None
    offset: int | None


def listed(
    conn: Connection[Any],
    *,
    kinds: Sequence[str] = KINDS,
    after: int = 0,
    limit: int = PAGE_MAX,
) -> list[Listed]:
    """Letters that are not settled, oldest first; *after* is where the last page ended."""
    rows = conn.execute(LISTED, [list(kinds), after, min(limit, PAGE_MAX)]).fetchall()
    return [Listed(*row) for row in rows]


async def sweep(intake: Intake) -> int:
    """Take in what was held and whose complaint has come since. How many there were."""
    found = await intake.desk.reading(_letters, READY, BATCH_MAX)
    arrivals = _arrivals(intake.desk, found)
    await intake.take(arrivals)
    return len(arrivals)


async def expire(desk: Desk) -> int:
    """End the wait of messages whose time is over, and let go of what was kept."""
    now = desk.clock()
    found = await desk.reading(_letters, OLD, now, BATCH_MAX)
    waited = [one for one in found if one.kind in WAITS]
    lack = Lack("subject", "its complaint did not come in time: send it under a new id")
    why = reason("expired", lack)
    entries = [
        Entry(one.source, one.message_id, one.digest, REFUSED, None, None, why)
        for one in waited
    ]
    until = now + timedelta(days=KEPT_DAYS)
    deliveries = [
        Delivery(letter="expired", payload=one.payload, kept_until=until, redrives=one.nth)
        for one in waited
    ]
    if entries:
        await desk.opened.appender.take_in(entries, deliveries, ())
    for one in found:
        if one.kind not in WAITS:
            await desk.reading(_settle, one.nth, "expired", None)
    return len(found)


async def tend(intake: Intake, stop: threading.Event) -> None:
    """Sweep and expire each second, until told to stop."""
    while not stop.is_set():
        began = time.monotonic()
        try:
            while await sweep(intake) == BATCH_MAX:
                pass
            while await expire(intake.desk) == BATCH_MAX:
                pass
        except UnavailableError as error:
            log.warning("letters_wait", exc_info=error)
        # However much is held, looking at it is a tenth of the time.
        await asyncio.sleep(max(SWEEP_S, 10 * (time.monotonic() - began)))


async def redrive(intake: Intake, nth: int, *, by: str) -> Told:
    """Take the message of one letter in again, now; a person's decision.

    What was answered for good goes on under another id, since a message has one answer. A
    complaint that begins under a key that is taken stays what it is: in conflict.
    """
    found = await _one(intake.desk, nth)
    if found.payload is None:
        raise NotAllowedError(Lack("letter", "it was too large to be kept: send it again"))
    as_id = f"{found.message_id}~{nth}" if found.kind in {"conflict", "expired"} else None
    again = intake.desk.kept(found, as_id=as_id, by=by)
    done = await rehearse(intake.desk, again._replace(letter=None))
    if done.told.outcome == CONFLICT:
        fix = "its key is taken by another message: correct that complaint, or dismiss this"
        raise NotAllowedError(Lack("letter", fix))
    [told] = await intake.take([again])
    if told.outcome == DUPLICATE:  # it was sent again meanwhile, and has its answer
        await intake.desk.reading(_settle, nth, "redriven", by)
    return told


async def redrive_all(intake: Intake, kind: str, *, by: str) -> list[Told]:
    """Every letter of a kind, in the order they came, each tried once: after a repair."""
    if kind not in AGAIN:
        raise NotAllowedError(
            Lack("kind", f"one of {', '.join(AGAIN)}; the others one by one")
        )
    after, said = 0, []
    while found := await intake.desk.reading(_letters, OF_KIND, kind, after, BATCH_MAX):
        after = found[-1].nth
        said += await intake.take(_arrivals(intake.desk, found, by=by))
    return said


async def dismiss(desk: Desk, nth: int, *, by: str) -> None:
    """Let a letter go: what it held is not taken in. A person's decision."""
    found = await _one(desk, nth)
    if found.kind in WAITS:
        why = reason("dismissed", Lack("", "it was looked at, and is not taken in"))
        head = (found.source, found.message_id, found.digest, REFUSED, None, None, why)
        settled = Delivery(letter="dismissed", redrives=nth, settled_by=by)
        await desk.opened.appender.take_in([Entry(*head)], [settled], ())
    await desk.reading(_settle, nth, "dismissed", by)


async def _one(desk: Desk, nth: int) -> Letter:
    found = await desk.reading(_letters, ONE, nth)
    if not found:
        raise UnknownMessageError(Lack("letter", "it is settled, or there is none"))
    return found[0]


def _arrivals(
    desk: Desk, found: Sequence[Letter], *, by: str | None = None
) -> list[Arrival]:
    arrivals = []
    for one in found:
        try:
            arrivals.append(desk.kept(one, by=by))
        except SealBrokenError as error:  # another master key: this one stays shut
            log.error("letter_shut", source=one.source, position=one.nth, exc_info=error)
    return arrivals


def _letters(conn: Connection[Any], query: str, *words: object) -> list[Letter]:
    return [letter(row) for row in conn.execute(query.encode(), words).fetchall()]


def _settle(conn: Connection[Any], nth: int, how: str, who: str | None) -> None:
    conn.execute("SELECT ledger.settle_letter(%s, %s, %s)", [nth, how, who])
