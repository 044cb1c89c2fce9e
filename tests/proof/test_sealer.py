"""The sealer: what it signs, what it refuses to sign, and that it may die anywhere."""

from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import Connection

from consumers.home import Home, HomeError
from consumers.sealing.anchors import AnchorFile
from consumers.sealing.running import session
from consumers.sealing.sealer import InconsistentError, Sealer
from infra.postgres.pool import role_dsn
from infra.proof import leaf, merkle, store
from infra.proof.note import Checkpoint, SigningKey
from infra.proof.tiles import nodes
from infra.proof.verify import extended, included
from infra.settings import Settings
from tests.infra.proof.trees import Kept
from tests.proof.sealed import KEY, Sealed, clock, fill, sealed


@pytest.fixture
def ledger(server: str, database: str, tmp_path: Path) -> Sealed:
    return sealed(server, database, tmp_path)


def held(ledger: Sealed) -> list[Checkpoint]:
    return [KEY.verifying.checked(note) for note in ledger.file.notes()]


def oracle(conn: Connection[Any]) -> tuple[Kept, Kept]:
    """Both trees, made anew from all rows."""
    events, answers = Kept(), Kept()
    rows = store.events(conn, 0, 10_000)
    events.add([leaf.of_event(store.event_row(row)) for row in rows])
    answers.add([leaf.of_answer(row) for row in store.answers(conn, 0, 10_000)])
    return events, answers


async def test_what_is_recorded_is_sealed_signed_and_anchored(ledger: Sealed) -> None:
    await fill(ledger.database, 300, seed=1)
    ledger.seal()
    await fill(ledger.database, 7, seed=2)
    ledger.seal()

    with psycopg.connect(role_dsn(ledger.database, "ledger_app")) as conn:
        events, answers = oracle(conn)
        first, last = held(ledger)
        assert (first.size, last.size) == (300, 307)
        assert (last.root, last.answers) == (events.growing.root(), answers.growing.size)
        assert last.answers_root == answers.growing.root()
        assert store.latest(conn) == ledger.file.last()
        node = nodes(store.tile_of(conn, "events"))
        for row in store.events(conn, 0, 1000):
            path = merkle.inclusion(node, row[0] - 1, 307)
            found = included(leaf.of_event(store.event_row(row)), row[0] - 1, 307, path)
            assert found == last.root
        proof = merkle.consistency(node, 300, 307)
        assert extended(first.root, 300, 307, proof) == (first.root, last.root)
        assert ledger.found(conn) == []


async def test_nothing_new_is_not_signed_again(ledger: Sealed) -> None:
    ledger.seal()
    assert held(ledger) == []
    await fill(ledger.database, 3, seed=3)
    for _ in range(3):
        ledger.seal()

    assert [one.size for one in held(ledger)] == [3]


class Dying:
    """A session that breaks at its nth statement, as if the process had been killed."""

    def __init__(self, conn: Connection[Any], left: int) -> None:
        self._conn, self._left = conn, left

    def execute(self, *words: Any, **more: Any) -> Any:
        self._left -= 1
        if self._left < 0:
            self._conn.close()
        return self._conn.execute(*words, **more)

    def transaction(self) -> Any:
        return self._conn.transaction()


async def test_it_may_die_at_any_statement_and_goes_on(ledger: Sealed) -> None:
    deaths = 0
    for nth in range(26):
        await fill(ledger.database, 9, seed=nth)
        with closing(session(ledger.database)) as conn:
            dying: Any = Dying(conn, nth)
            try:
                sealer = Sealer(dying, KEY, ledger.file, clock=clock)
                sealer.begin()
                sealer.step()
            except psycopg.OperationalError:
                deaths += 1
    ledger.seal()

    with psycopg.connect(ledger.database) as conn:
        assert deaths > 15
        assert ledger.found(conn) == []
        events, _ = oracle(conn)
        assert held(ledger)[-1].root == events.growing.root()
        sizes = [one.size for one in held(ledger)]
        assert sizes == sorted(set(sizes))


async def test_a_checkpoint_that_was_signed_and_not_anchored_is_anchored(
    ledger: Sealed,
) -> None:
    await fill(ledger.database, 5, seed=5)
    ledger.seal()
    whole = ledger.file.path.read_bytes()
    for torn in (b"", whole[:100], whole[:-3], whole[:-1]):
        ledger.file.path.write_bytes(torn)
        ledger.seal()
        assert ledger.file.path.read_bytes() == whole, torn
    await fill(ledger.database, 5, seed=6)
    ledger.seal()
    assert ledger.file.path.read_bytes().startswith(whole + b"\n")
    assert [one.size for one in held(ledger)] == [5, 10]


