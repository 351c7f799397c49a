"""What an agreement's file measures performance by: `[[indicator]]`, with its targets."""

from __future__ import annotations

from ledger import calendar
from ledger.agreement import values
from ledger.agreement.model import Indicator
from ledger.agreement.table import Table


def indicators(top: Table, year_starts: str, schemes: list[str], books: list[str]) -> list[Indicator]:
    """Every `[[indicator]]`; `books` are the codes of the bodies that may report one."""
    found = [_indicator(table, year_starts, schemes, books) for table in top.tables("indicator")]
    top.refuse_twice("indicator", [indicator.code for indicator in found])
    return found


def _indicator(table: Table, year_starts: str, schemes: list[str], books: list[str]) -> Indicator:
    found = Indicator(
        code=table.take("code", values.outside_code(books), "", needed=True),
        name=table.take("name", values.words, "", needed=True),
        unit=table.take("unit", values.words, "", needed=True),
        direction=table.take("direction", values.one_of(("higher", "lower")), "", needed=True),
        area=table.take("area", values.words, ""),
        scheme=table.take("scheme", values.one_of(schemes, "scheme"), ""),
        target=table.take("target", values.measure, ""),
        targets=_targets(table.table("targets"), year_starts),
        reported_by=table.take("reported_by", values.one_of(books, "body"), ""),
    )
    table.end()
    return found


def _targets(table: Table, year_starts: str) -> dict[str, str]:
    """Target by the label of its period; a label that is no period is a fault at its line."""
    starts = calendar.year_start(year_starts)
    found = {}
    for label in list(table.given):
        target = table.take(label, values.measure, "")
        try:
            found[calendar.period_labelled(label, starts).label] = target
        except ValueError as error:
            table.fault(str(error), label)
    return found
