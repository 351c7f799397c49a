"""What an explanation is asked of: an arrangement up to an event, days, and the events looked up on the way."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from ledger import events as e
from ledger.agreement import Terms
from ledger.application import Ledger
from ledger.audit.rederive import SETS_TERMS
from ledger.chronicle import Chronicle, unwrapped
from ledger.state import Head
from ledger.store.encoding import decode
from projections.explain import splits
from projections.explain.tree import Node, Split

HELD = 20_000
"""A history of so many events is held in memory while one question is answered."""


class Line(NamedTuple):
    """One line of an event's entry; `closing` says that a close of a year moved it, or its reopening."""

    event: e.Event
    book: str
    account: str
    posted_on: date
    pence: int
    closing: bool


@dataclass
class Asked:
    """An arrangement as of an event, and the days asked for (None: without beginning, or end)."""

    ledger: Ledger
    code: str
    up_to: int
    as_at: date | None = None
    first: date | None = None
    last: date | None = None
    statutory: bool = False
    known: str | int | None = None
    _heads: list[tuple[int, Head]] = field(default_factory=list)
    _events: list[e.Event] = field(default_factory=list)
    _years: dict[str, Chronicle] = field(default_factory=dict)

    def history(self) -> Iterable[e.Event]:
        """The events asked of, in order; a short history is read once."""
        if self.up_to > HELD:
            return self.ledger.history(self.code, up_to=self.up_to)
        if not self._events:
            self._events = list(self.ledger.history(self.code, up_to=self.up_to))
        return self._events

    def rooted(self) -> Iterator[tuple[e.Event, int]]:
        """Each event with the number of the one that a chain of reversals goes back to, its own where it reverses none."""
        roots: dict[int, int] = {}
        for event in self.history():
            root = event.number if event.reverses is None else roots.get(event.reverses, event.reverses)
            if event.reverses is not None:
                roots[event.number] = root
            yield event, root

    def event(self, number: int) -> e.Event:
        """One of them."""
        return self._events[number - 1] if self._events else self.ledger.event(self.code, number)

    def year(self, label: str) -> Chronicle:
        """The arrangement with a year in view; raises Refused for a label that is no year of it."""
        if label not in self._years:
            self._years[label] = self.ledger.chronicle(self.code, label, self.up_to)
        return self._years[label]

    @property
    def terms(self) -> Terms:
        """The terms as they stand in the end."""
        return self._head(self.up_to).terms_on(date.max)

    def terms_of(self, event: e.Event) -> Terms:
        """The terms in force on an event's day, as known when it was recorded."""
        return self._head(event.number).terms_on(event.effective_on)

    def _head(self, number: int) -> Head:
        """The terms as known at a number."""
        return next(head for first, head in reversed(self._known_terms()) if first <= max(number, 1))

    def _known_terms(self) -> list[tuple[int, Head]]:
        if not self._heads:
            self._heads = list(_terms(self.ledger, self.code, self.up_to))
        return self._heads

    def set_by(self, number: int, day: date, value: Callable[[Terms], object]) -> int:
        """The number of the event that made the terms of a day say what they say, as known at a number."""
        found, before = 0, None
        for first, head in self._known_terms():
            if first <= number and (said := value(head.terms_on(day))) != before:
                found, before = first, said
        return found

    def lines(self, amount: Callable[[Line], int]) -> Iterator[Node]:
        """A leaf for each line that counts: `amount` says for how much."""
        for event in self.history():
            closing = isinstance(unwrapped(event.fact)[0], e.YearClosed)
            for book, accounts in event.entries.items():
                posted_on = event.posted_on.get(book, event.effective_on)
                for account, pence in accounts.items():
                    counted = amount(Line(event, book, account, posted_on, pence, closing))
                    if counted:
                        yield self.leaf(event, counted, posted_on, f"{book} {account}")

    def leaf(self, event: e.Event, amount: int, posted_on: date | None = None, what: str = "") -> Node:
        """What an event adds to a figure, with the split that its fact comes from."""
        label = f"#{event.number} {event.type} of {event.effective_on}, {event.reference}"
        label += f": {what}" if what else ""
        return Node(label, amount, event, posted_on, self._split(event), grounds=_bears(unwrapped(event.fact)[0]))

    def _split(self, event: e.Event) -> Split | None:
        fact = unwrapped(event.fact)[0]
        if not isinstance(fact, e.RechargeRaised | e.BillRaised):
            return None
        scheme = fact.scheme
        number = self.set_by(event.number, event.effective_on, lambda terms: _ratio(terms, scheme))
        return splits.of_fact(self.terms_of(event), fact, number)


def _bears(fact: e.Fact) -> list[Node]:
    """What each party bears of a charge since its ratio was varied: an adjustment is the difference to what stood."""
    if not isinstance(fact, e.ChargeAdjusted):
        return []
    return [Node(f"{party} now bears of #{fact.adjusts}", part) for party, part in fact.bears.items()]


def _ratio(terms: Terms, scheme: str) -> object:
    return terms.recharge_ratio(scheme) if scheme in terms.schemes else None


def _terms(ledger: Ledger, code: str, up_to: int) -> Iterator[tuple[int, Head]]:
    """The terms as known from each event on that changed them."""
    before: list[e.Event] = []
    names = [str(kind.__struct_config__.tag) for kind in SETS_TERMS]
    for event in map(decode, ledger.store.of_types(code, names, up_to)):
        before.append(event)
        head = Head(code)
        for each in before:
            head.evolve(each)
        yield event.number, head
