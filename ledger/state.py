"""What a decision must know, and how events change it: no rules, no clock, no look-ups.

Everything here is a sum, so a reversal is the same change with its sign turned. Nothing here grows with history,
suppliers or items: balances and items have rows of their own.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from msgspec import Struct, field

from ledger import events as e
from ledger.accounts import Entries
from ledger.agreement import Version
from ledger.agreement.history import Standing, TermsHistory
from ledger.agreement.terms import POOL

STATE_VERSION = 2
"""Raised when the state's shape or meaning changes: a head of an older version is replayed, a newer one refused."""


TERMS = "terms"
"""The kind of the rows that hold the versions of the terms, each under the day from which it holds."""


class Charge(Struct, omit_defaults=True):
    """A scheme's net cost (for one fund, or untagged), and what of it each party has been recharged, in pence."""

    net_cost: int = 0
    recharged: dict[str, int] = {}


class Item(Struct, omit_defaults=True):
    """An asset or a liability: who holds it, and the scheme and fund that paid for it; or a charge, by its number.

    `records` counts the records or recognitions (of a charge: the adjustments) not reversed; `holder` is empty once the
    asset was disposed of.
    """

    scheme: str
    holder: str
    fund: str = ""
    records: int = 0


class State(Struct, omit_defaults=True):
    """The small part of the head: which terms there are, open years, net cost by scheme and fund, contributions by party."""

    terms: Standing = field(default_factory=Standing)
    charges: dict[str, dict[str, Charge]] = {}
    contributed: dict[str, int] = {}
    """Party → contributions due from it so far, less refunds."""
    open_from: dict[str, date] = {}
    completed: int = 0
    """The number of the event that completed the arrangement, nil while it goes on."""


