"""How current what is read is: against the ledger's head, in events and in seconds."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg import Connection
from psycopg.rows import class_row

SILENT_S = 10  # longer without a beat, and nobody is at work


class NotInstalledError(LookupError):
    """There is no such read model here; `generations.install` makes it."""


@dataclass(frozen=True, slots=True)
class Freshness:
    """One read model. Every event up to *position* is in its tables, save parked ones."""

    name: str
    generation: str
    position: int  # with several partitions: what all of them have come to
    recorded_at_of_position: datetime | None  # none: nothing was recorded yet
    head_position: int
    lag_events: int
    lag_seconds: float  # how long the oldest event that is missing has been waiting
    parked: int
    heartbeat_at: datetime | None  # of the most silent partition; none: one has nobody
    live: bool  # every partition is being read, and nothing holds it up
    trouble: str | None  # why it waits or has stopped


@dataclass(frozen=True, slots=True)
class Relayed:
    """One relay. Everything up to *position* is in its topic."""

    name: str
    topic: str
    position: int
    heartbeat_at: datetime
    live: bool
    trouble: str | None
    resent: int  # how often the log had gone back, and was written again


READ = """
WITH at AS (
    SELECT g.name AS generation, r.position, r.beat_at,
           coalesce((SELECT max(position) FROM ledger.event), 0) AS head
      FROM running.generation AS g JOIN running.reached AS r ON r.generation = g.name
     WHERE g.projection = %(name)s AND g.state = 'live'
)
SELECT %(name)s AS name, at.generation, at.position,
       (SELECT recorded_at FROM ledger.event WHERE position = at.position)
           AS recorded_at_of_position,
       at.head AS head_position, greatest(at.head - at.position, 0) AS lag_events,
       greatest(coalesce((
           SELECT extract(epoch FROM clock_timestamp() - recorded_at)
             FROM ledger.event WHERE position = at.position + 1), 0), 0)::float8
           AS lag_seconds,
       (SELECT count(*) FROM running.parked WHERE generation = at.generation) AS parked,
       at.beat_at AS heartbeat_at,
       coalesce(at.beat_at > clock_timestamp() - make_interval(secs => %(silent_s)s), false)
           AND t.why IS NULL AS live,
       t.why AS trouble
  FROM at
  LEFT JOIN running.trouble AS t ON t.what = 'projection ' || %(name)s
"""
RELAYS = """
SELECT r.name, r.topic, r.position, r.beat_at AS heartbeat_at,
       r.beat_at > clock_timestamp() - make_interval(secs => %(silent_s)s)
           AND t.why IS NULL AS live,
       t.why AS trouble, r.resent
  FROM running.relay AS r
  LEFT JOIN running.trouble AS t ON t.what = 'relay ' || r.name
 ORDER BY r.name
"""


def read(conn: Connection[Any], name: str) -> Freshness:
    """How current one read model is, by one look at the database."""
    with conn.cursor(row_factory=class_row(Freshness)) as cur:
        found = cur.execute(READ, {"name": name, "silent_s": SILENT_S}).fetchone()
    if found is None:
        raise NotInstalledError(name)
    return found


def read_all(conn: Connection[Any], names: Iterable[str]) -> list[Freshness]:
    """The same for several."""
    return [read(conn, name) for name in names]


def relays(conn: Connection[Any]) -> list[Relayed]:
    """How far each relay has come; none has run until there is one."""
    with conn.cursor(row_factory=class_row(Relayed)) as cur:
        return cur.execute(RELAYS, {"silent_s": SILENT_S}).fetchall()


def resets(conn: Connection[Any]) -> int:
    """How often a partition was read anew because its log was not the one we knew."""
    row = conn.execute("SELECT count(*) FROM running.feed_reset").fetchone()
    assert row is not None
    return int(row[0])
