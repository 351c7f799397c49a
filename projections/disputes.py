"""Disputes as reports show them: a list of their own, and a note under the figures that they are about."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from ledger.application import Ledger
from ledger.disputes import Dispute
from ledger.money import pounds
from projections.columns import FLAT
from projections.sheets import Report, Sheet

_HEADER = FLAT["disputes"][1:]


def dispute_reports(ledger: Ledger, arrangements: list[str] | None, *, as_at: date | None = None) -> list[Report]:
    """The disputes of arrangements (None: all, at one moment), as they stand, or stood on a day; resolved ones too."""
    with ledger.store.snapshot():
        codes = ledger.store.streams() if arrangements is None else arrangements
        found = {code: [each for each in ledger.disputes(code) if as_at is None or each.raised_on <= as_at] for code in codes}
        types = {(code, each.event): ledger.event(code, each.event).type for code in codes for each in found[code]}
    return [_report(code, as_at, each, types) for code, each in found.items()]


def noted(report: Report, found: Iterable[Dispute], as_at: date | None = None, party: str = "") -> Report:
    """The report, with the disputes open on a day (None: now), of all parties or of one, named under its tables."""
    mine = [each for each in found if each.is_open(as_at) and party in ("", each.party)]
    if not mine:
        return report
    rows: list[tuple[object, ...]] = [
        (f"#{each.number}", each.party, f"#{each.event}", each.amount, each.raised_on.isoformat()) for each in mine
    ]
    header = ("dispute", "party", "event", "amount", "raised_on")
    sheet = Sheet("In dispute, and on both sides' books until it is resolved", header, rows, ("amount",))
    return report._replace(make_sheets=lambda: [*report.sheets, sheet])


def _report(code: str, as_at: date | None, found: list[Dispute], types: dict[tuple[str, int], str]) -> Report:
    rows = [_row(each, as_at, types[code, each.event]) for each in found]
    document: dict[str, Any] = {
        "arrangement": code,
        "as_at": as_at.isoformat() if as_at else None,
        "disputes": [
            dict(zip(_HEADER, row, strict=True))
            | {"amount": pounds(each.amount), "acknowledged": each.acknowledged, "resolved_on": row[7] or None}
            for each, row in zip(found, rows, strict=True)
        ],
        "open": pounds(sum(each.amount for each in found if each.is_open(as_at))),
    }
    said = f" as at {as_at}" if as_at else ""
    sheet = Sheet(f"Disputes of {code}{said}", _HEADER, rows, ("amount",))
    flat = Sheet("", FLAT["disputes"], [(code, *row) for row in rows], ("amount",))
    return Report(lambda: document, lambda: [sheet], lambda: flat)


def _row(each: Dispute, as_at: date | None, type_: str) -> tuple[object, ...]:
    is_open = each.is_open(as_at)
    resolved = "" if is_open or each.resolved_on is None else each.resolved_on.isoformat()
    return (each.number, each.party, each.event, type_, each.amount, each.raised_on.isoformat(),
            " ".join(each.acknowledged), resolved, "open" if is_open else "resolved")  # fmt: skip
