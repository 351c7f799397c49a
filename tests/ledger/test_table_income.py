"""Income from clients and others, cell by cell of the accounting table."""

from __future__ import annotations

import pytest

from tests.given import KEEPER, ROLES, Books, refuses

WHERE = [(kind, {}, keeper) for kind, keeper in KEEPER.items()] + [
    ("aligned", {"party": "OCCG"}, "OCCG"),
    ("hybrid", {"party": "ACME"}, "ACME"),
    ("hybrid, parties hold", {"party": "ACME"}, "ACME"),
]
"""Kind, whose it is as written, and the book it stands in."""


@pytest.mark.parametrize(("kind", "whose", "book"), WHERE)
@pytest.mark.parametrize("sign", [1, -1], ids=["income", "given back"])
def test_income_in_cash(kind: str, whose: dict, book: str, sign: int) -> None:
    event = Books(kind).record("income", scheme="care", counterparty="CLIENTS", amount=sign * 40_00, **whose)
    assert event.entries == {book: {"Assets:Cash": sign * 40_00, "Income:Other:care": -sign * 40_00}}


@pytest.mark.parametrize(("kind", "whose", "book"), WHERE)
@pytest.mark.parametrize("sign", [1, -1], ids=["invoice", "credit note"])
def test_income_due_from_a_customer(kind: str, whose: dict, book: str, sign: int) -> None:
    event = Books(kind).record("income_due", scheme="care", counterparty="CUST", amount=sign * 40_00, **whose)
    assert event.entries == {book: {"Assets:Debtors:CUST": sign * 40_00, "Income:Other:care": -sign * 40_00}}


@pytest.mark.parametrize(("kind", "whose", "book"), WHERE)
def test_income_collected_clears_the_customer_even_beyond_what_it_owed(kind: str, whose: dict, book: str) -> None:
    books = Books(kind)
    books.record("income_due", scheme="care", counterparty="CUST", amount=40_00, **whose)
    event = books.record("income_received", counterparty="CUST", amount=50_00, **whose)
    assert event.entries == {book: {"Assets:Cash": 50_00, "Assets:Debtors:CUST": -50_00}}
    assert books.balances() == {
        book: {"Assets:Cash": 50_00, "Assets:Debtors:CUST": -10_00, "Income:Other:care": -40_00}
    }  # fmt: skip


@pytest.mark.parametrize("kind", ROLES)
@pytest.mark.parametrize("type", ["income", "income_due", "income_received"])
def test_income_is_from_outside_never_from_a_body_of_the_arrangement(kind: str, type: str) -> None:
    whose = {"party": "OCC"} if kind == "aligned" else {}
    scheme = {} if type == "income_received" else {"scheme": "care"}
    refuses(
        Books(kind), type, "OCCG is a body of pool", "clients and others outside", "as a settlement",
        counterparty="OCCG", amount=40_00, **scheme, **whose,
    )  # fmt: skip
