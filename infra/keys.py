"""One key for each person. Destroy the key, and what it sealed is gone for ever."""

import base64
import hmac
import os
import threading
import time
from collections.abc import Iterable, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from psycopg import Connection

from infra.postgres.pool import Pool
from infra.secret_file import secret

NONCE_BYTES = 12
BINDING_BYTES = 32
KEPT_S = 60.0  # how long a sealing key may be kept; erasure is done after that
KEPT_MAX = 10_000
COMMITTED = "c1:"  # a seal that begins with the hash that binds it to one text
ERASED = "\u2421"  # what a seal opens to when its key is gone: SYMBOL FOR DELETE


class SealBrokenError(ValueError):
    """This was sealed elsewhere, or changed since."""


class Disclosed(NamedTuple):
    """A text, and the salt under which anybody can see that it is the one sealed."""

    text: str
    salt: bytes


class PartyKey:
    """One person's key, ready for use."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._aead = AESGCM(key)

    def sealed(self, plain: str, place: str) -> str:
        """Sealed, and bound to this text: under another key it opens to no other one.

        The salt comes from the key. Once that is destroyed, nobody can try what the hash
        may be of.
        """
        nonce = os.urandom(NONCE_BYTES)
        bound = _binding(self._salt(nonce, place), place, plain)
        shut = self._aead.encrypt(nonce, plain.encode(), place.encode())
        return COMMITTED + base64.b64encode(bound + nonce + shut).decode()

    def opened(self, sealed: str, place: str) -> Disclosed:
        """The text; those sealed before there was a binding have an empty salt."""
        if not sealed.startswith(COMMITTED):
            plain = _opened(self._aead, base64.b64decode(sealed), place.encode())
            return Disclosed(plain.decode(), b"")
        whole = base64.b64decode(sealed.removeprefix(COMMITTED))
        bound, shut = whole[:BINDING_BYTES], whole[BINDING_BYTES:]
        text = _opened(self._aead, shut, place.encode()).decode()
        salt = self._salt(shut[:NONCE_BYTES], place)
        if not hmac.compare_digest(bound, _binding(salt, place, text)):
            raise SealBrokenError(place)
        return Disclosed(text, salt)

    def _salt(self, nonce: bytes, place: str) -> bytes:
        return hmac.digest(self._key, b"salt" + nonce + place.encode(), "sha256")


class MasterKey:
    """Wraps the persons' keys, so that a copy of the database alone opens nothing."""

    def __init__(self, secret: bytes) -> None:
        self._wrap = AESGCM(hmac.digest(secret, b"wrap", "sha256"))
        self._blob = AESGCM(hmac.digest(secret, b"blob", "sha256"))
        self._index = hmac.digest(secret, b"index", "sha256")

    def wrapped(self, key: bytes, party_id: UUID) -> bytes:
        """A person's key, as the database may hold it."""
        return _sealed(self._wrap, key, party_id.bytes)

    def unwrapped(self, wrapped: bytes, party_id: UUID) -> bytes:
        """The same key, to be used."""
        return _opened(self._wrap, wrapped, party_id.bytes)

    def handle(self, kind: str, said: str) -> bytes:
        """A phone number as the index knows it: keyed, so nobody can try them all."""
        return hmac.digest(self._index, f"{kind}:{said}".encode(), "sha256")

    def seal_blob(self, plain: bytes, *, place: str) -> bytes:
        """Seal a message that has no party yet."""
        return _sealed(self._blob, plain, place.encode())

    def open_blob(self, sealed: bytes, *, place: str) -> bytes:
        """Open it again."""
        return _opened(self._blob, sealed, place.encode())


def master_key(path: Path) -> MasterKey:
    """The key in this file, made at the first start and readable by its owner only."""
    return MasterKey(secret(path))


