"""An intake that reads a topic of its own, in this process or in one that can be killed."""

import asyncio
import os
import signal
import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

from consumers.inbound import reading
from consumers.inbound.desk import Desk
from consumers.inbound.message import Raw
from infra.kafka import Cluster, Outgoing

ROOT = Path(__file__).parents[2]
PROCESS = """
import asyncio, sys, threading
from pathlib import Path
from consumers.inbound import reading, sources
from consumers.inbound.desk import Desk
from consumers.opening import opened
from infra import logs
from infra.kafka import Cluster
from infra.postgres.pool import open_pool, role_dsn

dsn, master, servers, topic = sys.argv[1:]
logs.configure("WARNING")
with opened(dsn, master=Path(master)) as ledger:
    with open_pool(role_dsn(dsn, "ledger_app"), size_max=2) as reads:
        known = sources.load(site="plant-1", zone="Asia/Shanghai")
        desk = Desk(opened=ledger, reads=reads, sources=known)
        asyncio.run(reading.run(
            desk, dsn=dsn, cluster=Cluster(servers), topics=[topic], stop=threading.Event()
        ))
"""


class NotUtf8(str):
    """The name of a header that no client can decode."""

    __slots__ = ()

    def encode(self, encoding: str = "utf-8", errors: str = "strict") -> bytes:
        """As the producer will write it."""
        return b"\xff\xfe"


@asynccontextmanager
async def taking_in(
    desk: Desk, dsn: str, cluster: Cluster, *topics: str
) -> AsyncIterator[None]:
    """An intake at work meanwhile; stopped in order."""
    stop = threading.Event()
    work = asyncio.create_task(
        reading.run(desk, dsn=dsn, cluster=cluster, topics=topics, stop=stop)
    )
    try:
        yield
    finally:
        stop.set()
        await work


@contextmanager
def process(dsn: str, master: Path, cluster: Cluster, topic: str) -> Iterator[int]:
    """The same as a process of its own, killed at the end; its id."""
    words = [dsn, str(master), cluster.bootstrap_servers, topic]
    command = [sys.executable, "-c", PROCESS, *words]
    with subprocess.Popen(command, cwd=ROOT) as intake:
        try:
            yield intake.pid
        finally:
            os.kill(intake.pid, signal.SIGKILL)


def outgoing(*messages: Raw, partition: int | None = None) -> Sequence[Outgoing]:
    """Messages as records, under the key of their complaint."""
    return [
        Outgoing(
            dict(raw.headers).get("ce_subject"),
            raw.value,
            tuple((name, value or b"") for name, value in raw.headers),
            partition,
        )
        for raw in messages
    ]
