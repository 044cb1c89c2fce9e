"""Snapshot: several questions to the database that get answers of one instant."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from psycopg import Connection
from psycopg.pq import TransactionStatus


@contextmanager
def snapshot(conn: Connection[Any]) -> Iterator[None]:
    """All that is read in here is of one instant; inside a transaction, of that one's."""
    if conn.info.transaction_status is not TransactionStatus.IDLE:
        yield
        return
    with conn.transaction():
        conn.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield
