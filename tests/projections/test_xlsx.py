"""Workbooks: names of sheets, texts that stay texts, totals that live, sheets that go on where they are full."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from projections.sheets import Sheet
from projections.workbook import xlsx
from projections.workbook.xlsx import Formula, sheet_name, workbook
from tests.spreadsheets import formulas, in_libreoffice, reckoned, values

HOSTILE = ["=1+1", "+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "=HYPERLINK(\"http://x\")", "http://example.org", "<b>&</b>",
           "\x00\x1b[31m", "\u202egnp.exe", "😀👩‍👧", "x" * 40_000, "'=1", "{=1}", "12", "1e5", "2013-01-01",
           "TRUE"]  # fmt: skip


def test_formulas_are_reckoned_as_a_spreadsheet_does(tmp_path: Path) -> None:
    """The reckoning itself, by figures that are known."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "It's"
    for row in (("a", 1.1), ("A", 2.2), ("a", 3.3), ("=SUM(B1:B3)", "=B1-B2+10"),
                ("=SUMPRODUCT(--EXACT('It''s'!$A$1:$A$3,A1),'It''s'!$B$1:$B$3)", "=SUM(B1:B2,A5)+A4")):  # fmt: skip
        sheet.append(row)
    book.save(tmp_path / "a.xlsx")
    found = {cell: result for (_, cell), result in reckoned(tmp_path / "a.xlsx").items()}
    assert found == {"A4": Decimal("6.6"), "B4": Decimal("8.9"), "A5": Decimal("4.4"), "B5": Decimal("14.3")}


def test_a_table_has_typed_cells_a_frozen_heading_a_filter_and_a_total_outside_it(tmp_path: Path) -> None:
    rows = [(1, date(2013, 5, 1), "A", 10_01, "87.5"), (2, date(2013, 5, 2), "", -3_00, "")]
    path = tmp_path / "a.xlsx"
    with workbook(path, "Test") as book:
        sheet = Sheet("T & title", ("number", "on", "reference", "amount", "figure"), rows, ("amount",), ("figure",))
        book.table("Lines", sheet, total=("Total", "", "", Formula("=SUM(D2:D3)", 7_01), ""))
    sheet = load_workbook(path)["Lines"]
    assert [cell.value for cell in sheet[1]] == ["number", "on", "reference", "amount", "figure"]
    assert [(cell.data_type, cell.number_format) for cell in sheet[2]] == [
        ("n", "0"), ("d", "yyyy-mm-dd"), ("s", "@"), ("n", "#,##0.00;-#,##0.00"), ("n", "General"),
    ]  # fmt: skip
    assert (sheet.freeze_panes, sheet.auto_filter.ref, sheet["D4"].value) == ("A2", "A1:E3", "=SUM(D2:D3)")
    assert values(path)["Lines", "D4"] == 7.01
    assert reckoned(path) == {("Lines", "D4"): Decimal("7.01")}


def test_no_text_becomes_a_formula_a_link_or_a_number_and_nothing_hidden_is_in_it(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with workbook(path, "=1+1") as book:
        book.table("=1+1", Sheet("&D=1+1", ("text",), [(text,) for text in HOSTILE]))
    assert formulas(path) == {}
    cells = load_workbook(path).worksheets[0]["A"][1:]
    assert [cell.data_type for cell in cells] == ["s"] * len(HOSTILE)
    assert [cell.hyperlink for cell in cells] == [None] * len(HOSTILE)
    shown = [cell.value for cell in cells]
    assert not any(text.startswith(("=", "+", "-", "@", "\t", "\r")) for text in shown)
    assert not any(character in text for text in shown for character in "\x00\x1b\u202e\t\r")
    assert (shown[0], shown[11], len(shown[12])) == ("'=1+1", "😀👩‍👧", 32_767)


def test_a_sheet_that_is_full_goes_on_in_another_and_totals_reach_over_both(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(xlsx, "MOST_ROWS", 5)
    path = tmp_path / "a.xlsx"
    with workbook(path, "Test") as book:
        rows = [("a" if number % 2 else "b", number * 100) for number in range(1, 9)]
        area = book.table("Lines", Sheet("Lines", ("code", "amount"), rows, ("amount",)))
        total = area.total("amount", 36_00)
        odd = area.total_where("amount", "code", f"{area.cell('code', 0)}", 16_00)
        last = Formula(f"={area.cell('amount', 7)}", 8_00)
        book.table("Sums", Sheet("Sums", ("amount",), [(total,), (odd,), (last,)], ("amount",)))
    assert load_workbook(path).sheetnames == ["Lines", "Lines (2)", "Lines (3)", "Sums"]
    assert list(reckoned(path).values()) == [36, 16, 8]


def test_a_table_without_rows_is_a_heading_and_its_total_is_nil(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with workbook(path, "Test") as book:
        area = book.table("Lines", Sheet("Lines", ("code", "amount"), [], ("amount",)))
        sums = [(area.total("amount", 0),), (area.total_where("amount", "code", "A1", 0),)]
        book.table("Sums", Sheet("Sums", ("amount",), sums, ("amount",)))
    assert load_workbook(path).sheetnames == ["Lines", "Sums"]
    assert list(reckoned(path).values()) == [0, 0]


@settings(max_examples=40)
@given(st.lists(st.text(max_size=40), max_size=5))
def test_names_of_sheets_are_legal_and_unique(wanted: list[str]) -> None:
    taken: set[str] = set()
    names = [sheet_name(name, taken) for name in [*wanted, "History", "Lines", "lines", "LINES"]]
    assert len({name.casefold() for name in names}) == len(names)
    for name in names:
        assert 0 < len(name) <= 31
        assert not set(name) & set("[]:*?/\\")
        assert name.strip("' ") == name
        assert name.casefold() != "history"


def test_libreoffice_reckons_the_same(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with workbook(path, "Test") as book:
        rows = [("Van", 1_01), ("van", 2_02), ("Van", -3_03)]
        area = book.table("It's", Sheet("Lines", ("code", "amount"), rows, ("amount",)))
        sums = [(area.total("amount", 0),), (area.total_where("amount", "code", area.cell("code", 0), -2_02),)]
        book.table("Sums", Sheet("Sums", ("amount",), sums, ("amount",)))
    told = in_libreoffice(path)
    assert [round(told["Sums", cell], 2) for cell in ("A2", "A3")] == [0, -2.02]
