"""The log: one RFC 6962 Merkle tree per arrangement over the bytes of its events.

A leaf is SHA-256(0x00‖bytes), a node SHA-256(0x01‖left‖right). The frontier is the tree's right edge: the roots of its
full subtrees, largest first, one for each bit set in the number of leaves. It serves both append and root.
"""

from __future__ import annotations

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
        joined, size = leaf, self.size
        while size & 1:
            joined = node_hash(self._edge.pop(), joined)
            size >>= 1
        self._edge.append(joined)
        self.size += 1

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
