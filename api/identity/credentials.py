"""Credentials: what signing in needs, in tables of their own that can be erased."""

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from psycopg.errors import UniqueViolation
from psycopg.rows import class_row

from domain.errors import Lack, NameTakenError
from infra.postgres.pool import Pool

SEEN_EVERY = timedelta(seconds=30)  # so that not every page writes
TRIES_OVER = timedelta(minutes=15)

BY_LOGIN = """
    SELECT l.account, p.hash FROM identity.login AS l
      LEFT JOIN identity.password AS p USING (account) WHERE l.login = %s
"""
TRIES = """
    SELECT count(*) FILTER (WHERE login = %(login)s AND outcome <> 'in'),
           count(*) FILTER (WHERE address = %(address)s AND outcome <> 'in')
      FROM identity.attempt
     WHERE (login = %(login)s OR address = %(address)s) AND at > %(since)s
"""
SESSION = """
    SELECT s.digest, s.account, s.role_nth, s.begun_at, s.seen_at, s.proved_by,
           (SELECT max(version) FROM ledger.event WHERE stream = s.account) AS version
      FROM identity.session AS s WHERE s.digest = %s
"""
KEY = """
    SELECT k.account, k.digest,
           (SELECT max(version) FROM ledger.event WHERE stream = k.account) AS version
      FROM identity.key AS k WHERE k.id = %s
"""
ACCOUNTS = """
    SELECT c.stream, (SELECT max(version) FROM ledger.event WHERE stream = c.stream)
      FROM ledger.claim AS c WHERE c.name = 'account' ORDER BY c.key LIMIT %s
"""
FAILED = """
    SELECT at, account, address, outcome FROM identity.attempt
     WHERE outcome <> 'in' ORDER BY nth DESC LIMIT %s
"""


@dataclass(frozen=True, slots=True)
class Session:
    """One sign-in of one person, in one browser."""

    digest: bytes
    account: UUID
    role_nth: int  # the version of the grant, or delegation, that they act in
    begun_at: datetime
    seen_at: datetime
    proved_by: str
    version: int  # of the account


@dataclass(frozen=True, slots=True)
class Failed:
    """A try that did not succeed."""

    at: datetime
    account: UUID | None
    address: str
    outcome: str


def digest(secret: str) -> bytes:
    """What is kept of a long random secret: it needs no slow hash."""
    return hashlib.sha256(secret.encode()).digest()


def new_secret() -> str:
    """256 bits by chance, as text."""
    return secrets.token_urlsafe(32)


