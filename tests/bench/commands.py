"""Commands over HTTP: ours beside the stock library and beside a plain table."""

import asyncio
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from consumers.opening import opened
from domain.complaint import contact
from infra.postgres import schema
from infra.postgres.launcher import ADMIN, OWNER, EmbeddedPostgres
from tests.bench import load
from tests.bench.load import ROOT, Load
from tests.builders import LI, lodged, message, when

KINDS = ("ours", "stock", "crud")
CLIENTS = (1, 8, 32)
COMPLAINTS = 200
EVENTS = 10  # of each complaint before the first request
ROUNDS = 3
SECONDS = 1.5


def measure(postgres: EmbeddedPostgres, home: Path) -> dict[tuple[str, int], Load]:
    """The median of some rounds in which each takes its turn."""
    done: dict[tuple[str, int], list[Load]] = {}
    for _ in range(ROUNDS):
        for kind in KINDS:
            with served(postgres, home, kind) as (port, numbers):
                for clients in CLIENTS:
                    one = load.put_on(port, numbers, clients=clients, seconds=SECONDS)
                    done.setdefault((kind, clients), []).append(one)
    return {
        key: Load(*(median(getattr(one, n) for one in loads) for n in Load.__slots__))
        for key, loads in done.items()
    }


@contextmanager
def served(
    postgres: EmbeddedPostgres, home: Path, kind: str
) -> Iterator[tuple[int, list[str]]]:
    """A server on a database of its own with complaints that have a history."""
    dsn = fresh(postgres, f"bench_{kind}")
    numbers = [f"C-2026-{n:06}" for n in range(1, COMPLAINTS + 1)]
    if kind == "ours":
        schema.migrate(dsn)
        asyncio.run(seed(dsn, home))
    port = free_port()
    command = [sys.executable, "-m", "tests.bench.serve", kind, dsn, str(home), str(port)]
    server = subprocess.Popen(command, stdin=subprocess.PIPE, cwd=ROOT)
    assert server.stdin is not None
    server.stdin.write("\n".join(numbers).encode())
    server.stdin.close()
    try:
        until_answering(port)
        yield port, numbers
    finally:
        server.terminate()
        server.wait(20)


async def seed(dsn: str, home: Path) -> None:
    """Complaints of so many events, through the ledger."""
    with opened(dsn, master=home / "master.key") as mine:
        begun = await asyncio.gather(*(lodged(mine) for _ in range(COMPLAINTS)))
        for _ in range(EVENTS - 1):
            await asyncio.gather(
                *(
                    mine.ledger.change(
                        message(),
                        one.complaint_id,
                        None,
                        contact.contacted,
                        who=LI,
                        when=when(),
                        channel="phone",
                        summary="进度",
                    )
                    for one in begun
                )
            )
        await mine.appender.close()


def fresh(postgres: EmbeddedPostgres, name: str) -> str:
    """An empty database of this name."""
    with psycopg.connect(postgres.dsn("postgres", ADMIN), autocommit=True) as conn:
        named = sql.Identifier(name)
        conn.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(named))
        owner = sql.Identifier(OWNER)
        conn.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(named, owner))
    return make_conninfo(postgres.dsn("postgres", OWNER), dbname=name)


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def until_answering(port: int) -> None:
    """Wait until the server takes connections."""
    for _ in range(300):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/none", timeout=2).close()
        except urllib.request.HTTPError:
            return
        except OSError:
            asyncio.run(asyncio.sleep(0.1))
    raise TimeoutError("the server does not answer")
