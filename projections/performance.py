"""Performance of a period: each indicator beside its target and what was reported before, each scheme beside its money.

Figures of several bodies are collated, never added or averaged: what they measure rarely can be. A body that answers for
an indicator and has reported nothing is named.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from ledger import events as e
from ledger.agreement import Indicator, Terms
from ledger.calendar import Period, period_labelled, year_of
from ledger.decisions.indicator import responsible, target_of
from ledger.measures import difference, meets
from projections.outturn import Outturn, Row, YearAsAt, outturn

Reported = tuple[int, e.IndicatorReported]
"""A report and the number of its event."""

MET, MISSED, NO_TARGET, NOT_REPORTED = "met", "missed", "no target", "not reported"


class Figure(NamedTuple):
    """What one body reported of an indicator in a period (`value` is empty where it has not), and what it did before.

    `number` is the event's, 0 without one; `revised` counts the reports of the same figure that this one took the place of.
    """

    indicator: Indicator
    period: str
    body: str
    target: str
    value: str = ""
    previous_period: str = ""
    previous: str = ""
    number: int = 0
    revised: int = 0

    @property
    def standing(self) -> str:
        """Whether the target is met."""
        if not self.value:
            return NOT_REPORTED
        if not self.target or not self.indicator.direction:
            return NO_TARGET
        return MET if meets(self.value, self.target, self.indicator.direction) else MISSED

    @property
    def change(self) -> str:
        """What the figure is above the previous one; empty without one."""
        return difference(self.value, self.previous) if self.value and self.previous else ""


class Beside(NamedTuple):
    """A scheme's (or all of them together's) indicators by standing, beside its outturn as at the period's last day."""

    standings: dict[str, int]
    money: Row


class Performance(NamedTuple):
    """A period's figures by area and indicator in the agreement's order, and the schemes beside them."""

    period: Period
    bodies: list[str]
    figures: list[Figure]
    schemes: dict[str, Beside]
    total: Beside


def performance(told: YearAsAt, period: Period) -> Performance:
    """The performance of a period, of a history told as at the period's last day."""
    terms = told.terms_on(period.last)
    reports = told.standing(e.IndicatorReported)
    known = {indicator.code: indicator for indicator in terms.agreement.indicators}
    gone = dict.fromkeys(fact.indicator for _, fact in reports if fact.indicator not in known)
    listed = [*known.values(), *(Indicator(code=code, name=code, unit="", direction="") for code in gone)]
    areas = list(dict.fromkeys(indicator.area for indicator in listed))
    listed.sort(key=lambda indicator: areas.index(indicator.area))
    figures = [
        figure
        for indicator in listed
        for figure in _figures(terms, indicator, period, [each for each in reports if each[1].indicator == indicator.code])
    ]
    begun = period.last >= terms.agreement.starts
    money = outturn(told) if begun else Outturn({}, {})
    schemes = {
        code: Beside(_standings(figure for figure in figures if figure.indicator.scheme == code), row)
        for code, row in money.schemes.items()
    }
    return Performance(period, responsible(terms), figures, schemes, Beside(_standings(figures), money.totals[0]))


def year_in(terms: Terms, period: Period) -> str:
    """The label of the financial year whose money stands beside a period: that of its last day."""
    return year_of(period.last, terms.year_start).label


def _figures(terms: Terms, indicator: Indicator, period: Period, reports: Sequence[Reported]) -> list[Figure]:
    periods = {label: period_labelled(label, terms.year_start) for label in {fact.period for _, fact in reports}}
    last: dict[tuple[str, str], Reported] = {}
    times: dict[tuple[str, str], int] = {}
    for number, fact in reports:
        key = (fact.body, fact.period)
        last[key], times[key] = (number, fact), times.get(key, 0) + 1
    found = []
    for (body, label), (number, fact) in last.items():
        of = periods[label]
        if period.first <= of.first and of.last <= period.last:
            before = [periods[each] for each_body, each in last if each_body == body and _precedes(periods[each], of)]
            previous = max(before, key=lambda each: each.last, default=None)
            told = (previous.label, last[body, previous.label][1].value) if previous else ("", "")
            found.append(Figure(indicator, label, body, fact.target, fact.value, *told, number, times[body, label] - 1))
    bodies = [*terms.books, *sorted({figure.body for figure in found} - terms.book_set)]
    found.sort(key=lambda figure: (bodies.index(figure.body), periods[figure.period].last, periods[figure.period].first))
    if indicator.direction:  # one that the agreement no longer has is owed by nobody
        silent = [body for body in responsible(terms, indicator) if body not in {figure.body for figure in found}]
        found += [Figure(indicator, period.label, body, target_of(terms, indicator, period)) for body in silent]
    return found


def _precedes(before: Period, period: Period) -> bool:
    return before.kind == period.kind and before.last < period.last


def _standings(figures: Iterable[Figure]) -> dict[str, int]:
    """How many indicators stand how, each body's by its last figure of the period."""
    latest = {(figure.indicator.code, figure.body): figure.standing for figure in figures}
    return {standing: list(latest.values()).count(standing) for standing in (MET, MISSED, NO_TARGET, NOT_REPORTED)}
