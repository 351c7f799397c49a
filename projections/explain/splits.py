"""The rounding step of a split told again: exact share, floor, remainder, and who got the pennies that were left."""

from __future__ import annotations

from collections.abc import Sequence

from ledger import events as e
from ledger.agreement import Ratio, Terms
from ledger.chronicle import unwrapped
from ledger.money import split
from projections.explain.tree import Share, Split


def told(amount: int, ratio: Ratio, order: Sequence[str], by: str, set_by: int = 0) -> Split:
    """An amount split in a ratio, in the agreement's order, which breaks ties; negative amounts mirror the positive ones."""
    sharers = [party for party in order if ratio.get(party)]
    total = sum(ratio[party] for party in sharers)
    shares = []
    for party, part in zip(sharers, split(amount, [ratio[party] for party in sharers]), strict=True):
        floor, remainder = divmod(abs(amount) * ratio[party], total)
        shares.append(Share(party, ratio[party], floor if amount > 0 else -floor, remainder, total, abs(part) > floor, part))
    return Split(amount, by, set_by, shares)


def of_fact(terms: Terms, fact: e.Fact, set_by: int) -> Split | None:
    """How a recharge or a bill was split; None of a fact that was not, or not by a ratio that gives its parts."""
    fact = unwrapped(fact)[0]
    if isinstance(fact, e.RechargeRaised):
        parts = added(fact.drawn, fact.billed, fact.credited)
        by = f"what each had left in {fact.fund}" if fact.fund else f"the ratio of {fact.scheme}"
    elif isinstance(fact, e.BillRaised) and fact.parts:
        parts, by = fact.parts, f"the ratio of {fact.scheme}"
    else:
        return None
    if not fact.ratio or not fact.amount:
        return None
    found = told(fact.amount, fact.ratio, terms.parties, by, 0 if by.startswith("what") else set_by)
    return found if {share.party: share.part for share in found.shares if share.part} == parts else None


def added(*parts: e.Parts) -> e.Parts:
    """Parts of several kinds together, nil ones left out."""
    total: e.Parts = {}
    for each in parts:
        for party, part in each.items():
            total[party] = total.get(party, 0) + part
    return {party: part for party, part in total.items() if part}
