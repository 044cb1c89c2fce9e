"""Finds the Chromium of this machine for the tests of pages; fetches Debian's when it may.

Playwright's own download is not used: it has no hash in our lock.
"""

import os
import shutil
import subprocess
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PACKAGES = ("chromium", "fonts-noto-cjk")
TRY_S = 60
FETCH_S = 900


def find() -> str | None:
    """The path of a Chromium that runs here."""
    for name in NAMES:
        path = shutil.which(name)
        if path is not None and _runs(path):
            return path
    return None


def _runs(path: str) -> bool:
    """Ubuntu's `chromium-browser` is a file that only speaks of snaps."""
    try:
        said = subprocess.run(
            [path, "--version"], capture_output=True, check=False, timeout=TRY_S
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return said.returncode == 0


def _fetch() -> None:
    """Try; whether it worked is seen by looking again."""
    print(f"Installing {' and '.join(PACKAGES)} with apt-get ...", flush=True)
    for words in (
        ["update", "-qq"],
        ["install", "-qq", "-y", "--no-install-recommends", *PACKAGES],
    ):
        subprocess.run(
            ["apt-get", *words],
            env=os.environ | {"DEBIAN_FRONTEND": "noninteractive"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            check=False,
            timeout=FETCH_S,
        )


def main() -> None:
    """Leave with a Chromium in place, or say how to get one."""
    if find() is None and os.geteuid() == 0 and shutil.which("apt-get"):
        _fetch()
    if find() is None:
        sys.exit(
            "The tests of the pages need a Chromium: install one of"
            f" {', '.join(NAMES)} so that it is on PATH (Debian, as root:"
            f" apt-get install {' '.join(PACKAGES)})"
        )


if __name__ == "__main__":
    main()
