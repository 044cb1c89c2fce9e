"""A real PostgreSQL: a template made once a session, a copy of it for each test."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import make_conninfo

from infra.postgres import schema
from infra.postgres.launcher import ADMIN, OWNER, EmbeddedPostgres

pytest_plugins = ("tests.broker_fixture",)


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """Async tests run on asyncio, as the ledger does."""
    return "asyncio"


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where databases may be made: our own server, or the one a tester names."""
    if given := os.environ.get("LEDGER_TEST_DATABASE_URL"):
        yield given
        return
    home = tmp_path_factory.mktemp("postgres")
    with EmbeddedPostgres(home, durable=False) as postgres:
        yield postgres.dsn("postgres", ADMIN)


@pytest.fixture(scope="session")
def template(server: str) -> Iterator[str]:
    """The name of a database with our tables and functions, and nothing in them."""
    name = f"template_{uuid4().hex}"
    _run(server, "CREATE DATABASE {} OWNER {}", name, _owner(server))
    schema.migrate(_dsn(server, name))
    yield name
    _run(server, "DROP DATABASE {} WITH (FORCE)", name)


@pytest.fixture
def database(server: str, template: str) -> Iterator[str]:
    """A database of this test's own, as its owner (no superuser) reaches it."""
    with a_database(server, template) as dsn:
        yield dsn


@contextmanager
def a_database(server: str, template: str) -> Iterator[str]:
    """One that lasts as long as whoever asks for it."""
    name = f"test_{uuid4().hex}"
    _run(server, "CREATE DATABASE {} OWNER {} TEMPLATE {}", name, _owner(server), template)
    schema.have_roles(_dsn(server, name))  # rights on a database are not copied with it
    yield _dsn(server, name)
    _run(server, "DROP DATABASE {} WITH (FORCE)", name)


def _owner(server: str) -> str:
    """The launcher's owner; on a tester's server whoever they sign in as."""
    with psycopg.connect(server) as conn:
        found = conn.execute("SELECT FROM pg_roles WHERE rolname = %s", [OWNER]).fetchone()
        return conn.info.user if found is None else OWNER


def _dsn(server: str, name: str) -> str:
    return make_conninfo(server, dbname=name, user=_owner(server))


def _run(server: str, command: str, *names: str) -> None:
    """One statement that no transaction may hold."""
    with psycopg.connect(server, autocommit=True) as conn:
        conn.execute(sql.SQL(command).format(*map(sql.Identifier, names)))
