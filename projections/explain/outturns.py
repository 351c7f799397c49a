"""Figures of the outturn: budget, actual, variance and forecast, as at a day, down to the events that make them."""

from __future__ import annotations

from collections.abc import Iterator

from ledger import events as e
from ledger.chronicle import unwrapped
from ledger.errors import Refused
from projections.explain.accounts import Listed
from projections.explain.asked import Asked
from projections.explain.tree import Node, less, summed
from projections.explain.years import YearFigures, known_figure, known_party, listed, years
from projections.outturn import YearAsAt, provisional_parts
from projections.outturn_report import Asked as OutturnAsked
from projections.outturn_report import outturns
from projections.statement import year_called
from projections.year_figures import PARTY, SCHEME

FIGURES = ("budget", "provisional", "actual", "variance", "forecast", "forecast_variance")

# outturn/YEAR/CODE/FIGURE


def outturn_figure(asked: Asked, label: str, code: str, figure: str) -> Node:
    """A figure of the outturn: of a scheme or of a party, as at the day asked."""
    known_figure(figure, FIGURES)
    told = YearAsAt(asked.code, year_called(asked.terms, label), asked.as_at)
    asked.ledger.catch_up(told, asked.up_to)
    year = YearFigures(asked, label, told)
    if code not in year.schemes:
        known_party(year, code)
    return _outturn(year, code, figure)._replace(label=f"{figure.replace('_', ' ')} of {code} in {label}")


def _outturn(year: YearFigures, code: str, figure: str) -> Node:
    scheme = code in year.schemes
    if figure == "budget":
        return year.budget(lambda budgeted, party: code in (budgeted, party))
    if figure == "provisional":
        return summed(figure, _provisional(year, code))
    if figure == "actual":
        if not scheme:
            return year.effects(PARTY, code, "borne")
        return summed(figure, [year.effects(SCHEME, code, "actual"), less(year.effects(SCHEME, code, "income"))])
    if figure == "forecast":
        return _forecast(year, code)
    first = "forecast" if figure == "forecast_variance" else "actual"
    return summed(figure, [_outturn(year, code, first), less(_outturn(year, code, "budget"))])


def _provisional(year: YearFigures, code: str) -> Iterator[Node]:
    for number, scheme, party, amount in provisional_parts(year.chronicle):
        if amount and code in (scheme, party):
            yield year.asked.leaf(year.asked.ledger.event(year.asked.code, number), amount, what=f"{scheme} for {party}")


def _forecast(year: YearFigures, scheme: str) -> Node:
    made = [number for number, fact in year.chronicle.of_year(e.ForecastMade) if fact.scheme == scheme]
    if not made:
        raise Refused(f"No forecast of {scheme} was made for {year.label}: there is nothing to explain.")
    event = year.asked.ledger.event(year.asked.code, made[-1])
    fact = unwrapped(event.fact)[0]
    assert isinstance(fact, e.ForecastMade)
    return summed("forecast", [year.asked.leaf(event, fact.amount)])


def list_outturns(asked: Asked) -> Listed:
    """Every figure of the outturn of every year there is."""
    for label in years(asked):
        question = OutturnAsked(label, asked.as_at, ("", asked.known) if asked.known is not None else None)
        (report,) = outturns(asked.ledger, [asked.code], question)
        document = report.document
        for row in document["schemes"]:
            yield from listed("outturn", label, row["scheme"], row, FIGURES)
        for row in document["parties"]:
            yield from listed("outturn", label, row["party"], row, FIGURES)
