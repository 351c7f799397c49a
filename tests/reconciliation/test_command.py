"""`poolbook reconcile` at the desk: what it says, when it fails, what it records, and that it keeps the columns."""

from __future__ import annotations

import csv
from hashlib import sha256
from io import StringIO
from typing import Any

import pytest

from ledger import events as e
from tests.commands.desk import Desk, Done
from tests.reconciliation.books import AGREED, pool, text, typed, workbook

AT = ("--as-at", "2013-06-30")
MAP = ("--map", "reference=Doc no", "--map", "amount=Value", "--map", "date=Posted", "--sign", "-1")
SHORT = [AGREED[0], ("R-1", "-1000.00", "2013-06-30"), AGREED[2]]
"""OCCG recognises 1,000.00 of a recharge of 4,000.00."""


@pytest.fixture
def ready(desk: Desk) -> Desk:
    """A desk with the pool, and OCCG's extract in several forms."""
    pool(desk)
    turned = [(reference, f"{-float(amount):.2f}", day) for reference, amount, day in AGREED]
    desk.file("agreed.csv", text(AGREED))
    desk.file("agreed.xlsx", workbook(typed(AGREED)))
    desk.file("turned.csv", text(turned, ("Doc no", "Value", "Posted")))
    desk.file("short.csv", text(SHORT))
    desk.file("faulty.csv", text([("A", "x", "2013-06-01")]))
    return desk


def reconcile(desk: Desk, file: str, *words: str, form: str = "json") -> Done:
    """Reconcile OCCG's extract as at the end of June."""
    return desk("reconcile", "pool", "OCCG", file, *AT, *words, "--format", form)


def causes(done: Done) -> list[tuple[str, Any, str]]:
    """Cause, event and amount of each difference; the totals must add up."""
    totals = {name: round(float(amount) * 100) for name, amount in done.json["totals"].items()}
    assert totals["difference"] == totals["ours"] - totals["theirs"] == totals["explained"] + totals["unexplained"]
    found = done.json["differences"]
    assert sum(round(float(each["difference"]) * 100) for each in found) == totals["difference"]
    return [(each["cause"], each["event"], each["difference"]) for each in found]


@pytest.mark.parametrize("form", ["table", "json", "csv"])
def test_what_agrees_is_said_and_nothing_is_written(ready: Desk, form: str) -> None:
    before = ready.bytes()
    said = []
    for file in ("agreed.csv", "agreed.xlsx"):
        done = reconcile(ready, file, form=form)
        assert (done.code, done.err) == (0, "")
        said.append([line for line in done.out.splitlines() if '"sha256"' not in line and '"file"' not in line])
    assert said[0] == said[1]
    assert ready.bytes() == before


def test_the_mirror_is_what_stands_in_the_partys_own_book(ready: Desk) -> None:
    document = reconcile(ready, "agreed.csv").json
    books = ready("report", "balances", "pool", "--book", "OCCG", "--as-at", "2013-06-30", "--format", "json").json["books"]
    naming = [float(each["balance"]) for each in books[0]["accounts"] if each["account"].endswith(":POOL")]
    assert float(document["totals"]["ours"]) == sum(naming) == 1300
    assert document["confirmed"] == [2, 4, 5]
    assert document["sha256"] == sha256((ready.folder / "agreed.csv").read_bytes()).hexdigest()
    assert document["recorded"] is None


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ((), 5), (("--line-threshold", "3000"), 5), (("--line-threshold", "3000.01"), 0),
        (("--line-threshold", "3000.01", "--balance-threshold", "3000"), 5),
        (("--line-threshold", "3000.01", "--balance-threshold", "3000.01"), 0),
    ],
)  # fmt: skip
def test_it_fails_from_the_threshold_on(ready: Desk, words: tuple[str, ...], code: int) -> None:
    done = reconcile(ready, "short.csv", *words)
    assert (done.code, causes(done)) == (code, [("amount", 4, "-3000.00")])
    assert bool(done.err) == bool(code)
    assert code == 0 or done.err.endswith("--reason WHY.\n")


def test_nothing_unexplained_passes_whatever_the_thresholds(ready: Desk) -> None:
    assert reconcile(ready, "agreed.csv", "--line-threshold", "0", "--balance-threshold", "0").code == 0


def test_as_at_an_earlier_day_what_came_later_is_timing_or_nothing(ready: Desk) -> None:
    early = ready("reconcile", "pool", "OCCG", "agreed.csv", "--as-at", "2013-06-01", "--format", "json")
    assert (early.code, causes(early)) == (0, [("timing", 2, "5000.00")])
    assert early.json["totals"] == {
        "ours": "5000.00", "theirs": "0.00", "difference": "5000.00", "explained": "5000.00", "unexplained": "0.00",
    }  # fmt: skip


