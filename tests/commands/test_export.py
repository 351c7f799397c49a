"""`poolbook export`: what is in a file and what is not, hostile text, and what is refused."""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from ledger.application import Command
from projections.exports.plain_text import HLEDGER, plain_text
from projections.exports.posted import Posted
from tests import given
from tests.commands.desk import Desk
from tests.exports.readers import READERS
from tests.given import CODE, Books
from tests.programs import needed

TEXTS = ("hledger", "ledger", "beancount", "csv")
HOSTILE = '=cmd(); [2014-01-01] "x\\" 5%, | :a:b: paid to: Bob'
"""What would be a formula, a comment, a date, the end of a string, tags."""


@pytest.fixture
def kept(desk: Desk) -> Desk:
    """A pool with a due, a cost with hostile texts and its payment, the payment reversed."""
    with closing(given.new_ledger(desk.path)) as ledger:
        given.sign(ledger)
        given.record(ledger, "contribution_due", party="OCC", amount=50_00, fund="dfg")
        told = Command("finance.officer", reference=HOSTILE, narrative=f"For Mrs Jones {HOSTILE}")
        given.record(ledger, "expenditure", command=told, scheme="care", counterparty="a.b_c", amount=10_01, document=HOSTILE)
        given.record(ledger, "payment", counterparty="a.b_c", amount=10_01, on=date(2013, 7, 1))
        given.reverse(ledger, 4, on=date(2013, 8, 1))
    return desk


def rows(text: str) -> list[dict[str, str]]:
    """The rows of a CSV text."""
    return list(csv.DictReader(io.StringIO(text, newline="")))


@pytest.mark.parametrize("form", TEXTS)
def test_a_file_holds_what_the_standard_output_would(kept: Desk, form: str) -> None:
    said = kept("export", form, CODE)
    assert (said.code, said.err) == (0, "")
    assert kept("export", form, CODE, "--output", "out.txt") == (0, "", "")
    path = kept.folder / "out.txt"
    assert path.read_bytes().decode() == said.out
    assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("form", TEXTS)
def test_narratives_stay_out_unless_they_are_asked_for(kept: Desk, form: str) -> None:
    assert "Jones" not in kept("export", form, CODE).out
    assert "For Mrs Jones" in kept("export", form, CODE, "--narratives").out


@pytest.mark.parametrize("form", READERS)
def test_hostile_text_changes_nothing_that_a_program_reads(kept: Desk, form: str) -> None:
    kept("export", form, CODE, "--narratives", "--output", "out.txt")
    assert READERS[form](kept.folder / "out.txt") == {
        (CODE, "POOL", "Assets:Debtors:OCC"): 50_00,
        (CODE, "POOL", "Liabilities:Contributions in advance:OCC:dfg"): -50_00,
        (CODE, "OCC", "Assets:Prepaid contributions:POOL:dfg"): 50_00,
        (CODE, "OCC", "Liabilities:Creditors:POOL"): -50_00,
        (CODE, "POOL", "Expenditure:care"): 10_01,
        (CODE, "POOL", "Liabilities:Creditors:a.b_c"): -10_01,
    }


def test_a_beancount_string_reads_back(kept: Desk) -> None:
    needed("beancount", "pip install beancount")
    from beancount.core import data
    from beancount.parser import parser

    entries, errors, _ = parser.parse_string(kept("export", "beancount", CODE, "--narratives").out)
    told = [entry.meta for entry in entries if isinstance(entry, data.Transaction)]
    assert errors == []
    assert [meta["reference"] for meta in told] == ["#2", "#2", HOSTILE, "#4", "#5"]
    assert (told[2]["document"], told[2]["narrative"]) == (HOSTILE, f"For Mrs Jones {HOSTILE}")
    assert told[4]["reverses"] == 4


def test_csv_has_a_row_for_each_line_money_as_numbers_and_no_formula(kept: Desk) -> None:
    found = rows(kept("export", "csv", CODE, "--book", "POOL", "--narratives").out)
    assert [(row["number"], row["account"], row["amount"], row["reverses"]) for row in found] == [
        ("2", "Assets:Debtors:OCC", "50.00", ""), ("2", "Liabilities:Contributions in advance:OCC:dfg", "-50.00", ""),
        ("3", "Expenditure:care", "10.01", ""), ("3", "Liabilities:Creditors:a.b_c", "-10.01", ""),
        ("4", "Liabilities:Creditors:a.b_c", "10.01", ""), ("4", "Assets:Cash", "-10.01", ""),
        ("5", "Assets:Cash", "10.01", "4"), ("5", "Liabilities:Creditors:a.b_c", "-10.01", "4"),
    ]  # fmt: skip
    assert {row["reference"] for row in found} == {"#2", f"'{HOSTILE}", "#4", "#5"}
    assert found[2]["document"] == f"'{HOSTILE}"
    assert found[2] | {"document": "", "reference": ""} == {
        "arrangement": CODE, "number": "3", "book": "POOL", "posted_on": "2013-06-01", "effective_on": "2013-06-01",
        "recorded_at": "2013-07-01T09:00:03.000000Z", "actor": "finance.officer", "type": "ExpenditureIncurred",
        "reference": "", "document": "", "account": "Expenditure:care", "amount": "10.01", "reverses": "",
        "narrative": f"For Mrs Jones {HOSTILE}",
    }  # fmt: skip


