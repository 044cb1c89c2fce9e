"""The broker's jars on disk: exactly those of the list, each with the listed hash."""

import fcntl
import logging
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from pathlib import Path

from infra.broker import lock
from infra.broker.errors import FetchError
from infra.broker.lock import Jar

THREADS = 8
TRIES = 3
PAUSE_S = 0.5
CACHE = ".fetching-"

log = logging.getLogger(__name__)

Progress = Callable[[int, int], None]


def fetch(
    libs: Path,
    *,
    jars: Sequence[Jar] | None = None,
    repository: str | None = None,
    progress: Progress = lambda _done, _all: None,
) -> None:
    """Make `libs` hold the listed jars and nothing else; `progress` hears (done, all).

    What is already right is only hashed. It is safe to be killed anywhere in here: a jar
    stands under its name only when it is whole.
    """
    wanted = lock.read() if jars is None else jars
    libs.mkdir(parents=True, exist_ok=True)
    with _alone(libs), ThreadPoolExecutor(THREADS) as pool:
        _remove_strangers(libs, {jar.file for jar in wanted})
        for left in libs.parent.glob(CACHE + "*"):
            shutil.rmtree(left)  # by one who was killed; the lock says nobody is in it
        right = pool.map(lambda jar: _is_right(libs / jar.file, jar), wanted)
        missing = [jar for jar, ok in zip(wanted, right, strict=True) if not ok]
        if not missing:
            return
        # A fresh cache each time: nobody else's is trusted, and nobody else trusts ours.
        with tempfile.TemporaryDirectory(dir=libs.parent, prefix=CACHE) as folder:
            here = Path(folder)
            jobs = [pool.submit(_get, jar, libs, here, repository) for jar in missing]
            try:
                for done, job in enumerate(as_completed(jobs), 1):
                    job.result()
                    progress(len(wanted) - len(missing) + done, len(wanted))
            except BaseException:
                pool.shutdown(wait=True, cancel_futures=True)
                raise


def _get(jar: Jar, libs: Path, cache: Path, repository: str | None) -> None:
    artifact = lock.maven(cache, repository).create_dependency(jar.coordinate).artifact
    said: Exception | None = None
    for attempt in range(TRIES):
        time.sleep(attempt * PAUSE_S)  # the first at once, each later one after more rest
        # The resolver takes a file that is there for a good one, even half of it, and of a
        # wrong hash it only warns: so nothing is left lying, and our hash decides.
        if artifact.cached_path is not None:
            artifact.cached_path.unlink(missing_ok=True)
        try:
            path = artifact.resolve()
        # It raises errors of many kinds, and the HTTP client below it some more.
        except (OSError, RuntimeError, AssertionError) as error:
            said = error
            continue
        if _is_right(path, jar):
            path.replace(libs / jar.file)  # same file system, so whole or not at all
            return
        said = FetchError(f"its SHA-256 is {lock.digest(path)}, the list has {jar.sha256}")
    raise FetchError(f"{jar.coordinate}, tried {TRIES} times: {said}") from said


def _is_right(path: Path, jar: Jar) -> bool:
    return path.is_file() and lock.digest(path) == jar.sha256


def _remove_strangers(libs: Path, listed: set[str]) -> None:
    """The whole folder goes on the class path, so nothing lies in it unasked."""
    for path in libs.iterdir():
        if path.name not in listed and path.is_file():
            log.warning("not in the list of jars, removed: %s", path.name)
            path.unlink()


@contextmanager
def _alone(libs: Path) -> Iterator[None]:
    """One process at a time; the others wait and then find all done."""
    with (libs.parent / ".fetch.lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield
