"""A tree grown again from its leaves, held against its kept tiles and the signed roots."""

from collections.abc import Iterator, Sequence
from typing import Any

from psycopg import Connection

from infra.proof import store
from infra.proof.compare import Finding
from infra.proof.merkle import HASH_BYTES
from infra.proof.store import Tree
from infra.proof.tiles import WIDTH, At, Growing, TileMissingError


class Regrown:
    """Takes the leaves in order, and says what does not fit them."""

    def __init__(
        self, conn: Connection[Any], tree: Tree, signed: Sequence[tuple[int, bytes]]
    ) -> None:
        """*signed*: sizes and roots, the smallest first."""
        self._conn, self._tree = conn, tree
        self._growing = Growing()
        self._signed = list(signed)
        self._good = 0  # the last signed size whose root was right
        self._wrong = False

    @property
    def size(self) -> int:
        """Leaves so far."""
        return self._growing.size

    def kept_leaves(self, start: int, count: int) -> bytes:
        """So many leaf hashes as they are kept, side by side."""
        if not count:
            return b""
        first, last = start // WIDTH, (start + count - 1) // WIDTH
        held = store.leaves(self._conn, self._tree, first, last)
        held = held[start % WIDTH * HASH_BYTES :][: count * HASH_BYTES]
        if len(held) != count * HASH_BYTES:
            words = f"tiles of {self._tree} hold less than was sealed"
            raise TileMissingError(words, first=start + len(held) // HASH_BYTES + 1)
        return held

    def grown(self, hashes: bytes) -> Iterator[Finding]:
        """Take these leaves."""
        new = [hashes[at : at + HASH_BYTES] for at in range(0, len(hashes), HASH_BYTES)]
        until, taken = self.size + len(new), 0
        while True:
            stop = min(until, self._signed[0][0]) if self._signed else until
            take = stop - self.size
            for at, tile in self._growing.add(new[taken : taken + take]):
                yield from self._kept(at, tile)
            taken += take
            yield from self._rooted()
            if self.size == until:
                return

    def ended(self) -> Iterator[Finding]:
        """There are no more leaves."""
        yield from self._rooted()
        for more, _ in self._signed[:1]:
            words = f"{more} {self._tree} were signed for, and there are {self.size}"
            yield Finding(self._tree, self.size + 1, "root", words)
        for at, tile in self._growing.edge():
            yield from self._kept(at, tile)

    def _rooted(self) -> Iterator[Finding]:
        while self._signed and self._signed[0][0] <= self.size:
            size, root = self._signed.pop(0)
            if self._growing.root() == root:
                self._good = size
            elif not self._wrong:
                self._wrong = True
                words = (
                    f"of the {self._tree} {self._good + 1} to {size} one was changed"
                    " together with its proof: a signed checkpoint says otherwise"
                )
                yield Finding(self._tree, self._good + 1, "root", words)

    def _kept(self, at: At, tile: bytes) -> Iterator[Finding]:
        if at.level == 0:
            return  # what the leaves were read from
        row = self._conn.execute(
            "SELECT hashes FROM sealing.tile WHERE (tree, level, nth) = (%s, %s, %s)",
            [self._tree, *at],
            binary=True,
        ).fetchone()
        if row is None or row[0][: len(tile)] != tile:  # it may have grown meanwhile
            first = at.nth * WIDTH ** (at.level + 1) + 1
            words = f"the kept tile {at.level}/{at.nth} does not fit the leaves below it"
            yield Finding(self._tree, first, "tile", words)
