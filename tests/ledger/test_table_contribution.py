"""Contributions, cell by cell of the accounting table: what falls due, is received, and is given in kind."""

from __future__ import annotations

import pytest

from tests.given import COMMISSIONED, RECHARGING, VENTURES, Books, refuses


@pytest.mark.parametrize("kind", RECHARGING)
@pytest.mark.parametrize("party", ["OCC", "OCCG"])
def test_a_contribution_due_is_held_in_advance_for_the_party_and_the_lead_is_a_party_too(kind: str, party: str) -> None:
    event = Books(kind).record("contribution_due", party=party, amount=100_00)
    assert event.entries == {
        "POOL": {f"Assets:Debtors:{party}": 100_00, f"Liabilities:Contributions in advance:{party}": -100_00},
        party: {"Assets:Prepaid contributions:POOL": 100_00, "Liabilities:Creditors:POOL": -100_00},
    }


@pytest.mark.parametrize("kind", ["grant", "charge and grant"])
def test_a_contribution_due_to_a_venture_funded_by_grant_is_a_grant(kind: str) -> None:
    event = Books(kind).record("contribution_due", party="OCCG", amount=100_00)
    assert event.entries == {
        "JV": {"Assets:Debtors:OCCG": 100_00, "Income:Grants:OCCG": -100_00},
        "OCCG": {"Expenditure:Grants:JV": 100_00, "Liabilities:Creditors:JV": -100_00},
    }


@pytest.mark.parametrize("kind", ["capital", "charge and capital"])
def test_a_contribution_due_to_a_venture_funded_by_capital_is_an_investment(kind: str) -> None:
    event = Books(kind).record("contribution_due", party="OCC", amount=100_00)
    assert event.entries == {
        "JV": {"Assets:Debtors:OCC": 100_00, "Equity:Capital:OCC": -100_00},
        "OCC": {"Assets:Investment:JV": 100_00, "Liabilities:Creditors:JV": -100_00},
    }


def test_no_contribution_falls_due_to_a_venture_funded_by_charges_alone() -> None:
    refuses(
        Books("charge"), "contribution_due", "JV", "charges alone", "pool", "Raise a recharge", party="OCC", amount=100_00
    )  # fmt: skip


@pytest.mark.parametrize("kind", COMMISSIONED)
@pytest.mark.parametrize("type", ["contribution_due", "contribution_received"])
def test_no_contribution_under_joint_commissioning(kind: str, type: str) -> None:
    refuses(
        Books(kind), type, "pool", "ACME's bills are split", "at source", "Record the bill", "settlement to ACME",
        party="OCC", amount=100_00,
    )  # fmt: skip


def test_a_contribution_due_to_aligned_budgets_is_a_partys_own_money_allocated_and_posts_nothing() -> None:
    event = Books("aligned").record("contribution_due", party="OCC", amount=100_00, scheme="care")
    assert event.entries == {}
    assert (event.fact.party, event.fact.amount, event.fact.scheme) == ("OCC", 100_00, "care")


@pytest.mark.parametrize("kind", RECHARGING)
def test_a_reduction_of_a_contribution_takes_back_both_sides(kind: str) -> None:
    books = Books(kind)
    books.record("contribution_due", party="OCC", amount=100_00)
    event = books.record("contribution_due", party="OCC", amount=-30_00)
    assert event.entries == {
        "POOL": {"Assets:Debtors:OCC": -30_00, "Liabilities:Contributions in advance:OCC": 30_00},
        "OCC": {"Assets:Prepaid contributions:POOL": -30_00, "Liabilities:Creditors:POOL": 30_00},
    }


def test_a_reduction_of_a_grant_takes_back_both_sides() -> None:
    books = Books("grant")
    books.record("contribution_due", party="OCC", amount=100_00)
    event = books.record("contribution_due", party="OCC", amount=-30_00)
    assert event.entries == {
        "JV": {"Assets:Debtors:OCC": -30_00, "Income:Grants:OCC": 30_00},
        "OCC": {"Expenditure:Grants:JV": -30_00, "Liabilities:Creditors:JV": 30_00},
    }


def test_a_reduction_beyond_what_is_left_in_advance_is_refused() -> None:
    books = Books("lead_body")
    books.record("contribution_due", party="OCC", amount=100_00)
    refuses(
        books, "contribution_due", "Contributions in advance:OCC", "POOL", "below nil", "£100.00", "100.01",
        "reverse first", "or take £100.00 or less", party="OCC", amount=-100_01,
    )  # fmt: skip


@pytest.mark.parametrize("kind", RECHARGING)
def test_a_contribution_to_a_fund_stands_in_the_funds_own_accounts(kind: str) -> None:
    event = Books(kind).record("contribution_due", party="OCC", amount=100_00, fund="dfg")
    assert event.entries == {
        "POOL": {"Assets:Debtors:OCC": 100_00, "Liabilities:Contributions in advance:OCC:dfg": -100_00},
        "OCC": {"Assets:Prepaid contributions:POOL:dfg": 100_00, "Liabilities:Creditors:POOL": -100_00},
    }


@pytest.mark.parametrize(("kind", "keeper"), [*((k, "POOL") for k in RECHARGING), *((k, "JV") for k in VENTURES)])
def test_a_contribution_received_clears_what_was_owed_on_both_sides(kind: str, keeper: str) -> None:
    event = Books(kind).record("contribution_received", party="OCCG", amount=60_00)
    assert event.entries == {
        keeper: {"Assets:Cash": 60_00, "Assets:Debtors:OCCG": -60_00},
        "OCCG": {f"Liabilities:Creditors:{keeper}": 60_00, "Assets:Cash": -60_00},
    }


def test_more_may_be_received_than_was_due_for_cash_is_recorded_as_it_happened() -> None:
    books = Books("lead_body")
    books.record("contribution_due", party="OCC", amount=50_00)
    books.record("contribution_received", party="OCC", amount=60_00)
    assert books.balance("POOL", "Assets:Debtors:OCC") == -10_00
    assert books.balance("OCC", "Liabilities:Creditors:POOL") == 10_00


def test_with_aligned_budgets_there_is_no_pool_to_receive_a_contribution() -> None:
    refuses(
        Books("aligned"), "contribution_received", "pool has aligned budgets", "no pool to receive",
        "as expenditure with its party", party="OCC", amount=100_00,
    )  # fmt: skip


@pytest.mark.parametrize("kind", [*RECHARGING, *VENTURES, "aligned"])
def test_a_contribution_in_kind_is_a_valued_memorandum_and_posts_nothing(kind: str) -> None:
    books = Books(kind)
    event = books.record("contribution_in_kind", party="OCC", amount=100_00, scheme="beds")
    assert event.entries == {}
    assert (event.fact.party, event.fact.amount, event.fact.scheme) == ("OCC", 100_00, "beds")
    assert books.balances() == {}


@pytest.mark.parametrize("kind", COMMISSIONED)
def test_under_joint_commissioning_there_is_no_pool_for_a_contribution_in_kind(kind: str) -> None:
    refuses(
        Books(kind), "contribution_in_kind", "pool", "no pool", "in kind", "Agree with ACME", party="OCC", amount=100_00
    )  # fmt: skip