def test_the_columns_of_the_last_agreement_are_kept_for_the_party(ready: Desk) -> None:
    assert reconcile(ready, "turned.csv").code == 4
    assert reconcile(ready, "turned.csv", *MAP, "--record").code == 0
    (agreed,) = [event.fact for event in ready.events() if isinstance(event.fact, e.BalancesAgreed)]
    assert agreed.columns == {"reference": "Doc no", "amount": "Value", "date": "Posted", "sign": "-1"}
    assert reconcile(ready, "turned.csv").json["confirmed"] == [2, 4, 5]
    refused = reconcile(ready, "agreed.csv")
    assert refused.code == 4
    assert "the header lacks Doc no, Value, Posted (as in #6)" in refused.err
    assert reconcile(ready, "agreed.csv", "--map", "date=date").code == 0
    other = ready("reconcile", "pool", "OCC", "turned.csv", *AT)
    assert other.code == 4
    assert ready("reverse", "pool", "6", "--reason", "Wrong file", "--on", "2013-07-01").code == 0
    assert reconcile(ready, "agreed.csv").code == 0


def test_what_is_recorded(ready: Desk) -> None:
    words = ("--record", "--reference", "AOB-1", "--narrative", "Agreed by telephone", "--document", "AOB/13")
    done = reconcile(ready, "short.csv", *words)
    assert done.code == 5
    event = ready.events()[-1]
    assert event.fact == e.BalancesAgreed(
        party="OCCG", as_at=event.effective_on, ours=1300_00, theirs=4300_00,
        columns={"reference": "reference", "amount": "amount", "date": "date", "sign": "1"}, confirmed=[2, 5],
        differences=[e.Difference("amount", "R-1", -4000_00, -1000_00, 4)],
    )  # fmt: skip
    assert (event.entries, event.reference, event.document) == ({}, "AOB-1", "AOB/13")
    assert event.evidence == done.json["sha256"]
    assert ready.text(event) == "Agreed by telephone"
    assert [each["number"] for each in done.json["recorded"]["events"]] == [6]
    before = ready.bytes()
    again = reconcile(ready, "short.csv", *words)
    assert (again.code, again.json["recorded"]["earlier"]) == (5, True)
    assert reconcile(ready, "agreed.csv", *words).code == 1
    assert ready.bytes() == before


@pytest.mark.parametrize("form", ["table", "csv"])
def test_what_was_recorded_is_said(ready: Desk, form: str) -> None:
    dry = reconcile(ready, "agreed.csv", "--record", "--dry-run", form=form)
    assert "Would record" in (dry.out if form == "table" else dry.err)
    done = reconcile(ready, "agreed.csv", "--record", form=form)
    assert "Recorded" in (done.out if form == "table" else done.err)
    if form == "csv":
        assert [row["cause"] for row in csv.DictReader(StringIO(done.out))] == []


def test_a_dispute_explains_its_mismatch_from_then_on(ready: Desk) -> None:
    evidence = ready.file("letter.txt", "We dispute this.")
    words = ("--record", "--reference", "Q1", "--dispute", "r-1", "--reason", "Void beds", "--evidence", str(evidence))
    before = ready.bytes()
    dry = reconcile(ready, "short.csv", *words, "--dry-run")
    assert [(each["number"], each["type"]) for each in dry.json["recorded"]["events"]] == [
        (6, "DisputeRaised"), (7, "BalancesAgreed"),
    ]  # fmt: skip
    assert ready.bytes() == before
    done = reconcile(ready, "short.csv", *words)
    assert (done.code, causes(done)) == (0, [("disputed", 4, "-3000.00")])
    dispute, agreed = ready.events()[-2:]
    assert dispute.fact == e.DisputeRaised(event=4, party="OCCG", amount=3000_00)
    assert dispute.evidence == sha256(b"We dispute this.").hexdigest()
    assert (ready.text(dispute, "reason"), ready.text(agreed, "reason")) == ("Void beds", None)
    assert isinstance(agreed.fact, e.BalancesAgreed)
    assert [each.cause for each in agreed.fact.differences] == ["disputed"]
    assert causes(reconcile(ready, "short.csv", "--line-threshold", "0")) == [("disputed", 4, "-3000.00")]
    again = reconcile(ready, "short.csv", *words)
    assert (again.code, again.json["recorded"]["earlier"], len(ready.events())) == (0, True, 7)
    assert ready("dispute", "resolve", "pool", "6", "--reason", "Agreed").code == 0
    assert (reconcile(ready, "short.csv").code, causes(reconcile(ready, "short.csv"))) == (5, [("amount", 4, "-3000.00")])


