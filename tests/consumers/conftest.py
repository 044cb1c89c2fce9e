"""The story, as the read models' tests have it; and a ledger to talk to."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from psycopg import Connection

from consumers.opening import opened
from consumers.ownership import open_session
from tests.consumers.running import Talking
from tests.projections.conftest import app_conn, filling, projector_conn, told

__all__ = ["app_conn", "filling", "projector_conn", "told"]


@pytest.fixture
def ledger(database: str, tmp_path: Path) -> Iterator[Talking]:
    """A ledger as one process has it, with the loop it is spoken to on."""
    master = tmp_path / "keys" / "master.key"
    with opened(database, master=master) as made, asyncio.Runner() as loop:
        yield Talking(made, loop)
        loop.run(made.appender.close())


@pytest.fixture
def conn(database: str) -> Iterator[Connection[Any]]:
    """A session as one of those at work has it."""
    with open_session(database, "ledger test") as made:
        yield made
