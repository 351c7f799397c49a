"""The rows of an extract, from CSV or from a sheet of an XLSX workbook, each with its line."""

from __future__ import annotations

import csv
import re
import warnings
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from io import BytesIO, StringIO
from typing import Any, NoReturn
from xml.parsers import expat
from zipfile import ZipFile

from ledger.csv_file import LARGEST_FIELD
from ledger.errors import BadInput, Fault
from ledger.reconciliation.cells import FORMULA, is_blank
from ledger.text import escaped

LARGEST_UNPACKED = 256 << 20
"""A workbook is a packed folder; no more than this many bytes may come out of it."""
MOST_PARTS = 2_000
MOST_COLUMNS = 200
_FORMULA = re.compile(rb"<(?:[a-z0-9]+:)?f[ />]")
_ZIP = b"PK\x03\x04"
_OLD_EXCEL = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

Row = tuple[int, Sequence[object]]
"""A line, and its cells: texts, or what a workbook typed them as."""


def rows(name: str, raw: bytes, sheet: str = "") -> Iterator[Row]:
    """The rows of a file, of the first sheet or the one that is named; raises BadInput where it cannot be read.

    The fault bears the line as far as it is known.
    """
    if raw.startswith(_ZIP):
        return _of_workbook(name, raw, sheet)
    if raw.startswith(_OLD_EXCEL):
        refuse(
            name, 0, "this is a workbook of an old kind, or one with a password: save it as XLSX or CSV, without a password"
        )
    if name.casefold().endswith((".xlsx", ".xlsm")):
        refuse(name, 0, "this is not a workbook, whatever its name says: save it as XLSX or CSV once more")
    if sheet:
        refuse(name, 0, f"this is text and has no sheet “{escaped(sheet)}”: say --sheet '' for it, or give the workbook")
    return _of_text(name, raw)


def refuse(name: str, line: int, sentence: str) -> NoReturn:
    """Raise BadInput for a file that cannot be read on."""
    raise BadInput(name, [Fault(line, "", sentence)])


def _of_text(name: str, raw: bytes) -> Iterator[Row]:
    try:
        words = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        refuse(name, line, "this is not UTF-8 text: save the file as “CSV UTF-8”")
    csv.field_size_limit(LARGEST_FIELD)
    reader = csv.reader(StringIO(words, newline=""), strict=True)
    line = width = 0
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader, None)
        except csv.Error as error:
            refuse(name, line, f"this row cannot be read ({error}); what follows it was not checked")
        if cells is None:
            return
        if not any(cells):
            continue
        width = width or len(cells)
        if len(cells) != width:
            count = f"{len(cells)} cell{'' if len(cells) == 1 else 's'}"
            refuse(name, line, f"the row has {count}, and the header {width}: put quotes around cells that hold a comma")
        yield line, cells


def _of_workbook(name: str, raw: bytes, sheet: str) -> Iterator[Row]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of what a workbook holds beside its cells
        try:
            formulas = _checked_parts(name, raw)
            yield from _of_sheet(name, raw, sheet, formulas=formulas)
        except (BadInput, GeneratorExit):
            raise
        except Exception as error:  # a spoilt workbook can fail in its zip, its XML or any of its values
            said = " ".join(str(error).split())[:100]
            refuse(name, 0, f"the workbook cannot be read ({type(error).__name__}: {said}): save it as XLSX or CSV once more")


def _of_sheet(name: str, raw: bytes, sheet: str, *, formulas: bool) -> Iterator[Row]:
    """The cells of a sheet as far right as its header goes; where it may have formulas, those without a result are marked."""
    results = _sheet(name, raw, sheet, results=True)
    header, width = _header(results.iter_rows(max_col=MOST_COLUMNS, values_only=True))
    if not width:
        return
    under = {"min_row": header, "max_col": width, "values_only": True}
    found = results.iter_rows(**under)
    if formulas:
        written = _sheet(name, raw, sheet, results=False).iter_rows(**under)
        found = (
            [FORMULA if cell is None and formula is not None else cell for cell, formula in zip(*row, strict=True)]
            for row in zip(found, written, strict=True)
        )
    yield from enumerate(found, header)


def _header(rows: Iterable[Sequence[object]]) -> tuple[int, int]:
    """The first row with any cell, and how many columns it has; 0 where there is none."""
    for line, cells in enumerate(rows, 1):
        if width := max((at for at, cell in enumerate(cells, 1) if not is_blank(cell)), default=0):
            return line, width
    return 0, 0


def _sheet(name: str, raw: bytes, sheet: str, *, results: bool) -> Any:
    from openpyxl import load_workbook

    book = load_workbook(BytesIO(raw), read_only=True, data_only=results, keep_links=False)
    sheets = {page.title: page for page in book.worksheets}
    if not sheets:
        refuse(name, 0, "the workbook has no sheet with cells: save the extract as a sheet of its own")
    if sheet and sheet not in sheets:
        there = ", ".join(f"“{escaped(title)}”" for title in sheets)
        refuse(name, 0, f"the workbook has no sheet “{escaped(sheet)}”: there is {there}")
    found = sheets[sheet] if sheet else book.worksheets[0]
    found.reset_dimensions()  # what a sheet says of its own size may be wrong
    return found


class _RootReached(Exception):
    """The part has no document type: its first element has come."""


def _checked_parts(name: str, raw: bytes) -> bool:
    """Refuse a workbook that unpacks into too much, or whose XML declares entities of its own; tells of any formulas."""
    formulas = False
    with ZipFile(BytesIO(raw)) as book:
        parts = book.infolist()
        if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > LARGEST_UNPACKED:
            refuse(name, 0, f"the workbook unpacks into more than {LARGEST_UNPACKED >> 20} MiB: save the one sheet as CSV")
        for part in parts:
            with book.open(part) as opened:
                _refuse_document_type(name, opened)
            if part.filename.startswith("xl/worksheets/"):
                formulas = formulas or bool(_FORMULA.search(book.read(part)))
    return formulas


def _refuse_document_type(name: str, part: Any) -> None:
    def declared(*_: object) -> None:
        refuse(name, 0, "the workbook declares a document type, which no spreadsheet program writes: it was not read")

    def reached(*_: object) -> None:
        raise _RootReached

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = declared
    parser.StartElementHandler = reached
    with suppress(_RootReached, expat.ExpatError):  # what is no XML, as a picture, is not read later either
        parser.ParseFile(part)
