"""The disputes of an arrangement as they stand: raised over an event, acknowledged for years, resolved."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from ledger import events as e

TYPES = ("DisputeRaised", "DisputeAcknowledged", "DisputeResolved")
"""The events that make up a dispute, as they are stored."""


class Dispute(NamedTuple):
    """A party disputes an amount of an event; known by the number of the event that raised it. Pence."""

    number: int
    event: int
    party: str
    amount: int
    raised_on: date
    acknowledged: tuple[str, ...] = ()
    resolved_on: date | None = None

    def is_open(self, on: date | None = None) -> bool:
        """Whether it is not settled between the parties; or, with a day, was raised by then and not settled by then.

        What is not settled now is open on every day: it is about what was recorded before it was raised.
        """
        if on is None or self.resolved_on is None:
            return self.resolved_on is None
        return self.raised_on <= on < self.resolved_on


def disputes(events: Iterable[e.Event]) -> list[Dispute]:
    """Every dispute that these events make, in order; what was reversed must not be among them."""
    found: dict[int, Dispute] = {}
    for event in events:
        fact = event.fact
        if isinstance(fact, e.DisputeRaised):
            found[event.number] = Dispute(event.number, fact.event, fact.party, fact.amount, event.effective_on)
        elif isinstance(fact, e.DisputeAcknowledged) and (about := found.get(fact.dispute)):
            found[fact.dispute] = about._replace(acknowledged=(*about.acknowledged, fact.year))
        elif isinstance(fact, e.DisputeResolved) and (about := found.get(fact.dispute)):
            found[fact.dispute] = about._replace(resolved_on=event.effective_on)
    return list(found.values())
