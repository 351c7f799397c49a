"""`report workbook`: its figures are those of the JSON reports, its formulas come to them, here and in LibreOffice."""

from __future__ import annotations

from contextlib import closing
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from ledger import events as e
from ledger.requests import Measured, Reporting
from tests import given
from tests.commands.desk import Desk
from tests.given import CODE, WHO
from tests.spreadsheets import formulas, in_libreoffice, reckoned, values

MORE = """
[[budget]]
year = "2013/14"
scheme = "care"
party = "OCC"
amount = "60.00"
[[budget]]
year = "2013/14"
scheme = "care"
party = "OCCG"
amount = "30.00"
[[indicator]]
code = "beds-used"
name = "=Beds used"
unit = "beds"
direction = "lower"
target = "560.5"
[risk]
base = "pool"
underspend = "return"
[[risk.band]]
shares = { OCC = 1, OCCG = 1 }
"""


def fill(desk: Desk, kind: str) -> Desk:
    """A year of an arrangement with a bit of everything its kind allows, the year before it closed."""
    with closing(given.new_ledger(desk.path)) as ledger:
        given.sign(ledger, kind, more=MORE if kind in given.POOLS else MORE.partition("[risk]")[0])
        party = {"party": "OCC"} if kind == "aligned" else {}
        if kind in (*given.POOLS, "grant", "capital"):
            for due_from, amount in (("OCC", 60_00), ("OCCG", 40_00)):
                given.record(ledger, "contribution_due", party=due_from, amount=amount)
                given.record(ledger, "contribution_received", party=due_from, amount=amount - 5_00)
        given.record(ledger, "expenditure", scheme="care", counterparty="SUP", amount=95_01, document="=1+1", **party)
        given.record(ledger, "expenditure", scheme="beds", counterparty="sup", amount=1_01, on=date(2013, 12, 1), **party)
        given.record(ledger, "income", scheme="care", amount=5_00, **party)
        given.record(ledger, "payment", counterparty="SUP", amount=50_00, **party)
        given.record(ledger, "asset_acquired", asset="van", scheme="care", counterparty="SUP", amount=12_00, **party)
        given.record(ledger, "asset_acquired", asset="Van", scheme="care", counterparty="SUP", amount=7_00, **party)
        given.record(ledger, "asset_depreciated", asset="van", amount=3_00, on=date(2014, 3, 31))
        if kind == "commissioned":
            given.record(ledger, "bill", scheme="care", amount=33_33)
        if kind in given.POOLS:
            given.plan(ledger, e.ForecastMade("2013/14", "care", 99_00))
            given.run(ledger, date(2014, 3, 31))
            given.dispute(ledger, e.DisputeRaised(event=3, party="OCC", amount=1_00))
        given.record(ledger, "expenditure", scheme="beds", counterparty="SUP", amount=9_00, **party)
        given.reverse(ledger, ledger.draft(CODE).head.number, on=date(2014, 3, 31))
        reported = [Measured("beds-used", "2013/14", "561.25", "OCC" if kind == "aligned" else "")]
        ledger.record(CODE, Reporting(figures=reported, effective_on=date(2014, 4, 2)), WHO)
        given.record(ledger, "expenditure", scheme="care", counterparty="SUP", amount=2_02, on=date(2014, 5, 1), **party)
    return desk


KINDS = ("lead_body", "hybrid", "commissioned", "grant", "capital", "aligned")


@pytest.fixture(params=KINDS)
def written(request: pytest.FixtureRequest, desk: Desk) -> Desk:
    """Each kind of arrangement with the workbook of its year."""
    fill(desk, request.param)
    assert desk("report", "workbook", CODE, "--year", "2013/14", "--output", "w.xlsx") == (0, "", "Wrote w.xlsx.\n")
    return desk


def table(path: Path, sheet: str) -> list[dict[str, Any]]:
    """A sheet's rows, amounts as JSON says them."""
    header, *rows = load_workbook(path, data_only=True)[sheet].iter_rows(values_only=True)
    money = lambda cell: f"{cell:.2f}" if isinstance(cell, float | int) else cell  # noqa: E731
    return [dict(zip((str(name).replace(" ", "_") for name in header), map(money, row), strict=True)) for row in rows]


def said(row: dict[str, Any], *names: str) -> list[Any]:
    """Some figures of a row; what is not there is None."""
    return [row.get(name) or None if row.get(name) != "0.00" else "0.00" for name in names]


def test_every_formula_comes_to_the_result_it_carries_and_every_check_to_nil(written: Desk) -> None:
    path = written.folder / "w.xlsx"
    kept, found = values(path), reckoned(path)
    assert len(found) > 100
    assert {place: f"{result:.2f}" for place, result in found.items()} == {
        place: f"{Decimal(repr(kept[place])):.2f}" for place in found
    }
    checks = table(path, "Checks")
    assert {row["difference"] for row in checks} == {"0.00"}
    assert len(checks) >= 5


