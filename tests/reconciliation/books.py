"""An extract to hold against the mirror of the CCG in a lead-body pool, and the workbooks and texts it may come as."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from io import BytesIO
from typing import Any

from openpyxl import Workbook

from tests.commands.desk import Desk

JUNE, CUT = date(2013, 6, 1), date(2013, 6, 30)
HEADER = ("reference", "amount", "date")
FACTS: list[dict[str, str]] = [
    {"type": "contribution_received", "date": "2013-06-01", "reference": "C-1", "document": "INV-77", "party": "OCCG",
     "amount": "5000.00"},
    {"type": "expenditure", "date": "2013-06-10", "reference": "E-1", "scheme": "beds", "counterparty": "SUP",
     "amount": "8000.00"},
    {"type": "recharge", "date": "2013-06-30", "reference": "R-1", "scheme": "beds", "amount": "8000.00"},
    {"type": "contribution_received", "date": "2013-06-29", "reference": "C-2", "party": "OCCG", "amount": "300.00"},
]  # fmt: skip
"""OCCG's mirror: +5,000.00 (#2), −4,000.00 (#4), +300.00 (#5); 1,300.00 in all."""

AGREED: list[tuple[Any, ...]] = [("INV-77", "5000.00", "2013-06-02"), ("R-1", "-4000.00", "2013-06-30"),
                                 ("C-2", "300.00", "2013-06-29")]  # fmt: skip


def text(rows: Sequence[Sequence[Any]], header: Sequence[str] = HEADER) -> str:
    """The rows as CSV."""
    return "\n".join(",".join(f'"{cell}"' for cell in row) for row in (header, *rows)) + "\n"


def workbook(rows: Sequence[Sequence[Any]], header: Sequence[str] = HEADER) -> bytes:
    """The rows as the first sheet of a workbook, cells typed as they are given."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (header, *rows):
        sheet.append(list(row))
    book.create_sheet("Notes").append(["reference", "nothing to see"])
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def typed(rows: Sequence[Sequence[str]]) -> list[tuple[Any, ...]]:
    """The rows with numbers and dates as a workbook types them."""
    return [(reference, float(amount), datetime.fromisoformat(day)) for reference, amount, day in rows]


def pool(desk: Desk) -> Desk:
    """The desk with the pool and its facts."""
    columns = ("arrangement", "type", "date", "reference", "document", "party", "counterparty", "scheme", "amount")
    desk.made()
    desk.csv(*({"arrangement": "pool"} | fact for fact in FACTS), columns=columns)
    assert desk("import", "facts.csv").code == 0
    return desk
