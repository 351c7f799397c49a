"""The steps that carry an end out, in the order of the accounting rules' table of completion, each posted on the last.

The books are worked on in memory, so that what is previewed is what would be recorded, and the plan can be proved before it
is. Amounts are pence.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from copy import deepcopy
from datetime import date
from typing import NamedTuple

from ledger import events as e
from ledger.accounts import ADVANCE, Entries, capital, debtors, distribution
from ledger.agreement import Terms
from ledger.arrangements import post
from ledger.decisions.decided import Decided
from ledger.decisions.position import wound_up
from ledger.termination.estate import Estate, Thing
from ledger.termination.held import Settling, taken


class Close(NamedTuple):
    """A past year of the pool book that is still open: its last day, the day its close is dated, and what stands in it."""

    last: date
    opens: date
    balances: dict[str, int]


class Run:
    """The steps so far, and every book as they leave it."""

    def __init__(self, terms: Terms, books: Entries, on: date) -> None:
        self.terms, self.on = terms, on
        self.books = deepcopy(books)
        self.steps: list[Decided] = []

    def take(self, fact: e.Fact, on: date | None = None) -> None:
        """Take a step, and post it."""
        entries = post(self.terms, fact)
        for book, accounts in entries.items():
            standing = self.books.setdefault(book, {})
            for account, amount in accounts.items():
                standing[account] = standing.get(account, 0) + amount
        self.steps.append(Decided(fact, entries, on or self.on))

    def balance(self, account: str) -> int:
        """What an account of the pool book stands at."""
        return self.books.get(self.terms.keeper, {}).get(account, 0)

    def standing(self, *beginnings: str) -> dict[str, int]:
        """The accounts of the pool book that begin so and are not nil."""
        book = self.books.get(self.terms.keeper, {})
        return {account: amount for account, amount in sorted(book.items()) if amount and account.startswith(beginnings)}


def run(terms: Terms, estate: Estate, settled: Settling, books: Entries, on: date, closes: Iterable[Close] = ()) -> Run:
    """Every step of an end, in order; there are none where nobody keeps a pool."""
    made = Run(terms, books, on)
    if not terms.keeper:
        return made
    for wrong in estate.reclassified:
        made.take(wrong)
    _creditors(made, estate, settled)
    _debtors(made, estate)
    for asset in estate.of("asset"):
        made.take(_asset(terms, estate, asset))
    for liability in estate.of("liability", "shares", "assume"):
        made.take(e.LiabilityAssumed(estate.keeper, liability.code, taken(liability)))
    if wound_up(terms):
        _close(made, closes)
    _distribute(made, estate)
    _refund(made)
    _settle(made, estate, settled)
    if closing := _by_party(made, distribution):
        made.take(e.DistributionClosed(closing))
    return made


def _creditors(made: Run, estate: Estate, settled: Settling) -> None:
    for creditor in estate.of("creditor", "pay", "novate"):
        if creditor.then == "novate":
            made.take(e.CreditorNovated(estate.keeper, creditor.code, creditor.choice.to, creditor.value))
        elif paid := settled.outsiders[creditor.code]:
            made.take(e.PaymentMade(estate.keeper, creditor.code, paid))


def _debtors(made: Run, estate: Estate) -> None:
    for debtor in estate.of("debtor", "collect", "assign"):
        if debtor.then == "assign":
            made.take(e.DebtorAssigned(estate.keeper, debtor.code, debtor.choice.to, debtor.value))
        elif debtor.code in made.terms.book_set:
            made.take(e.SettlementMade(debtor.code, estate.keeper, debtor.value))
        else:
            made.take(e.IncomeCollected(estate.keeper, debtor.code, debtor.value))


def _asset(terms: Terms, estate: Estate, asset: Thing) -> e.Fact:
    if asset.then == "in_kind":
        return e.AssetTransferred(
            giver=estate.keeper, taker=asset.choice.to, asset=asset.code, scheme=asset.scheme, cost=asset.cost,
            depreciation=asset.depreciation, consideration=asset.value, fund=asset.fund, at_end=True,
        )  # fmt: skip
    if asset.then == "sell":
        return e.AssetDisposed(
            book=estate.keeper, asset=asset.code, scheme=asset.scheme, cost=asset.cost, depreciation=asset.depreciation,
            proceeds=asset.value, fund=asset.fund, at_end=True,
        )  # fmt: skip
    carried = terms.shared(asset.carried, asset.shares.ratio)
    return e.AssetDivided(
        giver=estate.keeper, asset=asset.code, scheme=asset.scheme, cost=asset.cost, depreciation=asset.depreciation,
        parts=asset.parts, carried=carried, fund=asset.fund,
    )  # fmt: skip


def _close(made: Run, closes: Iterable[Close]) -> None:
    for close in closes:
        if close.balances:
            made.take(e.PoolClosed(close.last, close.balances), close.opens)
    if left := made.standing("Income:", "Expenditure:"):
        made.take(e.PoolClosed(made.on, left))


def _distribute(made: Run, estate: Estate) -> None:
    if paid_in := {party: -amount for party, amount in _by_party(made, capital).items()}:
        made.take(e.CapitalReturned(paid_in))
    falls = {each.party: each.distribution for each in estate.entitled if each.distribution}
    if falls and estate.called_in:
        made.take(e.DistributionMade(falls))


def _refund(made: Run) -> None:
    for account, amount in made.standing(ADVANCE).items():
        party, _, fund = account.removeprefix(ADVANCE).partition(":")
        made.take(e.ContributionRefunded(party, -amount, fund))


def _settle(made: Run, estate: Estate, settled: Settling) -> None:
    """Both balances with each party become one, but for what is disputed; then the one payment that is left."""
    disputed = estate.of("dispute", "hold")
    for party, paid in settled.paid.items():
        waits = sum(thing.value for thing in disputed if thing.whom == party)
        if both := made.balance(debtors(party)) - waits - max(-paid, 0):
            made.take(e.BalancesSetOff(party, both))
    for payment in settled.payments(estate.keeper):
        made.take(e.SettlementMade(*payment))


def _by_party(made: Run, account: Callable[[str], str]) -> dict[str, int]:
    """Party → what its account of a kind stands at, where that is not nil."""
    return {party: amount for party in made.terms.parties if (amount := made.balance(account(party)))}
