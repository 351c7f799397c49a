"""Keys that sign, and signatures checked: Ed25519, by the `cryptography` library; loaded only where something is signed."""

from __future__ import annotations

import os
from pathlib import Path

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from ledger.audit.note import COSIGNATURE, ED25519, Key, Note, Signature
from ledger.errors import LedgerUnavailable, Refused

_LONGEST = 1 << 14


class Signer:
    """A private key in a file of its owner's."""

    def __init__(self, private: Ed25519PrivateKey) -> None:
        self._private = private
        self.public = private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)

    def key(self, name: str, kind: int = ED25519) -> Key:
        """The public key under a name."""
        return Key(name, kind, self.public)

    def sign(self, raw: bytes) -> bytes:
        """The signature over some bytes."""
        return self._private.sign(raw)

    def signed(self, text: str, name: str) -> Note:
        """A text as a note, signed under a name."""
        key = self.key(name)
        return Note(text, (Signature(name, key.key_id, self._private.sign(text.encode())),))

    def made(self, note: Note, name: str) -> bool:
        """Whether this key signed a note under a name."""
        return signs(note, self.key(name))

    def cosigned(self, note: Note, name: str, moment: int) -> Note:
        """A note with this key's cosignature of a moment (seconds since 1970), in place of any earlier one of its own."""
        key = self.key(name, COSIGNATURE)
        made = moment.to_bytes(8, "big") + self._private.sign(cosigned_text(note.text, moment))
        others = [each for each in note.signatures if (each.name, each.key_id) != (name, key.key_id)]
        return Note(note.text, (*others, Signature(name, key.key_id, made)))


def cosigned_text(text: str, moment: int) -> bytes:
    """What a cosignature signs: the moment and the whole text (C2SP tlog-cosignature)."""
    return f"cosignature/v1\ntime {moment}\n{text}".encode()


def signs(note: Note, key: Key) -> bool:
    """Whether a note bears a signature of that key that is good; a bad one beside it spoils the note."""
    found = [each for each in note.signatures if (each.name, each.key_id) == (key.name, key.key_id)]
    return bool(found) and all(_good(note.text, each.made, key) for each in found)


def _good(text: str, made: bytes, key: Key) -> bool:
    signed = text.encode()
    if key.kind == COSIGNATURE:
        if len(made) != 72 or made[0] & 0x80:
            return False
        moment, made = int.from_bytes(made[:8], "big"), made[8:]
        signed = cosigned_text(text, moment)
    try:
        Ed25519PublicKey.from_public_bytes(key.public).verify(made, signed)
    except (InvalidSignature, ValueError):
        return False
    return True


def load_signer(path: Path) -> Signer:
    """The key in a file; raises LedgerUnavailable where it cannot be read, Refused where it is not a key to sign with."""
    try:
        if path.stat().st_mode & 0o077:
            raise Refused(f"{path} can be read by others, and a key that signs must not be: run `chmod 600 {path}`.")
        raw = path.read_bytes()[:_LONGEST]
    except OSError as error:
        raise LedgerUnavailable(f"The key {path} cannot be read: {error.strerror}.") from None
    try:
        private = load_pem_private_key(raw, password=None)
    except TypeError:
        raise Refused(f"{path} is locked by a passphrase: take it off with `openssl pkey`, and guard the file.") from None
    except (ValueError, UnsupportedAlgorithm):
        private = None
    if not isinstance(private, Ed25519PrivateKey):
        raise Refused(f"{path} is no Ed25519 key: make one with `openssl genpkey -algorithm ed25519`.")
    return Signer(private)


def make_signer(path: Path) -> Signer:
    """A new key, in a new file that only its owner reads; raises LedgerUnavailable where it cannot be made."""
    private = Ed25519PrivateKey.generate()
    raw = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
            file.write(raw)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise LedgerUnavailable(f"A key cannot be made at {path}: {error.strerror}.") from None
    return Signer(private)
