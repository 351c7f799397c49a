"""A checkpoint: what a log held at a size, in three lines that anybody can keep (C2SP tlog-checkpoint)."""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from typing import NamedTuple

from ledger import text
from ledger.audit.note import Note, read_note
from ledger.store.merkle import HASH

_SIZE = re.compile(r"0|[1-9][0-9]{0,17}")
_ORIGIN = re.compile(r"poolbook/([0-9a-f]{32})/([a-z][a-z0-9-]{0,39})")


class Checkpoint(NamedTuple):
    """The log of an arrangement (`origin` names both) had `size` events, and this root."""

    origin: str
    size: int
    root: bytes

    def body(self) -> str:
        """The three lines."""
        return f"{self.origin}\n{self.size}\n{b64encode(self.root).decode()}\n"

    @property
    def ledger_id(self) -> str:
        """The ledger's id."""
        return self.origin.split("/")[1]

    @property
    def arrangement(self) -> str:
        """The arrangement's code."""
        return self.origin.split("/")[2]


def origin(ledger_id: str, arrangement: str) -> str:
    """The name of an arrangement's log; raises ValueError where it would not be one."""
    name = f"poolbook/{ledger_id}/{arrangement}"
    if not _ORIGIN.fullmatch(name):
        raise ValueError(f"“{text.escaped(name[:80])}” is not the name of a log of Poolbook")
    return name


def read_checkpoint(raw: bytes) -> tuple[Checkpoint, Note]:
    """A checkpoint and the note it stands in; raises ValueError with a sentence for anything that is none."""
    note = read_note(raw)
    lines = note.text[:-1].split("\n")
    if len(lines) < 3 or not all(lines):
        raise ValueError("a checkpoint has three lines: the log's name, its size, its root")
    if not _ORIGIN.fullmatch(lines[0]):
        raise ValueError(f"“{text.escaped(lines[0][:80])}” is not the name of a log of Poolbook")
    try:
        root = b64decode(lines[2], validate=True)
    except ValueError:
        root = b""
    if not _SIZE.fullmatch(lines[1]) or len(root) != HASH or b64encode(root).decode() != lines[2]:
        raise ValueError("a checkpoint's size is a whole number, and its root 32 bytes in base64")
    return Checkpoint(lines[0], int(lines[1]), root), note
