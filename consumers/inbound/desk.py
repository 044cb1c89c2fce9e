"""The desk: what messages are taken in with. One for each process."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

import psycopg
from psycopg import Connection

from consumers.inbound.memory import Letter
from consumers.inbound.message import unpacked
from consumers.inbound.parcel import Arrival, place_of
from consumers.inbound.sources import Sources
from domain.codec import Codec
from domain.ledger import Ledger
from domain.penalty_look import Look
from domain.rulebooks.catalog import Catalog
from domain.rulebooks.policy import Policies
from infra import wall_clock
from infra.keys import KeyStore
from infra.postgres.appender import Appender, UnavailableError
from infra.postgres.pool import Pool

HELD_DAYS = 7

P = ParamSpec("P")
T = TypeVar("T")


class Opened(Protocol):
    """The ledger with its keys, as every process opens it."""

    @property
    def ledger(self) -> Ledger: ...
    @property
    def codec(self) -> Codec: ...
    @property
    def keys(self) -> KeyStore: ...
    @property
    def appender(self) -> Appender: ...
    @property
    def policies(self) -> Policies: ...
    def look(self) -> Look: ...
    def catalog_of(self, text: str) -> Catalog: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """The ledger, what it is asked through, and the systems that we know."""

    opened: Opened
    reads: Pool  # of the role that reads the ledger
    sources: Sources
    held_days: int = HELD_DAYS
    clock: Callable[[], datetime] = wall_clock.now

    async def reading(
        self,
        read: Callable[Concatenate[Connection[Any], P], T],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        """Ask the database in a thread, so that the others go on meanwhile."""

        def ask() -> T:
            with self.reads.connection() as conn:
                return read(conn, *args, **kwargs)

        try:
            return await asyncio.to_thread(ask)
        except (psycopg.OperationalError, psycopg.InterfaceError) as error:
            raise UnavailableError from error

    def kept(
        self, letter: Letter, *, as_id: str | None = None, by: str | None = None
    ) -> Arrival:
        """The message in a letter, as it came."""
        assert letter.payload is not None, "too large to be kept, or settled"
        place = place_of(letter.source, letter.message_id, letter.digest)
        kept = self.opened.keys.master.open_blob(letter.payload, place=place)
        return Arrival(unpacked(kept), letter.nth, as_id, by)
