"""An arrangement replayed day by day: which cost and which recharge fell on which business date.

The head knows what is not yet recharged in all; a recharge run must know of which days. It is rebuilt from the events when it
is needed, and never kept: the head stays small.
"""

from __future__ import annotations

from datetime import date

from ledger import events as e
from ledger.state import Charge, Head


class Chronicle(Head):
    """A head that remembers charges by scheme, fund and business date."""

    def __init__(self, stream: str) -> None:
        super().__init__(stream)
        self.by_day: dict[tuple[str, str], dict[date, Charge]] = {}
        self._on = date.min

    def evolve(self, event: e.Event) -> None:
        """Take an event in, on its day."""
        self._on = event.effective_on
        super().evolve(event)

    def add_net_cost(self, book: str, scheme: str, fund: str, amount: int) -> None:
        """Add to a scheme's net cost, in all and on the day."""
        super().add_net_cost(book, scheme, fund, amount)
        if amount and book == self.terms_on(self._on).keeper:
            self._today(scheme, fund).net_cost += amount

    def add_recharged(self, scheme: str, fund: str, parts: dict[str, int], sign: int) -> None:
        """Add to what each party has been recharged, in all and on the day."""
        super().add_recharged(scheme, fund, parts, sign)
        recharged = self._today(scheme, fund).recharged
        for party, part in parts.items():
            recharged[party] = recharged.get(party, 0) + sign * part

    def _today(self, scheme: str, fund: str) -> Charge:
        return self.by_day.setdefault((scheme, fund), {}).setdefault(self._on, Charge())

    def unrecharged(self, scheme: str, fund: str, first: date, last: date) -> int:
        """Net cost less recharges that bear a fund's tag (or none), of the days from one to another, in pence."""
        days = self.by_day.get((scheme, fund), {})
        charges = [charge for day, charge in days.items() if first <= day <= last]
        return sum(charge.net_cost - sum(charge.recharged.values()) for charge in charges)
