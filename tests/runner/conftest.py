"""A ledger, and a second one beside it."""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from consumers.opening import Opened, opened
from infra.postgres import schema


@pytest.fixture
def ledger(database: str, tmp_path: Path) -> Iterator[Opened]:
    with opened(database, master=tmp_path / "keys" / "master.key") as made:
        yield made


@pytest.fixture
def second_ledger(
    server: str, template: str, database: str, tmp_path: Path
) -> Iterator[Opened]:
    name = f"second_{uuid4().hex}"
    made = sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {}").format(
        sql.Identifier(name),
        sql.Identifier(str(conninfo_to_dict(database)["user"])),
        sql.Identifier(template),
    )
    with psycopg.connect(server, autocommit=True) as conn:
        conn.execute(made)
        schema.migrate(dsn := make_conninfo(database, dbname=name))
        with opened(dsn, master=tmp_path / "second" / "master.key") as other:
            yield other
        conn.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
