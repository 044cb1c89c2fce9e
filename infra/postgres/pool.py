"""The one place where pools of connections are made, with every patience spelled out."""

from typing import Any

from psycopg import Connection
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg_pool import ConnectionPool

CONNECT_S = 5
WAIT_S = 10  # for a free connection; then the caller says 503
STATEMENT_S = 30
IDLE_IN_TRANSACTION_S = 60
SILENCE_MS = 10_000  # a server that went away without a word
IDLE_S = 300
LIFETIME_S = 3_600

Pool = ConnectionPool[Connection[Any]]


def role_dsn(dsn: str, role: str) -> str:
    """The same server and sign-in, but with the rights of that role from the start.

    It keeps our own mistakes from doing more than the role may. It does not keep out those
    who run statements of their own choice: they could say `SET ROLE NONE`.
    """
    return _with_options(dsn, f"role={role}")


def open_pool(dsn: str, *, size_max: int, statement_s: int = STATEMENT_S) -> Pool:
    """An open pool in autocommit: who needs a transaction begins one."""
    conninfo = _with_options(
        make_conninfo(dsn, connect_timeout=CONNECT_S, tcp_user_timeout=SILENCE_MS),
        f"statement_timeout={statement_s}s",
        f"idle_in_transaction_session_timeout={IDLE_IN_TRANSACTION_S}s",
    )
    return ConnectionPool(
        conninfo,
        kwargs={"autocommit": True},
        min_size=1,
        max_size=size_max,
        open=True,
        timeout=WAIT_S,
        max_idle=IDLE_S,
        max_lifetime=LIFETIME_S,
        check=ConnectionPool.check_connection,  # after a restart of the server
    )


def _with_options(dsn: str, *settings: str) -> str:
    given = str(conninfo_to_dict(dsn).get("options") or "")
    return make_conninfo(
        dsn, options=" ".join([given, *(f"-c {s}" for s in settings)]).strip()
    )
