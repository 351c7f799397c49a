"""Disputes: raised over an event, acknowledged for a year end, resolved; the item stays on both sides' books meanwhile."""

from __future__ import annotations

from ledger import events as e
from ledger.agreement import Terms
from ledger.chronicle import Chronicle
from ledger.errors import Refused
from ledger.money import sterling


def dispute_answered(
    chronicle: Chronicle, terms: Terms, fact: e.DisputeAcknowledged | e.DisputeResolved
) -> e.DisputeAcknowledged | e.DisputeResolved:
    """The acknowledgement or resolution of an open dispute; raises Refused where it is about none."""
    open_disputes = dict(chronicle.open_disputes())
    if fact.dispute not in open_disputes:
        known = ", ".join(f"#{number}" for number in open_disputes)
        there = f"those open are {known}" if known else "none is open"
        raise Refused(f"#{fact.dispute} is no open dispute of {terms.agreement.code}: {there}.")
    return fact


def dispute_raised(terms: Terms, fact: e.DisputeRaised, disputed: e.Event) -> e.DisputeRaised:
    """A party's dispute of an amount that an event posts in its book; raises Refused or UnknownCode."""
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
            f"cannot be disputed: dispute an amount above nil, up to that."
        )
    return fact