def test_parquet_has_the_same_rows_with_types(kept: Desk) -> None:
    needed("pyarrow", "pip install 'poolbook[parquet]'")
    import pyarrow.parquet as parquet

    assert kept("export", "parquet", CODE, "--output", "out.parquet") == (0, "", "")
    found = parquet.read_table(kept.folder / "out.parquet").to_pylist()
    texts = rows(kept("export", "csv", CODE).out)
    assert [str(row["amount"]) for row in found] == [row["amount"] for row in texts]
    assert list(found[0]) == list(texts[0])
    cost = found[4]
    assert (cost["amount"], cost["posted_on"], cost["reverses"]) == (Decimal("10.01"), date(2013, 6, 1), None)
    assert cost["recorded_at"] == datetime.fromisoformat("2013-07-01T09:00:03+00:00")
    assert cost["reference"] == HOSTILE


def test_parquet_without_pyarrow_says_how_to_get_it(kept: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    done = kept("export", "parquet", CODE, "--output", "out.parquet")
    assert (done.code, done.out) == (1, "")
    assert "pip install 'poolbook[parquet]'" in done.err
    assert not (kept.folder / "out.parquet").exists()


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("csv", "poool"), 1, "Did you mean pool?"),
        (("csv",), 2, "Name one ARRANGEMENT, or say --all."),
        (("csv", CODE, "--all"), 2, "Name one ARRANGEMENT, or say --all."),
        (("csv", CODE, "--book", "OCCC"), 1, "OCCC is no body with a book in pool"),
        (("csv", "--all", "--book", "NOBODY"), 1, "NOBODY is no body with a book in pool: there are POOL, OCC, OCCG."),
        (("csv", CODE, "--as-at", "yesterday"), 2, "is not a date"),
        (("csv", CODE, "--as-known", "then"), 2, "neither a moment in UTC"),
        (("csv", CODE, "--output", "poolbook.db"), 1, "poolbook.db exists already: nothing was written. Name a new file."),
        (("csv", CODE, "--output", "no/such/folder.csv"), 3, "cannot be made: No such file or directory."),
        (("parquet", CODE), 2, "Missing option '--output'"),
        (("excel", CODE), 2, "There is no poolbook export excel"),
    ],
)
def test_what_cannot_be_exported_is_told(kept: Desk, words: tuple[str, ...], code: int, says: str) -> None:
    before = kept.bytes()
    done = kept("export", *words)
    assert (done.code, done.out) == (code, "")
    assert says.casefold() in done.err.casefold(), done.err
    assert kept.bytes() == before


def test_what_was_not_known_yet_is_not_there(kept: Desk) -> None:
    assert rows(kept("export", "csv", CODE, "--as-known", "#1").out) == []
    assert kept("export", "csv", "--all", "--as-known", "2000-01-01").code == 0
    assert {row["number"] for row in rows(kept("export", "csv", CODE, "--as-known", "#2").out)} == {"2"}
    assert {row["number"] for row in rows(kept("export", "csv", CODE, "--as-at", "2013-07-01").out)} == {"2", "3", "4"}


def test_a_file_that_could_not_be_finished_is_taken_away(kept: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def cut_short(*_: object) -> Iterator[str]:
        yield "half"
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("projections.exports.plain_text.plain_text", cut_short)
    assert kept("export", "hledger", CODE, "--output", "out.journal").code == 70
    assert not Path("out.journal").exists()


def test_entries_are_written_as_they_come() -> None:
    event = Books("lead_body").record("income", scheme="care", amount=1)
    taken: list[int] = []

    def entries() -> Iterator[Posted]:
        for number in range(1_000):
            taken.append(number)
            yield Posted(event, "POOL", event.effective_on, [("Assets:Cash", 1), ("Income:Other:care", -1)], "")

    text = plain_text(entries(), [], HLEDGER)
    assert next(chunk for chunk in text if chunk.startswith("2013-06-01 (2) CashIncomeReceived"))
    assert taken == [0]
