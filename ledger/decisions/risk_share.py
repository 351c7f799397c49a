"""The risk share: who bears what of a year's over- and underspends, each step with the clause it comes from.

Source: the accounting rules, “The year end”, step 3. Amounts are pence; an overspend is above nil. A party's steps add up
to what it bears; all steps add up to the schemes' net cost.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from msgspec.structs import replace

from ledger.agreement import Band, Ratio, Risk, Terms
from ledger.errors import Refused
from ledger.events import Step
from ledger.money import split, sterling


class Variance(NamedTuple):
    """A scheme's budgets by party, and by how much its net cost differs from them; its own risk ratio, if it has one."""

    scheme: str
    budgets: dict[str, int]
    amount: int
    own_risk: Ratio


def borne(terms: Terms, variances: Sequence[Variance], reserve: dict[str, int]) -> list[Step]:
    """Every step of the risk share; `reserve` is each party's untagged contributions brought forward, less refunds since.

    Raises Refused where the agreement has no rule for a variance there is.
    """
    risk = terms.agreement.risk or Risk()
    steps = [
        Step(party, amount, "its own budget", variance.scheme)
        for variance in variances
        for party, amount in variance.budgets.items()
    ]
    for variance in variances:
        if variance.own_risk:
            clause = f"{variance.scheme}'s own risk ratio"
            steps += _shared(terms, variance.amount, variance.own_risk, clause, variance.scheme)
    netted = [variance for variance in variances if not variance.own_risk]
    share = {"pool": _pool, "scheme": _schemes}.get(risk.base)
    if share is not None:
        steps += share(terms, risk, netted, reserve)
    elif any(variance.amount for variance in netted):
        raise Refused(
            f"{terms.agreement.code} says nothing of what is netted before a variance is shared: agree risk.base, as "
            f"“scheme” or “pool”, or hold the variance as undecided."
        )
    return [step for step in steps if step.amount]


def _pool(terms: Terms, risk: Risk, variances: Sequence[Variance], reserve: dict[str, int]) -> list[Step]:
    total = sum(variance.amount for variance in variances)
    if total < 0:
        return _underspend(terms, risk, total)
    return _overspends(terms, risk, {"": total}, reserve)


def _schemes(terms: Terms, risk: Risk, variances: Sequence[Variance], reserve: dict[str, int]) -> list[Step]:
    over = {variance.scheme: variance.amount for variance in variances if variance.amount > 0}
    steps: list[Step] = []
    own: dict[tuple[str, str], int] = {}
    for variance in variances:
        if variance.amount < 0:
            for party, part in _by_budget(terms, variance).items():
                if party in risk.own_underspend_first:
                    own[party, variance.scheme] = -part
                else:
                    steps.append(Step(party, part, "the underspend of what it budgeted", variance.scheme))
    used = min(sum(own.values()), sum(over.values()))
    gives = dict(zip(own, _pro_rata(used, own.values()), strict=True))
    reduced = dict(zip(over, _pro_rata(used, over.values()), strict=True))
    for (party, scheme), given in gives.items():
        steps.append(Step(party, -given, "its own underspend, first against the overspends", scheme))
        steps.append(Step(party, given - own[party, scheme], "its own underspend, beyond the overspends", scheme))
    steps += _met(gives, reduced)
    return steps + _overspends(terms, risk, {scheme: over[scheme] - reduced[scheme] for scheme in over}, reserve)


def _met(gives: dict[tuple[str, str], int], reduced: dict[str, int]) -> list[Step]:
    """Where the underspends that come first go: to the overspends in order, each penny once."""
    steps, left = [], dict(reduced)
    for (party, _scheme), given in gives.items():
        for scheme, wanted in left.items():
            part = min(given, wanted)
            steps.append(Step(party, part, "an overspend met by its own underspend", scheme))
            left[scheme] -= part
            given -= part
    return steps


def _by_budget(terms: Terms, variance: Variance) -> Ratio:
    ratio = {party: amount for party, amount in variance.budgets.items() if amount > 0}
    if not ratio:
        raise Refused(
            f"{variance.scheme} is underspent by {sterling(-variance.amount)}, and nobody's budget for it is above nil, so "
            f"it falls to nobody: set the budget by party, or give {variance.scheme} a risk ratio of its own."
        )
    return terms.shared(variance.amount, ratio)


def _overspends(terms: Terms, risk: Risk, over: dict[str, int], reserve: dict[str, int]) -> list[Step]:
    steps: list[Step] = []
    met = 0
    if risk.reserve_first:
        held = {party: amount for party, amount in reserve.items() if amount > 0}
        met = min(sum(held.values()), sum(over.values()))
        if met:
            steps += _shared(terms, met, held, "contributions brought forward, first", "")
    for (scheme, amount), part in zip(over.items(), _pro_rata(met, over.values()), strict=True):
        steps += _bands(terms, risk.bands, amount - part, scheme)
    return steps


def _underspend(terms: Terms, risk: Risk, total: int) -> list[Step]:
    if risk.underspend_shares:
        return _shared(terms, total, risk.underspend_shares, "the underspend shares", "")
    if not risk.bands:
        raise Refused(
            f"{terms.agreement.code} has no rule for an underspend of {sterling(-total)}: agree risk.underspend_shares, or a "
            f"[[risk.band]] that is mirrored."
        )
    return [replace(step, amount=-step.amount) for step in _bands(terms, risk.bands, -total, "", "an underspend")]


def _bands(terms: Terms, bands: Sequence[Band], amount: int, scheme: str, what: str = "an overspend") -> list[Step]:
    steps: list[Step] = []
    reached = 0
    for band in bands:
        top = amount if band.up_to is None else min(amount, band.up_to)
        if top > reached:
            limit = "" if band.up_to is None else f", up to {sterling(band.up_to)}"
            clause = f"the band from {sterling(reached)}{limit}"
            steps += _shared(terms, top - reached, band.shares, clause, scheme)
            reached = top
    if reached < amount:
        raise Refused(
            f"{terms.agreement.code} has no band for {sterling(amount - reached)} of {what}: agree who bears it, as a "
            f"[[risk.band]] without up_to."
        )
    return steps


def _shared(terms: Terms, amount: int, ratio: Ratio, clause: str, scheme: str) -> list[Step]:
    return [Step(party, part, clause, scheme) for party, part in terms.shared(amount, ratio).items()]


def _pro_rata(amount: int, weights: Iterable[int]) -> list[int]:
    listed = list(weights)
    return split(amount, listed) if amount else [0] * len(listed)
