"""A file of indicators' figures, CSV or XLSX: every row read, or every fault with its line and column."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

from ledger import measures, text
from ledger.errors import BadInput, Fault, did_you_mean
from ledger.reconciliation.cells import FORMULA, is_blank
from ledger.reconciliation.extract import content
from ledger.reconciliation.sheet import refuse, rows
from ledger.requests import Measured

COLUMNS: dict[str, Callable[[str], str]] = {
    "indicator": text.clean,
    "period": text.clean,
    "value": measures.measure,
    "party": text.clean,
}
"""Column → how its cells are read."""
NEEDED = ("indicator", "period", "value")
MOST = 10_000


def read_figures(path: Path) -> list[Measured]:
    """The figures of a file; raises BadInput with its faults. Whether a code or a period is known is not asked here."""
    name = str(path)
    header: list[str] = []
    faults: list[Fault] = []
    found: list[Measured] = []
    for line, cells in rows(name, content(path, name)):
        if all(map(is_blank, cells)):
            continue
        if not header:
            header = _header(name, line, cells)
            continue
        if len(found) == MOST:
            refuse(name, line, f"the file has more than {MOST:,} figures: split it")
        wrong = len(faults)
        given = _row(line, header, cells, faults)
        if len(faults) == wrong:
            found.append(Measured(**given))
    if not header:
        refuse(name, 0, f"the file is empty: it needs a header with {', '.join(NEEDED)}")
    if faults:
        raise BadInput(name, faults)
    if not found:
        refuse(name, 0, "the file has a header and no figure: there is nothing to record")
    return found


def _header(name: str, line: int, cells: Sequence[object]) -> list[str]:
    header = ["" if is_blank(cell) else str(cell).strip().casefold() for cell in cells]
    faults = [
        Fault(line, text.escaped(column[:40]), f"this is not a column{did_you_mean(column, list(COLUMNS))}")
        for column in header
        if column and column not in COLUMNS
    ]
    faults += [
        Fault(line, column, "this column stands in the header twice") for column in COLUMNS if header.count(column) > 1
    ]
    if missing := [column for column in NEEDED if column not in header]:
        faults.append(Fault(line, "", f"the header lacks {', '.join(missing)}"))
    if faults:
        raise BadInput(name, faults)
    return header


def _row(line: int, header: Sequence[str], cells: Sequence[object], faults: list[Fault]) -> dict[str, str]:
    given = {}
    for column, cell in zip(header, cells, strict=False):
        try:
            if column and not is_blank(cell):
                given[column] = COLUMNS[column](_written(cell))
        except ValueError as error:
            faults.append(Fault(line, column, str(error)))
            given[column] = ""
    missing = [column for column in NEEDED if column not in given]
    faults += [Fault(line, column, f"every row needs {column}, and the cell is empty") for column in missing]
    return given


def _written(cell: object) -> str:
    """A cell as text; of a workbook's numbers the shortest spelling, of its days the month (it makes one of “2008-10”)."""
    if cell is FORMULA:
        raise ValueError("the formula was saved without its result: open the file, save it, or paste the values")
    if isinstance(cell, date):
        return f"{cell:%Y-%m}"
    return f"{cell:.12g}" if isinstance(cell, float) else str(cell).strip()
