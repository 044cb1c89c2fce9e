"""Who works on what: leases, and peers who end an owner that fell silent."""

import os
import socket
import threading
import time
from contextlib import closing
from types import TracebackType
from typing import Any, Self
from uuid import UUID, uuid4

import psycopg
from psycopg import Connection
from psycopg.conninfo import make_conninfo

from infra.logs import log
from infra.postgres.pool import role_dsn

ROLE = "ledger_projector"
BEAT_S = 1.0
SILENT_S = 10
CONNECT_S = 5
STATEMENT_S = 60
SETTINGS = {
    "idle_in_transaction_session_timeout": "60s",
    "synchronous_commit": "off",
}
SILENCE_MS = 10_000
LATE_S = 3.0  # who was away that long itself has not seen whether others were silent

JOIN = "INSERT INTO running.member (id, kinds, host, pid) VALUES (%s, '{}', %s, %s)"
BEAT = "UPDATE running.member SET beat_at = clock_timestamp() WHERE id = %s"
SILENT = """
SELECT id FROM running.member
 WHERE id <> %s AND beat_at < clock_timestamp() - make_interval(secs => %s)
"""
END = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
 WHERE application_name = %s AND datname = current_database() AND usename = session_user
"""
LEASE = "hashtextextended('ledger.lease:' || %s, 0)"


class MemberLostError(Exception):
    """Our leases are gone: the session that held them ended, or a peer took us for dead."""


class Member:
    """This process at work: a session that holds its leases, and a thread that says so.

    A stopped process keeps its sessions, hence its leases and whatever rows it had locked.
    So all sessions bear the member's name, and a peer that hears nothing ends them all.
    """

    def __init__(self, dsn: str, *, silent_s: float = SILENT_S) -> None:
        """*dsn* is the owner's; every session takes the projector's role."""
        self.id: UUID = uuid4()
        self._dsn = dsn
        self._silent_s = silent_s
        self._held: set[str] = set()
        self._lost = threading.Event()
        self._over = threading.Event()
        self._conn = self.session()
        self._thread = threading.Thread(target=self._beat, name=f"beat {self.id}")

    def session(self) -> Connection[Any]:
        """A session in this member's name, in autocommit."""
        return open_session(self._dsn, name_of(self.id))

    @property
    def lost(self) -> bool:
        """Whether somebody else may hold by now what we were given."""
        return self._lost.is_set()

    def take(self, lease: str) -> bool:
        """Whether it is ours now."""
        if lease in self._held:
            return True
        taken: bool = self._said(f"SELECT pg_try_advisory_lock({LEASE})", lease)
        if taken:
            self._held.add(lease)
        return taken

    def give(self, lease: str) -> None:
        """Somebody else may have it."""
        if lease in self._held:
            self._held.discard(lease)
            self._said(f"SELECT pg_advisory_unlock({LEASE})", lease)

    def join(self, kind: str) -> None:
        """Count us among those who share this."""
        self._said(
            "UPDATE running.member SET kinds = array_append(array_remove(kinds, %s), %s)"
            " WHERE id = %s RETURNING true",
            kind,
            kind,
            self.id,
        )

    def leave(self, kind: str) -> None:
        """Do not count us any more: we cannot do our share."""
        self._said(
            "UPDATE running.member SET kinds = array_remove(kinds, %s)"
            " WHERE id = %s RETURNING true",
            kind,
            self.id,
        )

    def peers(self, kind: str) -> int:
        """How many share this, with us."""
        found: int = self._said(
            "SELECT greatest(count(*), 1) FROM running.member WHERE %s = ANY(kinds)"
            " AND beat_at > clock_timestamp() - make_interval(secs => %s)",
            kind,
            self._silent_s,
        )
        return found

    def _said(self, query: str, *words: object) -> Any:  # noqa: ANN401  # one value
        if self.lost:
            raise MemberLostError
        try:
            row = self._conn.execute(query.encode(), words).fetchone()
        except psycopg.OperationalError as error:
            self._lost.set()
            raise MemberLostError from error
        if row is None:
            self._lost.set()
            raise MemberLostError
        return row[0]

    def _beat(self) -> None:
        """Say each second that we are there; end those who have not said so for long."""
        before = time.monotonic()
        try:
            while not self._over.wait(BEAT_S):
                self._said(BEAT + " RETURNING true", self.id)
                now = time.monotonic()
                if now - before < LATE_S:
                    self._end_the_silent()
                before = now
        except (MemberLostError, psycopg.Error) as error:
            self._lost.set()
            log.warning("member_lost", source=str(self.id), exc_info=error)

    def _end_the_silent(self) -> None:
        for row in self._conn.execute(SILENT, [self.id, self._silent_s]).fetchall():
            with self.session() as conn:
                ended = end_sessions(conn, row[0])
            log.warning("member_ended", source=str(row[0]), count=ended)

    def __enter__(self) -> Self:
        try:
            self._said(JOIN + " RETURNING true", self.id, socket.gethostname(), os.getpid())
        except BaseException:
            self._conn.close()
            raise
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Leave in order, so that nobody has to wait until we count as silent."""
        self._over.set()
        self._thread.join()
        with closing(self._conn):
            if not self.lost and not self._conn.broken:
                _forget(self._conn, self.id)


def open_session(dsn: str, name: str, *, statement_s: int = STATEMENT_S) -> Connection[Any]:
    """A session in autocommit with the projector's rights, every patience spelled out.

    Its commits do not wait for the disk: rows and progress are lost together or not at
    all, and what is lost is read again.
    """
    conn: Connection[Any] = psycopg.connect(
        make_conninfo(
            role_dsn(dsn, ROLE),
            connect_timeout=CONNECT_S,
            tcp_user_timeout=SILENCE_MS,
            application_name=name,
        ),
        autocommit=True,
    )
    settings = SETTINGS | {"statement_timeout": f"{statement_s}s"}
    try:
        for setting, value in settings.items():
            conn.execute("SELECT set_config(%s, %s, false)", [setting, value])
    except BaseException:
        conn.close()  # nobody else could
        raise
    return conn


def name_of(member: UUID) -> str:
    """What all its sessions are called; `pg_stat_activity` shows it to everybody."""
    return f"ledger {member}"


def end_sessions(conn: Connection[Any], member: UUID) -> int:
    """End every session of a member; how many there were.

    Sessions belong to whoever signed in, not to the role they took: so for this one
    statement we are that too.
    """
    with conn.transaction():
        conn.execute("SET LOCAL ROLE NONE")
        ended = conn.execute(END, [name_of(member)]).fetchall()
    _forget(conn, member)
    return len(ended)


def _forget(conn: Connection[Any], member: UUID) -> None:
    """Who waited waits no more; why somebody stopped stays to be read."""
    conn.execute("DELETE FROM running.lease WHERE member = %s", [member])
    conn.execute(
        "DELETE FROM running.trouble WHERE member = %s AND kind = 'waits'", [member]
    )
    conn.execute("DELETE FROM running.member WHERE id = %s", [member])
