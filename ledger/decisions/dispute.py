"""Disputes: raised over an event, acknowledged for a year end, resolved; the item stays on both sides' books meanwhile."""

from __future__ import annotations

from ledger import events as e
from ledger.agreement import Terms
from ledger.chronicle import Chronicle
from ledger.errors import Refused
from ledger.money import sterling

Dispute = e.DisputeRaised | e.DisputeAcknowledged | e.DisputeResolved


def dispute_fact(chronicle: Chronicle, terms: Terms, fact: Dispute, disputed: e.Event | None) -> Dispute:
    """The fact as it may be recorded; `disputed` is the event that a new dispute is about. Raises Refused or UnknownCode."""
    if isinstance(fact, e.DisputeRaised):
        assert disputed is not None
        return _raised(terms, fact, disputed)
    open_disputes = dict(chronicle.open_disputes())
    if fact.dispute not in open_disputes:
        known = ", ".join(f"#{number}" for number in open_disputes) or "none"
        raise Refused(f"#{fact.dispute} is no open dispute of {terms.agreement.code}: there is {known}.")
    return fact


def _raised(terms: Terms, fact: e.DisputeRaised, disputed: e.Event) -> e.DisputeRaised:
    terms.known_party(fact.party, "party")
    posted = disputed.entries.get(fact.party, {})
    largest = max((abs(amount) for amount in posted.values()), default=0)
    if not largest:
        raise Refused(
            f"#{disputed.number} posts nothing in the book of {fact.party}, so {fact.party} cannot dispute it: "
            f"name the event that charged it, or the party that was charged."
        )
    if not 0 < fact.amount <= largest:
        raise Refused(
            f"#{disputed.number} posts {sterling(largest)} in the book of {fact.party}, so {sterling(fact.amount)} of it "
            f"cannot be disputed: dispute that or less."
        )
    return fact
