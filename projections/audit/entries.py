"""The events of an arrangement as an auditor looks at them: who recorded each, when by the clock on the wall, and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from ledger import events as e
from ledger.application import Ledger


class Entry(NamedTuple):
    """An event with what its bytes do not say of themselves.

    `recorded` is the moment in the auditor's time zone; `explained` whether a narrative or a reason was given with the
    command it came from; `rarest` the fewest lines that any account it posts to has in all.
    """

    event: e.Event
    recorded: datetime
    explained: bool
    reversed_by: int | None
    rarest: int


def entries(ledger: Ledger, code: str, up_to: int, zone: ZoneInfo, *, rarity: bool) -> Iterator[Entry]:
    """The events up to a number, in order; `rarest` is 0 without `rarity`, which takes another pass."""
    lines = _lines(ledger, code, up_to) if rarity else Counter[tuple[str, str]]()
    reversed_by = {reverses: number for reverses, number in ledger.store.reversals(code) if number <= up_to}
    explained = False
    for event in ledger.history(code, up_to=up_to):
        if not event.part:
            explained = bool(event.narrative_commitment or event.reason_commitment)
        posted = ((book, account) for book, accounts in event.entries.items() for account in accounts)
        rarest = min((lines[line] for line in posted), default=0)
        recorded = datetime.fromisoformat(event.recorded_at).astimezone(zone)
        yield Entry(event, recorded, explained, reversed_by.get(event.number), rarest)


def _lines(ledger: Ledger, code: str, up_to: int) -> Counter[tuple[str, str]]:
    """How many lines each account has."""
    return Counter(
        (book, account)
        for event in ledger.history(code, up_to=up_to)
        for book, accounts in event.entries.items()
        for account in accounts
    )


def text_of(ledger: Ledger, event: e.Event, field: str) -> str | None:
    """An event's narrative or reason: empty where none was given, None where one was and is no longer there."""
    return ledger.text(event, field) if getattr(event, f"{field}_commitment") else ""
