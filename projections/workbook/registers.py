"""The registers beside the books: assets, debtors and creditors by age, indicators, disputes, who answers for what."""

from __future__ import annotations

from typing import NamedTuple

from ledger import events as e
from ledger.calendar import Year, period_labelled
from ledger.chronicle import Chronicle
from ledger.disputes import Dispute
from projections.aged import aged_rows
from projections.assets import AMOUNTS, ASSET_COLUMNS, asset_row, register
from projections.columns import AGES, FLAT
from projections.outturn import YearAsAt
from projections.performance import performance
from projections.performance_report import FIGURES, MEASURES, figure_row
from projections.responsibilities import QUESTIONS, answers
from projections.sheets import Sheet
from projections.views import View
from projections.workbook.books import WIDTHS
from projections.workbook.xlsx import Book, Formula


class Registers(NamedTuple):
    """What the views hold of a year's last day: assets, what is owed, what is owing."""

    assets: list[tuple[object, ...]]
    debtors: list[tuple[object, ...]]
    creditors: list[tuple[object, ...]]


def registers(view: View, year: Year, disputes: list[Dispute]) -> Registers:
    """The registers as at the year's last day; `disputes` are those open on it."""
    owed, owing = (
        [(row.book, row.body, *row.figures) for row in aged_rows(view, what, "", year.last, year.last, disputes)]
        for what in ("debtors", "creditors")
    )
    return Registers([asset_row(asset) for asset in register(view, year.last)], owed, owing)


def add_registers(book: Book, found: Registers, year: Year) -> None:
    """Assets, debtors, creditors, each with its sums."""
    on = f"on {year.last}"
    _add(book, "Assets", f"Fixed assets {on}, and those disposed of", ASSET_COLUMNS, found.assets, AMOUNTS)
    _add(book, "Debtors", f"Debtors by days since posting, {on}", FLAT["debtors"][1:], found.debtors, AGES)
    _add(book, "Creditors", f"Creditors by days since posting, {on}", FLAT["creditors"][1:], found.creditors, AGES)


def _add(
    book: Book, name: str, title: str, header: tuple[str, ...], rows: list[tuple[object, ...]], amounts: tuple[str, ...]
) -> None:
    total: list[object] = ["Total"]
    for at, column in enumerate(header[1:], 1):
        letter = chr(ord("A") + at)
        pence = sum(cell for row in rows if column in amounts and isinstance(cell := row[at], int))
        total.append(Formula(f"=SUM({letter}2:{letter}{len(rows) + 1})", pence) if column in amounts else "")
    book.table(name, Sheet(title, header, rows, amounts), total=total if rows else (), widths=WIDTHS | {"asset": 24})


def add_indicators(book: Book, told: YearAsAt, year: Year) -> None:
    """The year's indicators, as the performance report shows them."""
    period = period_labelled(year.label, told.terms_on(year.last).year_start)
    rows = [figure_row(figure) for figure in performance(told, period).figures]
    widths = WIDTHS | {"name": 50, "indicator": 24, "area": 20}
    book.table("Indicators", Sheet(f"Indicators, {year.label}", FIGURES, rows, numbers=MEASURES), widths=widths)


DISPUTES = ("number", "party", "event", "amount", "standing")


def add_disputes(book: Book, chronicle: Chronicle) -> None:
    """Every dispute that was raised, and whether it is open."""
    open_numbers = {number for number, _ in chronicle.open_disputes()}
    rows = [
        (number, fact.party, fact.event, fact.amount, "open" if number in open_numbers else "resolved")
        for number, fact in chronicle.standing(e.DisputeRaised)
    ]
    book.table("Disputes", Sheet("Disputes", DISPUTES, rows, ("amount",)), widths=WIDTHS)


def add_responsibilities(book: Book, chronicle: Chronicle, year: Year) -> None:
    """Who answers for what."""
    rows = [(QUESTIONS[key], answer, source) for key, answer, source in answers(chronicle.terms_on(year.last))]
    header = ("question", "answer", "from")
    book.table("Responsibilities", Sheet("Who answers for what", header, rows), widths={"question": 46, "answer": 110})
