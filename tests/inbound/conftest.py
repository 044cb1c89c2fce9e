"""A desk on a database of its own: what one process takes messages in with."""

import sys
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from consumers.inbound import sources
from consumers.inbound.desk import Desk
from consumers.inbound.intake import Intake
from consumers.opening import Opened, opened
from infra import logs
from infra.postgres.pool import open_pool, role_dsn
from tests.builders import TUESDAY


@pytest.fixture(autouse=True)
def _logs() -> None:
    """As in a process of ours: where pytest catches them, and without local variables."""
    logs.configure("WARNING", sys.stderr)


@pytest.fixture
def master(tmp_path: Path) -> Path:
    """The key file that two processes of one ledger share."""
    return tmp_path / "keys" / "master.key"


@pytest.fixture
def ledger(database: str, master: Path) -> Iterator[Opened]:
    """A ledger as one process has it."""
    with opened(database, master=master) as made:
        yield made


@pytest.fixture
async def desk(ledger: Opened, database: str) -> AsyncIterator[Desk]:
    """The systems that come with us, a plant in China, and a clock that stands still."""
    known = sources.load(site="plant-1", zone="Asia/Shanghai")
    with open_pool(role_dsn(database, "ledger_app"), size_max=4) as reads:
        yield Desk(opened=ledger, reads=reads, sources=known, clock=lambda: TUESDAY)
        await ledger.appender.close()


@pytest.fixture
async def another(desk: Desk, database: str, master: Path) -> AsyncIterator[Desk]:
    """The same ledger as another process has it."""
    with opened(database, master=master) as made:
        yield replace(desk, opened=made)
        await made.appender.close()


@pytest.fixture
def intake(desk: Desk) -> Intake:
    """What takes messages in there."""
    return Intake(desk)
