"""The tree of RFC 6962: its root and its proofs. Who checks them is `verify.py`."""

from collections.abc import Callable
from hashlib import sha256

HASH_BYTES = 32
EMPTY = sha256(b"").digest()  # the root of no leaves

# The root of the 2**level leaves that begin at leaf index * 2**level.
Node = Callable[[int, int], bytes]


class ProofError(ValueError):
    """There is no such proof."""


def leaf_hash(leaf: bytes) -> bytes:
    """A leaf: the first byte keeps it from being taken for a node."""
    return sha256(b"\0" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """What stands above two."""
    return sha256(b"\1" + left + right).digest()


def halved(hashes: bytes) -> bytes:
    """The root of 1, 2, 4 … hashes that stand side by side."""
    while len(hashes) > HASH_BYTES:
        pair = 2 * HASH_BYTES
        hashes = b"".join(
            sha256(b"\1" + hashes[at : at + pair]).digest()
            for at in range(0, len(hashes), pair)
        )
    return hashes


def root(node: Node, size: int) -> bytes:
    """The root over the first *size* leaves."""
    return _range(node, 0, size) if size else EMPTY


def inclusion(node: Node, index: int, size: int) -> list[bytes]:
    """The path from a leaf to the root over *size* leaves, from the bottom up."""
    if not 0 <= index < size:
        raise ProofError(f"no leaf {index} among {size}")
    start, end, path = 0, size, []
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            path.append(_range(node, middle, end))
            end = middle
        else:
            path.append(_range(node, start, middle))
            start = middle
    return path[::-1]


def consistency(node: Node, old: int, new: int) -> list[bytes]:
    """What shows that the first *old* of *new* leaves are what they were."""
    if not 0 < old <= new:
        raise ProofError(f"no proof from {old} to {new}")
    start, end, whole, path = 0, new, True, []
    while end != old:
        middle = start + _split(end - start)
        if old <= middle:
            path.append(_range(node, middle, end))
            end = middle
        else:
            path.append(_range(node, start, middle))
            start, whole = middle, False
    if not whole:
        path.append(_range(node, start, end))
    return path[::-1]


def _range(node: Node, start: int, end: int) -> bytes:
    """The root of these leaves; their number is a power of two, or they end the tree."""
    count = end - start
    if count & (count - 1) == 0:
        level = count.bit_length() - 1
        return node(level, start >> level)
    middle = start + _split(count)
    return node_hash(_range(node, start, middle), _range(node, middle, end))


def _split(count: int) -> int:
    """The largest power of two below."""
    return 1 << (count - 1).bit_length() - 1
