"""The sealer: leaves into the trees, a signed checkpoint each second, anchored outside."""

import time
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from psycopg import Connection

from consumers.sealing.anchors import Anchor, AnchorFile
from domain.restoration import STREAM
from infra.logs import log
from infra.proof import leaf, merkle, store
from infra.proof.lives import Lives, life_of, recorded
from infra.proof.note import Checkpoint, NoteError, SigningKey
from infra.proof.store import Row
from infra.proof.tiles import Growing, TileMissingError, nodes

BATCH = 5_000
SIGN_S = 1.0  # between two checkpoints
HEAD = """
UPDATE sealing.head SET (size, answers, beat_at) = (%s, %s, clock_timestamp())
 WHERE (size, answers) = (%s, %s)
"""


class InconsistentError(Exception):
    """What is stored is not what was signed: nothing more is, until a person has looked."""


class Sealer:
    """One connection, one tree in the hand. After any error: begin anew with another."""

    def __init__(
        self,
        conn: Connection[Any],
        key: SigningKey,
        file: AnchorFile,
        *,
        others: Sequence[Anchor] = (),
        clock: Callable[[], datetime],
    ) -> None:
        """*others*: anchors that are only looked into. *conn* is in autocommit."""
        self._conn, self._key, self._file, self._others = conn, key, file, others
        self._clock = clock
        self._lives = Lives()
        self._events, self._answers = Growing(), Growing()
        self._signed = 0  # events under the last checkpoint
        self._signed_at = -SIGN_S

    @property
    def size(self) -> int:
        """Events in the tree."""
        return self._events.size

    def begin(self) -> None:
        """Take up the trees, and refuse if they are not those that were signed."""
        at = store.head(self._conn)
        self._lives = recorded(self._conn, STREAM)
        try:
            self._events = store.growing(self._conn, "events", at.size)
            self._answers = store.growing(self._conn, "answers", at.answers)
            while self._lives.now > 1 and self._grow():
                pass  # a copy may have been made of events before they were sealed
            anchors = (self._file, *self._others)
            held = [store.latest(self._conn), *(anchor.last() for anchor in anchors)]
            said = [self._key.verifying.checked(note) for note in held if note is not None]
            for one in said:
                self._agrees(one)
        except (TileMissingError, NoteError) as error:
            raise InconsistentError(str(error)) from error
        latest = store.latest(self._conn)
        if latest is not None:
            self._signed = said[0].size
            died_between = self._file.last() != latest  # signing and anchoring
            if died_between and life_of(said[0]) == self._lives.now:
                self._anchor(latest)
        self._conn.execute("UPDATE sealing.head SET trouble = NULL")

    def step(self) -> int:
        """Seal what is new, and sign it when it is time. How many events were new."""
        new = self._grow()
        waited = time.monotonic() - self._signed_at
        if self.size > self._signed and waited >= SIGN_S and new < BATCH:
            self._sign()
        return new

    def _grow(self) -> int:
        """One transaction: tiles and head together, and only from where we stood."""
        was, answered = self._events.size, self._answers.size
        rows = store.events(self._conn, was, BATCH)
        self._conn.execute("UPDATE sealing.head SET beat_at = clock_timestamp()")
        if not rows:
            return 0
        _without_a_hole(rows, was)
        with self._conn.transaction():
            tiles = list(self._events.add(leaf.hashed_event(*_bare(row)) for row in rows))
            store.keep(self._conn, "events", [*tiles, *self._events.edge()])
            said = store.answers(self._conn, was, self._events.size)
            tiles = list(self._answers.add(leaf.of_answer(row) for row in said))
            store.keep(self._conn, "answers", [*tiles, *self._answers.edge()])
            moved = self._conn.execute(
                HEAD, [self._events.size, self._answers.size, was, answered]
            )
            if moved.rowcount != 1:
                raise InconsistentError("another sealer is at work on this ledger")
        return len(rows)

    def _sign(self) -> None:
        """First kept, then anchored: what is anchored can always be shown."""
        checkpoint = Checkpoint(
            f"{self._key.verifying.name}/{self._lives.now}",
            self._events.size,
            self._events.root(),
            self._answers.size,
            self._answers.root(),
            self._clock(),
        )
        note = self._key.signed(checkpoint)
        self._conn.execute(
            "INSERT INTO sealing.checkpoint (size, note, at) VALUES (%s, %s, %s)",
            [checkpoint.size, note, checkpoint.at],
        )
        self._signed, self._signed_at = checkpoint.size, time.monotonic()
        self._anchor(note)
        log.info("sealed", position=checkpoint.size)

    def _anchor(self, note: str) -> None:
        self._file.add(note)
        self._conn.execute("UPDATE sealing.head SET anchored = %s", [self._signed])

    def _agrees(self, said: Checkpoint) -> None:
        """Refuse unless our trees begin with those of this checkpoint."""
        where = f"the checkpoint over {said.size} events of {said.at.isoformat()}"
        if life_of(said) > self._lives.now:
            raise InconsistentError(
                f"{where} is of life {life_of(said)}; here is life {self._lives.now}: an"
                " older copy was put back without `ledger restore`"
            )
        if not self._lives.covers(said):
            return  # what it covers is gone, and the ledger says so
        if said.size > self._events.size or said.answers > self._answers.size:
            raise InconsistentError(
                f"{where} is anchored; the database has {self._events.size} sealed events:"
                " some were removed, or an older copy was put back without `ledger restore`"
            )
        for tree, size, root in (
            ("events", said.size, said.root),
            ("answers", said.answers, said.answers_root),
        ):
            tile = store.tile_of(self._conn, "events" if tree == "events" else "answers")
            if merkle.root(nodes(tile), size) != root:
                raise InconsistentError(f"{where} has another root over the {tree}")


def _bare(row: Row) -> tuple[int, int, bytes, int, bytes, bytes]:
    position, recorded_us, stream, version, topic, state = row
    return position, recorded_us, stream, version, topic.encode(), state


def _without_a_hole(rows: Sequence[Row], after: int) -> None:
    for position, row in enumerate(rows, start=after + 1):
        if row[0] != position:
            raise InconsistentError(f"position {position} is missing, {row[0]} is there")
