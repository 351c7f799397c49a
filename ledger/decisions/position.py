"""The position of a pool: what there is to share out at the end, or when a party leaves, read from its history.

Source: accounting rules, “The end of an arrangement”. Amounts are pence.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ledger.agreement import Ratio, Terms
from ledger.chronicle import Chronicle
from ledger.decisions.entitlement import (
    Position,
    carried,
    owed,
    own_ratio,
    provided,
    residual,
    residual_parts,
    residual_ratio,
    shared_out,
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
        assets=shared_out(terms, "asset", assets, ratio_of(chronicle, terms, "asset")),
        liabilities=shared_out(terms, "liability", liabilities, ratio_of(chronicle, terms, "liability")),
        residual=residual_parts(terms, left, residual_ratio(terms, book)),
    )


def wound_up(terms: Terms) -> bool:
    """Whether the pool book is wound up at the end: a lead's or a venture's is, an outside contractor's is not."""
    return bool(terms.lead or terms.entity)


def pool_book(chronicle: Chronicle, terms: Terms) -> dict[str, int]:
    """The pool book's accounts that are not nil; empty with aligned budgets."""
    return {account: amount for book, account, amount in chronicle.balances() if book == terms.keeper}


def shared_items(terms: Terms, kind: str, values: Mapping[str, int]) -> dict[str, int]:
    """What is shared out of the keeper's assets or liabilities: all, but of a contractor's only what the contract names."""
    return {code: value for code, value in values.items() if wound_up(terms) or own_ratio(terms, kind, code)}


def ratio_of(chronicle: Chronicle, terms: Terms, kind: str) -> Callable[[str], Ratio]:
    """Code → the ratio an asset or a liability is shared in (may be empty).

    What the agreement names for it; else the contributors of the fund that bought it; else its scheme's recharge ratio on
    the day it was acquired or recognised.
    """

    def ratio(code: str) -> Ratio:
        return own_ratio(terms, kind, code) or _at_purchase(chronicle, kind, code)

    return ratio


def _at_purchase(chronicle: Chronicle, kind: str, code: str) -> Ratio:
    item, day = chronicle.known_item(kind, code), chronicle.held_from(kind, code)
    funded = chronicle.contributors(item.fund, day) if item.fund else {}
    return funded or chronicle.terms_on(day).recharge_ratio(item.scheme)
