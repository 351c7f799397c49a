"""The money that an agreement's file plans: `[[budget]]` and `[[instalment]]`."""

from __future__ import annotations

from datetime import date

from ledger import calendar
from ledger.agreement import values
from ledger.agreement.model import Budget, Instalment
from ledger.agreement.table import Table


def budgets(top: Table, year_starts: str, schemes: list[str], parties: list[str]) -> list[Budget]:
    """Every `[[budget]]`: one for a year, a scheme and a party."""
    found: list[Budget] = []
    seen: set[tuple[str, str, str]] = set()
    starts = calendar.year_start(year_starts)
    for table in top.tables("budget"):
        budget = Budget(
            year=table.take("year", lambda v: calendar.year_labelled(values.words(v), starts).label, "", needed=True),
            scheme=table.take("scheme", values.one_of(schemes, "scheme"), "", needed=True),
            party=table.take("party", values.one_of(parties, "party"), "", needed=True),
            amount=table.take("amount", values.amount, 0, needed=True),
        )
        key = (budget.year, budget.scheme, budget.party)
        if all(key) and key in seen:
            table.fault(f"{budget.party} already has a budget for {budget.scheme} in {budget.year}")
        seen.add(key)
        found.append(budget)
        table.end()
    return found


def instalments(
    top: Table, parties: list[str], funds: list[str], schemes: list[str], starts: date = date.min, ends: date | None = None
) -> list[Instalment]:
    """Every day of every `[[instalment]]`: within the arrangement, and one for a day, a party, a fund and a scheme."""
    found: list[Instalment] = []
    seen: set[tuple[str, str, str, date]] = set()
    for table in top.tables("instalment"):
        days: list[date] = table.take("on", values.days, [], needed=True)
        party = table.take("party", values.one_of(parties, "party"), "", needed=True)
        amount = table.take("amount", values.amount, 0, needed=True)
        fund = table.take("fund", values.one_of(funds, "fund"), "")
        scheme = table.take("scheme", values.one_of(schemes, "scheme"), "")
        if amount <= 0 and "amount" in table.given:
            table.fault("amount: an instalment is above nil", "amount")
        for day in days:
            if day < starts or day > (ends or date.max):
                table.fault(f"on: {day} is not within the arrangement, from {starts}{f' to {ends}' if ends else ' on'}", "on")
            if party and (party, fund, scheme, day) in seen:
                table.fault(
                    f"on: {party} has an instalment of {day} already: add the two up, or name another fund or scheme", "on"
                )
            seen.add((party, fund, scheme, day))
            found.append(Instalment(party=party, amount=amount, on=day, fund=fund, scheme=scheme))
        table.end()
    return found
