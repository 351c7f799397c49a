"""Balances: now from the head, as at a day from the read models, as known by replay, and all three the same."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from datetime import date

import pytest

from ledger.clock import known_at
from ledger.errors import UnknownCode
from projections.balances import balances
from tests.projections.conftest import Books, shown


@pytest.fixture
def pool(books: Books) -> Books:
    """A lead body that spent 100 in May, recharged it in June, and was paid 30 of it in July."""
    books.sign("lead_body")
    books.record("expenditure", "05-10", scheme="care", amount="100", counterparty="SUP")
    books.record("recharge", "06-30", scheme="care", amount="100")
    books.record("settlement", "07-15", party="OCCG", counterparty="POOL", amount="30")
    return books


MAY = {"Expenditure:care": "100.00", "Liabilities:Creditors:SUP": "-100.00"}
JUNE = MAY | {
    "Assets:Debtors:OCC": "50.00",
    "Assets:Debtors:OCCG": "50.00",
    "Income:Recharges:OCC": "-50.00",
    "Income:Recharges:OCCG": "-50.00",
}
JULY = JUNE | {"Assets:Cash": "30.00", "Assets:Debtors:OCCG": "20.00"}
BOTH_OWE = {"Expenditure:care": "50.00", "Liabilities:Creditors:POOL": "-50.00"}
OCCG_JULY = {"Assets:Cash": "-30.00", "Expenditure:care": "50.00", "Liabilities:Creditors:POOL": "-20.00"}


def test_now_counts_everything(pool: Books, untouched: Callable[[], None]) -> None:
    untouched()
    (report,) = balances(pool.ledger, ["pool"])
    assert shown(report) == {"POOL": JULY, "OCC": BOTH_OWE, "OCCG": OCCG_JULY}
    assert report.document["events"] == 4
    assert report.document["as_at"] is None
    assert report.document["as_known"] is None
    assert not pool.path.with_name("poolbook.db-views").exists()


@pytest.mark.parametrize(
    ("as_at", "expected"),
    [
        ("2013-05-09", {"POOL": {}, "OCC": {}, "OCCG": {}}),
        ("2013-05-10", {"POOL": MAY, "OCC": {}, "OCCG": {}}),
        ("2013-06-30", {"POOL": JUNE, "OCC": BOTH_OWE, "OCCG": BOTH_OWE}),
        ("2013-07-14", {"POOL": JUNE, "OCC": BOTH_OWE, "OCCG": BOTH_OWE}),
        ("2013-07-15", {"POOL": JULY, "OCC": BOTH_OWE, "OCCG": OCCG_JULY}),
    ],
)
def test_as_at_a_day_counts_what_is_posted_by_then(
    pool: Books, untouched: Callable[[], None], as_at: str, expected: dict[str, dict[str, str]]
) -> None:
    untouched()
    day = date.fromisoformat(as_at)
    (report,) = balances(pool.ledger, ["pool"], as_at=day)
    assert shown(report) == expected
    assert (report.document["as_at"], report.document["events"]) == (as_at, 4)
    (replayed,) = balances(pool.ledger, ["pool"], as_at=day, as_known="#4", known=4)
    assert replayed.document["books"] == report.document["books"]


def test_now_as_at_the_last_day_and_as_known_at_the_last_event_are_the_same(pool: Books) -> None:
    ask = pool.ledger, ["pool"]
    books_now = balances(*ask)[0].document["books"]
    assert balances(*ask, as_at=date.max)[0].document["books"] == books_now
    assert balances(*ask, as_known="#4", known=4)[0].document["books"] == books_now


def test_as_known_counts_what_had_been_recorded(pool: Books) -> None:
    # The clock stood at 9:00 when the ledger was made and goes on an hour at each look; an event looks once.
    second = pool.ledger.event("pool", 2).recorded_at
    (report,) = balances(pool.ledger, ["pool"], as_known=second, known=known_at(second))
    assert shown(report) == {"POOL": MAY, "OCC": {}, "OCCG": {}}
    assert (report.document["as_known"], report.document["events"]) == (second, 2)


def test_before_it_was_signed_nothing_was_known(pool: Books) -> None:
    (report,) = balances(pool.ledger, ["pool"], as_known="2013-03-31", known=known_at("2013-03-31"))
    assert (report.document["books"], report.document["events"]) == ([], 0)


def test_known_and_as_at_together_count_what_was_posted_of_what_was_recorded(pool: Books) -> None:
    # Recorded after the July payment, dated in May: known at #4 it is not there, known at #5 it is, as at May.
    pool.record("expenditure", "05-20", scheme="care", amount="7", counterparty="LATE")
    as_at = date(2013, 5, 31)
    (early,) = balances(pool.ledger, ["pool"], as_at=as_at, as_known="#4", known=4)
    (late,) = balances(pool.ledger, ["pool"], as_at=as_at, as_known="#5", known=5)
    assert shown(early)["POOL"] == MAY
    assert shown(late)["POOL"] == {
        "Expenditure:care": "107.00",
        "Liabilities:Creditors:LATE": "-7.00",
        "Liabilities:Creditors:SUP": "-100.00",
    }


def test_legs_of_a_closed_book_count_from_their_posting_date_however_asked(pool: Books) -> None:
    with pool.closed({"OCCG": "2014-04-01"}):
        pool.record("contribution_due", "08-01", party="OCCG", amount="9")
    at_the_end = {"as_at": date(2014, 3, 31)}
    (read,) = balances(pool.ledger, ["pool"], **at_the_end)
    (replayed,) = balances(pool.ledger, ["pool"], **at_the_end, as_known="#5", known=5)
    assert replayed.document["books"] == read.document["books"]
    assert shown(read)["OCCG"] == OCCG_JULY
    assert shown(read)["POOL"]["Liabilities:Contributions in advance:OCCG"] == "-9.00"
    (next_day,) = balances(pool.ledger, ["pool"], as_at=date(2014, 4, 1))
    assert shown(next_day)["OCCG"]["Assets:Prepaid contributions:POOL"] == "9.00"


def test_the_contractor_of_a_billing_lead_comes_last(books: Books) -> None:
    books.sign("hybrid")
    books.record("bill", "05-01", scheme="care", amount="10")
    (report,) = balances(books.ledger, ["pool"])
    assert [book["book"] for book in report.document["books"]] == ["POOL", "OCC", "OCCG", "ACME"]
    assert shown(report)["OCC"] == {}


def test_one_book_or_the_one_probably_meant(pool: Books) -> None:
    (report,) = balances(pool.ledger, ["pool"], book="OCC")
    assert shown(report) == {"OCC": BOTH_OWE}
    with pytest.raises(UnknownCode, match="OCCC is no body with a book in pool; did you mean OCC"):
        balances(pool.ledger, ["pool"], book="OCCC")


def test_all_arrangements_come_by_code_and_those_without_the_book_are_left_out(pool: Books) -> None:
    pool.sign("aligned", "aligned")
    assert [report.document["arrangement"] for report in balances(pool.ledger, None)] == ["aligned", "pool"]
    assert [report.document["arrangement"] for report in balances(pool.ledger, None, book="POOL")] == ["pool"]
    for asked in ({"as_at": date(2013, 5, 31)}, {"as_known": "#2", "known": 2}):
        found = balances(pool.ledger, None, **asked)  # type: ignore[arg-type]
        assert [report.document["arrangement"] for report in found] == ["aligned", "pool"]


def test_now_does_without_sqlalchemy(pool: Books) -> None:
    asked = (
        "import sys; from pathlib import Path; from ledger.application import Ledger; "
        "from projections.balances import balances; import commands.report; "
        f"balances(Ledger.open(Path({str(pool.path)!r}), read_only=True), ['pool']); "
        "sys.exit('sqlalchemy' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", asked], check=False).returncode == 0
