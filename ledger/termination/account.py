"""The final account of an arrangement: what its completion says each party was entitled to, took and was paid.

Source: accounting rules, “The end of an arrangement”. Amounts are pence.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from ledger import events as e
from ledger.accounts import creditors, debtors, distribution
from ledger.agreement import Terms
from ledger.decisions.entitlement import Payment, payments
from ledger.decisions.position import wound_up


class Takes(NamedTuple):
    """What a party takes of what it is entitled to: the columns add up to its entitlement.

    Liabilities and creditors it takes over are below nil. `paid` is what it is paid, below nil what it pays in; `held` what
    waits for it, below nil what it still owes; `not_called` what is left as it was, where owners do not make good a deficit.
    """

    party: str
    assets: int
    liabilities: int
    creditors: int
    debtors: int
    paid: int
    held: int
    not_called: int


def total(entitled: e.Entitled) -> int:
    """A party's entitlement."""
    return entitled.owed + entitled.share_of_assets - entitled.share_of_liabilities + entitled.share_of_residual


def takes(completed: e.ArrangementCompleted) -> list[Takes]:
    """What each party takes: whatever it takes over, is held for it or is not called in, and the rest as a payment."""
    found = []
    for each in completed.entitled:
        party = each.party
        accounts = (debtors(party), creditors(party))
        over = {
            kind: sign * sum(taken(item).get(party, 0) for item in completed.items if item.kind == kind)
            for kind, sign in (("asset", 1), ("liability", -1), ("creditor", -1), ("debtor", 1))
        }
        held = -sum(survivor.amount for survivor in completed.survivors if survivor.account in accounts)
        paid = total(each) - sum(over.values()) - held - each.not_called
        found.append(
            Takes(party, over["asset"], over["liability"], over["creditor"], over["debtor"], paid, held, each.not_called)
        )
    return found


def taken(item: e.Ended) -> dict[str, int]:
    """Party → the value it takes of a thing: whole where it takes it alone, its part where all do, else nothing."""
    if item.then in ("in_kind", "assume", "novate", "assign"):
        return {item.to: item.value}
    return item.parts if item.then == "shares" else {}


def named(completed: e.ArrangementCompleted) -> dict[str, int]:
    """Account of the pool book → what of it outlives the arrangement, by name; none of nil."""
    found: dict[str, int] = {}
    for survivor in completed.survivors:
        if survivor.account:
            found[survivor.account] = found.get(survivor.account, 0) + survivor.amount
    return {account: amount for account, amount in found.items() if amount}


def left(terms: Terms, book: Mapping[str, int]) -> dict[str, int]:
    """What is left in the pool book; of a contractor's, which is not wound up, only what lies between it and the parties."""
    between = {account(party) for party in terms.parties for account in (debtors, creditors, distribution)}
    return {account: pence for account, pence in book.items() if pence and (wound_up(terms) or account in between)}


def payments_of(completed: e.ArrangementCompleted, keeper: str) -> list[Payment]:
    """Who pays whom, in the end."""
    return payments(keeper, {each.party: each.paid for each in takes(completed)})
