"""Packs made to mislead or to break the verifier: each is refused with a sentence, signed with a good key or not."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from hypothesis import given as drawn
from hypothesis import strategies as st

from ledger.audit import verify_pack as vp
from tests.audit.packs import event, forged, signer

SIGNED = event()
CLOSE = {"type": "YearClosed", "opens": "2014-04-01", "balances": {}}


def refused(folder: Path, *lines: bytes, **how: Any) -> str:
    """The sentence with which a forged pack is refused."""
    with pytest.raises(vp.Wrong) as caught:
        vp.Pack(str(forged(folder, *(lines or (SIGNED,)), **how)))
    return str(caught.value)


def test_a_forged_pack_that_says_nothing_wrong_is_accepted(tmp_path: Path) -> None:
    assert vp.Pack(str(forged(tmp_path / "pack", SIGNED, event(2)))).told == 2


LINES: dict[str, tuple[bytes, str]] = {
    "not JSON": (b"{", "is not the JSON"),
    "a list": (b"[]", "is not a JSON object"),
    "not UTF-8": (b'{"number":"\xff"}', "is not the JSON"),
    "a key twice": (event(2)[:-1] + b',"number":2}', "says a thing twice"),
    "a key twice inside": (event(2, fact={"type": "X"}).replace(b'"type":"X"', b'"type":"X","type":"Y"'), "a thing twice"),
    "NaN": (event(2).replace(b'"number":2', b'"number":NaN'), "holds NaN"),
    "infinity": (event(2, fact={"type": "X"}).replace(b'"X"', b'"X","a":-Infinity'), "holds -Infinity"),
    "a fraction": (event(2, entries={"POOL": {"a": 0.5, "b": -0.5}}), "holds 0.5"),
    "an exponent": (event(2).replace(b'"number":2', b'"number":2e0'), "holds 2e0"),
    "a huge number": (event(2).replace(b'"number":2', b'"number":' + b"9" * 5000), "holds 99999999999999999999"),
    "deep nesting": (b'{"a":' * 100_000 + b"1" + b"}" * 100_000, "is not the JSON"),
    "no number": (event(2).replace(b'"number"', b'"nombre"'), "no proper “number”"),
    "a number that is true": (event(2).replace(b'"number":2', b'"number":true'), "no proper “number”"),
    "the number again": (event(1), "#1 stands after #1"),
    "a number left out": (event(3), "there is no #2"),
    "another ledger": (event(2, ledger="f" * 32), "is of another log"),
    "another arrangement": (event(2, arrangement="other"), "is of another log"),
    "no date": (event(2, effective_on="2014-02-30"), "date that is none"),
    "a date of another kind": (event(2, effective_on=["2014-02-03"]), "date that is none"),
    "a posting date that is none": (event(2, entries={"P": {"a": 1, "b": -1}}, posted_on={"P": "soon"}), "date that is none"),
    "no actor": (event(2, actor=None), "no proper “actor”"),
    "a fact of no type": (event(2, fact={}), "no proper “type”"),
    "entries that are a list": (event(2, entries=[]), "no proper “entries”"),
    "accounts that are a list": (event(2, entries={"POOL": [1, -1]}), "does not balance in POOL"),
    "text for money": (event(2, entries={"POOL": {"a": "1", "b": "-1"}}), "does not balance in POOL"),
    "true for money": (event(2, entries={"POOL": {"a": True, "b": -1}}), "does not balance in POOL"),
    "no balance": (event(2, entries={"POOL": {"a": 1}}), "does not balance in POOL"),
    "no balance in the second book": (event(2, entries={"A": {"a": 1, "b": -1}, "B": {"a": 1}}), "does not balance in B"),
    "a close of what was not there": (event(2, fact=CLOSE | {"balances": {"POOL": {"Cash": 5}}}), "closes POOL with other"),
    "a close without its day": (event(2, fact={"type": "YearClosed", "balances": {}}), "date that is none"),
    "a close whose balances are none": (event(2, fact=CLOSE | {"balances": {"POOL": 5}}), "no proper “POOL”"),
    "a close written so as not to be seen": (
        event(2, fact=CLOSE | {"balances": {"POOL": {}}}).replace(b"YearC", b"Year\\u0043"), "not written as a close"),
    "postings that the journal does not tell": (event(2, entries={"P": {"a": 1, "b": -1}}), "journal.csv does not say"),
    "evidence that is not told": (event(2, evidence="ab"), "evidence.csv does not say"),
    "half a pair of surrogates": (event(2, evidence="\ud800"), "evidence.csv does not say"),
}  # fmt: skip


@pytest.mark.parametrize("what", LINES)
def test_an_event_that_cannot_be_one_is_refused_though_it_is_signed(tmp_path: Path, what: str) -> None:
    line, words = LINES[what]
    assert words in refused(tmp_path / "pack", SIGNED, line)


ABOUT: dict[str, tuple[dict[str, Any], str]] = {
    "a path for a code": ({"arrangement": "../../etc/passwd"}, "not of a kind"),
    "a number for a code": ({"arrangement": 5}, "no proper “arrangement”"),
    "another version": ({"pack": 2}, "not of a kind"),
    "one thing more": ({"more": 1}, "not of a kind"),
    "books that are text": ({"books": "POOL"}, "does not say what it tells"),
    "a span with no end": ({"first": "2013-04-01"}, "does not say what it tells"),
    "a day that is none": ({"first": "2013-04-01", "after": "2014-13-01"}, "date that is none"),
    "other events": ({"events.jsonl": "00"}, "events.jsonl is not the one"),
    "other proofs": ({"proofs.json": "00"}, "proofs.json is not the one"),
}


@pytest.mark.parametrize("what", ABOUT)
def test_a_pack_that_says_nonsense_of_itself_is_refused(tmp_path: Path, what: str) -> None:
    about, words = ABOUT[what]
    assert words in refused(tmp_path / "pack", **about)


PROOFS: dict[str, tuple[Any, str]] = {
    "no lists": ({"inclusion": 1, "consistency": []}, "no proper “inclusion”"),
    "a proof that is none": ({"inclusion": [1], "consistency": []}, "a proof that is none"),
    "a path too long": ({"inclusion": [{"number": 1, "path": ["0" * 64] * 65}], "consistency": []}, "a proof that is none"),
    "a path of short hashes": ({"inclusion": [{"number": 1, "path": ["00"]}], "consistency": []}, "a proof that is none"),
    "a root that is none": ({"inclusion": [], "consistency": [{"size": 1, "path": [], "root": 5}]}, "a proof that is none"),
    "no root": ({"inclusion": [], "consistency": [{"size": 1, "path": []}]}, "a proof that is none"),
    "a place the log has not": ({"inclusion": [{"number": 9, "path": []}], "consistency": []}, "the place of #9"),
    "a place before the log": ({"inclusion": [{"number": -1, "path": []}], "consistency": []}, "the place of #-1"),
    "a proof too many": ({"inclusion": [{"number": 1, "path": ["0" * 64]}], "consistency": []}, "the place of #1"),
    "a size the log never had": (
        {"inclusion": [], "consistency": [{"size": 9, "path": [], "root": "0" * 64}]}, "what it was at 9 events"),
    "another root": ({"inclusion": [], "consistency": [{"size": 1, "path": [], "root": "0" * 64}]}, "was at 1 events"),
}  # fmt: skip


@pytest.mark.parametrize("what", PROOFS)
def test_a_proof_that_proves_nothing_is_refused(tmp_path: Path, what: str) -> None:
    proofs, words = PROOFS[what]
    assert words in refused(tmp_path / "pack", proofs=proofs)


def linked(name: str) -> Callable[[Path], object]:
    """A change that puts a link in place of a file."""

    def change(folder: Path) -> None:
        (folder / name).rename(folder / "elsewhere")
        (folder / name).symlink_to("elsewhere")

    return change


FILES: dict[str, tuple[Callable[[Path], object], str]] = {
    "a link for the pack": (linked(vp.PACK), "is missing, or not a plain file"),
    "a link for the events": (linked(vp.EVENTS), "is missing, or not a plain file"),
    "a link for the leaves": (linked("pool.leaves"), "is missing, or not a plain file"),
    "a link to a device": (
        lambda folder: ((folder / vp.JOURNAL).unlink(), (folder / vp.JOURNAL).symlink_to("/dev/zero")), "not a plain file"),
    "a pipe": (lambda folder: ((folder / vp.EVENTS).unlink(), os.mkfifo(folder / vp.EVENTS)), "not a plain file"),
    "a folder": (lambda folder: ((folder / vp.PROOFS).unlink(), (folder / vp.PROOFS).mkdir()), "not a plain file"),
    "nothing": (lambda folder: (folder / "pool.key").unlink(), "pool.key is missing"),
    "a long note": (lambda folder: (folder / "pool.key").write_bytes(b"x" * 70_000), "pool.key is too long"),
    "one leaf too many": (lambda folder: (folder / "pool.leaves").write_bytes(bytes(64)), "does not hold 1 hashes"),
    "other leaves": (lambda folder: (folder / "pool.leaves").write_bytes(bytes(32)), "does not make the root"),
    "no line break at the end": (lambda folder: (folder / vp.CLOSING).write_bytes(vp.BALANCE_ROW), "its end is missing"),
    "more than the events say": (lambda folder: (folder / vp.JOURNAL).write_bytes(vp.JOURNAL_ROW + b"\n1\n"), "says more"),
    "the pack in another form": (
        lambda folder: (folder / vp.PACK).write_bytes(json.dumps(json.loads((folder / vp.PACK).read_bytes())).encode()),
        "is not written as Poolbook writes it"),
    "another size": (
        lambda folder: (note := folder / "pool.checkpoint").write_text(note.read_text().replace("\n1\n", "\n2\n")),
        "is not signed with the key"),
    "no checkpoint": (lambda folder: (folder / "pool.checkpoint").write_text("x"), "is no checkpoint"),
    "a key of another log": (
        lambda folder: (folder / "pool.key").write_text(signer().key("poolbook/x/y").written() + "\n"), "the key is that of"),
    "a key that is none": (lambda folder: (folder / "pool.key").write_text("key\n"), "the key is none"),
}  # fmt: skip


@pytest.mark.parametrize("what", FILES)
def test_a_file_that_is_not_what_it_must_be_is_refused(tmp_path: Path, what: str) -> None:
    change, words = FILES[what]
    assert words in refused(tmp_path / "pack", change=change)


def test_what_a_hostile_pack_says_reaches_the_terminal_escaped(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = forged(tmp_path / "pack", SIGNED, event(2, entries={"\x1b[2J\ud800": {"a": 1}}))
    assert vp.main([str(folder)]) == 1
    assert capsys.readouterr().out == "WRONG: #2 does not balance in \\x1b[2J\\ud800.\n"


# RFC 8032 §7.1: secret key, public key, message, signature.
RFC_8032 = [
    ("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
     "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e"
     "7a100b"),
    ("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
     "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612"
     "bb0c00"),
    ("fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
     "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea"
     "1ec40a"),
]  # fmt: skip


@pytest.mark.parametrize(("public", "message", "signature"), RFC_8032)
def test_the_published_signatures_are_good_and_nothing_near_them(public: str, message: str, signature: str) -> None:
    key, text, made = bytes.fromhex(public), bytes.fromhex(message), bytes.fromhex(signature)
    assert vp.ed25519(key, text, made)
    assert not vp.ed25519(key, text + b"x", made)
    assert not vp.ed25519(bytes([key[0] ^ 1, *key[1:]]), text, made)
    assert not vp.ed25519(key, text, made[:-1])
    assert not vp.ed25519(key[:-1], text, made)
    s = int.from_bytes(made[32:], "little") + vp.L
    assert not vp.ed25519(key, text, made[:32] + s.to_bytes(32, "little"))


@pytest.mark.parametrize("small", [bytes([1, *bytes(31)]), bytes(32), bytes([*bytes(31), 0x80]), vp.P.to_bytes(32, "little"),
                                   bytes.fromhex("ec" + "ff" * 30 + "7f"), b"\xff" * 32])  # fmt: skip
def test_a_key_of_small_order_signs_nothing(small: bytes) -> None:
    """With such a key R = S = 0 could pass for a signature of anything."""
    assert not vp.ed25519(small, b"text", bytes([1, *bytes(63)]))


@drawn(seed=st.binary(min_size=32, max_size=32), text=st.binary(max_size=80), bit=st.integers(0, 511))
def test_signatures_are_judged_as_an_independent_library_judges_them(seed: bytes, text: bytes, bit: int) -> None:
    own = signer(seed)
    made = own.sign(text)
    assert vp.ed25519(own.public, text, made)
    flipped = (int.from_bytes(made, "big") ^ 1 << bit).to_bytes(64, "big")
    try:
        Ed25519PublicKey.from_public_bytes(own.public).verify(flipped, text)
        good = True
    except InvalidSignature:
        good = False
    assert vp.ed25519(own.public, text, flipped) == good
