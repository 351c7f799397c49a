"""What an arrangement leaves behind at its end: each thing in the pool book, its value, and what becomes of it.

Source: accounting rules, “The end of an arrangement”. Amounts are pence.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

from msgspec import Struct

from ledger import events as e
from ledger.accounts import CREDITORS, DEBTORS, cost, creditors, debtors, depreciation
from ledger.agreement import Terms
from ledger.calendar import year_of
from ledger.chronicle import Chronicle
from ledger.decisions.entitlement import Book, Entitlement, Position, Shares, entitlements, outside
from ledger.decisions.position import pool_book, position, wound_up
from ledger.termination.plan import Choice, Choices


class Thing(Struct, frozen=True):
    """A creditor, debtor, asset, liability or dispute, at its value; `parts` is each party's part of an asset or liability.

    `cost` and `depreciation` are an asset's, with the scheme and fund that paid for it; `whom` is the party that disputes.
    """

    kind: str
    code: str
    value: int
    choice: Choice
    parts: dict[str, int] = {}
    shares: Shares = Shares({})
    cost: int = 0
    depreciation: int = 0
    scheme: str = ""
    fund: str = ""
    whom: str = ""

    @property
    def carried(self) -> int:
        """What an asset is carried at."""
        return self.cost - self.depreciation

    @property
    def then(self) -> str:
        """What becomes of it."""
        return self.choice.then

    @property
    def name(self) -> str:
        """What people call it, alone among all that is left behind."""
        return f"{self.kind} #{self.code}" if self.kind == "dispute" else f"{self.kind} {self.code}"


class Estate(NamedTuple):
    """Everything that is left behind, and who is entitled to what of it.

    `reclassified` puts what is owed outside or from outside, and stands on the wrong side, where it belongs; `called_in` is
    whether the parties make good a deficit: a venture's owners do only where the agreement binds them.
    """

    keeper: str
    book: dict[str, int]
    reclassified: list[e.BalancesReclassified]
    things: list[Thing]
    position: Position
    entitled: list[Entitlement]
    called_in: bool

    def of(self, kind: str, *then: str) -> list[Thing]:
        """The things of a kind, or only those of which one of these becomes."""
        return [thing for thing in self.things if thing.kind == kind and (not then or thing.then in then)]


def estate(chronicle: Chronicle, terms: Terms, choices: Choices, on: date) -> Estate:
    """What there is at the end; raises Refused where something has no shares."""
    book = pool_book(chronicle, terms)
    moved = [*_wrong_sides(terms, book, year_of(on, terms.year_start).label)]
    found = position(chronicle, terms, choices.values)
    entitled = entitlements(found)
    short = sum(each.distribution for each in entitled) < 0
    called_in = not (short and terms.entity and not terms.agreement.roles.owners_liable)
    if not called_in:
        choices = choices.without_sharing()
    things = [
        *_outsiders(book | _put_right(book, moved), terms, choices),
        *_assets(chronicle, book, found, choices),
        *(
            Thing("liability", held.code, held.value, choices.of("liability", held.code), held.parts, held.shares)
            for held in found.liabilities
        ),
        *_disputes(chronicle, book, choices),
    ]
    return Estate(terms.keeper, book, moved, things, found, entitled, called_in)


def _wrong_sides(terms: Terms, book: Book, label: str) -> Iterator[e.BalancesReclassified]:
    """Outside debtors in credit and creditors in debit, each to the other account."""
    bodies = [*outside(book, DEBTORS, terms.party_set), *outside(book, CREDITORS, terms.party_set)]
    for body in sorted(set(bodies)) if wound_up(terms) else ():
        amount = max(-book.get(debtors(body), 0), book.get(creditors(body), 0))
        if amount > 0:
            yield e.BalancesReclassified(label, terms.keeper, body, amount)


def _put_right(book: Book, moved: Iterable[e.BalancesReclassified]) -> dict[str, int]:
    """What the accounts that were put right stand at then."""
    after = {}
    for each in moved:
        after[debtors(each.body)] = book.get(debtors(each.body), 0) + each.amount
        after[creditors(each.body)] = book.get(creditors(each.body), 0) - each.amount
    return after


def _outsiders(book: dict[str, int], terms: Terms, choices: Choices) -> Iterator[Thing]:
    for kind, prefix, sign in (("creditor", CREDITORS, -1), ("debtor", DEBTORS, 1)) if wound_up(terms) else ():
        for body, balance in outside(book, prefix, terms.party_set).items():
            yield Thing(kind, body, sign * balance, choices.of(kind, body))


def _assets(chronicle: Chronicle, book: dict[str, int], found: Position, choices: Choices) -> Iterator[Thing]:
    for held in found.assets:
        item = chronicle.known_item("asset", held.code)
        yield Thing(
            "asset", held.code, held.value, choices.of("asset", held.code), held.parts, held.shares,
            book.get(cost(held.code), 0), -book.get(depreciation(held.code), 0), item.scheme, item.fund,
        )  # fmt: skip


def _disputes(chronicle: Chronicle, book: dict[str, int], choices: Choices) -> Iterator[Thing]:
    """Open disputes, each with what of it the pool is still owed: that much waits, and no more."""
    owing: dict[str, int] = {}
    for number, dispute in chronicle.open_disputes():
        party, code = dispute.party, str(number)
        choice = choices.of("dispute", code)
        left = owing.setdefault(party, max(book.get(debtors(party), 0), 0))
        value = min(dispute.amount, left)
        if choice.then == "hold":
            owing[party] -= value
        yield Thing("dispute", code, value, choice, whom=party)