def test_the_figures_are_those_of_the_reports(written: Desk) -> None:
    path = written.folder / "w.xlsx"

    def report(*words: str) -> Any:
        return written("report", *words, "--format", "json").json

    memorandum, outturn = (report(name, CODE, "--year", "2013/14") for name in ("memorandum", "outturn"))
    for sheet, rows, totals in (
        ("Memorandum parties", memorandum["parties"], memorandum["totals"]),
        ("Memorandum schemes", memorandum["schemes"], memorandum["totals"]),
        ("Outturn schemes", outturn["schemes"], outturn["totals"]["schemes"]),
        ("Outturn parties", outturn["parties"], outturn["totals"]["parties"]),
    ):
        told = table(path, sheet)
        names = [name for name in told[0] if name not in ("party", "scheme")]
        assert [said(row, *names) for row in told[:-1]] == [said(row, *names) for row in rows], sheet
        sums = [name for name in names if not name.startswith("forecast")]
        assert said(told[-1], *sums) == said(totals, *sums), sheet
    balances = report("balances", CODE, "--as-at", "2014-03-31")
    assert [
        (row["book"], row["account"], row["closing"]) for row in table(path, "Trial balance") if row["closing"] != "0.00"
    ] == [(book["book"], line["account"], line["balance"]) for book in balances["books"] for line in book["accounts"]]
    assets = report("assets", CODE, "--as-at", "2014-03-31")
    assert [[row["asset"], row["cost"], row["value"]] for row in table(path, "Assets")[:-1]] == [
        [asset["asset"], asset["cost"], asset["value"]] for asset in assets["assets"]
    ]
    (figure,) = [row for row in table(path, "Indicators") if row["value"]]
    assert (figure["name"], figure["target"], figure["value"], figure["standing"]) == (
        "'=Beds used",
        "560.50",
        "561.25",
        "missed",
    )


def test_the_lines_of_each_account_and_each_party_are_those_of_the_journal(written: Desk) -> None:
    path = written.folder / "w.xlsx"
    journal = [(row["book"], row["account"], row["number"], row["debit"], row["credit"]) for row in table(path, "Journal")]
    accounts = [(row["book"], row["account"], row["number"], row["debit"], row["credit"]) for row in table(path, "Accounts")]
    assert sorted(map(str, journal)) == sorted(map(str, accounts))
    for party in ("OCC", "OCCG"):
        statement = written("report", "partner-statement", CODE, party, "--year", "2013/14", "--format", "json").json
        told = table(path, f"{party} books")
        lines = [(str(line["number"]), line["account"], line["amount"]) for line in statement["lines"]]
        both = [(row["number"][:-3], row["account"], row["debit"] or f"-{row['credit']}") for row in told]
        assert sorted(both) == sorted(lines)


def test_sheets_have_frozen_headings_filters_and_no_formula_but_ours(written: Desk) -> None:
    book = load_workbook(written.folder / "w.xlsx")
    assert book.sheetnames[:4] == ["Contents", "Memorandum parties", "Memorandum schemes", "Outturn schemes"]
    for sheet in book:
        assert sheet.freeze_panes == "A2"
        assert (sheet.auto_filter.ref is not None) == (sheet.max_row > 1)
        assert sheet.column_dimensions["A"].width > 8
    ours = ("=SUM(", "=0", "=SUMPRODUCT(", "='", "=-'", "=B", "=C", "=D", "=F")
    assert {value for value in formulas(written.folder / "w.xlsx").values() if not value.startswith(ours)} == set()


def test_libreoffice_comes_to_the_same_figures(desk: Desk) -> None:
    fill(desk, "lead_body")
    assert desk("report", "workbook", CODE, "--year", "2013/14", "--output", "w.xlsx").code == 0
    kept, told = values(desk.folder / "w.xlsx"), in_libreoffice(desk.folder / "w.xlsx")
    numbers = {place: round(value, 2) for place, value in kept.items() if isinstance(value, int | float)}
    assert numbers == {place: round(told[place], 2) for place in numbers}


def test_without_a_year_it_is_the_last_with_an_entry_and_the_root_is_that_of_the_log(desk: Desk) -> None:
    fill(desk, "lead_body")
    assert desk("report", "workbook", CODE, "--output", "w.xlsx").code == 0
    contents = {row["item"]: row["what_it_says"] for row in table(desk.folder / "w.xlsx", "Contents")}
    assert contents["Year"] == "2014/15: 2014-04-01 to 2015-03-31"
    with closing(given.Ledger.open(desk.path, read_only=True)) as ledger:
        draft = ledger.replayed(CODE)
    assert contents["Root of the log"] == draft.frontier.root().hex()
    assert f"events #1 to #{draft.head.number}" in contents["Made from"]


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("--output", "w.ods"), 2, "give the --output file that ending"),
        ((), 2, "Missing option '--output'"),
        (("--output", "w.xlsx", "--year", "2013-14"), 1, "is not a financial year here"),
    ],
)
def test_what_cannot_be_written_leaves_no_file(desk: Desk, words: tuple[str, ...], code: int, says: str) -> None:
    desk.made()
    done = desk("report", "workbook", CODE, *words)
    assert (done.code, done.out) == (code, "")
    assert says in done.err
    assert not list(desk.folder.glob("w.*"))


def test_a_year_without_an_entry_is_a_workbook_all_the_same(desk: Desk) -> None:
    desk.made()
    assert desk("report", "workbook", CODE, "--output", "w.xlsx").code == 0
    assert {row["difference"] for row in table(desk.folder / "w.xlsx", "Checks")} == {"0.00"}
