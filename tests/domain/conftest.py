"""A ledger on a database of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from consumers.opening import Opened, opened


@pytest.fixture
def ledger(database: str, tmp_path: Path) -> Iterator[Opened]:
    """A ledger as one process has it."""
    with opened(database, master=tmp_path / "keys" / "master.key") as made:
        yield made
