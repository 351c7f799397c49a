"""The outturn laid out: as a document, as sheets, as a list; as at a day, as known at a moment, or one against another."""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple

from ledger.application import Ledger
from ledger.money import pounds
from projections.columns import FLAT
from projections.outturn import Outturn, Row, YearAsAt, outturn
from projections.restatement import FIGURES, Change, Restated, restated
from projections.sheets import Report, Sheet
from projections.statement import year_called


class Asked(NamedTuple):
    """Which year, as at which day, as known when, and against what was known when: each moment as said, and as read."""

    year: str
    as_at: date | None = None
    as_known: tuple[str, str | int] | None = None
    against: tuple[str, str | int] | None = None

    @property
    def said(self) -> str:
        """The moments in a title."""
        day = f" as at {self.as_at}" if self.as_at else ""
        return day + (f" as known at {self.as_known[0]}" if self.as_known else "")


def outturns(ledger: Ledger, arrangements: list[str] | None, asked: Asked) -> list[Report]:
    """The outturn of arrangements (None: all, at one moment), or with `against` the bridge between two moments.

    Raises Refused for a label that is no year.
    """
    with ledger.store.snapshot():
        codes = ledger.store.streams() if arrangements is None else arrangements
        numbers = {
            code: [ledger.number_known(code, moment[1] if moment else _EVERYTHING)
                   for moment in (asked.as_known, asked.against)]
            for code in codes
        }  # fmt: skip
    # What was recorded up to a number never changes, so the replay needs no snapshot.
    found = []
    for code, (known, other) in numbers.items():
        if asked.against is None:
            found.append(_report(code, asked, known, outturn(_year(ledger, code, asked, known))))
            continue
        earlier, later = sorted((known, other))
        then, now = _year(ledger, code, asked, earlier), _year(ledger, code, asked, later, earlier)
        found.append(_bridge(code, asked, (earlier, later), restated(then, now)))
    return found


_EVERYTHING = 2**63 - 1


def _year(ledger: Ledger, code: str, asked: Asked, up_to: int, since: int | None = None) -> YearAsAt:
    year = year_called(ledger.terms(code).first, asked.year)
    told = YearAsAt(code, year, asked.as_at, since)
    ledger.catch_up(told, up_to)
    return told


_HEADER = FLAT["outturn"][4:]
_AMOUNTS = tuple(name for name in _HEADER if name != "direction")


def _report(code: str, asked: Asked, events: int, made: Outturn) -> Report:
    schemes, parties = made.totals
    title = f"Outturn of {code}, {asked.year}{asked.said}"

    def document() -> dict[str, Any]:
        return {
            **_asked(code, asked),
            "events": events,
            "schemes": [{"scheme": scheme, **_money(row, forecast=True)} for scheme, row in made.schemes.items()],
            "parties": [{"party": party, **_money(row)} for party, row in made.parties.items()],
            "totals": {"schemes": _money(schemes, forecast=True), "parties": _money(parties)},
        }

    def sheets() -> list[Sheet]:
        of_schemes = [(name, *_cells(row)) for name, row in [*made.schemes.items(), ("Total", schemes)]]
        of_parties = [(name, *_cells(row)[:5]) for name, row in [*made.parties.items(), ("Total", parties)]]
        return [
            Sheet(f"{title}: schemes", ("scheme", *_HEADER), of_schemes, _AMOUNTS),
            Sheet(f"{title}: parties", ("party", *_HEADER[:5]), of_parties, _AMOUNTS),
        ]

    def flat() -> Sheet:
        listed = [("scheme", made.schemes), ("total", {"schemes": schemes}), ("party", made.parties),
                  ("total", {"parties": parties})]  # fmt: skip
        rows = [(code, asked.year, of, name, *_cells(row)) for of, each in listed for name, row in each.items()]
        return Sheet("", FLAT["outturn"], rows, _AMOUNTS)

    return Report(document, sheets, flat)


