"""The contributions laid out: as a document, as a sheet, as a list."""

from __future__ import annotations

from datetime import date
from typing import Any

from ledger.application import Ledger
from ledger.money import pounds
from projections.columns import FLAT
from projections.contributions import Contribution, contributions
from projections.sheets import Report, Sheet

_AMOUNTS = ("amount", "cleared", "outstanding", "in_advance")
_HEADER = FLAT["contributions"][1:]


def contribution_reports(ledger: Ledger, arrangements: list[str] | None, *, as_at: date | None = None) -> list[Report]:
    """The contributions of arrangements (None: all, at one moment), posted up to a day (None: everything, as of today)."""
    on = as_at or ledger.clock().date()
    with ledger.store.snapshot():
        codes = ledger.store.streams() if arrangements is None else arrangements
        heads = {code: ledger.draft(code).head for code in codes}
    # What was recorded up to a number never changes, so the reading needs no snapshot.
    return [
        _report(code, as_at, on, contributions(head.terms_on(on), ledger.history(code, up_to=head.number), on, as_at))
        for code, head in heads.items()
    ]


def _report(code: str, as_at: date | None, on: date, rows: list[Contribution]) -> Report:
    totals = {name: sum(getattr(row, name) for row in rows) for name in _AMOUNTS}
    totals["overdue"] = sum(row.outstanding for row in rows if row.days_overdue)
    document = {
        "arrangement": code,
        "as_at": as_at.isoformat() if as_at else None,
        "counted_on": on.isoformat(),
        "contributions": [_document(row) for row in rows],
        "totals": {name: pounds(pence) for name, pence in totals.items()},
    }
    listed = [_cells(row) for row in rows]
    total = ("Total", "", "", "", *(totals[name] for name in _AMOUNTS), "", "")
    title = f"Contributions of {code} on {on}"
    flat = Sheet("", FLAT["contributions"], [(code, *cells) for cells in listed], _AMOUNTS)
    return Report(lambda: document, lambda: [Sheet(title, _HEADER, [*listed, total], _AMOUNTS)], lambda: flat)


def _document(row: Contribution) -> dict[str, Any]:
    return {
        "party": row.party,
        "fund": row.fund,
        "due_on": row.due_on.isoformat() if row.due_on else None,
        "event": row.event or None,
        **{name: pounds(getattr(row, name)) for name in _AMOUNTS},
        "days_overdue": row.days_overdue,
        "standing": row.standing,
    }


def _cells(row: Contribution) -> tuple[object, ...]:
    day = row.due_on.isoformat() if row.due_on else ""
    amounts = (getattr(row, name) for name in _AMOUNTS)
    return (row.party, row.fund, day, row.event or "", *amounts, row.days_overdue or "", row.standing)
