"""Proofs against published vectors, those to be refused too; against the definition; and against an independent library."""

from __future__ import annotations

import json
from base64 import b64decode
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pymerkle import InmemoryTree

from ledger.audit.proofs import consistency_spans, consistent, includes, inclusion_spans, roots
from ledger.store.merkle import Frontier, leaf_hash

VECTORS = json.loads((Path(__file__).parent / "vectors" / "merkle_proofs.json").read_text())
ENTRIES = [number.to_bytes(2, "big") for number in range(70)]
LEAVES = [leaf_hash(entry) for entry in ENTRIES]

# The proofs of the eight leaves of RFC 6962's reference implementation: index, size, and the nodes that prove it.
PATHS = [
    (0, 1, []),
    (0, 8, ["96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"]),
    (5, 8, ["bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"]),
    (2, 3, ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"]),
    (1, 5, ["6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"]),
]  # fmt: skip
STEPS = [
    (1, 1, []),
    (1, 8, ["96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"]),
    (6, 8, ["0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"]),
    (2, 5, ["5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"]),
]  # fmt: skip


def root(size: int, leaves: list[bytes] = LEAVES) -> bytes:
    """The root of the first leaves."""
    tree = Frontier()
    tree.extend(leaves[:size])
    return tree.root()


def reference_leaves() -> list[bytes]:
    """The leaf hashes of RFC 6962's reference implementation."""
    from tests.ledger.test_merkle import LEAVES as REFERENCE

    return [leaf_hash(leaf) for leaf in REFERENCE]


@pytest.mark.parametrize(("index", "size", "path"), PATHS)
def test_the_published_inclusion_proofs(index: int, size: int, path: list[str]) -> None:
    leaves = reference_leaves()
    made = roots([leaves[:3], leaves[3:]], inclusion_spans(index, size))
    assert [node.hex() for node in made] == path
    assert includes(root(size, leaves), size, index, leaves[index], made)


@pytest.mark.parametrize(("earlier", "later", "path"), STEPS)
def test_the_published_consistency_proofs(earlier: int, later: int, path: list[str]) -> None:
    leaves = reference_leaves()
    made = roots([leaves], consistency_spans(earlier, later))
    assert [node.hex() for node in made] == path
    assert consistent(earlier, root(earlier, leaves), later, root(later, leaves), made)


@pytest.mark.parametrize("vector", VECTORS["inclusion"], ids=lambda vector: vector["name"])
def test_published_inclusion_vectors_good_and_bad(vector: dict[str, Any]) -> None:
    proof = [b64decode(node) for node in vector["proof"]]
    leaf, top = b64decode(vector["leafHash"] or ""), b64decode(vector["root"] or "")
    assert includes(top, vector["treeSize"], vector["leafIdx"], leaf, proof) is not vector["wantErr"]


@pytest.mark.parametrize("vector", VECTORS["consistency"], ids=lambda vector: vector["name"])
def test_published_consistency_vectors_good_and_bad(vector: dict[str, Any]) -> None:
    proof = [b64decode(node) for node in vector["proof"]]
    tops = b64decode(vector["root1"] or ""), b64decode(vector["root2"] or "")
    assert consistent(vector["size1"], tops[0], vector["size2"], tops[1], proof) is not vector["wantErr"]


def test_the_vectors_are_all_there() -> None:
    assert {kind: (len(some), sum(each["wantErr"] for each in some)) for kind, some in VECTORS.items()} == {
        "inclusion": (98, 92), "consistency": (98, 92),
    }  # fmt: skip


@given(size=st.integers(1, 70), data=st.data())
def test_every_leaf_is_proved_and_no_other_in_its_place(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    proof = roots([LEAVES], inclusion_spans(index, size))
    assert includes(root(size), size, index, LEAVES[index], proof)
    other = data.draw(st.integers(0, 69).filter(lambda at: at != index))
    assert not includes(root(size), size, index, LEAVES[other], proof)
    assert not includes(root(size), size, other, LEAVES[index], proof)
    assert not includes(root(size + 1), size, index, LEAVES[index], proof) or size == 70


@given(later=st.integers(1, 70), data=st.data())
def test_every_earlier_tree_is_proved_and_no_other(later: int, data: st.DataObject) -> None:
    earlier = data.draw(st.integers(1, later))
    proof = roots([LEAVES[:9], LEAVES[9:]], consistency_spans(earlier, later))
    assert consistent(earlier, root(earlier), later, root(later), proof)
    changed = data.draw(st.integers(0, earlier - 1))
    rewritten = [*LEAVES[:changed], leaf_hash(b"x"), *LEAVES[changed + 1 :]]
    again = roots([rewritten], consistency_spans(earlier, later))
    assert not consistent(earlier, root(earlier), later, root(later, rewritten), again)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_an_independent_library_makes_the_same_roots_and_nodes() -> None:
    tree = InmemoryTree(algorithm="sha256")
    for size in range(1, 40):
        tree.append_entry(ENTRIES[size - 1])
        assert tree.get_state() == root(size)
        for index in range(size):
            theirs = tree.prove_inclusion(index + 1, size).path
            assert {*roots([LEAVES], inclusion_spans(index, size)), LEAVES[index]} == set(theirs)
            steps = roots([LEAVES], consistency_spans(index + 1, size))
            assert consistent(index + 1, tree.get_state(index + 1), size, tree.get_state(), steps)


@pytest.mark.parametrize(("spans", "arguments"), [(inclusion_spans, (3, 3)), (inclusion_spans, (-1, 3)),
                                                  (consistency_spans, (0, 3)), (consistency_spans, (4, 3))])  # fmt: skip
def test_a_proof_of_what_cannot_be_is_not_made(spans: Any, arguments: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="a tree of 3 leaves"):
        spans(*arguments)


def test_a_log_too_short_for_its_proof_is_refused() -> None:
    with pytest.raises(ValueError, match="the log has 4 leaves"):
        roots([LEAVES[:4]], [(0, 5)])
