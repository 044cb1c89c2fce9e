"""The tree: the vectors of RFC 6962, every proof of every size, and no wrong one."""

import random
from itertools import pairwise

import pytest

from infra.proof import merkle
from infra.proof.merkle import ProofError, leaf_hash
from infra.proof.tiles import At, Growing, TileMissingError, edge_of, nodes
from infra.proof.verify import Wrong, extended, included
from tests.infra.proof.trees import Kept, mth, path, proof

# The reference leaves of Certificate Transparency, and the root over the first n of them.
LEAVES = [
    bytes.fromhex(leaf)
    for leaf in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = (
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)
MANY = [n.to_bytes(4) for n in range(66_000)]
SIZES = (1, 2, 3, 7, 64, 100, 255, 256, 257, 511, 512, 700)


def kept(leaves: list[bytes]) -> Kept:
    tree = Kept()
    tree.add([leaf_hash(leaf) for leaf in leaves])
    return tree


@pytest.mark.parametrize("size", range(9))
def test_the_roots_are_those_of_the_reference(size: int) -> None:
    tree = kept(LEAVES[:size])

    assert tree.growing.root().hex() == ROOTS[size]
    assert merkle.root(nodes(tree.tile), size).hex() == ROOTS[size]
    assert mth(LEAVES[:size]).hex() == ROOTS[size]


def test_every_inclusion_proof_is_the_one_of_the_definition_and_holds() -> None:
    for size in (*range(1, 40), 255, 256, 257):
        node = nodes(kept(MANY[:size]).tile)
        whole = mth(MANY[:size])
        for index in range(size):
            found = merkle.inclusion(node, index, size)
            if size < 40:
                assert found == path(index, MANY[:size])
            assert included(leaf_hash(MANY[index]), index, size, found) == whole


def test_every_consistency_proof_is_the_one_of_the_definition_and_holds() -> None:
    for new in (*range(1, 40), 256, 300):
        node = nodes(kept(MANY[:new]).tile)
        roots = {old: merkle.root(node, old) for old in range(1, new + 1)}
        for old in range(1, new + 1):
            found = merkle.consistency(node, old, new)
            if new < 40:
                assert found == proof(old, MANY[:new])
            assert extended(roots[old], old, new, found) == (roots[old], roots[new])


def test_a_tree_grown_in_any_steps_is_the_same_tree() -> None:
    chance = random.Random(6962)  # noqa: S311 the same every time
    whole = kept(MANY)
    cuts = sorted({0, len(MANY), 65_536, *(chance.randrange(len(MANY)) for _ in range(40))})
    tree = Kept()
    for start, end in pairwise(cuts):
        edge = {at.level: tree.tiles.get(at, b"") for at in edge_of(start)}
        tree.growing = Growing(start, edge)  # as after a restart
        tree.add([leaf_hash(leaf) for leaf in MANY[start:end]])
        assert tree.growing.root() == merkle.root(nodes(whole.tile), end)

    assert tree.tiles == whole.tiles


def test_a_proof_that_was_changed_at_all_shows_nothing() -> None:
    chance = random.Random(1)  # noqa: S311 the same every time
    node = nodes(kept(MANY[:700]).tile)
    for size in SIZES:
        whole = merkle.root(node, size)
        for index in {0, size // 3, size - 1}:
            leaf, path = leaf_hash(MANY[index]), merkle.inclusion(node, index, size)
            assert stands(whole, leaf, index, size, path)
            for wrong in changed(chance, path):
                assert not stands(whole, leaf, index, size, wrong)
            for place in ((index + 1, size), (index, size * 2), (index, 0), (-1, size)):
                assert not stands(whole, leaf, *place, path)
        for new in {size + 1, 700} - {size, 701}:
            after, path = merkle.root(node, new), merkle.consistency(node, size, new)
            assert begins(whole, after, size, new, path)
            assert not begins(after, whole, size, new, path)
            for wrong in changed(chance, path):
                assert not begins(whole, after, size, new, wrong)


def stands(whole: bytes, leaf: bytes, index: int, size: int, path: list[bytes]) -> bool:
    try:
        return included(leaf, index, size, path) == whole
    except Wrong:
        return False


def begins(whole: bytes, after: bytes, old: int, new: int, path: list[bytes]) -> bool:
    try:
        return extended(whole, old, new, path) == (whole, after)
    except Wrong:
        return False


def changed(chance: random.Random, found: list[bytes]) -> list[list[bytes]]:
    """The path with a bit turned, one left out, one more, and turned round."""
    wrong = [[*found, b"\0" * 32], [b"\0" * 32, *found]]
    for at, each in enumerate(found):
        bit = 1 << chance.randrange(256)
        other = (int.from_bytes(each) ^ bit).to_bytes(32)
        wrong += [[*found[:at], other, *found[at + 1 :]], [*found[:at], *found[at + 1 :]]]
    if found != found[::-1]:
        wrong.append(found[::-1])
    return wrong


def test_of_what_is_not_there_nothing_is_proved() -> None:
    node = nodes(kept(MANY[:7]).tile)
    for index, size in ((7, 7), (-1, 7), (0, 0)):
        with pytest.raises(ProofError):
            merkle.inclusion(node, index, size)
    for old, new in ((0, 7), (7, 6)):
        with pytest.raises(ProofError):
            merkle.consistency(node, old, new)


def test_a_tile_that_lost_something_is_said_and_not_guessed() -> None:
    tree = kept(MANY[:300])
    tree.tiles[At(0, 1)] = tree.tiles[At(0, 1)][:-1]

    with pytest.raises(TileMissingError):
        merkle.root(nodes(tree.tile), 300)
    with pytest.raises(TileMissingError):
        Growing(300, {0: tree.tiles[At(0, 1)], 1: tree.tiles[At(1, 0)]})
