"""Rechecking what is sealed: every event, answer, tile and checkpoint, from the first."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from psycopg import Connection

from infra.proof import compare, store
from infra.proof.compare import Changed, Finding
from infra.proof.note import Checkpoint
from infra.proof.regrown import Regrown
from infra.proof.store import Head, Row
from infra.proof.tiles import WIDTH, TileMissingError

BATCH = 20 * WIDTH
FOUND_MAX = 100  # of one kind; so many have one cause
TOPICS = "SELECT DISTINCT topic FROM ledger.event"
ANSWERED = f"""
SELECT position, {store.RECORDED_US} FROM ledger.inbox WHERE position = ANY(%s)
"""  # noqa: S608 our own words
SNAPSHOT = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"


def whole(
    conn: Connection[Any],
    signed: Sequence[Checkpoint],
    progress: Callable[[int, int], None] = lambda _done, _of: None,
) -> tuple[Head, list[Finding]]:
    """Everything in one snapshot: what is sealed, and what is wrong, first position first.

    *signed*: checkpoints from the anchors, whose signatures were checked.
    """
    with conn.transaction():
        conn.execute(SNAPSHOT)
        head = store.head(conn)
        recheck = Recheck(conn, head, signed)
        found = []
        for done, findings in recheck.steps():
            found += findings
            progress(done, head.size)
        found += recheck.explained()
    return head, sorted(found, key=lambda one: (one.position, one.what))


class Recheck:
    """One pass, in steps that may be seconds apart: what is sealed does not change."""

    def __init__(
        self, conn: Connection[Any], head: Head, signed: Sequence[Checkpoint]
    ) -> None:
        self._conn, self._head = conn, head
        self._signed = sorted(signed, key=lambda one: one.size)
        self._versions: dict[bytes, int] = {}
        self._changed: list[Changed] = []

    def steps(self, batch: int = BATCH) -> Iterator[tuple[int, list[Finding]]]:
        """Batch by batch: up to which position, and what was wrong; answers are last."""
        size = self._head.size
        tree = Regrown(self._conn, "events", [(c.size, c.root) for c in self._signed])
        try:
            for start in range(0, size, batch):
                count = min(batch, size - start)
                yield start + count, list(self._events(tree, start, count))
            yield size, list(tree.ended())
        except TileMissingError as error:
            yield size, [Finding("events", error.first, "tile", str(error))]
        yield from self._answers(batch)

    def explained(self) -> list[Finding]:
        """Events that are others than those that were sealed, and what about them is."""
        if not self._changed:
            return []
        positions = [one.row[0] for one in self._changed]
        answered = dict(self._conn.execute(ANSWERED.encode(), [positions]).fetchall())
        topics = [row[0] for row in self._conn.execute(TOPICS)]
        return list(compare.explained(self._changed, answered_us=answered, topics=topics))

    def _events(self, tree: Regrown, start: int, count: int) -> Iterator[Finding]:
        rows = store.events(self._conn, start, count)
        while rows and rows[-1][0] > start + count:
            rows.pop()  # of the next batch, when some of this are missing
        hashes = tree.kept_leaves(start, count)
        missing = 0
        for one in compare.changed(rows, hashes, start + 1):
            if isinstance(one, Changed):
                if len(self._changed) < FOUND_MAX:
                    self._changed.append(one)
            elif missing < FOUND_MAX:
                missing += 1
                yield one
        yield from self._gaps(rows)
        yield from tree.grown(hashes)

    def _gaps(self, rows: Sequence[Row]) -> Iterator[Finding]:
        """Versions of a stream follow one another, also where it was sealed otherwise."""
        for row in rows:
            last = self._versions.get(row[2])
            if last is not None and row[3] != last + 1:
                words = f"version {row[3]} of its stream follows version {last}"
                yield Finding("events", row[0], "gap", words)
            self._versions[row[2]] = row[3]

    def _answers(self, batch: int) -> Iterator[tuple[int, list[Finding]]]:
        size, answers = self._head.size, self._head.answers
        signed = [(c.answers, c.answers_root) for c in self._signed]
        tree = Regrown(self._conn, "answers", signed)
        try:
            for last in range(0, size, batch):
                until = min(last + batch, size)
                rows = store.answers(self._conn, last, until)
                left = answers - tree.size
                count = left if until == size else min(len(rows), left)
                hashes = tree.kept_leaves(tree.size, count)
                if wrong := compare.unanswered(rows, hashes, last):
                    yield size, [wrong]
                    return
                yield size, list(tree.grown(hashes))
            yield size, list(tree.ended())
        except TileMissingError as error:
            yield size, [Finding("answers", error.first, "tile", str(error))]
