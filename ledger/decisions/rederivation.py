"""What was charged by a ratio, derived anew from the terms as they stand: only the differences, each beside its charge.

Source: accounting rules, “Dates” and “Terms change by effective-dated events”. An earlier adjustment of the same charge is
taken back as it was made, so a ratio that is changed back restores every figure as far as nothing was used since.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from ledger import events as e
from ledger.accounts import debtors, in_advance
from ledger.agreement import Ratio
from ledger.chronicle import Chronicle
from ledger.coverage import Charged
from ledger.decisions.expenditure import agreed_ratio
from ledger.state import Head


def rederived(chronicle: Chronicle, head: Head, since: date) -> Iterator[tuple[e.ChargeAdjusted, date]]:
    """The adjustments of charges for costs of a day or later, each with the date of its charge.

    `head` holds the terms that stand now, and must have taken each adjustment in before the next is asked for. What a fund
    met was split by what each party had left in it, so no ratio changes it.
    """
    for number, charged in sorted(chronicle.coverage.charged.items()):
        fund = charged.fact.fund if isinstance(charged.fact, e.RechargeRaised) else ""
        if charged.stands and not fund and max(charged.covers, default=charged.on) >= since:
            fact = _adjusted(head, number, charged)
            if fact is not None:
                yield fact, charged.on


def _adjusted(head: Head, number: int, charged: Charged) -> e.ChargeAdjusted | None:
    made, before = charged.fact, list(charged.adjustments.values())
    first = _summed([made.parts] if isinstance(made, e.BillRaised) else [made.drawn, made.billed, made.credited])
    bears = _bears(head, charged, first)
    moved = _summed(parts for fact in before for parts in (fact.drawn, fact.billed, fact.credited))
    wanted = {party: bears.get(party, 0) - first.get(party, 0) for party in dict.fromkeys([*first, *bears, *moved])}
    terms = head.terms_on(charged.on)
    drawn: e.Parts = {}
    credited: e.Parts = {}
    if isinstance(made, e.BillRaised):
        billed = {party: part - moved.get(party, 0) for party, part in wanted.items()}
    elif terms.entity:
        drawn, billed, credited = _charge(head, terms.keeper, wanted, before)
    else:
        drawn, billed, credited = _recharge(head, terms.keeper, wanted, before)
    if not (any(drawn.values()) or any(billed.values()) or any(credited.values())):
        return None
    return e.ChargeAdjusted(
        adjusts=number, scheme=made.scheme, ratio=terms.recharge_ratio(made.scheme), bears=bears,
        drawn=_not_nil(drawn), billed=_not_nil(billed), credited=_not_nil(credited),
    )  # fmt: skip


def _bears(head: Head, charged: Charged, first: Mapping[str, int]) -> dict[str, int]:
    """What each party bears of a charge by the ratios that the costs it charges take now."""
    by_ratio: dict[tuple[tuple[str, int], ...], tuple[date, int]] = {}
    for day, amount in charged.covers.items():
        ratio: Ratio = agreed_ratio(head.terms_on(day), charged.fact.scheme)
        key = tuple(sorted(ratio.items()))
        by_ratio[key] = (day, by_ratio.get(key, (day, 0))[1] + amount)
    if set(by_ratio) <= {tuple(sorted(charged.fact.ratio.items()))}:
        return dict(first)
    bears: Counter[str] = Counter()
    for key, (day, amount) in by_ratio.items():
        bears.update(head.terms_on(day).shared(amount, dict(key)))
    return {party: part for party, part in bears.items() if part}


def _recharge(
    head: Head, pool: str, wanted: Mapping[str, int], before: Iterable[e.ChargeAdjusted]
) -> tuple[e.Parts, e.Parts, e.Parts]:
    """Drawn and billed, once the adjustments before are taken back; nothing is taken from an advance that is used up."""
    drawn_before, billed_before = _summed(fact.drawn for fact in before), _summed(fact.billed for fact in before)
    drawn, billed = {}, {}
    for party, part in wanted.items():
        was_drawn, was_billed = drawn_before.get(party, 0), billed_before.get(party, 0)
        if part == was_drawn + was_billed:
            continue
        advance = -head.balance(pool, in_advance(party)) + was_drawn
        owes = max(head.balance(pool, debtors(party)) - was_billed, 0)
        draws = min(part, max(advance, 0)) if part > 0 else part + min(-part, owes)
        draws = min(draws, advance)
        drawn[party], billed[party] = draws - was_drawn, part - draws - was_billed
    return drawn, billed, {}


def _charge(
    head: Head, entity: str, wanted: Mapping[str, int], before: Iterable[e.ChargeAdjusted]
) -> tuple[e.Parts, e.Parts, e.Parts]:
    """Billed and credited, once the adjustments before are taken back."""
    billed_before, credited_before = _summed(fact.billed for fact in before), _summed(fact.credited for fact in before)
    billed, credited = {}, {}
    for party, part in wanted.items():
        was_billed, was_credited = billed_before.get(party, 0), credited_before.get(party, 0)
        if part == was_billed + was_credited:
            continue
        owes = max(head.balance(entity, debtors(party)) - was_billed, 0)
        bills = part if part > 0 else -min(-part, owes)
        billed[party], credited[party] = bills - was_billed, part - bills - was_credited
    return {}, billed, credited


def _summed(parts: Iterable[e.Parts]) -> dict[str, int]:
    total: dict[str, int] = {}
    for each in parts:
        for party, part in each.items():
            total[party] = total.get(party, 0) + part
    return total


def _not_nil(parts: Mapping[str, int]) -> e.Parts:
    return {party: part for party, part in parts.items() if part}