def test_a_dispute_of_another_party_or_amount_explains_nothing(ready: Desk) -> None:
    for party, amount in (("OCC", "3000"), ("OCCG", "2999.99")):
        raised = ("dispute", "raise", "pool", "4", "--party", party, "--amount", amount, "--reason", "Void beds")
        assert ready(*raised, "--on", "2013-07-01").code == 0
    assert causes(reconcile(ready, "short.csv")) == [("amount", 4, "-3000.00")]
    before = ready.bytes()
    refused = reconcile(ready, "short.csv", "--record", "--dispute", "R-1", "--reason", "Void beds")
    assert refused.code == 1
    assert "£2,999.99 of #4 already, and differs from it by £3,000.00" in refused.err
    assert ready.bytes() == before


@pytest.mark.parametrize("name", ["C-1", "nonsense"])
def test_what_does_not_differ_cannot_be_disputed(ready: Desk, name: str) -> None:
    before = ready.bytes()
    refused = reconcile(ready, "short.csv", "--record", "--dispute", name, "--reason", "Why")
    assert (refused.code, refused.out) == (1, "")
    hint = "; did you mean R-1?" if name == "C-1" else ": there is only R-1."
    assert f"{name} is no difference between OCCG and an event here{hint} What is missing" in refused.err
    assert ready.bytes() == before


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--dispute", "R-1", "--reason", "Why"), "--dispute goes with --record"),
        (("--dry-run",), "--dry-run goes with --record"), (("--as", "Me"), "--as goes with --record"),
        (("--reference", "A"), "--reference goes with --record"), (("--narrative", "A"), "--narrative goes with --record"),
        (("--record", "--dispute", "R-1"), "--dispute needs a --reason"),
        (("--record", "--reason", "Why"), "--reason is that of a dispute"),
        (("--record", "--evidence", "agreed.csv"), "--evidence is that of a dispute"),
        (("--map", "amount=A", "--map", "amount=B"), "--map names a field twice"), (("--map", "amount"), "is no mapping"),
        (("--line-threshold", "-1"), "cannot be a threshold"), (("--sign", "2"), "--sign"), (("--days", "-1"), "--days"),
    ],
)  # fmt: skip
def test_an_option_that_would_do_nothing_is_wrong_usage(ready: Desk, words: tuple[str, ...], said: str) -> None:
    before = ready.bytes()
    done = reconcile(ready, "agreed.csv", *words)
    assert (done.code, done.out) == (2, "")
    assert said in " ".join(done.err.split())
    assert ready.bytes() == before


def test_codes_that_are_none_a_day_before_the_start_and_a_faulty_file(ready: Desk) -> None:
    assert "did you mean OCCG?" in ready("reconcile", "pool", "OCCGG", "agreed.csv").err
    assert ready("reconcile", "pools", "OCCG", "agreed.csv").code == 1
    assert ready("reconcile", "pool", "POOL", "agreed.csv").code == 1
    assert "starts on 2013-04-01" in ready("reconcile", "pool", "OCCG", "agreed.csv", "--as-at", "2013-03-31").err
    faulty = reconcile(ready, "faulty.csv", "--record")
    assert (faulty.code, faulty.out) == (4, "")
    assert faulty.err.splitlines()[0].startswith("faulty.csv:2:amount: “x” is not an amount")


def test_aligned_budgets_have_no_mirror(desk: Desk) -> None:
    desk.made("aligned").file("agreed.csv", text(AGREED))
    done = desk("reconcile", "pool", "OCCG", "agreed.csv")
    assert (done.code, done.out) == (1, "")
    assert "nobody keeps a pool" in done.err


@pytest.mark.parametrize(
    ("kind", "facts", "amount"),
    [
        ("charge", [("recharge", {"scheme": "care", "amount": 100_00})], "-40.00"),
        ("grant", [("contribution_due", {"party": "OCCG", "amount": 70_00})], "-70.00"),
        ("commissioned", [("bill", {"scheme": "care", "amount": 100_00})], "-40.00"),
        ("hybrid", [("contribution_received", {"party": "OCCG", "amount": 9_00, "fund": "dfg"})], "9.00"),
        ("hybrid", [("contribution_due", {"party": "OCCG", "amount": 9_00, "fund": "dfg"})], "0.00"),
    ],
)
def test_the_mirror_of_each_kind(desk: Desk, kind: str, facts: list[tuple[str, dict[str, Any]]], amount: str) -> None:
    desk.made(kind, before=facts).file("nothing.csv", text([]))
    done = desk("reconcile", "pool", "OCCG", "nothing.csv", "--format", "json")
    assert (done.code, done.json["totals"]["ours"], done.json["totals"]["theirs"]) == (0, amount, "0.00")


def test_a_reference_that_a_spreadsheet_would_run_is_escaped(ready: Desk) -> None:
    ready.file("formula.csv", text([*AGREED, ("=cmd|x", "1.00", "2013-06-30")]))
    row = next(csv.DictReader(StringIO(reconcile(ready, "formula.csv", form="csv").out)))
    assert (row["reference"], row["cause"]) == ("'=cmd|x", "missing_here")
