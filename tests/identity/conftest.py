"""A ledger with accounts of its own for each test; its passwords are cheap to check."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.api.conftest import app, ledger, parts  # noqa: F401  # fixtures of theirs
from tests.identity.house import Clock, House, a_house, parts_with_accounts


@pytest.fixture
async def house(database: str, tmp_path: Path) -> AsyncIterator[House]:
    clock = Clock()
    with parts_with_accounts(database, tmp_path, clock) as theirs:
        async with a_house(theirs, clock) as made:
            yield made
