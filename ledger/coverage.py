"""Which days' costs each recharge charges, and what was adjusted of it since the ratio was varied.

Source: accounting rules, “Dates”: a cost takes the ratio in force on its own date, and a recharge bears the date of the costs
it charges. So a recharge covers costs of its own financial year up to its date that were open when it was raised and took
the ratio it was split by: all of them where it charges all, else the oldest first. What it charges beyond them stands at
its own date. What was covered stays so, whatever comes late. A service charge, and a bill split at source, are of their day.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from ledger import events as e
from ledger.agreement import Terms
from ledger.calendar import year_of

Days = dict[date, int]
"""Day → pence; no nil ones."""

Made = e.RechargeRaised | e.BillRaised


@dataclass
class Charged:
    """A charge that was split in a ratio: its date, the days of the costs it charges, and its adjustments that stand."""

    on: date
    fact: Made
    covers: Days
    stands: bool = True
    adjustments: dict[int, e.ChargeAdjusted] = field(default_factory=dict)


class Coverage:
    """The costs of each day not yet recharged, by scheme and tag, and every charge that a ratio split, by number."""

    def __init__(self) -> None:
        self._open: dict[tuple[str, str], Days] = {}
        self.charged: dict[int, Charged] = {}

    def add_cost(self, scheme: str, fund: str, day: date, amount: int) -> None:
        """Add to the net cost of a day."""
        _add(self._open.setdefault((scheme, fund), {}), day, amount)

    def unrecharged(self, scheme: str, fund: str, first: date, last: date) -> int:
        """Net cost that bears a tag (or none) less what was recharged of it, of the days from one to another, in pence."""
        return sum(amount for day, amount in self._open.get((scheme, fund), {}).items() if first <= day <= last)

    def take(self, number: int, on: date, fact: Made, sign: int, terms_on: Callable[[date], Terms]) -> None:
        """Take in a charge, or, by the number of the first of a chain of reversals, that it is taken back or stands again."""
        charged = self.charged.get(number)
        if charged is None:
            charged = self.charged[number] = Charged(on, fact, self._covers(on, fact, terms_on))
        charged.stands = sign > 0
        if isinstance(fact, e.RechargeRaised):
            for day, amount in charged.covers.items():
                _add(self._open.setdefault((fact.scheme, fact.fund), {}), day, -sign * amount)

    def adjust(self, number: int, fact: e.ChargeAdjusted, sign: int) -> None:
        """Take in an adjustment, or that it is taken back or stands again."""
        adjustments = self.charged[fact.adjusts].adjustments
        if sign > 0:
            adjustments[number] = fact
        else:
            del adjustments[number]

    def _covers(self, on: date, fact: Made, terms_on: Callable[[date], Terms]) -> Days:
        terms = terms_on(on)
        if isinstance(fact, e.BillRaised) or not terms.lead:
            return {on: fact.amount}
        first = year_of(on, terms.year_start).first
        days = self._open_days(fact, first, on, terms_on)
        if sum(days.values()) == fact.amount:
            return days
        covers: Days = {}
        left = fact.amount
        for day, amount in sorted(days.items()):
            if left and (amount > 0) == (left > 0):
                covers[day] = min(left, amount) if left > 0 else max(left, amount)
                left -= covers[day]
        _add(covers, on, left)
        return covers

    def _open_days(self, fact: e.RechargeRaised, first: date, last: date, terms_on: Callable[[date], Terms]) -> Days:
        """What is open of the days that take the charge's ratio: of its own tag, or without one of whatever tag."""
        days: Days = {}
        for (scheme, fund), open_days in self._open.items():
            if scheme == fact.scheme and fact.fund in ("", fund):
                for day, amount in open_days.items():
                    if first <= day <= last and (fact.fund or terms_on(day).ratio_of(scheme) == fact.ratio):
                        _add(days, day, amount)
        return days


def _add(days: Days, day: date, amount: int) -> None:
    total = days.get(day, 0) + amount
    if total:
        days[day] = total
    else:
        days.pop(day, None)
