"""`make run-kafka`: each role a process, on a broker of its own; any of them may die."""

import http.client
import json
import os
import re
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from consumers.sealing.anchors import AnchorTopic
from infra.kafka import Cluster
from tests.broker_fixture import LIBS
from tests.runner.asking import asked, page
from tests.runner.processes import Started, alive, started
from tests.waiting import until

ALL = {"database", "broker", "sealer", "reactor", "projector", "relay", "intake", "web"}
START_S, AGAIN_S = 100, 60


def processes(folder: Path) -> dict[str, dict[str, Any]]:
    """The table of processes, as the supervisor notes it."""
    try:
        noted = json.loads((folder / "running.json").read_text("utf-8"))
    except FileNotFoundError:
        return {}
    return {each["name"]: each for each in noted["processes"]}


def listed(address: str) -> int:
    """How many complaints have come through Kafka into the table."""
    try:
        _, text = asked(f"{address}/complaints")
    except (OSError, http.client.HTTPException):
        return -1
    return int(json.loads(text)["total"])


def receive(address: str) -> None:
    """One more complaint, whatever it takes."""

    def taken() -> bool:
        try:
            status, _ = asked(f"{address}/complaints", {"items": [{"defect": "leak"}]})
        except (OSError, http.client.HTTPException):
            return False
        return status == http.client.CREATED

    until(taken, AGAIN_S)


def anchored(address: str, folder: Path) -> bool:
    """Whether the last checkpoint lies in Kafka as well."""
    noted = json.loads((folder / "running.json").read_text("utf-8"))
    topic = AnchorTopic(Cluster(noted["kafka"]), "ledger.checkpoints")
    _, signed = asked(f"{address}/ledger/checkpoint")
    return topic.last() == signed


def killed(ledger: Started, *names: str) -> Callable[[], bool]:
    """Kill these; the answer says whether all run again, each in another process."""
    before = {name: processes(ledger.folder)[name]["pid"] for name in names}
    for pid in before.values():
        os.kill(pid, signal.SIGKILL)

    def again() -> bool:
        now = processes(ledger.folder)
        return all(now[name]["pid"] not in {None, pid} for name, pid in before.items())

    return again


@pytest.mark.timeout(300)
def test_every_process_may_die_and_a_complaint_still_goes_all_the_way(
    tmp_path: Path,
) -> None:
    (tmp_path / "kafka").mkdir()
    LIBS.mkdir(parents=True, exist_ok=True)
    (tmp_path / "kafka" / "libs").symlink_to(LIBS)
    with started(["consumers"], tmp_path, LEDGER_KAFKA__PARTITIONS="3") as ledger:
        address = ledger.address(START_S)
        until(lambda: processes(tmp_path).keys() == ALL)
        receive(address)
        until(lambda: listed(address) == 1, AGAIN_S)

        roles_again = killed(ledger, "projector", "relay", "intake", "web")
        until(roles_again, AGAIN_S)
        until(lambda: page(address), AGAIN_S)
        receive(address)
        until(lambda: listed(address) == 2, AGAIN_S)

        servers_again = killed(ledger, "broker", "database")
        until(servers_again, AGAIN_S)
        receive(address)
        until(lambda: listed(address) == 3, AGAIN_S)
        assert processes(tmp_path)["broker"]["restarts"] == 1
        until(lambda: anchored(address, tmp_path), AGAIN_S)

        ledger.signal(signal.SIGINT)
        assert ledger.ended(60) == 0
        assert ledger.said[-1] == "Stopped."
        assert not re.search("Traceback|crashed", ledger.text)
        assert alive(tmp_path) == {}
