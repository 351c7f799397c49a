"""Every book of a year: its journal, its accounts with every line, and a trial balance whose sums are formulas over them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import NamedTuple

from sqlalchemy import and_, case, func, select

from ledger import events as e
from ledger.application import Ledger
from ledger.calendar import Year
from ledger.chronicle import unwrapped
from ledger.reconciliation.mirror import mirroring
from projections import tables as t
from projections.lines import Line, lines
from projections.naming import body_named, mirror_of
from projections.partner_statement_report import FLAT, sides
from projections.sheets import Sheet
from projections.totals import posted
from projections.views import View, read
from projections.workbook.xlsx import Area, Book, Formula

WIDTHS = {
    "account": 42, "their_account": 42, "type": 22, "reference": 20, "document": 20, "arrangement": 20, "note": 22,
    "book": 11, "with": 11, "party": 11,
}  # fmt: skip


class Account(NamedTuple):
    """An account over the year, in pence, and how many lines it has."""

    book: str
    name: str
    opening: int
    debits: int
    credits: int
    lines: int

    @property
    def closing(self) -> int:
        """What it stands at on the year's last day."""
        return self.opening + self.debits - self.credits


def accounts_of(view: View, year: Year) -> list[Account]:
    """Every account that opened with something or was posted to in the year, book by book."""
    opening = {(book, account): pence for book, account, pence in posted(view, year.first - timedelta(days=1))}
    pence = t.lines.c.pence
    chosen = (
        select(
            t.accounts.c.book, t.accounts.c.account, func.sum(case((pence > 0, pence), else_=0)),
            func.sum(case((pence < 0, -pence), else_=0)), func.count(),
        )
        .select_from(_JOINED)
        .where(t.lines.c.stream == view.stream, t.lines.c.posted_on >= year.first, t.lines.c.posted_on <= year.last)
        .group_by(t.lines.c.account)
    )  # fmt: skip
    moved = {(book, name): figures for book, name, *figures in view.connection.execute(chosen)}
    rank = {book: place for place, book in enumerate(view.terms.books)}
    found = sorted({*opening, *moved}, key=lambda key: (rank.get(key[0], len(rank)), key))
    return [Account(*key, opening.get(key, 0), *moved.get(key, (0, 0, 0))) for key in found]


_JOINED = t.lines.join(t.accounts, and_(t.accounts.c.stream == t.lines.c.stream, t.accounts.c.id == t.lines.c.account))

LEDGER = ("book", "account", "number", "posted_on", "reference", "document", "debit", "credit", "note")
SIDES = ("debit", "credit")


def add_ledger(book: Book, ledger: Ledger, code: str, year: Year, accounts: list[Account], events: int) -> Area:
    """Each account's lines of the year, by posting date; an account's lines stand together."""
    return book.table(
        "Accounts", Sheet(f"Accounts of {code}, {year.label}", LEDGER, _lines(ledger, code, year, accounts, events), SIDES),
        widths=WIDTHS,
    )  # fmt: skip


_AT_ONCE = 20_000
"""Lines that are read in one go: a reading of the views is never held while a long sheet is written."""


def _lines(ledger: Ledger, code: str, year: Year, accounts: list[Account], events: int) -> Iterator[tuple[object, ...]]:
    batch: list[Account] = []
    for account in accounts:
        batch.append(account)
        if sum(each.lines for each in batch) >= _AT_ONCE:
            yield from read(ledger, [code], _reading(year, batch, events))
            batch = []
    if batch:
        yield from read(ledger, [code], _reading(year, batch, events))


def _reading(year: Year, accounts: list[Account], events: int) -> Callable[[list[View]], list[tuple[object, ...]]]:
    wanted = [account for account in accounts if account.lines]

    def answer(views: list[View]) -> list[tuple[object, ...]]:
        return [
            _row(line)
            for account in wanted
            for line in lines(
                views[0], t.accounts.c.book == account.book, t.accounts.c.account == account.name, first=year.first,
                last=year.last, order=(t.lines.c.posted_on, t.lines.c.number),
            )
            if line.number <= events
        ]  # fmt: skip

    return answer


def _row(line: Line) -> tuple[object, ...]:
    return (
        line.book,
        line.account,
        line.number,
        line.posted_on,
        line.reference,
        line.document,
        *sides(line.pence),
        line.note,
    )


