"""Whose payments wait for what is held back at the end.

A held-back payment in holds back as much of the payments out, so that what survives sums to nil (accounting rules, “The end
of an arrangement”). Amounts are pence.
"""

from __future__ import annotations

from collections.abc import Mapping

from ledger.agreement import Terms
from ledger.decisions.position import wound_up
from ledger.errors import Refused
from ledger.money import sterling
from ledger.termination.estate import Estate, Thing


def waiting(terms: Terms, estate: Estate, due: Mapping[str, int]) -> dict[str, dict[str, int]]:
    """Name of a thing held back → party → what of its payment waits; raises Refused where there is too little to wait.

    As the plan says; else first the disputing party's own payment, then all payments out, pro rata. What none of them can
    wait for the lead carries, whose bank the pool's is. A contractor pays the parties out of its own money, and where
    nobody makes good a deficit there is too little for all: then only the disputing party's own payment waits.
    """
    found = _Waits(due)
    held = [thing for thing in (*estate.of("debtor", "hold"), *estate.of("dispute", "hold")) if thing.value > 0]
    for thing in held:
        if thing.choice.whose:
            found.as_planned(thing, terms)
    for thing in held:
        if not thing.choice.whose:
            found.let(thing, {thing.whom: min(thing.value, found.left.get(thing.whom, 0))})
    for thing in held if wound_up(terms) and estate.called_in else []:
        found.pro_rata(thing, terms)
    return found.waits


class _Waits:
    """What waits so far, and what is left of each party's payment."""

    def __init__(self, due: Mapping[str, int]) -> None:
        self.left = {party: amount for party, amount in due.items() if amount > 0}
        self.waits: dict[str, dict[str, int]] = {}

    def let(self, thing: Thing, parts: Mapping[str, int]) -> None:
        """Let parts of payments wait."""
        of_thing = self.waits.setdefault(thing.name, {})
        for party, part in parts.items():
            if part:
                self.left[party] = self.left.get(party, 0) - part
                of_thing[party] = of_thing.get(party, 0) + part

    def as_planned(self, thing: Thing, terms: Terms) -> None:
        """Let the payments wait that a plan names."""
        parts = terms.shared(thing.value, thing.choice.whose)
        for party, part in parts.items():
            if part > (there := self.left.get(party, 0)) and party != terms.lead:
                raise Refused(
                    f"{party} is to be paid {sterling(there)}, so {sterling(part)} of it cannot wait for {thing.name}: name "
                    f"others in whose."
                )
        self.let(thing, parts)

    def pro_rata(self, thing: Thing, terms: Terms) -> None:
        """Let all payments wait for what nothing waits for yet, and the lead carry what is beyond them."""
        rest = thing.value - sum(self.waits.get(thing.name, {}).values())
        left = {party: amount for party, amount in self.left.items() if amount > 0}
        shared = min(rest, sum(left.values()))
        if shared < rest and not terms.lead:
            course = "settled" if thing.kind == "dispute" else "collected or assigned"
            raise Refused(
                f"{thing.name} holds back {sterling(rest)}, and only {sterling(shared)} of payments out is left to wait for "
                f"it: let it be {course}, or let a party take over a creditor."
            )
        if shared:
            self.let(thing, terms.shared(shared, left))
        self.let(thing, {terms.lead: rest - shared})
