"""A ledger with a story in it, and sessions with the rights of those who read and fill."""

from asyncio import run
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest
from psycopg import Connection

from consumers.feed import Record
from consumers.opening import Opened, opened
from consumers.ownership import open_session
from infra.postgres.pool import role_dsn
from tests.conftest import a_database
from tests.projections.story import recorded, tell


@dataclass(frozen=True)
class Told:
    """A database in which the story was told; nobody adds to it."""

    dsn: str
    complaints: list[UUID]
    records: list[Record]


@pytest.fixture
def ledger(database: str, tmp_path: Path) -> Iterator[Opened]:
    """A ledger as one process has it."""
    with opened(database, master=tmp_path / "keys" / "master.key") as made:
        yield made


@pytest.fixture(scope="session")
def told(
    server: str, template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Told]:
    """One for all tests that only read it; each fills tables of its own."""
    master = tmp_path_factory.mktemp("keys") / "master.key"
    with a_database(server, template) as dsn:
        with opened(dsn, master=master) as mine:
            complaints = run(tell(mine))
        yield Told(dsn, complaints, recorded(dsn))


@pytest.fixture
def filling(told: Told) -> Iterator[Connection[Any]]:
    """A session beside the story that fills tables."""
    with open_session(told.dsn, "test") as conn:
        yield conn


@pytest.fixture
def projector_conn(database: str) -> Iterator[Connection[Any]]:
    """A session with the rights of those who fill read models."""
    with psycopg.connect(role_dsn(database, "ledger_projector"), autocommit=True) as conn:
        yield conn


@pytest.fixture
def app_conn(database: str) -> Iterator[Connection[Any]]:
    """A session with the rights of those who read them."""
    with psycopg.connect(role_dsn(database, "ledger_app"), autocommit=True) as conn:
        yield conn
