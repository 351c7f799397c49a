"""A checkpoint in a file, as somebody holds it; beside it perhaps the leaf hashes, which say which event was changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from ledger.audit.checkpoint import Checkpoint, read_checkpoint
from ledger.audit.note import LONGEST, Note
from ledger.errors import LedgerUnavailable, NotProven
from ledger.store.merkle import HASH, Frontier

_PAGE = 1 << 14


class Held(NamedTuple):
    """A checkpoint that somebody holds: the checkpoint, its note, where it lies, and the file of its leaf hashes."""

    checkpoint: Checkpoint
    note: Note
    path: Path
    leaves: Path

    def first_difference(self, leaves: Iterable[list[bytes]]) -> int:
        """The number of the first event that is not this checkpoint's; 0 where there is none, or where that is not known."""
        if not self._faithful():
            return 0
        pairs = zip(chain.from_iterable(self.pages()), chain.from_iterable(leaves), strict=False)
        return next((number for number, (was, now) in enumerate(pairs, 1) if was != now), 0)

    def pages(self) -> Iterator[list[bytes]]:
        """The leaf hashes of the checkpoint, some at a time."""
        left = self.checkpoint.size
        with self.leaves.open("rb") as file:
            while left and (raw := file.read(min(left, _PAGE) * HASH)):
                yield [raw[at : at + HASH] for at in range(0, len(raw), HASH)]
                left -= len(raw) // HASH

    def _faithful(self) -> bool:
        tree = Frontier()
        try:
            for page in self.pages():
                tree.extend(page)
        except OSError:
            return False
        return (tree.size, tree.root()) == (self.checkpoint.size, self.checkpoint.root)


def held(path: Path) -> Held:
    """The checkpoint in a file; raises LedgerUnavailable where it cannot be read, NotProven where it is none."""
    try:
        with path.open("rb") as file:
            raw = file.read(LONGEST + 1)
        checkpoint, note = read_checkpoint(raw)
    except OSError as error:
        raise LedgerUnavailable(f"The checkpoint {path} cannot be read: {error.strerror}.") from None
    except ValueError as error:
        raise NotProven(f"{path} is no checkpoint: {error}.") from None
    return Held(checkpoint, note, path, path.with_suffix(".leaves"))