def _asked(code: str, asked: Asked) -> dict[str, Any]:
    return {
        "arrangement": code,
        "year": asked.year,
        "as_at": asked.as_at.isoformat() if asked.as_at else None,
        "as_known": asked.as_known[0] if asked.as_known else None,
        "against": asked.against[0] if asked.against else None,
    }


def _cells(row: Row) -> tuple[object, ...]:
    forecasts = ("" if each is None else each for each in (row.forecast, row.forecast_variance))
    return (row.budget, row.provisional, row.actual, row.variance, row.direction, *forecasts)


def _money(row: Row, *, forecast: bool = False) -> dict[str, str | None]:
    found: dict[str, str | None] = {
        "budget": pounds(row.budget),
        "provisional": pounds(row.provisional),
        "actual": pounds(row.actual),
        "variance": pounds(row.variance),
        "direction": row.direction or None,
    }
    if forecast:
        found["forecast"] = None if row.forecast is None else pounds(row.forecast)
        found["forecast_variance"] = None if row.forecast_variance is None else pounds(row.forecast_variance)
    return found


def _bridge(code: str, asked: Asked, numbers: tuple[int, int], found: list[Restated]) -> Report:
    totals = [_sum(figure, found) for figure in FIGURES]
    schemes: dict[str, list[Restated]] = {}
    for each in found:
        schemes.setdefault(each.scheme, []).append(each)
    title = f"Restatement of {code}, {asked.year}{f' as at {asked.as_at}' if asked.as_at else ''}"

    def document() -> dict[str, Any]:
        return {
            **_asked(code, asked),
            "events": {"then": numbers[0], "now": numbers[1]},
            "schemes": [
                {"scheme": scheme, "figures": [_restated(each, events=True) for each in rows]}
                for scheme, rows in schemes.items()
            ],
            "totals": [_restated(each, events=False) for each in totals],
        }

    def sheets() -> list[Sheet]:
        known = f"known up to #{numbers[0]} then and #{numbers[1]} now"
        rows = [(each.scheme, each.figure, each.then, each.difference, each.now) for each in [*found, *totals]]
        # A variance follows from the budget and the actual above it, and so do its events.
        events = [
            (each.scheme, each.figure, *_event(change))
            for each in found
            if each.figure != "variance"
            for change in each.changes
        ]
        return [
            Sheet(f"{title}: {known}", ("scheme", "figure", "then", "difference", "now"), rows,
                  ("then", "difference", "now")),
            Sheet(f"{title}: the events that make the difference", FLAT["outturn_against"][2:], events, ("amount",)),
        ]  # fmt: skip

    def flat() -> Sheet:
        rows = [(code, asked.year, each.scheme, each.figure, *row) for each in found for row in _in_full(each)]
        return Sheet("", FLAT["outturn_against"], rows, ("amount",))

    return Report(document, sheets, flat)


def _in_full(each: Restated) -> list[tuple[object, ...]]:
    first, last = ("", "Then", "", "", "", "", each.then), ("", "Now", "", "", "", "", each.now)
    return [first, *(_event(change) for change in each.changes), last]


def _sum(figure: str, found: list[Restated]) -> Restated:
    rows = [each for each in found if each.figure == figure]
    return Restated("Total", figure, sum(each.then for each in rows), sum(each.now for each in rows), [])


def _event(change: Change) -> tuple[object, ...]:
    event = change.event
    return (event.number, event.type, event.effective_on, event.recorded_at, event.reference, event.document, change.amount)


def _restated(each: Restated, *, events: bool) -> dict[str, Any]:
    said = {
        "figure": each.figure,
        "then": pounds(each.then),
        "now": pounds(each.now),
        "difference": pounds(each.difference),
    }
    return said | ({"events": [_told(change) for change in each.changes]} if events else {})


def _told(change: Change) -> dict[str, object]:
    event = change.event
    return {
        "number": event.number,
        "type": event.type,
        "effective_on": event.effective_on.isoformat(),
        "recorded_at": event.recorded_at,
        "reference": event.reference,
        "document": event.document,
        "reverses": event.reverses,
        "amount": pounds(change.amount),
    }
