"""The memorandum account laid out: as a document, as two sheets, as a list; with the events behind each figure if asked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ledger.application import Ledger
from ledger.money import pounds
from projections.columns import FLAT
from projections.disputes import noted
from projections.memorandum import PARTY_FIGURES, SCHEME_FIGURES, Memorandum, memorandum, traced
from projections.sheets import Report, Sheet
from projections.year_figures import Figure


def memoranda(ledger: Ledger, arrangements: list[str] | None, *, year: str, trace: bool = False) -> list[Report]:
    """The memorandum account of arrangements (None: all, at one moment) for a year; raises Refused for what is no year."""
    with ledger.store.snapshot():
        codes = ledger.store.streams() if arrangements is None else arrangements
        numbers = {code: ledger.number_known(code, _EVERYTHING) for code in codes}
    # What was recorded up to a number never changes, so the replay needs no snapshot.
    found = []
    for code, number in numbers.items():
        chronicle = ledger.chronicle(code, year, up_to=number)
        before = ledger.history(code, up_to=number) if trace else ()
        report = _report(code, year, memorandum(chronicle, before), trace)
        found.append(noted(report, ledger.disputes(code, number), chronicle.the_year.last))
    return found


_EVERYTHING = 2**63 - 1


def _report(code: str, year: str, made: Memorandum, trace: bool) -> Report:
    return Report(
        lambda: _document(code, year, made),
        lambda: _sheets(code, year, made, trace),
        lambda: _flat(code, year, made, trace),
    )


def _document(code: str, year: str, made: Memorandum) -> dict[str, Any]:
    return {
        "arrangement": code,
        "year": year,
        "parties": [{"party": party, **_money(row)} for party, row in made.parties.items()],
        "schemes": [{"scheme": scheme, **_money(row)} for scheme, row in made.schemes.items()],
        "totals": _money(made.totals),
    }


def _money(row: dict[str, Figure]) -> dict[str, str]:
    return {name: pounds(figure.pence) for name, figure in row.items()}


def _sheets(code: str, year: str, made: Memorandum, trace: bool) -> list[Sheet]:
    title = f"Memorandum account of {code}, {year}"
    sheets = [
        _sheet(f"{title}: parties", "party", PARTY_FIGURES, made.parties, made.totals),
        _sheet(f"{title}: schemes", "scheme", SCHEME_FIGURES, made.schemes, made.totals),
    ]
    if trace:
        rows = [(of, whose, name.replace("_", " "), figure.pence, traced(figure.events))
                for of, whose, name, figure in _listed(made) if figure.pence or figure.events]  # fmt: skip
        sheets.append(Sheet(f"{title}: the events behind each figure", _TRACED, rows, ("amount",)))
    return sheets


_TRACED = FLAT["memorandum_trace"][2:]


def _sheet(
    title: str, of: str, names: tuple[str, ...], rows: dict[str, dict[str, Figure]], totals: dict[str, Figure]
) -> Sheet:
    listed: list[tuple[object, ...]] = [(code, *(row[name].pence for name in names)) for code, row in rows.items()]
    return Sheet(title, (of, *names), [*listed, ("Total", *(totals[name].pence for name in names))], names)


def _listed(made: Memorandum) -> Iterator[tuple[str, str, str, Figure]]:
    for of, rows in (("party", made.parties), ("scheme", made.schemes), ("total", {"": made.totals})):
        for code, row in rows.items():
            for name, figure in row.items():
                yield of, code, name, figure


def _flat(code: str, year: str, made: Memorandum, trace: bool) -> Sheet:
    rows = (
        (code, year, of, whose, name, figure.pence, *([traced(figure.events)] if trace else []))
        for of, whose, name, figure in _listed(made)
    )
    return Sheet("", FLAT["memorandum_trace" if trace else "memorandum"], rows, ("amount",))
