"""Proofs about a log: that an event stands in it, and that a later log holds all of an earlier one (RFC 9162 §2.1).

A proof is the roots of some subtrees, each a range of leaves. So making one is: name the ranges, then pass over the leaves
once and fold each range as it comes by; a log of any length needs little memory. Checking needs no log at all.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

from ledger.store.merkle import HASH, Frontier, node_hash

Span: TypeAlias = tuple[int, int]
"""A subtree's leaves: the first, counted from 0, and the one after the last."""


def inclusion_spans(index: int, size: int) -> list[Span]:
    """The subtrees whose roots prove that leaf `index` (from 0) stands in a tree of `size` leaves (§2.1.3.1)."""
    if not 0 <= index < size:
        raise ValueError(f"a tree of {size} leaves has no leaf {index}")
    first, last = 0, size
    spans: list[Span] = []
    while last - first > 1:
        middle = first + _left(last - first)
        if index < middle:
            spans.append((middle, last))
            last = middle
        else:
            spans.append((first, middle))
            first = middle
    return spans[::-1]


def consistency_spans(earlier: int, later: int) -> list[Span]:
    """The subtrees whose roots prove that a tree of `later` leaves begins with one of `earlier` (§2.1.4.1)."""
    if not 0 < earlier <= later:
        raise ValueError(f"a tree of {later} leaves cannot be held against one of {earlier}")
    first, last, whole = 0, later, True
    spans: list[Span] = []
    while earlier != last:
        middle = first + _left(last - first)
        if earlier <= middle:
            spans.append((middle, last))
            last = middle
        else:
            spans.append((first, middle))
            first, whole = middle, False
    if not whole:
        spans.append((first, last))
    return spans[::-1]


def roots(leaves: Iterable[list[bytes]], spans: Iterable[Span]) -> list[bytes]:
    """The root of each span, in one pass over a log's leaf hashes, which come some at a time."""
    wanted = list(spans)
    trees = [Frontier() for _ in wanted]
    at = 0
    for some in leaves:
        for (first, last), tree in zip(wanted, trees, strict=True):
            tree.extend(some[max(first - at, 0) : max(last - at, 0)])
        at += len(some)
    if any(last > at for _first, last in wanted):
        raise ValueError(f"the log has {at} leaves, too few for this proof")
    return [tree.root() for tree in trees]


def roots_at(leaves: Iterable[list[bytes]], sizes: Iterable[int]) -> dict[int, bytes]:
    """The root of a log at each of some sizes, and of the whole of it under its own, in one pass over its leaf hashes."""
    tree = Frontier()
    found: dict[int, bytes] = {}
    marks = sorted(set(sizes), reverse=True)
    for some in leaves:
        at = 0
        while marks and marks[-1] <= tree.size + len(some) - at:
            step = marks[-1] - tree.size
            tree.extend(some[at : at + step])
            at += step
            found[marks.pop()] = tree.root()
        tree.extend(some[at:])
    return found | {tree.size: tree.root()}


def includes(root: bytes, size: int, index: int, leaf: bytes, proof: list[bytes]) -> bool:
    """Whether a proof shows that a leaf hash stands at `index` (from 0) of the tree of that root and size (§2.1.3.2)."""
    if not 0 <= index < size or not _hashes(root, leaf, *proof):
        return False
    node, last, found = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return False
        if node & 1 or node == last:
            found = node_hash(sibling, found)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            found = node_hash(found, sibling)
        node, last = node >> 1, last >> 1
    return last == 0 and found == root


def consistent(earlier: int, earlier_root: bytes, later: int, later_root: bytes, proof: list[bytes]) -> bool:
    """Whether a proof shows that the later tree begins with the earlier one (§2.1.4.2)."""
    if not 0 < earlier <= later:
        return False
    if earlier == later:
        return not proof and earlier_root == later_root
    path = [earlier_root, *proof] if earlier & (earlier - 1) == 0 else list(proof)
    if not path or not _hashes(earlier_root, later_root, *path):
        return False
    node, last = earlier - 1, later - 1
    while node & 1:
        node, last = node >> 1, last >> 1
    was = now = path[0]
    for sibling in path[1:]:
        if last == 0:
            return False
        if node & 1 or node == last:
            was, now = node_hash(sibling, was), node_hash(sibling, now)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            now = node_hash(now, sibling)
        node, last = node >> 1, last >> 1
    return last == 0 and was == earlier_root and now == later_root


def _hashes(*nodes: bytes) -> bool:
    return all(len(node) == HASH for node in nodes)


def _left(size: int) -> int:
    """How many leaves stand in the left part of a tree: the largest power of two below its size."""
    return 1 << ((size - 1).bit_length() - 1)
