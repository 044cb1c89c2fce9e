"""What the ledger already knows about a batch of messages: three questions in one trip."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from psycopg import Connection

MessageKey = tuple[str, str]  # source and id
NameKey = tuple[str, str]  # name and key of a claim

ANSWERED = """
SELECT source, message_id, digest, outcome FROM ledger.inbox
 WHERE (source, message_id) IN (SELECT * FROM unnest(%s::text[], %s::text[]))
"""
CLAIMED = """
SELECT name, key, stream FROM ledger.claim
 WHERE (name, key) IN (SELECT * FROM unnest(%s::text[], %s::text[]))
"""
BEGUN_BY = """
SELECT stream, digest FROM ledger.inbox
 WHERE stream = ANY(%s) AND version = 1 AND position IS NOT NULL AND outcome = 'accepted'
"""
# Those whose complaint is there, or begins with a message of the batch.
HELD_FOR = """
  FROM ledger.letter AS l,
       unnest(%s::text[], %s::text[], %s::bool[]) AS n (name, key, begins)
 WHERE l.waits_for = ARRAY[n.name, n.key] AND l.settled IS NULL AND l.kind = 'held'
   AND (n.begins OR EXISTS (SELECT FROM ledger.claim AS c
                             WHERE (c.name, c.key) = (n.name, n.key)))
"""
LETTER = """SELECT nth, l.kind, l.source, l.message_id, l.digest, l.reason,
       l.waits_for, l.payload, l.kept_until"""
WAITING = f"{LETTER} {HELD_FOR} ORDER BY nth LIMIT %s"
COUNTED = f"SELECT n.name, n.key, count(*) {HELD_FOR} GROUP BY n.name, n.key"


class Before(NamedTuple):
    """What a message was answered before."""

    digest: bytes
    outcome: str


class Letter(NamedTuple):
    """A message that is kept, sealed, until it is settled."""

    nth: int
    kind: str
    source: str
    message_id: str
    digest: bytes
    reason: str
    waits_for: list[str] | None
    payload: bytes | None
    kept_until: datetime

    @property
    def name(self) -> NameKey | None:
        """The name whose complaint it waits for."""
        return (self.waits_for[0], self.waits_for[1]) if self.waits_for else None


@dataclass(frozen=True, slots=True)
class Memory:
    """Answers given, complaints known by name, and the message that began each."""

    answers: dict[MessageKey, Before] = field(default_factory=dict)
    streams: dict[NameKey, UUID] = field(default_factory=dict)
    begun_by: dict[UUID, bytes] = field(default_factory=dict)

    def stream(self, names: Iterable[NameKey]) -> UUID | None:
        """The complaint that bears the first of these names that is known."""
        return next((self.streams[n] for n in names if n in self.streams), None)


def remembered(
    conn: Connection[Any], messages: Sequence[MessageKey], names: Sequence[NameKey]
) -> Memory:
    """What is known of these messages, and of the complaints they name."""
    answered = conn.execute(ANSWERED, _columns(messages)).fetchall()
    claimed = conn.execute(CLAIMED, _columns(names)).fetchall()
    streams = {(name, key): stream for name, key, stream in claimed}
    begun = conn.execute(BEGUN_BY, [list(streams.values())]).fetchall() if streams else []
    return Memory(
        {(source, id_): Before(bytes(digest), o) for source, id_, digest, o in answered},
        streams,
        {stream: bytes(digest) for stream, digest in begun},
    )


def waiting(
    conn: Connection[Any], names: Mapping[NameKey, bool], *, limit: int
) -> tuple[list[Letter], set[NameKey]]:
    """What is held for these complaints, in the order it came; and those with more of it.

    *names* says of each whether it begins with a message of the batch.
    """
    asked = [*_columns(list(names)), list(names.values())]
    found = [letter(row) for row in conn.execute(WAITING, [*asked, limit]).fetchall()]
    if len(found) < limit:
        return found, set()
    counted = conn.execute(COUNTED, asked).fetchall()
    taken = Counter(one.name for one in found)
    return found, {(name, key) for name, key, n in counted if n > taken[name, key]}


def letter(row: Sequence[Any]) -> Letter:
    """A row of the table of letters."""
    nth, kind, source, message_id, digest, reason, waits_for, payload, until = row
    sealed = None if payload is None else bytes(payload)
    head = (nth, kind, source, message_id, bytes(digest), reason)
    return Letter(*head, waits_for, sealed, until)


def _columns(pairs: Sequence[tuple[str, str]]) -> list[list[str]]:
    return [[one for one, _ in pairs], [other for _, other in pairs]]
