"""One sealed ledger for all who only tamper with it: each undoes what it did."""

import asyncio
from collections.abc import Iterator

import pytest

from tests.conftest import a_database
from tests.proof.sealed import Sealed, fill, sealed


@pytest.fixture(scope="module")
def store_of_1300(
    server: str, template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Sealed]:
    """1,300 events under 14 checkpoints."""
    with a_database(server, template) as dsn:
        made = sealed(server, dsn, tmp_path_factory.mktemp("proof"))
        for seed in range(13):
            asyncio.run(fill(dsn, 100, seed=seed))
            made.seal()
        yield made
