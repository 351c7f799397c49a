"""The workbook put together: which year, which sheets in which order, and what each of them shows."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import func, select

from ledger.application import Ledger
from ledger.calendar import Year, year_of
from projections import tables as t
from projections.log_root import log_root
from projections.outturn import YearAsAt
from projections.sheets import Sheet
from projections.statement import year_called
from projections.views import View, read
from projections.workbook.books import (
    Account,
    accounts_of,
    add_journal,
    add_ledger,
    add_partner,
    add_trial_balance,
)
from projections.workbook.registers import (
    Registers,
    add_disputes,
    add_indicators,
    add_registers,
    add_responsibilities,
    registers,
)
from projections.workbook.xlsx import Book, workbook
from projections.workbook.year import add_budgets, add_checks, add_facts, add_memorandum, add_outturn

SHEETS = {
    "Contents": "What this workbook is, and what it was made from",
    "Memorandum parties": "The pool's account of the year: what each party brought in, bore and keeps",
    "Memorandum schemes": "What each scheme cost against its budget",
    "Outturn schemes": "Budget, actual, variance and forecast by scheme",
    "Outturn parties": "Budget, actual and variance by party",
    "Checks": "What must come to nil: the difference is nil in every row",
    "Facts": "What each fact of the year adds to which figure above",
    "Budgets": "The confirmed budgets",
    "Trial balance": "Every account of every book, and what its mirror in the other's book says",
    "{party} books": "What {party} must book itself, line by line",
    "Accounts": "Every line of every account",
    "Journal": "Every line in the order recorded",
    "Assets": "The register of fixed assets",
    "Debtors": "What each book is owed, by age",
    "Creditors": "What each book owes, by age",
    "Indicators": "Performance against targets",
    "Disputes": "Disputes raised, and whether they are open",
    "Responsibilities": "Who answers for what",
}
"""Sheet → what it shows, in their order."""


class Gathered(NamedTuple):
    """What the views hold of a year, read in one go."""

    view: View
    year: Year
    accounts: list[Account]
    registers: Registers


Progress = Callable[[int], AbstractContextManager[Callable[[int], None]]]
"""Given how many rows there will be, what is told how many are written."""


def write_workbook(ledger: Ledger, code: str, path: Path, *, year: str, progress: Progress) -> None:
    """Write the workbook of an arrangement's year (empty: the last in which anything was posted); raises Refused."""
    found = read(ledger, [code], lambda views: _gathered(ledger, views[0], year))
    view = found.view
    rows = sum(account.lines * (3 if account.book in view.terms.party_set else 2) for account in found.accounts)
    with progress(rows) as done:
        _write(ledger, found, path, done)


def _write(ledger: Ledger, found: Gathered, path: Path, done: Callable[[int], None]) -> None:
    view, code = found.view, found.view.code
    told = YearAsAt(code, found.year, found.year.last)
    ledger.catch_up(told, view.events)
    terms = told.terms_on(found.year.last)
    with workbook(path, f"{view.terms.agreement.name}, {found.year.label}", done) as book:
        book.reserve(_names(view))
        chronicle = ledger.chronicle(code, found.year.label, up_to=view.events)
        facts, budgets = add_facts(book, chronicle, terms), add_budgets(book, chronicle)
        lines = add_ledger(book, ledger, code, found.year, found.accounts, view.events)
        trial = add_trial_balance(book, code, found.year, found.accounts, lines)
        journal = add_journal(book, ledger, code, found.year, view.terms.books, view.events)
        parties, schemes = add_memorandum(book, chronicle, terms, facts, budgets, trial, found.accounts)
        add_outturn(book, chronicle, facts, budgets, schemes)
        add_checks(book, terms, trial, journal, parties, found.accounts)
        for party in view.terms.parties:
            add_partner(book, ledger, view, found.year, party)
        add_registers(book, found.registers, found.year)
        add_indicators(book, told, found.year)
        add_disputes(book, chronicle)
        add_responsibilities(book, chronicle, found.year)
        _add_contents(book, ledger, found)


def _gathered(ledger: Ledger, view: View, label: str) -> Gathered:
    if label:
        year = year_called(view.terms, label)
    else:
        last = view.connection.scalar(select(func.max(t.days.c.posted_on)).where(t.days.c.stream == view.stream))
        year = year_of(last or view.terms.agreement.starts, view.terms.year_start)
    disputes = [each for each in ledger.disputes(view.code, view.events) if each.is_open(year.last)]
    return Gathered(view, year, accounts_of(view, year), registers(view, year, disputes))


def _names(view: View) -> list[str]:
    return [each for name in SHEETS for each in ([name.format(party=party) for party in view.terms.parties]
                                                 if "{party}" in name else [name])]  # fmt: skip


def _add_contents(book: Book, ledger: Ledger, found: Gathered) -> None:
    view, agreement = found.view, found.view.terms.agreement
    about = [
        ("Arrangement", f"{agreement.name} ({agreement.code})"),
        ("Kind", agreement.type.replace("_", " ")),
        ("Parties", ", ".join(f"{party.name} ({party.code})" for party in agreement.parties)),
        ("Year", f"{found.year.label}: {found.year.first} to {found.year.last}"),
        ("Made from", f"ledger {ledger.store.ledger_id}, events #1 to #{view.events}"),
        ("Root of the log", log_root(ledger, view.code, view.events)),
        ("Signs", "A debit is positive and a credit negative; a variance above nil is over budget"),
        ("Totals", "Formulas over the rows they add up: select one to see them"),
    ]
    sheets = [
        (name.format(party=party), says.format(party=party))
        for name, says in SHEETS.items()
        for party in (view.terms.parties if "{party}" in name else [""])
    ]
    rows = [*about, *((f"Sheet {name}", says) for name, says in sheets)]
    title = f"{agreement.name}, {found.year.label}"
    book.table("Contents", Sheet(title, ("item", "what it says"), rows), widths={"item": 30, "what it says": 110})
