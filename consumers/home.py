"""Where a ledger lives on this machine: its folder, database, broker, keys and lock."""

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from io import TextIOWrapper
from pathlib import Path
from typing import Any

import psycopg
from psycopg.conninfo import make_conninfo

from consumers.address import AddressError
from infra import wall_clock
from infra.broker import lock_file
from infra.broker.errors import BrokerError
from infra.broker.launcher import EmbeddedBroker
from infra.kafka import Cluster, KafkaTroubleError
from infra.postgres import schema
from infra.postgres.binaries import PostgresUnavailableError
from infra.postgres.launcher import (
    DATABASE,
    OWNER,
    PORT,
    AlreadyRunningError,
    EmbeddedPostgres,
)
from infra.postgres.schema import (
    FunctionChangedError,
    MigrationChangedError,
    RoleMissingError,
)
from infra.settings import KafkaSettings, Settings, SettingsError

SOCKET_LINE = 4  # of what a PostgreSQL server notes about itself
CONNECT_S = 5


class HomeError(Exception):
    """The ledger of this folder cannot be used like this; the text says what to do."""


# What may be so now and otherwise in a moment.
PASSING = (HomeError, KafkaTroubleError, psycopg.OperationalError)
# What a person can mend: they get the sentence and not a traceback.
TROUBLES = (
    HomeError,
    AddressError,
    SettingsError,
    AlreadyRunningError,
    PostgresUnavailableError,
    BrokerError,
    KafkaTroubleError,
    MigrationChangedError,
    FunctionChangedError,
    RoleMissingError,
    psycopg.OperationalError,
)


