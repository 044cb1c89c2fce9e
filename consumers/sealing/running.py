"""The sealer as a process: seals, signs, rechecks; says why when it does not."""

import threading
from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from datetime import datetime
from typing import Any

import psycopg
from psycopg import Connection
from psycopg.conninfo import make_conninfo

from consumers.faults import passes
from consumers.sealing.anchors import Anchor, AnchorFile
from consumers.sealing.monitor import ROUND_S, Monitor
from consumers.sealing.sealer import BATCH, Sealer
from consumers.store_feed import CHANNEL, wait
from consumers.trouble import said
from infra import wall_clock
from infra.logs import log
from infra.postgres.pool import role_dsn
from infra.proof.note import SigningKey

ROLE = "ledger_sealer"
WAIT_S, STEP_S = 1.0, 0.25
STOPPED_S = 10.0
CONNECT_S, SILENCE_MS, STATEMENT_S = 5, 10_000, 60
TURN = "SELECT pg_try_advisory_lock(hashtextextended('ledger.sealer', 0))"


def run(
    *,
    dsn: str,
    key: SigningKey,
    file: AnchorFile,
    others: Sequence[Anchor] = (),
    clock: Callable[[], datetime] = wall_clock.now,
    round_s: float = ROUND_S,
    stop: threading.Event,
) -> None:
    """Seal until told to stop; one process at a time does it. *dsn* is the owner's."""
    last_words = ""
    while not stop.is_set():
        try:
            with closing(session(dsn)) as conn:
                if not _ours(conn):
                    stop.wait(WAIT_S)
                    continue
                sealer = Sealer(conn, key, file, others=others, clock=clock)
                monitor = Monitor(conn, key.verifying, file, round_s=round_s)
                _shift(sealer, monitor, conn, stop)
        except Exception as error:  # noqa: BLE001  # seen in health, and tried again
            words = said(error)
            if words != last_words:
                log.error("sealing_stopped", reason=words, exc_info=error)
            last_words = words
            _note(dsn, words)
            stop.wait(WAIT_S if passes(error) else STOPPED_S)


def session(dsn: str) -> Connection[Any]:
    """A session in autocommit with the sealer's rights; it ends with its holder."""
    return psycopg.connect(
        make_conninfo(
            role_dsn(dsn, ROLE),
            connect_timeout=CONNECT_S,
            tcp_user_timeout=SILENCE_MS,
            application_name="ledger sealer",
        ),
        autocommit=True,
    )


def _ours(conn: Connection[Any]) -> bool:
    conn.execute(f"SET statement_timeout = '{STATEMENT_S}s'")
    row = conn.execute(TURN).fetchone()
    return bool(row and row[0])


def _shift(
    sealer: Sealer, monitor: Monitor, conn: Connection[Any], stop: threading.Event
) -> None:
    sealer.begin()
    conn.execute(f"LISTEN {CHANNEL}")
    while not stop.is_set():
        if sealer.step() == BATCH:
            continue  # far behind: first that
        monitor.step()
        wait(conn, WAIT_S)
        stop.wait(STEP_S)  # what follows closely is sealed together


def _note(dsn: str, words: str) -> None:
    with (
        suppress(psycopg.Error),  # then nobody can be told
        closing(session(dsn)) as conn,
    ):
        conn.execute("UPDATE sealing.head SET trouble = %s", [words])
