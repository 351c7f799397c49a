"""A party's own ledger extract: its lines as reference, amount and date, or every fault with its line and column."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from hashlib import sha256
from pathlib import Path
from stat import S_ISDIR, S_ISREG
from typing import NamedTuple

from ledger import text
from ledger.errors import BadInput, Fault
from ledger.reconciliation import cells
from ledger.reconciliation.columns import FIELDS, Columns, folded
from ledger.reconciliation.sheet import Row, refuse, rows

LARGEST_FILE = 64 << 20
MOST_LINES = 100_000

_READERS: dict[str, Callable[[object], object]] = {
    "reference": cells.reference, "amount": cells.amount, "date": cells.day,
}  # fmt: skip


class Line(NamedTuple):
    """One line of the extract; pence, what the pool owes the party positive, as in the party's book here."""

    line: int
    on: date
    amount: int
    reference: str


class Extract(NamedTuple):
    """What a file says, and its SHA-256 in hex."""

    sha256: str
    lines: list[Line]


def read_extract(path: Path, columns: Columns) -> Extract:
    """Read a file whole; raises BadInput with its faults, each by line and column."""
    name = str(path)
    raw = content(path, name)
    found = _Reader(name, columns)
    found.read(rows(name, raw, columns.sheet))
    if found.count:
        raise BadInput(name, found.faults, found.count)
    return Extract(sha256(raw).hexdigest(), found.lines)


def content(path: Path, name: str) -> bytes:
    """The bytes of a file on disk; raises BadInput where it cannot be read or is too large."""
    try:
        mode = path.stat().st_mode
        if not S_ISREG(mode) and not S_ISDIR(mode):
            refuse(name, 0, "this is not a file on disk: save it as one first")
        with path.open("rb") as file:
            raw = file.read(LARGEST_FILE + 1)
    except OSError as error:
        refuse(name, 0, f"the file cannot be read: {error.strerror}")
    if len(raw) > LARGEST_FILE:
        refuse(name, 0, f"the file is larger than {LARGEST_FILE >> 20} MiB: split it")
    return raw


class _Reader:
    """Lines read so far, and faults: the first hundred, and how many there are."""

    def __init__(self, name: str, columns: Columns) -> None:
        self.name, self.columns = name, columns
        self.lines: list[Line] = []
        self.faults: list[Fault] = []
        self.count = 0

    def read(self, found: Iterator[Row]) -> None:
        """Read every row under the header; rows without any cell are passed over."""
        places: dict[str, int] = {}
        last = 0
        try:
            for last, row in found:
                if last > MOST_LINES:
                    refuse(self.name, last, f"the file has more than {MOST_LINES:,} lines: split it")
                if all(cells.is_blank(cell) for cell in row):
                    continue
                if places:
                    self._row(last, [row[places[field]] for field in FIELDS])
                else:
                    places = self._places(last, row)
        except BadInput as error:
            raise BadInput(self.name, [*self.faults, *error.faults], self.count + error.count) from None
        if not places:
            refuse(self.name, 0, "the file is empty: it needs a header and the lines of the account with the pool")

    def _places(self, line: int, header: Sequence[object]) -> dict[str, int]:
        names = [folded(str(cell)) if isinstance(cell, str) else "" for cell in header]
        if len(header) == 1 and any(mark in str(header[0]) for mark in ";\t"):
            refuse(self.name, line, "the cells are not separated by commas: save the file as CSV with commas")
        wanted = {field: getattr(self.columns, field) for field in FIELDS}
        for column in wanted.values():
            if names.count(folded(column)) > 1:
                self._fault(line, column, "this column stands in the header twice: take one out")
        missing = [column for column in wanted.values() if folded(column) not in names]
        if missing:
            kept = f" (as in #{self.columns.kept})" if self.columns.kept else ""
            self._fault(
                line, "",
                f"the header lacks {', '.join(map(text.escaped, missing))}{kept}: say which column is which, like --map "
                f'amount="Value", and take out what stands above the header',
            )  # fmt: skip
        if self.count:
            raise BadInput(self.name, [])
        return {field: names.index(folded(column)) for field, column in wanted.items()}

    def _row(self, line: int, row: Sequence[object]) -> None:
        read: dict[str, object] = {}
        for field, cell in zip(FIELDS, row, strict=True):
            try:
                if cell is cells.FORMULA:
                    raise ValueError("the formula was saved without its result: open the file, save it, or paste the values")
                if field != "reference" and cells.is_blank(cell):
                    raise ValueError(
                        f"every line needs {_NEEDED[field]}, and the cell is empty: take out totals and headings"
                    )
                read[field] = _READERS[field](cell)
            except ValueError as error:
                self._fault(line, getattr(self.columns, field), str(error))
        reference, amount, on = (read.get(field) for field in FIELDS)
        if isinstance(reference, str) and isinstance(amount, int) and isinstance(on, date):
            self.lines.append(Line(line, on, self.columns.sign * amount, reference))

    def _fault(self, line: int, column: str, sentence: str) -> None:
        self.count += 1
        if len(self.faults) < BadInput.shown:
            self.faults.append(Fault(line, text.escaped(column[:40]), sentence))


_NEEDED = {"amount": "an amount", "date": "a date"}
