"""`report partner-statement`: its files, read back by `reconcile` without a difference, and by other programs."""

from __future__ import annotations

import csv
import io
import subprocess
from contextlib import closing
from decimal import Decimal

import pytest
from openpyxl import load_workbook

from ledger.application import Command
from tests import given
from tests.commands.desk import Desk
from tests.given import CODE
from tests.programs import needed
from tests.spreadsheets import in_libreoffice, reckoned, values

STATEMENT = ("report", "partner-statement", CODE, "OCCG")
STRICT = ("--as-at", "2014-03-31", "--line-threshold", "0", "--balance-threshold", "0")
REFERENCES = ["-7", "=cmd|' /C calc'!A0", "+44 1865", "@home", "'quoted", 'a,b"c', "Ünïcødé 😀", "R 1", "x" * 200]


@pytest.fixture
def pool(desk: Desk) -> Desk:
    """A pool in which OCCG paid, in all ways of quoting it, and was recharged, drawn and billed."""
    with closing(given.new_ledger(desk.path)) as ledger:
        given.sign(ledger)
        given.record(ledger, "contribution_due", party="OCCG", amount=30_00)
        for number, reference in enumerate(REFERENCES):
            told = Command("finance.officer", reference=reference)
            given.record(
                ledger, "contribution_received", command=told, party="OCCG", amount=1_00 + number, document=f"={number}"
            )
        given.record(ledger, "expenditure", scheme="care", counterparty="SUP", amount=100_01)
        given.record(ledger, "recharge", scheme="care", amount=100_01)
        given.record(ledger, "contribution_received", party="OCCG", amount=5_55)
        given.reverse(ledger, len(REFERENCES) + 5)
    return desk


def turned(text: str) -> str:
    """The list as a ledger of creditors has it, with the other sign."""
    rows = list(csv.reader(io.StringIO(text)))
    at = rows[0].index("amount")
    for row in rows[1:]:
        row[at] = str(-Decimal(row[at]))
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue()


def test_reconcile_reads_the_list_without_a_difference_with_either_sign(pool: Desk) -> None:
    said = pool(*STATEMENT, "--format", "csv")
    pool.file("theirs.csv", said.out)
    pool.file("turned.csv", turned(said.out))
    assert pool(*STATEMENT, "--output", "theirs.xlsx").code == 0
    events = len(pool.events())
    for words in (("theirs.csv",), ("theirs.xlsx",), ("turned.csv", "--sign", "-1")):
        done = pool("reconcile", CODE, "OCCG", *words, *STRICT, "--format", "json")
        assert (done.code, done.err, done.json["differences"]) == (0, "", [])
        # All payments, the recharge, and the receipt with its reversal: everything but what is nil in the mirror.
        assert len(done.json["confirmed"]) == len(REFERENCES) + 3
    wrong = pool("reconcile", CODE, "OCCG", "turned.csv", *STRICT)
    assert wrong.code == 5
    assert len(pool.events()) == events


def test_the_workbook_has_the_figures_of_the_json_report_and_its_formulas_come_to_them(pool: Desk) -> None:
    assert pool(*STATEMENT, "--output", "a.xlsx") == (0, "", "Wrote a.xlsx.\n")
    document = pool(*STATEMENT, "--format", "json").json
    path = pool.folder / "a.xlsx"
    book = load_workbook(path, data_only=True)
    assert book.sheetnames == ["To be booked", "Accounts", "Others say"]
    rows = [[cell.value for cell in row] for row in book["Accounts"].iter_rows(min_row=2)]
    assert [[row[0], *(f"{cell:.2f}" for cell in row[1:])] for row in rows[:-1]] == [
        list(account.values()) for account in document["accounts"]
    ]
    assert rows[-1][0] == "Total"
    assert f"{rows[-1][4]:.2f}" == "0.00"
    said = [[f"{row[at].value:.2f}" for at in (1, 2, 5, 6)] for row in book["Others say"].iter_rows(min_row=2)]
    assert said == [[row[name] for name in ("opening", "closing", "they_say", "difference")] for row in document["mirrors"]]
    kept = values(path)
    for place, result in reckoned(path).items():
        assert round(result, 2) == round(Decimal(repr(kept[place])), 2), place


def test_libreoffice_comes_to_the_same_figures(pool: Desk) -> None:
    assert pool(*STATEMENT, "--output", "a.xlsx").code == 0
    kept, told = values(pool.folder / "a.xlsx"), in_libreoffice(pool.folder / "a.xlsx")
    numbers = {place: round(value, 2) for place, value in kept.items() if isinstance(value, int | float)}
    assert numbers == {place: round(told[place], 2) for place in numbers}


def test_the_pdf_has_the_figures_of_the_json_report(pool: Desk) -> None:
    needed("weasyprint", "pip install 'poolbook[board]'")
    needed("pdftotext", "apt-get install poppler-utils")
    assert pool(*STATEMENT, "--output", "a.pdf") == (0, "", "Wrote a.pdf.\n")
    said = subprocess.run(
        ["pdftotext", "-layout", str(pool.folder / "a.pdf"), "-"], capture_output=True, check=True, timeout=60
    )
    lines = [line.replace(",", "").split() for line in said.stdout.decode().splitlines()]
    for account in pool(*STATEMENT, "--format", "json").json["accounts"]:
        assert " ".join(account.values()).split() in lines


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("--output", "a.odt"), 1, "a.odt ends in neither .xlsx nor .pdf"),
        (("--output", "poolbook.db"), 1, "exists already"),
        (("--output", "none/a.xlsx"), 3, "none/a.xlsx cannot be made"),
        (("--output", "a.xlsx", "--format", "csv"), 2, "says its format"),
        (("--year", "2013"), 1, "is not a financial year here"),
    ],
)
def test_what_cannot_be_written_leaves_no_file(pool: Desk, words: tuple[str, ...], code: int, says: str) -> None:
    before = sorted(path.name for path in pool.folder.iterdir())
    done = pool(*STATEMENT, *words)
    assert (done.code, done.out) == (code, "")
    assert says in done.err
    assert [name for name in sorted(path.name for path in pool.folder.iterdir()) if "views" not in name] == before


@pytest.mark.parametrize("party", ["POOL", "OCCH", "SUP"])
@pytest.mark.parametrize("more", [(), ("--output", "a.xlsx")])
def test_whoever_is_no_party_has_no_statement_and_no_file(pool: Desk, party: str, more: tuple[str, ...]) -> None:
    done = pool("report", "partner-statement", CODE, party, *more)
    assert (done.code, done.out) == (1, "")
    assert "is no party of pool" in done.err
    assert not (pool.folder / "a.xlsx").exists()


def test_all_arrangements_of_a_party_stand_in_one_workbook(desk: Desk) -> None:
    desk.made("lead_body", "other", before=[("contribution_due", {"party": "OCCG", "amount": 30_00})])
    assert desk("contribution", "due", "other", "--party", "OCCG", "--amount", "7", "--on", "2013-05-01").code == 0
    assert desk("report", "partner-statement", "--all", "OCCG", "--output", "a.xlsx").code == 0
    path = desk.folder / "a.xlsx"
    assert load_workbook(path).sheetnames == ["To be booked other", "Accounts other", "Others say other",
                                              "To be booked pool", "Accounts pool", "Others say pool"]  # fmt: skip
    assert values(path)["Accounts other", "C4"] == 7
    assert values(path)["Accounts pool", "C4"] == 30
