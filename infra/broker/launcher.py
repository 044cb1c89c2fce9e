"""Starts and stops a broker in a folder of its own, and finds it again after any crash."""

import json
import os
import secrets
import signal
import socket
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from io import TextIOWrapper
from pathlib import Path
from types import TracebackType
from typing import Self

from infra.broker import data_folder, java, lock_file, server_properties
from infra.broker.errors import BrokerError, BrokerHeldError, PortTakenError
from infra.broker.fetch import Progress, fetch
from infra.broker.server_properties import HOST
from infra.kafka import Cluster, KafkaTroubleError, Topics
from infra.waiting import within

START_S = 60
STOP_S = 30
POLL_S = 0.05
PROBE_MS = 1_000
TAIL_LINES = 15
PORTS = range(20_000, 32_000)
MEMORY = (
    "-Xms256m",
    "-Xmx256m",
    "-XX:+UseSerialGC",
    # A broker without memory would go on half-dead; one that is gone is started again.
    "-XX:+ExitOnOutOfMemoryError",
)
LOGGING = Path(__file__).with_name("log4j2.properties")
# The shell notes its own number, which the broker then has: so the note is never too late.
NOTE_PID = 'echo $$ >broker.pid && exec "$@"'


class EmbeddedBroker:
    """One Apache Kafka node on 127.0.0.1 with all its files in one folder.

    A killed launcher leaves the broker running, and the next launcher adopts it; a killed
    broker is started again by `start`, on the same port.
    """

    def __init__(
        self,
        home: Path,
        *,
        port: int = 0,
        libs: Path | None = None,
        login: Cluster | None = None,
        deletable: bool = False,
        extra: Mapping[str, str] | None = None,
        format_with: Sequence[str] = (),
        start_s: float = START_S,
        progress: Progress = lambda _done, _all: None,
    ) -> None:
        """Port 0 is any free one; `libs` is where the jars are, `home`/libs by default.

        `login` says how to speak to it (its address does not count); `extra` are settings,
        and `format_with` arguments of the formatting, that go with it.
        """
        self.home = home.resolve()
        self._libs = (libs or home / "libs").resolve()
        self._port, self._controller_port = port, 0
        self._login = login or Cluster("")
        self._deletable, self._extra, self._format_with = deletable, extra, format_with
        self._start_s, self._progress = start_s, progress
        self._lock = self.home / "broker.lock"
        self._launching: TextIOWrapper | None = None  # held as long as we are responsible
        self._child: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """The broker's process; of the last one, when none runs."""
        return int((self.home / "broker.pid").read_text(encoding="ascii"))

    @property
    def bootstrap_servers(self) -> str:
        """host:port, known once it was started."""
        return f"{HOST}:{self._port}"

    @property
    def cluster(self) -> Cluster:
        """How our clients get in."""
        return replace(self._login, bootstrap_servers=self.bootstrap_servers)

    def is_running(self) -> bool:
        """Our broker's process is there; whether it answers is another question."""
        return self._launching is not None and lock_file.is_taken(self._lock)

    def start(self) -> Self:
        """Ready when this returns: it answers as our cluster, and every partition is led.

        BrokerHeldError while another launcher lives, PortTakenError, or BrokerError.
        """
        if self.is_running():
            return self
        self._reap()
        self.home.mkdir(parents=True, exist_ok=True)
        self._launching = self._launching or lock_file.take(self.home / "launcher.lock")
        if self._launching is None:
            raise BrokerHeldError(f"the broker in {self.home} is run by another process")
        try:
            held = lock_file.take(self._lock)
            if held is None:
                self._adopt()
            else:
                with held:
                    self._launch(held)
                self._until_ready()
        except BaseException:
            self._give_up()
            raise
        return self

    def _launch(self, held: TextIOWrapper) -> None:
        """Start the process; it inherits the lock and is its only holder afterwards.

        Kafka's own lock comes too late: a second node on the same data has then written
        into the metadata log already, and the first one can never stop cleanly again.
        """
        fetch(self._libs, progress=self._progress)
        run = java.find()
        self._choose_ports()
        (self.home / "logs").mkdir(exist_ok=True)
        command = [*run.command, *MEMORY, "-Dbroker.logs=logs"]
        command += [f"-Dlog4j2.configurationFile={LOGGING.as_uri()}"]
        command += ["-cp", f"{self._libs}/*"]
        data_folder.format_once(self.home, command, self._properties(), self._format_with)
        settings = self.home / "server.properties"
        settings.write_text(self._properties(), encoding="utf-8")
        held.truncate(0)
        held.write(json.dumps([self._port, self._controller_port]))
        held.flush()
        said = self.home / "logs" / "stdout.log"
        with said.open("wb") as output:
            self._child = subprocess.Popen(
                ["/bin/sh", "-c", NOTE_PID, "sh", *command, "kafka.Kafka", settings.name],
                cwd=self.home,
                env=data_folder.environment(),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                pass_fds=(held.fileno(),),
                start_new_session=True,  # Ctrl-C ends the clients first, then us, then it
            )

    def _properties(self) -> str:
        return server_properties.render(
            port=self._port,
            controller_port=self._controller_port,
            protocol=self._login.security_protocol,
            deletable=self._deletable,
            extra=self._extra,
        )

    def _choose_ports(self) -> None:
        """Free ones where none was asked for, and the same again after that."""
        self._port = self._port or _free_port()
        if not _is_free(self._port):
            raise PortTakenError(f"something else listens on {HOST}:{self._port}")
        if not self._controller_port or not _is_free(self._controller_port):
            self._controller_port = _free_port()

    def _adopt(self) -> None:
        """The broker of a launcher that was killed lives on: take it as ours."""
        try:
            noted = json.loads(self._lock.read_text(encoding="ascii"))
            self._port, self._controller_port = noted
            self._until_ready()
        except (BrokerError, ValueError) as error:
            raise BrokerHeldError(
                f"process {self.pid} holds the broker in {self.home} and does not answer "
                f"at {self.bootstrap_servers} as the cluster of that folder: {error}"
            ) from error

    def _until_ready(self) -> None:
        """An open port is not enough: it may be another's, or without leaders yet."""
        ours, until = data_folder.cluster_id(self.home), time.monotonic() + self._start_s
        topics, why = None, "nothing listens"
        try:
            while time.monotonic() < until:
                if self._child is not None and self._child.poll() is not None:
                    why = f"it ended with code {self._child.returncode}"
                    break
                try:
                    if topics is None and _listens(self._port):
                        topics = Topics(replace(self.cluster, connect_ms=PROBE_MS))
                    if topics is not None:
                        why = _missing(topics, ours)
                except KafkaTroubleError as error:
                    why = str(error)
                if not why:
                    return
                time.sleep(POLL_S)  # a broker that comes up tells nobody
        finally:
            if topics is not None:
                topics.close()
        raise BrokerError(f"no broker at {self.bootstrap_servers}: {why}{self._tail()}")

    def stop(self) -> None:
        """End it cleanly, and by force if it does not within half a minute."""
        if self.is_running():
            os.kill(self.pid, signal.SIGTERM)
            if not within(STOP_S, self._has_ended, every=POLL_S):
                os.kill(self.pid, signal.SIGKILL)
                within(STOP_S, self._has_ended, every=POLL_S)
        self._give_up()

    def _has_ended(self) -> bool:
        return not lock_file.is_taken(self._lock)

    def _give_up(self) -> None:
        """Leave it to the next launcher; what we started and cannot use is ended."""
        if self._child is not None and self._child.poll() is None and self._launching:
            self._child.kill()
        self._reap()
        if self._launching is not None:
            self._launching.close()
            self._launching = None

    def _reap(self) -> None:
        if self._child is not None:
            self._child.wait(STOP_S)
            self._child = None

    def _tail(self) -> str:
        """The last lines of its logs, to stand below an error."""
        lines: list[str] = []
        for name in ("broker.log", "stdout.log"):
            path = self.home / "logs" / name
            if path.exists():
                lines += path.read_text("utf-8", "replace").splitlines()[-TAIL_LINES:]
        return "".join(f"\n  {line}" for line in lines)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()


def _missing(topics: Topics, ours: str) -> str:
    """What it takes to be ready; nothing when it is."""
    if topics.cluster_id() != ours:
        return f"another cluster answers there, {topics.cluster_id()}, not {ours}"
    leaderless = topics.leaderless()
    return f"without a leader: {', '.join(leaderless[:3])}" if leaderless else ""


def _free_port() -> int:
    """Below those that the system gives to outgoing connections.

    Among them a client that calls a dead broker again and again can meet itself one day,
    and then it holds the port.
    """
    while True:
        port = PORTS.start + secrets.randbelow(len(PORTS))
        if _is_free(port):
            return port


def _is_free(port: int) -> bool:
    """Nobody listens there; old connections do not count."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def _listens(port: int) -> bool:
    try:
        socket.create_connection((HOST, port), PROBE_MS / 1000).close()
    except OSError:
        return False
    return True
