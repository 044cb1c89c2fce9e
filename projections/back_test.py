"""A regulation asked about the whole store, as a query: it streams, and changes nothing."""

from collections import Counter
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, field
from typing import Any

from psycopg import Connection

from domain.assess.backtest import Backtest, Outcome
from domain.assess.case import Case, case_of
from domain.codec import Codec
from domain.complaint.state import Complaint

AT_ONCE = 2_000  # events fetched at a time
EVERY = 500  # complaints between two reports
SNAPSHOT = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY"
HOW_MANY = "SELECT count(*) FROM ledger.event WHERE topic = 'complaint.received'"
EVENTS = """
SELECT stream, version, topic, state FROM ledger.event
 WHERE topic LIKE 'complaint.%' ORDER BY stream, version
"""

# How many complaints were read, of how many; a regulation that counts reads them twice.
Told = Callable[[int, int], None]


@dataclass(slots=True)
class Summary:
    """What came of all complaints together."""

    complaints: int = 0
    differ: int = 0
    late: int = 0  # complaints with a run that was not kept
    repeated: int = 0
    candidates: int = 0  # complaints that would put a fine on a desk
    open: int = 0  # complaints that might be worse
    grades: Counter[tuple[str | None, str | None]] = field(default_factory=Counter)

    def add(self, one: Outcome) -> None:
        """One more complaint."""
        self.complaints += 1
        self.differ += one.differs
        self.late += bool(one.late)
        self.repeated += bool(one.repeated)
        self.candidates += bool(one.fines)
        self.open += bool(one.might_be)
        self.grades[one.recorded.get(one.scheme), one.would_be] += 1


def outcomes(
    conn: Connection[Any],
    codec: Codec,
    test: Backtest,
    told: Told = lambda _done, _total: None,
) -> Generator[Outcome, None, None]:
    """Every complaint of one moment of the store, in no order that means anything.

    *conn* is in no transaction. One complaint is held at a time; what a tally counts is
    held for the whole run.
    """
    with conn.transaction():
        conn.execute(SNAPSHOT)
        row = conn.execute(HOW_MANY).fetchone()
        assert row is not None
        rounds = 2 if test.counts_first else 1
        total, done = row[0] * rounds, 0
        for nth in range(rounds):
            for case in cases(conn, codec):
                if done % EVERY == 0:
                    told(done, total)
                done += 1
                if nth + 1 < rounds:
                    test.count(case)
                else:
                    yield test.judge(case)
        told(done, total)


def cases(conn: Connection[Any], codec: Codec) -> Iterator[Case]:
    """Each complaint of the store as an assessment sees it."""
    complaint: Complaint | None = None
    with conn.cursor(name="back_test") as rows:
        rows.itersize = AT_ONCE
        for stream, version, topic, state in rows.execute(EVENTS):
            if complaint is not None and complaint.id != stream:
                yield case_of(complaint)
                complaint = None
            complaint = codec.read(stream, version, topic, bytes(state)).mutate(complaint)
    if complaint is not None:
        yield case_of(complaint)
