"""What is paid at the end and what is held back: each party's payment, and every balance that outlives the arrangement.

Source: accounting rules, “The end of an arrangement”. Amounts are pence.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple

from ledger.accounts import CASH, RESERVE, creditors, debtors, provision
from ledger.agreement import Terms
from ledger.decisions.entitlement import Payment, payments
from ledger.events import Survivor
from ledger.money import split
from ledger.termination.estate import Estate, Thing
from ledger.termination.waiting import waiting


class Settling(NamedTuple):
    """Who is paid what at the end.

    `due` is what each party is due (above nil) or owes once everything has been taken over, `paid` what of that is paid now;
    `outsiders` what each outside creditor is paid; `waits` is, by the name of a thing held back, whose payments wait for it.
    """

    due: dict[str, int]
    paid: dict[str, int]
    outsiders: dict[str, int]
    waits: dict[str, dict[str, int]]

    def payments(self, keeper: str) -> list[Payment]:
        """The payments between the keeper and the parties."""
        return payments(keeper, self.paid)


def settling(terms: Terms, estate: Estate) -> Settling:
    """Who is paid what; raises Refused where a plan holds back more than there is to hold back."""
    due = _due(estate)
    outsiders = {thing.code: thing.value for thing in estate.of("creditor", "pay")}
    waits = waiting(terms, estate, due)
    paid = {party: amount - sum(parts.get(party, 0) for parts in waits.values()) for party, amount in due.items()}
    if not estate.called_in:
        paid, outsiders = _as_far_as_it_goes(estate, paid, outsiders)
    return Settling(due, paid, outsiders, waits)


def _due(estate: Estate) -> dict[str, int]:
    """What each party is due once each has taken what it takes; what is disputed with it stands apart."""
    due = {}
    for each in estate.entitled:
        party = each.party
        due[party] = each.owed + (each.distribution if estate.called_in else 0)
        due[party] += sum(thing.value for thing in estate.of("dispute", "hold") if thing.whom == party)
        for kind, then, sign in (("creditor", "novate", 1), ("debtor", "assign", -1)):
            due[party] += sign * sum(thing.value for thing in estate.of(kind, then) if thing.choice.to == party)
        due[party] -= sum(taken(thing).get(party, 0) for thing in estate.of("asset"))
        due[party] += sum(taken(thing).get(party, 0) for thing in estate.of("liability"))
    return due


def taken(thing: Thing) -> dict[str, int]:
    """Party → the value it takes of a thing: whole where it takes it alone, its part where all do, else nothing."""
    if thing.choice.to:
        return {thing.choice.to: thing.value} if thing.value else {}
    return thing.parts if thing.then == "shares" else {}


def _as_far_as_it_goes(
    estate: Estate, parties: Mapping[str, int], outsiders: Mapping[str, int]
) -> tuple[dict[str, int], dict[str, int]]:
    """Nobody makes good the deficit: what money there is goes to all that is owed, pro rata; what each is then paid."""
    money = _money(estate) + sum(-amount for amount in parties.values() if amount < 0)
    claims = {("party", party): amount for party, amount in parties.items() if amount > 0}
    claims |= {("creditor", body): amount for body, amount in outsiders.items() if amount > 0}
    goes = max(min(money, sum(claims.values())), 0)
    paid = dict(zip(claims, split(goes, list(claims.values())), strict=True)) if claims else {}
    return (
        {party: paid.get(("party", party), amount) for party, amount in parties.items()},
        {body: paid.get(("creditor", body), amount) for body, amount in outsiders.items()},
    )


def _money(estate: Estate) -> int:
    """What cash there is once debtors are collected and assets sold."""
    return estate.book.get(CASH, 0) + sum(
        thing.value for thing in (*estate.of("debtor", "collect"), *estate.of("asset", "sell"))
    )


def survivors(terms: Terms, estate: Estate, settled: Settling) -> list[Survivor]:
    """Every balance that outlives the arrangement in the pool book, named; they sum to nil where the book is wound up."""
    found: list[Survivor] = []
    for thing in estate.things:
        if thing.then == "hold" and thing.value:
            found.append(Survivor(thing.name, _why(estate, thing), *_held_in(thing)))
            if thing.kind in ("creditor", "liability") and estate.called_in:
                found.append(Survivor(thing.name, "set_aside", CASH, thing.value))
            waits = settled.waits.get(thing.name, {})
            found += [Survivor(thing.name, "waits", creditors(party), -part) for party, part in waits.items()]
        elif thing.kind == "dispute":
            found.append(Survivor(thing.name, "open"))
        elif thing.kind == "creditor" and thing.then == "pay" and (unpaid := thing.value - settled.outsiders[thing.code]):
            found.append(Survivor(thing.name, "not_called", creditors(thing.code), -unpaid))
    if not estate.called_in:
        found += _deficit(terms, estate, settled, found)
    return found


def _held_in(thing: Thing) -> tuple[str, int]:
    return {
        "creditor": (creditors(thing.code), -thing.value),
        "debtor": (debtors(thing.code), thing.value),
        "liability": (provision(thing.code), -thing.value),
        "dispute": (debtors(thing.whom), thing.value),
    }[thing.kind]


def _why(estate: Estate, thing: Thing) -> Literal["disputed", "held", "not_called"]:
    if thing.kind == "dispute":
        return "disputed"
    return "held" if estate.called_in else "not_called"


def _deficit(terms: Terms, estate: Estate, settled: Settling, named: list[Survivor]) -> list[Survivor]:
    found = []
    for party in terms.parties:
        waits = sum(parts.get(party, 0) for parts in settled.waits.values())
        if unpaid := settled.due[party] - waits - settled.paid[party]:
            found.append(Survivor(f"owed to {party}", "not_called", creditors(party), -unpaid))
    money = _money(estate) - sum(settled.outsiders.values()) - sum(settled.paid.values())
    if money:
        found.append(Survivor("cash", "not_called", CASH, money))
    short = -sum(each.amount for each in (*named, *found))
    return [*found, Survivor("deficit", "not_called", RESERVE, short)]
