"""Balances as `report balances` shows them, but straight from the stored events, and held against the head's own rows."""

from __future__ import annotations

from datetime import date

from ledger.application import Ledger
from ledger.audit.straight import straight
from ledger.errors import NotProven
from ledger.store.opening import Place
from projections.balances import balances_report
from projections.sheets import Report


def rebuilt(
    where: Place,
    ledger: Ledger,
    arrangement: str | None,
    *,
    as_at: date | None = None,
    as_known: str = "",
    known: str | int | None = None,
) -> list[Report]:
    """The balances of an arrangement (None: of all, at one moment), of every book; `where` is where the ledger lies.

    Raises NotProven where the events cannot be added up, or come to other balances than the head keeps.
    """
    with ledger.store.snapshot():
        codes = ledger.store.streams() if arrangement is None else [ledger.known(arrangement)]
        heads = {code: ledger.draft(code).head for code in codes}
        numbers = {code: heads[code].number if known is None else ledger.number_known(code, known) for code in codes}
        kept = {code: ledger.store.balances(code) for code in codes if known is None and as_at is None}
    found = straight(where, numbers, as_at)
    reports = []
    for code in codes:
        rows = [(book, account, pence) for book, accounts in found[code].items() for account, pence in accounts.items()]
        if code in kept and sorted(rows) != kept[code]:
            raise NotProven(
                f"The balances that the head of {code} keeps are not those of its events: poolbook audit replay {code} says "
                f"which differ. Restore a backup, and ask who had the file in hand."
            )
        books = heads[code].terms_on(date.max).books
        reports.append(balances_report(code, books, numbers[code], rows, as_at, as_known or None))
    return reports
