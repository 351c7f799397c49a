"""A head folded from the first event on: the state and items that the next decision starts from.

Balances are no part of it: they are summed elsewhere, range by range, and much faster.
"""

from __future__ import annotations

from typing import NamedTuple

import msgspec

from ledger.accounts import Entries
from ledger.audit.reader import Reader
from ledger.audit.scan import events_of, without_gc
from ledger.state import Head

_encoder = msgspec.json.Encoder(order="deterministic")


class Fold(NamedTuple):
    """An arrangement's state and items to be folded from its first event on."""

    stream: str
    last: int


class Folded(NamedTuple):
    """A head's state and items as the events make them; or why they cannot be made, and from which number on."""

    state: bytes
    items: dict[tuple[str, str], bytes]
    recorded_at: str
    fault: str = ""
    number: int = 0


class _Facts(Head):
    """A head that takes in facts and no entries."""

    def _post(self, posted: Entries) -> None:
        pass


def folded(reader: Reader, task: Fold) -> Folded:
    """The head of an arrangement, from its events alone; whatever is wrong with them, it answers."""
    head = _Facts(task.stream)
    try:
        with without_gc():
            for events in events_of(reader, task.stream, 1, task.last):
                for event in events:
                    head.evolve(event)
    except Exception as error:  # bytes that somebody made up may say anything, and facts need not fit one another
        return Folded(b"", {}, "", f"{type(error).__name__}: {' '.join(str(error).split())[:200]}", head.number + 1)
    items = {(kind, code): _encoder.encode(row) for kind, code, row in head.changed_rows()}
    return Folded(_encoder.encode(head.state), items, head.recorded_at)
