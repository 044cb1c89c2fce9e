"""The supervisor: what dies is started again, not too often; what is stopped stays so."""

import os
import signal
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

import pytest

from consumers.supervisor import Pause, Role, Server, Supervisor
from tests.waiting import until

SLEEPER = "import signal; signal.pause()"
STUBBORN = "import signal; signal.signal(15, signal.SIG_IGN); print('up', flush=True)\n"


def role(name: str, program: str, *words: str, patience_s: float = 20) -> Role:
    return Role(name, [sys.executable, "-c", program, *words], patience_s=patience_s)


def pid_of(each: Role) -> int | None:
    pid = each.facts()["pid"]
    assert pid is None or isinstance(pid, int)
    return pid


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.mark.parametrize(
    ("lived_s", "pauses_s"),
    [
        ([0, 0, 0, 0, 0, 0, 0, 0], [0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 10, 10]),
        ([0, 0, 31, 0], [0.2, 0.4, 0.2, 0.4]),  # what lived long begins anew
    ],
)
def test_each_start_that_does_not_last_is_waited_for_longer(
    lived_s: Sequence[float], pauses_s: Sequence[float]
) -> None:
    clock = Clock()
    pause = Pause(clock)
    assert pause.is_over(), "the first start waits for nothing"
    for lived, expected in zip(lived_s, pauses_s, strict=True):
        pause.started()
        clock.now += lived
        pause.died()
        clock.now += expected - 0.01
        assert not pause.is_over()
        clock.now += 0.02
        assert pause.is_over()


def test_a_killed_process_is_started_again() -> None:
    sleeper = role("sleeper", SLEEPER)
    until(lambda: sleeper.look() or pid_of(sleeper))
    first = pid_of(sleeper)
    assert first is not None

    os.kill(first, signal.SIGKILL)
    until(lambda: sleeper.look() and pid_of(sleeper))

    assert pid_of(sleeper) not in {first, None}
    assert sleeper.facts()["restarts"] == 1
    assert sleeper.facts()["exit_code"] == -signal.SIGKILL
    sleeper.ask_to_end()
    sleeper.end()
    assert pid_of(sleeper) is None


def test_what_does_not_listen_is_killed(tmp_path: Path) -> None:
    mark = tmp_path / "up"
    program = f"{STUBBORN}open({str(mark)!r}, 'w').close()\nwhile True: signal.pause()"
    stubborn = role("stubborn", program, patience_s=0.5)
    stubborn.look()
    until(mark.exists)
    pid = pid_of(stubborn)

    stubborn.ask_to_end()
    stubborn.end()

    assert not Path(f"/proc/{pid}").exists()


def test_a_role_ends_when_its_supervisor_is_gone(tmp_path: Path) -> None:
    """Also when that was killed and could say nothing."""
    listening = "from consumers.supervisor import orphaned; import signal, os;"
    child = f"{listening} orphaned(lambda: os.kill(os.getpid(), 15)); signal.pause()"
    parent = (
        "import sys, time; from consumers.supervisor import Role;"
        f"one = Role('child', [sys.executable, '-c', {child!r}]); one.look();"
        f"open({str(tmp_path / 'pid')!r}, 'w').write(str(one.facts()['pid']));"
        "import signal; signal.pause()"
    )
    above = role("parent", parent)
    above.look()
    until(lambda: (tmp_path / "pid").exists() and (tmp_path / "pid").read_text())
    pid = (tmp_path / "pid").read_text()
    held = str(Path(f"/proc/{pid}/fd/0").readlink())
    assert held.startswith("pipe:"), "it hears the end of what somebody holds"

    os.kill(pid_of(above) or 0, signal.SIGKILL)

    until(lambda: not Path(f"/proc/{pid}").exists())
    above.end()


class Embedded:
    """A server whose life we hold in our hands."""

    def __init__(self) -> None:
        self.runs = True
        self.fails = 0
        self.starts = 0

    def start(self) -> None:
        self.starts += 1
        if self.starts <= self.fails:
            raise OSError("not yet")
        self.runs = True

    def stop(self) -> None:
        self.runs = False

    def is_running(self) -> bool:
        return self.runs


def test_a_server_that_died_is_started_until_it_runs() -> None:
    embedded = Embedded()
    embedded.fails = 2
    server = Server("database", embedded)
    server.look()
    assert embedded.starts == 0

    embedded.runs = False
    until(lambda: server.look() and embedded.runs)

    assert embedded.starts == 3
    assert server.facts()["since"] is not None
    server.end()
    assert not embedded.runs


class Told:
    """Something watched that writes down what is asked of it."""

    def __init__(self, name: str, told: list[str]) -> None:
        self.name, self._told = name, told

    def look(self) -> bool:
        return False

    def ask_to_end(self) -> None:
        self._told.append(f"ask {self.name}")

    def end(self) -> None:
        self._told.append(f"end {self.name}")

    def facts(self) -> dict[str, object]:
        return {"name": self.name}


def test_it_stops_what_stands_on_something_before_that() -> None:
    told: list[str] = []
    notes: list[object] = []
    watched = [Told(name, told) for name in ("database", "relay", "web")]
    supervisor = Supervisor(watched, notes.append)
    threading.Timer(0.2, lambda: os.kill(os.getpid(), signal.SIGTERM)).start()
    before = signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGINT)
    try:
        supervisor.run()
    finally:
        signal.signal(signal.SIGTERM, before[0])
        signal.signal(signal.SIGINT, before[1])

    assert told == [
        *("ask web", "end web", "ask relay", "end relay"),
        *("ask database", "end database"),
    ]
    assert notes[0] == [{"name": "database"}, {"name": "relay"}, {"name": "web"}]
