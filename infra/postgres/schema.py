"""The tables and functions of a ledger: made, brought up to date, held to our files."""

import hashlib
import re
from contextlib import suppress
from pathlib import Path
from typing import Any, LiteralString

import psycopg
from psycopg import Connection, sql
from psycopg.errors import DuplicateObject, InsufficientPrivilege, UniqueViolation

HERE = Path(__file__).parent
RIGHTS = HERE / "rights.sql"
ROLES = (
    "ledger_app",  # reads the ledger and calls its functions
    "ledger_keys",  # seals and opens
    "ledger_projector",  # makes and owns the read models
    "ledger_reader",  # reads the views of the schema `reading`, by SQL
    "ledger_sealer",  # reads what is recorded, and keeps the proof of it
    "ledger_identity",  # signs people in; no other role sees what it keeps
)
MENDED = "Find out who did it; then `ledger restore-functions` writes ours again"
BOOK = """
CREATE SCHEMA IF NOT EXISTS ledger_meta;
CREATE TABLE IF NOT EXISTS ledger_meta.migration (
    name text PRIMARY KEY, sha256 text NOT NULL, at timestamptz NOT NULL DEFAULT now());
CREATE TABLE IF NOT EXISTS ledger_meta.script (
    name text PRIMARY KEY, sha256 text NOT NULL, at timestamptz NOT NULL DEFAULT now());
"""
FUNCTION = re.compile(
    r"^CREATE OR REPLACE FUNCTION\s.*?\bAS (\$\w*\$).*?\1.*?;",
    re.DOTALL | re.MULTILINE,
)
TRIGGER = re.compile(r"^ALTER TABLE (\S+)\s+ENABLE ALWAYS TRIGGER (\w+)", re.MULTILINE)
DEFINITIONS = """
SELECT p.oid::regprocedure::text, pg_get_functiondef(p.oid),
       p.xmin = pg_current_xact_id()::xid AS by_this_transaction
  FROM pg_proc AS p
 WHERE p.pronamespace = to_regnamespace('ledger') AND p.prokind IN ('f', 'p')"""
TRIGGERS = """
SELECT t.tgrelid::regclass::text, t.tgname
  FROM pg_trigger AS t WHERE t.tgenabled = 'A'"""
SET_ROLE_SINCE = 160_000


class MigrationChangedError(Exception):
    """The database was made by other files than ours."""


class RoleMissingError(Exception):
    """A role is missing, and the owner of the database may not make it."""


class FunctionChangedError(Exception):
    """What guards the ledger in the database is not what our files say."""


def migrate(dsn: str) -> None:
    """Bring the owner's database up to our files, wholly or not at all, one at a time."""
    with psycopg.connect(dsn) as conn:
        _take_turn(conn)
        conn.execute(BOOK)
        _have_roles(conn)
        news = [_run(conn, "migration", path) for path in _new_migrations(conn)]
        news += [_run(conn, "script", path) for path in _changed(conn, *_in("functions"))]
        if news or _changed(conn, RIGHTS):
            _run(conn, "script", RIGHTS)


def have_roles(dsn: str) -> None:
    """Make our roles, before a copy of a ledger that grants them rights is put back."""
    with psycopg.connect(dsn) as conn:
        _take_turn(conn)
        _have_roles(conn)


def adopt(dsn: str) -> None:
    """Give what was put back to those it belongs to: a copy comes without owners."""
    with psycopg.connect(dsn) as conn:
        conn.execute("ALTER SCHEMA reading OWNER TO ledger_projector")


def check_functions(dsn: str) -> None:
    """Refuse to go on if somebody changed a function of the ledger or took a trigger away.

    The database itself says what our files mean: they are run in a transaction that is
    rolled back, and every definition has to come out of it as it went in.
    """
    with psycopg.connect(dsn) as conn:
        _take_turn(conn)
        enabled = set(conn.execute(TRIGGERS).fetchall())
        wrong = {f"{name} on {table}" for table, name in _triggers() - enabled}
        found = {name: words for name, words, _ in conn.execute(DEFINITIONS).fetchall()}
        for statement in _functions():
            try:
                conn.execute(statement.encode())
            except psycopg.ProgrammingError as error:  # another owner, or another result
                raise FunctionChangedError(
                    f"{str(error).splitlines()[0]}. {MENDED}"
                ) from error
        for name, words, ours in conn.execute(DEFINITIONS).fetchall():
            if not ours or found.get(name) != words:
                wrong.add(name)
        conn.rollback()
    if wrong:
        raise FunctionChangedError(f"{', '.join(sorted(wrong))}. {MENDED}")


