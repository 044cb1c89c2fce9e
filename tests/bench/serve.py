"""One of the servers to be measured, in a process of its own."""

import asyncio
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import uvicorn
from fastapi import FastAPI

from api.app import create_app
from api.identity.permissions import Person
from api.parts import Parts
from consumers.opening import opened
from infra.postgres.pool import open_pool, role_dsn
from infra.wall_clock import now
from tests.bench import crud, stock


@contextmanager
def ours(dsn: str, home: Path) -> Iterator[FastAPI]:
    """The ledger's own app, as `make run` serves it."""
    with (
        opened(dsn, master=home / "master.key") as mine,
        open_pool(role_dsn(dsn, "ledger_app"), size_max=4) as reads,
    ):
        operator = Person(id="p-bench", role="quality_manager", name="bench")
        yield create_app(
            Parts(
                opened=mine,
                reads=reads,
                clock=now,
                operator=operator,
                site="plant-1",
                zone="Asia/Shanghai",
            )
        )


def run(app: FastAPI, port: int) -> None:
    """The same server with the same options for every app."""
    options: dict[str, Any] = {"loop": "uvloop", "http": "httptools", "access_log": False}
    config = uvicorn.Config(
        app, host="127.0.0.1", port=port, log_level="warning", **options
    )
    with asyncio.Runner(loop_factory=config.get_loop_factory()) as runner:  # as in use
        runner.run(uvicorn.Server(config).serve())


if __name__ == "__main__":
    kind, dsn, home, port = sys.argv[1:]
    names = sys.stdin.read().split()
    if kind == "ours":
        with ours(dsn, Path(home)) as app:
            run(app, int(port))
    else:
        run({"stock": stock, "crud": crud}[kind].create_app(dsn, names), int(port))
