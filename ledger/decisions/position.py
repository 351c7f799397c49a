"""The position of a pool: what there is to share out at the end, or when a party leaves, read from its history.

Source: accounting rules, “The end of an arrangement”. Amounts are pence.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ledger.agreement import Terms
from ledger.chronicle import Chronicle
from ledger.decisions.entitlement import (
    Position,
    Shares,
    agreed_shares,
    carried,
    owed,
    provided,
    residual,
    residual_shares,
    shared_out,
    shared_residual,
)


def position(chronicle: Chronicle, terms: Terms, values: Mapping[str, int] | None = None) -> Position:
    """What there is to share between the parties; `values` are the values agreed for assets, which else count as carried.

    Under joint commissioning the contractor's money is its own, so only what it and the parties owe each other counts, and
    what the contract shares out. With aligned budgets nothing is shared. Raises Refused where something has no shares.
    """
    book = pool_book(chronicle, terms)
    assets = {code: (values or {}).get(code, value) for code, value in shared_items(terms, "asset", carried(book)).items()}
    liabilities = shared_items(terms, "liability", provided(book))
    left = residual(book, terms.party_set) if wound_up(terms) else 0
    return Position(
        owed=owed(book, terms.parties),
        assets=shared_out(terms, "asset", assets, shares_of(chronicle, terms, "asset")),
        liabilities=shared_out(terms, "liability", liabilities, shares_of(chronicle, terms, "liability")),
        residual=shared_residual(terms, left, residual_shares(terms, book)),
    )


def wound_up(terms: Terms) -> bool:
    """Whether the pool book is wound up at the end: a lead's or a venture's is, an outside contractor's is not."""
    return bool(terms.lead or terms.entity)


def pool_book(chronicle: Chronicle, terms: Terms) -> dict[str, int]:
    """The pool book's accounts that are not nil; empty with aligned budgets."""
    return {account: amount for book, account, amount in chronicle.balances() if book == terms.keeper}


def shared_items(terms: Terms, kind: str, values: Mapping[str, int]) -> dict[str, int]:
    """What is shared out of the keeper's assets or liabilities: all, but of a contractor's only what the contract names."""
    return {code: value for code, value in values.items() if wound_up(terms) or agreed_shares(terms, kind, code).ratio}


def shares_of(chronicle: Chronicle, terms: Terms, kind: str) -> Callable[[str], Shares]:
    """Code → how an asset or a liability is shared (the ratio may be empty).

    As the agreement names for it; else as the contributors of the fund that bought it; else by its scheme's recharge ratio on
    the day it was acquired or recognised.
    """

    def shares(code: str) -> Shares:
        agreed = agreed_shares(terms, kind, code)
        return agreed if agreed.ratio else _at_purchase(chronicle, kind, code)

    return shares


def _at_purchase(chronicle: Chronicle, kind: str, code: str) -> Shares:
    item, day = chronicle.known_item(kind, code), chronicle.held_from(kind, code)
    if item.fund and (funded := chronicle.contributors(item.fund, day)):
        return Shares(funded, f"contributors of {item.fund} by {day}")
    return Shares(chronicle.terms_on(day).recharge_ratio(item.scheme), f"recharge of {item.scheme} on {day}")
