"""Real processes of a ledger: started as people start them, watched, and killed."""

import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.waiting import until

ROOT = Path(__file__).parents[2]
ADDRESS = re.compile(r"(http://\S+)/")
COLD_S = 60


class Started:
    """A process of ours and what it said so far."""

    def __init__(self, command: Sequence[str], folder: Path, **settings: str) -> None:
        self.said: list[str] = []
        self.folder = folder
        self.process = subprocess.Popen(
            [sys.executable, "-u", "-m", *command],
            cwd=ROOT,
            env=environment(folder) | settings,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        with self.process.stdout as said:
            for line in said:
                self.said.append(line.rstrip())

    def address(self, patience_s: float = COLD_S) -> str:
        """Where the pages are, once it has said so."""
        until(lambda: self._address() or self.process.poll() is not None, patience_s)
        found = self._address()
        assert found, "\n".join(self.said)
        return found

    def _address(self) -> str | None:
        for line in list(self.said):
            if "complaint ledger" in line and (found := ADDRESS.search(line)):
                return found[1]
        return None

    def signal(self, which: signal.Signals) -> None:
        """To it and its group, as a terminal does."""
        os.killpg(self.process.pid, which)

    def ended(self, patience_s: float = 30) -> int:
        """Its exit code, with all that it said read."""
        code = self.process.wait(patience_s)
        self._reader.join(patience_s)
        return code

    @property
    def text(self) -> str:
        return "\n".join(self.said)


def environment(folder: Path) -> dict[str, str]:
    """Ours, with this folder and any free port, and no other setting of a tester's."""
    ours = {n: v for n, v in os.environ.items() if not n.startswith("LEDGER_")}
    ours.pop("PYTHONDONTWRITEBYTECODE", None)  # each start would compile all of it again
    kept = {n: os.environ[n] for n in ("LEDGER_PG_BIN",) if n in os.environ}
    trial = {"LEDGER_SIGN_IN__MODE": "trial"}  # nobody signs in, unless that is tested
    place = {"LEDGER_DATA_DIR": str(folder), "LEDGER_PORT": "0"}
    return {**ours, **kept, **trial, **place}


@contextmanager
def started(command: Sequence[str], folder: Path, **settings: str) -> Iterator[Started]:
    """Whatever happens, nothing of it outlives the test."""
    one = Started(command, folder, **settings)
    try:
        yield one
    finally:
        kill_all(folder)
        one.ended(10)


def alive(folder: Path) -> dict[int, str]:
    """Every process that works on this folder: pid and command."""
    found = {}
    for process in Path("/proc").iterdir():
        if process.name.isdecimal() and _belongs(process, folder):
            command = _read(process / "cmdline").replace("\0", " ").strip()
            found[int(process.name)] = command
    return found


def kill_all(folder: Path) -> None:
    """SIGKILL to all of them at once, and again to those that came meanwhile."""

    def killed() -> bool:
        for pid in (left := alive(folder)):
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:  # it was quicker
                left.pop(pid, None)
                break
        return not left

    until(killed)


def _belongs(process: Path, folder: Path) -> bool:
    mine = f"LEDGER_DATA_DIR={folder}\0"
    try:
        if (process / "stat").read_text().rpartition(")")[2].split()[0] == "Z":
            return False
        return f"{mine}" in _read(process / "environ") + "\0" or (
            process / "cwd"
        ).resolve().is_relative_to(folder)
    except OSError:
        return False


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8", "replace")
    except OSError:
        return ""
