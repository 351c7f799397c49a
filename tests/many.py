"""Two hundred random histories in one ledger: of every kind of arrangement, on random days, some late in some books."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from ledger import events as e
from tests.given import DAY, Books, new_ledger
from tests.ledger.histories import histories, kinds, try_step

HISTORIES = 200


def keep_histories(path: Path) -> None:
    """Make the ledger; its arrangements are h000, h001 …"""
    found: list[list[e.Event]] = []

    @given(kinds, histories, st.integers(0, 2**32))
    @settings(max_examples=HISTORIES)
    def gather(kind: str, history: list[tuple[str, dict[str, Any], bool]], seed: int) -> None:
        books = Books(kind)
        for type, fields, wild in history:
            try_step(books, type, fields, wild)
        found.append(list(_dated(books.events, f"h{len(found):03}", random.Random(seed))))

    gather()
    assert len(found) >= HISTORIES
    with closing(new_ledger(path)) as ledger:
        for events in found[:HISTORIES]:
            code = events[0].arrangement
            with ledger.store.posting(code):
                draft = ledger.draft(code)
                for event in events:
                    ledger.save(event)
                    draft.take(event)
                ledger.write(draft)


def _dated(events: list[e.Event], code: str, dice: random.Random) -> Iterator[e.Event]:
    """The events on random days, some with hostile references; a reversal is not before what it reverses."""
    days = {1: events[0].effective_on}
    for event in events:
        fact = event.fact
        if isinstance(fact, e.AgreementSigned):
            fact = e.AgreementSigned(agreement=replace(fact.agreement, code=code))
        on = days.setdefault(event.number, DAY + timedelta(days=dice.randrange(700)))
        if event.reverses:
            on = days[event.number] = max(on, days[event.reverses])
        late = {book: on + timedelta(days=dice.randrange(1, 400)) for book in event.entries if dice.random() < 0.1}
        reference = event.reference if dice.random() < 0.8 else f'{code} {event.number}: "[2014]", 5% ; (x) | \\ £'
        yield replace(
            event, arrangement=code, fact=fact, effective_on=on, posted_on=late, reference=reference, asked="0" * 64
        )
