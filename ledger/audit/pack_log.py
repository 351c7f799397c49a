"""The log that a pack holds, for those who have a pack and no ledger."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from ledger.audit import verify_pack as vp
from ledger.errors import NotProven

_PAGE = 1 << 14


class PackLog(NamedTuple):
    """The log of an arrangement as a pack has it: its name, its size, and its leaf hashes."""

    pack: vp.Pack
    origin: str
    size: int

    def leaves(self) -> Iterator[list[bytes]]:
        """Its leaf hashes, some at a time."""
        found = self.pack.leaves()
        while page := list(islice(found, _PAGE)):
            yield page


def pack_log(folder: Path) -> PackLog:
    """The log of a pack; raises NotProven where the pack does not hold."""
    try:
        pack = vp.Pack(str(folder))
    except vp.Wrong as wrong:
        raise NotProven(f"{folder} does not hold: {wrong}. Nothing was cosigned.") from None
    return PackLog(pack, pack.noted.origin, pack.noted.size)
