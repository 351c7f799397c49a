"""The outturn of a year: budget, actual net cost, forecast and variance, by scheme and by party, as at any day.

Actual is what is posted up to the day: of a scheme its cost less its income, of a party what it has borne so far (with
aligned budgets its own spending). Budgets are the confirmed ones as of that day; what is provisional stands beside them.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from ledger import events as e
from ledger.calendar import Year
from ledger.chronicle import Budgets, Chronicle, Occurrence, unwrapped
from projections.year_figures import PARTY, SCHEME, figures


class Row(NamedTuple):
    """One scheme's or party's outturn in pence; `provisional` is what its budget would change by if all were confirmed."""

    budget: int = 0
    provisional: int = 0
    actual: int = 0
    forecast: int | None = None

    @property
    def variance(self) -> int:
        """Actual less budget: over is positive."""
        return self.actual - self.budget

    @property
    def direction(self) -> str:
        """Whether a variance of net cost is favourable or adverse; empty where there is none."""
        return "adverse" if self.variance > 0 else "favourable" if self.variance < 0 else ""

    @property
    def forecast_variance(self) -> int | None:
        """Forecast less budget, where there is a forecast."""
        return None if self.forecast is None else self.forecast - self.budget


class Outturn(NamedTuple):
    """A year's outturn, by scheme and by party, each with its total.

    The schemes' total has a forecast only where every scheme has one.
    """

    schemes: dict[str, Row]
    parties: dict[str, Row]

    @property
    def totals(self) -> tuple[Row, Row]:
        """The schemes' total, and the parties'."""
        return _total(self.schemes.values()), _total(self.parties.values())


def _total(rows: Iterable[Row]) -> Row:
    listed = list(rows)
    forecasts = [row.forecast for row in listed if row.forecast is not None]
    return Row(
        sum(row.budget for row in listed),
        sum(row.provisional for row in listed),
        sum(row.actual for row in listed),
        sum(forecasts) if forecasts and len(forecasts) == len(listed) else None,
    )


class News(NamedTuple):
    """An event of which the figures of a year were not told before: what it did, and the plans before and after it."""

    event: e.Event
    occurrence: Occurrence | None
    before: Plans
    after: Plans


Plans = tuple[dict[str, int], dict[str, int]]
"""Budgets and forecasts, by scheme."""

NO_PLANS: Plans = ({}, {})


class YearAsAt(Chronicle):
    """A year as at a day: what is posted later, and budgets and forecasts dated later, are not counted.

    `news` are the events after the number `since` that changed it.
    """

    def __init__(self, stream: str, year: Year, as_at: date | None = None, since: int | None = None) -> None:
        super().__init__(stream, year)
        self.as_at, self.since = as_at or date.max, since
        self.news: list[News] = []

    def evolve(self, event: e.Event) -> None:
        """Take an event in, if it counts by that day."""
        plan = isinstance(unwrapped(event.fact)[0], _PLANS)
        if plan and event.effective_on > self.as_at:
            self.number, self.recorded_at = event.number, event.recorded_at
            return
        new = self.since is not None and event.number > self.since
        before = self.plans if new and not event.entries else NO_PLANS
        known = len(self.occurrences)
        super().evolve(event)
        if len(self.occurrences) > known and self._posted_on(event) > self.as_at:
            self.occurrences.pop()
        if new:
            after = NO_PLANS if event.entries else self.plans
            self.news.append(News(event, self.occurrences[-1] if len(self.occurrences) > known else None, before, after))

    def _posted_on(self, event: e.Event) -> date:
        """The day in the pool's book; with aligned budgets, in the book that the fact is of."""
        keeper = self.terms_on(event.effective_on).keeper
        if keeper:
            return event.posted_on.get(keeper, event.effective_on)
        return max(event.posted_on.values(), default=event.effective_on)

    @property
    def plans(self) -> Plans:
        """The year's budgets and forecasts, by scheme; none before the agreement is signed."""
        if not self.signed:
            return NO_PLANS
        return {scheme: sum(parts.values()) for scheme, parts in self.budgets.items()}, self.forecasts


_PLANS = (e.BudgetSet, e.BudgetVired, e.ForecastMade)


def outturn(chronicle: Chronicle) -> Outturn:
    """The outturn of the year that a chronicle has in view; empty before the agreement is signed."""
    if not chronicle.signed or chronicle.year is None:
        return Outturn({}, {})
    terms = chronicle.terms_on(chronicle.year.last)
    found = figures(terms, chronicle.occurrences)
    budgets, waiting, forecasts = chronicle.budgets, unconfirmed(chronicle), chronicle.forecasts
    schemes = {
        scheme: Row(
            sum(budgets.get(scheme, {}).values()),
            sum(waiting.get(scheme, {}).values()),
            found[SCHEME, scheme, "actual"].pence - found[SCHEME, scheme, "income"].pence,
            forecasts.get(scheme),
        )
        for scheme in found.codes(SCHEME, terms.schemes)
    }
    parties = {
        party: Row(_of(budgets, party), _of(waiting, party), found[PARTY, party, "borne"].pence)
        for party in found.codes(PARTY, terms.parties)
    }
    return Outturn(schemes, parties)


def _of(budgets: Budgets, party: str) -> int:
    return sum(parts.get(party, 0) for parts in budgets.values())


def unconfirmed(chronicle: Chronicle) -> Budgets:
    """What the budgets would change by if all that is provisional were confirmed: scheme → party → pence."""
    changes: Budgets = {}
    for _number, scheme, party, amount in provisional_parts(chronicle):
        parts = changes.setdefault(scheme, {})
        parts[party] = parts.get(party, 0) + amount
    return changes


def provisional_parts(chronicle: Chronicle) -> list[tuple[int, str, str, int]]:
    """What each provisional event would change of a budget: its number, scheme, party, pence; one set anew stands alone."""
    budgets = chronicle.budgets
    parts: dict[tuple[str, str], list[tuple[int, str, str, int]]] = {}
    for number, fact in chronicle.provisional.items():
        if isinstance(fact, e.BudgetSet):
            stands = budgets.get(fact.scheme, {}).get(fact.party, 0)
            parts[fact.scheme, fact.party] = [(number, fact.scheme, fact.party, fact.amount - stands)]
            continue
        for scheme, party, moved in (
            (fact.from_scheme, fact.from_party, -fact.amount),
            (fact.to_scheme, fact.to_party, fact.amount),
        ):
            if scheme:
                parts.setdefault((scheme, party), []).append((number, scheme, party, moved))
    return [part for each in parts.values() for part in each]
