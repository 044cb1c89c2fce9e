"""Dumps: a database as one file, as it was at one moment, and back into an empty one."""

import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, LiteralString

import psycopg
from psycopg import Connection
from psycopg.conninfo import conninfo_to_dict

from infra.postgres import binaries

DUMP_S, RESTORE_S = 6 * 3_600, 12 * 3_600
VERSION = 10_000  # of a server: its major version times this
SNAPSHOT = "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY"


class DumpError(Exception):
    """The database could not be copied, or not put back; the text is the program's own."""


@contextmanager
def moment(dsn: str) -> Iterator[tuple[Connection[Any], str]]:
    """A connection that sees one moment, and the name under which dumps see it too."""
    with psycopg.connect(dsn, autocommit=True) as conn:
        conn.execute(SNAPSHOT)
        row = conn.execute("SELECT pg_export_snapshot()").fetchone()
        assert row is not None
        yield conn, row[0]
        conn.execute("ROLLBACK")


def dump(
    dsn: str,
    to: Path,
    *,
    pg_bin: Path | None = None,
    snapshot: str | None = None,
    only: Sequence[str] = (),
    without: Sequence[str] = (),
    without_tables: Sequence[str] = (),
) -> None:
    """Copy the schemas *only*, or all but *without*, into a file; `DumpError` if not."""
    words = [f"--schema={name}" for name in only]
    words += [f"--exclude-schema={name}" for name in without]
    words += [f"--exclude-table={name}" for name in without_tables]
    words += [f"--snapshot={snapshot}"] if snapshot else []
    asked = ["--format=custom", "--no-password", f"--file={to}", *words]
    _run(_program("pg_dump", dsn, pg_bin), asked, dsn, DUMP_S)


def load(dsn: str, made: Path, *, pg_bin: Path | None = None) -> None:
    """Put a dump into a database that has none of it: whole, or not at all."""
    asked = ["--single-transaction", "--exit-on-error", "--no-owner", "--no-password"]
    name = str(conninfo_to_dict(dsn)["dbname"])
    program = _program("pg_restore", dsn, pg_bin)
    _run(program, [*asked, f"--dbname={name}", str(made)], dsn, RESTORE_S)


def is_empty(dsn: str, schema: LiteralString) -> bool:
    """Whether the database has nothing of that name."""
    with psycopg.connect(dsn) as conn:
        row = conn.execute("SELECT to_regnamespace(%s) IS NULL", [schema]).fetchone()
    return bool(row and row[0])


def _program(name: str, dsn: str, pg_bin: Path | None) -> Path:
    """Of the server's own version: an older one refuses, a newer one writes for newer."""
    with psycopg.connect(dsn) as conn:
        major = conn.info.server_version // VERSION
    return binaries.find(pg_bin, major) / name


def _run(program: Path, asked: Sequence[str], dsn: str, patience_s: float) -> None:
    """The address goes in by the environment: a command line is read by everybody."""
    done = subprocess.run(
        [program, *asked],
        capture_output=True,
        check=False,
        env=_environment(dsn),
        timeout=patience_s,
    )
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip()
        raise DumpError(f"{program.name}: {said or done.returncode}")


def _environment(dsn: str) -> dict[str, str]:
    """What libpq reads; a dsn's own options are named alike."""
    names = {"dbname": "PGDATABASE", "sslmode": "PGSSLMODE", "sslrootcert": "PGSSLROOTCERT"}
    names |= {n: f"PG{n.upper()}" for n in ("host", "port", "user", "password", "options")}
    said = conninfo_to_dict(dsn)
    return {names[name]: str(value) for name, value in said.items() if name in names}
