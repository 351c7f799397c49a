"""What a recording command says back: the fact, its postings, and what became of a record made earlier."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from commands.receipt import say_receipt
from ledger.application import Receipt
from ledger.store.encoding import decode
from tests.commands.desk import Desk
from tests.ledger.test_golden import FILES

GOLDEN = Path(__file__).parent / "golden" / "receipts"
BOOKS = ("POOL", "ACME", "JV", "OCCG", "OCC")
"""An order that is not that of the alphabet, so that it shows."""

DUE = ("contribution", "due", "pool", "--party", "OCCG", "--amount", "5", "--on", "2013-06-01", "--reference", "D-1")
REVERSE = ("reverse", "pool", "--reason", "keyed twice", "--on", "2013-06-02")
SINCE = "has reversed it since, and nothing was recorded now: to record it again, give it another reference."


@pytest.mark.parametrize("name", FILES)
def test_a_receipt_says_of_every_type_of_event_what_it_always_said(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    event = decode(FILES[name])
    for form in ("table", "csv", "json"):
        say_receipt(Receipt(event.arrangement, [event], BOOKS), form)
    said = capsys.readouterr().out
    golden = GOLDEN / f"{name}.txt"
    if os.environ.get("POOLBOOK_GOLDEN") == "add" and not golden.exists():
        golden.write_text(said)
    assert said == golden.read_text(), "make it with POOLBOOK_GOLDEN=add"


def test_every_golden_receipt_is_of_an_event() -> None:
    assert {path.stem for path in GOLDEN.glob("*")} == set(FILES)


@pytest.mark.parametrize("number", ["2", "#2", "#002"])
def test_a_reversal_names_what_it_reverses(desk: Desk, number: str) -> None:
    desk.made(before=[("contribution_due", {"party": "OCCG", "amount": 5_00})])
    done = desk(*REVERSE, number)
    assert (done.code, done.out.splitlines()[:2]) == (0, [
        "Recorded #3 in pool: FactReversed of 2013-06-02, reference #3.",
        "  reverses #2, ContributionDue: party OCCG; amount £5.00",
    ])  # fmt: skip
    (told,) = desk(*REVERSE, "3", "--format", "json").json["events"]
    assert (told["fact"]["reverses"], told["fact"]["fact"]["type"]) == (3, "FactReversed")


@pytest.mark.parametrize("number", ["0", "#0", "-1", "two", "2.0", "#", "٣", "9" * 19])
def test_what_is_no_number_of_an_event_is_wrong_usage(desk: Desk, number: str) -> None:
    done = desk.made()(*REVERSE, "--", number)
    assert (done.code, done.out) == (2, "")
    assert "is not the number of an event: write it like 17 or #17." in done.err


def test_a_record_repeated_after_its_reversal_is_told_with_what_to_do(desk: Desk) -> None:
    desk.made()
    assert desk(*DUE).code == 0
    assert desk(*REVERSE, "2").code == 0
    before = desk.bytes()
    done = desk(*DUE)
    assert (done.code, done.err) == (0, "")
    assert done.out.splitlines()[:2] == [
        "Recorded earlier #2 in pool: ContributionDue of 2013-06-01, reference D-1.", f"  #3 {SINCE}",
    ]  # fmt: skip
    (told,) = desk(*DUE, "--format", "json").json["events"]
    assert told["reversed_by"] == 3
    assert desk(*DUE, "--format", "csv").err == f"#2: #3 {SINCE}\n"
    assert desk.bytes() == before


def test_a_record_whose_reversal_was_reversed_stands_again(desk: Desk) -> None:
    desk.made()
    desk(*DUE)
    desk(*REVERSE, "2")
    desk(*REVERSE, "3")
    assert SINCE not in desk(*DUE).out
    (told,) = desk(*DUE, "--format", "json").json["events"]
    assert told["reversed_by"] is None
    assert desk(*REVERSE, "4").code == 0
    assert f"#5 {SINCE}" in desk(*DUE).out


def test_books_are_told_in_the_agreements_order_the_pools_first(desk: Desk) -> None:
    desk.made("charge")
    done = desk("recharge", "raise", "pool", "--scheme", "care", "--amount", "5", "--on", "2013-06-01")
    assert [line.split()[0] for line in done.out.splitlines()[2:]] == ["JV", "JV", "JV", "JV", "OCC", "OCC", "OCCG", "OCCG"]


@pytest.mark.parametrize("form", ["table", "json"])
def test_a_dry_run_says_the_fact_too(desk: Desk, form: str) -> None:
    desk.made()
    given = ("--year", "2013/14", "--scheme", "care", "--party", "OCC", "--amount", "7.50", "--provisional")
    done = desk("budget", "set", "pool", *given, "--on", "2013-06-01", "--dry-run", "--format", form)
    if form == "json":
        assert done.json["events"][0]["fact"] == {
            "year": "2013/14", "scheme": "care", "party": "OCC", "amount": "7.50", "provisional": True,
        }  # fmt: skip
    else:
        assert done.out.splitlines()[1:] == [
            "  year 2013/14; scheme care; party OCC; amount £7.50; provisional", "  Nothing is posted by it.",
        ]  # fmt: skip
