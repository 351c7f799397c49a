"""Debtors in credit and creditors in debit at a year's end, and how they are put right: by reclassification.

A balance on the wrong side is shown where it belongs on the year's last day, and comes back on the next day, so that the
invoice or the refund it waits for clears it. What stands on the wrong side of both accounts cancels, and stays so.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from ledger import events as e
from ledger.accounts import CREDITORS, DEBTORS, creditors, debtors
from ledger.agreement import Terms
from ledger.chronicle import Chronicle


class WrongSide(NamedTuple):
    """A book's balances with a body, one of them or both on the wrong side; pence, nil where the side is right."""

    book: str
    body: str
    in_credit: int
    in_debit: int

    @property
    def amount(self) -> int:
        """What must move from creditors to debtors for neither to stand on the wrong side."""
        return max(self.in_credit, self.in_debit)

    @property
    def cancels(self) -> int:
        """The part of it that clears both."""
        return min(self.in_credit, self.in_debit)


def wrong_sides(chronicle: Chronicle, terms: Terms) -> list[WrongSide]:
    """What stands on the wrong side at the year's end, once for two books that mirror each other, the pool's book first."""
    found: dict[tuple[str, str], WrongSide] = {}
    rank = {book: place for place, book in enumerate(terms.books)}
    for book in sorted(chronicle.closing, key=lambda book: rank.get(book, len(rank))):
        accounts = chronicle.closing[book]
        named = (account.removeprefix(DEBTORS).removeprefix(CREDITORS) for account in accounts
                 if account.startswith((DEBTORS, CREDITORS)))  # fmt: skip
        for body in sorted(set(named)):
            in_credit, in_debit = -accounts.get(debtors(body), 0), accounts.get(creditors(body), 0)
            if max(in_credit, in_debit) > 0 and (body, book) not in found:
                found[book, body] = WrongSide(book, body, max(in_credit, 0), max(in_debit, 0))
    return list(found.values())


def reclassified(chronicle: Chronicle, terms: Terms) -> Iterator[tuple[e.BalancesReclassified, date]]:
    """Each to the other account on the year's last day, and back on the next, but for what cancels."""
    year = chronicle.the_year
    for wrong in wrong_sides(chronicle, terms):
        there = e.BalancesReclassified(year=year.label, book=wrong.book, body=wrong.body, amount=wrong.amount)
        yield there, year.last
        if wrong.amount != wrong.cancels:
            yield e.BalancesReclassified(year.label, wrong.book, wrong.body, wrong.cancels - wrong.amount), year.next.first
