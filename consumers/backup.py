"""Backup: the ledger in one set, its keys in another, so that no one place holds both."""

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from psycopg import Connection

from consumers.home import Home, HomeError
from infra.postgres import dump

FORMAT = "complaint-ledger-backup/1"
MANIFEST = "manifest.json"
LEDGER, KEYRING, ANCHORS = "ledger.dump", "keyring.dump", "anchors"
SECRETS = ("master.key", "sealer.key")
KEYS_SCHEMA = "keyring"
CHUNK = 1 << 20
# Read models are made again from the events.
GENERATIONS = "SELECT name FROM running.generation"
HEAD = "SELECT coalesce(max(position), 0) FROM ledger.event"


class BackupError(HomeError):
    """This is no whole backup, or it cannot be used here; the text says what to do."""


@dataclass(frozen=True)
class Backup:
    """One set, and what its manifest says of it."""

    folder: Path
    kind: str  # ledger, keys
    made_at: datetime
    size: int  # events that were recorded when it was made


def make(
    home: Home, dsn: str, *, to: Path, keys_to: Path, at: datetime
) -> tuple[Backup, Backup]:
    """Copy ledger and anchors into a set below *to*, and the keys into one of theirs.

    People and processes go on meanwhile: each set is of one moment. The keys come second,
    so that there is one for whatever the ledger's set holds. `BackupError` when both are
    to go to one place.
    """
    if to.absolute() == keys_to.absolute():
        raise BackupError("the keys need another place: who finds both can read all of it")
    ledger = _made(to, "ledger", at, lambda folder: _ledger(home, dsn, folder))
    keys = _made(keys_to, "keys", at, lambda folder: _keys(home, dsn, folder, ledger.size))
    return ledger, keys


def read(folder: Path, kind: str) -> Backup:
    """A set as it was written; `BackupError` when a byte of it is another."""
    try:
        whole = json.loads((folder / MANIFEST).read_text("utf-8"))
        said = whole["said"]
        ours = (whole["sha256"], said["format"]) == (_digest(said), FORMAT)
        made_at, files = datetime.fromisoformat(said["made_at"]), said["files"]
        found = Backup(folder, said["kind"] if ours else "", made_at, said["size"])
    except (OSError, ValueError, LookupError, TypeError) as error:
        raise BackupError(f"{folder} holds no backup of ours that is whole") from error
    if found.kind != kind:
        other = found.kind or "something that is not as we wrote it"
        raise BackupError(f"{folder} is a set of {other}; one of {kind} is needed")
    for name, digest in files.items():
        path = folder / name
        if not path.is_file() or _sha256(path) != digest:
            raise BackupError(f"{path} is not as it was written: use another set")
    return found


def _ledger(home: Home, dsn: str, folder: Path) -> int:
    with dump.moment(dsn) as (conn, snapshot):
        size = _size(conn)
        dump.dump(
            dsn,
            folder / LEDGER,
            pg_bin=home.settings.pg_bin,
            snapshot=snapshot,
            without=[KEYS_SCHEMA, *(row[0] for row in conn.execute(GENERATIONS))],
            without_tables=["reading.*"],
        )
    (folder / ANCHORS).mkdir()
    for path in sorted(home.anchors.glob("*.checkpoints")):
        shutil.copy2(path, folder / ANCHORS / path.name)
    return size


def _keys(home: Home, dsn: str, folder: Path, size: int) -> int:
    given = home.settings.keys_url
    dump.dump(
        given.get_secret_value() if given else dsn,
        folder / KEYRING,
        pg_bin=home.settings.pg_bin,
        only=[KEYS_SCHEMA],
    )
    for name in SECRETS:
        path = home.master_key.with_name(name)
        if path.exists():
            shutil.copy2(path, folder / name)  # with its mode: for its owner alone
    return size


def _made(to: Path, kind: str, at: datetime, fill: Callable[[Path], int]) -> Backup:
    """A set under its own name once all of it is on the disk, not before."""
    name = f"{kind}-{at:%Y-%m-%dT%H-%M-%SZ}"
    half, whole = to / f"{name}.half", to / name
    if whole.exists():
        raise BackupError(f"{whole} is there already")
    half.mkdir(mode=0o700, parents=True)
    size = fill(half)
    files = {str(path.relative_to(half)): _sha256(path) for path in _files(half)}
    _note(half / MANIFEST, kind=kind, made_at=at.isoformat(), size=size, files=files)
    for path in _files(half):
        _flush(path)
    half.rename(whole)
    _flush(to)
    return Backup(whole, kind, at, size)


def _size(conn: Connection[Any]) -> int:
    row = conn.execute(HEAD).fetchone()
    assert row is not None
    return int(row[0])


def _note(path: Path, **said: str | int | Mapping[str, str]) -> None:
    whole = {"said": {"format": FORMAT, **said}}
    text = json.dumps(whole | {"sha256": _digest(whole["said"])}, indent=1, sort_keys=True)
    path.write_text(text + "\n", encoding="utf-8")


def _digest(said: Mapping[str, object]) -> str:
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*")) if path.is_file())


def _sha256(path: Path) -> str:
    with path.open("rb") as held:
        return hashlib.file_digest(held, "sha256").hexdigest()


def _flush(path: Path) -> None:
    """A rename may outlive a power cut that what is in the file does not."""
    held = os.open(path, os.O_RDONLY)
    try:
        os.fsync(held)
    finally:
        os.close(held)