def restore_functions(dsn: str) -> None:
    """Write our functions over what is there, once it is known who changed them."""
    with psycopg.connect(dsn) as conn:
        _take_turn(conn)
        for path in (*_in("functions"), RIGHTS):
            _run(conn, "script", path)


def _take_turn(conn: Connection[Any]) -> None:
    conn.execute("SELECT pg_advisory_xact_lock(hashtextextended('ledger.migrate', 0))")


def _have_roles(conn: Connection[Any]) -> None:
    for role in ROLES:
        _have_role(conn, role)
    conn.execute(
        sql.SQL("GRANT CREATE ON DATABASE {} TO ledger_projector").format(
            sql.Identifier(conn.info.dbname)
        )
    )


def _have_role(conn: Connection[Any], role: str) -> None:
    """Roles belong to the whole server, so another database's migration may be quicker."""
    name = sql.Identifier(role)
    kind = "SET" if conn.info.server_version >= SET_ROLE_SINCE else "MEMBER"
    try:
        if not _found(conn, "SELECT FROM pg_roles WHERE rolname = %s", role):
            with suppress(DuplicateObject, UniqueViolation), conn.transaction():
                conn.execute(sql.SQL("CREATE ROLE {} NOLOGIN").format(name))
        if not _found(conn, "SELECT WHERE pg_has_role(%s, %s)", role, kind):
            conn.execute(sql.SQL("GRANT {} TO CURRENT_USER").format(name))
    except InsufficientPrivilege as error:
        raise RoleMissingError(
            f"ask an administrator to run: CREATE ROLE {role} NOLOGIN;"
            f" GRANT {role} TO {conn.info.user};"
        ) from error


def _new_migrations(conn: Connection[Any]) -> list[Path]:
    paths = _in("migrations")
    done = dict(conn.execute("SELECT name, sha256 FROM ledger_meta.migration").fetchall())
    if strange := sorted(done.keys() - {path.name for path in paths}):
        raise MigrationChangedError(f"made by a newer version of us: {', '.join(strange)}")
    for path in paths:
        if done.get(path.name, _sha256(path)) != _sha256(path):
            raise MigrationChangedError(
                f"{path.name} ran with other words: write a new file"
            )
    new = [path for path in paths if path.name not in done]
    if late := [path.name for path in new if done and path.name < max(done)]:
        raise MigrationChangedError(f"to run before what has run: {', '.join(late)}")
    return new


def _changed(conn: Connection[Any], *paths: Path) -> list[Path]:
    done = dict(conn.execute("SELECT name, sha256 FROM ledger_meta.script").fetchall())
    return [path for path in paths if done.get(path.name) != _sha256(path)]


def _run(conn: Connection[Any], kind: str, path: Path) -> Path:
    words = path.read_text("utf-8")
    conn.execute((words if kind == "migration" else _replacing(words)).encode())
    conn.execute(
        sql.SQL(
            "INSERT INTO ledger_meta.{} (name, sha256) VALUES (%s, %s) ON CONFLICT (name)"
            " DO UPDATE SET sha256 = EXCLUDED.sha256, at = EXCLUDED.at"
        ).format(sql.Identifier(kind)),
        [path.name, _sha256(path)],
    )
    return path


def _functions() -> list[str]:
    """Each function of our files, in order; triggers need theirs in the migrations."""
    return [
        found[0]
        for path in (*_in("migrations"), *_in("functions"))
        for found in FUNCTION.finditer(_replacing(path.read_text("utf-8")))
    ]


def _triggers() -> set[tuple[str, str]]:
    files = (path.read_text("utf-8") for path in _in("migrations"))
    return {found for words in files for found in TRIGGER.findall(words)}


def _replacing(words: str) -> str:
    return re.sub(
        r"^CREATE FUNCTION", "CREATE OR REPLACE FUNCTION", words, flags=re.MULTILINE
    )


def _in(folder: str) -> list[Path]:
    return sorted((HERE / folder).glob("*.sql"))


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _found(conn: Connection[Any], query: LiteralString, *words: str) -> bool:
    return conn.execute(query, words).fetchone() is not None
