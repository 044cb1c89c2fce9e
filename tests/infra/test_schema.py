"""The database is brought to our files once, and held to them at every start."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest
from psycopg import errors, sql

from infra.postgres import pool, schema
from infra.postgres.launcher import ADMIN, EmbeddedPostgres
from infra.postgres.schema import FunctionChangedError, MigrationChangedError
from tests.waiting import until

REPLACE = "CREATE OR REPLACE FUNCTION"


def done(dsn: str, *commands: str) -> list[tuple[object, ...]]:
    with psycopg.connect(dsn, autocommit=True) as conn:
        for command in commands:
            cursor = conn.execute(command.encode())
        return cursor.fetchall() if cursor.description else []


def admin(server: str, database: str) -> str:
    name = psycopg.conninfo.conninfo_to_dict(database)["dbname"]
    return psycopg.conninfo.make_conninfo(server, dbname=name)


def test_migrating_again_changes_nothing(database: str) -> None:
    when = "TABLE ledger_meta.migration UNION TABLE ledger_meta.script"
    before = done(database, when)

    schema.migrate(database)
    schema.check_functions(database)

    assert done(database, when) == before
    assert ("0001_store.sql",) in {row[:1] for row in before}


def test_processes_that_start_together_migrate_once(server: str) -> None:
    done(server, "CREATE DATABASE together")
    dsn = psycopg.conninfo.make_conninfo(server, dbname="together")
    try:
        with ThreadPoolExecutor(4) as processes:
            list(processes.map(schema.migrate, [dsn] * 4))
        schema.check_functions(dsn)
    finally:
        done(server, "DROP DATABASE together WITH (FORCE)")


def test_a_role_that_another_database_is_just_making_is_taken_as_made(
    tmp_path: Path,
) -> None:
    """Roles belong to the whole server: here one that has none of ours yet."""
    waits = "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
    with EmbeddedPostgres(tmp_path / "postgres", durable=False) as postgres:
        other = postgres.dsn("postgres", ADMIN)
        with ThreadPoolExecutor(1) as process, psycopg.connect(other) as quicker:
            quicker.execute("CREATE ROLE ledger_app NOLOGIN")
            quicker.execute("GRANT ledger_app TO ledger_owner")
            migrated = process.submit(schema.migrate, postgres.dsn())
            until(lambda: done(other, waits))
            quicker.commit()
            migrated.result()
        schema.check_functions(postgres.dsn())


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("UPDATE ledger_meta.migration SET sha256 = 'x'", "ran with other words"),
        ("INSERT INTO ledger_meta.migration VALUES ('9999_new.sql', 'x')", "newer version"),
        (
            "DELETE FROM ledger_meta.migration WHERE name LIKE '0001%'",
            "before what has run",
        ),
    ],
)
def test_a_database_that_other_files_made_is_refused(
    database: str, change: str, words: str
) -> None:
    done(database, change)

    with pytest.raises(MigrationChangedError, match=words):
        schema.migrate(database)


@pytest.mark.parametrize(
    "change",
    [
        f"{REPLACE} ledger.refuse() RETURNS trigger AS 'begin end' LANGUAGE plpgsql",
        "ALTER FUNCTION ledger.append SECURITY INVOKER",
        "ALTER FUNCTION ledger.append RESET search_path",
        "ALTER FUNCTION ledger.append STABLE",
        "ALTER FUNCTION ledger.refuse RENAME TO refused",
        "ALTER FUNCTION ledger.refuse OWNER TO pg_monitor",
        "CREATE FUNCTION ledger.append(text) RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "CREATE FUNCTION ledger.another() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "ALTER TABLE ledger.event DISABLE TRIGGER append_only",
        "DROP TRIGGER append_only ON ledger.claim",
    ],
)
def test_a_change_by_an_administrator_is_noticed(
    server: str, database: str, change: str
) -> None:
    done(admin(server, database), change)

    schema.migrate(database)  # does not quietly mend it
    with pytest.raises(FunctionChangedError):
        schema.check_functions(database)


def test_what_was_changed_can_be_restored(server: str, database: str) -> None:
    done(admin(server, database), "ALTER FUNCTION ledger.append SECURITY INVOKER")

    schema.restore_functions(database)

    schema.check_functions(database)


def test_checking_leaves_no_trace(database: str) -> None:
    functions = (
        "SELECT oid, xmin::text FROM pg_proc WHERE pronamespace = 'ledger'::regnamespace"
    )
    before = done(database, functions)

    schema.check_functions(database)

    assert done(database, functions) == before


def test_a_role_is_taken_on_with_the_sign_in_and_has_its_rights_alone(
    database: str,
) -> None:
    app = pool.role_dsn(database, "ledger_app")

    assert done(app, "SELECT current_user, session_user") == [
        ("ledger_app", "ledger_owner")
    ]
    assert done(app, "RESET ROLE", "SELECT current_user") == [("ledger_app",)]
    with pytest.raises(errors.InsufficientPrivilege):
        done(app, "INSERT INTO ledger.series VALUES ('C-', 1)")
    done(pool.role_dsn(database, "ledger_projector"), "CREATE SCHEMA tracking_1")
    with pytest.raises(errors.InsufficientPrivilege):
        done(app, "CREATE SCHEMA tracking_2")


def test_a_pool_has_its_patience_spelled_out_and_outlives_a_lost_connection(
    server: str, database: str
) -> None:
    with pool.open_pool(pool.role_dsn(database, "ledger_app"), size_max=2) as opened:
        with opened.connection() as conn:
            asked = "SELECT current_setting('statement_timeout'), user, pg_backend_pid()"
            [timeout, user, pid] = conn.execute(asked).fetchone() or []
            assert (timeout, user, conn.autocommit) == ("30s", "ledger_app", True)
        with psycopg.connect(server, autocommit=True) as other:
            other.execute(sql.SQL("SELECT pg_terminate_backend({}, 5000)").format(pid))
        with opened.connection() as conn:
            assert conn.execute("SELECT 1").fetchone() == (1,)