class Home:
    """The folder of one ledger, and what is where in it."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.folder = settings.data_dir.absolute()

    @property
    def master_key(self) -> Path:
        """Wraps the keys of persons. Who copies the database has to leave it behind."""
        return self.folder / "keys" / "master.key"

    @property
    def sealer_key(self) -> Path:
        """Signs checkpoints. Who has it can sign what they like."""
        return self.folder / "keys" / "sealer.key"

    @property
    def anchors(self) -> Path:
        """The folder of anchored checkpoints: outside, or they would prove nothing."""
        beside = self.folder.with_name(f"{self.folder.name}-anchors")
        chosen = (self.settings.anchor_dir or beside).absolute()
        if chosen.is_relative_to(self.folder):
            raise HomeError(
                f"LEDGER_ANCHOR_DIR: {chosen} is in the data directory; who changes the one"
                " could change the other"
            )
        return chosen

    @property
    def status_file(self) -> Path:
        """What runs here now, for the health page and the command line."""
        return self.folder / "running.json"

    @property
    def profiles(self) -> Path:
        """Where an operator puts the profiles of further systems."""
        return self.folder / "profiles"

    def postgres(self) -> EmbeddedPostgres:
        """The server of our own, not yet started."""
        return EmbeddedPostgres(self.folder / "postgres", pg_bin=self.settings.pg_bin)

    def postmaster(self) -> int | None:
        """The process of our server, as it notes itself."""
        noted = self._postmaster_notes()
        return int(noted[0]) if noted else None

    def broker(self, port: int = 0) -> EmbeddedBroker:
        """The broker of our own, not yet started; the first time its parts are fetched."""

        def fetched(done: int, of: int) -> None:
            if done in {1, of}:
                say(f"Fetching the broker: {done} of {of} parts")

        return EmbeddedBroker(self.folder / "kafka", port=port, progress=fetched)

    @property
    def unfinished(self) -> Path:
        """Stands there while an older copy is put back, or when that did not end."""
        return self.folder / "restoring"

    @contextmanager
    def held(self) -> Iterator[None]:
        """One ledger runs in a folder; the second to start hears of the first."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = self.folder / "ledger.lock"
        lock = lock_file.take(path)
        if lock is None:
            raise HomeError(
                f"process {_holder(path)} already runs the ledger in {self.folder}:"
                " stop it first, or choose another LEDGER_DATA_DIR"
            )
        with lock:
            _write_pid(lock)
            if self.unfinished.exists():
                raise HomeError(
                    f"a restore into {self.folder} did not end: move that folder away, and"
                    " restore again"
                )
            try:
                yield
            finally:
                self.status_file.unlink(missing_ok=True)

    @contextmanager
    def reached(self, *, as_it_is: bool = False) -> Iterator[str]:
        """The owner's database for a command: the running one, else ours for as long."""
        if self.settings.database_url is not None:
            yield self.running_dsn()
            return
        postgres = self.postgres()
        try:
            postgres.start()
        except AlreadyRunningError:
            yield self.running_dsn()
            return
        try:
            if not as_it_is:
                prepare(postgres.dsn())
            yield postgres.dsn()
        finally:
            postgres.stop()

    def running_dsn(self) -> str:
        """The database of the server that another process runs here."""
        given = self.settings.database_url
        if given is not None:
            return given.get_secret_value()
        try:
            socket = self._postmaster_notes()[SOCKET_LINE]
            dsn = make_conninfo("", host=socket, port=PORT, user=OWNER, dbname=DATABASE)
            psycopg.connect(dsn, connect_timeout=CONNECT_S).close()
        except (IndexError, psycopg.OperationalError) as error:
            raise HomeError(
                f"no database answers in {self.folder}: start the ledger first"
                " (make run), or set LEDGER_DATABASE_URL"
            ) from error
        return dsn

    def cluster(self) -> Cluster:
        """The cluster of the settings, or the broker of our own if one runs here."""
        given = self.settings.kafka
        if given.bootstrap_servers:
            return _cluster(given)
        home = self.folder / "kafka"
        if not lock_file.is_taken(home / "broker.lock"):
            raise HomeError(
                f"no broker runs in {home}: start one (make run-kafka), or set"
                " LEDGER_KAFKA__BOOTSTRAP_SERVERS"
            )
        port, _ = json.loads((home / "broker.lock").read_text("ascii"))
        return Cluster(f"127.0.0.1:{port}")

    def port_before(self) -> int:
        """Where the pages were last time, for those who kept the address; 0 if nowhere."""
        try:
            return int(self._port_file.read_text("ascii"))
        except (FileNotFoundError, ValueError):
            return 0

    def note_port(self, port: int) -> None:
        """Where the pages are."""
        self._port_file.write_text(str(port), "ascii")

    def _postmaster_notes(self) -> list[str]:
        noted = self.folder / "postgres" / "data" / "postmaster.pid"
        try:
            return noted.read_text().splitlines()
        except OSError:
            return []

    @property
    def _port_file(self) -> Path:
        return self.folder / "port"

    def note(self, **facts: object) -> None:
        """Write down what runs here: whole, or as it was before."""
        text = json.dumps({"at": wall_clock.now().isoformat(), **facts}, indent=1)
        half = self.status_file.with_suffix(".half")
        half.write_text(text, encoding="utf-8")
        half.replace(self.status_file)

    def noted(self) -> dict[str, Any] | None:
        """What was written down last; none when nothing runs here."""
        if not lock_file.is_taken(self.folder / "ledger.lock"):
            return None
        try:
            facts: dict[str, Any] = json.loads(self.status_file.read_text("utf-8"))
        except FileNotFoundError:
            return None
        return facts


def say(text: str) -> None:
    """Tell whoever sits at the terminal."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def prepare(dsn: str) -> None:
    """Tables and functions as our files say; refused when somebody changed a function."""
    schema.migrate(dsn)
    schema.check_functions(dsn)


def _cluster(given: KafkaSettings) -> Cluster:
    return Cluster(
        given.bootstrap_servers,
        security_protocol=given.security_protocol,
        sasl_mechanism=given.sasl_mechanism or None,
        sasl_username=given.sasl_username or None,
        sasl_password=given.sasl_password.get_secret_value() or None,
        ssl_cafile=str(given.ssl_cafile) if given.ssl_cafile else None,
    )


def _holder(path: Path) -> str:
    return path.read_text("ascii").strip() or "?"


def _write_pid(lock: TextIOWrapper) -> None:
    lock.truncate(0)
    lock.write(str(os.getpid()))
    lock.flush()
