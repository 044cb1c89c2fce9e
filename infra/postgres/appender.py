"""The appender: one connection that says entries to the database, and says them again."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import psycopg
from psycopg.types.composite import CompositeInfo, register_composite

APPEND = "SELECT * FROM ledger.append(%b)"
TAKE_IN = "SELECT * FROM ledger.take_in(%b, %b, %b)"
PARTS = ("new_event", "seen", "name", "entry", "delivery", "cursor")  # inner ones first
# SQLSTATE classes that say nothing about the entries: connection, rollback, resources,
# locks, an operator. Those it can be said to again; any other error is some entry's fault.
PASSING = {"08", "40", "53", "55", "57"}
OUT_OF_STEP = "LE001"
CONNECT_TIMEOUT_S = 5
STATEMENT_TIMEOUT_MS = 20_000

# source, message_id, digest, outcome, stream, version, detail,
# events, unchanged, claims, series, number_at, follows: as `ledger.entry` has them
Entry = tuple[
    str,
    str,
    bytes,
    str,
    UUID | None,
    int | None,
    str | None,
    Sequence[tuple[UUID, int, str, bytes]],
    Sequence[tuple[UUID, int]],
    Sequence[tuple[str, str, UUID]],
    str | None,
    int | None,
    Sequence[str] | None,
]


class Answer(NamedTuple):
    """What the database said to one entry, as `ledger.answer` has it."""

    entry: int
    verdict: str  # recorded, answered, moved, taken
    stream: UUID | None
    version: int | None
    position: int | None
    recorded_at: datetime | None
    digest: bytes | None
    outcome: str | None
    detail: str | None


class Delivery(NamedTuple):
    """Where a message came from (nowhere over HTTP), and what to keep should it wait."""

    topic: str | None = None
    topic_id: str | None = None
    part: int | None = None
    at_offset: int | None = None
    letter: str | None = None  # the kind of letter it becomes, if its entry is recorded
    payload: bytes | None = None  # sealed
    waits_for: Sequence[str] | None = None
    kept_until: datetime | None = None
    redrives: int | None = None  # the letter it lay in
    settled_by: str | None = None  # who sent it on; none: it went by itself


class Cursor(NamedTuple):
    """The step of one partition: strictly from where it stood to where it now stands."""

    topic: str
    part: int
    topic_id: str
    was: int | None  # none: nothing was ever read of it
    now: int


class UnavailableError(Exception):
    """The ledger cannot be reached; send the same message again."""


class OutOfStepError(Exception):
    """Somebody else read this partition on; read again from where the cursor stands."""


class Appender:
    """A connection of its own, opened again when it broke. Sending twice is safe."""

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn
        self._conn: psycopg.AsyncConnection[Any] | None = None
        self._kinds: dict[str, Any] = {}
        self._connecting = asyncio.Lock()  # two callers, one connection

    async def append(self, entries: Sequence[Entry]) -> list[Answer]:
        """One call, one lock, one fsync: one answer for each entry, in their order."""
        return await self._said(entries, [], None)

    async def take_in(
        self,
        entries: Sequence[Entry],
        deliveries: Sequence[Delivery],
        places: Sequence[Cursor],
    ) -> list[Answer]:
        """The same for delivered messages, with outcomes, letters and cursors."""
        assert len(entries) == len(deliveries)
        return await self._said(entries, deliveries, places)

    async def _said(
        self,
        entries: Sequence[Entry],
        deliveries: Sequence[Delivery],
        places: Sequence[Cursor] | None,
    ) -> list[Answer]:
        try:
            async with self._connecting:
                conn = self._conn or await self._connect()
            made: list[Any] = [[composed(self._kinds, entry) for entry in entries]]
            if places is not None:
                made += [[self._kinds["delivery"](*d) for d in deliveries]]
                made += [[self._kinds["cursor"](*place) for place in places]]
            said = await conn.execute(
                APPEND if places is None else TAKE_IN, made, binary=True
            )
            rows = await said.fetchall()
        except (psycopg.OperationalError, psycopg.InterfaceError) as error:
            if self._conn and not self._conn.broken and not _passing(error):
                raise
            await self.close()
            raise UnavailableError from error
        except psycopg.DatabaseError as error:
            if error.sqlstate == OUT_OF_STEP:
                raise OutOfStepError from error
            raise
        assert [row[0] for row in rows] == list(range(1, len(entries) + 1))
        return [Answer(*row) for row in rows]

    async def close(self) -> None:
        """Let the connection go; the next call opens another."""
        conn, self._conn = self._conn, None
        if conn is not None:
            await conn.close()

    async def _connect(self) -> psycopg.AsyncConnection[Any]:
        conn = await psycopg.AsyncConnection.connect(
            self._dsn,
            autocommit=True,
            connect_timeout=CONNECT_TIMEOUT_S,
            prepare_threshold=0,
        )
        try:
            await self._prepare(conn)
        except BaseException:
            await conn.close()  # nobody else could
            raise
        self._conn = conn
        return conn

    async def _prepare(self, conn: psycopg.AsyncConnection[Any]) -> None:
        await conn.execute(f"SET statement_timeout = {STATEMENT_TIMEOUT_MS}".encode())
        for part in PARTS:
            info = await CompositeInfo.fetch(conn, f"ledger.{part}")
            assert info is not None, "migrate first"
            register_composite(info, conn)
            self._kinds[part] = info.python_type


def composed(kinds: Mapping[str, Any], entry: Sequence[Any]) -> Any:  # noqa: ANN401  # psycopg's own
    """An entry as the database's composite type."""
    *head, events, unchanged, claims, series, number_at, follows = entry
    return kinds["entry"](
        *head,
        [kinds["new_event"](*event) for event in events],
        [kinds["seen"](*seen) for seen in unchanged],
        [kinds["name"](*claim) for claim in claims],
        series,
        number_at,
        follows and list(follows),
    )


def _passing(error: psycopg.Error) -> bool:
    return error.sqlstate is None or error.sqlstate[:2] in PASSING
