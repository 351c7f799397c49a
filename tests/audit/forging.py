"""A forger who knows the program: changes what events say, and makes fit again whatever is computed from their bytes."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from ledger import events as e
from ledger.application import Ledger
from ledger.draft import Draft
from ledger.state import Head
from ledger.store.encoding import columns
from ledger.store.merkle import Frontier
from tests.audit.tampering import tampering

Change = Callable[[e.Event], e.Event]


def forge(path: Path, stream: str, number: int, change: Change) -> None:
    """Change an event, then let columns, leaf hashes, frontier, state, balances and items fit what the events say now."""
    with closing(Ledger.open(path)) as ledger:
        draft = Draft(Head(stream), Frontier())
        rows = []
        for event in ledger.history(stream):
            forged = change(event) if event.number == number else event
            draft.take(forged)
            rows.append(columns(forged))
        with tampering(path) as connection:
            for _, at, type_, recorded_at, reference, part, reverses, raw, leaf in rows:
                connection.execute(
                    "UPDATE events SET type = ?, recorded_at = ?, reference = ?, part = ?, reverses = ?, bytes = ?, leaf = ? "
                    "WHERE stream = ? AND number = ?",
                    (type_, recorded_at, reference, part, reverses, raw, leaf, stream, at),
                )
        with ledger.store.posting(stream):
            ledger.store.forget_rows(stream)
            ledger.write(draft)
