"""The app on a ledger of its own: asked directly, or through a server on a real socket."""

from collections.abc import AsyncIterator, Iterator
from functools import partial
from pathlib import Path

import httpx2
import psycopg
import pytest
from fastapi import FastAPI

from api.app import create_app
from api.identity.permissions import Person
from api.parts import Parts
from consumers import projecting
from consumers.opening import Opened, opened
from infra.postgres.pool import open_pool, role_dsn
from projections import PROJECTIONS, generations
from tests.api.asking import Api, served
from tests.builders import TUESDAY
from tests.consumers.running import running

OPERATOR = Person("p-wang", "quality_manager", "Wang")


@pytest.fixture
def ledger(database: str, tmp_path: Path) -> Iterator[Opened]:
    """A ledger as one process has it."""
    with opened(database, master=tmp_path / "keys" / "master.key") as made:
        yield made


@pytest.fixture
def parts(database: str, ledger: Opened) -> Iterator[Parts]:
    """The parts of an app whose clock stands still."""
    with psycopg.connect(role_dsn(database, "ledger_projector"), autocommit=True) as conn:
        generations.install(conn, PROJECTIONS)
    with open_pool(role_dsn(database, "ledger_app"), size_max=4) as reads:
        yield Parts(
            opened=ledger,
            reads=reads,
            clock=lambda: TUESDAY,
            operator=OPERATOR,
            site="plant-1",
            zone="Asia/Shanghai",
        )


@pytest.fixture
async def app(parts: Parts) -> AsyncIterator[FastAPI]:
    """The app, and its connection given back on the loop that used it."""
    yield create_app(parts)
    await parts.opened.appender.close()


@pytest.fixture
async def api(app: FastAPI) -> AsyncIterator[Api]:
    """A client that asks the app directly, and holds each answer to its description."""
    transport = httpx2.ASGITransport(app=app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://127.0.0.1") as http:
        yield Api(http, app)


@pytest.fixture
async def port(app: FastAPI) -> AsyncIterator[int]:
    """The port of a server that runs for this test."""
    async with served(app) as found:
        yield found


@pytest.fixture
def projected(parts: Parts, database: str) -> Iterator[None]:
    """Read models that follow the ledger."""
    with running(partial(_project, database)):
        yield


def _project(database: str, stop: object) -> None:
    projecting.run(PROJECTIONS, dsn=database, feed="store", stop=stop)  # type: ignore[arg-type]  # an Event
