"""How the ledger is doing: what runs beside the web process, and what needs a person."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from psycopg import Connection

from api.parts import Mode
from projections import PROJECTIONS, checked, freshness
from projections.checked import Check
from projections.freshness import Freshness, NotInstalledError

Colour = Literal["green", "yellow", "red"]

LATE_S = 10.0  # yellow: people begin to notice
FAR_BEHIND_S = 60.0  # red: what is read is no longer what is so

LETTERS = "SELECT kind, count(*) FROM ledger.letter WHERE settled IS NULL GROUP BY kind"
HEAD = "SELECT coalesce(max(position), 0) FROM ledger.event"
SINCE = "SELECT extract(epoch FROM clock_timestamp() - %s::timestamptz)::float8"

# How many things a relay lacks, and how long the oldest of them has been waiting. Each
# relay numbers the things of its own source.
RELAYS: Mapping[str, str] = {
    "events": """
        SELECT greatest((SELECT coalesce(max(position), 0) FROM ledger.event) - %(at)s, 0),
               (SELECT extract(epoch FROM clock_timestamp() - recorded_at)::float8
                  FROM ledger.event WHERE position = %(at)s + 1)
    """,
    "checkpoints": """
        SELECT count(*), extract(epoch FROM clock_timestamp() - min(at))::float8
          FROM sealing.checkpoint WHERE size > %(at)s
    """,
    "outcomes": """
        SELECT greatest((SELECT coalesce(max(nth), 0) FROM ledger.outcome) - %(at)s, 0),
               (SELECT extract(epoch FROM clock_timestamp() - recorded_at)::float8
                  FROM ledger.outcome WHERE nth = %(at)s + 1)
    """,
    "dead letters": """
        SELECT count(*), extract(epoch FROM clock_timestamp() - min(o.recorded_at))::float8
          FROM ledger.letter AS l JOIN ledger.outcome AS o USING (nth)
         WHERE l.nth > %(at)s AND l.kind IN ('malformed', 'defect', 'expired')
    """,
}
UNDELIVERED = ("failed", "unsure")  # states of a notice that need a person
# How far the sealer has come, and what it found to be other than it was sealed.
SEALER = """
    SELECT h.size, e.head - h.size AS lag_events,
           (SELECT extract(epoch FROM clock_timestamp() - recorded_at)::float8
              FROM ledger.event WHERE position = h.size + 1) AS lag_seconds,
           h.beat_at, h.trouble,
           coalesce(h.beat_at > clock_timestamp() - make_interval(secs => %s), false)
               AND h.trouble IS NULL AS live
      FROM sealing.head AS h,
           (SELECT coalesce(max(position), 0) AS head FROM ledger.event) AS e
"""
FINDINGS = """
    SELECT tree, position, words FROM sealing.finding
     WHERE gone_at IS NULL ORDER BY position LIMIT 10
"""
# What people are to be told, and what nobody could tell them.
NOTICES = """
    SELECT state, count(*) FROM running.outbox WHERE state <> 'sent' GROUP BY state
"""
REACTIONS = """
    SELECT r.name, r.position, (SELECT coalesce(max(position), 0) FROM ledger.event),
           r.beat_at, extract(epoch FROM clock_timestamp() - r.beat_at)::float8, t.why
      FROM running.reaction AS r LEFT JOIN running.trouble AS t
        ON t.what = CASE r.name WHEN 'outbox' THEN 'outbox' ELSE 'reactor' END
     ORDER BY r.name
"""
# What intake said last, of all partitions of a topic together. How long a message waits
# is not known before it is read.
INTAKES = """
    SELECT i.topic, sum(greatest(i.end_offset - i.next_offset, 0))::bigint AS lag,
           min(i.beat_at) AS heartbeat_at, t.why,
           min(i.beat_at) > clock_timestamp() - make_interval(secs => %s)
               AND t.why IS NULL AS live
      FROM running.inbound AS i
      LEFT JOIN running.trouble AS t ON t.what = 'intake ' || i.topic
     GROUP BY i.topic, t.why ORDER BY i.topic
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Worker:
    """One that keeps up: a projector, a relay, the intake of a topic, or the sealer."""

    kind: Literal["projection", "relay", "intake", "reactor", "sealer"]
    name: str
    position: int  # in the ledger, or in what this relay carries; 0 of intake
    lag_events: int  # or answers, letters, messages
    lag_seconds: float  # how long the oldest event it lacks has been waiting
    heartbeat_at: datetime | None
    heartbeat_age_s: float | None
    live: bool
    trouble: str | None
    parked: int = 0  # streams it cannot follow


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """One look at everything."""

    head_position: int
    workers: tuple[Worker, ...]
    letters: Mapping[str, int] = field(default_factory=dict)  # open ones, by kind
    notices: Mapping[str, int] = field(default_factory=dict)  # not sent yet, by state
    resets: int = 0  # of partitions whose log was not the one we had read
    missing: tuple[str, ...] = ()  # that should run here and never did
    tampered: tuple[str, ...] = ()  # what is not as it was sealed
    checks: tuple[Check, ...] = ()  # of read models against the ledger, the last of each

    def faults(self) -> Iterator[tuple[Colour, str]]:
        """Everything that is not as it should be, and how bad it is."""
        for words in self.tampered:
            yield "red", words
        for name in self.missing:
            yield "red", f"{name} has never run here"
        for one in self.workers:
            what = f"{one.kind} {one.name}"
            if not one.live:
                yield "red", f"{what}: {one.trouble or 'nobody is at work on it'}"
            if one.lag_seconds > FAR_BEHIND_S:
                yield "red", f"{what} is {one.lag_seconds:.0f} s behind"
            elif one.lag_seconds > LATE_S:
                yield "yellow", f"{what} is {one.lag_seconds:.0f} s behind"
            if one.parked:
                yield "yellow", f"{what} has parked {one.parked}"
        yield from self._unlike()
        yield from self._undelivered()

    def _undelivered(self) -> Iterator[tuple[Colour, str]]:
        """What came in and could not be taken, and what nobody could be told."""
        for kind, count in self.letters.items():
            if kind != "held":  # it goes on by itself when what it waits for comes
                yield "yellow", f"{count} messages are {kind} and wait for a person"
        for state in UNDELIVERED:
            if count := self.notices.get(state, 0):
                yield "yellow", f"{count} notices: {state}, nobody may have been told"

    def _unlike(self) -> Iterator[tuple[Colour, str]]:
        """Read models that are not what follows from the ledger, or may not be."""
        for check in self.checks:
            what = f"projection {check.projection}"
            if check.outcome == "differs":
                yield "red", f"{what} is not as the ledger says: {check.place}"
            elif check.outcome == "failed":
                yield "yellow", f"{what} could not be compared: {check.place}"

    @property
    def sealed(self) -> bool:
        """Whether what is recorded now is signed in a moment."""
        return any(one.kind == "sealer" and one.live for one in self.workers)

    def colour(self) -> Colour:
        """The worst of it."""
        found = {colour for colour, _ in self.faults()}
        return "red" if "red" in found else "yellow" if found else "green"


