"""The reports from the command line: their shapes frozen, every text escaped, the ledger never changed."""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

import msgspec
import pytest

from commands.main import run
from commands.report import report as group
from ledger.application import Ledger
from ledger.requests import Request
from projections.columns import FLAT
from tests.projections.conftest import WHO, Books

GOLDEN = Path(__file__).parent / "golden"
SAID = set(group.commands) - {"workbook", "board"}
"""The reports that are said in every format; the others are files."""

ASKED = {
    "balances": ["balances", "pool", "--as-at", "2013-12-31"],
    "balances_all": ["balances", "--all"],
    "balances_as_known": ["balances", "pool", "--book", "POOL", "--as-known", "#6"],
    "accounts": ["accounts", "pool", "--party", "OCCG", "--from", "2013-05-01", "--to", "2014-03-31"],
    "journal": ["journal", "pool", "--book", "POOL", "--to", "2013-06-30"],
    "statement": ["statement", "pool", "POOL", "--year", "2013/14"],
    "statement_statutory": ["statement", "pool", "OCC", "--year", "2013/14", "--statutory"],
    "memorandum": ["memorandum", "pool", "--year", "2013/14"],
    "memorandum_trace": ["memorandum", "pool", "--year", "2013/14", "--trace"],
    "outturn": ["outturn", "pool", "--year", "2013/14", "--as-at", "2013-12-31"],
    "outturn_against": ["outturn", "pool", "--year", "2013/14", "--as-known", "#6", "--against", "#9"],
    "assets": ["assets", "pool", "--disposed"],
    "contributions": ["contributions", "pool", "--as-at", "2013-12-31"],
    "debtors": ["debtors", "pool", "--as-at", "2013-12-31"],
    "creditors": ["creditors", "pool", "--as-at", "2013-12-31"],
    "disputes": ["disputes", "pool", "--as-at", "2014-05-01"],
    "responsibilities": ["responsibilities", "pool"],
    "partner-statement": ["partner-statement", "pool", "OCCG", "--from", "2013-04-02", "--to", "2014-03-31"],
    "performance": ["performance", "pool", "--period", "2013/14-Q1"],
}
"""Golden file → what is asked."""


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger with a pool that has a bit of everything, and homes commissioned jointly."""
    made = Books(tmp_path_factory.mktemp("reports") / "poolbook.db")
    made.sign("commissioned", "homes")
    made.record("bill", "04-30", scheme="care", amount="1000.01")
    made.sign("lead_body")
    made.record("contribution_due", "04-01", party="OCC", amount="500")
    made.record("contribution_due", "04-01", party="OCCG", amount="300")
    made.record("contribution_received", "05-02", party="OCCG", amount="320", document="BACS-7")
    made.record("expenditure", "05-10", scheme="care", amount="890", counterparty="SUP", document="INV-1")
    wrong = made.record("expenditure", "05-11", scheme="care", amount="12.34", counterparty="SUP", document="INV-2")
    made.record("expenditure", "06-01", scheme="care", amount="100", counterparty="OCC")
    made.reverse(wrong, "2013-06-02")
    made.record("payment", "06-30", amount="400", counterparty="SUP", document="INV-1")
    made.record("income", "07-01", scheme="care", amount="40")
    made.record("asset_acquired", "07-02", asset="van", scheme="care", amount="60", counterparty="SUP")
    made.record("asset_depreciated", "08-01", asset="van", amount="12")
    made.record("asset_acquired", "08-02", asset="bed", scheme="care", amount="9", counterparty="SUP")
    made.record("asset_disposed", "09-01", asset="bed", amount="10", counterparty="DEALER")
    made.record("recharge", "09-30", scheme="care", amount="950.01")
    made.record("contribution_in_kind", "10-01", party="OCCG", amount="25", scheme="care")
    made.ledger.close()
    return made.path


@pytest.fixture
def path(written: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The test's own copy of that ledger, which every command finds."""
    copy = tmp_path / "poolbook.db"
    shutil.copy(written, copy)
    monkeypatch.setenv("POOLBOOK_LEDGER", str(copy))
    return copy


class Desk:
    """Somebody at the command line."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    def ask(self, *arguments: str, exits: int = 0) -> str:
        """What a report says on stdout; on stderr where it ends otherwise than well."""
        with pytest.raises(SystemExit) as left:
            run(["report", *arguments])
        out, err = self._capsys.readouterr()
        assert left.value.code == exits, err
        return out if exits == 0 else err

    def document(self, *arguments: str) -> Any:
        """A report's JSON."""
        return json.loads(self.ask(*arguments, "--format", "json"))

    def rows(self, *arguments: str) -> list[dict[str, str]]:
        """A report's CSV."""
        return list(csv.DictReader(io.StringIO(self.ask(*arguments, "--format", "csv"))))


