"""Corrections: an event is never edited or deleted, only reversed by another that names it."""

from __future__ import annotations

from ledger import events as e
from ledger.accounts import Entries, negated
from ledger.decisions.guards import guard
from ledger.decisions.recharge import refuse_below_nil
from ledger.errors import Refused
from ledger.state import Head


def reversed_event(head: Head, event: e.Event, reversed_by: int | None) -> tuple[e.FactReversed, Entries]:
    """Negate an event's recorded parts exactly; refuse what was reversed already or has since been used."""
    if reversed_by is not None:
        raise Refused(
            f"#{event.number} of {event.arrangement} was reversed by #{reversed_by} already: nothing is reversed twice. "
            f"To undo that, reverse #{reversed_by}."
        )
    if isinstance(event.fact, e.AgreementSigned):
        raise Refused(
            f"#{event.number} signed {event.arrangement}, and a signature is not reversed: everything else stands on it."
        )
    posted = negated(event.entries)
    guard(head, posted)
    _guard_recharged(head, event.fact)
    return e.FactReversed(reverses=event.number, fact=event.fact), posted


def _guard_recharged(head: Head, fact: e.Fact) -> None:
    sign = 1
    while isinstance(fact, e.FactReversed):
        fact, sign = fact.fact, -sign
    if isinstance(fact, e.RechargeRaised) and sign * fact.amount > 0:
        refuse_below_nil(head, fact.scheme, fact.fund, sign * fact.amount)
