"""A PostgreSQL of our own in a folder: nothing to install, reached by a socket alone."""

import fcntl
import hashlib
import os
import secrets
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path
from types import TracebackType
from typing import IO, Self

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from infra.postgres import binaries
from infra.postgres.binaries import PostgresUnavailableError
from infra.waiting import within

ADMIN = "postgres"
OWNER = "ledger_owner"
DATABASE = "ledger"
PORT = 5432  # of no network: it only ends the socket's name
SOCKET_BYTES_MAX = 100  # the kernel cuts at 108
START_S = 120  # crash recovery replays at most a checkpoint's worth
STOP_S = 30
ORPHANS_S = 2  # they notice that their parent died, unless they are busy
POLL_S = 0.03
LOG_BYTES_MAX = 10_000_000
TRIES = 3
INITDB = ["-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--data-checksums"]

# Personal data could stand in a failing statement or in a row that a constraint shows.
QUIET = {"log_error_verbosity": "terse", "log_min_error_statement": "panic"}
SETTINGS = QUIET | {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "200",
    "timezone": "UTC",
    "log_timezone": "UTC",
}
FORGETFUL = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}


class AlreadyRunningError(Exception):
    """Another process runs the database in this folder."""


class EmbeddedPostgres:
    """The server of one folder; whoever starts it stops it, or the next start adopts it."""

    def __init__(
        self, home: Path, *, pg_bin: Path | None = None, durable: bool = True
    ) -> None:
        """With `durable=False` a power cut may cost everything: for tests alone."""
        self._home = home.absolute()
        self._data = self._home / "data"
        self._pg_bin = pg_bin
        self._settings = SETTINGS if durable else SETTINGS | FORGETFUL
        self._socket: Path | None = None
        self._lock: IO[str] | None = None
        self._child: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        _: type[BaseException] | None,
        __: BaseException | None,
        ___: TracebackType | None,
    ) -> None:
        self.stop()

    def dsn(self, database: str = DATABASE, user: str = OWNER) -> str:
        """Where it is reached, once it is started."""
        assert self._socket is not None, "not started"
        return make_conninfo(
            "", host=str(self._socket), port=PORT, user=user, dbname=database
        )

    def start(self) -> None:
        """Make the database if there is none, mend it after a crash, and wait for it."""
        try:
            self._home.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._lock = _hold(self._home / "lock")
        except PermissionError as error:
            raise PostgresUnavailableError(
                f"{self._home} belongs to another user: start as that one,"
                " or choose another LEDGER_DATA_DIR"
            ) from error
        try:
            self._run()
            self._furnish()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """A clean end: what is open is rolled back, and the next start is quick."""
        for how in (signal.SIGINT, signal.SIGQUIT):  # fast; if that hangs, at once
            pid = self._postmaster()
            if pid is None:
                break
            os.kill(pid, how)
            within(STOP_S, lambda: self._postmaster() is None, every=POLL_S)
        if self._child is not None:
            self._child.wait(STOP_S)
        if self._lock is not None:
            self._lock.close()
        self._child = self._lock = self._socket = None

    def is_running(self) -> bool:
        """Whether our server's process lives; whether it answers is another question."""
        return self._lock is not None and self._postmaster() is not None

    def _run(self) -> None:
        for _ in range(TRIES):  # one that was just stopping is waited for, then replaced
            if self._postmaster() is None:
                self._clear()
                self._launch()
            self._socket = self._socket_folder()
            if self._is_ready():
                return
        raise PostgresUnavailableError(f"PostgreSQL did not start:\n{self._log_tail()}")

    def _postmaster(self) -> int | None:
        """The server of this very folder; the number it left may be anybody's by now."""
        if self._child is not None and self._child.poll() is None:
            return self._child.pid
        pid = self._noted(0)
        return int(pid) if pid and self._lives_here(pid) else None

    def _noted(self, line: int) -> str | None:
        """A line of what a server writes down about itself: 0 is its pid, 4 its socket."""
        try:
            return (self._data / "postmaster.pid").read_text().splitlines()[line]
        except (FileNotFoundError, IndexError):
            return None

    def _lives_here(self, pid: str) -> bool:
        """Every process of a server works in its data folder; a zombie works nowhere."""
        process = Path("/proc") / pid
        try:
            here = (process / "cwd").resolve(strict=True) == self._data.resolve()
            return here and (process / "comm").read_text().strip() == "postgres"
        except OSError:
            return False

    def _clear(self) -> None:
        """Sweep up after a server that was killed: its children, and what says it runs.

        The pid it left may be a zombie's, or anybody's by now: PostgreSQL would not dare.
        """
        for how in (signal.SIGQUIT, signal.SIGKILL):
            for pid in self._left_behind():
                os.kill(int(pid), how)
            if within(ORPHANS_S, lambda: not self._left_behind(), every=POLL_S):
                break
        socket = self._socket_folder() / f".s.PGSQL.{PORT}"
        for left in (socket, Path(f"{socket}.lock"), self._data / "postmaster.pid"):
            left.unlink(missing_ok=True)

    def _left_behind(self) -> list[str]:
        pids = (path.name for path in Path("/proc").iterdir() if path.name.isdecimal())
        return [pid for pid in pids if self._lives_here(pid)]

    def _launch(self) -> None:
        made = self._data / "PG_VERSION"
        major = int(made.read_text()) if made.exists() else None
        programs = binaries.find(self._pg_bin, major)
        socket = _private(self._home)
        prefix = binaries.prefix(programs / "postgres", self._home, socket)
        log = self._home / "postgres.log"
        if log.exists() and log.stat().st_size > LOG_BYTES_MAX:
            log.replace(log.with_suffix(".log.1"))
        with log.open("ab") as written:
            if major is None:
                self._make(prefix, programs, written)
            words = ["-D", str(self._data), "-k", str(socket), "-p", str(PORT)]
            for name, value in self._settings.items():
                words += ["-c", f"{name}={value}"]
            self._child = _begin([*prefix, str(programs / "postgres"), *words], log=written)

    def _make(self, prefix: list[str], programs: Path, log: IO[bytes]) -> None:
        """A new data folder, in its place only once it is whole."""
        for half in self._home.glob("half-*"):
            shutil.rmtree(half, ignore_errors=True)  # An initdb may still be at it.
        half = self._home / f"half-{secrets.token_hex(4)}"
        words = [*INITDB, "-U", ADMIN, "-D", str(half)]
        if _begin([*prefix, str(programs / "initdb"), *words], log).wait() != 0:
            raise PostgresUnavailableError(f"initdb failed:\n{self._log_tail()}")
        half.rename(self._data)

    def _socket_folder(self) -> Path:
        return Path(self._noted(4) or _private(self._home))

    def _is_ready(self) -> bool:
        """Whether it answers; not, when it ends instead."""

        def settled() -> bool:
            return self._postmaster() is None or self._answers()

        if not within(START_S, settled, every=POLL_S):
            raise PostgresUnavailableError(f"no answer yet:\n{self._log_tail()}")
        return self._postmaster() is not None

    def _answers(self) -> bool:
        try:
            psycopg.connect(self.dsn(ADMIN, ADMIN), connect_timeout=5).close()
        except psycopg.OperationalError:
            return False
        return True

    def _furnish(self) -> None:
        """Our role and our database: everything in it belongs to no superuser."""
        owner, database = sql.Identifier(OWNER), sql.Identifier(DATABASE)
        with psycopg.connect(self.dsn(ADMIN, ADMIN), autocommit=True) as conn:
            if not conn.execute(
                "SELECT 1 FROM pg_roles WHERE rolname = %s", [OWNER]
            ).rowcount:
                conn.execute(sql.SQL("CREATE ROLE {} LOGIN CREATEROLE").format(owner))
            if not conn.execute(
                "SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]
            ).rowcount:
                conn.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(database, owner))

    def _log_tail(self) -> str:
        log = self._home / "postgres.log"
        text = log.read_text("utf-8", "replace") if log.exists() else ""
        return "\n".join(text.splitlines()[-15:])


