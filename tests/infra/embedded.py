"""An embedded server seen from outside: its processes, and a launcher to kill."""

import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import psycopg

ROOT = Path(__file__).parents[2]
LOCAL = "host={} user=ledger_owner dbname=ledger"
PROGRAM = """
import signal, sys
from pathlib import Path
import psycopg
from infra.postgres.launcher import EmbeddedPostgres
with EmbeddedPostgres(Path(sys.argv[1])) as postgres:
    print("up", flush=True)
    try:
        signal.pause()
    finally:  # what was begun is brought to its end
        psycopg.connect(postgres.dsn()).execute("SELECT pg_sleep(0.3)")
        print("and down", flush=True)
"""


def processes(home: Path) -> list[int]:
    """Whoever works in this data folder."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if (process / "cwd").resolve(strict=True) == (home / "data").resolve():
                found.append(int(process.name))
    return sorted(found)


def postmaster(home: Path) -> int:
    return int((home / "data" / "postmaster.pid").read_text().splitlines()[0])


def ask(dsn: str, query: str) -> object:
    with psycopg.connect(dsn, autocommit=True) as conn:
        cursor = conn.execute(query.encode())
        row = cursor.fetchone() if cursor.description else None
        return row[0] if row else None


def launch(home: Path) -> subprocess.Popen[str]:
    """The same in a process of its own, that may be killed."""
    launcher = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(home)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert launcher.stdout is not None
    assert launcher.stdout.readline() == "up\n"
    return launcher


def end(launcher: subprocess.Popen[str], how: signal.Signals) -> str:
    """To all of its process group, as a terminal does; what it said after that."""
    os.killpg(launcher.pid, how)
    return launcher.communicate(timeout=30)[0]
