"""Disputes: raised over an event, acknowledged for a year end, resolved; the item stays on both sides' books meanwhile."""

from __future__ import annotations

from collections.abc import Sequence

from ledger import events as e
from ledger.agreement import Terms
from ledger.disputes import Dispute
from ledger.errors import Refused
from ledger.money import sterling


def dispute_answered(
    known: Sequence[Dispute], terms: Terms, fact: e.DisputeAcknowledged | e.DisputeResolved
) -> e.DisputeAcknowledged | e.DisputeResolved:
    """The acknowledgement or resolution of an open dispute; raises Refused where it is about none, or said already."""
    open_disputes = {dispute.number: dispute for dispute in known if dispute.is_open()}
    if fact.dispute not in open_disputes:
        numbers = ", ".join(f"#{number}" for number in open_disputes)
        there = f"those open are {numbers}" if numbers else "none is open"
        raise Refused(f"#{fact.dispute} is no open dispute of {terms.agreement.code}: {there}.")
    if isinstance(fact, e.DisputeAcknowledged):
        terms.year(fact.year)
        if fact.year in open_disputes[fact.dispute].acknowledged:
            raise Refused(f"#{fact.dispute} of {terms.agreement.code} was acknowledged for {fact.year} already.")
    return fact


def dispute_raised(
    known: Sequence[Dispute], terms: Terms, fact: e.DisputeRaised, disputed: e.Event, *, stands: bool
) -> e.DisputeRaised:
    """A party's dispute of an amount that an event posts in its book; raises Refused or UnknownCode."""
    terms.known_party(fact.party, "party")
    if not stands:
        raise Refused(
            f"#{disputed.number} of {terms.agreement.code} was reversed, so there is nothing of it to dispute: name what was "
            f"recorded in its place."
        )
    posted = disputed.entries.get(fact.party, {})
    largest = max((abs(amount) for amount in posted.values()), default=0)
    if not largest:
        raise Refused(
            f"#{disputed.number} posts nothing in the book of {fact.party}, so {fact.party} cannot dispute it: "
            f"name the event that charged it, or the party that was charged."
        )
    mine = [each for each in known if each.is_open() and (each.event, each.party) == (fact.event, fact.party)]
    left = largest - sum(each.amount for each in mine)
    if not 0 < fact.amount <= left:
        already = f", {sterling(largest - left)} of it disputed already ({', '.join(f'#{each.number}' for each in mine)})"
        raise Refused(
            f"#{disputed.number} posts {sterling(largest)} in the book of {fact.party}{already if mine else ''}, so "
            f"{sterling(fact.amount)} of it cannot be disputed: "
            + (f"dispute an amount above nil, up to {sterling(left)}." if left > 0 else "resolve that first.")
        )
    return fact
