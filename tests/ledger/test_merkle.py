"""The Merkle log against the published vectors of Certificate Transparency, and against the definition of RFC 6962."""

from __future__ import annotations

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.store.merkle import Frontier, leaf_hash

LEAVES = [
    bytes.fromhex(leaf)
    for leaf in (
        "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
    )
]  # fmt: skip
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
"""The roots of the first 0, 1, 2 … 8 leaves."""


def tree(leaves: list[bytes]) -> bytes:
    """The Merkle tree hash as RFC 6962 §2.1 defines it."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return sha256(b"\x00" + leaves[0]).digest()
    half = 1 << (len(leaves) - 1).bit_length() - 1
    return sha256(b"\x01" + tree(leaves[:half]) + tree(leaves[half:])).digest()


def grown(leaves: list[bytes]) -> Frontier:
    frontier = Frontier()
    for leaf in leaves:
        frontier.append(leaf_hash(leaf))
    return frontier


@pytest.mark.parametrize("size", range(9))
def test_the_published_roots(size: int) -> None:
    assert grown(LEAVES[:size]).root().hex() == ROOTS[size]
    assert tree(LEAVES[:size]).hex() == ROOTS[size]


def test_the_frontier_gives_the_root_that_the_definition_gives_at_every_size() -> None:
    leaves = [number.to_bytes(2, "big") for number in range(130)]
    frontier = Frontier()
    for size in range(131):
        assert (frontier.size, frontier.root()) == (size, tree(leaves[:size]))
        assert len(frontier.edge()) == 32 * size.bit_count()
        kept = Frontier(size, frontier.edge())
        assert kept.root() == frontier.root()
        if size < 130:
            frontier = kept
            frontier.append(leaf_hash(leaves[size]))


@given(parts=st.lists(st.integers(0, 40), max_size=8))
def test_many_leaves_at_once_are_one_after_another(parts: list[int]) -> None:
    leaves = [number.to_bytes(2, "big") for number in range(sum(parts))]
    together, at = Frontier(), 0
    for part in parts:
        together.extend([leaf_hash(leaf) for leaf in leaves[at : at + part]])
        at += part
    assert (together.size, together.edge()) == (len(leaves), grown(leaves).edge())


@given(full=st.integers(0, 5), more=st.integers(1, 16))
def test_a_tree_follows_another_by_its_edge(full: int, more: int) -> None:
    leaves = [number.to_bytes(2, "big") for number in range(16 * full + more)]
    frontier = grown(leaves[: 16 * full])
    frontier.follow(grown(leaves[16 * full :]).edge(), more)
    assert (frontier.size, frontier.edge()) == (len(leaves), grown(leaves).edge())


def test_a_subtree_stands_only_where_it_fits() -> None:
    with pytest.raises(ValueError, match="a subtree of 2 leaves cannot stand after 1"):
        grown([b"a"]).follow(grown([b"b", b"c"]).edge(), 2)


@pytest.mark.parametrize(("size", "edge"), [(1, b""), (0, bytes(32)), (3, bytes(32)), (4, bytes(64)), (1, bytes(33))])
def test_an_edge_that_does_not_fit_the_size_is_refused(size: int, edge: bytes) -> None:
    with pytest.raises(ValueError, match=f"a tree of {size} leaves has an edge of"):
        Frontier(size, edge)


def test_leaves_and_nodes_are_told_apart() -> None:
    left, right = leaf_hash(b"a"), leaf_hash(b"b")
    assert leaf_hash(left + right) != grown([b"a", b"b"]).root()
