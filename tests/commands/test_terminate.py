"""`terminate` and `report final` at the command line: the preview's JSON, plans as files, the page that parties sign."""

from __future__ import annotations

import csv
import io
import os
from contextlib import closing
from pathlib import Path

import pytest

from tests import given
from tests.commands.desk import Desk
from tests.ledger.test_completion import worked

GOLDEN = Path(__file__).parent / "golden"
END = ("--on", "2014-03-31")
PREVIEW = ("terminate", "preview", "pool", *END)
COMPLETE = ("terminate", "complete", "pool", *END)


@pytest.fixture
def pool(desk: Desk) -> Desk:
    """A desk with the worked example of the accounting rules."""
    with closing(given.new_ledger(desk.path)) as ledger:
        worked(ledger)
    return desk


def _golden(name: str, form: str, said: str) -> None:
    golden = GOLDEN / f"{name}.{form.replace('table', 'txt')}"
    if os.environ.get("POOLBOOK_GOLDEN") == "add" and not golden.exists():
        golden.write_text(said)
    assert said == golden.read_text()


@pytest.mark.parametrize("form", ["json", "csv", "table"])
def test_a_preview_says_what_it_always_said_and_changes_nothing(pool: Desk, form: str) -> None:
    before = pool.bytes()
    said = pool(*PREVIEW, "--format", form)
    assert (said.code, said.err) == (0, "")
    assert pool.bytes() == before
    _golden("terminate_preview", form, said.out)


@pytest.mark.parametrize("form", ["json", "csv", "table"])
def test_the_final_account_says_what_it_always_said(pool: Desk, form: str) -> None:
    assert pool("terminate", "notice", "pool", "--party", "OCCG", "--on", "2013-07-01", "--ends", "2014-01-01").code == 0
    assert pool(*COMPLETE, "--reference", "END").code == 0
    said = pool("report", "final", "pool", "--format", form)
    assert (said.code, said.err) == (0, "")
    _golden("final_account", form, said.out)
    assert pool("report", "final", "--all", "--format", form).code == 0


def test_the_previews_json_has_what_scripts_read(pool: Desk) -> None:
    found = pool(*PREVIEW, "--format", "json").json
    read = ("assets", "liabilities", "entitlements", "payments", "survivors", "net_worth")
    assert {name: found[name] for name in read} == {
        "assets": [{
            "code": "van", "value": "48.00", "carried": "48.00", "then": "shares", "to": "",
            "shares": [{"party": "OCC", "amount": "28.80"}, {"party": "OCCG", "amount": "19.20"}],
        }],
        "liabilities": [{
            "code": "pay", "value": "30.00", "then": "shares", "to": "",
            "shares": [{"party": "OCC", "amount": "15.00"}, {"party": "OCCG", "amount": "9.00"},
                       {"party": "VOL", "amount": "6.00"}],
        }],
        "entitlements": [
            {"party": "OCC", "owed_by_pool": "75.00", "assets": "28.80", "liabilities": "15.00", "residual": "15.00",
             "total": "103.80"},
            {"party": "OCCG", "owed_by_pool": "45.00", "assets": "19.20", "liabilities": "9.00", "residual": "9.00",
             "total": "64.20"},
            {"party": "VOL", "owed_by_pool": "30.00", "assets": "0.00", "liabilities": "6.00", "residual": "6.00",
             "total": "30.00"},
        ],
        "payments": [
            {"payer": "POOL", "payee": "OCC", "amount": "90.00"}, {"payer": "POOL", "payee": "OCCG", "amount": "54.00"},
            {"payer": "POOL", "payee": "VOL", "amount": "36.00"},
        ],
        "survivors": [],
        "net_worth": "198.00",
    }  # fmt: skip
    assert (found["arrangement"], found["on"], found["events"], found["blockers"]) == ("pool", "2014-03-31", 14, [])


def test_a_plan_is_written_changed_previewed_again_and_carried_out(pool: Desk) -> None:
    done = pool(*PREVIEW, "--output", "plan.toml")
    assert "The plan is in plan.toml" in done.err
    text = (pool.folder / "plan.toml").read_text()
    assert '[[asset]]\ncode = "van"\nvalue = "48.00"          # carried at 48.00\nthen = "shares"' in text
    changed = text.replace('value = "48.00"', 'value = "60.00"').replace(
        '# carried at 48.00\nthen = "shares"', 'then = "in_kind"\nto = "OCCG"', 1
    )  # fmt: skip
    pool.file("plan.toml", changed.replace('"60.00"          then', '"60.00"\nthen'))
    again = pool(*PREVIEW, "--plan", "plan.toml", "--output", "again.toml", "--format", "json").json
    # 60 at 3:2 is 36 and 24, 12 more in all: OCCG is entitled to 69.00, and takes the van of 60 and 9 of the provision.
    assert [each["total"] for each in again["entitlements"]] == ["111.00", "69.00", "30.00"]
    assert again["payments"][1] == {"payer": "POOL", "payee": "OCCG", "amount": "18.00"}
    assert 'then = "in_kind"\nto = "OCCG"' in (pool.folder / "again.toml").read_text()
    done = pool(*COMPLETE, "--plan", "again.toml", "--reference", "END")
    assert done.code == 0, done.err
    assert pool.events()[-1].reference == "END"
    final = pool("report", "final", "pool", "--format", "json").json
    assert final["assets"][0]["to"] == "OCCG"
    balances = pool("report", "balances", "pool", "--format", "json").json["books"]
    assert balances[0] == {"book": "POOL", "accounts": []}


