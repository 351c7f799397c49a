"""Settlements, refunds and set-offs, cell by cell of the accounting table."""

from __future__ import annotations

import pytest

from tests.given import COMMISSIONED, RECHARGING, VENTURES, Books, refuses


def settled(payer: str, payee: str, amount: int) -> dict:
    return {
        payer: {f"Liabilities:Creditors:{payee}": amount, "Assets:Cash": -amount},
        payee: {"Assets:Cash": amount, f"Assets:Debtors:{payer}": -amount},
    }


@pytest.mark.parametrize(
    ("kind", "payer", "payee"),
    [
        *((kind, "OCCG", "POOL") for kind in RECHARGING),
        *((kind, "POOL", "OCC") for kind in RECHARGING),
        ("lead_body", "OCC", "POOL"),
        ("hybrid", "POOL", "ACME"),
        ("hybrid, parties hold", "POOL", "ACME"),
        *((kind, "OCC", "JV") for kind in VENTURES),
        *((kind, "JV", "OCCG") for kind in VENTURES),
        *((kind, "OCC", "ACME") for kind in COMMISSIONED),
    ],
)
def test_a_settlement_is_cash_between_two_books_as_it_happened(kind: str, payer: str, payee: str) -> None:
    event = Books(kind).record("settlement", party=payer, counterparty=payee, amount=75_00)
    assert event.entries == settled(payer, payee, 75_00)


def test_a_settlement_clears_a_bill() -> None:
    books = Books("commissioned")
    books.record("bill", scheme="care", amount=100_00)
    books.record("settlement", party="OCC", counterparty="ACME", amount=60_00)
    assert books.balance("OCC", "Liabilities:Creditors:ACME") == 0
    assert books.balance("ACME", "Assets:Debtors:OCC") == 0
    assert books.balance("ACME", "Assets:Cash") == 60_00


def test_aligned_parties_settle_only_what_a_transfer_left_owing() -> None:
    books = Books("aligned")
    books.record("asset_acquired", asset="van", scheme="care", counterparty="SUP", amount=100_00, party="OCC")
    books.record("asset_transferred", asset="van", party="OCC", counterparty="OCCG", consideration=70_00)
    event = books.record("settlement", party="OCCG", counterparty="OCC", amount=70_00)
    assert event.entries == settled("OCCG", "OCC", 70_00)
    refuses(
        books, "settlement", "OCCG owes OCC £0.00", "for assets transferred", "£0.01", "record the transfer first",
        party="OCCG", counterparty="OCC", amount=1,
    )  # fmt: skip


def test_parties_that_commission_jointly_owe_each_other_only_for_an_asset_transferred() -> None:
    books = Books("commissioned, parties hold")
    refuses(
        books, "settlement", "OCC owes OCCG £0.00", "record the transfer first", party="OCC", counterparty="OCCG", amount=1
    )
    books.record("asset_acquired", asset="van", scheme="care", counterparty="SUP", amount=100_00, party="OCC")
    books.record("asset_transferred", asset="van", party="OCC", counterparty="OCCG", consideration=70_00)
    event = books.record("settlement", party="OCCG", counterparty="OCC", amount=70_00)
    assert event.entries == settled("OCCG", "OCC", 70_00)


@pytest.mark.parametrize("kind", ["lead_body", "grant", "commissioned", "aligned"])
def test_nobody_settles_with_itself(kind: str) -> None:
    refuses(
        Books(kind), "settlement", "OCC cannot settle with itself", "counterparty", party="OCC", counterparty="OCC", amount=1
    )  # fmt: skip


@pytest.mark.parametrize("kind", RECHARGING)
@pytest.mark.parametrize(("fund", "tag"), [("", ""), ("dfg", ":dfg")], ids=["untagged", "of a fund"])
def test_a_refund_owes_the_party_back_what_is_left_in_advance(kind: str, fund: str, tag: str) -> None:
    books = Books(kind)
    books.record("contribution_due", party="OCCG", amount=100_00, fund=fund)
    event = books.record("refund", party="OCCG", amount=100_00, fund=fund)
    assert event.entries == {
        "POOL": {f"Liabilities:Contributions in advance:OCCG{tag}": 100_00, "Liabilities:Creditors:OCCG": -100_00},
        "OCCG": {"Assets:Debtors:POOL": 100_00, f"Assets:Prepaid contributions:POOL{tag}": -100_00},
    }


