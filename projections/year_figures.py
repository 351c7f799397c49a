"""What each fact of a year adds to the figures of its schemes and parties, the same for every report of the year.

Source: the accounting rules, “The year end”. A scheme's cost is what falls on the pool: the book of a lead's pool or of a
joint entity; where no pool bears it (aligned budgets, bills split at source), what falls on the parties' own books.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from ledger import events as e
from ledger.agreement import Terms
from ledger.chronicle import Occurrence

PARTY, SCHEME = "party", "scheme"


class Effect(NamedTuple):
    """What a fact adds to a figure, in pence; `of` is a party or a scheme, and `code` which."""

    of: str
    code: str
    figure: str
    pence: int


@dataclass
class Figure:
    """An amount in pence, and the numbers of the events that make it."""

    pence: int = 0
    events: list[int] = field(default_factory=list)

    def add(self, pence: int, *events: int) -> None:
        """Add an amount and its events."""
        self.pence += pence
        self.events.extend(events)


class Figures:
    """Figures by what they are of, whose, and their name; one that nothing was added to is nil."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, str, str], Figure] = {}

    def __getitem__(self, key: tuple[str, str, str]) -> Figure:
        return self._found.setdefault(key, Figure())

    def codes(self, of: str, first: Iterable[str]) -> list[str]:
        """The codes to show: those of the terms, then any that only figures name."""
        named = [key[1] for key, figure in self._found.items() if key[0] == of and figure.events]
        return list(dict.fromkeys([*first, *named]))


def figures(terms: Terms, occurrences: Iterable[Occurrence]) -> Figures:
    """The sums of a year's facts, each with the numbers of its events."""
    found = Figures()
    for number, fact, sign in occurrences:
        for of, code, figure, pence in effects(terms, fact):
            found[of, code, figure].add(sign * pence, number)
    return found


def effects(terms: Terms, fact: e.Fact) -> Iterator[Effect]:
    """What a fact adds to the figures of its year; a reversal takes the same away."""
    effect = _EFFECTS.get(type(fact))
    for each in effect(terms, fact) if effect else ():
        if each.pence:
            yield each


def net_cost(effect: Effect) -> int:
    """What an effect adds to its scheme's net cost: cost less income, in pence."""
    return {"actual": effect.pence, "income": -effect.pence}.get(effect.figure, 0) if effect.of == SCHEME else 0


def pooled(terms: Terms) -> bool:
    """Whether a pool bears the cost: a lead's pool or a joint entity."""
    return bool(terms.lead or terms.entity)


def _cost(terms: Terms, book: str, scheme: str, amount: int) -> Iterator[Effect]:
    if pooled(terms):
        if book == terms.keeper:
            yield Effect(SCHEME, scheme, "actual", amount)
    elif book in terms.party_set:
        yield Effect(SCHEME, scheme, "actual", amount)
        yield Effect(PARTY, book, "borne", amount)


def _income(terms: Terms, book: str, scheme: str, amount: int) -> Iterator[Effect]:
    for effect in _cost(terms, book, scheme, amount):
        yield effect._replace(figure="income") if effect.of == SCHEME else effect._replace(pence=-amount)


def _spent(terms: Terms, fact: e.ExpenditureIncurred | e.AssetAcquired | e.LiabilityRecognised) -> Iterator[Effect]:
    return _cost(terms, fact.book, fact.scheme, fact.amount)


def _earned(terms: Terms, fact: e.CashIncomeReceived | e.IncomeDue) -> Iterator[Effect]:
    return _income(terms, fact.book, fact.scheme, fact.amount)


def _transferred(terms: Terms, fact: e.AssetTransferred) -> Iterator[Effect]:
    if not fact.at_end:
        yield from _income(terms, fact.giver, fact.scheme, fact.consideration)
        yield from _cost(terms, fact.taker, fact.scheme, fact.consideration)


def _disposed(terms: Terms, fact: e.AssetDisposed) -> Iterator[Effect]:
    if not fact.at_end:
        yield from _income(terms, fact.book, fact.scheme, fact.proceeds)


def _billed(_terms: Terms, fact: e.BillRaised) -> Iterator[Effect]:
    yield Effect(SCHEME, fact.scheme, "actual", fact.amount)
    yield from _parts(fact.parts, "billed", "borne")


def _recharged(_terms: Terms, fact: e.RechargeRaised) -> Iterator[Effect]:
    yield Effect(SCHEME, fact.scheme, "recharged", fact.amount)
    yield from _parts(fact.drawn, "borne")
    for parts in (fact.billed, fact.credited):
        yield from _parts(parts, "billed", "borne")


def _adjusted(_terms: Terms, fact: e.ChargeAdjusted) -> Iterator[Effect]:
    yield from _parts(fact.drawn, "borne")
    for parts in (fact.billed, fact.credited):
        yield from _parts(parts, "billed", "borne")


def _trued_up(_terms: Terms, fact: e.TrueUpRaised) -> Iterator[Effect]:
    yield from _parts(fact.drawn, "true_up", "borne")
    yield from _parts(fact.billed, "true_up", "borne", "billed")


def _parts(parts: e.Parts, *names: str) -> Iterator[Effect]:
    for party, part in parts.items():
        for name in names:
            yield Effect(PARTY, party, name, part)


def _due(terms: Terms, fact: e.ContributionDue) -> Iterator[Effect]:
    yield Effect(PARTY, fact.party, "due", fact.amount)
    if "grant" in terms.agreement.roles.funding:
        yield Effect(PARTY, fact.party, "borne", fact.amount)


def _refunded(terms: Terms, fact: e.ContributionRefunded) -> Iterator[Effect]:
    yield Effect(PARTY, fact.party, "refunds", fact.amount)
    if "grant" in terms.agreement.roles.funding:
        yield Effect(PARTY, fact.party, "borne", -fact.amount)


def _received(_terms: Terms, fact: e.ContributionReceived) -> Iterator[Effect]:
    yield Effect(PARTY, fact.party, "received", fact.amount)


def _in_kind(_terms: Terms, fact: e.ContributionGivenInKind) -> Iterator[Effect]:
    yield Effect(PARTY, fact.party, "in_kind", fact.amount)


_EFFECTS: dict[type, Callable[[Terms, Any], Iterator[Effect]]] = {
    e.ContributionDue: _due,
    e.ContributionReceived: _received,
    e.ContributionGivenInKind: _in_kind,
    e.ContributionRefunded: _refunded,
    e.ExpenditureIncurred: _spent,
    e.AssetAcquired: _spent,
    e.LiabilityRecognised: _spent,
    e.CashIncomeReceived: _earned,
    e.IncomeDue: _earned,
    e.AssetTransferred: _transferred,
    e.AssetDisposed: _disposed,
    e.BillRaised: _billed,
    e.RechargeRaised: _recharged,
    e.ChargeAdjusted: _adjusted,
    e.TrueUpRaised: _trued_up,
}
"""Fact → what it adds. What depreciates, pays, settles or sets off changes no figure of a year."""
