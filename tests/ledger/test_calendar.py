"""Financial years: where they start, what they are called, which one a day falls in."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.calendar import Year, day, period_labelled, year_labelled, year_of, year_start

APRIL, JANUARY, JULY = (4, 1), (1, 1), (7, 15)


@pytest.mark.parametrize(
    ("on", "starts", "label", "first", "last"),
    [
        (date(2013, 4, 1), APRIL, "2013/14", date(2013, 4, 1), date(2014, 3, 31)),
        (date(2014, 3, 31), APRIL, "2013/14", date(2013, 4, 1), date(2014, 3, 31)),
        (date(2014, 4, 1), APRIL, "2014/15", date(2014, 4, 1), date(2015, 3, 31)),
        (date(2016, 2, 29), APRIL, "2015/16", date(2015, 4, 1), date(2016, 3, 31)),
        (date(1999, 12, 31), APRIL, "1999/00", date(1999, 4, 1), date(2000, 3, 31)),
        (date(2014, 1, 1), JANUARY, "2014", date(2014, 1, 1), date(2014, 12, 31)),
        (date(2014, 12, 31), JANUARY, "2014", date(2014, 1, 1), date(2014, 12, 31)),
        (date(2014, 7, 14), JULY, "2013/14", date(2013, 7, 15), date(2014, 7, 14)),
    ],
)
def test_a_day_falls_in_a_year(on: date, starts: tuple[int, int], label: str, first: date, last: date) -> None:
    year = year_of(on, starts)
    assert (year.label, year.first, year.last) == (label, first, last)
    assert year_labelled(label, starts) == year


@given(st.dates(date(1900, 1, 1), date(2200, 1, 1)), st.sampled_from([APRIL, JANUARY, JULY, (2, 28), (12, 31)]))
def test_years_follow_each_other_without_a_gap(on: date, starts: tuple[int, int]) -> None:
    year = year_of(on, starts)
    assert year.first <= on <= year.last
    assert year.next.first == year.last + timedelta(days=1)
    assert year_of(year.last, starts) == year
    assert year_of(year.next.first, starts) == year.next
    assert year_labelled(year.label, starts) == year


@pytest.mark.parametrize(
    ("label", "starts"),
    [
        ("2013", APRIL), ("2013/14", JANUARY), ("2013/15", APRIL), ("2013/13", APRIL), ("13/14", APRIL), ("2013-14", APRIL),
        ("2013/2014", APRIL), ("", APRIL), ("2013/14 ", APRIL), ("２０１３/１４", APRIL),
        ("0000", JANUARY), ("0000/01", APRIL),
    ],
)  # fmt: skip
def test_what_is_no_year_here_is_refused(label: str, starts: tuple[int, int]) -> None:
    example = "2013" if starts == JANUARY else "2013/14"
    with pytest.raises(ValueError, match=f"is not a financial year here: write it like {example}$"):
        year_labelled(label, starts)


@pytest.mark.parametrize(("text", "starts"), [("04-01", APRIL), ("01-01", JANUARY), ("12-31", (12, 31)), ("02-28", (2, 28))])
def test_a_year_may_start_on_any_day_but_one(text: str, starts: tuple[int, int]) -> None:
    assert year_start(text) == starts


@pytest.mark.parametrize("text", ["02-29", "02-30", "13-01", "00-01", "04-00", "4-1", "04/01", "04-01 ", "", "０４-０１"])
def test_what_is_no_start_of_a_year_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"is not the start of a year: .*04-01, and not 02-29"):
        year_start(text)


@pytest.mark.parametrize("text", ["2013-04-01", "2016-02-29", "1900-01-01", "9999-12-31"])
def test_a_day_is_read(text: str) -> None:
    assert day(text).isoformat() == text


@pytest.mark.parametrize(
    "text",
    ["2013-4-1", "20130401", "2013-W14-1", "2013-04-01T00:00", "01/04/2013", "", " 2013-04-01", "2013-04-01\n",
     "２０１３-04-01", "2013-02-29", "2013-13-01", "0000-01-01", "+2013-04-01", "2013-001"],
)  # fmt: skip
def test_what_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"is not a date: write it as YYYY-MM-DD|is a day that does not exist"):
        day(text)


@pytest.mark.parametrize("text", ["0001-01-01", "0213-06-01", "1899-12-31"])
def test_a_day_before_1900_is_a_slip_of_the_hand(text: str) -> None:
    with pytest.raises(ValueError, match="cannot be meant: it is before 1900"):
        day(text)


def test_a_year_is_told_by_its_first_day() -> None:
    assert Year(date(2013, 4, 1)).next == Year(date(2014, 4, 1))


@pytest.mark.parametrize(
    ("label", "starts", "kind", "first", "last"),
    [
        ("2013/14", APRIL, "year", date(2013, 4, 1), date(2014, 3, 31)),
        ("2013/14-Q1", APRIL, "quarter", date(2013, 4, 1), date(2013, 6, 30)),
        ("2013/14-Q4", APRIL, "quarter", date(2014, 1, 1), date(2014, 3, 31)),
        ("2014-Q1", JANUARY, "quarter", date(2014, 1, 1), date(2014, 3, 31)),
        ("2013/14-Q2", JULY, "quarter", date(2013, 10, 15), date(2014, 1, 14)),
        ("2013-02", APRIL, "month", date(2013, 2, 1), date(2013, 2, 28)),
        ("2016-02", JANUARY, "month", date(2016, 2, 1), date(2016, 2, 29)),
        ("2013-12", APRIL, "month", date(2013, 12, 1), date(2013, 12, 31)),
    ],
)
def test_a_period_is_a_year_a_quarter_or_a_month(
    label: str, starts: tuple[int, int], kind: str, first: date, last: date
) -> None:
    assert period_labelled(label, starts) == (label, kind, first, last)


@given(
    st.dates(date(1900, 1, 1), date(2200, 1, 1)),
    st.sampled_from([APRIL, JANUARY, JULY, (2, 28), (12, 31), (8, 31), (1, 30)]),
)
def test_the_quarters_of_a_year_are_the_year_without_a_gap(on: date, starts: tuple[int, int]) -> None:
    year = year_of(on, starts)
    quarters = [period_labelled(f"{year.label}-Q{number}", starts) for number in (1, 2, 3, 4)]
    assert [quarter.first for quarter in quarters[1:]] == [quarter.last + timedelta(days=1) for quarter in quarters[:3]]
    assert (quarters[0].first, quarters[3].last) == (year.first, year.last)


@pytest.mark.parametrize("label", ["2013/14-Q5", "2013/14-Q0", "Q1", "2013", "2013-13", "2013-00", "0000-01", "2013/14-q1",
                                   "2013/14-Q1-Q2", "", "٢٠١٣-٠١"])  # fmt: skip
def test_what_is_no_period_here_is_refused(label: str) -> None:
    with pytest.raises(ValueError, match=r"is not a period here: write a year like 2013/14, a quarter like 2013/14-Q2, or"):
        period_labelled(label, APRIL)
