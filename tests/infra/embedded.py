"""An embedded server seen from outside: its processes, and a launcher to kill."""

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
from infra.postgres.launcher import EmbeddedPostgres
with EmbeddedPostgres(Path(sys.argv[1])):
    print("up", flush=True)
    signal.pause()
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
    )
    assert launcher.stdout is not None
    assert launcher.stdout.readline() == "up\n"
    return launcher


def end(launcher: subprocess.Popen[str], how: signal.Signals) -> None:
    launcher.send_signal(how)
    launcher.communicate(timeout=30)
