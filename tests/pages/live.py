"""The whole thing, live: the app on a free port, with its database and its projectors."""

import asyncio
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from api.app import create_app
from api.identity.permissions import MANAGER, Person
from api.main import server
from api.parts import Parts
from consumers import projecting
from consumers.beginning import beside
from consumers.opening import Opened, opened
from consumers.operating import Operating
from consumers.reacting import running as reacting
from consumers.sealing import running as sealing
from consumers.sealing.anchors import AnchorFile
from infra import logs, wall_clock
from infra.postgres.pool import open_pool, role_dsn
from infra.proof.note import SigningKey, signing_key
from projections import PROJECTIONS
from tests.builders import TUESDAY
from tests.waiting import until

ZONE, SITE = "Asia/Shanghai", "plant-1"


@dataclass(frozen=True)
class Live:
    """Where it is, and the ledger behind it."""

    url: str
    dsn: str
    home: Path
    opened: Opened
    parts: Parts


def _reacting(database: str, home: Path, stop: threading.Event) -> None:
    """Its clock stands still: what is told of spring lapses when a test says so."""
    reacting.run(database, master=home / "master.key", stop=stop, clock=lambda: TUESDAY)


@contextmanager
def live(
    database: str, home: Path, *, role: str = MANAGER, port: int = 0, demo: bool = False
) -> Iterator[Live]:
    """Serve this database until the end of the block."""
    logs.configure("ERROR", sys.stderr)  # as in a process of ours: no local variables
    projecting.prepare(database, PROJECTIONS)
    with (
        opened(database, master=home / "master.key") as ledger,
        open_pool(role_dsn(database, "ledger_app"), size_max=8) as reads,
        beside(_projecting(database)),
        beside(_sealing(database, home)),
        beside(partial(_reacting, database, home)),
        socket.create_server(("127.0.0.1", port)) as listening,
    ):
        parts = Parts(
            opened=ledger,
            reads=reads,
            clock=wall_clock.now,
            operator=Person("p-tester", role, "Tester"),
            site=SITE,
            zone=ZONE,
            language="zh",
            demo=demo,
            operating=Operating(ledger.ledger, database, ZONE),
        )
        url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        with _served(parts, listening):
            yield Live(url, database, home, ledger, parts)


def _projecting(dsn: str) -> Callable[[threading.Event], None]:
    def work(stop: threading.Event) -> None:
        projecting.run(PROJECTIONS, dsn=dsn, feed="store", stop=stop)

    return work


def key_of(home: Path) -> SigningKey:
    """What its checkpoints are signed with."""
    return signing_key(home / "sealer.key", kind="complaint-ledger")


def _sealing(dsn: str, home: Path) -> Callable[[threading.Event], None]:
    key = key_of(home)

    def work(stop: threading.Event) -> None:
        file = AnchorFile(home / "anchors" / "checkpoints")
        sealing.run(dsn=dsn, key=key, file=file, stop=stop)

    return work


@contextmanager
def _served(parts: Parts, listening: socket.socket) -> Iterator[None]:
    web = server(create_app(parts))

    async def serve() -> None:
        try:
            await web.serve(sockets=[listening])
        finally:
            await parts.opened.appender.close()

    thread = threading.Thread(target=lambda: asyncio.run(serve()))
    thread.start()
    try:
        until(lambda: web.started)
        yield
    finally:
        web.should_exit = True
        thread.join()
