"""Contributions: due, received, given in kind, refunded, and set off."""

from __future__ import annotations

from ledger import events as e
from ledger.accounts import creditors, debtors, in_advance
from ledger.agreement import Instalment, Terms
from ledger.decisions.guards import or_less
from ledger.errors import Obstructed
from ledger.money import sterling
from ledger.requests import Request
from ledger.state import Head


def due(_head: Head, _terms: Terms, asked: Request) -> e.ContributionDue:
    """A party owes the pool; negative reduces what was due."""
    return e.ContributionDue(party=asked.party, amount=asked.amount, fund=asked.fund, scheme=asked.scheme)


def instalment_request(planned: Instalment) -> Request:
    """An instalment of the schedule, asked for as a contribution due on its day."""
    return Request(
        type="contribution_due", effective_on=planned.on, party=planned.party, amount=planned.amount, fund=planned.fund,
        scheme=planned.scheme,
    )  # fmt: skip


def received(_head: Head, _terms: Terms, asked: Request) -> e.ContributionReceived:
    """A party paid, as it happened: even more than was due."""
    return e.ContributionReceived(party=asked.party, amount=asked.amount, fund=asked.fund, scheme=asked.scheme)


def given_in_kind(_head: Head, _terms: Terms, asked: Request) -> e.ContributionGivenInKind:
    """A valued memorandum."""
    return e.ContributionGivenInKind(party=asked.party, amount=asked.amount, scheme=asked.scheme)


def refunded(head: Head, terms: Terms, asked: Request) -> e.ContributionRefunded:
    """Refuse more than is left of the party's contributions (a venture: of its grants)."""
    refund = e.ContributionRefunded(party=asked.party, amount=asked.amount, fund=asked.fund)
    refuse_refund_beyond(head, terms, refund)
    return refund


def refuse_refund_beyond(head: Head, terms: Terms, refund: e.ContributionRefunded) -> None:
    """Refuse to refund more than is left."""
    if terms.entity:
        left, where = head.state.contributed.get(refund.party, 0), f"granted to {terms.keeper} and not refunded"
    else:
        left = -head.balance(terms.keeper, in_advance(refund.party, refund.fund))
        where = f"left in advance with {terms.keeper}" + (f" in {refund.fund}" if refund.fund else ", untagged")
    if refund.amount > left:
        raise Obstructed(
            f"{refund.party} has {sterling(left)} {where}, so {sterling(refund.amount)} cannot be refunded",
            or_less("refund", left) or "there is nothing to refund",
        )


def set_off(head: Head, terms: Terms, asked: Request) -> e.BalancesSetOff:
    """Refuse more than the smaller of what each owes the other."""
    set_off = e.BalancesSetOff(party=asked.party, amount=asked.amount)
    refuse_set_off_beyond(head, terms, set_off)
    return set_off


def refuse_set_off_beyond(head: Head, terms: Terms, fact: e.BalancesSetOff) -> None:
    """Refuse to set off more than each owes the other."""
    pool, party = terms.keeper, fact.party
    owed = -head.balance(pool, creditors(party))
    owing = head.balance(pool, debtors(party))
    if fact.amount > min(owed, owing):
        raise Obstructed(
            f"{pool} owes {party} {sterling(owed)} and {party} owes {pool} {sterling(owing)}, "
            f"so {sterling(fact.amount)} cannot be set off",
            or_less("set off", min(owed, owing)) or "there is nothing to set off",
        )
