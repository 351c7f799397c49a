"""The root of an arrangement's log: one hash that stands for every event up to a number."""

from __future__ import annotations

from ledger.application import Ledger
from ledger.store.merkle import Frontier, leaf_hash


def log_root(ledger: Ledger, code: str, events: int) -> str:
    """The root over the events up to a number, in hex: what a checkpoint of that size states (RFC 6962)."""
    row = ledger.store.head(code)
    if row is not None and row.number == events:
        return Frontier(row.number, row.frontier).root().hex()
    frontier = Frontier()
    for page in ledger.store.pages(code, up_to=events):
        frontier.extend([leaf_hash(raw) for raw in page])
    return frontier.root().hex()
