"""The broker's data on disk: founded once, with an id by which we know it again."""

import base64
import os
import shutil
import subprocess
import uuid
from collections.abc import Sequence
from pathlib import Path

from infra.broker.errors import FormatError
from infra.broker.server_properties import DATA

FORMAT_S = 60
NEW = f"{DATA}.new"


def format_once(
    home: Path, command: Sequence[str], properties: str, more: Sequence[str]
) -> None:
    """Found a cluster of one node, unless there is one; whole or not at all."""
    if (home / DATA).exists():
        return
    shutil.rmtree(home / NEW, ignore_errors=True)  # of one who was killed over it
    settings = home / "format.properties"
    settings.write_text(
        properties.replace(f"\nlog.dirs={DATA}\n", f"\nlog.dirs={NEW}\n"), "utf-8"
    )
    tool = [*command, "kafka.tools.StorageTool", "format", "--standalone"]
    done = subprocess.run(
        [*tool, "-t", _new_id(), "-c", settings.name, *more],
        cwd=home,
        env=environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=FORMAT_S,
        check=False,
    )
    if done.returncode != 0:
        raise FormatError(done.stdout.decode("utf-8", "replace"))
    (home / NEW).rename(home / DATA)


def cluster_id(home: Path) -> str:
    """Of the cluster that was founded here."""
    text = (home / DATA / "meta.properties").read_text(encoding="utf-8")
    return next(
        line.removeprefix("cluster.id=")
        for line in text.splitlines()
        if line.startswith("cluster.id=")
    )


def environment() -> dict[str, str]:
    """Ours, in UTF-8: in another locale Java cannot open a folder with a Chinese name."""
    return {**os.environ, "LC_ALL": "C.UTF-8"}


def _new_id() -> str:
    """22 characters as Kafka wants them; one that begins with "-" would be an option."""
    made = base64.urlsafe_b64encode(uuid.uuid4().bytes).decode("ascii").rstrip("=")
    return made if not made.startswith("-") else _new_id()
