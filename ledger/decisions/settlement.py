"""Settlements between the bodies of an arrangement."""

from __future__ import annotations

from ledger import events as e
from ledger.accounts import creditors
from ledger.agreement import Terms
from ledger.decisions.guards import or_less
from ledger.errors import Obstructed, Refused
from ledger.money import sterling
from ledger.requests import Request
from ledger.state import Head


def made(head: Head, terms: Terms, asked: Request) -> e.SettlementMade:
    """A payment as it happened; between parties that owe each other nothing else, only for what a transfer left owing.

    Aligned arrangements and plain joint commissioning have no balance between parties (accounting rules, “Mirrors”).
    """
    payer, payee = asked.party, asked.counterparty
    if payer == payee:
        raise Refused(f"{payer} cannot settle with itself: name the body that was paid as counterparty.")
    pooled = bool(terms.lead or terms.entity)
    if not pooled and {payer, payee} <= terms.party_set:
        owed = max(-head.balance(payer, creditors(payee)), 0)
        if asked.amount > owed:
            raise Obstructed(
                f"{payer} owes {payee} {sterling(owed)} for assets transferred, and the parties of {terms.agreement.code} "
                f"owe each other nothing else, so {sterling(asked.amount)} cannot be settled",
                f"record the transfer first{or_less(', or settle', owed)}",
            )
    return e.SettlementMade(payer=payer, payee=payee, amount=asked.amount)
