"""The embedded server survives any death, and never runs unnoticed."""

import os
import signal
import stat
import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest

from infra.postgres.binaries import PostgresUnavailableError
from infra.postgres.launcher import AlreadyRunningError, EmbeddedPostgres
from tests.infra.embedded import LOCAL, ask, end, launch, postmaster, processes
from tests.waiting import until


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    made = tmp_path / "postgres"
    yield made
    for pid in processes(made):  # of a test that failed half-way
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def test_a_first_start_makes_a_server_that_only_we_can_reach(home: Path) -> None:
    with EmbeddedPostgres(home) as postgres:
        dsn = postgres.dsn()
        assert ask(dsn, "SELECT current_user || ' in ' || current_database()") == (
            "ledger_owner in ledger"
        )
        for setting, value in {
            "listen_addresses": "",
            "fsync": "on",
            "synchronous_commit": "on",
            "data_checksums": "on",
            "server_encoding": "UTF8",
            "TimeZone": "UTC",
        }.items():
            assert ask(dsn, f"SHOW {setting}") == value, setting
        assert ask(dsn, "SELECT rolsuper FROM pg_roles WHERE rolname = user") is False
        assert stat.S_IMODE((home / ".s.PGSQL.5432").stat().st_mode) == 0o700
        assert stat.S_IMODE(home.stat().st_mode) == 0o700
    assert processes(home) == []


def test_a_stop_is_clean_and_the_next_start_takes_less_than_five_seconds(
    home: Path,
) -> None:
    with EmbeddedPostgres(home) as postgres:
        ask(postgres.dsn(), "CREATE SCHEMA kept")

    began = time.monotonic()
    with EmbeddedPostgres(home) as postgres:
        assert time.monotonic() - began < 5
        assert ask(postgres.dsn(), "SELECT to_regnamespace('kept')::text") == "kept"
    assert "not properly shut down" not in (home / "postgres.log").read_text()


def test_after_kill_9_of_everything_the_next_start_recovers_by_itself(home: Path) -> None:
    launcher = launch(home)
    dsn = LOCAL.format(home)
    ask(dsn, "CREATE TABLE said (n int)")
    ask(dsn, "INSERT INTO said SELECT generate_series(1, 10000)")
    end(launcher, signal.SIGKILL)
    for pid in processes(home):
        os.kill(pid, signal.SIGKILL)
    until(lambda: processes(home) == [])
    assert (home / "data" / "postmaster.pid").exists()

    began = time.monotonic()
    with EmbeddedPostgres(home) as postgres:
        assert time.monotonic() - began < 5
        assert ask(postgres.dsn(), "SELECT count(*) FROM said") == 10000


def test_a_pid_that_somebody_else_got_meanwhile_stops_nobody(home: Path) -> None:
    """Neither our start, nor that somebody: here one who even stands in the folder."""
    with EmbeddedPostgres(home):
        left = (home / "data" / "postmaster.pid").read_text()
    with subprocess.Popen(["sleep", "60"], cwd=home / "data") as stranger:
        theirs = left.replace(left.split("\n", 1)[0], str(stranger.pid), 1)
        (home / "data" / "postmaster.pid").write_text(theirs)

        with EmbeddedPostgres(home) as postgres:
            assert postmaster(home) != stranger.pid
            assert ask(postgres.dsn(), "SELECT 1") == 1
        assert stranger.poll() is None
        stranger.kill()


def test_children_of_a_killed_server_are_swept_up(home: Path) -> None:
    launcher = launch(home)
    busy = psycopg.connect(LOCAL.format(home), autocommit=True)
    busy.execute("SELECT pg_advisory_lock(1)")
    loop = (
        "DO $$ BEGIN LOOP END LOOP; END $$"  # notices nothing, not even its parent's death
    )
    child = busy.info.backend_pid
    busy.pgconn.send_query(loop.encode())
    end(launcher, signal.SIGKILL)
    os.kill(postmaster(home), signal.SIGKILL)
    until(lambda: processes(home) == [child])

    with EmbeddedPostgres(home) as postgres:
        assert child not in processes(home)
        assert ask(postgres.dsn(), "SELECT pg_try_advisory_lock(1)") is True
    busy.close()


def test_a_server_whose_launcher_was_killed_is_taken_over(home: Path) -> None:
    end(launch(home), signal.SIGKILL)
    left = postmaster(home)
    assert left in processes(home)

    with EmbeddedPostgres(home) as postgres:
        assert ask(postgres.dsn(), "SELECT 1") == 1
        assert postmaster(home) == left
    assert processes(home) == []


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_a_server_that_is_just_stopping_is_waited_for_and_replaced(
    home: Path, how: signal.Signals
) -> None:
    end(launch(home), signal.SIGKILL)
    left = postmaster(home)
    os.kill(left, how)

    with EmbeddedPostgres(home) as postgres:
        assert ask(postgres.dsn(), "SELECT 1") == 1
        assert postmaster(home) != left


def test_ctrl_c_stops_the_server_cleanly_and_only_when_its_launcher_is_done(
    home: Path,
) -> None:
    launcher = launch(home)

    assert end(launcher, signal.SIGINT) == "and down\n"

    assert processes(home) == []
    log = (home / "postgres.log").read_text()
    assert log.rstrip().endswith("database system is shut down")


def test_a_second_launcher_is_told_who_was_first(home: Path) -> None:
    launcher = launch(home)

    with pytest.raises(
        AlreadyRunningError, match=f"process {launcher.pid} runs the database"
    ):
        EmbeddedPostgres(home).start()

    assert ask(LOCAL.format(home), "SELECT 1") == 1
    end(launcher, signal.SIGINT)


def test_a_start_that_was_cut_short_is_begun_again(home: Path) -> None:
    (home / "half-0123abcd" / "base").mkdir(parents=True)

    with EmbeddedPostgres(home, durable=False) as postgres:
        assert ask(postgres.dsn(), "SELECT 1") == 1

    assert list(home.glob("half-*")) == []


def test_a_server_that_cannot_start_says_why(home: Path) -> None:
    with EmbeddedPostgres(home, durable=False):
        pass
    with (home / "data" / "postgresql.conf").open("a") as written:
        written.write("no_such_setting_at_all = 1\n")

    with pytest.raises(PostgresUnavailableError, match="no_such_setting_at_all"):
        EmbeddedPostgres(home).start()


def test_postgres_log_holds_no_words_of_a_statement(home: Path) -> None:
    """A customer's name must not reach a log by way of an error."""
    with EmbeddedPostgres(home, durable=False) as postgres:
        ask(
            postgres.dsn(),
            "CREATE TABLE t (name text UNIQUE CHECK (name <> 'Ann Planted'))",
        )
        ask(postgres.dsn(), "INSERT INTO t VALUES ('Bo Planted')")
        for name in ("Ann", "Bo"):
            with pytest.raises(psycopg.errors.IntegrityError, match="Planted"):
                ask(postgres.dsn(), f"INSERT INTO t VALUES ('{name} Planted')")

    log = (home / "postgres.log").read_text()
    assert "violates" in log
    assert "Planted" not in log
