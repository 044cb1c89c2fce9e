"""Attention: what of the running ledger needs a person, as the database knows it."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from psycopg import Connection

from api.condition import UNDELIVERED, Condition, look
from api.parts import Mode
from domain.errors import Lack
from domain.operation import ProjectionRewound, stream_of
from projections import PROJECTIONS
from projections.snapshot import snapshot

LISTED_MAX = 50
ACTS_MAX = 10  # the last ones; the ledger has them all
RECENT_MAX = 100_000  # messages that are looked through for one day's counts

HEAD = "SELECT position, recorded_at FROM ledger.event ORDER BY position DESC LIMIT 1"
SOURCES = """
SELECT source, outcome, count(*), max(recorded_at) FROM ledger.outcome
 WHERE nth > (SELECT coalesce(max(nth), 0) FROM ledger.outcome) - %s
   AND recorded_at > clock_timestamp() - interval '24 hours'
 GROUP BY source, outcome ORDER BY source
"""
LETTERS = """
SELECT l.nth, l.kind, l.source, l.message_id, encode(l.digest, 'hex'), l.reason,
       l.kept_until, o.recorded_at, o.topic, o.part, o.at_offset
  FROM ledger.letter AS l JOIN ledger.outcome AS o USING (nth)
 WHERE l.settled IS NULL ORDER BY l.nth LIMIT %s
"""
PARKED = """
SELECT g.projection, p.stream_id::text, p.from_version, p.reason, p.parked_at, c.key
  FROM running.parked AS p
  JOIN running.generation AS g ON g.name = p.generation AND g.state = 'live'
  LEFT JOIN ledger.claim AS c ON c.stream = p.stream_id AND c.name = 'number'
 ORDER BY p.parked_at LIMIT %s
"""


NOTICES = """
SELECT topic, number, recipient, channel, state, why, tries, at FROM running.outbox
 WHERE state = ANY(%s) OR (state = 'waiting' AND tries > 0) ORDER BY at DESC LIMIT %s
"""
# A read model that could be put back: the tables before, made by the same program.
BEFORE = """
SELECT DISTINCT ON (l.projection) l.projection, l.name, l.live_at, o.name
  FROM running.generation AS l
  LEFT JOIN running.generation AS o ON o.projection = l.projection AND o.state = 'old'
   AND o.definition = l.definition
 WHERE l.state = 'live' ORDER BY l.projection, o.nth DESC
"""
ACTS = """
SELECT recorded_at, position, state FROM ledger.event WHERE stream = ANY(%s)
 ORDER BY position DESC LIMIT %s
"""


class Tables(NamedTuple):
    """What is read of a read model, and what could be read again instead."""

    projection: str
    generation: str
    live_at: datetime | None
    before: str | None


class Acted(NamedTuple):
    """What an operator did to a read model, as the ledger noted it."""

    recorded_at: datetime
    position: int
    event: ProjectionRewound


class _Letter(NamedTuple):
    nth: int
    kind: str
    source: str
    message_id: str
    digest: str
    reason: str
    kept_until: datetime
    recorded_at: datetime
    topic: str | None
    part: int | None
    at_offset: int | None


@dataclass(frozen=True, slots=True)
class Letter:
    """A message that waits, that nobody can read, or that a person decides about."""

    nth: int
    kind: str
    source: str
    message_id: str
    digest: str
    code: str
    lacks: tuple[Lack, ...]
    kept_until: datetime
    recorded_at: datetime
    place: str | None  # topic / partition / offset; none: it came over HTTP


class Parked(NamedTuple):
    """A stream that a read model cannot follow, from this version on."""

    projection: str
    stream_id: str
    from_version: int
    reason: str
    parked_at: datetime
    number: str | None


class Notice(NamedTuple):
    """What somebody could not be told, or perhaps was."""

    topic: str
    number: str
    recipient: str
    channel: str
    state: str
    why: str | None
    tries: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Source:
    """What one source sent within a day, by what became of it."""

    name: str
    outcomes: dict[str, int]
    last: datetime

    @property
    def came(self) -> int:
        """All of it."""
        return sum(self.outcomes.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Attention:
    """All of it, of one instant."""

    condition: Condition
    last_written: datetime | None
    sources: tuple[Source, ...]
    letters: tuple[Letter, ...]
    parked: tuple[Parked, ...]
    notices: tuple[Notice, ...]
    tables: tuple[Tables, ...]
    acts: tuple[Acted, ...]  # the latest first


def attention(conn: Connection[Any], mode: Mode) -> Attention:
    """One look at everything that runs, and at everything that waits."""
    condition = look(conn, mode)
    with snapshot(conn):
        head = conn.execute(HEAD).fetchone()
        letters = conn.execute(LETTERS, [LISTED_MAX]).fetchall()
        parked = conn.execute(PARKED, [LISTED_MAX]).fetchall()
        notices = conn.execute(NOTICES, [list(UNDELIVERED), LISTED_MAX]).fetchall()
        sources = conn.execute(SOURCES, [RECENT_MAX]).fetchall()
        tables = conn.execute(BEFORE).fetchall()
        streams = [stream_of(one.name) for one in PROJECTIONS]
        acts = conn.execute(ACTS, [streams, ACTS_MAX]).fetchall()
    return Attention(
        condition=condition,
        last_written=head[1] if head else None,
        sources=_sources(sources),
        letters=tuple(_letter(_Letter(*row)) for row in letters),
        parked=tuple(Parked(*row) for row in parked),
        notices=tuple(Notice(*row) for row in notices),
        tables=tuple(Tables(*row) for row in tables),
        acts=tuple(
            Acted(at, position, ProjectionRewound.model_validate_json(bytes(state)))
            for at, position, state in acts
        ),
    )


def _sources(rows: list[Any]) -> tuple[Source, ...]:
    found: dict[str, Source] = {}
    for name, outcome, count, last in rows:
        known = found.get(name)
        outcomes = {**(known.outcomes if known else {}), outcome: count}
        latest = max(last, known.last) if known else last
        found[name] = Source(name, outcomes, latest)
    return tuple(found.values())


def _letter(row: _Letter) -> Letter:
    said = json.loads(row.reason) if row.reason.startswith("{") else {}
    place = None
    if row.topic is not None:
        place = f"{row.topic} / {row.part} / {row.at_offset:,}"
    return Letter(
        nth=row.nth,
        kind=row.kind,
        source=row.source,
        message_id=row.message_id,
        digest=row.digest,
        code=said.get("code", row.kind),
        lacks=tuple(Lack(**lack) for lack in said.get("lacks", ())),
        kept_until=row.kept_until,
        recorded_at=row.recorded_at,
        place=place,
    )
