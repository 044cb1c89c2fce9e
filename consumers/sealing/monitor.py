"""The monitor: rechecks what is sealed, round after round, a little each second."""

import time
from collections.abc import Iterator, Sequence
from typing import Any

from psycopg import Connection

from consumers.sealing.anchors import AnchorFile
from domain.restoration import STREAM
from infra.logs import log
from infra.proof import store
from infra.proof.compare import Finding
from infra.proof.lives import recorded, still_covering
from infra.proof.note import Checkpoint, VerifyingKey
from infra.proof.recheck import BATCH, Recheck
from infra.proof.tiles import WIDTH

ROUND_STEPS = 45  # a round of a small ledger takes less than a minute
ROUND_S = 20.0  # at least from the beginning of one to that of the next
NOTES_MAX = 200  # of one round, the newest; each counts for all that was before it
FOUND_MAX = 200
NOTE = """
INSERT INTO sealing.finding AS f (tree, position, what, words) VALUES (%s, %s, %s, %s)
    ON CONFLICT (tree, position, what) DO UPDATE SET words = excluded.words, gone_at = NULL
 WHERE (f.words, f.gone_at) IS DISTINCT FROM (excluded.words, NULL)
"""
GONE = """
UPDATE sealing.finding SET gone_at = clock_timestamp()
 WHERE gone_at IS NULL AND NOT (tree, position, what) IN (
       SELECT * FROM unnest(%s::text[], %s::bigint[], %s::text[]))
"""
ENDED = "UPDATE sealing.head SET rechecked = 0, round_at = clock_timestamp()"


class Monitor:
    """Works on the sealer's connection, between two of its steps."""

    def __init__(
        self,
        conn: Connection[Any],
        key: VerifyingKey,
        file: AnchorFile,
        *,
        round_s: float = ROUND_S,
    ) -> None:
        self._conn, self._key, self._file = conn, key, file
        self._round: Iterator[None] | None = None
        self._round_s, self._begun_at = round_s, -round_s

    def step(self) -> None:
        """One slice; the next step after the last one begins another round."""
        if self._round is None:
            if time.monotonic() - self._begun_at < self._round_s:
                return
            self._begun_at = time.monotonic()
            self._round = self._through()
        try:
            next(self._round)
        except StopIteration:
            self._round = None

    def _through(self) -> Iterator[None]:
        head = store.head(self._conn)
        recheck = Recheck(self._conn, head, self._checkpoints(head.size))
        tiles = -(-head.size // WIDTH // ROUND_STEPS)
        batch = min(max(tiles, 1) * WIDTH, BATCH)
        seen: set[Finding] = set()
        for position, findings in recheck.steps(batch):
            news = {*findings, *recheck.explained()} - seen
            if len(seen) < FOUND_MAX:
                seen |= news
                self._note(sorted(news))
            self._conn.execute("UPDATE sealing.head SET rechecked = %s", [position])
            yield
        known = [(one.tree, one.position, one.what) for one in seen]
        columns = [list(column) for column in zip(*known, strict=True)] or [[], [], []]
        self._conn.execute(GONE, columns)
        self._conn.execute(ENDED)

    def _note(self, news: Sequence[Finding]) -> None:
        for one in news:
            said = self._conn.execute(NOTE, [one.tree, one.position, one.what, one.words])
            if said.rowcount:
                log.error(
                    "tampered", position=one.position, kind=one.what, reason=one.words
                )

    def _checkpoints(self, size: int) -> list[Checkpoint]:
        """What was signed so far, here and outside."""
        rows = self._conn.execute(
            "SELECT size, note FROM sealing.checkpoint WHERE size <= %s"
            " ORDER BY size DESC LIMIT %s",
            [size, NOTES_MAX],
        ).fetchall()
        outside = self._file.last()
        kept = [note for _, note in rows] + ([] if outside is None else [outside])
        signed = [self._key.checked(note) for note in kept]
        return still_covering(signed, recorded(self._conn, STREAM))
