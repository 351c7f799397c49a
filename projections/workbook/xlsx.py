"""Workbooks: sheets with a frozen heading and filters, typed cells, totals that live; rows go to disk one after another.

Every text is a text, whatever it begins with: none becomes a formula or a link. A formula carries its result, for readers
that do not reckon. A sheet that has no more rows goes on in another.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from xlsxwriter import Workbook
from xlsxwriter.utility import xl_col_to_name

from ledger.text import escaped
from projections.sheets import Sheet

MOST_ROWS = 1_048_576
"""Rows of a sheet, the heading counted (ECMA-376 leaves it to programs; this is what they all take)."""
LONGEST_TEXT = 32_767
"""Characters of a cell."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_ILLEGAL = str.maketrans(dict.fromkeys("[]:*?/\\", " "))
_WIDTHS = {"amount": 16, "day": 12, "count": 9}


class Formula(NamedTuple):
    """A formula, with the pence that it comes to."""

    text: str
    pence: int


class Part(NamedTuple):
    """The rows that one sheet holds of a table: the sheet as formulas name it, and its first and last row."""

    sheet: str
    first: int
    last: int


class Area(NamedTuple):
    """Where a table stands: its columns, and the parts of it, none where it has no rows."""

    header: tuple[str, ...]
    parts: list[Part]

    def ranges(self, column: str, first: int = 0, last: int | None = None) -> list[str]:
        """A column's cells, as formulas name them: of all rows, or from one to another, counted from 0."""
        letter = xl_col_to_name(self.header.index(column))
        found, before = [], 0
        for part in self.parts:
            rows = part.last - part.first + 1
            top, bottom = max(first - before, 0), min(rows if last is None else last + 1 - before, rows)
            if top < bottom:
                found.append(f"{part.sheet}!${letter}${part.first + top}:${letter}${part.first + bottom - 1}")
            before += rows
        return found

    def cell(self, column: str, row: int) -> str:
        """The cell of a column in the table's row of that number, from 0."""
        return self.ranges(column, row, row)[0].partition(":")[0]

    def total(self, column: str, pence: int, first: int = 0, last: int | None = None) -> Formula:
        """The sum of a column, of all rows or from one to another."""
        ranges = self.ranges(column, first, last)
        return Formula(f"=SUM({','.join(ranges)})" if ranges else "=0", pence)

    def total_where(self, column: str, where: str, cell: str, pence: int) -> Formula:
        """The sum of a column over the rows where another column has exactly a cell's text."""
        pairs = zip(self.ranges(where), self.ranges(column), strict=True)
        parts = [f"SUMPRODUCT(--EXACT({texts},{cell}),{amounts})" for texts, amounts in pairs]
        return Formula("=" + ("+".join(parts) or "0"), pence)


@contextmanager
def workbook(path: Path, title: str, progress: Callable[[int], None] = lambda _rows: None) -> Iterator[Book]:
    """A workbook to be written to a file; it is whole when this ends. `progress` is told the rows written so far."""
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    made = Workbook(str(path), options)
    made.set_properties({"title": plain(title)})
    book = Book(made, progress)
    yield book
    made.close()


class Book:
    """A workbook being written."""

    def __init__(self, made: Any, progress: Callable[[int], None]) -> None:
        self._made = made
        self._progress = progress
        self._rows = 0
        self._taken: set[str] = set()
        self._empty: dict[str, Any] = {}
        formats: dict[str, dict[str, Any]] = {
            "head": {"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"},
            "amount": {"num_format": "#,##0.00;-#,##0.00"},
            "total": {"num_format": "#,##0.00;-#,##0.00", "bold": True, "top": 1},
            "day": {"num_format": "yyyy-mm-dd", "align": "left"},
            "count": {"num_format": "0"},
            "figure": {"num_format": "General"},
            "text": {"num_format": "@"},
            "total text": {"bold": True, "top": 1},
        }
        self._formats = {name: made.add_format(properties) for name, properties in formats.items()}

    def reserve(self, names: Iterable[str]) -> None:
        """Put sheets in this order; each is written when its table is."""
        for name in names:
            self._empty[name] = self._sheet(name)

    def _sheet(self, name: str) -> Any:
        return self._made.add_worksheet(sheet_name(name, self._taken))

    def table(self, name: str, sheet: Sheet, *, total: Sequence[object] = (), widths: dict[str, int] | None = None) -> Area:
        """Write a sheet of this name, and further ones where it is full; `total` is a last row outside the filter."""
        area = Area(sheet.header, [])
        kinds = [
            "amount" if column in sheet.amounts else "figure" if column in sheet.numbers else "" for column in sheet.header
        ]
        rows = iter(sheet.rows)
        row = next(rows, None)
        while row is not None or not area.parts:
            made = self._empty.pop(name, None) or self._sheet(name)
            written = _Sheet(made, self._formats, kinds)
            written.begin(sheet, widths or {})
            while row is not None and written.next < MOST_ROWS - 1:
                written.row(row)
                self._rows += 1
                if self._rows % 1_000 == 0:
                    self._progress(self._rows)
                row = next(rows, None)
            written.filter()
            if row is None and total:
                written.row(total, total=True)
            if written.last == 0:
                break
            area.parts.append(Part(f"'{written.name}'", 2, written.last + 1))
        return area


