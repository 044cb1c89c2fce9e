"""The supervisor: starts what a ledger is made of, again when it dies; stops in order."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol

from infra import wall_clock
from infra.logs import log

LOOK_S = 0.1
NOTE_S = 5.0  # also when nothing changed: who reads it sees that we live
PAUSE_S = 0.2  # before what died is started again; doubled each time …
PAUSE_MAX_S = 10.0  # … up to this: so often at most does anything start
STEADY_S = 30.0  # what lived this long begins with a short pause again
PATIENCE_S = 20.0  # for a process to end after it was asked to

Facts = dict[str, object]


class Watched(Protocol):
    """Something that has to run for as long as the ledger does."""

    name: str

    def look(self) -> bool:
        """Start it if it does not run and its pause is over; whether anything changed."""
        ...

    def ask_to_end(self) -> None:
        """Tell it that it is time; do not wait."""
        ...

    def end(self) -> None:
        """It has ended when this returns, by force if it must be."""
        ...

    def facts(self) -> Facts:
        """How it is, for people."""
        ...


class Pause:
    """How long to wait before the next start: longer with each that did not last."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._pause_s = PAUSE_S
        self._started = self._next = clock()

    def started(self) -> None:
        """It runs, as of now."""
        self._started = self._clock()

    def died(self) -> None:
        """It does not run any more."""
        if self._clock() - self._started >= STEADY_S:
            self._pause_s = PAUSE_S
        self._next = self._clock() + self._pause_s
        self._pause_s = min(self._pause_s * 2, PAUSE_MAX_S)

    def is_over(self) -> bool:
        """Whether it may be started now."""
        return self._clock() >= self._next


class Role:
    """A process of ours. It reads the end of its standard input when we die, and ends."""

    def __init__(
        self, name: str, command: Sequence[str], *, patience_s: float = PATIENCE_S
    ) -> None:
        self.name = name
        self._patience_s = patience_s
        self._command = list(command)
        self._process: subprocess.Popen[bytes] | None = None
        self._pause = Pause()
        self._starts = 0
        self._since: datetime | None = None
        self._exit_code: int | None = None

    def look(self) -> bool:
        """See whether it lives."""
        if self._process is not None:
            if self._process.poll() is None:
                return False
            self._exit_code = self._process.returncode
            self._forget()
            self._pause.died()
            log.warning("process died", role=self.name, exit_code=self._exit_code)
            return True
        if not self._pause.is_over():
            return False
        self._process = subprocess.Popen(  # noqa: S603 our own words
            self._command,
            stdin=subprocess.PIPE,
            start_new_session=True,  # Ctrl-C reaches us alone; we stop them in order
        )
        self._starts += 1
        self._since = wall_clock.now()
        self._pause.started()
        log.info("process started", role=self.name, attempt=self._starts)
        return True

    def ask_to_end(self) -> None:
        """By SIGTERM, as every role of ours understands it."""
        if self._process is not None:
            self._process.terminate()

    def end(self) -> None:
        """Wait, then kill: what it had not committed, its successor does again."""
        if self._process is None:
            return
        try:
            self._process.wait(self._patience_s)
        except subprocess.TimeoutExpired:
            log.warning("process killed", role=self.name, seconds=self._patience_s)
            self._process.kill()
            self._process.wait()
        self._forget()

    def facts(self) -> Facts:
        """Its row of the table."""
        return {
            "name": self.name,
            "pid": self._process.pid if self._process else None,
            "restarts": max(0, self._starts - 1),
            "since": self._since.isoformat() if self._since else None,
            "exit_code": self._exit_code,
        }

    def _forget(self) -> None:
        if self._process is not None and self._process.stdin is not None:
            self._process.stdin.close()
        self._process = None


class Embedded(Protocol):
    """A server of our own, as its launcher has it."""

    def start(self) -> object: ...
    def stop(self) -> None: ...
    def is_running(self) -> bool: ...


class Server:
    """A database or broker of our own: starting one takes seconds, so a thread does it."""

    def __init__(
        self,
        name: str,
        embedded: Embedded,
        pid: Callable[[], int | None] = lambda: None,
    ) -> None:
        self.name = name
        self._embedded = embedded
        self._pid = pid
        self._pause = Pause()
        self._starting: threading.Thread | None = None
        self._restarts = 0
        self._since = wall_clock.now()
        self._runs = True  # it is handed to us running

    def look(self) -> bool:
        """See whether it lives."""
        if self._starting is not None:
            if self._starting.is_alive():
                return False
            self._starting = None
        runs = self._embedded.is_running()
        changed, self._runs = runs != self._runs, runs
        if runs:
            if changed:
                self._since = wall_clock.now()
            return changed
        if changed:
            self._pause.died()
            log.warning("server died", role=self.name)
        elif self._pause.is_over():
            self._pause.started()
            self._pause.died()  # until it is seen to run
            self._restarts += 1
            self._starting = threading.Thread(target=self._start, daemon=True)
            self._starting.start()
        return changed

    def ask_to_end(self) -> None:
        """It is stopped by its launcher, which also waits."""

    def end(self) -> None:
        """A clean end, so that the next start is quick."""
        if self._starting is not None:
            self._starting.join()
        self._embedded.stop()

    def facts(self) -> Facts:
        """Its row of the table."""
        return {
            "name": self.name,
            "pid": self._pid() if self._runs else None,
            "restarts": self._restarts,
            "since": self._since.isoformat() if self._runs else None,
            "exit_code": None,
        }

    def _start(self) -> None:
        try:
            self._embedded.stop()  # lets go of what the dead one held
            self._embedded.start()
        except Exception:  # noqa: BLE001  # whatever it is: seen, and tried again
            log.exception("server does not start", role=self.name)


class Supervisor:
    """Watches all of it from one thread, until a signal says that it is enough."""

    def __init__(
        self, watched: Sequence[Watched], note: Callable[[list[Facts]], None]
    ) -> None:
        """*watched* in the order of starting; it is stopped the other way round."""
        self._watched = watched
        self._note = note
        self._enough = threading.Event()

    def stop(self, *_: object) -> None:
        """End all of it; also a signal's handler."""
        self._enough.set()

    def run(self) -> None:
        """Until SIGTERM or SIGINT, then stop what stands on something before that."""
        signal.signal(signal.SIGTERM, self.stop)
        signal.signal(signal.SIGINT, self.stop)
        try:
            self._watch()
        finally:
            for each in reversed(self._watched):
                each.ask_to_end()
                each.end()

    def _watch(self) -> None:
        noted = 0.0
        while not self._enough.is_set():
            changed = [each for each in self._watched if each.look()]
            if changed or time.monotonic() - noted > NOTE_S:
                self._note([each.facts() for each in self._watched])
                noted = time.monotonic()
            self._enough.wait(LOOK_S)


def orphaned(then: Callable[[], None]) -> None:
    """Call when the supervisor is gone: its end of our standard input closes with it."""

    def listen() -> None:
        while os.read(sys.stdin.fileno(), 1024):
            pass
        then()

    threading.Thread(target=listen, name="orphaned", daemon=True).start()
