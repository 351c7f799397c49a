"""Signed notes, keys and checkpoints as their specifications write them, and everything else refused with a sentence."""

from __future__ import annotations

from base64 import b64encode

import pytest

from ledger.audit.checkpoint import Checkpoint, origin, read_checkpoint
from ledger.audit.note import COSIGNATURE, Key, Note, read_key, read_note
from ledger.audit.signing import cosigned_text, signs

# The example of Go's note package, which the specification was written after.
KNOWN = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
SIGNED = """\
If you think cryptography is the answer to your problem,
then you don't know what your problem is.

— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=
"""
# The example of C2SP tlog-cosignature.
COSIGNED = """\
example.com/behind-the-sofa
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
— witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBI\
fZ+qnA==
"""
LOG = origin("0123456789abcdef0123456789abcdef", "pool")


def test_the_published_note_is_read_and_its_signature_good() -> None:
    note, key = read_note(SIGNED.encode()), read_key(KNOWN)
    assert (note.written(), key.written()) == (SIGNED, KNOWN)
    assert signs(note, key)
    assert not signs(note._replace(text=note.text.replace("answer", "anwser")), key)
    assert not signs(note, Key("PeterNeumann", 1, bytes(32)))
    assert not signs(Note(note.text, ()), key)


def test_a_bad_signature_beside_a_good_one_spoils_the_note() -> None:
    note = read_note(SIGNED.encode())
    (good,) = note.signatures
    assert not signs(Note(note.text, (good, good._replace(made=bytes(64)))), read_key(KNOWN))
    assert signs(Note(note.text, (good, good._replace(name="Other", made=b"x"))), read_key(KNOWN))


def test_the_published_cosignature_is_read_and_signs_what_the_specification_says() -> None:
    note = read_note(COSIGNED.encode())
    assert note.written() == COSIGNED
    made = note.signatures[1].made
    assert int.from_bytes(made[:8], "big") == 1679315147
    said = cosigned_text(note.text, 1679315147).decode().splitlines()
    assert said == ["cosignature/v1", "time 1679315147", *COSIGNED.splitlines()[:3]]
    assert not signs(note, Key("witness.example.com/w1", COSIGNATURE, bytes(32)))


BAD_NOTES = {
    "empty": b"",
    "no signature": b"text\n",
    "no blank line": SIGNED.replace("\n\n", "\n").encode(),
    "no line break at the end": SIGNED[:-1].encode(),
    "a hyphen for the dash": SIGNED.replace("—", "-").encode(),
    "two blanks": SIGNED.replace("— ", "—  ").encode(),
    "a name with a plus": SIGNED.replace("PeterNeumann", "Peter+Neumann").encode(),
    "base64 cut short": SIGNED.replace("nAM=", "nAM").encode(),
    "base64 of another form": SIGNED.replace("nAM=", "nAN=").encode(),
    "a signature of an id alone": "text\n\n— name AAAAAA==\n".encode(),
    "carriage returns": SIGNED.replace("\n", "\r\n").encode(),
    "a NUL": SIGNED.replace("If", "I\0").encode(),
    "not UTF-8": SIGNED.encode("utf-16"),
    "too long": b"x" * 70_000,
    "too many signatures": b"text\n\n" + SIGNED.split("\n\n")[1].encode() * 101,
}


@pytest.mark.parametrize("what", BAD_NOTES)
def test_what_is_no_note_is_refused(what: str) -> None:
    with pytest.raises(ValueError, match="a sign"):
        read_note(BAD_NOTES[what])


BAD_KEYS = ["", "name", "name+01020304", KNOWN[:-1], KNOWN.replace("c74f", "c74e"), KNOWN.replace("Neu", "Neo"),
            KNOWN.replace("r", " r", 1), "x+00000000+" + b64encode(b"\x09" + bytes(32)).decode(),
            "x+00000000+" + b64encode(bytes(9)).decode()]  # fmt: skip


@pytest.mark.parametrize("vkey", BAD_KEYS)
def test_what_is_no_key_is_refused(vkey: str) -> None:
    with pytest.raises(ValueError, match=r"^(a|the) key "):
        read_key(vkey)


def test_a_checkpoint_is_three_lines() -> None:
    checkpoint = Checkpoint(LOG, 7, bytes(range(32)))
    note = Note(checkpoint.body(), read_note(SIGNED.encode()).signatures)
    assert checkpoint.body() == f"{LOG}\n7\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n"
    assert read_checkpoint(note.written().encode()) == (checkpoint, note)
    assert (checkpoint.ledger_id, checkpoint.arrangement) == ("0123456789abcdef0123456789abcdef", "pool")
    more = note._replace(text=note.text + "an extension\n")
    assert read_checkpoint(more.written().encode())[0] == checkpoint


ROOT = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
BAD_CHECKPOINTS = {
    "two lines": f"{LOG}\n7\n", "an empty line": f"{LOG}\n7\n{ROOT}\n\nx\n", "no size": f"{LOG}\n\n{ROOT}\n",
    "a size with a zero before it": f"{LOG}\n07\n{ROOT}\n", "a negative size": f"{LOG}\n-7\n{ROOT}\n",
    "digits of another script": f"{LOG}\n٧\n{ROOT}\n", "a huge size": f"{LOG}\n{'9' * 30}\n{ROOT}\n",
    "a short root": f"{LOG}\n7\nAAEC\n", "a root that is no base64": f"{LOG}\n7\n{ROOT[:-2]}!=\n",
    "a root of another form": f"{LOG}\n7\n{ROOT[:-2]}9=\n",
    "another log's name": f"example.com/log\n7\n{ROOT}\n", "a path for a name": f"poolbook/../{'a' * 32}\n7\n{ROOT}\n",
    "an arrangement that is a path": f"poolbook/{'a' * 32}/../../x\n7\n{ROOT}\n",
}  # fmt: skip


@pytest.mark.parametrize("what", BAD_CHECKPOINTS)
def test_what_is_no_checkpoint_is_refused(what: str) -> None:
    raw = Note(BAD_CHECKPOINTS[what], read_note(SIGNED.encode()).signatures).written().encode()
    with pytest.raises(ValueError, match=r"checkpoint|log of Poolbook|signature"):
        read_checkpoint(raw)


def test_a_ledger_with_another_id_has_no_log_to_sign_for() -> None:
    with pytest.raises(ValueError, match="is not the name of a log"):
        origin("../../etc", "pool")
