"""Moments: written in UTC in one width, and what “as known” names."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.clock import known_at, moment, now


@pytest.mark.parametrize(
    ("at", "text"),
    [
        (datetime(2014, 3, 31, 17, tzinfo=UTC), "2014-03-31T17:00:00.000000Z"),
        (datetime(2014, 3, 31, 17, 0, 0, 5, tzinfo=UTC), "2014-03-31T17:00:00.000005Z"),
        (datetime(2014, 4, 1, 0, 30, tzinfo=timezone(timedelta(hours=1))), "2014-03-31T23:30:00.000000Z"),
    ],
)
def test_a_moment_is_written_in_utc(at: datetime, text: str) -> None:
    assert moment(at) == text


@given(st.datetimes(datetime(1970, 1, 1), datetime(9990, 1, 1)), st.datetimes(datetime(1970, 1, 1), datetime(9990, 1, 1)))
def test_moments_sort_as_text_as_they_do_as_time(one: datetime, other: datetime) -> None:
    one, other = one.replace(tzinfo=UTC), other.replace(tzinfo=UTC)
    assert (moment(one) < moment(other)) == (one < other)
    assert len(moment(one)) == len(moment(other)) == 27


def test_the_machines_clock_is_in_utc() -> None:
    assert now().utcoffset() == timedelta(0)


@pytest.mark.parametrize(
    ("text", "known"),
    [
        ("#17", 17), ("#0", 0),
        ("2014-03-31", "2014-03-31T23:59:59.999999Z"),
        ("2016-02-29", "2016-02-29T23:59:59.999999Z"),
        ("2014-03-31T17:00:00Z", "2014-03-31T17:00:00.000000Z"),
        ("2014-03-31t17:00:00z", "2014-03-31T17:00:00.000000Z"),
        ("2014-03-31T17:00:00.5Z", "2014-03-31T17:00:00.500000Z"),
        ("2014-03-31T17:00:00.123456+00:00", "2014-03-31T17:00:00.123456Z"),
        ("2014-03-31T17:00:00.123456-00:00", "2014-03-31T17:00:00.123456Z"),
        ("2014-03-31T17:00:00.123456789Z", "2014-03-31T17:00:00.123456Z"),
        ("2014-03-31t23:59:59.9999999999999z", "2014-03-31T23:59:59.999999Z"),
    ],
)  # fmt: skip
def test_as_known_names_a_number_a_moment_or_the_end_of_a_day(text: str, known: str | int) -> None:
    assert known_at(text) == known


@pytest.mark.parametrize(
    "text",
    ["", "17", "#", "#-1", "#1.5", "#١", "#" + "9" * 19, "2014-03-31T17:00:00", "2014-03-31T17:00:00+01:00",
     "2014-03-31 17:00:00Z", "2014-03-31T17:00Z", "2014-03-31T25:00:00Z", "2014-02-29", "2014-3-31", "yesterday",
     "2014-03-31T17:00:001234567Z", "2014-03-31T17:00:00.Z", "2014-03-31T17:00:60Z", "２０１４-03-31"],
)  # fmt: skip
def test_what_names_no_moment_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"neither a moment in UTC .*, nor a day, nor a number like #17"):
        known_at(text)


def test_the_end_of_the_last_day_there_is_is_still_a_moment() -> None:
    assert known_at("9999-12-30") == "9999-12-30T23:59:59.999999Z"
