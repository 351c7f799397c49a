"""A statement before, after and between the closes of a year: what was earned stays in its year, then lies in the reserve."""

from __future__ import annotations

from datetime import date

import pytest

from tests.projections.conftest import Books
from tests.projections.test_statement import figures, stated, statutory
from tests.projections.years import step

BROUGHT = "Surplus or deficit (-) brought forward"
OF_PERIOD = "Surplus or deficit (-) of the period"
CLOSED = "Less what closes of a year moved to the reserve"


@pytest.fixture
def years(books: Books) -> Books:
    """2013/14: spent 890 and 100 (by the lead), income 40, recharged 950. 2014/15: spent 10, recharged 10.

    POOL earns nil in both years. OCC: provides 100, bears 475: -375; then bears 5. OCCG bears 475, then 5.
    """
    books.sign("lead_body")
    books.record("expenditure", "2013-05-01", scheme="care", amount="890", counterparty="SUP")
    books.record("expenditure", "2013-05-02", scheme="care", amount="100", counterparty="OCC")
    books.record("income", "2013-05-03", scheme="care", amount="40")
    books.record("recharge", "2013-05-31", scheme="care", amount="950")
    books.record("expenditure", "2014-04-01", scheme="care", amount="10", counterparty="SUP")
    books.record("recharge", "2014-04-30", scheme="care", amount="10")
    return books


def reserves(books: Books, body: str, **asked: object) -> dict[str, str]:
    """The reserves of a statement's balance sheet, and under “net” its net assets."""
    document = stated(books, body, **asked)
    sheet = document["balance_sheet"]
    assert sheet["net_assets"] == sheet["reserves"]["total"]
    return figures(sheet["reserves"])


def test_a_close_is_income_and_expenditure_of_no_period(years: Books) -> None:
    asked: list[dict[str, object]] = [{"year": "2013/14"}, {"year": "2014/15"}, {"as_at": date(2014, 4, 1)}, {}]
    bodies = [("POOL", False), ("OCC", False), ("OCC", True), ("OCCG", False)]

    def earned() -> list[object]:
        return [
            stated(years, body, statutory=view, **each)["income_and_expenditure"] for body, view in bodies for each in asked
        ]

    open_ = earned()
    assert [each["surplus"] for each in open_[:4]] == ["0.00", "0.00", "-10.00", "0.00"]  # POOL, as at 1 April: not recharged
    assert [each["surplus"] for each in open_[4:8]] == ["-375.00", "-5.00", "0.00", "-380.00"]
    step(years, "close")
    assert earned() == open_
    step(years, "reopen", body="OCC")
    assert earned() == open_
    step(years, "close", body="OCC")
    assert earned() == open_


def test_what_was_earned_is_brought_forward_until_it_is_closed_and_then_lies_in_the_reserve(years: Books) -> None:
    # OCC: 2013/14 -375. 2014/15 -5.
    before = {BROUGHT: "-375.00", OF_PERIOD: "-5.00", "total": "-380.00"}
    after = {"Reserve": "-375.00", OF_PERIOD: "-5.00", "total": "-380.00"}
    first = {OF_PERIOD: "-375.00", "total": "-375.00"}
    assert reserves(years, "OCC", year="2014/15") == before
    step(years, "close", body="OCCG")
    assert reserves(years, "OCC", year="2014/15") == before  # closing another body changes no figure of this one
    assert reserves(years, "OCCG", year="2014/15") == {"Reserve": "-475.00", OF_PERIOD: "-5.00", "total": "-480.00"}
    step(years, "close", body="OCC")
    assert reserves(years, "OCC", year="2014/15") == after
    assert reserves(years, "OCC", year="2013/14") == first  # the year itself ends before it is closed
    step(years, "reopen", body="OCC")
    assert reserves(years, "OCC", year="2014/15") == before
    step(years, "close", body="OCC")
    assert reserves(years, "OCC", year="2014/15") == after


def test_a_period_in_which_a_year_was_closed_says_what_went_to_the_reserve(years: Books) -> None:
    # OCC from October: -375 brought forward, nothing earned until April, then -5. The close of -375 falls in the period.
    step(years, "close", body="OCC")
    assert reserves(years, "OCC", first=date(2013, 10, 1), last=date(2014, 9, 30)) == {
        "Reserve": "-375.00",
        BROUGHT: "-375.00",
        OF_PERIOD: "-5.00",
        CLOSED: "375.00",
        "total": "-380.00",
    }
    # From the beginning: all of -380 is of the period, and -375 of it lies in the reserve.
    assert reserves(years, "OCC") == {"Reserve": "-375.00", OF_PERIOD: "-380.00", CLOSED: "375.00", "total": "-380.00"}
    # From June 2014, nothing was earned; what was in April is brought forward.
    assert reserves(years, "OCC", first=date(2014, 6, 1)) == {"Reserve": "-375.00", BROUGHT: "-5.00", "total": "-380.00"}


def test_the_statutory_view_is_closed_with_both_its_books(years: Books) -> None:
    # As one body: 2013/14 income 475 + 40, expenditure 890: -375. 2014/15 income 5, expenditure 10: -5.
    before = statutory(years)
    assert reserves(years, "OCC", year="2014/15", statutory=True)[BROUGHT] == "-375.00"
    step(years, "close", body="OCC")
    assert reserves(years, "OCC", year="2014/15", statutory=True) == {
        "Reserve": "-375.00",
        OF_PERIOD: "-5.00",
        "total": "-380.00",
    }
    earnings = stated(years, "OCC", year="2014/15", statutory=True)["income_and_expenditure"]
    assert (earnings["income"]["total"], earnings["expenditure"]["total"]) == ("5.00", "10.00")
    step(years, "reopen", body="OCC")
    assert statutory(years) == before


def test_a_late_fact_is_of_the_open_year_and_the_closed_year_stays_as_it_was(years: Books) -> None:
    step(years, "close", body="OCC")
    closed = stated(years, "POOL", year="2013/14"), stated(years, "OCC", year="2013/14", statutory=True)
    years.record("expenditure", "2013-06-01", scheme="care", amount="7", counterparty="SUP")
    assert (stated(years, "POOL", year="2013/14"), stated(years, "OCC", year="2013/14", statutory=True)) == closed
    # POOL in 2014/15: 10 recharged, 10 and 7 spent.
    assert reserves(years, "POOL", year="2014/15") == {OF_PERIOD: "-7.00", "total": "-7.00"}
    assert reserves(years, "OCCG", year="2014/15")[BROUGHT] == "-475.00"


def test_two_years_closed_in_order_lie_in_the_reserve_together(years: Books) -> None:
    # OCCG: -475, then -5.
    step(years, "close", "2013/14", body="OCCG")
    step(years, "close", "2014/15", body="OCCG")
    assert reserves(years, "OCCG", year="2014/15") == {"Reserve": "-475.00", OF_PERIOD: "-5.00", "total": "-480.00"}
    assert reserves(years, "OCCG", year="2015/16") == {"Reserve": "-480.00", "total": "-480.00"}