class Credentials:
    """Logins, passwords, links, sessions, keys and tries. Everything here waits."""

    def __init__(self, pool: Pool) -> None:
        self.pool = pool

    def take_login(self, login: str, account: UUID) -> None:
        """Let this login mean this account; refused when it means another."""
        with self.pool.connection() as conn:
            try:
                conn.execute("INSERT INTO identity.login VALUES (%s, %s)", [login, account])
            except UniqueViolation as error:
                raise NameTakenError(Lack("login", "choose another login")) from error

    def free_login(self, account: UUID) -> None:
        """Let it mean nobody."""
        with self.pool.connection() as conn:
            conn.execute("DELETE FROM identity.login WHERE account = %s", [account])

    def by_login(self, login: str) -> tuple[UUID, str | None] | None:
        """Whose login it is, with the hash of their password if they have one."""
        with self.pool.connection() as conn:
            return conn.execute(BY_LOGIN, [login]).fetchone()

    def hash_of(self, account: UUID) -> str | None:
        """The hash of somebody's password."""
        with self.pool.connection() as conn:
            row = conn.execute(
                "SELECT hash FROM identity.password WHERE account = %s", [account]
            ).fetchone()
        return str(row[0]) if row else None

    def keep_hash(self, account: UUID, hashed: str, at: datetime) -> None:
        """The hash of the password they chose last."""
        with self.pool.connection() as conn:
            conn.execute(
                "INSERT INTO identity.password VALUES (%s, %s, %s) ON CONFLICT (account)"
                " DO UPDATE SET hash = EXCLUDED.hash, set_at = EXCLUDED.set_at",
                [account, hashed, at],
            )

    def make_link(self, account: UUID | None, until: datetime) -> str:
        """A secret that opens once; an earlier one for the same account opens no more."""
        made = new_secret()
        with self.pool.connection() as conn, conn.transaction():
            conn.execute(
                "DELETE FROM identity.link WHERE account IS NOT DISTINCT FROM %s", [account]
            )
            conn.execute(
                "INSERT INTO identity.link VALUES (%s, %s, %s)",
                [digest(made), account, until],
            )
        return made

    def linked(self, code: str, now: datetime) -> tuple[UUID | None] | None:
        """Whom a code is for: nobody yet when it sets up; `None` when it opens nothing."""
        with self.pool.connection() as conn:
            return conn.execute(
                "SELECT account FROM identity.link WHERE digest = %s AND expires_at > %s",
                [digest(code), now],
            ).fetchone()

    def use_link(self, code: str, now: datetime) -> bool:
        """Whether it opened; it opens no second time."""
        with self.pool.connection() as conn:
            gone = conn.execute(
                "DELETE FROM identity.link WHERE digest = %s AND expires_at > %s",
                [digest(code), now],
            )
            return gone.rowcount == 1

    def begin(self, account: UUID, role_nth: int, now: datetime, proved_by: str) -> str:
        """A new session; the cookie that stands for it."""
        made = new_secret()
        with self.pool.connection() as conn:
            conn.execute(
                "INSERT INTO identity.session VALUES (%s, %s, %s, %s, %s, %s)",
                [digest(made), account, role_nth, now, now, proved_by],
            )
        return made

    def session(self, cookie: str, now: datetime, *, seen: bool) -> Session | None:
        """The session a cookie stands for; that it was *seen* is noted now and then."""
        with self.pool.connection() as conn:
            with conn.cursor(row_factory=class_row(Session)) as cur:
                found = cur.execute(SESSION, [digest(cookie)]).fetchone()
            if seen and found is not None and now - found.seen_at > SEEN_EVERY:
                conn.execute(
                    "UPDATE identity.session SET seen_at = %s WHERE digest = %s",
                    [now, found.digest],
                )
            return found

    def act_in(self, session: bytes, role_nth: int) -> None:
        """From now on they act in this role."""
        with self.pool.connection() as conn:
            conn.execute(
                "UPDATE identity.session SET role_nth = %s WHERE digest = %s",
                [role_nth, session],
            )

    def end(self, *, session: bytes | None = None, account: UUID | None = None) -> None:
        """End one session, or all that somebody has."""
        with self.pool.connection() as conn:
            conn.execute(
                "DELETE FROM identity.session WHERE digest = %s OR account = %s",
                [session, account],
            )

    def keep_key(self, key: str, account: UUID, secret: str) -> None:
        """What is kept of a program's key."""
        with self.pool.connection() as conn:
            conn.execute(
                "INSERT INTO identity.key VALUES (%s, %s, %s)",
                [key, account, digest(secret)],
            )

    def drop_key(self, key: str) -> None:
        """It opens nothing."""
        with self.pool.connection() as conn:
            conn.execute("DELETE FROM identity.key WHERE id = %s", [key])

    def key(self, key: str) -> tuple[UUID, bytes, int] | None:
        """Whose key it is, what is kept of it, and the version of the account."""
        with self.pool.connection() as conn:
            return conn.execute(KEY, [key]).fetchone()

    def tried(
        self, login: str, account: UUID | None, address: str, outcome: str, at: datetime
    ) -> None:
        """Note a try. What was typed is kept as a hash: people type passwords there."""
        with self.pool.connection() as conn:
            conn.execute(
                "INSERT INTO identity.attempt (at, login, account, address, outcome)"
                " VALUES (%s, %s, %s, %s, %s)",
                [at, digest(login), account, address, outcome],
            )

    def failures(self, login: str, address: str, now: datetime) -> tuple[int, int]:
        """How often it failed of late: with this login, and from this address."""
        asked = {"login": digest(login), "address": address, "since": now - TRIES_OVER}
        with self.pool.connection() as conn:
            row = conn.execute(TRIES, asked).fetchone()
        assert row is not None
        return row[0], row[1]

    def failed(self, most: int) -> list[Failed]:
        """The last tries that did not succeed."""
        with (
            self.pool.connection() as conn,
            conn.cursor(row_factory=class_row(Failed)) as cur,
        ):
            return cur.execute(FAILED, [most]).fetchall()

    def accounts(self, most: int) -> Mapping[UUID, int]:
        """Every account there is, with its version."""
        with self.pool.connection() as conn:
            return dict(conn.execute(ACCOUNTS, [most]).fetchall())

    def last(self) -> Mapping[UUID, datetime]:
        """When each person was last seen in a session that still lives."""
        with self.pool.connection() as conn:
            return dict(
                conn.execute(
                    "SELECT account, max(seen_at) FROM identity.session GROUP BY account"
                ).fetchall()
            )
