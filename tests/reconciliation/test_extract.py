"""A party's extract is read whole or refused with each fault by its line and column; CSV and XLSX say the same."""

from __future__ import annotations

import os
import random
from contextlib import suppress
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from openpyxl import Workbook

from ledger.errors import BadInput, Refused
from ledger.reconciliation import cells, extract, sheet
from ledger.reconciliation.columns import Columns, columns, mapped
from ledger.reconciliation.extract import Line, read_extract
from tests.reconciliation.books import AGREED, text, typed, workbook

ROW = ("A", "1.00", "2013-06-01")
LINES = [
    Line(2, date(2013, 6, 2), 5000_00, "INV-77"),
    Line(3, date(2013, 6, 30), -4000_00, "R-1"),
    Line(4, date(2013, 6, 29), 300_00, "C-2"),
]


def read(folder: Path, content: str | bytes, read_as: Columns | None = None, name: str = "extract") -> list[Line]:
    """The lines of a file."""
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return read_extract(path, read_as or Columns()).lines


def faults(folder: Path, content: str | bytes, read_as: Columns | None = None, name: str = "extract") -> list[str]:
    """Line, column and sentence of each fault."""
    with pytest.raises(BadInput) as caught:
        read(folder, content, read_as, name)
    assert caught.value.exit_code == 4
    *told, _count = str(caught.value).replace(str(folder / name), "").splitlines()
    return [each.removeprefix(":").strip() for each in told]


def test_csv_and_workbooks_of_text_or_typed_cells_say_the_same(tmp_path: Path) -> None:
    for content in (text(AGREED), "\ufeff" + text(AGREED).replace("\n", "\r\n"), workbook(AGREED), workbook(typed(AGREED))):
        assert read(tmp_path, content) == LINES


def test_columns_stand_in_any_order_under_their_own_names_and_others_are_passed_over(tmp_path: Path) -> None:
    rows = [(day, "Home care, June", amount, reference) for reference, amount, day in AGREED]
    header = ("Posted on", "Text", " VALUE ", "Doc  no")
    asked = Columns("doc no", "value", "posted ON", -1)
    turned = [line._replace(amount=-line.amount) for line in LINES]
    assert read(tmp_path, text(rows, header), asked) == read(tmp_path, workbook(rows, header), asked) == turned


def test_rows_without_any_cell_are_passed_over_also_above_the_header(tmp_path: Path) -> None:
    found = read(tmp_path, "\n\n" + text(AGREED) + ",,\n\n")
    assert [line._replace(line=line.line - 2) for line in found] == LINES
    assert read(tmp_path, workbook([*typed(AGREED), (), (None, None, None), (" ", "", None)])) == LINES


@pytest.mark.parametrize(
    ("cell", "pence"),
    [
        ("1234.5", 1234_50), ("1,234.50", 1234_50), ("-1,234,567.89", -1234567_89), ("(1,234.50)", -1234_50), (" 5 ", 5_00),
        ("0.5", 50), (1234.5, 1234_50), (-7, -7_00), (0.1 + 0.2, 30), (1234567890123.45, 123456789012345), (0, 0),
    ],
)  # fmt: skip
def test_amounts_are_read_as_ledgers_write_them(cell: object, pence: int) -> None:
    assert cells.amount(cell) == pence


@pytest.mark.parametrize(
    "cell",
    ["", "ten", "1e9", "NaN", "inf", "１２", "1.234", "+5", "£5", "1,23", "12,345,6", "1234,567", "--5", "-(5)", "(-5)", "(5",
     "5)", "5-", ".5", "5.", "=1+1", "1 000", "9" * 14, "9,999,999,999,999,9", "٣", "#N/A", "1.2.3",
     1.005, 1e13, -1e300, float("nan"), float("inf"), 10**5000, True, None, datetime(2013, 6, 1)],
    ids=lambda cell: repr(cell)[:20] if isinstance(cell, str | float) else type(cell).__name__,
)  # fmt: skip
def test_what_is_no_amount_is_refused_with_a_sentence(cell: object) -> None:
    with pytest.raises(ValueError, match=r"^\S.{20,}"):
        cells.amount(cell)