@pytest.mark.parametrize(
    ("fund", "words"),
    [
        ("", ("£30.00", "untagged", "refund £30.00 or less")),
        ("dfg", ("£20.00", "in dfg", "refund £20.00 or less")),
        ("hub", ("£0.00", "in hub", "there is nothing to refund")),
    ],
)
def test_a_refund_beyond_what_is_left_in_its_own_account_is_refused(fund: str, words: tuple[str, ...]) -> None:
    books = Books("lead_body")
    books.record("contribution_due", party="OCC", amount=30_00)
    books.record("contribution_due", party="OCC", amount=20_00, fund="dfg")
    refuses(
        books, "refund", "OCC has", "left in advance with POOL", *words,
        party="OCC", amount=30_01, fund=fund,
    )  # fmt: skip


@pytest.mark.parametrize("kind", ["grant", "charge and grant"])
def test_a_venture_refunds_a_grant(kind: str) -> None:
    books = Books(kind)
    books.record("contribution_due", party="OCC", amount=100_00)
    event = books.record("refund", party="OCC", amount=60_00)
    assert event.entries == {
        "JV": {"Income:Grants:OCC": 60_00, "Liabilities:Creditors:OCC": -60_00},
        "OCC": {"Assets:Debtors:JV": 60_00, "Expenditure:Grants:JV": -60_00},
    }
    refuses(books, "refund", "OCC has £40.00 granted to JV", "£40.01", "refund £40.00 or less", party="OCC", amount=40_01)


@pytest.mark.parametrize("kind", ["charge", "capital", "charge and capital"])
def test_a_venture_without_grants_has_none_to_refund(kind: str) -> None:
    refuses(Books(kind), "refund", "JV holds no grant", "pool", "negative recharge", party="OCC", amount=1_00)


@pytest.mark.parametrize("kind", [*COMMISSIONED, "aligned"])
def test_where_nobody_holds_contributions_there_is_none_to_refund(kind: str) -> None:
    refuses(Books(kind), "refund", "none to refund", "negative", party="OCC", amount=1_00)


def mutual(kind: str) -> tuple[Books, str]:
    """Books in which the keeper owes OCC £50.00 and OCC owes the keeper £60.00."""
    books = Books(kind)
    if kind in COMMISSIONED:
        books.record("bill", scheme="care", amount=100_00)
        holder = {"party": "OCC"} if kind == "commissioned, parties hold" else {}
        books.record("asset_acquired", asset="van", scheme="care", counterparty="SUP", amount=50_00, **holder)
        if not holder:
            books.record("asset_transferred", asset="van", party="ACME", counterparty="OCC", consideration=0)
        books.record("asset_transferred", asset="van", party="OCC", counterparty="ACME", consideration=50_00)
        return books, "ACME"
    books.record("expenditure", scheme="care", counterparty="OCC", amount=50_00)
    if kind in ("charge", "charge and grant", "charge and capital"):
        books.record("recharge", scheme="care", amount=100_00)
    else:
        books.record("contribution_due", party="OCC", amount=60_00)
    return books, "JV" if kind in VENTURES else "POOL"


@pytest.mark.parametrize("kind", [*RECHARGING, *VENTURES, *COMMISSIONED])
def test_a_set_off_takes_the_same_from_what_each_owes_the_other(kind: str) -> None:
    books, keeper = mutual(kind)
    assert books.balance(keeper, "Liabilities:Creditors:OCC") == -50_00
    assert books.balance(keeper, "Assets:Debtors:OCC") == 60_00
    refuses(
        books, "set_off", f"{keeper} owes OCC £50.00", f"OCC owes {keeper} £60.00", "£50.01", "set off £50.00 or less",
        party="OCC", amount=50_01,
    )  # fmt: skip
    event = books.record("set_off", party="OCC", amount=50_00)
    assert event.entries == {
        keeper: {"Liabilities:Creditors:OCC": 50_00, "Assets:Debtors:OCC": -50_00},
        "OCC": {f"Liabilities:Creditors:{keeper}": 50_00, f"Assets:Debtors:{keeper}": -50_00},
    }


def test_with_aligned_budgets_there_is_no_pool_to_set_off_with() -> None:
    refuses(Books("aligned"), "set_off", "aligned budgets", "no pool", "as a settlement", party="OCC", amount=1_00)
