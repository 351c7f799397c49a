"""A CSV file of facts, read row by row; what is wrong by itself is noted, with its line and column.

UTF-8 with or without a byte-order mark, either line ending, a header row, columns in any order.
"""

from __future__ import annotations

import csv
from bisect import insort
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from functools import lru_cache, partial
from io import TextIOWrapper
from pathlib import Path
from stat import S_ISDIR, S_ISREG
from typing import Any, BinaryIO

from msgspec import Struct

from ledger import calendar, money, text
from ledger.errors import BadInput, Fault, did_you_mean
from ledger.events import Recorded
from ledger.requests import KINDS, Kind, Request, asked

COLUMNS = (
    "arrangement", "type", "date", "reference", "document", "party", "counterparty", "scheme", "fund", "asset",
    "liability", "amount", "consideration", "narrative",
)  # fmt: skip
REQUIRED = ("arrangement", "type", "date", "reference", "amount")
LARGEST_FILE = 1 << 30
LARGEST_FIELD = 64 * 1024


def _type(value: str) -> Kind:
    kind = KINDS.get(value)
    if kind is None:
        raise ValueError(f"“{text.escaped(value[:40])}” is not a type of fact{did_you_mean(value, list(KINDS))}")
    return kind


_NO_TYPE = Kind("", (), Recorded, "", (), ())
"""What stands for the type of a row whose cell is empty."""

_READERS: dict[str, Callable[[str], Any]] = {
    "arrangement": text.arrangement,
    "type": _type,
    "date": lru_cache(maxsize=10_000)(calendar.day),
    "reference": text.reference,
    "document": text.clean,
    "narrative": text.clean,
    "amount": money.pence,
    "consideration": money.pence,
    **{column: partial(text.code, column) for column in text.SHAPES},
}


class Row(Struct, frozen=True):
    """One row of the file, good by itself; `asked` is the digest of its request."""

    line: int
    arrangement: str
    request: Request
    reference: str
    narrative: str
    asked: str