@pytest.mark.parametrize(
    ("done", "says"),
    [
        ("SELECT 1", "position 301 is missing, 400 is there"),
        ("UPDATE sealing.tile SET hashes = set_byte(hashes, 3, 7) WHERE level = 0", "root"),
        ("DELETE FROM sealing.tile WHERE tree = 'answers'", "missing"),
        (
            "DELETE FROM sealing.checkpoint; UPDATE sealing.head SET size = 0",
            "sealed events",
        ),
        ("UPDATE sealing.head SET size = size - 1", "is not of|sealed events"),
        ("UPDATE sealing.checkpoint SET note = overlay(note placing 'x' from 90)", "."),
    ],
)
async def test_it_signs_nothing_that_differs_from_what_was_anchored(
    ledger: Sealed, done: str, says: str
) -> None:
    await fill(ledger.database, 300, seed=6)
    ledger.seal()
    anchored = ledger.file.path.read_bytes()
    with psycopg.connect(ledger.superuser) as conn:
        for table in ("ledger.event", "sealing.checkpoint"):
            conn.execute(f"ALTER TABLE {table} DISABLE TRIGGER ALL".encode())
        conn.execute(done.encode())
        conn.execute(  # what was removed may have been followed by other things
            "INSERT INTO ledger.event SELECT 400, clock_timestamp(), gen_random_uuid(), 1,"
            " 't', 'x'"
        )
    with pytest.raises(InconsistentError, match=says):
        ledger.seal()
    assert ledger.file.path.read_bytes() == anchored


async def test_another_key_signs_nothing_for_this_ledger(ledger: Sealed) -> None:
    await fill(ledger.database, 3, seed=7)
    ledger.seal()
    other = SigningKey(b"o" * 32, kind="complaint-ledger")
    with closing(session(ledger.database)) as conn:
        for file in (ledger.file, AnchorFile(ledger.file.path.with_name("other"))):
            with pytest.raises(InconsistentError, match="not signed by"):
                Sealer(conn, other, file, clock=clock).begin()


class Elsewhere:
    """An anchor that holds what it was given, as the topic does."""

    def __init__(self, note: str | None) -> None:
        self._note = note

    def last(self) -> str | None:
        return self._note


async def test_every_anchor_is_looked_into_before_anything_is_signed(
    ledger: Sealed,
) -> None:
    await fill(ledger.database, 20, seed=9)
    ledger.seal()
    last = held(ledger)[-1]
    more, fork = replace(last, size=21), replace(last, root=b"r" * 32)
    with closing(session(ledger.database)) as conn:
        for note in (None, ledger.file.last()):
            others = [Elsewhere(note)]
            Sealer(conn, KEY, ledger.file, others=others, clock=clock).begin()
        for wrong, says in ((more, "20 sealed events"), (fork, "another root")):
            others = [Elsewhere(KEY.signed(wrong))]
            with pytest.raises(InconsistentError, match=says):
                Sealer(conn, KEY, ledger.file, others=others, clock=clock).begin()


async def test_two_do_not_seal_one_ledger(ledger: Sealed) -> None:
    with ledger.sealer() as first, ledger.sealer() as second:
        await fill(ledger.database, 3, seed=8)
        first.step()
        with pytest.raises(InconsistentError, match="another sealer"):
            second.step()


def test_anchors_lie_outside_of_the_data(tmp_path: Path) -> None:
    data = tmp_path / "var"
    for inside in (data, data / "anchors"):
        with pytest.raises(HomeError, match="in the data directory"):
            Home(Settings(data_dir=data, anchor_dir=inside)).anchors  # noqa: B018
    assert Home(Settings(data_dir=data)).anchors == tmp_path / "var-anchors"
    assert Home(Settings(data_dir=data, anchor_dir=tmp_path)).anchors == tmp_path


def test_its_role_writes_the_proof_and_nothing_else(database: str) -> None:
    with closing(session(database)) as conn:
        for statement in (
            "INSERT INTO ledger.event VALUES (1, now(), gen_random_uuid(), 1, 't', 'x')",
            "UPDATE ledger.inbox SET outcome = 'x'",
            "DELETE FROM sealing.tile",
            "UPDATE sealing.checkpoint SET note = ''",
            "SELECT * FROM keyring.party_key",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                conn.execute(statement.encode())
    for role in ("ledger_app", "ledger_projector"):
        with (
            psycopg.connect(role_dsn(database, role), autocommit=True) as conn,
            pytest.raises(psycopg.errors.InsufficientPrivilege),
        ):
            conn.execute("INSERT INTO sealing.checkpoint VALUES (1, 'x', now())")
