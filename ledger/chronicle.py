"""An arrangement replayed with its days in view: which cost fell on which date, and what a year opened and closed with.

The head knows what stands now; a recharge run and the year end must know of days and years. It is rebuilt from the events
when it is needed, and never kept: the head stays small.
"""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import NamedTuple, TypeVar

from ledger import events as e
from ledger.accounts import Entries, in_advance
from ledger.agreement import Ratio
from ledger.calendar import Year
from ledger.coverage import Coverage
from ledger.state import Charge, Head

T = TypeVar("T")

_OF_YEARS = (
    e.BudgetSet, e.BudgetVired, e.ForecastMade, e.TrueUpRaised, e.UnspentDecided, e.YearClosed,
    e.DisputeRaised, e.DisputeAcknowledged, e.DisputeResolved, e.BalancesAgreed, e.IndicatorReported,
    e.NoticeGiven, e.ArrangementCompleted,
)  # fmt: skip
"""Facts whose standing matters to a year end, and which a reversal takes back whole."""

Budgets = dict[str, dict[str, int]]
"""Scheme → party → pence."""


class Occurrence(NamedTuple):
    """A fact of the year, by its business date or, where the pool's year was closed, its posting date there.

    `sign` is -1 for a fact taken back by a reversal, whose number it bears.
    """

    number: int
    fact: e.Fact
    sign: int


class Refund(NamedTuple):
    """A refund of a party's untagged contributions, on its posting date in the pool's book; negative where taken back.

    `number` is that of the event that recorded the refund itself.
    """

    number: int
    posted_on: date
    party: str
    amount: int


class Planned(NamedTuple):
    """A budget as the agreement, signed or varied by an event, has it; None where it has it no more."""

    number: int
    year: str
    scheme: str
    party: str
    amount: int | None