class Head:
    """An arrangement as of its last event: its state, and the balances and items a decision names.

    `fetch_balance`, `fetch_item` and `fetch_version` read the rows not yet named; `changed_balances()`, `changed_items` and
    `terms.changed` are what the events since then changed.
    """

    def __init__(
        self,
        stream: str,
        state: State | None = None,
        number: int = 0,
        recorded_at: str = "",
        fetch_balance: Callable[[str, str], int] = lambda _book, _account: 0,
        fetch_item: Callable[[str, str], Item | None] = lambda _kind, _code: None,
        fetch_version: Callable[[date], Version | None] = lambda _day: None,
    ) -> None:
        self.stream = stream
        self.state = state or State()
        self.number = number
        self.recorded_at = recorded_at
        self._fetch_balance = fetch_balance
        self._fetch_item = fetch_item
        self._balances: dict[str, dict[str, int]] = {}
        self._fetched: dict[str, dict[str, int]] = {}
        self._items: dict[tuple[str, str], Item] = {}
        self.changed_items: set[tuple[str, str]] = set()
        self.terms = TermsHistory(self.state.terms, fetch_version)
        self.terms_on = self.terms.on
        self.effective_on = date.min

    @property
    def signed(self) -> bool:
        """Whether there is an agreement yet."""
        return bool(self.state.terms.days)

    def balance(self, book: str, account: str) -> int:
        """What an account stands at, in pence, debit positive."""
        accounts = self._balances.get(book)
        found = accounts.get(account) if accounts is not None else None
        return self._fetch(book, account) if found is None else found

    def _fetch(self, book: str, account: str) -> int:
        found = self._fetch_balance(book, account)
        self._fetched.setdefault(book, {})[account] = found
        self._balances.setdefault(book, {})[account] = found
        return found

    def balances(self) -> list[tuple[str, str, int]]:
        """Every account named so far that is not nil: book, account, pence (of a replayed head: every account)."""
        return [
            (book, account, amount)
            for book, accounts in self._balances.items()
            for account, amount in accounts.items()
            if amount
        ]

    def changed_balances(self) -> list[tuple[str, str, int]]:
        """The accounts that events changed since they were fetched: book, account, pence."""
        return [
            (book, account, amount)
            for book, accounts in self._balances.items()
            for account, amount in accounts.items()
            if amount != self._fetched[book][account]
        ]

    def item(self, kind: str, code: str) -> Item | None:
        """The asset or liability of that code, if it was ever recorded; kind is “asset” or “liability”."""
        key = (kind, code)
        found = self._items.get(key)
        if found is None:
            found = self._fetch_item(kind, code)
            if found is not None:
                self._items[key] = found
        return found

    def changed_rows(self) -> list[tuple[str, str, Item | Version]]:
        """The items and versions of the terms that events changed: kind, code, and what is kept under them."""
        found: list[tuple[str, str, Item | Version]] = []
        for kind, code in self.changed_items:
            item = self.item(kind, code)
            assert item is not None
            found.append((kind, code, item))
        return [*found, *((TERMS, day.isoformat(), self.terms.version(day)) for day in self.terms.changed)]

    def charge(self, scheme: str, fund: str) -> Charge:
        """The net cost and recharges of a scheme that bear a fund's tag (or none)."""
        return self.state.charges.get(scheme, {}).get(fund) or Charge()

    def evolve(self, event: e.Event) -> None:
        """Take an event in: its entries to the balances, its fact to the rest."""
        self.effective_on = event.effective_on
        self._post(event.entries)
        self._change(event.fact, 1)
        self.number = event.number
        self.recorded_at = event.recorded_at

    def _post(self, posted: Entries) -> None:
        for book, accounts in posted.items():
            now = self._balances.setdefault(book, {})
            for account, amount in accounts.items():
                before = now.get(account)
                now[account] = amount + (self._fetch(book, account) if before is None else before)

    def _change(self, fact: e.Fact, sign: int) -> None:
        if isinstance(fact, e.FactReversed):
            self._change(fact.fact, -sign)
        else:
            change = _CHANGES.get(type(fact))
            if change is not None:
                change(self, fact, sign)

    def add_net_cost(self, book: str, scheme: str, fund: str, amount: int) -> None:
        """Add to a scheme's net cost, where the book is the pool's own."""
        if amount and book in self.state.terms.keepers:
            self._charge(scheme, fund).net_cost += amount

    def add_recharged(self, scheme: str, fund: str, parts: dict[str, int], sign: int) -> None:
        """Add to what each party has been recharged of a scheme."""
        recharged = self._charge(scheme, fund).recharged
        for party, part in parts.items():
            recharged[party] = recharged.get(party, 0) + sign * part
            if not recharged[party]:
                del recharged[party]

    def put_item(self, kind: str, code: str, item: Item) -> None:
        """Set an asset or a liability."""
        self._items[kind, code] = item
        self.changed_items.add((kind, code))

    def known_item(self, kind: str, code: str) -> Item:
        """The asset or liability of that code, which an event already named."""
        item = self.item(kind, code)
        assert item is not None
        self.changed_items.add((kind, code))
        return item

    def _charge(self, scheme: str, fund: str) -> Charge:
        return self.state.charges.setdefault(scheme, {}).setdefault(fund, Charge())


def _signed(head: Head, fact: e.AgreementSigned, _sign: int) -> None:
    head.terms.sign(fact.agreement)


def _varied(head: Head, fact: e.AgreementVaried, _sign: int) -> None:
    head.terms.vary(fact.variation, head.effective_on)


def _spent(head: Head, fact: e.ExpenditureIncurred, sign: int) -> None:
    head.add_net_cost(fact.book, fact.scheme, fact.fund, sign * fact.amount)


def _earned(head: Head, fact: e.CashIncomeReceived, sign: int) -> None:
    head.add_net_cost(fact.book, fact.scheme, fact.fund, -sign * fact.amount)


def _invoiced(head: Head, fact: e.IncomeDue, sign: int) -> None:
    head.add_net_cost(fact.book, fact.scheme, "", -sign * fact.amount)


def _billed(head: Head, fact: e.BillRaised, sign: int) -> None:
    if not fact.parts:
        head.add_net_cost(POOL, fact.scheme, "", sign * fact.amount)


