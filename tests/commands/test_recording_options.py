"""What every recording command takes beside its fact: who, when, under which reference, with what paper and proof."""

from __future__ import annotations

import getpass
from datetime import date
from hashlib import sha256
from pathlib import Path

import pytest

from tests import given
from tests.commands.desk import Desk

COST = ("expenditure", "incur", "pool", "--scheme", "care", "--counterparty", "SUP", "--amount", "10", "--on", "2013-06-01")
SIGN = ("agreement", "sign", "agreement.toml")
REVERSE = ("reverse", "pool", "2", "--reason", "Wrong supplier", "--on", "2013-06-02")


@pytest.fixture
def ready(desk: Desk) -> Desk:
    """A desk whose arrangement has one cost recorded."""
    return desk.made(before=[("expenditure", {"scheme": "care", "counterparty": "SUP", "amount": 100_00})])


def recorded_by(desk: Desk) -> str:
    """Who recorded the last event."""
    return desk.events()[-1].actor


def test_the_actor_is_the_one_named_then_the_environment_then_the_login(ready: Desk, monkeypatch: pytest.MonkeyPatch):
    assert ready(*COST, "--as", "J. Smith").code == 0
    assert recorded_by(ready) == "J. Smith"
    monkeypatch.setenv("POOLBOOK_ACTOR", "council.officer")
    assert ready(*COST).code == 0
    assert recorded_by(ready) == "council.officer"
    monkeypatch.setenv("POOLBOOK_ACTOR", "")
    monkeypatch.setenv("LOGNAME", "asmith")
    assert ready(*COST).code == 0
    assert recorded_by(ready) == "asmith"
    for name in ("POOLBOOK_ACTOR", "LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(getpass, "getuser", lambda: "login.name")
    assert ready(*COST).code == 0
    assert recorded_by(ready) == "login.name"


def test_where_nobody_can_be_named_the_command_asks_who(ready: Desk, monkeypatch: pytest.MonkeyPatch):
    def nobody() -> str:
        raise KeyError("getpwuid(): uid not found: 4711")

    for name in ("POOLBOOK_ACTOR", "LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(getpass, "getuser", nobody)
    before = ready.bytes()
    done = ready(*COST)
    assert (done.code, done.out) == (2, "")
    assert "--as" in done.err
    assert ready.bytes() == before


@pytest.mark.parametrize("words", [COST, REVERSE], ids=["fact", "reversal"])
@pytest.mark.parametrize("blank", ["", " "], ids=["empty", "blank"])
def test_an_actor_is_never_nobody(ready: Desk, words: tuple[str, ...], blank: str):
    before = ready.bytes()
    assert ready(*words, "--as", blank).code == 2
    assert ready.bytes() == before


@pytest.mark.parametrize("words", [COST, REVERSE], ids=["fact", "reversal"])
def test_the_same_again_under_its_reference_was_recorded_earlier(ready: Desk, words: tuple[str, ...]):
    assert ready(*words, "--reference", "INV-1", "--as", "first", "--narrative", "the first time").code == 0
    before = ready.bytes()
    done = ready(*words, "--reference", "INV-1", "--as", "second", "--narrative", "another time")
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("Recorded earlier #3 in pool: ")
    assert ready(*words, "--reference", "INV-1", "--format", "json").json["earlier"] is True
    assert ready(*words, "--reference", "INV-1", "--dry-run").out.startswith("Recorded earlier #3")
    assert ready.bytes() == before


@pytest.mark.parametrize("words", [COST, REVERSE], ids=["fact", "reversal"])
@pytest.mark.parametrize("other", [("--on", "2013-06-03"), ("--document", "Invoice 8")], ids=["date", "document"])
def test_other_content_under_a_reference_is_refused(ready: Desk, words: tuple[str, ...], other: tuple[str, ...]):
    assert ready(*words, "--reference", "INV-1").code == 0
    before = ready.bytes()
    done = ready(*words, "--reference", "INV-1", *other)
    assert (done.code, done.out) == (1, "")
    assert "pool has INV-1 already: #3" in done.err
    assert ready.bytes() == before


def test_other_evidence_under_a_reference_is_refused(ready: Desk):
    ready.file("a.pdf", "one")
    ready.file("b.pdf", "two")
    assert ready(*COST, "--reference", "INV-1", "--evidence", "a.pdf").code == 0
    assert ready(*COST, "--reference", "INV-1", "--evidence", "a.pdf").code == 0
    assert ready(*COST, "--reference", "INV-1", "--evidence", "b.pdf").code == 1
    assert ready(*COST, "--reference", "INV-1").code == 1


def test_a_reference_is_unique_over_all_types_of_an_arrangement_and_only_there(desk: Desk):
    desk.made("lead_body", "other")
    assert desk(*COST, "--reference", "INV-1").code == 0
    pay = ("expenditure", "pay", "pool", "--counterparty", "SUP", "--amount", "10", "--on", "2013-06-01")
    assert desk(*pay, "--reference", "INV-1").code == 1
    assert desk("expenditure", "incur", "other", *COST[3:], "--reference", "INV-1").code == 0
    assert [event.reference for event in desk.events("other")] == ["#1", "INV-1"]


@pytest.mark.parametrize("words", [COST, REVERSE, SIGN], ids=["fact", "reversal", "signing"])
@pytest.mark.parametrize("reference", ["#2", "#", "#anything", "x" * 201, "a\x1bb", "a\u202eb", "a\nb"])
def test_a_reference_that_may_not_be_is_wrong_usage(ready: Desk, words: tuple[str, ...], reference: str):
    before = ready.bytes()
    done = ready(*words, "--reference", reference)
    assert (done.code, done.out) == (2, "")
    assert "--reference" in done.err
    assert ready.bytes() == before


def test_what_a_fact_says_and_proves_is_kept_with_it(ready: Desk):
    content = b"%PDF-1.4 an invoice" * 200_000
    ready.file("invoice.pdf", content)
    done = ready(*COST, "--document", "Invoice 7", "--narrative", "für Frau Jönes", "--evidence", "invoice.pdf")
    assert done.code == 0
    event = ready.events()[-1]
    assert event.evidence == sha256(content).hexdigest()
    assert event.document == "Invoice 7"
    assert ready.text(event) == "für Frau Jönes"
    assert "Jönes" not in str(event)


def test_a_reversal_keeps_its_reason_apart_from_its_narrative(ready: Desk):
    ready.file("note.txt", "a note")
    assert ready(*REVERSE, "--narrative", "seen by J. Smith", "--evidence", "note.txt").code == 0
    event = ready.events()[-1]
    assert (event.reverses, event.effective_on) == (2, date(2013, 6, 2))
    assert ready.text(event, "reason") == "Wrong supplier"
    assert ready.text(event) == "seen by J. Smith"
    assert event.evidence == sha256(b"a note").hexdigest()


@pytest.mark.parametrize("file", ["missing.pdf", "."], ids=["missing", "a folder"])
def test_evidence_that_is_no_file_is_wrong_usage(ready: Desk, file: str):
    before = ready.bytes()
    done = ready(*COST, "--evidence", file)
    assert (done.code, done.out) == (2, "")
    assert "--evidence" in done.err
    assert ready.bytes() == before


def test_the_date_is_today_where_none_is_named(ready: Desk):
    before = date.today()
    assert ready(*COST[:-2]).code == 0
    assert before <= ready.events()[-1].effective_on <= date.today()


@pytest.mark.parametrize(
    "on", ["", "2013-02-30", "2014-02-29", "01/06/2013", "2013-6-1", "today", "2013-06-01T00:00", "２０１３-06-01"]
)
def test_a_date_that_is_none_is_wrong_usage(ready: Desk, on: str):
    before = ready.bytes()
    done = ready(*COST, "--on", on)
    assert (done.code, done.out) == (2, "")
    assert "--on" in done.err
    assert ready.bytes() == before


@pytest.mark.parametrize("on", ["0001-01-01", "2013-03-31", "9999-12-31"])
def test_a_date_at_the_ends_of_time_is_a_fact_or_refused(ready: Desk, on: str):
    before = ready.bytes()
    done = ready(*COST, "--on", on)
    assert done.code in (0, 1, 2), done.err
    assert (done.code == 0) is (ready.bytes() != before)


AMOUNTS = [
    "1,000",
    "1e9",
    "NaN",
    "inf",
    "１２",
    "1.234",
    "+1",
    "£1",
    "12345678901234",
    " 1",
    "1 ",
    ".5",
    "1.",
    "-",
    "0x10",
    "1_0",
]


@pytest.mark.parametrize("amount", AMOUNTS)
def test_an_amount_that_is_none_is_wrong_usage(ready: Desk, amount: str):
    before = ready.bytes()
    done = ready(*COST, "--amount", amount)
    assert (done.code, done.out) == (2, "")
    assert "--amount" in done.err
    assert ready.bytes() == before


def test_a_negative_amount_needs_no_equals_sign(ready: Desk):
    assert ready(*COST, "--amount", "-12.30").code == 0
    assert ready.events()[-1].entries["POOL"]["Expenditure:care"] == -12_30


def test_every_recording_command_without_a_ledger_says_so(desk: Desk, tmp_path: Path):
    (tmp_path / "agreement.toml").write_text(given.toml("lead_body"))
    for words in (COST, REVERSE, SIGN):
        for dry in ((), ("--dry-run",)):
            done = desk(*words, *dry)
            assert (done.code, done.out) == (3, "")
            assert "poolbook init" in done.err
    assert not desk.path.exists()
