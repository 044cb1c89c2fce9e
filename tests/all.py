"""Every test, each folder in a process of its own, some at a time; what failed once more.

A folder's broker, threads and signals end with its process. The tests that kill brokers and
freeze processes live by time-outs, and a loaded machine can be slower than those: so they
run while nothing else does, and what failed is run again by itself, said aloud, and has to
pass then.
"""

import os
import subprocess
import sys
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

HERE = Path(__file__).parent
FAILED = 1  # pytest's own words for how it ended
ALONE = {"chaos", "runner", "e2e"}  # these start and kill whole installations
# The longest first, so that none is left over at the end.
FIRST = [
    "pages",
    "projections",
    "api",
    "consumers",
    "infra",
    "inbound",
    "domain",
    "scenarios",
    "proof",
]
LANES = 3  # on two cores: each waits for its database and browser now and then


def main() -> int:
    """The worst that any folder came to."""
    if asked := sys.argv[1:]:
        return pytest(asked).returncode
    folders = sorted(
        (path for path in HERE.iterdir() if any(path.rglob("test_*.py"))), key=_turn
    )
    beside = [path for path in folders if path.name not in ALONE]
    with ThreadPoolExecutor(LANES) as lanes:
        ended = dict(zip(beside, lanes.map(captured, beside), strict=True))
    for path in folders:
        if path not in ended or ended[path] == FAILED:
            ended[path] = aloud(path, again=path in ended)
    return max(ended.values())


def _turn(path: Path) -> tuple[int, str]:
    return (FIRST.index(path.name) if path.name in FIRST else len(FIRST), path.name)


def captured(path: Path) -> int:
    """One folder beside another; what it said is said when it is over."""
    done = pytest([_name(path)], capture=True)
    _say(f"--- {_name(path)}", done.stdout.decode(errors="replace"))
    return done.returncode


def aloud(path: Path, *, again: bool) -> int:
    """One folder alone, or what failed in it once more."""
    _say(f"--- {_name(path)}{': what failed, once more and alone' if again else ''}")
    if again:
        return _again(path)
    ended = pytest([_name(path)]).returncode
    if ended != FAILED:
        return ended
    _say(f"--- {_name(path)}: what failed, once more")
    return _again(path)


def _again(path: Path) -> int:
    more = ["--last-failed", "--last-failed-no-failures=none"]
    return pytest([_name(path), *more]).returncode


def pytest(
    asked: Iterable[str], *, capture: bool = False
) -> subprocess.CompletedProcess[bytes]:
    """Run these tests here; what is said goes to the terminal unless it is kept."""
    words = list(asked)
    cache = _cache(HERE.parent / words[0]) if (HERE.parent / words[0]).is_dir() else []
    command = [sys.executable, "-m", "pytest", *words, *cache]
    out = subprocess.PIPE if capture else None
    err = subprocess.STDOUT if capture else None
    return subprocess.run(command, cwd=HERE.parent, check=False, stdout=out, stderr=err)


def _cache(path: Path) -> list[str]:
    """What failed is remembered for each folder apart: two end at the same time."""
    return ["-o", f"cache_dir=.pytest_cache/{path.name}"]


def _name(path: Path) -> str:
    return os.path.relpath(path, HERE.parent)


def _say(*lines: str) -> None:
    for line in lines:
        sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
