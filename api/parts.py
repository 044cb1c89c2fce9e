"""What the routes are made of: the ledger, the read models, the clock, who is asking."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Concatenate, Literal, ParamSpec, Protocol, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

import psycopg
from fastapi import Request
from psycopg import Connection
from psycopg.errors import UndefinedTable

from api.back_tests import BackTests
from api.identity.identity import Identity
from api.identity.permissions import Person
from api.metrics import Metrics
from api.recounts import Recounts
from domain.codec import Codec
from domain.entry import Message
from domain.errors import Lack, UnreachableError
from domain.event import Who
from domain.ledger import Ledger
from domain.penalty_look import Look
from domain.rulebooks.catalog import Catalog
from domain.rulebooks.policy import Policies
from domain.subject import Subject
from infra.keys import KeyStore
from infra.postgres.appender import Appender
from infra.postgres.pool import Pool
from infra.settings import LimitSettings
from projections.freshness import NotInstalledError

P = ParamSpec("P")
T = TypeVar("T")
Mode = Literal["embedded", "kafka"]
EXPORTS_MAX = 2  # files under way: each keeps a connection for as long as it takes
LOOPBACK = frozenset({"localhost", "127.0.0.1", "[::1]"})


class Opened(Protocol):
    """The ledger with its keys, as `consumers.opening` opens it for every process."""

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


class Tried(Protocol):
    """A stream that a read model could not follow, and that was tried again."""

    @property
    def goes_on(self) -> bool: ...


class Operating(Protocol):
    """What an operator does to read models, as `consumers.operating` does it."""

    async def roll_back(self, who: Who, name: str) -> int: ...
    async def unpark(self, who: Who, stream_id: UUID | None) -> Sequence[Tried]: ...
    async def note_export(
        self, who: Who, *, complaint_id: UUID, checkpoint: int, recipient: str, reason: str
    ) -> None: ...


class Erasing(Protocol):
    """What says and does that a person is forgotten, as `consumers.erasing` does it."""

    async def subject(self, party_id: UUID) -> Subject: ...
    async def say(
        self,
        party_id: UUID,
        who: Who,
        decides: Callable[..., None],
        message: Message,
        **said: str,
    ) -> Subject: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """Everything the app is made of; a test passes other parts."""

    opened: Opened
    reads: Pool  # as the role that reads the ledger and its read models
    clock: Callable[[], datetime]
    operator: Person
    site: str
    zone: str  # IANA: days, months and the year of a number are this zone's
    language: Literal["zh", "en"] = "zh"
    mode: Mode = "embedded"
    hosts: frozenset[str] = LOOPBACK  # names this ledger answers to
    demo: bool = False  # every page says that its data is invented
    profiles: Path | None = None  # a folder with those of systems that only we know
    exposed: bool = False  # every page warns: others can reach it, and nobody signs in
    identity: Identity | None = None  # none: nobody signs in, the operator stands for all
    trial: bool = False  # not for audit: whoever asks chooses the role they act in
    secure: bool = False  # browsers reach us by TLS
    limits: LimitSettings = field(default_factory=LimitSettings)
    operating: Operating | None = None  # none: only at a terminal
    erasing: Erasing | None = None  # none: keys are destroyed elsewhere
    metrics: Metrics = field(default_factory=Metrics)
    back_tests: BackTests = field(default_factory=BackTests)
    recounts: Recounts = field(default_factory=Recounts)
    exports: asyncio.Semaphore = field(
        default_factory=lambda: asyncio.Semaphore(EXPORTS_MAX)
    )

    @property
    def ledger(self) -> Ledger:
        """The one way anything comes into the ledger."""
        return self.opened.ledger

    def now(self) -> datetime:
        """This instant in the site's zone, in whole seconds, as business times are."""
        return self.clock().astimezone(ZoneInfo(self.zone)).replace(microsecond=0)


def parts_in(request: Request) -> Parts:
    """The parts of the app that was asked; its operator is whoever asks."""
    asked: Parts | None = getattr(request.state, "parts", None)
    parts: Parts = asked or request.app.state.parts
    return parts


async def parts_of(request: Request) -> Parts:
    """The same, for routes that declare what they need."""
    return parts_in(request)


async def reading(
    parts: Parts,
    read: Callable[Concatenate[Connection[Any], P], T],
    *args: P.args,
    **kwargs: P.kwargs,
) -> T:
    """Ask the database in a thread, so that the others go on meanwhile."""

    def ask() -> T:
        with parts.reads.connection() as conn:
            return read(conn, *args, **kwargs)

    return await apart(ask)


async def apart(ask: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Do what waits for the database in a thread; when it does not answer, say so."""
    try:
        return await asyncio.to_thread(ask, *args, **kwargs)
    except (psycopg.OperationalError, psycopg.InterfaceError) as error:
        raise UnreachableError(Lack("", "ask again")) from error
    except (NotInstalledError, UndefinedTable) as error:
        raise UnreachableError(Lack("", "the tables are being made: ask again")) from error
