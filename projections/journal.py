"""The journal: every entry in the order in which it was recorded."""

from __future__ import annotations

from datetime import date
from itertools import groupby

from ledger.application import Ledger
from ledger.money import pounds
from projections import tables as t
from projections.balances import no_book
from projections.columns import FLAT
from projections.lines import Line, lines
from projections.sheets import Report, Sheet
from projections.views import View, read


def journal(
    ledger: Ledger,
    arrangements: list[str] | None,
    *,
    book: str = "",
    first: date | None = None,
    last: date | None = None,
) -> list[Report]:
    """Every event's lines in number order, posted in a period, of every book or of one; raises UnknownCode."""

    def answer(views: list[View]) -> list[Report]:
        having = [view for view in views if not book or book in view.terms.book_set]
        if book and not having:
            raise no_book(book, [(view.code, view.terms.books) for view in views])
        return [_report(view, book, first, last) for view in having]

    return read(ledger, arrangements, answer)


def _report(view: View, book: str, first: date | None, last: date | None) -> Report:
    rows = _rows(view, book, first, last)
    return Report(
        lambda: {
            "arrangement": view.code,
            "book": book or None,
            "from": first.isoformat() if first else None,
            "to": last.isoformat() if last else None,
            "events": [_event(list(posted)) for _, posted in groupby(rows, key=lambda row: row.number)],
        },
        lambda: [Sheet(f"Journal of {view.code}", _COLUMNS, map(_shown, rows), ("debit", "credit"))],
        lambda: Sheet("", FLAT["journal"], ((view.code, *_listed(row)) for row in rows), ("amount",)),
    )


_COLUMNS = ("number", "posted_on", "effective_on", "type", "reference", "document", "book", "account", "debit", "credit",
            "note")  # fmt: skip


def _shown(row: Line) -> tuple[object, ...]:
    effective_on = row.effective_on if row.effective_on != row.posted_on else ""
    return (row.number, row.posted_on, effective_on, row.type, row.reference, row.document, row.book, row.account,
            max(row.pence, 0) or "", max(-row.pence, 0) or "", row.note)  # fmt: skip


def _listed(row: Line) -> tuple[object, ...]:
    return (row.number, row.posted_on, row.effective_on, row.type, row.reference, row.document, row.book, row.account,
            row.pence, row.reverses or "", row.reversed_by or "")  # fmt: skip


def _rows(view: View, book: str, first: date | None, last: date | None) -> list[Line]:
    rank = {code: place for place, code in enumerate(view.terms.books)}
    found = lines(view, *([t.accounts.c.book == book] if book else []), first=first, last=last)
    # Pool book first, debits before credits: as an accountant writes them.
    return sorted(found, key=lambda row: (row.number, rank.get(row.book, len(rank)), row.pence < 0, row.account))


def _event(posted: list[Line]) -> dict[str, object]:
    event = posted[0]
    return {
        "number": event.number,
        "type": event.type,
        "effective_on": event.effective_on.isoformat(),
        "reference": event.reference,
        "document": event.document,
        "reverses": event.reverses,
        "reversed_by": event.reversed_by,
        "lines": [
            {
                "book": line.book,
                "account": line.account,
                "posted_on": line.posted_on.isoformat(),
                "amount": pounds(line.pence),
            }
            for line in posted
        ],
    }
