"""Liabilities provided for, and settled."""

from __future__ import annotations

from ledger import events as e
from ledger.accounts import provision
from ledger.agreement import Terms
from ledger.arrangements import rules_of
from ledger.decisions.asset import refuse_another
from ledger.decisions.guards import or_less
from ledger.errors import Obstructed, Refused
from ledger.money import sterling
from ledger.requests import Request
from ledger.state import Head


def recognised(head: Head, terms: Terms, asked: Request) -> e.LiabilityRecognised:
    """A provision made, raised, or (negative) released."""
    book = rules_of(terms).holder(terms, asked.party)
    item = head.item("liability", asked.liability)
    if item is not None and item.records:
        refuse_another(asked.liability, "liability", item, book, asked.scheme, "")
    return e.LiabilityRecognised(book=book, liability=asked.liability, scheme=asked.scheme, amount=asked.amount)


def settled(head: Head, terms: Terms, asked: Request) -> e.LiabilitySettled:
    """Refuse more than was provided for."""
    item = head.item("liability", asked.liability)
    if item is None or not item.records:
        raise Refused(f"{terms.agreement.code} has no liability {asked.liability}: record first that it was recognised.")
    provided = -head.balance(item.holder, provision(asked.liability))
    if asked.amount > provided:
        raise Obstructed(
            f"{sterling(provided)} is provided for {asked.liability} by {item.holder}, so {sterling(asked.amount)} "
            f"cannot be settled from it",
            f"recognise the difference first{or_less(', or settle', provided)}",
        )
    return e.LiabilitySettled(book=item.holder, liability=asked.liability, amount=asked.amount)
