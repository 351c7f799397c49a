"""`audit log`: the tests of journal entries, each by entries worked out by hand, and what a row tells."""

from __future__ import annotations

import csv
import io
from contextlib import closing
from datetime import UTC, date, datetime
from typing import Any

import pytest

from ledger import events as e
from ledger.application import Command, Ledger
from projections.audit.journal_tests import KINDS
from projections.told import NUMBERS
from tests import given
from tests.commands.desk import Desk
from tests.given import CODE, year_end

MOMENTS = (
    "2013-07-01T07:00:00",  # the ledger is made
    "2013-07-01T08:00:00",  # 1 Monday 09:00 in London, summer time
    "2013-07-01T18:30:00",  # 2 Monday 19:30: after hours in London, not in UTC
    "2013-12-02T18:30:00",  # 3 Monday 18:30, winter time
    "2013-07-05T23:30:00",  # 4 by the clock Friday; Saturday 00:30 in London. The clock went back: recorded as of #3
    "2013-12-08T12:00:00",  # 5 Sunday noon
    "2013-12-09T12:00:00",  # 6 Monday noon
    "2013-12-10T12:00:00",  # 7
    "2014-05-12T12:00:00",  # 8, 9 OCCG closed; then all else in May 2014
)


def clock() -> Any:
    """The moments in order, the last for ever."""
    left = [datetime.fromisoformat(moment).replace(tzinfo=UTC) for moment in MOMENTS]
    return lambda: left.pop(0) if len(left) > 1 else left[0]


@pytest.fixture
def audited(desk: Desk) -> Desk:
    """A venture whose events each test finds or does not, as FOUND says."""
    with closing(given.new_ledger(desk.path, clock())) as ledger:
        _fill(ledger)
    return desk


def _fill(ledger: Ledger) -> None:
    told = Command("jane", narrative="June's invoice")
    given.sign(ledger, "grant")
    given.record(ledger, "contribution_due", party="OCC", amount=1_000_00, on=date(2013, 6, 1))  # 2
    cost = {"scheme": "care", "counterparty": "SUP"}
    given.record(ledger, "expenditure", command=told, amount=1_000_01, on=date(2013, 11, 2), **cost)  # 3, 30 days later
    given.record(ledger, "expenditure", amount=100_000_00, on=date(2013, 11, 1), **cost)  # 4, 31 days later
    given.record(ledger, "payment", command=told, counterparty="SUP", amount=99_999_99, on=date(2013, 12, 1))  # 5
    given.plan(ledger, e.BudgetSet(year="2013/14", scheme="care", party="OCC", amount=5_000_00), on=date(2013, 12, 9))  # 6
    given.reverse(ledger, 2, command=Command("jane", reason="Not due"), on=date(2013, 12, 10))  # 7
    year_end(ledger, "close", body="OCCG")  # 8
    given.record(
        ledger, "contribution_due", command=told, party="OCCG", amount=10_00, on=date(2014, 3, 31)
    )  # 9, late in OCCG
    year_end(ledger, "reopen", body="OCCG", reason="An invoice came late")  # 10


FOUND = {
    "user=jane": [3, 5, 7, 9],
    "after-hours": [2],
    "after-hours=09:01-18:31": [1, 2],
    "weekend": [5],
    "round": [2, 4, 7],
    "round=5": [2, 4, 7, 9],
    "large": [4],
    "large=99999.99": [4, 5],
    # #1 signs an agreement of 1 April; the close and its reopening are of 1 April 2014, 41 days before.
    "back-dated": [1, 4, 8, 9, 10],
    "back-dated=29": [1, 2, 3, 4, 8, 9, 10],
    "post-close": [9, 10],
    "no-narrative": [2, 4],
    # Two lines each: what #2 posts and #7 takes back, care (#3, #4). SUP has three. One each: cash (#5), all of #9.
    "rare-account": [2, 3, 4, 5, 7, 9],
    "rare-account=1": [5, 9],
}
"""Filter → the numbers of the events it finds."""


@pytest.mark.parametrize("asked", FOUND)
def test_a_filter_finds_these_events(audited: Desk, asked: str) -> None:
    entries = audited("audit", "log", CODE, "--filter", asked, "--format", "json").json["entries"]
    assert [entry["number"] for entry in entries] == FOUND[asked]


def test_every_filter_is_tested() -> None:
    assert {asked.partition("=")[0] for asked in FOUND} == set(KINDS)


def test_the_counts_are_those_of_the_filters(audited: Desk) -> None:
    document = audited("audit", "log", CODE, "--filters", "--filter", "back-dated=29", "--format", "json").json
    assert (document["found"], document["events"]) == (7, 10)
    shown = {each["filter"]: each["events"] for each in document["counts"]}
    within = set(FOUND["back-dated=29"])
    plain = {f"{name}={kind.default}" if kind.default else name: name for name, kind in KINDS.items() if name != "back-dated"}
    assert {spelt: shown[spelt] for spelt, name in plain.items() if name in FOUND} == {
        spelt: len(within & set(FOUND[name])) for spelt, name in plain.items() if name in FOUND
    }
    assert shown["back-dated=29"] == 7
    assert (shown["user=jane"], shown["user=finance.officer"]) == (2, 5)


