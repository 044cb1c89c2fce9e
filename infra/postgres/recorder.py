"""The recorder: the library reads, we append, through one function of the database."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

from eventsourcing.persistence import (
    IntegrityError,
    InterfaceError,
    OperationalError,
    StoredEvent,
)
from eventsourcing.postgres import PostgresApplicationRecorder, PostgresDatastore
from eventsourcing.utils import retry
from psycopg.conninfo import conninfo_to_dict

from infra.postgres.appender import APPEND, PARTS, Answer, composed

CONNECTIONS_MAX = 8
CONNECT_TIMEOUT_S = 5.0
TABLE = "complaints_events"  # a view of ours, in the library's words

ANSWER = """
    SELECT 1 AS entry, 'answered' AS verdict,
           stream, version, position, recorded_at, digest, outcome, detail
      FROM ledger.inbox WHERE source = %s AND message_id = %s
"""
# A read that met a broken connection is tried for two seconds; then the caller is told.
AGAIN = retry((InterfaceError, OperationalError), max_attempts=10, wait=0.2)


class LedgerRecorder(PostgresApplicationRecorder):
    """Reads as the library does; writes by `ledger.append`, which is safe to send twice."""

    def __init__(
        self, datastore: PostgresDatastore, *, events_table_name: str = TABLE
    ) -> None:
        super().__init__(datastore, events_table_name=events_table_name)
        datastore.db_type_names |= set(PARTS)
        datastore.register_type_adapters()

    def insert_events(
        self, stored_events: Sequence[StoredEvent], **_: object
    ) -> Sequence[int]:
        """For callers that know only the library: each call is a message of its own.

        A retry inside the call finds its own answer; the same events in another call are a
        conflict, as the library expects.
        """
        return self._inserted(stored_events, str(uuid4())) if stored_events else []

    @AGAIN
    def _inserted(self, stored_events: Sequence[StoredEvent], key: str) -> Sequence[int]:
        events = [
            (e.originator_id, e.originator_version, e.topic, e.state) for e in stored_events
        ]
        stream, version, *_rest = events[-1]
        entry = ("library", key, b"", "accepted", stream, version, None)
        rest: tuple[Any, ...] = (events, (), (), None, None, None)
        kinds = self.datastore.psycopg_python_types
        with self.datastore.get_connection() as conn:
            row = conn.execute(
                APPEND, [[composed(kinds, (*entry, *rest))]], binary=True
            ).fetchone()
        assert row is not None
        if row["verdict"] in {"moved", "taken"}:
            raise IntegrityError(f"{row['verdict']}: {row['stream']} at {row['version']}")
        last = row["position"]
        return list(range(last - len(events) + 1, last + 1))

    @AGAIN
    def answer(self, source: str, message_id: str) -> Answer | None:
        """What a message was answered, with the digest of what it asked."""
        with self.datastore.get_connection() as conn:
            row = conn.execute(ANSWER, [source, message_id]).fetchone()
        return Answer(**row) if row else None

    @AGAIN
    def claimed(self, name: str, key: str) -> UUID | None:
        """The stream that bears a name."""
        with self.datastore.get_connection() as conn:
            row = conn.execute(
                "SELECT stream FROM ledger.claim WHERE name = %s AND key = %s", [name, key]
            ).fetchone()
        return row["stream"] if row else None


def open_recorder(dsn: str, *, connections_max: int = CONNECTIONS_MAX) -> LedgerRecorder:
    """A recorder on this database; the library's own settings cannot say all a dsn can."""
    words = conninfo_to_dict(dsn)
    datastore = PostgresDatastore(
        str(words.get("dbname", "")),
        str(words.get("host", "")),
        str(words.get("port", "")),
        str(words.get("user", "")),
        str(words.get("password", "")),
        schema="ledger",
        connect_timeout=CONNECT_TIMEOUT_S,
        pool_size=1,
        max_overflow=connections_max - 1,
    )
    kept = datastore.pool.kwargs
    assert isinstance(kept, dict)
    named = {key: value for key, value in words.items() if value not in (None, "")}
    datastore.pool.kwargs = {"row_factory": kept["row_factory"], **named}
    return LedgerRecorder(datastore)