def _recharged(head: Head, fact: e.RechargeRaised, sign: int) -> None:
    for parts in (fact.drawn, fact.billed, fact.credited):
        head.add_recharged(fact.scheme, fact.fund, parts, sign)


def _adjusted(head: Head, fact: e.ChargeAdjusted, sign: int) -> None:
    """Count the adjustments of a charge that stand: while any does, the charge is not reversed."""
    item = head.item("charge", str(fact.adjusts)) or Item(scheme=fact.scheme, holder="")
    item.records += sign
    head.put_item("charge", str(fact.adjusts), item)
    for parts in (fact.drawn, fact.billed, fact.credited):
        head.add_recharged(fact.scheme, "", parts, sign)


def _contributed(head: Head, fact: e.ContributionDue, sign: int) -> None:
    contributed = head.state.contributed
    contributed[fact.party] = contributed.get(fact.party, 0) + sign * fact.amount


def _closed(head: Head, fact: e.YearClosed, sign: int) -> None:
    for book in fact.balances:
        head.state.open_from[book] = fact.opens if sign > 0 else fact.first


def _refunded(head: Head, fact: e.ContributionRefunded, sign: int) -> None:
    contributed = head.state.contributed
    contributed[fact.party] = contributed.get(fact.party, 0) - sign * fact.amount


def _acquired(head: Head, fact: e.AssetAcquired, sign: int) -> None:
    head.add_net_cost(fact.book, fact.scheme, fact.fund, sign * fact.amount)
    item = head.item("asset", fact.asset)
    if item is None or not item.records:
        item = Item(scheme=fact.scheme, holder=fact.book, fund=fact.fund)
    item.records += sign
    head.put_item("asset", fact.asset, item)


def _transferred(head: Head, fact: e.AssetTransferred, sign: int) -> None:
    if not fact.at_end:
        head.add_net_cost(fact.giver, fact.scheme, fact.fund, -sign * fact.consideration)
        head.add_net_cost(fact.taker, fact.scheme, fact.fund, sign * fact.consideration)
    head.known_item("asset", fact.asset).holder = fact.taker if sign > 0 else fact.giver


def _disposed(head: Head, fact: e.AssetDisposed, sign: int) -> None:
    if not fact.at_end:
        head.add_net_cost(fact.book, fact.scheme, fact.fund, -sign * fact.proceeds)
    head.known_item("asset", fact.asset).holder = "" if sign > 0 else fact.book


def _divided(head: Head, fact: e.AssetDivided, sign: int) -> None:
    head.known_item("asset", fact.asset).holder = "" if sign > 0 else fact.giver


def _completed(head: Head, _fact: e.ArrangementCompleted, sign: int) -> None:
    head.state.completed = head.number + 1 if sign > 0 else 0


def _recognised(head: Head, fact: e.LiabilityRecognised, sign: int) -> None:
    head.add_net_cost(fact.book, fact.scheme, "", sign * fact.amount)
    item = head.item("liability", fact.liability)
    if item is None or not item.records:
        item = Item(scheme=fact.scheme, holder=fact.book)
    item.records += sign
    head.put_item("liability", fact.liability, item)


_CHANGES: dict[type, Callable[[Head, Any, int], None]] = {
    e.AgreementSigned: _signed,
    e.AgreementVaried: _varied,
    e.ContributionDue: _contributed,
    e.ContributionRefunded: _refunded,
    e.ExpenditureIncurred: _spent,
    e.CashIncomeReceived: _earned,
    e.IncomeDue: _invoiced,
    e.BillRaised: _billed,
    e.RechargeRaised: _recharged,
    e.ChargeAdjusted: _adjusted,
    e.AssetAcquired: _acquired,
    e.AssetTransferred: _transferred,
    e.AssetDisposed: _disposed,
    e.LiabilityRecognised: _recognised,
    e.YearClosed: _closed,
    e.AssetDivided: _divided,
    e.ArrangementCompleted: _completed,
}
