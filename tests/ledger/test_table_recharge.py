"""Recharges of net cost and a venture's service charges, cell by cell of the accounting table."""

from __future__ import annotations

import pytest

from tests.given import COMMISSIONED, RECHARGING, Books, agreement, refuses

CHARGING = ("charge", "charge and grant", "charge and capital")


@pytest.mark.parametrize("kind", RECHARGING)
def test_a_recharge_draws_what_a_party_has_in_advance_and_bills_the_rest(kind: str) -> None:
    books = Books(kind)
    books.record("contribution_due", party="OCC", amount=50_00)
    books.record("expenditure", scheme="care", counterparty="SUP", amount=100_01)
    # £100.01 at 3:2: OCC 60.01 (50.00 drawn, 10.01 billed), OCCG 40.00 (billed).
    event = books.record("recharge", scheme="care", amount=100_01)
    assert event.entries == {
        "POOL": {
            "Liabilities:Contributions in advance:OCC": 50_00,
            "Assets:Debtors:OCC": 10_01,
            "Assets:Debtors:OCCG": 40_00,
            "Income:Recharges:OCC": -60_01,
            "Income:Recharges:OCCG": -40_00,
        },
        "OCC": {
            "Expenditure:care": 60_01,
            "Assets:Prepaid contributions:POOL": -50_00,
            "Liabilities:Creditors:POOL": -10_01,
        },
        "OCCG": {"Expenditure:care": 40_00, "Liabilities:Creditors:POOL": -40_00},
    }
    assert (event.fact.drawn, event.fact.billed) == ({"OCC": 50_00}, {"OCC": 10_01, "OCCG": 40_00})
    assert event.fact.ratio == {"OCC": 3, "OCCG": 2}


@pytest.mark.parametrize("kind", RECHARGING)
def test_a_recharge_wholly_paid_in_advance_bills_nobody(kind: str) -> None:
    books = Books(kind)
    for party in ("OCC", "OCCG"):
        books.record("contribution_due", party=party, amount=500_00)
    books.record("expenditure", scheme="beds", counterparty="SUP", amount=100_00)
    event = books.record("recharge", scheme="beds", amount=100_00)
    assert (event.fact.drawn, event.fact.billed) == ({"OCC": 50_00, "OCCG": 50_00}, {})
    assert books.balance("POOL", "Liabilities:Contributions in advance:OCC") == -450_00
    assert books.balance("OCCG", "Assets:Prepaid contributions:POOL") == 450_00


@pytest.mark.parametrize("kind", CHARGING)
def test_a_venture_funded_by_charges_bills_its_owners_whatever_it_spent(kind: str) -> None:
    event = Books(kind).record("recharge", scheme="care", amount=100_01)
    assert event.entries == {
        "JV": {
            "Assets:Debtors:OCC": 60_01,
            "Assets:Debtors:OCCG": 40_00,
            "Income:Service charges:OCC": -60_01,
            "Income:Service charges:OCCG": -40_00,
        },
        "OCC": {"Expenditure:care": 60_01, "Liabilities:Creditors:JV": -60_01},
        "OCCG": {"Expenditure:care": 40_00, "Liabilities:Creditors:JV": -40_00},
    }


@pytest.mark.parametrize("kind", ["grant", "capital"])
def test_a_venture_funded_otherwise_does_not_charge(kind: str) -> None:
    refuses(
        Books(kind), "recharge", "JV does not charge", kind, "as a contribution due", scheme="care", amount=100_00
    )  # fmt: skip


@pytest.mark.parametrize("kind", COMMISSIONED)
def test_under_joint_commissioning_bills_are_split_at_source_and_nothing_is_recharged(kind: str) -> None:
    refuses(
        Books(kind), "recharge", "ACME's bills are split", "at source", "nothing is left to recharge", "Record the bill",
        scheme="care", amount=100_00,
    )  # fmt: skip


def test_with_aligned_budgets_each_party_bears_its_own() -> None:
    refuses(
        Books("aligned"), "recharge", "bears its own", "nothing is recharged", "as its expenditure",
        scheme="care", amount=100_00,
    )  # fmt: skip


@pytest.mark.parametrize("kind", ["lead_body", "hybrid", "charge"])
def test_nothing_is_charged_where_no_ratio_is_agreed(kind: str) -> None:
    books = Books(agreement(kind, shares=""))
    books.record("expenditure", scheme="care", counterparty="SUP", amount=100_00)
    refuses(books, "recharge", "no ratio for care", "Agree one", scheme="care", amount=100_00)
