"""Tiles: the tree as it is kept, 256 hashes a row; a full one never changes."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple

from infra.proof.merkle import EMPTY, HASH_BYTES, Node, halved, node_hash

HEIGHT = 8  # levels of the tree in one tile
WIDTH = 2**HEIGHT
TILE_BYTES = WIDTH * HASH_BYTES


class At(NamedTuple):
    """Which tile: its level, counted in tiles from the leaves, and its place in it."""

    level: int
    nth: int


class TileMissingError(Exception):
    """A tile of the tree is not there, or holds less than it should: an alarm."""

    def __init__(self, words: str, *, first: int = 1) -> None:
        """*first*: the leaf, counted from 1, that is the first without a place."""
        super().__init__(words)
        self.first = first


def nodes(tile: Callable[[At], bytes]) -> Node:
    """The nodes of the tree, from its tiles."""

    def node(level: int, index: int) -> bytes:
        tiles_up, height = divmod(level, HEIGHT)
        nth, first = divmod(index << height, WIDTH)
        start, end = first * HASH_BYTES, (first + 2**height) * HASH_BYTES
        hashes = tile(At(tiles_up, nth))[start:end]
        if len(hashes) != end - start:
            raise TileMissingError(f"tile {tiles_up}/{nth} holds too little")
        return halved(hashes)

    return node


class Growing:
    """The right edge of a tree: enough to take new leaves and to name the root."""

    def __init__(self, size: int = 0, edge: Mapping[int, bytes] | None = None) -> None:
        """*edge*: the open tile of each level, as `edge_of` says which."""
        self.size = size
        self._open = [bytearray((edge or {}).get(at.level, b"")) for at in edge_of(size)]
        for at, held in zip(edge_of(size), self._open, strict=True):
            if len(held) != (size >> at.level * HEIGHT) % WIDTH * HASH_BYTES:
                raise TileMissingError(f"tile {at.level}/{at.nth} is not of {size} leaves")

    def add(self, hashes: Iterable[bytes]) -> Iterator[tuple[At, bytes]]:
        """Take leaf hashes; each tile that is full by then."""
        for each in hashes:
            if not self._open:
                self._open.append(bytearray())
            self._open[0] += each
            self.size += 1
            if len(self._open[0]) == TILE_BYTES:
                yield from self._closed()

    def edge(self) -> Iterator[tuple[At, bytes]]:
        """The tiles that are not full yet."""
        for at, held in zip(edge_of(self.size), self._open, strict=True):
            if held:
                yield at, bytes(held)

    def root(self) -> bytes:
        """Over all leaves so far."""
        found = b""
        for held in self._open:
            end = len(held)
            for height in range(HEIGHT):
                if end // HASH_BYTES & 2**height:
                    start = end - 2**height * HASH_BYTES
                    left = halved(bytes(held[start:end]))
                    found = node_hash(left, found) if found else left
                    end = start
        return found or EMPTY

    def _closed(self) -> Iterator[tuple[At, bytes]]:
        level = 0
        while len(self._open[level]) == TILE_BYTES:
            full = bytes(self._open[level])
            yield At(level, (self.size >> (level + 1) * HEIGHT) - 1), full
            self._open[level] = bytearray()
            level += 1
            if level == len(self._open):
                self._open.append(bytearray())
            self._open[level] += halved(full)


def edge_of(size: int) -> list[At]:
    """The tile of each level that the next hash goes into, in a tree of *size* leaves."""
    found = []
    level = 0
    while size >> level * HEIGHT:
        found.append(At(level, size >> (level + 1) * HEIGHT))
        level += 1
    return found
