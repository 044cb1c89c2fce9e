"""How the ledger is doing: what runs beside the web process, and what needs a person."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from psycopg import Connection

from api.parts import Mode
from projections import PROJECTIONS, freshness
from projections.freshness import Freshness, NotInstalledError

Colour = Literal["green", "yellow", "red"]

LATE_S = 10.0  # yellow: people begin to notice
FAR_BEHIND_S = 60.0  # red: what is read is no longer what is so
EVENTS_RELAY = "events"

LETTERS = "SELECT kind, count(*) FROM ledger.letter WHERE settled IS NULL GROUP BY kind"
HEAD = "SELECT coalesce(max(position), 0) FROM ledger.event"
WAITED = """
    SELECT extract(epoch FROM clock_timestamp() - recorded_at)::float8
      FROM ledger.event WHERE position = %s
"""
SINCE = "SELECT extract(epoch FROM clock_timestamp() - %s::timestamptz)::float8"


@dataclass(frozen=True, slots=True, kw_only=True)
class Worker:
    """One that keeps up with the ledger: a read model's projector, or a relay."""

    kind: Literal["projection", "relay"]
    name: str
    position: int
    lag_events: int
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
    resets: int = 0  # of partitions whose log was not the one we had read
    missing: tuple[str, ...] = ()  # that should run here and never did

    def faults(self) -> Iterator[tuple[Colour, str]]:
        """Everything that is not as it should be, and how bad it is."""
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
        for kind, count in self.letters.items():
            if kind != "held":  # it goes on by itself when what it waits for comes
                yield "yellow", f"{count} messages are {kind} and wait for a person"

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
    head = int(_one(conn, HEAD))
    relays = list(_relays(conn, head))
    if mode == "kafka" and not relays:
        missing.append("relay")
    return Condition(
        head_position=head,
        workers=(*workers, *(relays if mode == "kafka" else ())),
        letters=dict(conn.execute(LETTERS).fetchall()),
        resets=freshness.resets(conn),
        missing=tuple(missing),
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


def _relays(conn: Connection[Any], head: int) -> Iterator[Worker]:
    for found in freshness.relays(conn):
        row = conn.execute(WAITED, [found.position + 1]).fetchone()
        yield Worker(
            kind="relay",
            name=found.name,
            position=found.position,
            lag_events=max(head - found.position, 0),
            lag_seconds=max(float(row[0]), 0.0) if row else 0.0,
            heartbeat_at=found.heartbeat_at,
            heartbeat_age_s=_age(conn, found.heartbeat_at),
            live=found.live,
            trouble=found.trouble,
        )


def _age(conn: Connection[Any], since: datetime | None) -> float | None:
    return None if since is None else max(float(_one(conn, SINCE, since)), 0.0)


def _one(conn: Connection[Any], query: str, *words: object) -> Any:  # noqa: ANN401
    row = conn.execute(query.encode(), words).fetchone()
    assert row is not None
    return row[0]
