"""`make run`: one command, one address, and nothing left behind whatever it dies of."""

import http.client
import os
import re
import signal
import socket
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.runner.processes import Started, alive, kill_all, started
from tests.waiting import until

RUN = ("consumers.standalone",)
NEXT_START_S = 15  # aim: 5; this machine may be busy


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """One data folder for all: each test leaves it as a person would find it."""
    made = tmp_path_factory.mktemp("ledger")
    yield made
    kill_all(made)


def page(address: str, path: str = "/") -> tuple[int, str]:
    with urllib.request.urlopen(address + path, timeout=10) as answer:  # noqa: S310 ours
        return answer.status, answer.read().decode()


def test_the_first_page_comes_and_ctrl_c_leaves_nothing(folder: Path) -> None:
    began = time.monotonic()
    with started(RUN, folder) as ledger:
        status, text = page(ledger.address())
        print(f"cold start {time.monotonic() - began:.1f} s")
        assert status == http.client.OK
        assert "<html" in text

        ledger.signal(signal.SIGINT)

        assert ledger.ended() == 0
        assert "Traceback" not in ledger.text
        assert ledger.said[-1] == "Stopped."
        assert alive(folder) == {}


def test_the_next_start_is_quick_and_a_second_one_hears_of_the_first(folder: Path) -> None:
    began = time.monotonic()
    with started(RUN, folder) as ledger:
        ledger.address()
        took = time.monotonic() - began
        print(f"next start {took:.1f} s")
        assert took < NEXT_START_S
        before = alive(folder)

        second = Started(RUN, folder)

        assert second.ended() == 1
        assert f"process {ledger.process.pid} already runs the ledger" in second.text
        assert "Traceback" not in second.text
        assert before.keys() <= alive(folder).keys()
        assert page(ledger.address())[0] == http.client.OK
        ledger.signal(signal.SIGTERM)
        assert ledger.ended() == 0
        assert alive(folder) == {}


def test_after_kill_9_of_everything_the_next_start_recovers(folder: Path) -> None:
    with started(RUN, folder) as ledger:
        ledger.address()
        assert len(alive(folder)) > 1
        kill_all(folder)

    with started(RUN, folder) as ledger:
        assert page(ledger.address())[0] == http.client.OK
        ledger.signal(signal.SIGINT)
        assert ledger.ended() == 0


def test_after_kill_9_of_it_alone_the_database_is_taken_over(folder: Path) -> None:
    with started(RUN, folder) as ledger:
        ledger.address()
        ledger.process.kill()
        ledger.process.wait(10)
        left = alive(folder)
        assert any("postgres" in command for command in left.values())

        with started(RUN, folder) as again:
            again.address()
            assert left.keys() & alive(folder).keys()
            again.signal(signal.SIGINT)
            assert again.ended() == 0
            assert alive(folder) == {}


def test_a_taken_port_is_said_and_another_one_serves(folder: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with started(RUN, folder, LEDGER_PORT=str(port)) as ledger:
            address = ledger.address()
            assert f"Port {port} is taken" in ledger.text
            assert not address.endswith(f":{port}")
            assert page(address)[0] == http.client.OK
            ledger.signal(signal.SIGINT)
            assert ledger.ended() == 0


def test_a_killed_database_is_started_again(folder: Path) -> None:
    with started(RUN, folder) as ledger:
        address = ledger.address()
        [postmaster] = [
            pid
            for pid, command in alive(folder).items()
            if re.search(r"postgres -D", command)
        ]
        os.kill(postmaster, signal.SIGKILL)

        def served_again() -> bool:
            try:
                return postmaster not in alive(folder) and page(address)[0] == 200
            except OSError:
                return False

        until(served_again, 60)
        ledger.signal(signal.SIGINT)
        assert ledger.ended() == 0
        assert alive(folder) == {}


@pytest.mark.parametrize(
    ("setting", "value", "words"),
    [
        ("LEDGER_PROT", "8000", "LEDGER_PROT: no such setting"),
        ("LEDGER_OPERATOR_ROLE", "king", "LEDGER_OPERATOR_ROLE: no such role as king"),
        ("LEDGER_HOST", "no-such-host.invalid", "LEDGER_HOST=no-such-host.invalid"),
        ("LEDGER_DATABASE_URL", "host=127.0.0.1 port=1 dbname=x", "connection"),
    ],
)
def test_what_a_person_can_mend_is_said_in_one_sentence(
    folder: Path, setting: str, value: str, words: str
) -> None:
    with started(RUN, folder, **{setting: value}) as ledger:
        assert ledger.ended() == 1
        assert words in ledger.text
        assert "Traceback" not in ledger.text
        assert alive(folder) == {}
