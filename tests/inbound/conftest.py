"""A desk on a database of its own, and what can be asked of that database."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from consumers.inbound import sources
from consumers.inbound.desk import Desk
from consumers.opening import opened
from infra.postgres.pool import open_pool, role_dsn


@pytest.fixture
def master(tmp_path: Path) -> Path:
    return tmp_path / "keys" / "master.key"


@pytest.fixture
async def desk(database: str, master: Path) -> Iterator[Desk]:
    """What one process takes messages in with."""
    with (
        opened(database, master=master) as made,
        open_pool(role_dsn(database, "ledger_app"), size_max=4) as reads,
    ):
        known = sources.load(site="plant-1", zone="Asia/Shanghai")
        yield Desk(opened=made, reads=reads, sources=known)
        await made.appender.close()
