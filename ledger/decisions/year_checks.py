"""The checks of a year end: everything that stands in its way, each with its remedy.

Source: accounting rules, “The year end”, step 1.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Literal, NamedTuple, TypeAlias

from ledger import events as e
from ledger.accounts import COST, DEPRECIATION, creditors, debtors, depreciation, in_advance
from ledger.agreement import Terms
from ledger.calendar import year_of
from ledger.chronicle import Chronicle
from ledger.decisions.wrong_sides import wrong_sides
from ledger.decisions.year_outcome import outcome
from ledger.errors import Refused
from ledger.money import pounds, sterling

Check: TypeAlias = Literal[
    "net cost not recharged", "earlier year not settled", "dues that differ from the budget", "debtor in credit",
    "creditor in debit", "asset without depreciation", "dispute not acknowledged",
]  # fmt: skip


class Blocker(NamedTuple):
    """Something that stands in the way of a year end, and its remedies: commands of which one will do.

    Where a command has “…” in it, whoever types it must say an amount or a reason.
    """

    check: Check
    found: str
    remedies: tuple[str, ...] = ()

    @property
    def sentence(self) -> str:
        """What was found, and what to do."""
        return f"{self.found}: {', or '.join(self.remedies)}" if self.remedies else self.found


def blockers(chronicle: Chronicle, terms: Terms) -> list[Blocker]:
    """Everything that stands in the way of settling and closing the year, each with its remedies.

    Of a completed arrangement only disputes are left to mend.
    """
    if chronicle.state.completed:
        return [*_disputes(chronicle)]
    return [
        *_unrecharged(chronicle, terms),
        *_earlier_years(chronicle, terms),
        *_dues(chronicle, terms),
        *_wrong_sides(chronicle, terms),
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
                f"{scheme} has {sterling(left)} of {year.label} not yet recharged",
                (f"poolbook recharge run {name} --to {year.last}",),
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
                f"{year.label} has true-ups to be raised ({owed})",
                (f"poolbook year settle {terms.agreement.code} --year {year.label}",),
            )
        year = year.next


def _dues(chronicle: Chronicle, terms: Terms) -> Iterator[Blocker]:
    """Dues that differ from the budget: a due can be raised, and lowered as far as it was not used; else the budget was."""
    if not terms.lead:
        return
    year, name = chronicle.the_year, terms.agreement.code
    for party in terms.parties:
        budgets = {scheme: parts[party] for scheme, parts in chronicle.budgets.items() if party in parts}
        differs = sum(budgets.values()) - chronicle.dues[party]
        if not budgets or not differs:
            continue
        scheme = max(budgets, key=lambda scheme: budgets[scheme])
        due = f"poolbook contribution due {name} --party {party} --on {year.last} --amount={pounds(differs)}"
        budget = (
            f"poolbook budget set {name} --year {year.label} --scheme {scheme} --party {party} "
            f"--amount={pounds(budgets[scheme] - differs)}"
        )
        used = -differs > -chronicle.balance(terms.keeper, in_advance(party))
        yield Blocker(
            "dues that differ from the budget",
            f"{party} has {sterling(sum(budgets.values()))} budgeted in {year.label} and "
            f"{sterling(chronicle.dues[party])} due{', of which too much has been used to lower it' if used else ''}",
            (budget,) if used else (due, budget),
        )


def _wrong_sides(chronicle: Chronicle, terms: Terms) -> Iterator[Blocker]:
    year = chronicle.the_year
    for wrong in wrong_sides(chronicle, terms):
        check: Check
        if wrong.in_credit >= wrong.in_debit:
            check, account, side = "debtor in credit", debtors(wrong.body), "in credit"
            do = "record the due or the invoice that was paid, or let it be owed to them over the year's end"
        else:
            check, account, side = "creditor in debit", creditors(wrong.body), "in debit"
            do = "record the cost that was paid, or let them owe it over the year's end"
        yield Blocker(
            check,
            f"{account} of {wrong.book} is {sterling(wrong.amount)} {side}: {do}",
            (f"poolbook year reclassify {terms.agreement.code} --year {year.label}",),
        )


def _undepreciated(chronicle: Chronicle) -> Iterator[Blocker]:
    name, year = chronicle.stream, chronicle.the_year
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
                    f"{asset}, held by {book} at {sterling(carrying)}, has no depreciation in {year.label}",
                    (f"poolbook asset depreciate {name} --asset {asset} --on {year.last} --amount …",),
                )


def _disputes(chronicle: Chronicle) -> Iterator[Blocker]:
    name, label = chronicle.stream, chronicle.the_year.label
    acknowledged = {fact.dispute for _number, fact in chronicle.of_year(e.DisputeAcknowledged)}
    for number, dispute in chronicle.open_disputes():
        if number not in acknowledged:
            yield Blocker(
                "dispute not acknowledged",
                f"{dispute.party} disputes {sterling(dispute.amount)} of #{dispute.event}",
                (
                    f"poolbook dispute resolve {name} {number} --reason …",
                    f"poolbook dispute acknowledge {name} {number} --year {label} --reason …",
                ),
            )


def refuse_blocked(chronicle: Chronicle, terms: Terms, step: str) -> None:
    """Refuse a step of the year end while a blocker stands."""
    found = blockers(chronicle, terms)
    if found:
        listed = "\n".join(f"  {blocker.check}: {blocker.sentence}" for blocker in found)
        raise Refused(
            f"{terms.agreement.code} cannot be {step} for {chronicle.the_year.label} while this stands:\n{listed}\n"
            f"Mend it, then look again with `poolbook year check {terms.agreement.code} --year {chronicle.the_year.label}`."
        )
