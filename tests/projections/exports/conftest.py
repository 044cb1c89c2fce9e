"""Views with something in every one of them, told once for all who only read them."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from psycopg import Connection

from infra.postgres.pool import role_dsn
from projections.exports.views import describe, views
from projections.penalties import penalties
from projections.stages import stages
from tests.conftest import a_database
from tests.projections.sixty import complaint, sixty
from tests.projections.telling import fill
from tests.projections.test_penalties import APPROVED, notice, proposed


@pytest.fixture(scope="session")
def analysed(server: str, template: str) -> Iterator[str]:
    """A ledger of sixty complaints and three notices, described to analysts."""
    with a_database(server, template) as made:
        with psycopg.connect(role_dsn(made, "ledger_projector"), autocommit=True) as conn:
            sixty(conn)
            fill(conn, stages, [at for nth in range(1, 61) for at in complaint(nth)])
            fill(conn, penalties, notice(proposed(), APPROVED))
            fill(conn, penalties, notice(proposed(5), nth=2))
            describe(conn, views())
        yield made


@pytest.fixture
def app(analysed: str) -> Iterator[Connection[Any]]:
    """A session with the rights of those who read."""
    with psycopg.connect(role_dsn(analysed, "ledger_app"), autocommit=True) as conn:
        yield conn