class _Sheet:
    """One sheet being written; rows count from 0, the heading's."""

    def __init__(self, made: Any, formats: dict[str, Any], kinds: Sequence[str]) -> None:
        self._made, self._formats, self._kinds = made, formats, kinds
        self.name = str(made.name).replace("'", "''")
        self.next, self.last = 1, 0

    def begin(self, sheet: Sheet, widths: dict[str, int]) -> None:
        for at, column in enumerate(sheet.header):
            self._made.write_string(0, at, column.replace("_", " "), self._formats["head"])
            width = widths.get(column) or _WIDTHS.get(self._kinds[at]) or max(12, len(column) + 4)
            self._made.set_column(at, at, width)
        self._made.freeze_panes(1, 0)
        self._made.repeat_rows(0)
        self._made.set_landscape()
        self._made.set_paper(9)
        self._made.fit_to_pages(1, 0)
        self._made.set_header(f"&L{plain(sheet.title).replace('&', '&&')[:200]}&RPage &P of &N")

    def row(self, cells: Sequence[object], *, total: bool = False) -> None:
        for at, (cell, kind) in enumerate(zip(cells, self._kinds, strict=True)):
            self._cell(at, cell, kind, total)
        self.next += 1
        if not total:
            self.last += 1

    def _cell(self, at: int, cell: object, kind: str, total: bool) -> None:
        row, made, formats = self.next, self._made, self._formats
        amount = formats["total" if total else "amount"]
        if cell is None or cell == "":
            if total:
                made.write_blank(row, at, None, formats["total text"])
        elif isinstance(cell, Formula):
            made.write_formula(row, at, cell.text, amount, cell.pence / 100)
        elif kind == "amount" and isinstance(cell, int):
            made.write_number(row, at, cell / 100, amount)
        elif kind == "figure":
            made.write_number(row, at, float(str(cell)), formats["figure"])
        elif isinstance(cell, int):
            made.write_number(row, at, cell, formats["count"])
        elif isinstance(cell, date):
            made.write_datetime(row, at, cell, formats["day"])
        else:
            made.write_string(row, at, plain(str(cell)), formats["total text" if total else "text"])

    def filter(self) -> None:
        if self.last:
            self._made.autofilter(0, 0, self.last, len(self._kinds) - 1)


def plain(text: str) -> str:
    """A text as a cell may hold it: nothing hidden, no longer than a cell takes, and no formula."""
    shown = escaped(text)
    shown = "'" + shown if shown.startswith(_FORMULA) else shown
    return shown if len(shown) <= LONGEST_TEXT else shown[: LONGEST_TEXT - 1] + "…"


def sheet_name(wanted: str, taken: set[str]) -> str:
    """A name that a sheet may have, and none of those taken has but for its case: at most 31 characters, few marks."""
    base = " ".join(escaped(wanted).translate(_ILLEGAL).split()).strip("'")[:31].strip(" '") or "Sheet"
    base = "History of" if base.casefold() == "history" else base  # a name that programs keep to themselves
    name, number = base, 1
    while name.casefold() in taken:
        number += 1
        suffix = f" ({number})"
        name = base[: 31 - len(suffix)].rstrip() + suffix
    taken.add(name.casefold())
    return name
