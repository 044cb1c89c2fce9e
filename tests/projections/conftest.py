"""A ledger with a story in it, and read models to fill from it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import Connection

from consumers.opening import Opened, opened
from infra.postgres.pool import role_dsn


@pytest.fixture
def ledger(database: str, tmp_path: Path) -> Iterator[Opened]:
    """A ledger as one process has it."""
    with opened(database, master=tmp_path / "keys" / "master.key") as made:
        yield made


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