def test_filters_and_days_must_all_agree(audited: Desk) -> None:
    def numbers(*words: str) -> list[int]:
        entries = audited("audit", "log", CODE, *words, "--format", "json").json["entries"]
        return [entry["number"] for entry in entries]

    assert numbers("--filter", "round", "--filter", "user=jane") == [7]
    assert numbers("--from", "2013-11-01", "--to", "2013-11-02") == [3, 4]
    assert numbers("--as-known", "#3") == [1, 2, 3]
    assert numbers("--as-known", "#6", "--filter", "rare-account=1") == [2, 5]
    assert numbers("--zone", "UTC", "--filter", "after-hours") == []
    assert numbers("--zone", "Asia/Tokyo", "--filter", "weekend") == [5]


def test_a_row_tells_who_when_why_and_what(audited: Desk) -> None:
    entries = audited("audit", "log", CODE, "--format", "json").json["entries"]
    assert entries[2] == {
        "number": 3, "recorded_at": "2013-12-02T18:30:00.000000Z", "recorded": "2013-12-02T18:30:00+00:00", "actor": "jane",
        "type": "ExpenditureIncurred", "effective_on": "2013-11-02", "posted_on": {}, "reference": "#3", "document": "",
        "fact": "book JV; scheme care; supplier SUP", "amount": "1000.01", "narrative": "June's invoice", "reason": "",
        "reverses": None, "reversed_by": None,
    }  # fmt: skip
    assert entries[1]["recorded"] == "2013-07-01T19:30:00+01:00"
    assert entries[1]["reversed_by"] == 7
    assert entries[6]["fact"] == "reverses #2, ContributionDue: party OCC"
    assert (entries[6]["reason"], entries[6]["reverses"], entries[6]["amount"]) == ("Not due", 2, "1000.00")
    assert entries[8]["posted_on"] == {"OCCG": "2014-04-01"}


def test_a_text_that_is_gone_is_null_and_told_so(audited: Desk) -> None:
    import sqlite3

    with closing(sqlite3.connect(audited.path)) as connection:
        connection.execute("DELETE FROM texts WHERE number = 3")
        connection.commit()
    entry = audited("audit", "log", CODE, "--format", "json").json["entries"][2]
    assert (entry["narrative"], entry["reason"]) == (None, "")
    assert "(gone)" in next(line for line in audited("audit", "log", CODE).out.splitlines() if line.startswith("3 "))
    assert audited("audit", "log", CODE, "--filter", "no-narrative", "--format", "json").json["entries"][-1]["number"] == 4


def test_csv_says_the_same_flat(audited: Desk) -> None:
    rows = list(csv.DictReader(io.StringIO(audited("audit", "log", "--all", "--format", "csv").out)))
    entries = audited("audit", "log", CODE, "--format", "json").json["entries"]
    assert [(row["number"], row["amount"], row["reverses"]) for row in rows] == [
        (str(entry["number"]), entry["amount"], str(entry["reverses"] or "")) for entry in entries
    ]
    assert rows[8]["posted_on"] == "OCCG:2014-04-01"


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        ((), 2, "Name one ARRANGEMENT, or say --all."),
        (("poool",), 1, "There is no arrangement poool"),
        ((CODE, "--filter", "lage"), 2, "there is no filter “lage”: there is user, after-hours"),
        ((CODE, "--filter", "user"), 2, "user needs a value: write user=…."),
        ((CODE, "--filter", "large="), 2, "large needs a value: write large=100000."),
        ((CODE, "--filter", "weekend=5"), 2, "weekend takes no value: write it alone."),
        ((CODE, "--filter", "large=much"), 2, "“much” is not an amount"),
        ((CODE, "--filter", "round=0"), 2, "the amount must be above nil."),
        ((CODE, "--filter", "back-dated=-1"), 2, "“-1” is not a whole number."),
        ((CODE, "--filter", "after-hours=7-19"), 2, "“7-19” are no hours of work: write them like 07:00-19:00."),
        ((CODE, "--filter", "after-hours=07:00-24:00"), 2, "are no hours of work"),
        ((CODE, "--zone", "London"), 2, "“London” is no time zone: name one like Europe/London or UTC."),
        ((CODE, "--zone", "../etc/passwd"), 2, "is no time zone"),
    ],
)
def test_what_cannot_be_asked_is_told(audited: Desk, words: tuple[str, ...], code: int, says: str) -> None:
    done = audited("audit", "log", *words)
    assert (done.code, done.out) == (code, "")
    assert says in " ".join(done.err.split()), done.err


def test_every_whole_number_of_a_fact_is_known_as_money_or_as_a_number() -> None:
    money = {"amount", "cost", "depreciation", "consideration", "proceeds", "ours", "theirs", "parts", "drawn", "billed",
             "credited", "bears", "borne", "brought_forward", "charged", "left", "balances", "net_worth", "carried",
             "debtors", "creditors", "pool"}  # fmt: skip
    for kind in e.Fact.__args__:  # type: ignore[attr-defined]
        whole = {name for name, hint in kind.__annotations__.items() if "int" in hint or "Parts" in hint or "Ratio" in hint}
        assert whole <= money | NUMBERS, kind
    assert not money & NUMBERS
