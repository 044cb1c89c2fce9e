"""Every test, each folder in a process of its own; what failed gets one more look, alone.

A folder's broker, threads and signals end with its process. The tests that kill brokers and
freeze processes live by time-outs, and a loaded machine can be slower than those: so what
failed is run again by itself, said aloud, and has to pass then.
"""

import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
FAILED = 1  # pytest's own words for how it ended


def main() -> int:
    """The worst that any folder came to."""
    if asked := sys.argv[1:]:
        return pytest(*asked)
    folders = sorted(path for path in HERE.iterdir() if any(path.rglob("test_*.py")))
    return max(folder(path) for path in folders)


def folder(path: Path) -> int:
    """One folder, and what failed in it once more."""
    name = os.path.relpath(path, HERE.parent)
    sys.stdout.write(f"--- {name}\n")
    sys.stdout.flush()
    ended = pytest(name)
    if ended != FAILED:
        return ended
    sys.stdout.write(f"--- {name}: what failed, once more and alone\n")
    sys.stdout.flush()
    return pytest(name, "--last-failed", "--last-failed-no-failures=none")


def pytest(*asked: str) -> int:
    """Run these tests here, with what is said on the terminal."""
    command = [sys.executable, "-m", "pytest", *asked]
    return subprocess.run(command, cwd=HERE.parent, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
