"""The log: one RFC 6962 Merkle tree per arrangement over the bytes of its events.

A leaf is SHA-256(0x00‖bytes), a node SHA-256(0x01‖left‖right). The frontier is the tree's right edge: the roots of its
full subtrees, largest first, one for each bit set in the number of leaves. It serves both append and root.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from hashlib import sha256

HASH = 32
EMPTY_ROOT = sha256(b"").digest()


def leaf_hash(raw: bytes) -> bytes:
    """The hash of a leaf (RFC 6962 §2.1)."""
    return sha256(b"\x00" + raw).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of an inner node (RFC 6962 §2.1)."""
    return sha256(b"\x01" + left + right).digest()


class Frontier:
    """The right edge of a tree of `size` leaves."""

    def __init__(self, size: int = 0, edge: bytes = b"") -> None:
        self.size = size
        self._edge = [edge[at : at + HASH] for at in range(0, len(edge), HASH)]
        if len(self._edge) != size.bit_count():
            raise ValueError(f"a tree of {size} leaves has an edge of {size.bit_count()} hashes, not {len(self._edge)}")

    def append(self, leaf: bytes) -> None:
        """Extend the tree by one leaf hash."""
        self._join(leaf, 1)

    def extend(self, leaves: Sequence[bytes]) -> None:
        """Extend the tree by many leaf hashes, a full subtree at a time."""
        at = 0
        while at < len(leaves):
            width = _fitting(self.size, len(leaves) - at)
            self._join(_full(leaves[at : at + width]), width)
            at += width

    def follow(self, edge: bytes, size: int) -> None:
        """Extend the tree by another's leaves, of which only its edge is known.

        The leaves here must be a multiple of the other's largest subtree.
        """
        other = Frontier(size, edge)
        for bit, node in zip(reversed(list(_bits(size))), other._edge, strict=True):
            self._join(node, bit)

    def _join(self, node: bytes, width: int) -> None:
        if self.size % width:
            raise ValueError(f"a subtree of {width} leaves cannot stand after {self.size}")
        nodes = self.size // width
        while nodes & 1:
            node = node_hash(self._edge.pop(), node)
            nodes >>= 1
        self._edge.append(node)
        self.size += width

    def root(self) -> bytes:
        """The hash of the whole tree."""
        if not self._edge:
            return EMPTY_ROOT
        root = self._edge[-1]
        for left in reversed(self._edge[:-1]):
            root = node_hash(left, root)
        return root

    def edge(self) -> bytes:
        """The frontier's hashes, one after another, as the head keeps them."""
        return b"".join(self._edge)


def _bits(number: int) -> Iterator[int]:
    """The powers of two that a number is the sum of, smallest first."""
    while number:
        lowest = number & -number
        yield lowest
        number ^= lowest


def _fitting(size: int, left: int) -> int:
    """How many leaves the largest full subtree holds that can follow `size` leaves and takes at most `left`."""
    largest: int = 1 << (left.bit_length() - 1)
    return min(largest, size & -size) if size else largest


def _full(nodes: Sequence[bytes]) -> bytes:
    """The root of a full subtree."""
    while len(nodes) > 1:
        pairs = iter(nodes)
        nodes = [sha256(b"\x01" + left + right).digest() for left, right in zip(pairs, pairs, strict=True)]
    return nodes[0]