@pytest.fixture
def desk(capsys: pytest.CaptureFixture[str]) -> Desk:
    """Somebody at the command line."""
    return Desk(capsys)


@pytest.mark.parametrize("form", ["json", "csv", "table"])
@pytest.mark.parametrize("name", ASKED)
def test_a_report_says_what_it_always_said(path: Path, desk: Desk, name: str, form: str) -> None:
    before = sha256(path.read_bytes()).hexdigest()
    said = desk.ask(*ASKED[name], "--format", form)
    assert sha256(path.read_bytes()).hexdigest() == before
    golden = GOLDEN / f"report_{name}.{form.replace('table', 'txt')}"
    if os.environ.get("POOLBOOK_GOLDEN") == "add" and not golden.exists():
        golden.write_text(said)
    assert said == golden.read_text()


def test_every_golden_file_is_asked_for() -> None:
    expected = {f"report_{name}.{ending}" for name in ASKED for ending in ("json", "csv", "txt")}
    assert {path.name for path in GOLDEN.glob("report_*")} == expected


@pytest.mark.usefixtures("path")
def test_every_report_has_a_golden_file_and_takes_all(desk: Desk) -> None:
    assert {arguments[0] for arguments in ASKED.values()} == SAID - {"final"}  # it is of what has ended: test_terminate.py
    year = ["--year", "2013/14"]
    needed = {"statement": ["OCC"], "memorandum": year, "outturn": year, "performance": ["--period", "2013/14-Q2"],
              "partner-statement": ["OCC"]}  # fmt: skip
    for name in sorted(SAID - {"final"}):
        more = needed.get(name, [])
        said = desk.ask(name, *more, "--all")
        assert "homes" in said
        assert "pool" in said
        assert [each["arrangement"] for each in desk.document(name, *more, "--all")] == ["homes", "pool"]
        alone = desk.document(name, "pool", *more)
        assert alone == desk.document(name, *more, "--all")[1]
        assert {row["arrangement"] for row in desk.rows(name, *more, "--all")} <= {"homes", "pool"}


@pytest.mark.usefixtures("path")
def test_the_figures_of_every_format_are_the_same(desk: Desk) -> None:
    document = desk.document("balances", "pool")
    flat = [(book["book"], line["account"], line["balance"]) for book in document["books"] for line in book["accounts"]]
    assert [(row["book"], row["account"], row["balance"]) for row in desk.rows("balances", "pool")] == flat


@pytest.mark.usefixtures("path")
def test_now_as_at_and_as_known_agree_from_the_command_line(desk: Desk) -> None:
    now = desk.document("balances", "pool")
    for question in (["--as-at", "2099-12-31"], ["--as-known", "#9999"], ["--as-known", "2099-12-31"]):
        other = desk.document("balances", "pool", *question)
        assert (other["books"], other["events"]) == (now["books"], now["events"])