def look(conn: Connection[Any], mode: Mode) -> Condition:
    """How everything is doing now, by the database's own clock."""
    workers, missing = [], []
    for projection in PROJECTIONS:
        try:
            found = freshness.read(conn, projection.name)
        except NotInstalledError:
            missing.append(f"projection {projection.name}")
        else:
            workers.append(_projector(conn, found))
    workers += list(_reactor(conn))
    outside: list[Worker] = []
    if mode == "kafka":
        relays, intakes = list(_relays(conn)), list(_intakes(conn))
        outside = [*relays, *intakes]
        ran = {one.name for one in relays}
        missing += [f"relay {name}" for name in RELAYS if name not in ran]
        missing += [] if intakes else ["intake"]
    return Condition(
        head_position=int(_one(conn, HEAD)),
        workers=(*workers, *outside, _sealer(conn)),
        letters=dict(conn.execute(LETTERS).fetchall()),
        notices=dict(conn.execute(NOTICES).fetchall()),
        resets=freshness.resets(conn),
        missing=tuple(missing),
        tampered=tuple(
            f"{tree} at position {position}: {words}"
            for tree, position, words in conn.execute(FINDINGS).fetchall()
        ),
        checks=tuple(checked.last(conn)),
    )


def _projector(conn: Connection[Any], found: Freshness) -> Worker:
    return Worker(
        kind="projection",
        name=found.name,
        position=found.position,
        lag_events=found.lag_events,
        lag_seconds=found.lag_seconds,
        heartbeat_at=found.heartbeat_at,
        heartbeat_age_s=_age(conn, found.heartbeat_at),
        live=found.live,
        trouble=found.trouble,
        parked=found.parked,
    )


def _reactor(conn: Connection[Any]) -> Iterator[Worker]:
    """What reacts by itself; none yet where it has not begun."""
    for name, position, head, beat_at, age, why in conn.execute(REACTIONS):
        yield Worker(
            kind="reactor",
            name=name,
            position=position,
            lag_events=max(head - position, 0),
            lag_seconds=age if head > position else 0.0,
            heartbeat_at=beat_at,
            heartbeat_age_s=age,
            live=age < freshness.SILENT_S and why is None,
            trouble=why,
        )


def _relays(conn: Connection[Any]) -> Iterator[Worker]:
    for found in freshness.relays(conn):
        lacks = RELAYS.get(found.name, RELAYS["events"]).encode()
        row = conn.execute(lacks, {"at": found.position}).fetchone()
        assert row is not None
        yield Worker(
            kind="relay",
            name=found.name,
            position=found.position,
            lag_events=row[0],
            lag_seconds=max(row[1] or 0.0, 0.0),
            heartbeat_at=found.heartbeat_at,
            heartbeat_age_s=_age(conn, found.heartbeat_at),
            live=found.live,
            trouble=found.trouble,
        )


def _intakes(conn: Connection[Any]) -> Iterator[Worker]:
    rows = conn.execute(INTAKES, [freshness.SILENT_S]).fetchall()
    for topic, lag, heartbeat_at, why, live in rows:
        yield Worker(
            kind="intake",
            name=topic,
            position=0,
            lag_events=lag,
            lag_seconds=0.0,
            heartbeat_at=heartbeat_at,
            heartbeat_age_s=_age(conn, heartbeat_at),
            live=live,
            trouble=why,
        )


def _sealer(conn: Connection[Any]) -> Worker:
    row = conn.execute(SEALER, [freshness.SILENT_S]).fetchone()
    assert row is not None
    size, lag_events, lag_seconds, beat_at, trouble, live = row
    return Worker(
        kind="sealer",
        name="proof",
        position=size,
        lag_events=max(lag_events, 0),
        lag_seconds=max(lag_seconds or 0.0, 0.0),
        heartbeat_at=beat_at,
        heartbeat_age_s=_age(conn, beat_at),
        live=live,
        trouble=trouble,
    )


def _age(conn: Connection[Any], since: datetime | None) -> float | None:
    return None if since is None else max(float(_one(conn, SINCE, since)), 0.0)


def _one(conn: Connection[Any], query: str, *words: object) -> Any:  # noqa: ANN401
    row = conn.execute(query.encode(), words).fetchone()
    assert row is not None
    return row[0]
