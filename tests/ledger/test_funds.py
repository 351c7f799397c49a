"""Funds: ring-fenced money has accounts of its own, covers only what bears its tag, and comes back only to itself."""

from __future__ import annotations

import pytest

from ledger.errors import UnknownCode
from tests.given import Books, refuses


def funded(tagged: int = 100_00, kind: str = "lead_body") -> Books:
    """OCC put £30.00 and OCCG £10.00 in dfg, OCC £500.00 untagged; care cost the amount given with the tag."""
    books = Books(kind)
    books.record("contribution_due", party="OCC", amount=30_00, fund="dfg")
    books.record("contribution_due", party="OCCG", amount=10_00, fund="dfg")
    books.record("contribution_due", party="OCC", amount=500_00)
    if tagged:
        books.record("expenditure", scheme="care", counterparty="SUP", amount=tagged, fund="dfg")
    return books


@pytest.mark.parametrize("kind", ["lead_body", "hybrid"])
def test_a_recharge_with_a_fund_is_split_by_what_each_has_left_in_it_and_draws_only_that(kind: str) -> None:
    # £20.01 at 30:10 is 15.0075 and 5.0025: floors 15.00 and 5.00; the penny left goes to the larger remainder, OCC's.
    event = funded(kind=kind).record("recharge", scheme="care", amount=20_01, fund="dfg")
    assert event.entries == {
        "POOL": {
            "Liabilities:Contributions in advance:OCC:dfg": 15_01, "Income:Recharges:OCC": -15_01,
            "Liabilities:Contributions in advance:OCCG:dfg": 5_00, "Income:Recharges:OCCG": -5_00,
        },
        "OCC": {"Expenditure:care": 15_01, "Assets:Prepaid contributions:POOL:dfg": -15_01},
        "OCCG": {"Expenditure:care": 5_00, "Assets:Prepaid contributions:POOL:dfg": -5_00},
    }  # fmt: skip
    assert (event.fact.drawn, event.fact.billed) == ({"OCC": 15_01, "OCCG": 5_00}, {})


def test_the_split_follows_what_is_left_after_a_refund() -> None:
    books = funded()
    books.record("refund", party="OCC", amount=20_00, fund="dfg")
    event = books.record("recharge", scheme="care", amount=20_00, fund="dfg")
    assert event.fact.drawn == {"OCC": 10_00, "OCCG": 10_00}


def test_beyond_the_fund_is_refused_and_the_excess_is_recharged_without_the_tag() -> None:
    books = funded(tagged=100_00)
    refuses(
        books, "recharge", "dfg has £40.00 left", "£40.01", "the rest without the tag",
        scheme="care", amount=40_01, fund="dfg",
    )  # fmt: skip
    books.record("recharge", scheme="care", amount=40_00, fund="dfg")
    event = books.record("recharge", scheme="care", amount=60_00)
    assert (event.fact.drawn, event.fact.billed) == ({"OCC": 36_00}, {"OCCG": 24_00})
    refuses(books, "recharge", "£0.00 of net cost not yet recharged", scheme="care", amount=1)


def test_beyond_the_net_cost_that_bears_the_tag_is_refused() -> None:
    books = funded(tagged=25_00)
    books.record("expenditure", scheme="care", counterparty="SUP", amount=75_00)
    refuses(
        books, "recharge", "care has £25.00", "tag dfg", "£25.01", "the rest without the tag",
        scheme="care", amount=25_01, fund="dfg",
    )  # fmt: skip
    books.record("recharge", scheme="care", amount=25_00, fund="dfg")


def test_what_was_recharged_without_the_tag_is_not_recharged_again_with_it() -> None:
    books = funded(tagged=25_00)
    books.record("recharge", scheme="care", amount=25_00)
    refuses(books, "recharge", "care has £0.00", "tag dfg", scheme="care", amount=1, fund="dfg")


def test_an_untagged_recharge_draws_untagged_money_only() -> None:
    books = Books("lead_body")
    books.record("contribution_due", party="OCC", amount=500_00, fund="dfg")
    books.record("contribution_due", party="OCC", amount=10_00)
    books.record("expenditure", scheme="beds", counterparty="SUP", amount=100_00)
    event = books.record("recharge", scheme="beds", amount=100_00)
    assert (event.fact.drawn, event.fact.billed) == ({"OCC": 10_00}, {"OCC": 40_00, "OCCG": 50_00})
    assert books.balance("POOL", "Liabilities:Contributions in advance:OCC:dfg") == -500_00


