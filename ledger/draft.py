"""A head being worked on: it takes events in before they are kept, and becomes rows again."""

from __future__ import annotations

import msgspec

from ledger import events as e
from ledger.agreement import Version
from ledger.state import STATE_VERSION, Head, Item, State
from ledger.store.encoding import encode
from ledger.store.merkle import Frontier, leaf_hash
from ledger.store.rows import HeadRow

_encoder = msgspec.json.Encoder(order="deterministic")
_state_decoder = msgspec.json.Decoder(State)
_item_decoder = msgspec.json.Decoder(Item)
_version_decoder = msgspec.json.Decoder(Version)


def state_of(row: HeadRow) -> State:
    """The state that a head's row holds."""
    return _state_decoder.decode(row.state)


def item_of(raw: bytes | None) -> Item | None:
    """The item that a row holds, if there is one."""
    return _item_decoder.decode(raw) if raw else None


def version_of(raw: bytes | None) -> Version | None:
    """The version of the terms that a row holds, if there is one."""
    return _version_decoder.decode(raw) if raw else None


class Draft:
    """An arrangement's head and the right edge of its log, taking in events that are not yet kept."""

    def __init__(self, head: Head, frontier: Frontier) -> None:
        self.head, self.frontier = head, frontier
        self.since = head.number

    def take(self, event: e.Event, raw: bytes = b"") -> None:
        """Take an event in, with its bytes where they are at hand."""
        self.head.evolve(event)
        self.frontier.append(leaf_hash(raw or encode(event)))

    def row(self) -> HeadRow:
        """The head as it is kept."""
        head = self.head
        state = _encoder.encode(head.state)
        return HeadRow(head.number, head.recorded_at, STATE_VERSION, state, self.frontier.edge())

    def changed_items(self) -> list[tuple[str, str, bytes]]:
        """The rows, beside balances, that the events taken in changed: kind, code, bytes."""
        return [(kind, code, _encoder.encode(row)) for kind, code, row in self.head.changed_rows()]
