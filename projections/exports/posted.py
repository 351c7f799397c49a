"""What an export copies: every event's entry in every book, in the order in which it was recorded."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from ledger import events as e
from ledger.agreement import Terms
from ledger.application import Ledger
from projections.balances import no_book


class Asked(NamedTuple):
    """Which books, posted up to which day, recorded up to which moment or number; and whether with narratives."""

    book: str = ""
    as_at: date | None = None
    known: str | int | None = None
    narratives: bool = False


class Posted(NamedTuple):
    """One event's entry in one book: it sums to nil. `posted_on` is that book's posting date, lines are account and pence."""

    event: e.Event
    book: str
    posted_on: date
    lines: list[tuple[str, int]]
    narrative: str


class Part(NamedTuple):
    """One arrangement of an export: its terms, and the number of the last event that is counted."""

    code: str
    terms: Terms
    events: int


def parts(ledger: Ledger, arrangements: list[str] | None, asked: Asked) -> list[Part]:
    """The arrangements to export (None: all, at one moment), without those of which nothing was known yet.

    With one book, arrangements without it are left out. Raises UnknownCode where none has the book.
    """
    found = []
    with ledger.store.snapshot():
        for code in ledger.store.streams() if arrangements is None else arrangements:
            last = ledger.number_known(code, _EVERYTHING if asked.known is None else asked.known)
            if last:
                found.append(Part(code, ledger.draft(code).head.terms_on(date.max), last))
    having = [part for part in found if not asked.book or asked.book in part.terms.book_set]
    if asked.book and found and not having:
        raise no_book(asked.book, [(part.code, part.terms.books) for part in found])
    return having


_EVERYTHING = 2**63 - 1


def posted(ledger: Ledger, part: Part, asked: Asked) -> Iterator[Posted]:
    """An arrangement’s entries, debits first; an erased narrative is empty."""
    books = [asked.book] if asked.book else part.terms.books
    for event in ledger.history(part.code, up_to=part.events):
        narrative = ledger.text(event, "narrative") or "" if asked.narratives and event.entries else ""
        for book in books:
            accounts = event.entries.get(book)
            day = event.posted_on.get(book, event.effective_on)
            if accounts and (asked.as_at is None or day <= asked.as_at):
                # Debits before credits: as an accountant writes them.
                lines = sorted(accounts.items(), key=lambda line: (line[1] < 0, line[0]))
                yield Posted(event, book, day, lines, narrative)
