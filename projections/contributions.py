"""Contributions by when they fall due: cleared, overdue, planned; and what was received before it was due.

What clears a due is told as the aged debtors tell it: what bears the same document first, then the oldest.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

from ledger import events as e
from ledger.accounts import debtors
from ledger.agreement import Instalment, Terms
from projections.aged import Item, owing


class Contribution(NamedTuple):
    """One due, or one instalment that is planned; pence. `event` is the number of the due, 0 where it is not raised.

    `outstanding` is what is still owed of a due, `in_advance` what was received for an instalment that is not raised yet. A
    row without a day is what was received beyond all that is planned.
    """

    party: str
    fund: str
    due_on: date | None
    amount: int
    event: int
    outstanding: int
    in_advance: int
    standing: str
    days_overdue: int = 0

    @property
    def cleared(self) -> int:
        """What was paid or set off of a due."""
        return self.amount - self.outstanding if self.event else 0


def contributions(terms: Terms, events: Iterable[e.Event], on: date, as_at: date | None) -> list[Contribution]:
    """What is due, planned and received in advance, as on a day; `as_at` leaves out what is posted later.

    In the order of the days, parties in the order of the agreement. Where nobody keeps a pool, what is due is allocated and
    owed to nobody.
    """
    told = _Told(terms)
    for event in events:
        if as_at is None or event.posted_on.get(terms.keeper, event.effective_on) <= as_at:
            told.take(event)
    rows: list[Contribution] = []
    for party in terms.parties:
        owed, in_credit = owing(told.items(party))
        left = {item.number: item.pence for item in owed}
        rows += [_due(fact, day, number, left.get(number, 0), on, terms) for number, fact, day in told.dues(party)]
        rows += _planned(told.planned(party), -in_credit, party, on)
    rank = {party: place for place, party in enumerate(terms.parties)}
    return sorted(rows, key=lambda row: (row.due_on or date.max, rank[row.party], row.event or 2**63))


def _due(fact: e.ContributionDue, day: date, number: int, left: int, on: date, terms: Terms) -> Contribution:
    overdue = (on - day).days if left else 0
    standing = "overdue" if overdue > 0 else "due" if left else "cleared" if terms.keeper else "allocated"
    return Contribution(fact.party, fact.fund, day, fact.amount, number, left, 0, standing, max(overdue, 0))


def _planned(instalments: Iterable[Instalment], in_advance: int, party: str, on: date) -> Iterator[Contribution]:
    for planned in instalments:
        part = min(in_advance, planned.amount)
        in_advance -= part
        standing = "to be raised" if planned.on <= on else "planned"
        yield Contribution(party, planned.fund, planned.on, planned.amount, 0, 0, part, standing)
    if in_advance:
        yield Contribution(party, "", None, 0, 0, 0, in_advance, "beyond what is planned")


class _Told:
    """What the events so far say: dues that stand, and each fact's part in what the keeper is owed by each party."""

    def __init__(self, terms: Terms) -> None:
        self.terms = terms
        self._dues: dict[int, tuple[e.ContributionDue, date]] = {}
        self._gone: dict[int, tuple[e.ContributionDue, date]] = {}
        self._items: dict[str, dict[int, Item]] = {party: {} for party in terms.parties}
        self._roots: dict[int, int] = {}

    def take(self, event: e.Event) -> None:
        """Take an event in; a reversal belongs to the fact it goes back to."""
        root = event.number
        if isinstance(event.fact, e.FactReversed):
            root = self._roots[event.number] = self._roots.get(event.fact.reverses, event.fact.reverses)
            here, there = (self._dues, self._gone) if root in self._dues else (self._gone, self._dues)
            if root in here:
                there[root] = here.pop(root)
        elif isinstance(event.fact, e.ContributionDue):
            self._dues[event.number] = event.fact, event.effective_on
        for party, items in self._items.items():
            if pence := event.entries.get(self.terms.keeper, {}).get(debtors(party), 0):
                day = event.posted_on.get(self.terms.keeper, event.effective_on)
                first = items.get(root) or Item(day, event.document, 0, root)
                items[root] = first._replace(pence=first.pence + pence)

    def items(self, party: str) -> list[Item]:
        """What the party was charged, or paid."""
        return [item for item in self._items[party].values() if item.pence]

    def dues(self, party: str) -> list[tuple[int, e.ContributionDue, date]]:
        """The dues that stand, without reductions, which clear others."""
        return [(number, fact, day) for number, (fact, day) in self._dues.items() if fact.party == party and fact.amount > 0]

    def planned(self, party: str) -> list[Instalment]:
        """The instalments of the schedule that are not raised, in the order of their days."""
        raised = {(fact.fund, fact.scheme, fact.instalment) for fact, _day in self._dues.values() if fact.party == party}
        planned = [each for each in self.terms.agreement.instalments if each.party == party]
        return sorted(
            (each for each in planned if (each.fund, each.scheme, each.on) not in raised),
            key=lambda instalment: instalment.on,
        )
