"""`python -m infra.broker lock|fetch`: make the list of jars anew, or get what it lists."""

import argparse
import sys
import tempfile
from pathlib import Path

from infra.broker import lock
from infra.broker.errors import BrokerError
from infra.broker.fetch import fetch


def main(arguments: list[str] | None = None) -> int:
    """0 when done, 1 with a sentence when not."""
    parser = argparse.ArgumentParser(prog="python -m infra.broker", description=__doc__)
    parser.add_argument("command", choices=["lock", "fetch"])
    parser.add_argument("--libs", type=Path, default=Path("var/kafka/libs"))
    parser.add_argument("--repository", help="address of a Maven mirror")
    said = parser.parse_args(arguments)
    try:
        if said.command == "lock":
            with tempfile.TemporaryDirectory() as cache:
                made = lock.write(Path(cache), said.repository)
            _say(f"{len(made)} jars in {lock.LOCK.name}\n")
        else:
            fetch(said.libs, repository=said.repository, progress=_progress)
            _say(f"{len(lock.read())} jars in {said.libs}, each with its hash\n")
    except BrokerError as error:
        _say(f"{error}\n")
        return 1
    return 0


def _progress(done: int, of: int) -> None:
    _say(f"\r{done} of {of} jars" + ("\n" if done == of else ""))


def _say(text: str) -> None:
    sys.stderr.write(text)
    sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main())
