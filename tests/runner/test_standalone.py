"""`make run`: one command, one address, and nothing left behind whatever it dies of."""

import http.client
import json
import os
import re
import signal
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.error import HTTPError

import pytest

from tests.runner.asking import asked, page
from tests.runner.processes import Started, alive, kill_all, started
from tests.waiting import until

RUN = ("consumers.standalone",)
TO_ALL = {  # to be warned
    "LEDGER_HOST": "0.0.0.0",  # noqa: S104
    "LEDGER_SIGN_IN__INSECURE": "others may read along",
}
NEXT_START_S = 45  # aim: 5; this machine may be busy


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """One data folder for all: each test leaves it as a person would find it."""
    made = tmp_path_factory.mktemp("ledger")
    yield made
    kill_all(made)


def received(address: str) -> str:
    """A complaint that was acknowledged to somebody: its address."""
    status, text = asked(f"{address}/complaints", {"items": [{"defect": "leak"}]})
    assert status == http.client.CREATED
    said: dict[str, Any] = json.loads(text)
    return f"/complaints/{said['number']}"


def ended_in_order(ledger: Started, which: signal.Signals = signal.SIGINT) -> None:
    ledger.signal(which)
    assert ledger.ended() == 0
    assert "Traceback" not in ledger.text
    assert '"critical"' not in ledger.text
    assert ledger.said[-1] == "Stopped."
    assert alive(ledger.folder) == {}


def test_the_first_page_comes_and_ctrl_c_leaves_nothing(folder: Path) -> None:
    """As a newcomer starts it: with accounts, and the link that makes the first one."""
    began = time.monotonic()
    with started(RUN, folder, LEDGER_SIGN_IN__MODE="accounts") as ledger:
        address = ledger.address()
        print(f"cold start {time.monotonic() - began:.1f} s")

        assert page(address)
        until(lambda: f"{address}/setup#code=" in ledger.text)
        with pytest.raises(HTTPError, match="401"):
            asked(f"{address}/complaints")
        ended_in_order(ledger)


def test_the_next_start_is_quick_a_second_one_hears_of_it_and_a_dead_database_returns(
    folder: Path,
) -> None:
    began = time.monotonic()
    with started(RUN, folder) as ledger:
        address = ledger.address()
        took = time.monotonic() - began
        print(f"next start {took:.1f} s")
        assert took < NEXT_START_S
        before = alive(folder)

        second = Started(RUN, folder)

        assert second.ended() == 1
        assert f"process {ledger.process.pid} already runs the ledger" in second.text
        assert "Traceback" not in second.text
        assert before.keys() <= alive(folder).keys()
        [postmaster] = [n for n, said in before.items() if re.search("postgres -D", said)]

        os.kill(postmaster, signal.SIGKILL)

        until(lambda: postmaster not in alive(folder) and page(address), 60)
        ended_in_order(ledger, signal.SIGTERM)


def test_whoever_is_killed_the_next_start_goes_on(folder: Path) -> None:
    """Also on another port; and what was acknowledged is there."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with started(RUN, folder, LEDGER_PORT=str(port)) as first:
            address = first.address()
            assert f"Port {port} is taken" in first.text
            assert not address.endswith(f":{port}")
            complaint = received(address)
            first.process.kill()
            first.process.wait(10)
            left = alive(folder)
            assert any("postgres" in command for command in left.values())

            with started(RUN, folder, LEDGER_PORT=str(port)) as second:
                assert second.address() == address, "people kept that one"
                assert left.keys() & alive(folder).keys(), "the server is taken over"
                assert asked(address + complaint)[0] == http.client.OK
                also = received(address)
                kill_all(folder)

    with started(RUN, folder, **TO_ALL) as third:
        address = third.address()
        for each in (complaint, also):
            assert asked(address + each)[0] == http.client.OK
        _, text = asked(f"{address}/")
        assert "没有登录" in text, "every page says that nobody signs in"
        assert "nobody signs in" in third.text, "and so does the log"
        ended_in_order(third)


def test_the_demo_is_a_ledger_apart_and_says_so(folder: Path) -> None:
    with started((*RUN, "--demo"), folder) as demo:
        address = demo.address()
        _, text = asked(f"{address}/")
        assert "示例数据" in text
        until(lambda: json.loads(asked(f"{address}/complaints")[1])["total"] == 300)
        assert (folder / "demo" / "postgres").is_dir()
        assert len([line for line in demo.said if "Making the demo" in line]) == 1
        ended_in_order(demo)


def test_what_a_person_can_mend_is_said_in_one_sentence(tmp_path: Path) -> None:
    cases = [
        ({"LEDGER_PROT": "8000"}, "LEDGER_PROT: no such setting"),
        ({"LEDGER_OPERATOR_ROLE": "king"}, "LEDGER_OPERATOR_ROLE: no such role as king"),
        ({"LEDGER_HOST": "no-such-host.invalid"}, "LEDGER_HOST=no-such-host.invalid"),
        ({"LEDGER_HOST": "0.0.0.0"}, "others would reach this ledger without TLS"),  # noqa: S104
        ({"LEDGER_DATABASE_URL": "host=127.0.0.1 port=1"}, "Connection refused"),
    ]
    all_at_once = [
        (Started(RUN, tmp_path / str(n), **given), words)
        for n, (given, words) in enumerate(cases)
    ]
    for ledger, words in all_at_once:
        assert ledger.ended() == 1
        assert words in ledger.text
        assert "Traceback" not in ledger.text
        assert alive(ledger.folder) == {}
