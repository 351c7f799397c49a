"""Balances: what every account stands at, now, as at a day, as known at a moment.

Now is read from the head's own rows, without the read models; as at a day from the daily totals; as known by replaying
what had been recorded by then. All three give the same figures for the same question.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TypeAlias

from ledger.agreement import Terms
from ledger.application import Ledger
from ledger.errors import UnknownCode, did_you_mean
from ledger.money import pounds
from projections.columns import FLAT
from projections.disputes import noted
from projections.sheets import Report, Sheet

Balance: TypeAlias = tuple[str, str, int]
"""Book, account, pence (debit positive, never nil)."""


def balances(
    ledger: Ledger,
    arrangements: list[str] | None,
    *,
    book: str = "",
    as_at: date | None = None,
    as_known: str = "",
    known: str | int | None = None,
) -> list[Report]:
    """The balances of arrangements (None: all, at one moment), of every book or of one.

    `as_at` counts what is posted up to that day; `known` (what `as_known` says, read) what had been recorded by then.
    With one book, arrangements without it are left out; raises UnknownCode where none has it.
    """
    if known is not None:
        found = _as_known(ledger, arrangements, known, as_at)
    elif as_at is not None:
        found = _as_at(ledger, arrangements, as_at)
    else:
        found = _now(ledger, arrangements)
    having = [each for each in found if not book or book in each[1]]
    if book and not having:
        raise no_book(book, [(code, books) for code, books, _, _ in found])
    return [
        noted(
            balances_report(code, [book] if book else books, events, list(rows), as_at, as_known or None),
            ledger.disputes(code, events),
            as_at,
            book if book and book in ledger.terms(code).on(ledger.today()).party_set else "",
        )
        for code, books, events, rows in having
    ]


_Found: TypeAlias = tuple[str, list[str], int, Iterable[Balance]]
"""An arrangement's code, its books in order, its last event counted, its balances."""


def _now(ledger: Ledger, arrangements: list[str] | None) -> list[_Found]:
    with ledger.store.snapshot():
        found: list[_Found] = []
        for code in ledger.store.streams() if arrangements is None else arrangements:
            head = ledger.draft(code).head
            found.append((code, head.terms_on(date.max).books, head.number, ledger.store.balances(code)))
    return found


def _as_at(ledger: Ledger, arrangements: list[str] | None, as_at: date) -> list[_Found]:
    # The read models, and SQLAlchemy with them, only where they are needed: they cost more than the answer from the head.
    from projections.totals import posted
    from projections.views import read

    return read(
        ledger,
        arrangements,
        lambda views: [(view.code, view.terms.books, view.events, posted(view, as_at)) for view in views],
    )


def _as_known(ledger: Ledger, arrangements: list[str] | None, known: str | int, as_at: date | None) -> list[_Found]:
    with ledger.store.snapshot():
        codes = ledger.store.streams() if arrangements is None else arrangements
        numbers = {code: ledger.number_known(code, known) for code in codes}
    # What was recorded up to a number never changes, so the replay needs no snapshot.
    found: list[_Found] = []
    for code, number in numbers.items():
        draft = ledger.replayed(code, number)
        rows = draft.head.changed_balances() if as_at is None else _replayed(ledger, code, number, as_at)
        books = draft.head.terms_on(date.max).books if number else []
        found.append((code, books, number, (row for row in rows if row[2])))
    return found


def _replayed(ledger: Ledger, code: str, number: int, as_at: date) -> list[Balance]:
    totals: dict[tuple[str, str], int] = {}
    for event in ledger.history(code, up_to=number):
        for book, accounts in event.entries.items():
            if event.posted_on.get(book, event.effective_on) <= as_at:
                for account, pence in accounts.items():
                    totals[book, account] = totals.get((book, account), 0) + pence
    return [(book, account, pence) for (book, account), pence in totals.items()]


def no_book(book: str, having: Iterable[tuple[str, list[str]]]) -> UnknownCode:
    """The refusal of a book's code, naming the books there are in one arrangement, or in all asked for."""
    arrangements = dict(having)
    books = list(dict.fromkeys(code for codes in arrangements.values() for code in codes))
    where = next(iter(arrangements)) if len(arrangements) == 1 else "any arrangement of this ledger"
    return UnknownCode(f"{book} is no body with a book in {where}{did_you_mean(book, books)}", "book")


def known_book(terms: Terms, book: str) -> str:
    """The code, if a book of the arrangement bears it (or none was asked for); else UnknownCode."""
    if book and book not in terms.book_set:
        raise no_book(book, [(terms.agreement.code, terms.books)])
    return book


def balances_report(
    code: str, books: list[str], events: int, rows: list[Balance], as_at: date | None, as_known: str | None
) -> Report:
    """Balances laid out: rows of book, account and pence, in the order of the books."""
    by_book: dict[str, list[tuple[str, int]]] = {book: [] for book in books}
    for book, account, pence in sorted(rows):
        if book in by_book:
            by_book[book].append((account, pence))
    document = {
        "arrangement": code,
        "as_at": as_at.isoformat() if as_at else None,
        "as_known": as_known,
        "events": events,
        "books": [
            {
                "book": book,
                "accounts": [{"account": account, "balance": pounds(pence)} for account, pence in accounts],
            }
            for book, accounts in by_book.items()
        ],
    }
    lines = [(book, account, pence) for book, accounts in by_book.items() for account, pence in accounts]
    said = "".join((f" as at {as_at}" if as_at else "", f" as known at {as_known}" if as_known else ""))
    counted = f"{events:,} event{'' if events == 1 else 's'}"
    sheet = Sheet(f"Balances of {code}{said}, {counted}", FLAT["balances"][1:], lines, ("balance",))
    flat = Sheet("", FLAT["balances"], [(code, *line) for line in lines], ("balance",))
    return Report(lambda: document, lambda: [sheet], lambda: flat)