class KeyStore:
    """Keys in tables of their own, erasable, apart from the ledger that is not."""

    def __init__(self, pool: Pool, master: MasterKey) -> None:
        self._pool = pool
        self.master = master
        self._kept: dict[UUID, tuple[float, PartyKey]] = {}
        self._turn = threading.Lock()

    def admit(self, parties: Mapping[UUID, Mapping[str, str]]) -> dict[UUID, UUID]:
        """The party of each newcomer, by handles we know: newcomer → party.

        *parties* is random id → handles. Who is not known becomes a party under that id.
        Two newcomers who share a handle are one party.
        """
        found: dict[UUID, UUID] = {}
        with self._pool.connection() as conn, conn.transaction():
            for newcomer, handles in parties.items():
                index = [self.master.handle(kind, said) for kind, said in handles.items()]
                row = conn.execute(
                    "SELECT party_id FROM keyring.party_index"
                    " WHERE handle = ANY(%s) LIMIT 1",
                    [index],
                ).fetchone()
                found[newcomer] = row[0] if row else self._made(conn, newcomer)
                conn.cursor().executemany(
                    "INSERT INTO keyring.party_index VALUES (%s, %s)"
                    " ON CONFLICT DO NOTHING",
                    [(handle, found[newcomer]) for handle in index],
                )
        return found

    def erase(self, party_id: UUID) -> None:
        """Destroy the key and the index rows. What was sealed with it opens no more."""
        with self._pool.connection() as conn:
            conn.execute("DELETE FROM keyring.party_key WHERE party_id = %s", [party_id])
        with self._turn:
            self._kept.pop(party_id, None)

    def lacking(self, party_ids: Iterable[UUID]) -> list[UUID]:
        """Those whose key is not kept, or was kept too long."""
        return [party for party in set(party_ids) if self._fresh(party) is None]

    def ready(self, party_ids: Iterable[UUID]) -> None:
        """Read the keys that sealing will need, in one trip."""
        wanted = self.lacking(party_ids)
        if not wanted:
            return
        with self._pool.connection() as conn:
            rows = conn.execute(
                "SELECT party_id, wrapped FROM keyring.party_key WHERE party_id = ANY(%s)",
                [wanted],
            ).fetchall()
        for party_id, wrapped in rows:
            self._keep(party_id, self.master.unwrapped(bytes(wrapped), party_id))

    def seal(self, party_id: UUID, plain: str, *, place: str) -> str | None:
        """Seal a text with a person's key, if there is one; *place* binds it there."""
        key = self._fresh(party_id)
        if key is None:
            self.ready([party_id])
            key = self._fresh(party_id)
        if key is None:
            return None
        return key.sealed(plain, place)

    def open(self, party_id: UUID, sealed: str, *, place: str) -> str:
        """Open a seal. The key is read anew: what was erased a second ago stays shut."""
        found = self.disclosed(party_id, sealed, place=place)
        return ERASED if found is None else found.text

    def disclosed(self, party_id: UUID, sealed: str, *, place: str) -> Disclosed | None:
        """The text, and what shows that it was this one; none when the key is gone."""
        with self._pool.connection() as conn:
            row = conn.execute(
                "SELECT wrapped FROM keyring.party_key WHERE party_id = %s", [party_id]
            ).fetchone()
        if row is None:
            return None
        return PartyKey(self.master.unwrapped(bytes(row[0]), party_id)).opened(
            sealed, place
        )

    def _made(self, conn: Connection[Any], newcomer: UUID) -> UUID:
        party_id, key = newcomer, AESGCM.generate_key(256)
        conn.execute(
            "INSERT INTO keyring.party_key VALUES (%s, %s)",
            [party_id, self.master.wrapped(key, party_id)],
        )
        self._keep(party_id, key)
        return party_id

    def _keep(self, party_id: UUID, key: bytes) -> None:
        with self._turn:
            self._kept[party_id] = (time.monotonic() + KEPT_S, PartyKey(key))
            while len(self._kept) > KEPT_MAX:
                del self._kept[next(iter(self._kept))]

    def _fresh(self, party_id: UUID) -> PartyKey | None:
        with self._turn:
            until, key = self._kept.get(party_id, (0.0, None))
            return key if time.monotonic() < until else None


def _binding(salt: bytes, place: str, plain: str) -> bytes:
    return sha256(salt + f"{place}\0{plain}".encode()).digest()


def _sealed(key: AESGCM, plain: bytes, place: bytes) -> bytes:
    nonce = os.urandom(NONCE_BYTES)
    return nonce + key.encrypt(nonce, plain, place)


def _opened(key: AESGCM, sealed: bytes, place: bytes) -> bytes:
    try:
        return key.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], place)
    except InvalidTag as error:
        raise SealBrokenError(place.decode(errors="replace")) from error
