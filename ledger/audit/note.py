"""Signed notes and the keys that sign them (C2SP signed-note): text, a blank line, and a line for each signature.

Nothing here computes a signature; this is how notes and keys are written and read, and every file read is taken for hostile.
"""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from hashlib import sha256
from typing import NamedTuple

LONGEST = 1 << 16
_MOST_SIGNATURES = 100
_LINE = re.compile(r"— ([^\s+]+) ([A-Za-z0-9+/]+={0,2})")

ED25519, COSIGNATURE = 1, 4
"""The types of signature this program knows: Ed25519 over the text, and a timestamped cosignature (C2SP tlog-cosignature)."""


class Signature(NamedTuple):
    """One signature: the key's name, the key's id, and what the key made."""

    name: str
    key_id: bytes
    made: bytes

    def line(self) -> str:
        """The signature as a note has it."""
        return f"— {self.name} {b64encode(self.key_id + self.made).decode()}\n"


class Note(NamedTuple):
    """A text that ends in a line break, and its signatures."""

    text: str
    signatures: tuple[Signature, ...]

    def written(self) -> str:
        """The note as a file has it."""
        return self.text + "\n" + "".join(signature.line() for signature in self.signatures)


class Key(NamedTuple):
    """A public key under a name, for one type of signature."""

    name: str
    kind: int
    public: bytes

    @property
    def key_id(self) -> bytes:
        """The short id by which a signature says which key made it."""
        return sha256(self.name.encode() + b"\n" + bytes([self.kind]) + self.public).digest()[:4]

    def written(self) -> str:
        """The key as people pass it on, in one line (a “vkey”)."""
        return f"{self.name}+{self.key_id.hex()}+{b64encode(bytes([self.kind]) + self.public).decode()}"


def read_note(raw: bytes) -> Note:
    """A note; raises ValueError with a sentence for anything that is none."""
    if len(raw) > LONGEST:
        raise ValueError(f"a signed note has at most {LONGEST:,} bytes")
    try:
        said = raw.decode()
    except UnicodeDecodeError:
        raise ValueError("a signed note is UTF-8 text") from None
    if any(character < " " and character != "\n" for character in said):
        raise ValueError("a signed note holds no control characters")
    text, blank, signed = said.rpartition("\n\n")
    if not blank or not signed.endswith("\n"):
        raise ValueError("a signed note is a text, a blank line, and a line for each signature")
    lines = signed[:-1].split("\n")
    if len(lines) > _MOST_SIGNATURES:
        raise ValueError(f"a signed note has at most {_MOST_SIGNATURES} signatures")
    return Note(text + "\n", tuple(map(_read_signature, lines)))


def _read_signature(line: str) -> Signature:
    found = _LINE.fullmatch(line)
    made = _unpacked(found[2]) if found else b""
    if found is None or len(made) < 5:
        raise ValueError("a signature is a line of a dash, the key's name, and base64")
    return Signature(found[1], made[:4], made[4:])


def read_key(vkey: str) -> Key:
    """A public key as people pass it on; raises ValueError with a sentence."""
    name, _, rest = vkey.strip().partition("+")
    key_id, _, packed = rest.partition("+")
    raw = _unpacked(packed)
    if not name or any(map(str.isspace, name)) or len(raw) != 33 or raw[0] not in (ED25519, COSIGNATURE):
        raise ValueError("a key is one line like name+01234567+base64, as `audit checkpoint --show` prints it")
    key = Key(name, raw[0], raw[1:])
    if key.key_id.hex() != key_id:
        raise ValueError(f"the key says it is {key_id[:16]}, and is {key.key_id.hex()}: a character of it is wrong")
    return key


def _unpacked(text: str) -> bytes:
    """Base64 in its one canonical form; empty for anything else."""
    try:
        raw = b64decode(text, validate=True)
    except ValueError:
        return b""
    return raw if b64encode(raw).decode() == text else b""
