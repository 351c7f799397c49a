"""A partner statement as a file: a workbook whose first sheet `reconcile` reads, or a PDF to print."""

from __future__ import annotations

from pathlib import Path

from ledger.application import Ledger
from ledger.errors import Refused
from projections.pages.page import rendered, write_pdf
from projections.partner_statement import PartnerStatement
from projections.partner_statement_report import ACCOUNTS, FLAT, MIRRORS, Asked, asked_for, flat_rows, sheets
from projections.sheets import Sheet
from projections.statement_report import called
from projections.views import View, read
from projections.workbook.xlsx import Area, Book, Formula, workbook


def write(ledger: Ledger, arrangements: list[str] | None, path: Path, asked: Asked) -> None:
    """Write a party's statement to a file, by the ending of its name; raises Refused for another ending."""
    writers = {".xlsx": _write_workbook, ".pdf": _write_pdf}
    writer = writers.get(path.suffix.casefold())
    if writer is None:
        raise Refused(f"{path.name} ends in neither .xlsx nor .pdf: say with the ending which of the two is to be written.")
    writer(path, read(ledger, arrangements, lambda views: asked_for(views, arrangements, asked)))


WIDTHS = {"account": 42, "their_account": 42, "reference": 20, "document": 20, "type": 22, "arrangement": 20}


def _write_workbook(path: Path, made: list[tuple[View, PartnerStatement]]) -> None:
    with workbook(path, f"Partner statement of {made[0][1].party}") as book:
        for view, statement in made:
            add_statement(book, view, statement, f" {view.code}" if len(made) > 1 else "")


def _write_pdf(path: Path, made: list[tuple[View, PartnerStatement]]) -> None:
    view, statement = made[0]
    page = rendered(
        "statement.html",
        title=f"Partner statement of {called(view.terms, statement.party)}",
        says="A debit stands on the left and is positive; what another body says of the same balance bears the other sign.",
        sheets=[sheet for view, statement in made for sheet in sheets(view, statement)],
    )
    write_pdf(page, path)


def add_statement(book: Book, view: View, made: PartnerStatement, of: str = "") -> None:
    """The sheets of a statement: the lines, the accounts summed from them, and what the others say; `of` ends their names."""
    title = f"{called(view.terms, made.party)} in {view.code}"
    lines = book.table(
        f"To be booked{of}",
        Sheet(f"{title}: to be booked", FLAT, flat_rows(view, made), ("debit", "credit", "amount")),
        widths=WIDTHS,
    )
    accounts = _add_accounts(book, lines, made, f"{title}: accounts", f"Accounts{of}")
    _add_mirrors(book, accounts, made, f"{title}: what the others say", f"Others say{of}")


def _add_accounts(book: Book, lines: Area, made: PartnerStatement, title: str, name: str) -> Area:
    rows: list[tuple[object, ...]] = []
    for row, account in enumerate(made.accounts, 2):
        debits = lines.total_where("debit", "account", f"$A${row}", account.debits)
        credits = lines.total_where("credit", "account", f"$A${row}", account.credits)
        rows.append((account.name, account.opening, debits, credits, Formula(f"=B{row}+C{row}-D{row}", account.closing)))
    sums = [
        Formula(f"=SUM({letter}2:{letter}{len(rows) + 1})", sum(getattr(account, column) for account in made.accounts))
        for letter, column in zip("BCDE", ACCOUNTS[1:], strict=True)
    ]
    sheet = Sheet(title, ACCOUNTS, rows, ACCOUNTS[1:])
    return book.table(name, sheet, total=("Total", *sums) if rows else (), widths=WIDTHS)


def _add_mirrors(book: Book, accounts: Area, made: PartnerStatement, title: str, name: str) -> None:
    places = {account.name: place for place, account in enumerate(made.accounts)}
    rows = []
    for row, mirror in enumerate(made.mirrors, 2):
        account, place = mirror.account, places[mirror.account.name]
        opening = Formula(f"={accounts.cell('opening', place)}", account.opening)
        closing = Formula(f"={accounts.cell('closing', place)}", account.closing)
        difference = Formula(f"=C{row}+F{row}", mirror.difference)
        rows.append((account.name, opening, closing, mirror.book, mirror.there, mirror.says, difference))
    book.table(name, Sheet(title, MIRRORS, rows, ("opening", "closing", "they_say", "difference")), widths=WIDTHS)
