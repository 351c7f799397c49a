"""Net cost: what of a scheme may be recharged, component by component, and what is left when all of it has been."""

from __future__ import annotations

from typing import Any

import pytest

from tests.given import Books, refuses
from tests.ledger.examples import DUE, PAY, VAN, WEAR, Step

COST: Step = ("expenditure", {"scheme": "care", "counterparty": "SUP", "amount": 100_00})


def record_all(books: Books, steps: list[Step]) -> None:
    for type, fields in steps:
        books.record(type, **fields)


def assert_left(books: Books, left: int, **fields: Any) -> None:
    """What is left of care's net cost can be recharged, and not a penny more."""
    refuses(
        books, "recharge", "care", f"£{left / 100:,.2f}", "not yet recharged", "or less", scheme="care", amount=left + 1,
        **fields,
    )  # fmt: skip
    books.record("recharge", scheme="care", amount=left, **fields)


COMPONENTS: dict[str, tuple[list[Step], int]] = {
    "expenditure alone": ([], 100_00),
    "more expenditure": ([("expenditure", {"scheme": "care", "counterparty": "OCC", "amount": 20_00})], 120_00),
    "a credit note": ([("expenditure", {"scheme": "care", "counterparty": "SUP", "amount": -30_00})], 70_00),
    "income in cash": ([("income", {"scheme": "care", "amount": 40_00})], 60_00),
    "income due": ([("income_due", {"scheme": "care", "counterparty": "CUST", "amount": 40_00})], 60_00),
    "income collected changes nothing": ([("income_received", {"counterparty": "CUST", "amount": 40_00})], 100_00),
    "a provision": ([PAY], 130_00),
    "a provision released in part": ([PAY, (PAY[0], PAY[1] | {"amount": -10_00})], 120_00),
    "a provision settled changes nothing": ([PAY, ("liability_settled", {"liability": "pay", "amount": 30_00})], 130_00),
    "an asset": ([VAN], 160_00),
    "depreciation is never recharged": ([VAN, WEAR], 160_00),
    "an asset sold": ([VAN, WEAR, ("asset_disposed", {"asset": "van", "amount": 20_00})], 140_00),
    "an asset scrapped": ([VAN, WEAR, ("asset_disposed", {"asset": "van", "amount": 0})], 160_00),
    "an asset passed on": (
        [VAN, ("asset_transferred", {"asset": "van", "party": "POOL", "counterparty": "OCC", "consideration": 25_00})],
        135_00,
    ),
    "a payment changes nothing": ([("payment", {"counterparty": "SUP", "amount": 100_00})], 100_00),
    "contributions change nothing": ([DUE, ("contribution_received", {"party": "OCC", "amount": 50_00})], 100_00),
    "a contribution in kind changes nothing": ([("contribution_in_kind", {"party": "OCC", "amount": 9_00})], 100_00),
    "another scheme's cost": ([("expenditure", {"scheme": "beds", "counterparty": "SUP", "amount": 77_00})], 100_00),
    "what was recharged": ([("recharge", {"scheme": "care", "amount": 99_00})], 1_00),
    "what was given back": (
        [("recharge", {"scheme": "care", "amount": 99_00}), ("recharge", {"scheme": "care", "amount": -9_00})],
        10_00,
    ),
}


@pytest.mark.parametrize("kind", ["lead_body", "hybrid"])
@pytest.mark.parametrize("component", COMPONENTS)
def test_a_recharge_above_net_cost_is_refused(kind: str, component: str) -> None:
    steps, left = COMPONENTS[component]
    if kind == "hybrid" and any("asset" in fields or "liability" in fields for _, fields in steps):
        left = 100_00  # a hybrid's assets and liabilities are the contractor's, and no part of the pool's net cost
        steps = [(type, fields | ({"party": "ACME"} if fields.get("party") == "POOL" else {})) for type, fields in steps]
    books = Books(kind)
    record_all(books, [COST, *steps])
    assert_left(books, left)


@pytest.mark.parametrize("component", ["more expenditure", "income due", "a provision", "an asset", "what was recharged"])
def test_a_reversal_takes_a_component_out_again(component: str) -> None:
    books = Books("lead_body")
    record_all(books, [COST])
    for type, fields in COMPONENTS[component][0]:
        books.reverse(books.record(type, **fields))
    assert_left(books, 100_00)