def test_dates_are_read_as_typed_or_written() -> None:
    day = date(2014, 3, 31)
    for cell in ("2014-03-31", "31/03/2014", " 2014-03-31 ", day, datetime(2014, 3, 31, 23, 59)):
        assert cells.day(cell) == day


@pytest.mark.parametrize(
    "cell",
    ["", "03/31/2014", "31/02/2014", "1/4/2014", "31.03.2014", "2014-3-31", "41729", "31 March 2014", "1850-01-01",
     "３1/03/2014", 41729, 41729.0, True, datetime(1899, 12, 31), datetime(2014, 1, 1).time()],
    ids=repr,
)  # fmt: skip
def test_what_is_no_date_is_refused_with_a_sentence(cell: object) -> None:
    with pytest.raises(ValueError, match=r"^\S.{15,}"):
        cells.day(cell)


def test_references_may_be_numbers_and_may_be_absent() -> None:
    assert [cells.reference(cell) for cell in (12345, 12345.0, " A ", None, "", 1.5)] == [
        "12345",
        "12345",
        "A",
        "",
        "",
        "1.5",
    ]


@pytest.mark.parametrize(
    ("row", "place"),
    [
        (("A", "", "2013-06-01"), "2:amount"), (("A", "1.00", ""), "2:date"), (("A", "x", "2013-06-01"), "2:amount"),
        (("A", "1.00", "30/06/13"), "2:date"), (("A\u202e", "1.00", "2013-06-01"), "2:reference"),
        (("A" * 201, "1.00", "2013-06-01"), "2:reference"), (("A\0", "1.00", "2013-06-01"), "2:reference"),
    ],
)  # fmt: skip
def test_a_fault_is_named_by_line_and_column(tmp_path: Path, row: tuple[str, ...], place: str) -> None:
    contents: list[str | bytes] = [text([row])] if "\0" in row[0] else [text([row]), workbook([row])]
    for content in contents:
        (fault,) = faults(tmp_path, content)
        assert fault.startswith(place + ": "), fault


def test_a_fault_is_named_by_the_partys_own_column_escaped(tmp_path: Path) -> None:
    (fault,) = faults(tmp_path, "reference,Va\u202elue,date\nA,x,2013-06-01\n", Columns(amount="Va\u202elue"))
    assert fault.startswith("2:Va\\u202elue: ")


def test_the_first_hundred_faults_and_their_count(tmp_path: Path) -> None:
    with pytest.raises(BadInput) as caught:
        read(tmp_path, text([("A", "x", "y")] * 150))
    assert len(caught.value.faults) == 100
    assert caught.value.count == 300
    assert str(caught.value).endswith("300 faults, the first 100 shown; nothing was recorded.")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "the file is empty"),
        ("\n\n,\n", "the file is empty"),
        ("Ledger of the CCG\nreference,amount,date\n", "1: the header lacks reference, amount, date"),
        ("reference,value,date\n", "1: the header lacks amount"),
        ("reference,amount,Amount,date\n", "1:amount: this column stands in the header twice"),
        ("reference;amount;date\n", "1: the cells are not separated by commas"),
        ("reference,amount,date\nA,1,234.50,2013-06-01\n", "2: the row has 4 cells, and the header 3"),
        ('reference,amount,date\nA,"1.00,2013-06-01\n', "2: this row cannot be read"),
        (f"reference,amount,date\n{'x' * 70_000},1.00,2013-06-01\n", "2: this row cannot be read"),
        (b"reference,amount,date\n\xff,1.00,2013-06-01\n", "2: this is not UTF-8 text"),
        ("reference,amount,date\n".encode("utf-16"), "1: this is not UTF-8 text"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 99, "this is a workbook of an old kind"),
        (b"PK\x03\x04 and no more", "the workbook cannot be read"),
    ],
)  # fmt: skip
def test_a_file_that_is_wrong_as_a_whole(tmp_path: Path, content: str | bytes, said: str) -> None:
    assert faults(tmp_path, content)[-1].startswith(said)


def test_faults_before_a_row_that_cannot_be_read_are_told_too(tmp_path: Path) -> None:
    told = faults(tmp_path, 'reference,amount,date\nA,x,2013-06-01\nB,"1\n')
    assert [each.partition(": ")[0] for each in told] == ["2:amount", "3"]