REFUSED = {
    "a plan that is there": ((*PREVIEW, "--output", "facts.csv"), 1, "facts.csv exists already"),
    "a plan where nobody may write": ((*PREVIEW, "--output", "no/where/plan.toml"), 1, "cannot be written"),
    "a plan that is none": ((*COMPLETE, "--plan", "facts.csv"), 4, "facts.csv:1"),
    "a plan that is nowhere": ((*COMPLETE, "--plan", "none.toml"), 4, "the file cannot be read"),
    "an unknown arrangement": (("terminate", "preview", "pol", *END), 1, "did you mean pool?"),
    "no final account yet": (("report", "final", "pool"), 1, "poolbook terminate complete pool"),
    "a ratio that is none": (
        ("terminate", "adjust", "pool", "cash", "--amount", "1", "--whose", "OCC"), 2, "each party once, like OCC=3,OCCG=2"
    ),
    "a stranger bears it": (
        ("terminate", "adjust", "pool", "cash", "--amount", "1", "--whose", "ACC=1"), 1, "has not been completed"
    ),
    "an end before the facts": (
        ("terminate", "complete", "pool", "--on", "2013-05-31"), 1, "facts after the end: POOL has postings up to 2013-06-01"
    ),
    "no day": (("terminate", "complete", "pool", "--on", "31.3.2014"), 2, "is not a date"),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_refused_leaves_the_ledger_as_it_was(pool: Desk, case: str) -> None:
    words, code, said = REFUSED[case]
    pool.csv()
    before = pool.bytes()
    done = pool(*words)
    assert (done.code, said in done.err) == (code, True), done.err
    assert pool.bytes() == before


def test_a_plan_holds_only_while_the_books_have_not_moved(pool: Desk) -> None:
    pool(*PREVIEW, "--output", "plan.toml")
    with closing(given.Ledger.open(pool.path)) as ledger:
        given.record(ledger, "income", scheme="care", amount=5_00)
    before = pool.bytes()
    for words in (PREVIEW, COMPLETE):
        done = pool(*words, "--plan", "plan.toml")
        assert done.code == 1
        assert "the books have moved since:\n  #15 CashIncomeReceived of 2013-06-01\nPreview again" in done.err
    assert pool.bytes() == before


def test_what_survives_is_shown_adjusted_and_shown_again(pool: Desk) -> None:
    pool(*PREVIEW, "--output", "plan.toml")
    text = (pool.folder / "plan.toml").read_text()
    pool.file("plan.toml", text.replace('# amount = "30.00"\nthen = "shares"', 'then = "hold"'))
    assert pool(*COMPLETE, "--plan", "plan.toml").code == 0
    done = pool("terminate", "adjust", "pool", "liability pay", "--amount=-10", "--on", "2014-09-01", "--whose", "OCC=1")
    assert done.code == 0, done.err
    survivors = pool("report", "final", "pool", "--format", "json").json["survivors"]
    assert [(each["name"], each["account"], each["amount"], each["now"]) for each in survivors] == [
        ("liability pay", "Liabilities:Provisions:pay", "-30.00", "-20.00"),
        ("liability pay", "Assets:Cash", "30.00", "30.00"),
    ]  # fmt: skip
    assert "Liabilities:Provisions:pay" in pool("report", "final", "pool").out


def test_a_dry_run_shows_every_step_and_records_none(pool: Desk) -> None:
    before = pool.bytes()
    done = pool(*COMPLETE, "--dry-run")
    assert done.code == 0
    assert [line.split()[5] for line in done.out.splitlines() if line.startswith("Would record")][:3] == [
        "ArrangementCompleted", "AssetDivided", "LiabilityAssumed"
    ]  # fmt: skip
    assert pool.bytes() == before


def test_the_csv_adds_up(pool: Desk) -> None:
    rows = list(csv.DictReader(io.StringIO(pool(*PREVIEW, "--format", "csv").out)))
    total = [row for row in rows if (row["of"], row["figure"]) == ("entitlement", "total")]
    assert [(row["party"], row["amount"]) for row in total] == [("OCC", "103.80"), ("OCCG", "64.20"), ("VOL", "30.00")]
    assert [row["amount"] for row in rows if row["of"] == "net_worth"] == ["198.00"]


@pytest.mark.parametrize("kind", ["aligned", "commissioned"])
def test_a_kind_without_a_pool_says_that_everybody_keeps_its_own(desk: Desk, kind: str) -> None:
    desk.made(kind, before=[("asset_acquired", {"asset": "van", "scheme": "care", "counterparty": "SUP", "amount": 60_00,
                                                "party": "OCC"})])  # fmt: skip
    said = desk("terminate", "preview", "pool", *END).out
    assert "keeps what is its own" in said
    assert "asset van  OCC" in said
    document = desk("terminate", "preview", "pool", *END, "--format", "json").json
    assert (document["assets"], document["payments"], document["net_worth"]) == ([], [], "0.00")
    assert document["kept"] == [{"kind": "asset", "code": "van", "holder": "OCC", "value": "60.00"}]
    assert desk(*COMPLETE).code == 0
    assert desk("report", "final", "pool").code == 0
