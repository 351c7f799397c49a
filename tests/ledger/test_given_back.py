"""Negative recharges: debts are cancelled first, and what is left is again held in advance."""

from __future__ import annotations

from tests.given import Books, refuses


def recharged(*, received: int = 0, paid: int = 0) -> Books:
    """Care cost £100.00 and was recharged: OCC 60.00 (30.00 of it drawn), OCCG 40.00."""
    books = Books("lead_body")
    books.record("contribution_due", party="OCC", amount=30_00)
    books.record("expenditure", scheme="care", counterparty="SUP", amount=100_00)
    books.record("recharge", scheme="care", amount=100_00)
    if received:
        books.record("contribution_received", party="OCC", amount=received)
    if paid:
        books.record("settlement", party="OCC", counterparty="POOL", amount=paid)
    return books


def test_what_is_given_back_cancels_what_a_party_owes_and_the_rest_is_held_in_advance() -> None:
    # OCC owes 30.00 + 30.00 − 30.00 − 10.00 = 20.00. Of £50.00 it gets 30.00: 20.00 as debt, 10.00 in advance.
    books = recharged(received=30_00, paid=10_00)
    event = books.record("recharge", scheme="care", amount=-50_00)
    assert event.entries == {
        "POOL": {
            "Income:Recharges:OCC": 30_00, "Income:Recharges:OCCG": 20_00, "Assets:Debtors:OCC": -20_00,
            "Assets:Debtors:OCCG": -20_00, "Liabilities:Contributions in advance:OCC": -10_00,
        },
        "OCC": {
            "Expenditure:care": -30_00, "Liabilities:Creditors:POOL": 20_00, "Assets:Prepaid contributions:POOL": 10_00,
        },
        "OCCG": {"Expenditure:care": -20_00, "Liabilities:Creditors:POOL": 20_00},
    }  # fmt: skip
    assert (event.fact.billed, event.fact.drawn) == ({"OCC": -20_00, "OCCG": -20_00}, {"OCC": -10_00})


def test_a_party_that_overpaid_owes_nothing_so_all_of_it_is_held_in_advance() -> None:
    books = recharged(received=75_00)
    event = books.record("recharge", scheme="care", amount=-50_00)
    assert (event.fact.billed, event.fact.drawn) == ({"OCCG": -20_00}, {"OCC": -30_00})
    assert books.balance("POOL", "Assets:Debtors:OCC") == -15_00


def test_no_more_is_given_back_than_was_recharged() -> None:
    books = recharged()
    refuses(
        books,
        "recharge",
        "care has been recharged £100.00",
        "£100.01",
        "give back £100.00 or less",
        scheme="care",
        amount=-100_01,
    )
    books.record("recharge", scheme="care", amount=-100_00)
    assert books.balance("POOL", "Income:Recharges:OCC") == 0
    refuses(books, "recharge", "care has been recharged £0.00", "nothing to give back", scheme="care", amount=-1)


def test_one_scheme_does_not_give_back_what_another_was_recharged() -> None:
    refuses(recharged(), "recharge", "beds has been recharged £0.00", scheme="beds", amount=-1)


def test_a_venture_owes_its_owners_what_it_gives_back_beyond_their_debts() -> None:
    books = Books("charge")
    books.record("recharge", scheme="care", amount=100_00)
    books.record("settlement", party="OCC", counterparty="JV", amount=50_00)
    # OCC owes 10.00. Of £50.00 it gets 30.00: 10.00 as debt, 20.00 owed to it. OCCG owes 40.00 and gets 20.00.
    event = books.record("recharge", scheme="care", amount=-50_00)
    assert event.entries == {
        "JV": {
            "Income:Service charges:OCC": 30_00, "Income:Service charges:OCCG": 20_00, "Assets:Debtors:OCC": -10_00,
            "Assets:Debtors:OCCG": -20_00, "Liabilities:Creditors:OCC": -20_00,
        },
        "OCC": {"Expenditure:care": -30_00, "Liabilities:Creditors:JV": 10_00, "Assets:Debtors:JV": 20_00},
        "OCCG": {"Expenditure:care": -20_00, "Liabilities:Creditors:JV": 20_00},
    }  # fmt: skip
    refuses(books, "recharge", "care has been recharged £50.00", "£50.01", scheme="care", amount=-50_01)
