"""Keys: what is sealed opens only where it was sealed, and never after its key is gone."""

import stat
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from infra.keys import ERASED, KeyStore, SealBrokenError, master_key
from infra.postgres.pool import open_pool, role_dsn


@pytest.fixture
def keys(database: str, tmp_path: Path) -> Iterator[KeyStore]:
    with open_pool(role_dsn(database, "ledger_keys"), size_max=2) as pool:
        yield KeyStore(pool, master_key(tmp_path / "master.key"))


def test_a_seal_opens_where_it_was_made_and_nowhere_else(keys: KeyStore) -> None:
    party = uuid4()
    keys.admit({party: {}})

    sealed = keys.seal(party, "陈洁", place="c:1:complainant")

    assert sealed is not None
    assert "陈" not in sealed
    assert keys.open(party, sealed, place="c:1:complainant") == "陈洁"
    with pytest.raises(SealBrokenError):
        keys.open(party, sealed, place="c:2:complainant")


def test_the_same_text_twice_is_two_seals(keys: KeyStore) -> None:
    """Nobody can tell from two seals that two people said the same."""
    party = uuid4()
    keys.admit({party: {}})

    assert keys.seal(party, "x", place="p") != keys.seal(party, "x", place="p")


def test_a_person_is_known_again_by_any_handle(keys: KeyStore) -> None:
    first, second, third, other = uuid4(), uuid4(), uuid4(), uuid4()

    keys.admit({first: {"phone": "13800138000"}})
    keys.admit({second: {"phone": "13800138000", "email": "a@b.example"}})
    found = keys.admit({third: {"email": "a@b.example"}, other: {"phone": "13900139000"}})

    assert found == {third: first, other: other}


def test_two_newcomers_of_one_batch_are_one_party(keys: KeyStore) -> None:
    one, two = uuid4(), uuid4()

    found = keys.admit({one: {"plate": "粤B12345"}, two: {"plate": "粤B12345"}})

    assert found == {one: one, two: one}


def test_erasure_leaves_nothing_that_opens_or_finds(keys: KeyStore) -> None:
    party, again = uuid4(), uuid4()
    keys.admit({party: {"phone": "13800138000"}})
    sealed = keys.seal(party, "陈洁", place="p")
    assert sealed is not None

    keys.erase(party)

    assert keys.open(party, sealed, place="p") == ERASED
    assert keys.seal(party, "more", place="p") is None
    assert keys.admit({again: {"phone": "13800138000"}}) == {again: again}


def test_a_copy_of_the_database_alone_opens_nothing(
    keys: KeyStore, database: str, tmp_path: Path
) -> None:
    """The master key is in a file of its own; another one unwraps nothing."""
    party = uuid4()
    keys.admit({party: {}})
    sealed = keys.seal(party, "陈洁", place="p")
    assert sealed is not None

    with open_pool(role_dsn(database, "ledger_keys"), size_max=1) as pool:
        stolen = KeyStore(pool, master_key(tmp_path / "other.key"))
        with pytest.raises(SealBrokenError):
            stolen.open(party, sealed, place="p")


def test_the_master_key_is_made_once_and_for_its_owner(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "master.key"

    first, again = master_key(path), master_key(path)

    assert first.handle("phone", "1") == again.handle("phone", "1")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
