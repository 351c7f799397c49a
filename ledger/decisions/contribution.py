"""Contributions: due, received, given in kind, refunded, and set off."""

from __future__ import annotations

from ledger import events as e
from ledger.accounts import creditors, debtors, in_advance
from ledger.agreement import Terms
from ledger.errors import Refused
from ledger.money import sterling
from ledger.requests import Request
from ledger.state import Head


def due(_head: Head, _terms: Terms, asked: Request) -> e.ContributionDue:
    """A party owes the pool; negative reduces what was due."""
    return e.ContributionDue(party=asked.party, amount=asked.amount, fund=asked.fund, scheme=asked.scheme)


def received(_head: Head, _terms: Terms, asked: Request) -> e.ContributionReceived:
    """A party paid, as it happened: even more than was due."""
    return e.ContributionReceived(party=asked.party, amount=asked.amount, fund=asked.fund, scheme=asked.scheme)


def given_in_kind(_head: Head, _terms: Terms, asked: Request) -> e.ContributionGivenInKind:
    """A valued memorandum."""
    return e.ContributionGivenInKind(party=asked.party, amount=asked.amount, scheme=asked.scheme)


def refunded(head: Head, terms: Terms, asked: Request) -> e.ContributionRefunded:
    """Refuse more than is left of the party's contributions (a venture: of its grants)."""
    if terms.entity:
        left, where = head.state.contributed.get(asked.party, 0), f"granted {terms.keeper}"
    else:
        left = -head.balance(terms.keeper, in_advance(asked.party, asked.fund))
        where = f"left in advance with {terms.keeper}" + (f" in {asked.fund}" if asked.fund else ", untagged")
    if asked.amount > left:
        raise Refused(
            f"{asked.party} has {sterling(left)} {where}, so {sterling(asked.amount)} cannot be refunded: "
            f"refund that or less."
        )
    return e.ContributionRefunded(party=asked.party, amount=asked.amount, fund=asked.fund)


def set_off(head: Head, terms: Terms, asked: Request) -> e.BalancesSetOff:
    """Refuse more than the smaller of what each owes the other."""
    pool = terms.keeper
    owed = -head.balance(pool, creditors(asked.party))
    owing = head.balance(pool, debtors(asked.party))
    if asked.amount > min(owed, owing):
        raise Refused(
            f"{pool} owes {asked.party} {sterling(owed)} and {asked.party} owes {pool} {sterling(owing)}, "
            f"so {sterling(asked.amount)} cannot be set off: set off {sterling(max(min(owed, owing), 0))} or less."
        )
    return e.BalancesSetOff(party=asked.party, amount=asked.amount)
