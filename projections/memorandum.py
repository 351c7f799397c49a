"""The memorandum account of a pool for a year: what each party brought in, bore and keeps, and what each scheme cost.

It is a report of the ledger, never a second ledger. Source: the accounting rules, “The year end”.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from ledger import events as e
from ledger.accounts import ADVANCE, capital
from ledger.agreement import Terms
from ledger.chronicle import Chronicle
from projections.year_figures import PARTY, SCHEME, Figure, Figures, figures

PARTY_FIGURES = (
    "brought_forward", "due", "received", "in_kind", "billed", "borne", "true_up", "refunds", "carried_forward",
)  # fmt: skip
SCHEME_FIGURES = ("budget", "actual", "income", "variance", "unrecharged")


class Memorandum(NamedTuple):
    """A year's account: party → figure, scheme → figure, and the sum of each; figures by name, in the order shown.

    For each party brought_forward + due + billed − borne − refunds = carried_forward, which is what the pool holds of its
    contributions. Budgets that are aligned are paid to nobody, so nothing is held of them.
    """

    parties: dict[str, dict[str, Figure]]
    schemes: dict[str, dict[str, Figure]]
    totals: dict[str, Figure]


def memorandum(chronicle: Chronicle, before: Iterable[e.Event] = ()) -> Memorandum:
    """The account of the year that a chronicle has in view.

    `before` are the events that what is brought forward may be traced to; without them it has no event numbers.
    """
    assert chronicle.year is not None
    terms = chronicle.terms_on(chronicle.year.last)
    found = figures(terms, chronicle.occurrences)
    _hold(chronicle, terms, found, before)
    _plan(chronicle, found)
    parties = {party: _of_party(found, party) for party in found.codes(PARTY, terms.parties)}
    schemes = {scheme: _of_scheme(terms, found, scheme) for scheme in found.codes(SCHEME, terms.schemes)}
    totals = {name: _sum(row[name] for row in parties.values()) for name in PARTY_FIGURES}
    totals |= {name: _sum(row[name] for row in schemes.values()) for name in SCHEME_FIGURES}
    return Memorandum(parties, schemes, totals)


def _hold(chronicle: Chronicle, terms: Terms, found: Figures, before: Iterable[e.Event]) -> None:
    """What the pool's book holds of each party's contributions, at the beginning and at the end."""
    for party in terms.parties:
        for name, balances in (("brought_forward", chronicle.opening), ("carried_forward", chronicle.closing)):
            held = balances.get(terms.keeper, {})
            found[PARTY, party, name].pence = -sum(held[account] for account in held if holds(account, party))
    for number, accounts in _traced(chronicle, terms, before):
        for party in terms.parties:
            if any(holds(account, party) for account in accounts):
                found[PARTY, party, "brought_forward"].events.append(number)


def holds(account: str, party: str) -> bool:
    """Contributions in advance, funds included; what was paid in as capital of a venture stands in their place."""
    return account in (ADVANCE + party, capital(party)) or account.startswith(f"{ADVANCE}{party}:")


def _traced(chronicle: Chronicle, terms: Terms, before: Iterable[e.Event]) -> Iterable[tuple[int, Iterable[str]]]:
    """The close that carried the balances into the year, if one did; else every event that was posted before it."""
    assert chronicle.year is not None
    first = chronicle.year.first
    for number, close in reversed(chronicle.standing(e.YearClosed)):
        if close.opens == first and terms.keeper in close.balances:
            return [(number, close.balances[terms.keeper])]
    return [
        (event.number, event.entries.get(terms.keeper, {}))
        for event in before
        if event.posted_on.get(terms.keeper, event.effective_on) < first
    ]


def _plan(chronicle: Chronicle, found: Figures) -> None:
    assert chronicle.year is not None
    for scheme, parts in chronicle.budgets.items():
        found[SCHEME, scheme, "budget"].pence = sum(parts.values())
    for planned in chronicle.planned:
        if planned.year == chronicle.year.label:
            found[SCHEME, planned.scheme, "budget"].add(0, planned.number)
    changes: list[tuple[int, e.BudgetSet | e.BudgetVired]]
    changes = [*chronicle.of_year(e.BudgetSet), *chronicle.of_year(e.BudgetVired)]
    for number, fact in changes:
        if not fact.provisional:
            named = [fact.scheme] if isinstance(fact, e.BudgetSet) else [fact.from_scheme, fact.to_scheme]
            for scheme in filter(None, named):
                found[SCHEME, scheme, "budget"].add(0, number)


def _of_party(found: Figures, party: str) -> dict[str, Figure]:
    row = {name: found[PARTY, party, name] for name in PARTY_FIGURES}
    parts = (row[name].events for name in ("brought_forward", "due", "billed", "borne", "refunds"))
    return row | {"carried_forward": Figure(row["carried_forward"].pence, [number for part in parts for number in part])}


def _of_scheme(terms: Terms, found: Figures, scheme: str) -> dict[str, Figure]:
    budget, actual, income, recharged = (found[SCHEME, scheme, name] for name in ("budget", "actual", "income", "recharged"))
    variance = Figure(actual.pence - income.pence - budget.pence, [*budget.events, *actual.events, *income.events])
    unrecharged = Figure()
    if terms.lead:
        left = actual.pence - income.pence - recharged.pence
        unrecharged = Figure(left, [*actual.events, *income.events, *recharged.events])
    return {"budget": budget, "actual": actual, "income": income, "variance": variance, "unrecharged": unrecharged}


def _sum(parts: Iterable[Figure]) -> Figure:
    total = Figure()
    for part in parts:
        total.add(part.pence, *part.events)
    return total


def traced(events: Sequence[int]) -> str:
    """The numbers of events as a trace shows them: once each, in order, runs drawn together (“#3 #7-#12”)."""
    runs: list[list[int]] = []
    for number in sorted(set(events)):
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return " ".join(f"#{first}" if first == last else f"#{first}-#{last}" for first, last in runs)
