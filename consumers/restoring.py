"""Restoring: an older copy is put back where nothing is, and the ledger says so."""

import asyncio
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

import psycopg

from consumers import backup, erasing, noting, roles, sealing
from consumers.backup import Backup, BackupError
from consumers.beginning import desk
from consumers.home import Home, prepare
from consumers.sealing.anchors import AnchorFile, AnchorTopic
from domain.event import Who
from domain.ledger import Ledger
from domain.restoration import STREAM, Restorations, Restored, check_approval, restore
from infra.kafka import Topics
from infra.postgres import dump, schema
from infra.proof.lives import life_of

# What processes noted of themselves, where read models stood, and who was signed in.
PASSED = """
TRUNCATE running.generation, running.cursor, running.parked, running.member,
         running.lease, running.relay, running.relay_mark, running.trouble,
         identity.session, identity.link
"""


@dataclass(frozen=True)
class Copy:
    """What is put back, on whose word."""

    ledger: Path
    keys: Path
    reason: str
    approved_by: str


def put_back(home: Home, copy: Copy, *, who: Who, at: datetime) -> Restored:
    """Fill an empty place from a backup; the ledger's next event says so.

    `BackupError` when a set is damaged, when the keys are older than the ledger's set, or
    when there is something here already: nothing is ever written over.
    """
    check_approval(who, copy.approved_by)
    sets = backup.read(copy.ledger, "ledger"), backup.read(copy.keys, "keys")
    if sets[1].size < sets[0].size:
        raise BackupError("the keys are older than the ledger: take a later set of keys")
    with home.held(), _marked(home), _empty(home) as dsn:
        _fill(home, dsn, *sets)
        return _said(home, dsn, copy, sets[0], who, at)


@contextmanager
def _marked(home: Home) -> Iterator[None]:
    """While it is not finished nothing starts here."""
    mark = home.unfinished
    if mark.exists() or any((home.folder / name).exists() for name in ("postgres", "keys")):
        raise BackupError(
            f"there is a ledger in {home.folder}, or a restore that did not end: move that"
            " folder away first, and keep it until you know what happened"
        )
    mark.touch()
    yield
    mark.unlink()


@contextmanager
def _empty(home: Home) -> Iterator[str]:
    """The owner's database, with nothing of ours in it."""
    given = home.settings.database_url
    if given is None:
        with home.postgres() as postgres:
            yield postgres.dsn()
        return
    dsn = given.get_secret_value()
    if not dump.is_empty(dsn, "ledger"):
        raise BackupError("LEDGER_DATABASE_URL holds a ledger: name an empty database")
    yield dsn


def _fill(home: Home, dsn: str, ledger: Backup, keys: Backup) -> None:
    """Database, keys and anchors; our own topics are made anew, for they know too much."""
    given = home.settings.keys_url
    keys_dsn = given.get_secret_value() if given else dsn
    schema.have_roles(dsn)
    dump.load(dsn, ledger.folder / backup.LEDGER, pg_bin=home.settings.pg_bin)
    dump.load(keys_dsn, keys.folder / backup.KEYRING, pg_bin=home.settings.pg_bin)
    with psycopg.connect(dsn) as conn:
        conn.execute(PASSED)
    schema.adopt(dsn)
    prepare(dsn)
    home.master_key.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name in backup.SECRETS:
        if (keys.folder / name).exists():
            shutil.copy2(keys.folder / name, home.master_key.with_name(name))
    _keep_anchors(home, ledger.folder / backup.ANCHORS)


def _keep_anchors(home: Home, copied: Path) -> None:
    """Those that lie here know more than a copy; a copy is better than none."""
    home.anchors.mkdir(parents=True, exist_ok=True)
    for path in copied.glob("*.checkpoints"):
        if not (home.anchors / path.name).exists():
            shutil.copy2(path, home.anchors / path.name)


def _said(
    home: Home, dsn: str, copy: Copy, made: Backup, who: Who, at: datetime
) -> Restored:
    last = _last_checkpoint(home, dsn)
    does = partial(
        restore,
        who=who,
        at=at.astimezone(ZoneInfo(home.settings.zone)).replace(microsecond=0),
        size=made.size,
        made_at=made.made_at,
        checkpoint=last,
        approved_by=copy.approved_by,
        reason=copy.reason,
    )
    with desk(home, dsn) as ours:
        ledger, begun = ours.opened.ledger, partial(Restorations, id=STREAM)

        async def noted() -> None:
            try:
                await noting.note(ledger, who, begun, does)
                await erasing.of(ours, home.settings.zone).complete()
            finally:
                await ours.opened.appender.close()

        asyncio.run(noted())
        return _last_of(ledger)


def _last_of(ledger: Ledger) -> Restored:
    stream = ledger.found(STREAM)
    assert isinstance(stream, Restorations), "it was just said"
    said = stream.log[-1]
    assert isinstance(said, Restored), "nothing else is said there"
    return said


def _last_checkpoint(home: Home, dsn: str) -> tuple[str, int] | None:
    """What was signed last, of all that lies outside; it tells how much is gone."""
    if not home.sealer_key.exists():
        return None  # nothing was ever sealed
    with psycopg.connect(dsn) as conn:
        key = sealing.own_key(home, conn)
    file = sealing.file_of(home, key)
    _topics_emptied(home, file)
    signed = [(key.checked(note), note) for note in file.notes()]
    if not signed:
        return None
    last, note = max(signed, key=lambda one: (life_of(one[0]), one[0].size))
    return note, last.size


def _topics_emptied(home: Home, file: AnchorFile) -> None:
    """Our topics tell of events that are gone: what was signed is kept, the rest is not.

    Messages of others stay: they are read again from where the copy had come to.
    """
    if not home.settings.kafka.bootstrap_servers:
        return  # a broker of our own lies in the folder, which was empty
    names, cluster = roles.topics(home), home.cluster()
    with Topics(cluster) as topics:
        if names.checkpoints in topics.names():
            known = set(file.notes())
            for note in AnchorTopic(cluster, names.checkpoints).notes():
                if note not in known:
                    file.add(note)
        for name in names.ours_alone:
            topics.delete(name)