class Chronicle(Head):
    """A head that remembers days, and one year where it is given: its budgets, its first and last balances, its facts."""

    def __init__(self, stream: str, year: Year | None = None) -> None:
        super().__init__(stream)
        self.year = year
        self.by_day: dict[tuple[str, str], dict[date, Charge]] = {}
        self.opening: Entries = {}
        self.closing: Entries = {}
        self.occurrences: list[Occurrence] = []
        self.dues: Counter[str] = Counter()
        """Party → contributions due in the year by business date, without those of capital funds, which no budget holds."""
        self.pool_at_end: Counter[str] = Counter()
        """The pool book's accounts at the year's last day by business date, whatever was closed by then."""
        self.advances: Counter[tuple[str, date]] = Counter()
        """Party and posting date → untagged contributions that came to the pool in advance, less what was used."""
        self.refunds: list[Refund] = []
        self.settled: dict[str, set[int]] = {}
        """Year → the events of every time it was settled."""
        self.raised: Counter[tuple[str, str, str, date]] = Counter()
        """Instalments raised and standing: party, fund, scheme, day."""
        self._held_from: dict[tuple[str, str], Counter[date]] = {}
        self._funded: dict[str, list[tuple[date, str, int]]] = {}
        self.planned: list[Planned] = []
        self.coverage = Coverage()
        self.last_named: dict[tuple[str, str], date] = {}
        """The last day of a fact of a scheme or a fund: “scheme” or “fund” and its code."""
        self._standing: dict[int, e.Fact] = {}
        self._taken_back: dict[int, int] = {}
        self._gone: dict[int, e.Fact] = {}

    def evolve(self, event: e.Event) -> None:
        """Take an event in, on its day."""
        stood = self._agreed_budgets() if isinstance(event.fact, e.AgreementVaried) else {}
        super().evolve(event)
        if isinstance(event.fact, e.AgreementSigned | e.AgreementVaried):
            self._plan(event.number, stood)
        fact, sign = unwrapped(event.fact)
        for column in ("scheme", "fund"):
            if code := getattr(fact, column, ""):
                self.last_named[column, code] = max(event.effective_on, self.last_named.get((column, code), date.min))
        if isinstance(fact, e.ContributionDue) and fact.instalment:
            self.raised[fact.party, fact.fund, fact.scheme, fact.instalment] += sign
        if isinstance(event.fact, e.UnspentDecided | e.TrueUpRaised):
            command = range(event.number - event.part, event.number + 1)
            self.settled.setdefault(event.fact.year, set()).update(command)
        if isinstance(fact, e.ContributionDue) and fact.fund:
            self._funded.setdefault(fact.fund, []).append((event.effective_on, fact.party, sign * fact.amount))
        elif isinstance(fact, e.AssetAcquired):
            self._held_from.setdefault(("asset", fact.asset), Counter())[event.effective_on] += sign
        elif isinstance(fact, e.LiabilityRecognised):
            self._held_from.setdefault(("liability", fact.liability), Counter())[event.effective_on] += sign
        first = event.number
        if isinstance(event.fact, e.FactReversed):
            first = self._turn(event.number, event.fact.reverses)
        elif isinstance(event.fact, _OF_YEARS):
            self._standing[event.number] = event.fact
        if isinstance(fact, e.RechargeRaised) or (isinstance(fact, e.BillRaised) and fact.ratio):
            self.coverage.take(first, event.effective_on, fact, sign, self.terms_on)
        elif isinstance(fact, e.ChargeAdjusted):
            self.coverage.adjust(first, fact, sign)
        if self.year is not None:
            self._remember(event, self.year)

    def _remember(self, event: e.Event, year: Year) -> None:
        for book, accounts in event.entries.items():
            posted_on = event.posted_on.get(book, event.effective_on)
            if posted_on <= year.last:
                _add(self.closing.setdefault(book, {}), accounts)
                if posted_on < year.first:
                    _add(self.opening.setdefault(book, {}), accounts)
        terms = self.terms_on(self.effective_on)
        keeper, fact, sign = terms.keeper, *unwrapped(event.fact)
        pooled = event.entries.get(keeper, {})
        if event.effective_on <= year.last:
            self.pool_at_end.update(pooled)
        posted_on = event.posted_on.get(keeper, event.effective_on)
        for party in terms.parties:
            if moved := pooled.get(in_advance(party)):
                self.advances[party, posted_on] -= moved
        if isinstance(fact, e.ContributionRefunded) and not fact.fund:
            root = self._taken_back.get(event.number, event.number)
            self.refunds.append(Refund(root, posted_on, fact.party, sign * fact.amount))
        if isinstance(fact, e.ContributionDue) and year.first <= event.effective_on <= year.last:
            fund = self.terms_on(self.effective_on).funds.get(fact.fund)
            if fund is None or fund.kind != "capital":
                self.dues[fact.party] += sign * fact.amount
        late = event.posted_on.get(keeper) if keeper else max(event.posted_on.values(), default=None)
        if year.first <= (late or event.effective_on) <= year.last:
            self.occurrences.append(Occurrence(event.number, fact, sign))

    def _agreed_budgets(self) -> dict[tuple[str, str, str], int]:
        """Year, scheme and party → the budget in the terms of the year's last day."""
        return {
            (budget.year, budget.scheme, budget.party): budget.amount
            for day, until in self.terms.spans()
            for budget in self.terms_on(day).agreement.budgets
            if day <= self.terms_on(day).year(budget.year).last < (until or date.max)
        }

    def _plan(self, number: int, stood: dict[tuple[str, str, str], int]) -> None:
        """What an agreement or its variation plans otherwise than was planned before."""
        stands = self._agreed_budgets()
        for key in {**stood, **stands}:
            if stood.get(key) != stands.get(key):
                self.planned.append(Planned(number, *key, stands.get(key)))

    def _turn(self, number: int, reverses: int) -> int:
        """A reversal takes a fact back, and the reversal of that lets it stand again; gives the number of the fact."""
        first = self._taken_back.get(reverses, reverses)
        self._taken_back[number] = first
        if first in self._standing:
            self._gone[first] = self._standing.pop(first)
        elif first in self._gone:
            self._standing[first] = self._gone.pop(first)
        return first

    @property
    def the_year(self) -> Year:
        """The year in view, where one was named."""
        assert self.year is not None
        return self.year

    def standing(self, kind: type[T]) -> list[tuple[int, T]]:
        """The facts of a kind that are not taken back, with their numbers, in order."""
        return [(number, fact) for number, fact in sorted(self._standing.items()) if isinstance(fact, kind)]

    def of_year(self, kind: type[T], label: str = "") -> list[tuple[int, T]]:
        """Those of them that name a year: the one in view, or that of a label."""
        label = label or self.the_year.label
        return [(number, fact) for number, fact in self.standing(kind) if getattr(fact, "year", "") == label]

    @property
    def budgets(self) -> Budgets:
        """The year's confirmed budgets."""
        return self.budgets_of(self.the_year.label)

    def budgets_of(self, label: str) -> Budgets:
        """The confirmed budgets of a year: what the agreement says, then as set and vired."""
        budgets: Budgets = {}
        changes: list[tuple[int, Planned | e.BudgetSet | e.BudgetVired]]
        changes = [*self.of_year(e.BudgetSet, label), *self.of_year(e.BudgetVired, label)]
        changes += [(planned.number, planned) for planned in self.planned if planned.year == label]
        for _number, fact in sorted(changes, key=lambda change: change[0]):
            if isinstance(fact, Planned):
                if fact.amount is None:
                    budgets[fact.scheme].pop(fact.party, None)
                else:
                    budgets.setdefault(fact.scheme, {})[fact.party] = fact.amount
                continue
            if fact.provisional:
                continue
            if isinstance(fact, e.BudgetSet):
                budgets.setdefault(fact.scheme, {})[fact.party] = fact.amount
                continue
            for scheme, party, moved in (
                (fact.from_scheme, fact.from_party, -fact.amount),
                (fact.to_scheme, fact.to_party, fact.amount),
            ):
                if scheme:
                    _add(budgets.setdefault(scheme, {}), {party: moved})
        return budgets

    @property
    def provisional(self) -> dict[int, e.BudgetSet | e.BudgetVired]:
        """Number → a budget of the year that was not set since, or a virement that is not confirmed yet."""
        confirmed = {fact.confirms for _number, fact in self.of_year(e.BudgetVired)}
        last = {(fact.scheme, fact.party): number for number, fact in self.of_year(e.BudgetSet)}
        found: list[tuple[int, e.BudgetSet | e.BudgetVired]]
        found = [*self.of_year(e.BudgetSet), *self.of_year(e.BudgetVired)]
        return {
            number: fact
            for number, fact in sorted(found, key=lambda change: change[0])
            if fact.provisional
            and (number == last[fact.scheme, fact.party] if isinstance(fact, e.BudgetSet) else number not in confirmed)
        }

    @property
    def forecasts(self) -> dict[str, int]:
        """Scheme → the last forecast of its net cost of the year."""
        return {fact.scheme: fact.amount for _number, fact in self.of_year(e.ForecastMade)}

    def open_disputes(self) -> list[tuple[int, e.DisputeRaised]]:
        """Disputes not resolved, with the numbers that name them."""
        resolved = {fact.dispute for _number, fact in self.standing(e.DisputeResolved)}
        return [(number, fact) for number, fact in self.standing(e.DisputeRaised) if number not in resolved]

    def last_close(self, body: str) -> tuple[int, e.YearClosed] | None:
        """A body's last close of any year, and its number."""
        closes = [(number, fact) for number, fact in self.standing(e.YearClosed) if fact.body == body]
        return max(closes, key=lambda close: close[1].first, default=None)

    def accounts(self) -> list[tuple[str, str]]:
        """Every account that was ever posted to, with its book first."""
        return [(book, account) for book, accounts in self._balances.items() for account in accounts]

    def held_from(self, kind: str, code: str) -> date:
        """The day on which an asset was first acquired, or a liability first recognised, by a record that stands."""
        return min(day for day, records in self._held_from[kind, code].items() if records > 0)

    def contributors(self, fund: str, by: date) -> Ratio:
        """Party → the contributions due from it to a fund by a day, or in all where there were none by then; none of nil."""
        dues = self._funded.get(fund, [])
        total: Counter[str] = Counter()
        for _day, party, amount in [due for due in dues if due[0] <= by] or dues:
            total[party] += amount
        return {party: amount for party, amount in total.items() if amount > 0}

    def add_net_cost(self, book: str, scheme: str, fund: str, amount: int) -> None:
        """Add to a scheme's net cost, in all and on the day."""
        super().add_net_cost(book, scheme, fund, amount)
        if amount and book in self.state.terms.keepers:
            self._today(scheme, fund).net_cost += amount
            self.coverage.add_cost(scheme, fund, self.effective_on, amount)

    def add_recharged(self, scheme: str, fund: str, parts: dict[str, int], sign: int) -> None:
        """Add to what each party has been recharged, in all and on the day."""
        super().add_recharged(scheme, fund, parts, sign)
        recharged = self._today(scheme, fund).recharged
        for party, part in parts.items():
            recharged[party] = recharged.get(party, 0) + sign * part

    def _today(self, scheme: str, fund: str) -> Charge:
        return self.by_day.setdefault((scheme, fund), {}).setdefault(self.effective_on, Charge())

    def charged(self, scheme: str, fund: str, first: date, last: date) -> Charge:
        """Net cost and recharges that bear a fund's tag (or none), of the days from one to another."""
        total = Charge()
        for day, charge in self.by_day.get((scheme, fund), {}).items():
            if first <= day <= last:
                total.net_cost += charge.net_cost
                _add(total.recharged, charge.recharged)
        return total

    def unrecharged(self, scheme: str, fund: str, first: date, last: date) -> int:
        """Net cost that bears a fund's tag (or none) and is not recharged yet, of the days from one to another, in pence."""
        return self.coverage.unrecharged(scheme, fund, first, last)


def unwrapped(fact: e.Fact) -> tuple[e.Fact, int]:
    """The fact at the bottom of a chain of reversals, and whether it stands (1) or is taken back (-1)."""
    sign = 1
    while isinstance(fact, e.FactReversed):
        fact, sign = fact.fact, -sign
    return fact, sign


def _add(totals: dict[str, int], amounts: dict[str, int]) -> None:
    for name, amount in amounts.items():
        totals[name] = totals.get(name, 0) + amount