def test_text_that_is_called_a_workbook_is_none(tmp_path: Path) -> None:
    assert faults(tmp_path, text(AGREED), name="extract.xlsx")[0].startswith("this is not a workbook, whatever its name says")


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path, tmp_path / "pipe", tmp_path / "absent.csv", Path("/dev/zero")):
        with pytest.raises(BadInput):
            read_extract(path, Columns())


def test_limits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extract, "MOST_LINES", 3)
    for content in (text([ROW] * 3), workbook([ROW] * 3)):
        assert "more than 3 lines" in faults(tmp_path, content)[-1]
    monkeypatch.setattr(extract, "LARGEST_FILE", 20)
    assert "larger than" in faults(tmp_path, text([ROW]))[0]


# Workbooks that mean harm, or mean well and were spoilt.


def packed(content: bytes, **parts: Any) -> bytes:
    """The workbook with parts replaced or added; a part that is a function is given the old one."""
    out = BytesIO()
    with ZipFile(BytesIO(content)) as old, ZipFile(out, "w", ZIP_DEFLATED) as new:
        for name in {*old.namelist(), *parts}:
            part = parts.get(name)
            found = old.read(name) if name in old.namelist() else b""
            new.writestr(name, part(found) if callable(part) else found if part is None else part)
    return out.getvalue()


SHEET = "xl/worksheets/sheet1.xml"


def test_a_formula_without_its_result_is_a_fault_and_one_with_it_is_read(tmp_path: Path) -> None:
    book = workbook([("A", "=1+1", "2013-06-01"), ("=B2", 1, "=TODAY()"), ("C", 3, "2013-06-01")])
    told = faults(tmp_path, book)
    assert [each.partition(": ")[0] for each in told] == ["2:amount", "3:reference", "3:date"]
    assert "saved without its result" in told[0]
    cached = packed(book, **{SHEET: lambda xml: xml.replace(b"<f>1+1</f><v />", b"<f>1+1</f><v>2.5</v>")})
    assert "2:amount" not in [each.partition(": ")[0] for each in faults(tmp_path, cached)]
    one = packed(workbook([("A", "=1+1", "2013-06-01")]), **{SHEET: lambda xml: xml.replace(b"<v />", b"<v>2.5</v>")})
    assert read(tmp_path, one) == [Line(2, date(2013, 6, 1), 2_50, "A")]


def test_a_sheet_that_says_it_is_smaller_than_it_is_loses_no_line(tmp_path: Path) -> None:
    book = packed(workbook(AGREED), **{SHEET: lambda xml: xml.replace(b"A1:C4", b"A1:C2")})
    assert read(tmp_path, book) == LINES


def test_a_line_far_below_is_no_endless_reading(tmp_path: Path) -> None:
    book = packed(workbook(AGREED), **{SHEET: lambda xml: xml.replace(b'"4"', b'"99999999999"').replace(b'4"', b'9"')})
    assert "more than 100,000 lines" in faults(tmp_path, book)[-1]


@pytest.mark.parametrize("part", [SHEET, "xl/workbook.xml", "xl/sharedStrings.xml", "[Content_Types].xml"])
def test_entities_are_not_expanded(tmp_path: Path, part: str) -> None:
    bomb = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;">]>'

    def declared(xml: bytes) -> bytes:
        return bomb + xml.split(b"?>", 1)[-1]

    assert "declares a document type" in faults(tmp_path, packed(workbook(AGREED), **{part: declared}))[0]


def test_a_workbook_that_unpacks_into_too_much_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheet, "LARGEST_UNPACKED", 1 << 20)
    assert "unpacks into more than 1 MiB" in faults(tmp_path, packed(workbook(AGREED), **{"xl/x.xml": b" " * (2 << 20)}))[0]
    monkeypatch.setattr(sheet, "MOST_PARTS", 3)
    assert "unpacks into more" in faults(tmp_path, workbook(AGREED))[0]


def test_a_workbook_without_a_sheet_of_cells(tmp_path: Path) -> None:
    book = Workbook()
    book.remove(book.worksheets[0])
    book.create_chartsheet("Chart")
    out = BytesIO()
    book.save(out)
    assert len(faults(tmp_path, out.getvalue())) == 1


