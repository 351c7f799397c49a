"""The state and the items of an arrangement, told anew from its facts; balances are summed elsewhere, and much faster."""

from __future__ import annotations

from typing import NamedTuple

import msgspec

from ledger.accounts import Entries
from ledger.audit.ranges import Range
from ledger.audit.reader import Reader
from ledger.audit.scan import events_of, without_gc
from ledger.state import Head

_encoder = msgspec.json.Encoder(order="deterministic")


class Restated(NamedTuple):
    """A head's state and its items as the facts make them: kind, code, item; or the number at which they cannot."""

    state: bytes
    items: list[tuple[str, str, bytes]]
    stopped_at: int = 0


class _Facts(Head):
    """A head that takes in facts and no entries."""

    def _post(self, posted: Entries) -> None:
        pass


def restated(reader: Reader, part: Range) -> Restated:
    """What the facts of an arrangement make of its state; whatever is wrong with them, it answers."""
    head = _Facts(part.stream)
    try:
        with without_gc():
            for events in events_of(reader, *part):
                for event in events:
                    head.evolve(event)
    except Exception:  # bytes that somebody made up may say anything, and facts need not fit one another
        return Restated(b"", [], head.number + 1)
    items = [(kind, code, _encoder.encode(head.item(kind, code))) for kind, code in sorted(head.changed_items)]
    return Restated(_encoder.encode(head.state), items)
