"""A session that the database ends after so many statements."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Self

import psycopg
from psycopg import Connection, Cursor
from psycopg.conninfo import make_conninfo

from consumers.ownership import ROLE
from infra.postgres.pool import role_dsn

END = "SELECT pg_terminate_backend(%s, 5000)"  # and waits until it has ended


class Brittle(Connection[Any]):
    """Really ended: what was not committed is gone, and the other side is told so."""

    fuse = 0
    dsn = ""

    @classmethod
    @contextmanager
    def opened(cls, dsn: str, *, fuse: int) -> Iterator[Self]:
        """Ended after statement number *fuse*, if it comes to that."""
        with cls.connect(role_dsn(dsn, ROLE), autocommit=True) as conn:
            conn.fuse, conn.dsn = fuse, dsn
            yield conn

    def execute(self, *args: Any, **kwargs: Any) -> Cursor[Any]:
        done = super().execute(*args, **kwargs)
        self.fuse -= 1
        if self.fuse == 0:
            with psycopg.connect(make_conninfo(self.dsn), autocommit=True) as other:
                other.execute(END, [self.info.backend_pid])
        return done
