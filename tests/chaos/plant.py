"""A whole ledger in processes of its own, any of which may be killed at any moment."""

import os
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from infra.broker.launcher import EmbeddedBroker
from infra.kafka import Cluster
from infra.postgres.launcher import EmbeddedPostgres
from tests.broker_fixture import a_broker
from tests.consumers.receivers import Post, mail_server, web_receiver

ROOT = Path(__file__).parents[2]
ROLES = ("web", "intake", "relay", "projector", "reactor")
SECRET = "of the storm"
RECIPIENTS = """recipients:
  people: {{of: [deadline_lapsed], mail: [quality@example.com], language: en}}
  system: {{of: [deadline_lapsed], webhook: "{url}", language: en}}
"""
PAUSE_S = 0.1
STARTED_WITHIN_S = 120.0  # five processes at once on two cores


@dataclass
class Plant:
    """The roles as subprocesses, restarted when they end, as a supervisor would."""

    postgres: EmbeddedPostgres
    broker: EmbeddedBroker
    home: Path
    port: int
    mail: Post
    webhook: Post
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    kills: dict[str, int] = field(default_factory=dict)
    stopped: threading.Event = field(default_factory=threading.Event)
    turn: threading.Lock = field(default_factory=threading.Lock)

    @property
    def dsn(self) -> str:
        """The owner's way into the database."""
        return self.postgres.dsn()

    @property
    def cluster(self) -> Cluster:
        """The broker's cluster."""
        return self.broker.cluster

    def start(self, role: str) -> None:
        """One role, with what it prints in a file of its own."""
        with (self.home / f"{role}.log").open("ab") as log:
            self.running[role] = subprocess.Popen(
                [sys.executable, "-m", "consumers", role],
                cwd=ROOT,
                env=self._environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    def keep_running(self) -> None:
        """Start again whatever has ended, until the plant is stopped."""
        while not self.stopped.wait(PAUSE_S):
            with self.turn:
                for role, process in list(self.running.items()):
                    if process.poll() is not None and not self.stopped.is_set():
                        self.start(role)
                if not self.broker.is_running():
                    self.broker.start()

    def kill_one(self, chance: Random) -> str:
        """SIGKILL to one of the roles or to the broker."""
        victim = chance.choice([*ROLES, "broker"])
        with self.turn:
            pid = self.broker.pid if victim == "broker" else self.running[victim].pid
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.kills[victim] = self.kills.get(victim, 0) + 1
        return victim

    def stop(self) -> None:
        """End every role; what they do then is nobody's business."""
        self.stopped.set()
        for process in self.running.values():
            process.terminate()
        for process in self.running.values():
            with suppress(subprocess.TimeoutExpired):
                process.wait(20)
            process.kill()
            process.wait()

    def answers(self) -> bool:
        """Whether the web process answers now."""
        url = f"http://127.0.0.1:{self.port}/health/live"
        try:
            with urllib.request.urlopen(url, timeout=2) as answer:  # ours
                return bool(answer.status == 200)
        except OSError:
            return False

    def recipients(self) -> Path:
        """The file of who is told: one by mail, a system by its webhook."""
        file = self.home / "recipients.yaml"
        url = f"http://127.0.0.1:{self.webhook.port}/told"
        file.write_text(RECIPIENTS.format(url=url), "utf-8")
        return file

    def _environment(self) -> dict[str, str]:
        return {
            **{k: v for k, v in os.environ.items() if not k.startswith("LEDGER_")},
            "LEDGER_DATABASE_URL": self.dsn,
            "LEDGER_DATA_DIR": str(self.home),
            "LEDGER_PORT": str(self.port),
            "LEDGER_KAFKA__BOOTSTRAP_SERVERS": self.broker.bootstrap_servers,
            "LEDGER_KAFKA__PARTITIONS": "3",
            "LEDGER_NOTIFY__RECIPIENTS": str(self.recipients()),
            "LEDGER_NOTIFY__SMTP_HOST": "127.0.0.1",
            "LEDGER_NOTIFY__SMTP_PORT": str(self.mail.port),
            "LEDGER_NOTIFY__WEBHOOK_SECRET": SECRET,
            "LEDGER_NOTIFY__GATHER_S": "1",
            "LEDGER_SIGN_IN__MODE": "trial",
        }


@contextmanager
def a_plant(home: Path, port: int) -> Iterator[Plant]:
    """All of it, started and answering; stopped at the end whatever happened."""
    with (
        EmbeddedPostgres(home / "postgres") as postgres,
        a_broker(home / "broker") as broker,
        mail_server() as mail,
        web_receiver() as webhook,
    ):
        plant = Plant(postgres, broker, home, port, mail, webhook)
        for role in ROLES:
            plant.start(role)
        keeper = threading.Thread(target=plant.keep_running, daemon=True)
        keeper.start()
        try:
            until = time.monotonic() + STARTED_WITHIN_S
            while not plant.answers():
                if time.monotonic() > until:
                    raise TimeoutError((home / "web.log").read_text()[-4_000:])
                plant.stopped.wait(PAUSE_S)
            yield plant
        finally:
            plant.stop()
            keeper.join()
