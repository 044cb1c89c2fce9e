"""The tree of RFC 6962 as its text defines it, over lists: the second opinion."""

from collections.abc import Sequence
from hashlib import sha256

from infra.proof.tiles import At, Growing


def mth(leaves: Sequence[bytes]) -> bytes:
    """Merkle Tree Hash (RFC 6962, 2.1)."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return sha256(b"\x00" + leaves[0]).digest()
    k = below(len(leaves))
    return sha256(b"\x01" + mth(leaves[:k]) + mth(leaves[k:])).digest()


def path(m: int, leaves: Sequence[bytes]) -> list[bytes]:
    """Merkle Audit Path (2.1.1)."""
    if len(leaves) == 1:
        return []
    k = below(len(leaves))
    if m < k:
        return [*path(m, leaves[:k]), mth(leaves[k:])]
    return [*path(m - k, leaves[k:]), mth(leaves[:k])]


def proof(m: int, leaves: Sequence[bytes]) -> list[bytes]:
    """Merkle Consistency Proof (2.1.2)."""
    return subproof(m, leaves, whole=True)


def subproof(m: int, leaves: Sequence[bytes], *, whole: bool) -> list[bytes]:
    if m == len(leaves):
        return [] if whole else [mth(leaves)]
    k = below(len(leaves))
    if m <= k:
        return [*subproof(m, leaves[:k], whole=whole), mth(leaves[k:])]
    return [*subproof(m - k, leaves[k:], whole=False), mth(leaves[:k])]


def below(n: int) -> int:
    """The largest power of two smaller than n."""
    k = 1
    while k * 2 < n:
        k *= 2
    return k


class Kept:
    """A tree whose tiles are in a dict."""

    def __init__(self) -> None:
        self.tiles: dict[At, bytes] = {}
        self.growing = Growing()

    def add(self, hashes: Sequence[bytes]) -> None:
        self.tiles.update(self.growing.add(hashes))
        self.tiles.update(self.growing.edge())

    def tile(self, at: At) -> bytes:
        return self.tiles[at]
