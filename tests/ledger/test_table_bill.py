"""The contractor's bill, cell by cell of the accounting table."""

from __future__ import annotations

import pytest

from tests.given import COMMISSIONED, VENTURES, Books, agreement, refuses


@pytest.mark.parametrize("kind", ["hybrid", "hybrid, parties hold"])
@pytest.mark.parametrize("sign", [1, -1], ids=["bill", "credit note"])
def test_the_contractor_bills_a_billing_leads_pool_once(kind: str, sign: int) -> None:
    event = Books(kind).record("bill", scheme="care", amount=sign * 100_00)
    assert event.entries == {
        "ACME": {"Assets:Debtors:POOL": sign * 100_00, "Income:Contract:care": -sign * 100_00},
        "POOL": {"Expenditure:care": sign * 100_00, "Liabilities:Creditors:ACME": -sign * 100_00},
    }
    assert event.fact.parts == {}


@pytest.mark.parametrize("kind", COMMISSIONED)
@pytest.mark.parametrize("sign", [1, -1], ids=["bill", "credit note"])
def test_the_contractors_bill_is_split_by_formula_at_source(kind: str, sign: int) -> None:
    # £100.01 at 3:2 is 60.006 and 40.004: floors 60.00 and 40.00, the penny left goes to the larger remainder.
    event = Books(kind).record("bill", scheme="care", amount=sign * 100_01)
    assert event.entries == {
        "ACME": {
            "Assets:Debtors:OCC": sign * 60_01, "Assets:Debtors:OCCG": sign * 40_00, "Income:Contract:care": -sign * 100_01,
        },
        "OCC": {"Expenditure:care": sign * 60_01, "Liabilities:Creditors:ACME": -sign * 60_01},
        "OCCG": {"Expenditure:care": sign * 40_00, "Liabilities:Creditors:ACME": -sign * 40_00},
    }  # fmt: skip
    assert event.fact.parts == {"OCC": sign * 60_01, "OCCG": sign * 40_00}
    assert event.fact.ratio == {"OCC": 3, "OCCG": 2}


def test_a_schemes_own_ratio_goes_before_the_arrangements_and_the_first_party_takes_the_odd_penny() -> None:
    event = Books("commissioned").record("bill", scheme="beds", amount=1)
    assert event.entries == {
        "ACME": {"Assets:Debtors:OCC": 1, "Income:Contract:beds": -1},
        "OCC": {"Expenditure:beds": 1, "Liabilities:Creditors:ACME": -1},
    }
    assert Books("commissioned").record("bill", scheme="beds", amount=-1).fact.parts == {"OCC": -1}


def test_a_party_left_out_of_the_ratio_has_no_share() -> None:
    books = Books(agreement("commissioned", shares="OCCG = 5"))
    assert books.record("bill", scheme="care", amount=100_01).fact.parts == {"OCCG": 100_01}


def test_a_bill_without_an_agreed_ratio_is_refused() -> None:
    books = Books(agreement("commissioned", shares=""))
    refuses(books, "bill", "no ratio for care", "nobody has agreed", "Agree one", scheme="care", amount=1_00)


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("aligned", ("aligned budgets", "no contractor", "as its expenditure")),
        ("lead_body", ("lead body", "no contractor", "as expenditure")),
        *((kind, ("joint venture", "JV", "no contractor's bills", "as expenditure")) for kind in VENTURES),
    ],
)
def test_without_a_contractor_there_is_no_bill(kind: str, words: tuple[str, ...]) -> None:
    refuses(Books(kind), "bill", *words, scheme="care", amount=100_00)
