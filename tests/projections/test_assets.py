"""The register of fixed assets."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from projections.assets import assets
from tests.projections.conftest import Books


def registered(books: Books, as_at: date | None = None, disposed: bool = False) -> dict[str, Any]:
    """The register's document."""
    (report,) = assets(books.ledger, ["pool"], as_at=as_at, disposed=disposed)
    return report.document


@pytest.fixture
def pool(books: Books) -> Books:
    """A van bought for 60 on 1 May and fitted out for 6 on 1 June; worn off by 16 on 1 July."""
    books.sign("lead_body")
    books.record("asset_acquired", "05-01", asset="van", scheme="care", amount="60", counterparty="SUP")
    books.record("asset_acquired", "06-01", asset="van", scheme="care", amount="6", counterparty="SUP")
    books.record("asset_depreciated", "07-01", asset="van", amount="16")
    return books


VAN = {"asset": "van", "holder": "POOL", "scheme": "care", "fund": "", "acquired_on": "2013-05-01"}


def test_an_asset_stands_at_its_cost_less_what_wore_off(pool: Books) -> None:
    assert registered(pool)["assets"] == [VAN | {"cost": "66.00", "depreciation": "16.00", "value": "50.00"}]
    assert registered(pool)["totals"] == {"cost": "66.00", "depreciation": "16.00", "value": "50.00"}
    assert registered(pool)["disposed"] is None


def test_as_at_a_day_it_stands_as_it_stood(pool: Books) -> None:
    assert registered(pool, date(2013, 4, 30))["assets"] == []
    assert registered(pool, date(2013, 5, 1))["assets"] == [VAN | {"cost": "60.00", "depreciation": "0.00", "value": "60.00"}]
    assert registered(pool, date(2013, 6, 30))["assets"][0]["cost"] == "66.00"


def test_the_taker_carries_it_at_its_value(pool: Books) -> None:
    pool.record("asset_transferred", "08-01", asset="van", party="POOL", counterparty="OCCG", consideration="10")
    assert registered(pool)["assets"] == [VAN | {"holder": "OCCG", "cost": "50.00", "depreciation": "0.00", "value": "50.00"}]
    assert registered(pool, date(2013, 7, 31))["assets"][0]["holder"] == "POOL"


def test_an_asset_of_no_value_left_still_has_a_holder(pool: Books) -> None:
    pool.record("asset_depreciated", "07-02", asset="van", amount="50")
    pool.record("asset_transferred", "08-01", asset="van", party="POOL", counterparty="OCCG", consideration="0")
    assert registered(pool)["assets"] == [VAN | {"holder": "OCCG", "cost": "0.00", "depreciation": "0.00", "value": "0.00"}]


def test_a_disposed_asset_is_shown_when_asked_with_gain_or_loss(pool: Books) -> None:
    pool.record("asset_disposed", "09-01", asset="van", amount="45", counterparty="DEALER")
    document = registered(pool, disposed=True)
    assert document["assets"] == []
    # Carried at 66 - 16 = 50, sold for 45: a loss of 5.
    assert document["disposed"] == [
        VAN
        | {"cost": "66.00", "depreciation": "16.00", "value": "50.00", "disposed_on": "2013-09-01"}
        | {"proceeds": "45.00", "gain": "-5.00"}
    ]
    before = registered(pool, date(2013, 8, 31), disposed=True)
    assert (before["assets"][0]["value"], before["disposed"]) == ("50.00", [])


def test_reversals_put_the_asset_back_where_it_was(pool: Books) -> None:
    moved = pool.record("asset_transferred", "08-01", asset="van", party="POOL", counterparty="OCCG", consideration="0")
    pool.reverse(moved, "2013-08-02")
    gone = pool.record("asset_disposed", "09-01", asset="van", amount="45")
    back = pool.reverse(gone, "2013-09-02")
    assert registered(pool, disposed=True)["assets"] == [VAN | {"cost": "66.00", "depreciation": "16.00", "value": "50.00"}]
    assert registered(pool, date(2013, 9, 1), disposed=True)["disposed"][0]["proceeds"] == "45.00"
    pool.reverse(back, "2013-09-03")
    assert [each["proceeds"] for each in registered(pool, disposed=True)["disposed"]] == ["45.00"]


def test_what_was_never_bought_is_not_registered(books: Books) -> None:
    books.sign("lead_body")
    wrong = books.record("asset_acquired", "05-01", asset="van", scheme="care", amount="60", counterparty="SUP")
    books.reverse(wrong, "2013-05-02")
    assert registered(books, disposed=True)["assets"] == []
    assert registered(books, date(2013, 5, 1))["assets"][0]["cost"] == "60.00"


def test_what_a_closed_book_records_late_stands_from_its_posting_date(books: Books) -> None:
    books.sign("lead_body")
    with books.closed({"POOL": "2014-04-01"}):
        books.record("asset_acquired", "05-01", asset="van", scheme="care", amount="60", counterparty="SUP")
    assert registered(books, date(2014, 3, 31))["assets"] == []
    assert registered(books, date(2014, 4, 1))["assets"][0]["acquired_on"] == "2013-05-01"
