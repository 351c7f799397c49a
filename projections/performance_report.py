"""Performance laid out: as a document, as sheets, as a list; a period's indicators, and the schemes beside their money."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Any, NamedTuple

from ledger.agreement import Terms
from ledger.application import Ledger
from ledger.calendar import Period, period_labelled
from ledger.errors import Refused, did_you_mean
from ledger.money import pounds
from projections.columns import FLAT
from projections.outturn import YearAsAt
from projections.performance import Beside, Figure, Performance, performance, year_in
from projections.responsibilities import answers
from projections.sheets import Report, Sheet
from projections.statement import year_called


class Asked(NamedTuple):
    """Which period, which area (empty: all), as known when: the moment as said, and as read."""

    period: str
    area: str = ""
    as_known: tuple[str, str | int] | None = None


def performances(ledger: Ledger, arrangements: list[str] | None, asked: Asked) -> list[Report]:
    """The performance of arrangements (None: all, at one moment) in a period; raises Refused for a label that is none."""
    with ledger.store.snapshot():
        codes = ledger.store.streams() if arrangements is None else arrangements
        known = asked.as_known[1] if asked.as_known else _EVERYTHING
        numbers = {code: ledger.number_known(code, known) for code in codes}
    return [_report(told(ledger, code, period_called(ledger, code, asked.period), up_to), asked, up_to)
            for code, up_to in numbers.items() if up_to]  # fmt: skip


_EVERYTHING = 2**63 - 1


def period_called(ledger: Ledger, code: str, label: str) -> Period:
    """The period of an arrangement that bears a label; raises Refused for a label that is none."""
    try:
        return period_labelled(label, ledger.terms(code).first.year_start)
    except ValueError as error:
        raise Refused(f"{code}: {error}.") from None


def told(ledger: Ledger, code: str, period: Period, up_to: int) -> tuple[YearAsAt, Performance]:
    """An arrangement's history up to a number, as at the last day of a period, and the period's performance."""
    terms = ledger.terms(code).first
    history = YearAsAt(code, year_called(terms, year_in(terms, period)), period.last)
    ledger.catch_up(history, up_to)
    return history, performance(history, period)


FIGURES = FLAT["performance"][3:]
MEASURES = ("target", "value", "previous", "change")
_MONEY = ("budget", "actual", "variance", "forecast")
_BESIDE = ("scheme", "indicators", *_MONEY)


def _report(given: tuple[YearAsAt, Performance], asked: Asked, events: int) -> Report:
    history, made = given
    code, terms = history.stream, history.terms_on(made.period.last)
    figures = [figure for figure in made.figures if not asked.area or figure.indicator.area == asked.area]
    if asked.area and not figures:
        areas = list(dict.fromkeys(figure.indicator.area for figure in made.figures))
        raise Refused(f"{asked.area} is no area of an indicator of {code}{did_you_mean(asked.area, areas)}")
    title = f"Performance of {code}, {made.period.label} ({made.period.first} to {made.period.last})"
    of_year = f"{year_in(terms, made.period)} as at {made.period.last}"

    def document() -> dict[str, Any]:
        return {
            "arrangement": code,
            "period": {"label": made.period.label, "from": str(made.period.first), "to": str(made.period.last)},
            "area": asked.area or None,
            "as_known": asked.as_known[0] if asked.as_known else None,
            "events": events,
            "reported_by": {"bodies": made.bodies, "says": _says(terms)},
            "indicators": list(_indicators(figures)),
            "year": year_in(terms, made.period),
            "schemes": [{"scheme": scheme, **_beside(beside)} for scheme, beside in made.schemes.items()],
            "total": _beside(made.total),
        }

    def sheets() -> list[Sheet]:
        money = [(name, _told(each), *_cells(each)) for name, each in [*made.schemes.items(), ("Total", made.total)]]
        return [
            Sheet(title, FIGURES, [figure_row(figure) for figure in figures], numbers=MEASURES),
            Sheet(f"Beside the money of {of_year}", _BESIDE, money, _MONEY),
        ]

    def flat() -> Sheet:
        rows = [(code, made.period.label, figure.indicator.scheme, *figure_row(figure)) for figure in figures]
        return Sheet("", FLAT["performance"], rows, numbers=MEASURES)

    return Report(document, sheets, flat)


def _says(terms: Terms) -> str:
    return next(answer for key, answer, _ in answers(terms) if key == "performance")


def figure_row(figure: Figure) -> tuple[object, ...]:
    """A figure as the report shows it."""
    indicator = figure.indicator
    return (indicator.area, indicator.code, indicator.name, indicator.unit, figure.period, figure.body, figure.target,
            figure.value, figure.standing, figure.previous, figure.change)  # fmt: skip


def _indicators(figures: list[Figure]) -> Iterator[dict[str, Any]]:
    for indicator, found in groupby(figures, key=lambda figure: figure.indicator):
        yield {
            "indicator": indicator.code,
            "name": indicator.name,
            "unit": indicator.unit,
            "area": indicator.area,
            "scheme": indicator.scheme,
            "direction": indicator.direction or None,
            "figures": [
                {
                    "period": figure.period,
                    "reported_by": figure.body,
                    "target": figure.target or None,
                    "value": figure.value or None,
                    "standing": figure.standing,
                    "previous": {"period": figure.previous_period, "value": figure.previous} if figure.previous else None,
                    "change": figure.change or None,
                    "number": figure.number or None,
                    "revised": figure.revised,
                }
                for figure in found
            ],
        }


def _told(beside: Beside) -> str:
    return ", ".join(f"{count} {standing}" for standing, count in beside.standings.items() if count)


def _cells(beside: Beside) -> tuple[object, ...]:
    row = beside.money
    return (row.budget, row.actual, row.variance, "" if row.forecast is None else row.forecast)


def _beside(beside: Beside) -> dict[str, Any]:
    row = beside.money
    standings = {standing.replace(" ", "_"): count for standing, count in beside.standings.items()}
    return {"indicators": standings} | {
        "budget": pounds(row.budget),
        "actual": pounds(row.actual),
        "variance": pounds(row.variance),
        "forecast": None if row.forecast is None else pounds(row.forecast),
    }
