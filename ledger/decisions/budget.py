"""Budgets set and vired, and forecasts: none of them posts."""

from __future__ import annotations

from ledger import events as e
from ledger.agreement import Terms
from ledger.chronicle import Chronicle
from ledger.decisions.guards import or_less
from ledger.errors import Obstructed, Refused
from ledger.money import LARGEST, sterling


def planned_fact(terms: Terms, fact: e.BudgetSet | e.ForecastMade) -> e.Fact:
    """The budget or forecast that was asked for; raises Refused for a label that is no year, UnknownCode."""
    terms.year(fact.year)
    return budget_set(terms, fact) if isinstance(fact, e.BudgetSet) else forecast(terms, fact)


def budget_set(terms: Terms, fact: e.BudgetSet) -> e.BudgetSet:
    """A budget of a known scheme and party; raises UnknownCode."""
    terms.known_scheme(fact.scheme)
    terms.known_party(fact.party, "party")
    if abs(fact.amount) >= LARGEST:
        raise Refused(f"A budget of {sterling(fact.amount)} is more than can be kept: check the amount.")
    return fact


def budget_vired(chronicle: Chronicle, terms: Terms, fact: e.BudgetVired) -> e.BudgetVired:
    """A virement, whole at both ends or across the boundary; a confirmation must be of what was provisional."""
    for scheme, party in ((fact.from_scheme, fact.from_party), (fact.to_scheme, fact.to_party)):
        if bool(scheme) != bool(party):
            raise Refused("A virement is from a scheme and its party to a scheme and its party: name both of each side.")
        if scheme:
            terms.known_scheme(scheme)
            terms.known_party(party, "party")
    if not fact.from_scheme and not fact.to_scheme:
        raise Refused("A virement needs a side inside the pool: name where it is from, or where it goes to.")
    if (fact.from_scheme, fact.from_party) == (fact.to_scheme, fact.to_party):
        raise Refused(f"{fact.from_party}'s budget for {fact.from_scheme} cannot be vired to itself: name another.")
    if fact.amount <= 0:
        raise Refused(f"A virement of {sterling(fact.amount)} moves nothing forward: give an amount above nil.")
    there = chronicle.budgets.get(fact.from_scheme, {}).get(fact.from_party, 0)
    if fact.from_scheme and fact.amount > there:
        raise Obstructed(
            f"{fact.from_party} has {sterling(there)} budgeted for {fact.from_scheme} in {fact.year}, so "
            f"{sterling(fact.amount)} cannot be vired from it",
            or_less("vire", there) or "set that budget first",
        )
    return fact


def confirmed(chronicle: Chronicle, number: int) -> e.BudgetVired:
    """The virement that confirms a provisional one; raises Refused where there is none of that number."""
    found = chronicle.provisional.get(number)
    if not isinstance(found, e.BudgetVired):
        waiting = ", ".join(f"#{n}" for n, fact in chronicle.provisional.items() if isinstance(fact, e.BudgetVired))
        raise Refused(
            f"#{number} is no virement of {chronicle.stream} in this year that waits to be confirmed: "
            f"{f'confirm {waiting}' if waiting else 'none does'}."
        )
    return e.BudgetVired(
        year=found.year, amount=found.amount, from_scheme=found.from_scheme, from_party=found.from_party,
        to_scheme=found.to_scheme, to_party=found.to_party, confirms=number,
    )  # fmt: skip


def forecast(terms: Terms, fact: e.ForecastMade) -> e.ForecastMade:
    """A forecast of a known scheme; raises UnknownCode."""
    terms.known_scheme(fact.scheme)
    return fact
