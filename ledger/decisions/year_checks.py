"""The checks of a year end: everything that stands in its way, each with its remedy.

Source: accounting rules, “The year end”, step 1.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from ledger import events as e
from ledger.accounts import COST, CREDITORS, DEBTORS, DEPRECIATION, depreciation
from ledger.agreement import Terms
from ledger.calendar import year_of
from ledger.chronicle import Chronicle
from ledger.decisions.year_outcome import outcome
from ledger.errors import Refused
from ledger.money import pounds, sterling


class Blocker(NamedTuple):
    """Something that stands in the way of a year end, and its remedy."""

    check: str
    sentence: str


def blockers(chronicle: Chronicle, terms: Terms) -> list[Blocker]:
    """Everything that stands in the way of settling and closing the year, each with its remedy."""
    return [
        *_unrecharged(chronicle, terms),
        *_earlier_years(chronicle, terms),
        *_dues(chronicle, terms),
        *_wrong_sides(chronicle),
        *_undepreciated(chronicle),
        *_disputes(chronicle),
    ]


def _unrecharged(chronicle: Chronicle, terms: Terms) -> Iterator[Blocker]:
    year, name = chronicle.the_year, terms.agreement.code
    for scheme in terms.schemes if terms.lead else ():
        tags = ("", *terms.funds)
        left = sum(chronicle.unrecharged(scheme, tag, date.min, year.last) for tag in tags)
        recharged = any(any(chronicle.charged(scheme, tag, date.min, year.last).recharged.values()) for tag in tags)
        if left > 0 or (left < 0 and recharged):
            yield Blocker(
                "net cost not recharged",
                f"{scheme} has {sterling(left)} of {year.label} not yet recharged: "
                f"poolbook recharge run {name} --to {year.last}",
            )


def _earlier_years(chronicle: Chronicle, terms: Terms) -> Iterator[Blocker]:
    """Years before this one that are not settled, or no longer: something was recorded of them since."""
    year = year_of(terms.agreement.starts, terms.year_start)
    while terms.lead and year.first < chronicle.the_year.first:
        try:
            true_ups = outcome(chronicle, chronicle.terms_on(year.last), year).true_ups
        except Refused as error:
            yield Blocker("earlier year not settled", f"{year.label} cannot be settled: {error}")
            true_ups = {}
        owed = ", ".join(f"{party} {sterling(amount)}" for party, amount in true_ups.items() if amount)
        if owed and not sum(true_ups.values()):  # else its net cost is to be recharged first, which is told above
            yield Blocker(
                "earlier year not settled",
                f"{year.label} has true-ups to be raised ({owed}): "
                f"poolbook year settle {terms.agreement.code} --year {year.label}",
            )
        year = year.next


def _dues(chronicle: Chronicle, terms: Terms) -> Iterator[Blocker]:
    if not terms.lead:
        return
    year, name = chronicle.the_year, terms.agreement.code
    due = chronicle.dues
    for party in terms.parties:
        budgets = [parts[party] for parts in chronicle.budgets.values() if party in parts]
        if budgets and sum(budgets) != due[party]:
            differs = sum(budgets) - due[party]
            yield Blocker(
                "dues that differ from the budget",
                f"{party} has {sterling(sum(budgets))} budgeted in {year.label} and {sterling(due[party])} due: "
                f"poolbook contribution due {name} --party {party} --on {year.last} --amount={pounds(differs)}, "
                f"or set its budget",
            )


def _wrong_sides(chronicle: Chronicle) -> Iterator[Blocker]:
    for book, accounts in chronicle.closing.items():
        for account, amount in sorted(accounts.items()):
            if account.startswith(DEBTORS) and amount < 0:
                yield Blocker(
                    "debtor in credit",
                    f"{account} of {book} is {sterling(-amount)} in credit: record the invoice or the due that was paid, "
                    f"or pay it back",
                )
            elif account.startswith(CREDITORS) and amount > 0:
                yield Blocker(
                    "creditor in debit",
                    f"{account} of {book} is {sterling(amount)} in debit: record the cost that was paid, or what came back",
                )


def _undepreciated(chronicle: Chronicle) -> Iterator[Blocker]:
    worn: Counter[str] = Counter()
    for found in chronicle.occurrences:
        if isinstance(found.fact, e.AssetDepreciated):
            worn[found.fact.asset] += found.sign * found.fact.amount
    for book, accounts in chronicle.closing.items():
        for account, amount in sorted(accounts.items()):
            asset = account.removeprefix(COST)
            carrying = amount + accounts.get(depreciation(asset), 0)
            if account.startswith(COST) and not account.startswith(DEPRECIATION) and carrying > 0 and worn[asset] <= 0:
                yield Blocker(
                    "asset without depreciation",
                    f"{asset}, held by {book} at {sterling(carrying)}, has no depreciation in {chronicle.the_year.label}: "
                    f"poolbook asset depreciate {chronicle.stream} --asset {asset} --on {chronicle.the_year.last} --amount …",
                )


def _disputes(chronicle: Chronicle) -> Iterator[Blocker]:
    year = chronicle.the_year
    acknowledged = {fact.dispute for _number, fact in chronicle.of_year(e.DisputeAcknowledged)}
    for number, dispute in chronicle.open_disputes():
        if number not in acknowledged:
            yield Blocker(
                "dispute not acknowledged",
                f"{dispute.party} disputes {sterling(dispute.amount)} of #{dispute.event}: poolbook dispute resolve "
                f"{chronicle.stream} {number}, or acknowledge {chronicle.stream} {number} --year {year.label}",
            )


def refuse_blocked(chronicle: Chronicle, terms: Terms, step: str) -> None:
    """Refuse a step of the year end while a blocker stands."""
    found = blockers(chronicle, terms)
    if found:
        listed = "\n".join(f"  {blocker.check}: {blocker.sentence}" for blocker in found)
        raise Refused(
            f"{terms.agreement.code} cannot be {step} for {chronicle.the_year.label} while this stands:\n{listed}\n"
            f"Mend it, then look again with `poolbook year check`."
        )
