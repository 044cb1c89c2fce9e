"""The broker's jars: exactly the listed bytes, whatever the network and the disk do."""

import gc
import threading
from collections import Counter
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from infra.broker import lock
from infra.broker.errors import FetchError, LockError
from infra.broker.fetch import fetch
from infra.broker.lock import Jar
from tests.broker_fixture import LIBS

JARS = [
    jar for jar in lock.read() if jar.artifact in {"slf4j-api", "jspecify", "snakeyaml"}
]


class Mirror(ThreadingHTTPServer):
    """A Maven repository on this machine, which can spoil what it sends."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answer)
        self.asked: Counter[str] = Counter()
        self.spoiled: dict[str, int] = {}  # how many of its first answers

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class _Answer(BaseHTTPRequestHandler):
    server: Mirror

    def do_GET(self) -> None:
        name = self.path.rsplit("/", 1)[1]
        self.server.asked[name] += 1
        if not (LIBS / name).exists():
            self.send_error(404)
            return
        body = (LIBS / name).read_bytes()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.server.asked[name] <= self.server.spoiled.get(name, 0):
            body = body[: len(body) // 2] + b"\0" * (len(body) - len(body) // 2)
        self.wfile.write(body)

    def log_message(self, *said: object) -> None:
        """Quiet."""


@pytest.fixture
def mirror() -> Iterator[Mirror]:
    fetch(LIBS)
    with Mirror() as serving:
        thread = threading.Thread(target=serving.serve_forever, args=(0.01,))
        thread.start()
        yield serving
        serving.shutdown()
        thread.join()


def test_the_list_names_the_whole_broker_and_no_host() -> None:
    jars = lock.read()

    assert len(jars) == 46
    assert {jar.version for jar in jars if jar.group == "org.apache.kafka"} == {"4.3.0"}
    assert "://" not in lock.LOCK.read_text(encoding="ascii")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "org.slf4j:slf4j-api:1.7.36\n",
        f"org.slf4j:slf4j-api:1.7.36 {'0' * 63}\n",
        f"org.slf4j:../slf4j-api:1.7.36 {'0' * 64}\n",
        f"a:same:1 {'0' * 64}\nb:same:1 {'1' * 64}\n",
    ],
)
def test_a_list_that_is_not_one_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "jars.lock"
    path.write_text(text, encoding="ascii")

    with pytest.raises(LockError):
        lock.read(path)


def test_what_is_there_is_not_asked_for_again(mirror: Mirror, tmp_path: Path) -> None:
    fetch(tmp_path / "libs", jars=JARS, repository=mirror.address)
    first = Counter(mirror.asked)

    fetch(tmp_path / "libs", jars=JARS, repository=mirror.address)

    assert sorted(path.name for path in (tmp_path / "libs").iterdir()) == sorted(
        jar.file for jar in JARS
    )
    assert mirror.asked == first


def test_a_half_downloaded_jar_is_mended(mirror: Mirror, tmp_path: Path) -> None:
    libs = tmp_path / "libs"
    fetch(libs, jars=JARS, repository=mirror.address)
    first, half = Counter(mirror.asked), libs / JARS[0].file
    half.write_bytes(half.read_bytes()[:1000])

    fetch(libs, jars=JARS, repository=mirror.address)

    assert all(lock.digest(libs / jar.file) == jar.sha256 for jar in JARS)
    assert set(mirror.asked - first) <= {half.name, f"{half.name}.sha1"}


def test_bytes_that_came_wrong_are_asked_for_again(mirror: Mirror, tmp_path: Path) -> None:
    mirror.spoiled = {JARS[0].file: 2}

    fetch(tmp_path / "libs", jars=JARS, repository=mirror.address)

    assert lock.digest(tmp_path / "libs" / JARS[0].file) == JARS[0].sha256
    assert mirror.asked[JARS[0].file] == 3


def test_a_jar_with_another_hash_is_refused(mirror: Mirror, tmp_path: Path) -> None:
    wrong: Jar = JARS[0]._replace(sha256="0" * 64)

    with pytest.raises(FetchError, match=wrong.coordinate):
        fetch(tmp_path / "libs", jars=[wrong], repository=mirror.address)

    assert list((tmp_path / "libs").iterdir()) == []
    assert mirror.asked[wrong.file] == 3


# The resolver leaves the connection of a "not found" open until it is collected.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_jar_that_is_nowhere_is_named(mirror: Mirror, tmp_path: Path) -> None:
    nowhere = JARS[0]._replace(version="0.0.0")

    with pytest.raises(FetchError, match=nowhere.coordinate):
        fetch(tmp_path / "libs", jars=[nowhere], repository=mirror.address)
    gc.collect()


def test_what_lies_there_unasked_is_removed_and_never_trusted(
    mirror: Mirror, tmp_path: Path
) -> None:
    """Of a fetch that was killed, or by somebody else's hand."""
    libs, left = tmp_path / "libs", tmp_path / ".fetching-killed"
    libs.mkdir()
    (libs / "stranger-1.0.jar").write_bytes(b"x")
    left.mkdir()
    (left / JARS[0].file).write_bytes(b"half")

    fetch(libs, jars=JARS, repository=mirror.address)

    assert {path.name for path in libs.iterdir()} == {jar.file for jar in JARS}
    assert not left.exists()