@pytest.mark.parametrize(
    ("steps", "left"),
    [
        ([("bill", {"scheme": "care", "amount": 100_00})], 100_00),
        ([("bill", {"scheme": "care", "amount": 100_00}), ("bill", {"scheme": "care", "amount": -5_00})], 95_00),
        ([COST, (COST[0], COST[1] | {"party": "ACME"})], 100_00),
        ([COST, ("income", {"scheme": "care", "amount": 40_00, "party": "ACME"})], 100_00),
        ([COST, ("income_due", {"scheme": "care", "counterparty": "C", "amount": 40_00, "party": "ACME"})], 100_00),
        ([COST, (VAN[0], VAN[1] | {"party": "OCC"})], 100_00),
        (
            [
                COST, VAN,
                ("asset_transferred", {"asset": "van", "party": "ACME", "counterparty": "POOL", "consideration": 50_00}),
            ],
            150_00,
        ),
    ],
    ids=["bill", "bill credited", "contractor's cost", "contractor's income", "contractor's invoice", "party's asset",
         "asset that the pool took over"],
)  # fmt: skip
def test_only_what_is_the_pools_own_enters_a_hybrids_net_cost(steps: list[Step], left: int) -> None:
    books = Books("hybrid")
    record_all(books, steps)
    assert_left(books, left)


def test_more_credited_than_was_left_is_told_and_can_be_given_back() -> None:
    books = Books("lead_body")
    record_all(books, [COST, ("recharge", {"scheme": "care", "amount": 100_00}), (COST[0], COST[1] | {"amount": -30_00})])
    refuses(books, "recharge", "-£30.00 of net cost", "£0.01", scheme="care", amount=1)
    books.record("recharge", scheme="care", amount=-30_00)
    assert books.balance("POOL", "Income:Recharges:OCC") == -42_00
    assert_reserve_is_fixed_assets(books)


def test_a_ventures_service_charge_is_not_bound_by_its_net_cost() -> None:
    books = Books("charge")
    record_all(books, [COST])
    books.record("recharge", scheme="care", amount=250_00)
    assert books.balance("JV", "Income:Service charges:OCC") == -150_00


def assert_reserve_is_fixed_assets(books: Books) -> int:
    """The pool's income less its expenditure is its fixed assets at carrying value; gives it."""
    accounts = books.balances().get("POOL", {})
    result = -sum(amount for name, amount in accounts.items() if name.startswith(("Income:", "Expenditure:")))
    carrying = sum(amount for name, amount in accounts.items() if name.startswith("Assets:Fixed assets:"))
    assert result == carrying
    return carrying


def test_when_everything_is_recharged_the_pools_reserve_is_its_fixed_assets() -> None:
    books = Books("lead_body")
    record_all(books, [
        DUE, COST, VAN, WEAR, PAY,
        ("expenditure", {"scheme": "care", "counterparty": "OCCG", "amount": 33_33}),
        ("income", {"scheme": "care", "amount": 11_11}),
        ("income_due", {"scheme": "care", "counterparty": "CUST", "amount": 7_00}),
        ("asset_acquired", {"asset": "bus", "scheme": "care", "counterparty": "OCC", "amount": 200_00}),
        ("asset_acquired", {"asset": "hut", "scheme": "care", "counterparty": "SUP", "amount": 90_00}),
        ("asset_transferred", {"asset": "bus", "party": "POOL", "counterparty": "OCCG", "consideration": 150_00}),
        ("asset_disposed", {"asset": "hut", "amount": 95_00}),
        ("liability_settled", {"liability": "pay", "amount": 30_00}),
    ])  # fmt: skip
    # 100.00 + 60.00 + 30.00 + 33.33 − 11.11 − 7.00 + 200.00 + 90.00 − 150.00 − 95.00 = 250.22
    assert_left(books, 250_22)
    assert assert_reserve_is_fixed_assets(books) == 48_00
    record_all(books, [("asset_depreciated", {"asset": "van", "amount": 48_00})])
    assert assert_reserve_is_fixed_assets(books) == 0