def test_cells_that_hold_errors_are_faults(tmp_path: Path) -> None:
    assert faults(tmp_path, workbook([("A", "#REF!", "#N/A")]))[0].startswith("2:amount: “#REF!” is not an amount")


@pytest.mark.parametrize("seed", range(4))
def test_a_spoilt_file_is_read_or_refused(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    book = workbook(typed(AGREED))
    with ZipFile(BytesIO(book)) as parts:
        names = parts.namelist()
    for at in range(60):
        content = bytearray(text(AGREED).encode() if at % 3 == 0 else book)
        if at % 3 == 2:
            name = chance.choice(names)
            content = bytearray(packed(book, **{name: lambda xml: spoilt(chance, bytearray(xml))}))
        else:
            content = bytearray(spoilt(chance, content))
        with suppress(BadInput):
            read(tmp_path, bytes(content))


def spoilt(chance: random.Random, content: bytearray) -> bytes:
    """The bytes with a few lost, doubled or replaced."""
    for _ in range(chance.randint(1, 5)):
        at = chance.randrange(len(content) + 1)
        to = min(len(content), at + chance.choice((0, 1, 2, 30)))
        content[at:to] = chance.choice((b"", chance.randbytes(2), b"9" * 40, b"<v/>", b'"', content[:at][-20:]))
    return bytes(content)


# Which column is which.


def test_a_mapping_is_a_field_and_a_column() -> None:
    assert mapped("reference=Doc no") == ("reference", "Doc no")
    assert mapped("amount=a=b") == ("amount", "a=b")
    for wrong in ("amount", "amount=", "value=Amount", "=x", "amount=a\u202eb"):
        with pytest.raises(ValueError, match=r"\S"):
            mapped(wrong)


def test_a_mapping_given_starts_anew_and_one_kept_is_used_while_none_is() -> None:
    kept = {"reference": "Doc", "amount": "Value", "date": "Posted", "sign": "-1"}
    assert columns({}, None, None) == Columns()
    assert columns({}, None, kept, 7) == Columns("Doc", "Value", "Posted", -1, 7)
    assert columns({}, 1, kept, 7) == Columns("Doc", "Value", "Posted", 1, 7)
    assert columns({}, None, {"Doc": "reference"}, 7) == Columns()
    assert columns({"amount": "Sum"}, None, kept, 7) == Columns(amount="Sum")
    assert columns({}, -1, None).stored() == {"reference": "reference", "amount": "amount", "date": "date", "sign": "-1"}


def test_one_column_is_not_two_things() -> None:
    with pytest.raises(Refused, match="cannot be both amount and date"):
        columns({"amount": "When", "date": "when"}, None, None)


# Sheets.


def second(rows: list[tuple[Any, ...]]) -> bytes:
    """A workbook whose second sheet, “Account 1234”, has the rows."""
    book = Workbook()
    page = book.create_sheet("Account 1234")
    for row in (("reference", "amount", "date"), *rows):
        page.append(list(row))
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_sheet_is_read_by_its_name(tmp_path: Path) -> None:
    path = tmp_path / "extract.xlsx"
    path.write_bytes(second(typed(AGREED)))
    assert extract.read_extract(path, Columns(sheet="Account 1234")).lines == LINES


@pytest.mark.parametrize(
    ("sheet", "content", "said"),
    [
        ("Acount", second([]), "no sheet “Acount”: there is “Sheet”, “Account 1234”"),
        ("", second([]), "the file is empty"),
        ("Account 1234", text(AGREED).encode(), "this is text and has no sheet “Account 1234”"),
    ],
)
def test_a_sheet_that_is_not_there_is_told_with_those_that_are(tmp_path: Path, sheet: str, content: bytes, said: str) -> None:
    path = tmp_path / "extract.xlsx" if content.startswith(b"PK") else tmp_path / "extract.csv"
    path.write_bytes(content)
    with pytest.raises(BadInput, match=said):
        extract.read_extract(path, Columns(sheet=sheet))


def test_the_sheet_is_kept_with_the_columns() -> None:
    kept = columns({}, None, None, sheet="Account 1234").stored()
    assert columns({}, -1, kept, 7).sheet == "Account 1234"
    assert columns({}, None, kept, 7, sheet="").sheet == ""
    assert columns({"amount": "Value"}, None, kept, 7).sheet == ""
