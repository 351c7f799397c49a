"""What each party is entitled to when an arrangement ends, or when it leaves: pure figures, in pence.

Source: accounting rules, “The end of an arrangement”. The pool book is an account's name → its balance, debit positive;
“outside” is every body but the parties.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import NamedTuple

from ledger.accounts import ADVANCE, CASH, COST, CREDITORS, DEBTORS, DEPRECIATION, PROVISIONS, capital, creditors, debtors
from ledger.agreement import Ratio, Terms
from ledger.errors import Refused
from ledger.money import sterling

Book = Mapping[str, int]


class Holding(NamedTuple):
    """An asset or a liability at its value, the ratio it is shared in, and each party's part, which add up to the value."""

    code: str
    value: int
    ratio: Ratio
    parts: dict[str, int]


class Position(NamedTuple):
    """What is to be shared: what is owed to each party (above nil) or by it, the assets, the liabilities, the residual.

    `residual` is each party's part of the money left when all that is owed has been paid; provisions are not deducted.
    """

    owed: dict[str, int]
    assets: list[Holding]
    liabilities: list[Holding]
    residual: dict[str, int]

    @property
    def net_worth(self) -> int:
        """What the entitlements add up to."""
        return (
            sum(self.owed.values())
            + sum(asset.value for asset in self.assets)
            - sum(liability.value for liability in self.liabilities)
            + sum(self.residual.values())
        )


class Entitlement(NamedTuple):
    """What a party is entitled to: what it is owed, its share of the assets, less of the liabilities, and of the residual."""

    party: str
    owed: int
    assets: int
    liabilities: int
    residual: int

    @property
    def distribution(self) -> int:
        """What falls to the party beyond what it is owed."""
        return self.assets - self.liabilities + self.residual

    @property
    def total(self) -> int:
        """All of it."""
        return self.owed + self.distribution


class Payment(NamedTuple):
    """A payment between the pool's keeper and a party."""

    payer: str
    payee: str
    amount: int


def entitlements(position: Position) -> list[Entitlement]:
    """Every party's entitlement, in the order of `owed`; together they are the net worth to the penny."""
    return [
        Entitlement(
            party,
            owed,
            sum(asset.parts.get(party, 0) for asset in position.assets),
            sum(liability.parts.get(party, 0) for liability in position.liabilities),
            position.residual.get(party, 0),
        )
        for party, owed in position.owed.items()
    ]


def payments(keeper: str, due: Mapping[str, int]) -> list[Payment]:
    """The fewest payments that settle what is due to each party (above nil) or from it: one with each, none of nil."""
    return [
        Payment(keeper, party, amount) if amount > 0 else Payment(party, keeper, -amount)
        for party, amount in due.items()
        if amount
    ]


def owed(book: Book, parties: Iterable[str]) -> dict[str, int]:
    """Party → what the pool owes it: contributions in advance, of every fund, and creditors, less debtors."""
    return {
        party: sum(
            -amount for account, amount in book.items() if account.startswith(ADVANCE) and _first(account, ADVANCE) == party
        )
        - book.get(creditors(party), 0)
        - book.get(debtors(party), 0)
        for party in parties
    }


def outside(book: Book, prefix: str, parties: Collection[str]) -> dict[str, int]:
    """The debtors, or the creditors, that are no parties: body → balance, debit positive."""
    return {
        _first(account, prefix): amount
        for account, amount in sorted(book.items())
        if account.startswith(prefix) and amount and _first(account, prefix) not in parties
    }


def carried(book: Book) -> dict[str, int]:
    """Asset → its carrying value, of every asset in the book, even one that has worn off."""
    held = sorted(
        {
            account.removeprefix(prefix)
            for account, amount in book.items()
            for prefix in (COST, DEPRECIATION)
            if account.startswith(prefix) and amount
        }
    )
    return {asset: book.get(COST + asset, 0) + book.get(DEPRECIATION + asset, 0) for asset in held}


def provided(book: Book) -> dict[str, int]:
    """Liability → what is provided for it."""
    return {
        account.removeprefix(PROVISIONS): -amount
        for account, amount in sorted(book.items())
        if account.startswith(PROVISIONS) and amount
    }


def residual(book: Book, parties: Collection[str]) -> int:
    """Cash, outside debtors, less outside creditors and less all that is owed to the parties."""
    return (
        book.get(CASH, 0)
        + sum(outside(book, DEBTORS, parties).values())
        + sum(outside(book, CREDITORS, parties).values())
        - sum(owed(book, parties).values())
    )


def residual_ratio(terms: Terms, book: Book) -> Ratio:
    """The agreed ratio of the residual, else that of the capital paid in, else that of recharges (may be empty)."""
    shares = terms.agreement.shares
    paid_in = {party: -book.get(capital(party), 0) for party in terms.parties}
    return shares.residual or {party: paid for party, paid in paid_in.items() if paid > 0} or shares.recharge


def own_ratio(terms: Terms, kind: str, code: str) -> Ratio:
    """The shares that the agreement names for an asset or a liability: its own, else those of all (may be empty)."""
    agreement = terms.agreement
    held, all_of_them = (
        (agreement.assets, agreement.shares.assets)
        if kind == "asset"
        else (agreement.liabilities, agreement.shares.liabilities)
    )
    return next((each.shares for each in held if each.code == code), all_of_them)


def shared_out(terms: Terms, kind: str, values: Mapping[str, int], ratio_of: Callable[[str], Ratio]) -> list[Holding]:
    """Assets or liabilities at their values, each split in its ratio; raises Refused where one has none."""
    holdings = []
    for code, value in values.items():
        ratio = ratio_of(code)
        if not ratio:
            raise Refused(
                f"{terms.agreement.code} has no shares for the {kind} {code}: agree them, as [[{kind}]] shares or as "
                f"shares.{'assets' if kind == 'asset' else 'liabilities'}."
            )
        holdings.append(Holding(code, value, ratio, terms.shared(value, ratio)))
    return holdings


def residual_parts(terms: Terms, amount: int, ratio: Ratio) -> dict[str, int]:
    """The residual split between the parties; raises Refused where there is one and no ratio for it."""
    if not amount:
        return {}
    if not ratio:
        raise Refused(
            f"{terms.agreement.code} has a residual of {sterling(amount)} and no shares for it: agree shares.residual."
        )
    return terms.shared(amount, ratio)


def _first(account: str, prefix: str) -> str:
    return account.removeprefix(prefix).partition(":")[0]