TRIAL = ("book", "account", "opening", "debits", "credits", "closing", "with", "their_account", "they_say", "difference")
_TRIAL_AMOUNTS = ("opening", "debits", "credits", "closing", "they_say", "difference")


def add_trial_balance(book: Book, code: str, year: Year, accounts: list[Account], ledger: Area) -> Area:
    """Each account's opening, the sums of its lines, its closing, and what its mirror in the other's book says."""
    places = {(account.book, account.name): place for place, account in enumerate(accounts)}
    books = {account.book for account in accounts}
    rows: list[tuple[object, ...]] = []
    at = 0
    for place, account in enumerate(accounts):
        row, last = place + 2, at + account.lines - 1
        debits = ledger.total("debit", account.debits, at, last)
        credits = ledger.total("credit", account.credits, at, last)
        closing = Formula(f"=C{row}+D{row}-E{row}", account.closing)
        at += account.lines
        other, name = body_named(account.name), mirror_of(account.book, account.name)
        said: tuple[object, ...] = ("", "", "", "")
        if name and other in books:
            there = places.get((other, name))
            says = accounts[there].closing if there is not None else 0
            says_cell = Formula(f"=F{there + 2}", says) if there is not None else Formula("=0", 0)
            said = (other, name, says_cell, Formula(f"=F{row}+I{row}", account.closing + says))
        rows.append((account.book, account.name, account.opening, debits, credits, closing, *said))
    title = f"Trial balance of {code}, {year.label}: {year.first} to {year.last}"
    return book.table("Trial balance", Sheet(title, TRIAL, rows, _TRIAL_AMOUNTS), widths=WIDTHS)


JOURNAL = ("number", "posted_on", "effective_on", "type", "reference", "document", "book", "account", "debit", "credit",
           "note")  # fmt: skip


def add_journal(book: Book, ledger: Ledger, code: str, year: Year, books: list[str], events: int) -> Area:
    """Every line posted in the year, in the order recorded."""
    taken_back = dict(ledger.store.reversals(code))
    rows = (row for event in ledger.history(code, up_to=events) for row in _journal(event, year, books, taken_back))
    return book.table("Journal", Sheet(f"Journal of {code}, {year.label}", JOURNAL, rows, SIDES), widths=WIDTHS)


def _journal(event: e.Event, year: Year, books: list[str], taken_back: dict[int, int]) -> Iterator[tuple[object, ...]]:
    note = f"reverses #{event.reverses}" if event.reverses else ""
    if event.number in taken_back:
        note += f"{', ' if note else ''}reversed by #{taken_back[event.number]}"
    for book, on, legs in _posted(event, year, books):
        effective_on = event.effective_on if event.effective_on != on else ""
        for account, pence in legs:
            yield (event.number, on, effective_on, event.type, event.reference, event.document, book, account,
                   *sides(pence), note)  # fmt: skip


def _posted(event: e.Event, year: Year, books: list[str]) -> Iterator[tuple[str, object, list[tuple[str, int]]]]:
    """What an event posted in the year in each of these books, debits first."""
    for book in books:
        on = event.posted_on.get(book, event.effective_on)
        if book in event.entries and year.first <= on <= year.last:
            yield book, on, sorted(event.entries[book].items(), key=lambda leg: (leg[1] < 0, leg[0]))


def add_partner(book: Book, ledger: Ledger, view: View, year: Year, party: str) -> None:
    """What a party must book of the year, as in its partner statement."""
    mirrors = mirroring(each for each in view.terms.books if each not in view.terms.party_set)

    def rows() -> Iterator[tuple[object, ...]]:
        for event in ledger.history(view.code, up_to=view.events):
            if isinstance(unwrapped(event.fact)[0], e.YearClosed):
                continue
            for _, on, legs in _posted(event, year, [party]):
                net = sum(pence for account, pence in legs if mirrors(account))
                for place, (account, pence) in enumerate(legs):
                    yield (view.code, party, event.number, on, event.reference, event.document, event.type, account,
                           *sides(pence), 0 if place else net)  # fmt: skip

    title = f"To be booked by {party} in {view.code}, {year.label}"
    book.table(f"{party} books", Sheet(title, FLAT, rows(), (*SIDES, "amount")), widths=WIDTHS)
