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


class Shares(NamedTuple):
    """A ratio between the parties (empty where none is agreed), and the clause it comes from."""

    ratio: Ratio
    clause: str = ""


class Holding(NamedTuple):
    """An asset or a liability at its value, how it is shared, and each party's part, which add up to the value."""

    code: str
    value: int
    shares: Shares
    parts: dict[str, int]


class Position(NamedTuple):
    """What is to be shared: what is owed to each party (above nil) or by it, the assets, the liabilities, the residual.

    The residual is the money left when all that is owed has been paid; provisions are not deducted.
    """

    owed: dict[str, int]
    assets: list[Holding]
    liabilities: list[Holding]
    residual: Holding

    @property
    def net_worth(self) -> int:
        """What the entitlements add up to."""
        return (
            sum(self.owed.values())
            + sum(asset.value for asset in self.assets)
            - sum(liability.value for liability in self.liabilities)
            + self.residual.value
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
            position.residual.parts.get(party, 0),
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


def residual_shares(terms: Terms, book: Book) -> Shares:
    """The agreed shares of the residual, else those of the capital paid in, else those of recharges (may be empty)."""
    shares = terms.agreement.shares
    paid_in = {party: -book.get(capital(party), 0) for party in terms.parties}
    if shares.residual:
        return Shares(shares.residual, "shares.residual")
    if any(paid > 0 for paid in paid_in.values()):
        return Shares({party: paid for party, paid in paid_in.items() if paid > 0}, "capital paid in")
    return Shares(shares.recharge, "shares.recharge")


def agreed_shares(terms: Terms, kind: str, code: str) -> Shares:
    """The shares that the agreement names for an asset or a liability: its own, else those of all (may be empty)."""
    agreement = terms.agreement
    held, of_all, name = (
        (agreement.assets, agreement.shares.assets, "assets")
        if kind == "asset"
        else (agreement.liabilities, agreement.shares.liabilities, "liabilities")
    )
    own = next((each.shares for each in held if each.code == code), None)
    return Shares(own, "its own shares") if own else Shares(of_all, f"shares.{name}")


def shared_out(terms: Terms, kind: str, values: Mapping[str, int], shares_of: Callable[[str], Shares]) -> list[Holding]:
    """Assets or liabilities at their values, each split as shared; raises Refused where nobody has agreed how."""
    holdings = []
    for code, value in values.items():
        shares = shares_of(code)
        if not shares.ratio:
            raise Refused(
                f"{terms.agreement.code} has no shares for the {kind} {code}: agree them, as [[{kind}]] shares or as "
                f"shares.{'assets' if kind == 'asset' else 'liabilities'}."
            )
        holdings.append(Holding(code, value, shares, terms.shared(value, shares.ratio)))
    return holdings


def shared_residual(terms: Terms, amount: int, shares: Shares) -> Holding:
    """The residual split between the parties; raises Refused where there is one and nobody has agreed how."""
    if not amount:
        return Holding("residual", 0, shares, {})
    if not shares.ratio:
        raise Refused(
            f"{terms.agreement.code} has a residual of {sterling(amount)} and no shares for it: agree shares.residual."
        )
    return Holding("residual", amount, shares, terms.shared(amount, shares.ratio))


def _first(account: str, prefix: str) -> str:
    return account.removeprefix(prefix).partition(":")[0]
