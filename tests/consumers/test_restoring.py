"""Backup and restore: a drill, in which what came after the copy is seen to be gone."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from pydantic import SecretStr

from consumers import backup, projecting, restoring, sealing
from consumers.backup import Backup, BackupError
from consumers.home import Home, HomeError
from consumers.opening import opened
from consumers.relay_log import OtherLifeError
from consumers.restoring import Copy
from consumers.sealing.running import session
from consumers.sealing.sealer import InconsistentError, Sealer
from domain.complaint.intake import Received
from domain.errors import NotAllowedError
from domain.restoration import STREAM
from infra.kafka import Cluster, TopicNames, Topics
from infra.proof import lives, recheck
from infra.proof.note import Checkpoint
from infra.settings import KafkaSettings, Settings
from projections.stages import stages
from tests.builders import LI
from tests.consumers.running import Talking, caught_up, complain, complete, running
from tests.consumers.test_relay import relayed

AT = datetime(2026, 5, 3, 9, tzinfo=UTC)
OURS = """
SELECT nspname FROM pg_namespace
 WHERE nspname !~ '^pg_' AND nspname NOT IN ('public', 'information_schema')
"""
REASON = "the disk is gone"
_SECOND = count()


def clock() -> datetime:
    return AT + timedelta(seconds=next(_SECOND))


@pytest.fixture
def plant(database: str, tmp_path: Path, ledger: Talking) -> Home:
    """Where the ledger that people talk to lives."""
    del ledger  # its key lies here already
    return a_home(tmp_path, database)


def a_home(folder: Path, database: str, **kafka: str) -> Home:
    chosen = Settings(
        data_dir=folder,
        database_url=SecretStr(database),
        anchor_dir=folder.parent / f"{folder.name}-outside",
        kafka=KafkaSettings(**kafka),  # type: ignore[arg-type]  # its texts
    )
    return Home(chosen)


@pytest.fixture
def empty(server: str, database: str) -> Iterator[str]:
    """A database in which nothing is."""
    name = sql.Identifier(f"empty_{uuid4().hex}")
    owner = sql.Identifier(str(conninfo_to_dict(database)["user"]))
    with psycopg.connect(server, autocommit=True) as conn:
        conn.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(name, owner))
        yield make_conninfo(database, dbname=name.as_string().strip('"'))
        conn.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(name))


def sealed(home: Home, dsn: str) -> Checkpoint:
    """All that is new, with a checkpoint over it, anchored."""
    key = sealing.key_of(home)
    file = sealing.file_of(home, key.verifying)
    with closing(session(dsn)) as conn:
        sealer = Sealer(conn, key, file, clock=clock)
        sealer.begin()
        while sealer.step():
            pass
    note = file.last()
    assert note is not None
    return key.verifying.checked(note)


def copied(home: Home, dsn: str, folder: Path, at: datetime = AT) -> tuple[Backup, Backup]:
    return backup.make(home, dsn, to=folder / "sets", keys_to=folder / "safe", at=at)


def copy_of(sets: tuple[Backup, Backup], approved_by: str = "p-other") -> Copy:
    return Copy(sets[0].folder, sets[1].folder, REASON, approved_by)


def complainants(home: Home, dsn: str) -> set[str | None]:
    """Who complained, opened with the keys that lie there."""
    with opened(dsn, master=home.master_key) as mine, psycopg.connect(dsn) as conn:
        rows = conn.execute(
            "SELECT stream, version, topic, state FROM ledger.event WHERE topic = %s",
            [Received.TOPIC],
        ).fetchall()
        said = [mine.codec.opened(mine.codec.read(*row)) for row in rows]
        asyncio.run(mine.appender.close())
    return {one.complainant for one in said if isinstance(one, Received)}


def fill_stages(dsn: str, stop: threading.Event) -> None:
    projecting.run([stages], dsn=dsn, feed="store", stop=stop)


def test_a_drill(
    plant: Home, ledger: Talking, database: str, empty: str, tmp_path: Path
) -> None:
    """An older copy is noticed, recorded and opens a new life; nothing in it is wrong."""
    complain(ledger, 4)
    first = sealed(plant, database)
    complain(ledger, 2)  # recorded, and sealed only after the copy was made
    sets = copied(plant, database, tmp_path / "copies")
    complain(ledger, 3)
    last = sealed(plant, database)
    assert first.size < sets[0].size < last.size

    elsewhere = a_home(tmp_path / "new", empty)
    plant.anchors.rename(elsewhere.anchors)
    said = restoring.put_back(elsewhere, copy_of(sets), who=LI, at=AT)

    assert (said.size, said.lost) == (sets[0].size, last.size - sets[0].size)
    assert (said.life, said.approved_by, said.reason) == (2, "p-other", REASON)
    assert str(last.size) in (said.checkpoint or "")
    now = sealed(elsewhere, empty)
    assert (lives.life_of(now), now.size) == (2, said.size + 1)
    with psycopg.connect(empty) as conn:
        known = lives.recorded(conn, STREAM)
        key = sealing.own_key(elsewhere, conn)
    signed = [key.checked(n) for n in sealing.file_of(elsewhere, key).notes()]
    covering = lives.still_covering(signed, known)
    assert {one.size for one in signed} - {one.size for one in covering} == {last.size}
    with closing(session(empty)) as conn:
        _, found = recheck.whole(conn, covering)
    assert found == []
    assert complainants(elsewhere, empty) == complainants(plant, database) != {None}


def test_views_follow_the_store_back(
    plant: Home, ledger: Talking, database: str, empty: str, tmp_path: Path
) -> None:
    def projected(dsn: str) -> None:
        projecting.prepare(dsn, [stages])
        with (
            running(
                lambda stop: projecting.run([stages], dsn=dsn, feed="store", stop=stop)
            ),
            psycopg.connect(dsn, autocommit=True) as conn,
        ):
            caught_up(conn, "stages")

    complain(ledger, 4)
    projected(database)
    sets = copied(plant, database, tmp_path / "copies")
    complain(ledger, 3)
    projected(database)

    restoring.put_back(a_home(tmp_path / "new", empty), copy_of(sets), who=LI, at=AT)

    projected(empty)
    assert complete(empty)


def test_topics_that_know_more_are_made_again_and_what_was_signed_is_kept(
    plant: Home,
    ledger: Talking,
    database: str,
    empty: str,
    tmp_path: Path,
    broker: Cluster,
    topic_prefix: str,
) -> None:
    """A topic that was not is seen by the relay, which sends nothing into it."""
    names = TopicNames(topic_prefix)
    with Topics(broker) as topics:
        before = topics.create_ours(names, partitions=3)
    complain(ledger, 2)
    sealed(plant, database)
    sets = copied(plant, database, tmp_path / "copies")
    complain(ledger, 2)
    with psycopg.connect(database, autocommit=True) as conn:
        assert relayed(conn, broker, names.events)
    kafka = {"bootstrap_servers": broker.bootstrap_servers, "topic_prefix": topic_prefix}
    without = a_home(tmp_path / "without", empty)
    home = a_home(tmp_path / "new", empty, **kafka)

    restoring.put_back(without, copy_of(sets), who=LI, at=AT)
    with (
        psycopg.connect(empty, autocommit=True) as conn,
        pytest.raises(OtherLifeError, match="does not have like that"),
    ):
        relayed(conn, broker, names.events)

    with psycopg.connect(empty, autocommit=True) as conn:
        for (name,) in conn.execute(OURS).fetchall():
            conn.execute(sql.SQL("DROP SCHEMA {} CASCADE").format(sql.Identifier(name)))
    restoring.put_back(home, copy_of(sets), who=LI, at=AT)
    with Topics(broker) as topics:
        after = topics.create_ours(names, partitions=3)
    changed = {name for name in before if before[name].id != after[name].id}
    assert changed == set(names.ours_alone)
    with psycopg.connect(empty, autocommit=True) as conn:
        assert relayed(conn, broker, names.events) == sets[0].size + 1


def test_a_copy_put_back_without_saying_so_stops_the_sealer(
    plant: Home, ledger: Talking, database: str, empty: str, tmp_path: Path
) -> None:
    complain(ledger, 2)
    sets = copied(plant, database, tmp_path / "copies")
    complain(ledger, 2)
    home = a_home(tmp_path / "new", empty)
    restoring.put_back(home, copy_of(sets), who=LI, at=AT)
    sealed(home, empty)
    with psycopg.connect(empty) as conn:  # as if the event had not been said
        conn.execute("ALTER TABLE ledger.event DISABLE TRIGGER append_only")
        conn.execute("DELETE FROM ledger.event WHERE stream = %s", [STREAM])

    with pytest.raises(InconsistentError, match="is of life 2; here is life 1"):
        sealed(home, empty)


@pytest.mark.parametrize("name", ["ledger.dump", "manifest.json"])
def test_a_set_with_another_byte_is_refused(
    plant: Home, database: str, empty: str, tmp_path: Path, name: str
) -> None:
    sets = copied(plant, database, tmp_path / "copies")
    path = sets[0].folder / name
    held = bytearray(path.read_bytes())
    held[len(held) // 2] ^= 1
    path.write_bytes(held)

    with pytest.raises(BackupError):
        restoring.put_back(a_home(tmp_path / "new", empty), copy_of(sets), who=LI, at=AT)

    with psycopg.connect(empty) as conn:
        row = conn.execute("SELECT to_regnamespace('ledger')").fetchone()
    assert row == (None,)


def test_nothing_is_written_over_and_nobody_decides_alone(
    plant: Home, ledger: Talking, database: str, empty: str, tmp_path: Path
) -> None:
    """Each refused before anything is done; the last one leaves a mark, and so says."""
    old = copied(plant, database, tmp_path / "copies")
    complain(ledger, 1)
    new = copied(plant, database, tmp_path / "copies", AT + timedelta(hours=1))
    home = a_home(tmp_path / "new", empty)

    with pytest.raises(NotAllowedError):
        restoring.put_back(home, copy_of(old, approved_by=LI.by), who=LI, at=AT)
    with pytest.raises(BackupError, match="keys are older"):
        restoring.put_back(home, copy_of((new[0], old[1])), who=LI, at=AT)
    with pytest.raises(BackupError, match="needed"):
        restoring.put_back(home, copy_of((old[1], old[1])), who=LI, at=AT)
    with pytest.raises(BackupError, match="another place"):
        backup.make(plant, database, to=tmp_path, keys_to=tmp_path, at=AT)
    with pytest.raises(BackupError, match="there is a ledger in"):
        restoring.put_back(plant, copy_of(old), who=LI, at=AT)
    full = a_home(tmp_path / "full", database)
    with pytest.raises(BackupError, match="name an empty database"):
        restoring.put_back(full, copy_of(old), who=LI, at=AT)
    with pytest.raises(HomeError, match="did not end"), full.held():
        pass
