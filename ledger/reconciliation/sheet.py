"""The rows of an extract, from CSV or from the first sheet of an XLSX workbook, each with its line."""

from __future__ import annotations

import csv
import warnings
from collections.abc import Iterator, Sequence
from contextlib import suppress
from io import BytesIO, StringIO
from typing import Any, NoReturn
from xml.parsers import expat
from zipfile import ZipFile

from ledger.csv_file import LARGEST_FIELD
from ledger.errors import BadInput, Fault
from ledger.reconciliation.cells import FORMULA, is_blank

LARGEST_UNPACKED = 256 << 20
"""A workbook is a packed folder; no more than this many bytes may come out of it."""
MOST_PARTS = 2_000
MOST_COLUMNS = 200
_ZIP = b"PK\x03\x04"
_OLD_EXCEL = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

Row = tuple[int, Sequence[object]]
"""A line, and its cells: texts, or what a workbook typed them as."""


def rows(name: str, raw: bytes) -> Iterator[Row]:
    """The rows of a file; raises BadInput where it cannot be read, with the line as far as it is known."""
    if raw.startswith(_ZIP):
        return _of_workbook(name, raw)
    if raw.startswith(_OLD_EXCEL):
        refuse(
            name, 0, "this is a workbook of an old kind, or one with a password: save it as XLSX or CSV, without a password"
        )
    if name.casefold().endswith((".xlsx", ".xlsm")):
        refuse(name, 0, "this is not a workbook, whatever its name says: save it as XLSX or CSV once more")
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


def _of_workbook(name: str, raw: bytes) -> Iterator[Row]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of what a workbook holds beside its cells
        try:
            _refuse_traps(name, raw)
            yield from _of_first_sheet(name, raw)
        except (BadInput, GeneratorExit):
            raise
        except Exception as error:  # a spoilt workbook can fail in its zip, its XML or any of its values
            said = " ".join(str(error).split())[:100]
            refuse(name, 0, f"the workbook cannot be read ({type(error).__name__}: {said}): save it as XLSX or CSV once more")


def _of_first_sheet(name: str, raw: bytes) -> Iterator[Row]:
    from openpyxl import load_workbook

    sheets: list[Any] = []
    for results in (True, False):
        book = load_workbook(BytesIO(raw), read_only=True, data_only=results, keep_links=False)
        if not book.worksheets:
            refuse(name, 0, "the workbook has no sheet with cells: save the extract as a sheet of its own")
        sheet = book.worksheets[0]
        sheet.reset_dimensions()  # what a sheet says of its own size may be wrong
        sheets.append(sheet.iter_rows(max_col=MOST_COLUMNS))
    width = MOST_COLUMNS
    for line, (results, formulas) in enumerate(zip(*sheets, strict=True), 1):
        cells = [
            FORMULA if cell.value is None and formula.data_type == "f" else cell.value
            for cell, formula in zip(results[:width], formulas[:width], strict=True)
        ]
        if width == MOST_COLUMNS:  # until the header has come: nothing to its right is read
            width = max((at for at, cell in enumerate(cells, 1) if not is_blank(cell)), default=width)
        yield line, cells


class _RootReached(Exception):
    """The part has no document type: its first element has come."""


def _refuse_traps(name: str, raw: bytes) -> None:
    """Refuse a workbook that unpacks into too much, or whose XML declares entities of its own."""
    with ZipFile(BytesIO(raw)) as book:
        parts = book.infolist()
        if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > LARGEST_UNPACKED:
            refuse(name, 0, f"the workbook unpacks into more than {LARGEST_UNPACKED >> 20} MiB: save the one sheet as CSV")
        for part in parts:
            with book.open(part) as opened:
                _refuse_document_type(name, opened)


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