def test_one_fund_does_not_cover_what_bears_anothers_tag() -> None:
    books = Books("lead_body")
    books.record("contribution_due", party="OCC", amount=500_00, fund="hub")
    books.record("expenditure", scheme="care", counterparty="SUP", amount=100_00, fund="dfg")
    refuses(books, "recharge", "dfg has £0.00 left", scheme="care", amount=1, fund="dfg")
    refuses(books, "recharge", "care has £0.00", "tag hub", scheme="care", amount=1, fund="hub")


@pytest.mark.parametrize(
    ("type", "fields", "left"),
    [
        ("income", {"scheme": "care", "amount": 5_00}, 20_00),
        ("expenditure", {"scheme": "care", "counterparty": "SUP", "amount": -5_00}, 20_00),
        ("asset_acquired", {"scheme": "care", "counterparty": "SUP", "amount": 5_00, "asset": "lift"}, 30_00),
    ],
)
def test_what_else_bears_the_tag_enters_the_funds_net_cost(type: str, fields: dict, left: int) -> None:
    books = funded(tagged=25_00)
    books.record("expenditure", scheme="care", counterparty="SUP", amount=100_00)
    books.record(type, **fields, fund="dfg")
    refuses(books, "recharge", f"£{left // 100}.00", "tag dfg", scheme="care", amount=left + 1, fund="dfg")
    books.record("recharge", scheme="care", amount=left, fund="dfg")


def test_the_proceeds_of_a_funds_asset_lower_the_funds_net_cost() -> None:
    books = funded(tagged=0)
    books.record("asset_acquired", asset="lift", scheme="care", counterparty="SUP", amount=40_00, fund="dfg")
    books.record("asset_disposed", asset="lift", amount=15_00)
    refuses(books, "recharge", "£25.00", "tag dfg", scheme="care", amount=25_01, fund="dfg")
    assert books.record("recharge", scheme="care", amount=25_00, fund="dfg").fact.drawn == {"OCC": 18_75, "OCCG": 6_25}


def test_what_a_fund_gives_back_returns_to_it_as_it_was_drawn() -> None:
    books = funded()
    books.record("recharge", scheme="care", amount=40_00, fund="dfg")
    event = books.record("recharge", scheme="care", amount=-20_00, fund="dfg")
    assert event.entries == {
        "POOL": {
            "Liabilities:Contributions in advance:OCC:dfg": -15_00, "Income:Recharges:OCC": 15_00,
            "Liabilities:Contributions in advance:OCCG:dfg": -5_00, "Income:Recharges:OCCG": 5_00,
        },
        "OCC": {"Expenditure:care": -15_00, "Assets:Prepaid contributions:POOL:dfg": 15_00},
        "OCCG": {"Expenditure:care": -5_00, "Assets:Prepaid contributions:POOL:dfg": 5_00},
    }  # fmt: skip
    refuses(
        books, "recharge", "care has been recharged £20.00", "from dfg", "£20.01", scheme="care", amount=-20_01, fund="dfg"
    )  # fmt: skip


def test_ring_fenced_money_does_not_come_back_untagged() -> None:
    books = funded()
    books.record("recharge", scheme="care", amount=40_00, fund="dfg")
    refuses(books, "recharge", "care has been recharged £0.00", "£0.01", scheme="care", amount=-1)


def test_money_recharged_untagged_does_not_come_back_into_a_fund() -> None:
    books = funded()
    books.record("recharge", scheme="care", amount=100_00)
    refuses(books, "recharge", "care has been recharged £0.00", "from dfg", scheme="care", amount=-1, fund="dfg")


@pytest.mark.parametrize("kind", ["charge", "charge and grant"])
def test_a_venture_holds_no_funds_money_to_draw_on(kind: str) -> None:
    refuses(
        Books(kind), "recharge", "JV holds no fund's money", "dfg", "leave fund out", scheme="care", amount=1, fund="dfg"
    )  # fmt: skip


def test_a_fund_the_agreement_does_not_declare_is_unknown() -> None:
    with pytest.raises(UnknownCode, match=r"dgf is no fund of pool; did you mean dfg\?") as caught:
        Books("lead_body").record("contribution_due", party="OCC", amount=1, fund="dgf")
    assert caught.value.column == "fund"