class CsvFile:
    """An open CSV file of facts.

    Iterating gives the good rows and notes the faults of the others: `faults` holds the first hundred, `fault_count` counts
    all. It can be iterated again. Raises BadInput where the header or the file as a whole is wrong.
    """

    def __init__(self, path: Path) -> None:
        self.name = str(path)
        self._line = 1
        try:
            found = path.stat()
            if not S_ISREG(found.st_mode) and not S_ISDIR(found.st_mode):
                raise BadInput(self.name, [Fault(0, "", "this is not a file on disk: save it as one first")])
            self.size = found.st_size
            self._file: BinaryIO = path.open("rb")
        except OSError as error:
            raise BadInput(self.name, [Fault(0, "", f"the file cannot be read: {error.strerror}")]) from None
        if self.size > LARGEST_FILE:
            raise BadInput(self.name, [Fault(0, "", "the file is larger than 1 GiB: split it")])
        self.faults: list[Fault] = []
        self.fault_count = 0

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def fault(self, line: int, column: str, sentence: str) -> None:
        """Note a fault."""
        self.fault_count += 1
        insort(self.faults, Fault(line, column, sentence), key=lambda fault: fault.line)
        del self.faults[BadInput.shown :]

    def forget_faults(self) -> None:
        """Start noting anew."""
        self.faults, self.fault_count = [], 0

    def refuse_faults(self) -> None:
        """Raise BadInput if any fault was noted."""
        if self.fault_count:
            raise BadInput(self.name, self.faults, self.fault_count)

    @property
    def read(self) -> int:
        """How many bytes have been read so far, for a progress bar."""
        return self._file.tell()

    def __iter__(self) -> Iterator[Row]:
        self._file.seek(0)
        self.forget_faults()
        wrapper = TextIOWrapper(self._file, encoding="utf-8-sig", newline="")
        csv.field_size_limit(LARGEST_FIELD)
        reader = csv.reader(wrapper, strict=True)
        try:
            yield from self._rows(reader)
        except csv.Error as error:
            self.fault(self._line, "", f"this row cannot be read: {_said(error)}; what follows it was not checked")
        except UnicodeDecodeError:
            self.fault(self._undecodable_line(), "", "this is not UTF-8 text: save the file as “CSV UTF-8”")
        finally:
            with suppress(ValueError):  # closed already, where a run was cut short
                wrapper.detach()

    def _rows(self, reader: Iterator[list[str]]) -> Iterator[Row]:
        header = self._header(next(reader, []))
        while True:
            self._line = reader.line_num + 1  # type: ignore[attr-defined]  # csv.reader has it; its stub is an iterator
            values = next(reader, None)
            if values is None:
                return
            if len(values) == len(header):
                row = self._row(self._line, header, values) if any(values) else None
                if row is not None:
                    yield row
            elif any(values):
                cells = f"{len(values)} cell{'' if len(values) == 1 else 's'}"
                self.fault(self._line, "", f"the row has {cells}, and the header {len(header)}")

    def _header(self, header: Sequence[str]) -> Sequence[str]:
        faults = []
        if len(header) == 1 and (";" in header[0] or "\t" in header[0]):
            raise BadInput(
                self.name, [Fault(1, "", "the cells are not separated by commas: save the file as CSV with commas")]
            )
        for index, name in enumerate(header):
            if name not in COLUMNS:
                faults.append(Fault(1, text.escaped(name[:40]), f"this is not a column{did_you_mean(name, COLUMNS)}"))
            elif name in header[:index]:
                faults.append(Fault(1, name, "this column stands in the header twice"))
        missing = [name for name in REQUIRED if name not in header]
        if missing:
            faults.append(Fault(1, "", f"the header lacks {', '.join(missing)}"))
        if faults:
            raise BadInput(self.name, faults)
        return header

    def _row(self, line: int, header: Sequence[str], values: Sequence[str]) -> Row | None:
        before = self.fault_count
        given: dict[str, Any] = {}
        for column, value in zip(header, values, strict=True):
            if value:
                try:
                    given[column] = _READERS[column](value)
                except ValueError as error:
                    self.fault(line, column, str(error))
                    given[column] = None
        kind: Kind | None = given.pop("type", _NO_TYPE)
        if kind is None or not (kind.needed <= given.keys() <= kind.usable):
            self._fault_columns(line, kind, given)
        if self.fault_count > before or kind is None:
            return None
        arrangement, reference = given.pop("arrangement"), given.pop("reference")
        day, narrative = given.pop("date"), given.pop("narrative", "")
        request = Request(type=kind.type, effective_on=day, **given)
        return Row(line, arrangement, request, reference, narrative, asked(request))

    def _fault_columns(self, line: int, kind: Kind | None, given: dict[str, Any]) -> None:
        for column in ("arrangement", "date", "reference"):
            if column not in given:
                self.fault(line, column, f"every row needs {column}, and the cell is empty")
        if kind is _NO_TYPE:
            self.fault(line, "type", "every row needs type, and the cell is empty")
        elif kind is not None:
            for column in sorted(given.keys() - kind.usable):
                self.fault(line, column, f"{kind.type} does not use {column}: leave the cell empty")
            for column in kind.needs:
                if column not in given:
                    self.fault(line, column, f"{kind.type} needs {column}: {kind.meaning(column)}")

    def _undecodable_line(self) -> int:
        self._file.seek(0)
        for number, raw in enumerate(self._file, 1):
            try:
                raw.decode("utf-8")
            except UnicodeDecodeError:
                return number
        return 0


def _said(error: csv.Error) -> str:
    if "field limit" in str(error):
        return f"a cell has more than {LARGEST_FIELD:,} characters"
    if "NUL" in str(error):
        return "it holds a NUL character"
    return f"its quotes do not match ({error})"