def test_an_empty_ledger_has_empty_reports(tmp_path: Path, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    Books(tmp_path / "empty.db").ledger.close()
    monkeypatch.setenv("POOLBOOK_LEDGER", str(tmp_path / "empty.db"))
    year = ["--year", "2013/14"]
    needed = {"memorandum": year, "outturn": year, "performance": ["--period", "2013/14-Q2"]}
    for name in [name for name, made in group.commands.items() if "every" in [option.name for option in made.params]]:
        if name in ("statement", "partner-statement"):
            assert "which has none." in desk.ask(name, "OCC", "--all", exits=1)
            continue
        more = needed.get(name, [])
        assert desk.document(name, *more, "--all") == []
        assert desk.ask(name, *more, "--all", "--format", "csv") == f"{','.join(FLAT[name])}\n"
        assert desk.ask(name, *more, "--all").startswith("No agreement has been signed: begin with")
    for more, name in ((["--trace"], "memorandum_trace"), (["--as-known", "#1", "--against", "#2"], "outturn_against")):
        header = (GOLDEN / f"report_{name}.csv").read_text().splitlines()[0]
        assert desk.ask(name.partition("_")[0], *year, *more, "--all", "--format", "csv") == f"{header}\n"


@pytest.mark.usefixtures("path")
@pytest.mark.parametrize(
    ("arguments", "exits", "says"),
    [
        (["balances"], 2, "Name one ARRANGEMENT, or say --all."),
        (["balances", "pool", "--all"], 2, "Name one ARRANGEMENT, or say --all."),
        (["balances", "pol"], 1, "There is no arrangement pol in this ledger; did you mean pool?"),
        (["balances", "pool", "--book", "OCH"], 1, "OCH is no body with a book in pool; did you mean OCC?"),
        (["balances", "pool", "--as-at", "2013-02-30"], 2, "2013-02-30 is a day that does not exist."),
        (["balances", "pool", "--as-known", "yesterday"], 2, "neither a moment in UTC"),
        (["statement", "pool"], 2, "Name the BODY whose accounts are asked for."),
        (["statement", "--all"], 2, "Name the BODY whose accounts are asked for."),
        (["statement", "pool", "OCC", "--year", "2013/14", "--as-at", "2013-05-01"], 2, "Name the period once"),
        (["statement", "pool", "OCC", "--year", "2014"], 1, "is not a financial year here: write it like 2013/14."),
        (["statement", "pool", "OCCG", "--statutory"], 1, "leave --statutory out, or name OCC."),
        (["memorandum", "pool"], 2, "Missing option '--year'"),
        (["memorandum", "pool", "--year", "2014"], 1, "is not a financial year here: write it like 2013/14."),
        (["outturn", "pool", "--year", "2013-14"], 1, "is not a financial year here: write it like 2013/14."),
        (["outturn", "pool", "--year", "2013/14", "--against", "then"], 2, "neither a moment in UTC"),
        (["accounts", "pool", "--account", "Asets:Cash"], 1, "did you mean Assets:Cash?"),
        (["debtor", "pool"], 2, "did you mean debtors?"),
        (["journal", "pool", "--from", "2014-01-01", "--to", "2013-12-31"], 2, "is after --to 2013-12-31: turn them round."),
        (
            ["accounts", "--all", "--from", "2014-01-01", "--to", "2013-12-31"],
            2,
            "--from 2014-01-01 is after --to 2013-12-31",
        ),
        (["statement", "pool", "OCC", "--from", "2014-01-01", "--to", "2013-12-31"], 2, "--from 2014-01-01 is after --to"),
    ],
)
def test_what_cannot_be_answered_says_why(desk: Desk, arguments: list[str], exits: int, says: str) -> None:
    said = desk.ask(*arguments, exits=exits)
    assert says in " ".join(said.split())


def test_hostile_text_is_shown_by_its_numbers_and_runs_nowhere(path: Path, desk: Desk) -> None:
    # Poolbook refuses such text; a ledger written by another program may hold it all the same.
    paper = "=HYPERLINK(1)\u202e\x1b[31m\n"
    ledger = Ledger.open(path)
    stamped = ledger.stamped

    def forged(*args: Any, **kwargs: Any) -> Any:
        event, texts = stamped(*args, **kwargs)
        return msgspec.structs.replace(event, document=paper, reference="@SUM(A1)"), texts

    ledger.stamped = forged  # type: ignore[method-assign]
    request = Request(type="expenditure", effective_on=date(2013, 5, 1), scheme="care", amount=1, counterparty="EVIL")
    ledger.record("pool", request, WHO)
    ledger.close()
    for asked in (["journal", "pool"], ["accounts", "pool", "--party", "EVIL"]):
        for form in ("table", "csv", "json"):
            said = desk.ask(*asked, "--format", form)
            assert not {"\u202e", "\x1b"} & set(said)
        row = next(row for row in desk.rows(*asked) if "HYPERLINK" in row["document"])
        assert row["document"] == "'=HYPERLINK(1)\\u202e\\u001b[31m\\u000a"
        assert row["reference"] == "'@SUM(A1)"
    line = desk.document("accounts", "pool", "--party", "EVIL")["accounts"][0]["lines"][0]
    assert (line["document"], line["reference"]) == (paper, "@SUM(A1)")


def test_the_page_of_shapes_names_the_columns_of_every_csv() -> None:
    page = (Path(__file__).parents[2] / "docs" / "json.md").read_text(encoding="utf-8")
    for name in sorted(SAID):
        (section,) = [part for part in page.split("\n## ") if f"report {name}" in part.splitlines()[0]]
        golden = GOLDEN / ("final_account.csv" if name == "final" else f"report_{name}.csv")
        assert f"`{golden.read_text().splitlines()[0]}`" in section
