"""Erasing: a person's key is destroyed once two persons agreed, and stays destroyed."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from psycopg import Connection

from consumers import noting
from consumers.inbound.desk import Desk
from domain.entry import Message
from domain.event import REACTOR, Who, sealed_fields
from domain.ledger import Ledger, aside
from domain.registry import REGISTRY
from domain.subject import CLAIM, Subject, note_destroyed, stream_of
from infra import wall_clock
from infra.keys import KeyStore
from infra.postgres.pool import Pool

# The whole store is read: seldom done, and nothing else may know who a person is.
OF_A_PERSON = """
SELECT topic, state FROM ledger.event
 WHERE position(convert_to(%s, 'UTF8') IN state) > 0 ORDER BY position
"""
CLAIMED = "SELECT key FROM ledger.claim WHERE name = %s ORDER BY key"


@dataclass(frozen=True, slots=True)
class Erasing:
    """What is decided is said first; then the key is destroyed, and that is said too."""

    ledger: Ledger
    keys: KeyStore
    reads: Pool
    clock: Callable[[], datetime]

    async def say(
        self,
        party_id: UUID,
        who: Who,
        decides: Callable[..., None],
        message: Message,
        **said: str,
    ) -> Subject:
        """One decision about a person, and what follows from it at once."""
        does = partial(decides, who=who, at=self.clock(), **said)
        await noting.note(self.ledger, who, partial(_new, party_id), does, message)
        return await self._followed(party_id, who)

    async def complete(self) -> int:
        """Destroy again whatever was to be destroyed; how many persons that is.

        At each start: a process may have died between agreement and deed, and a set of keys
        may have been put back that is older than the deed.
        """
        done = 0
        for party_id in await aside(self._listed):
            done += (await self._followed(party_id, REACTOR)).approved is not None
        return done

    async def _followed(self, party_id: UUID, who: Who) -> Subject:
        subject = await self.subject(party_id)
        if subject.approved is None:
            return subject
        await aside(self.keys.erase, party_id)
        if subject.destroyed is None:
            seals, digest = await aside(self._commitments, party_id)
            does = partial(
                note_destroyed, who=who, at=self.clock(), seals=seals, commitments=digest
            )
            await noting.note(self.ledger, who, partial(_new, party_id), does)
        return await self.subject(party_id)

    async def subject(self, party_id: UUID) -> Subject:
        """How it stands with a person."""
        found = await aside(self.ledger.found, stream_of(party_id))
        return found if isinstance(found, Subject) else _new(party_id)

    def _listed(self) -> list[UUID]:
        with self.reads.connection() as conn:
            return [UUID(row[0]) for row in conn.execute(CLAIMED, [CLAIM])]

    def _commitments(self, party_id: UUID) -> tuple[int, str]:
        with self.reads.connection() as conn:
            return commitments(conn, party_id)


def of(desk: Desk, zone: str) -> Erasing:
    """With what a process has at hand."""

    def now() -> datetime:
        return wall_clock.now().astimezone(ZoneInfo(zone)).replace(microsecond=0)

    return Erasing(desk.opened.ledger, desk.opened.keys, desk.reads, now)


def commitments(conn: Connection[Any], party_id: UUID) -> tuple[int, str]:
    """How many texts a person's key has sealed, and the SHA-256 over all of them."""
    digest, seals = hashlib.sha256(), 0
    for topic, state in conn.execute(OF_A_PERSON, [str(party_id)]):
        words = json.loads(bytes(state))
        if words.get("party_id") != str(party_id):
            continue  # it is only spoken of
        for name in sealed_fields(REGISTRY[topic]):
            if name in words:
                digest.update(words[name].encode())
                seals += 1
    return seals, digest.hexdigest()


def _new(party_id: UUID) -> Subject:
    return Subject(id=stream_of(party_id), party_id=party_id)