def _hold(path: Path) -> IO[str]:
    """One process per folder; the kernel lets go of it whatever that process dies of."""
    held = path.open("a+")
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        held.seek(0)
        pid = held.read().strip() or "?"
        held.close()
        raise AlreadyRunningError(
            f"process {pid} runs the database in {path.parent}: stop it first,"
            f" or choose another LEDGER_DATA_DIR"
        ) from error
    held.truncate(0)
    held.write(str(os.getpid()))
    held.flush()
    return held


def _private(home: Path) -> Path:
    """Where the socket goes: in the folder, unless its name is too long for the kernel."""
    inside = str(home)
    if len(os.fsencode(inside)) + len(f"/.s.PGSQL.{PORT}") < SOCKET_BYTES_MAX and not (
        set(inside) & set(',"')  # libpq and the server read a comma as two folders
    ):
        return home
    name = hashlib.sha256(os.fsencode(inside)).hexdigest()[:16]
    short = Path(tempfile.gettempdir()) / f"ledger-{name}"
    short.mkdir(mode=0o700, exist_ok=True)
    known = {os.geteuid(), home.stat().st_uid}
    if short.is_symlink() or short.stat().st_uid not in known:
        raise PostgresUnavailableError(f"{short} belongs to somebody else: remove it")
    short.chmod(0o700)
    return short


def _begin(command: list[str], log: IO[bytes]) -> subprocess.Popen[bytes]:
    """A process that Ctrl-C does not reach, and that our own PG… variables do not turn."""
    return subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=log,
        env={name: v for name, v in os.environ.items() if not name.startswith("PG")},
        start_new_session=True,
    )
