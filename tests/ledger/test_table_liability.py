"""Liabilities provided for and settled, cell by cell of the accounting table."""

from __future__ import annotations

import pytest

from tests.given import Books, refuses
from tests.ledger.test_table_asset import HOLDERS, NOT_HOLDERS


def provided(kind: str, party: str, amount: int = 30_00) -> Books:
    """Books in which redundancy pay was provided for."""
    books = Books(kind)
    books.record("liability_recognised", liability="pay", scheme="care", amount=amount, party=party)
    return books


@pytest.mark.parametrize(("kind", "party", "holder"), HOLDERS)
def test_a_provision_is_charged_to_its_scheme_by_its_holder(kind: str, party: str, holder: str) -> None:
    books = provided(kind, party)
    assert books.events[-1].entries == {holder: {"Expenditure:care": 30_00, "Liabilities:Provisions:pay": -30_00}}
    released = books.record("liability_recognised", liability="pay", scheme="care", amount=-10_00, party=party)
    assert released.entries == {holder: {"Expenditure:care": -10_00, "Liabilities:Provisions:pay": 10_00}}
    refuses(
        books, "liability_recognised", "Provisions:pay", holder, "below nil", "£20.00", "20.01", "or less",
        liability="pay", scheme="care", amount=-20_01, party=party,
    )  # fmt: skip


@pytest.mark.parametrize(("kind", "party", "words"), NOT_HOLDERS)
def test_a_liability_is_held_by_who_the_agreement_says(kind: str, party: str, words: tuple[str, ...]) -> None:
    refuses(Books(kind), "liability_recognised", *words, liability="pay", scheme="care", amount=30_00, party=party)


@pytest.mark.parametrize(("kind", "party", "holder"), HOLDERS)
def test_a_settlement_of_a_liability_takes_cash_and_no_more_than_was_provided(kind: str, party: str, holder: str) -> None:
    books = provided(kind, party)
    event = books.record("liability_settled", liability="pay", amount=25_00)
    assert event.entries == {holder: {"Liabilities:Provisions:pay": 25_00, "Assets:Cash": -25_00}}
    refuses(
        books, "liability_settled", "£5.00 is provided for pay", holder, "£5.01", "recognise the difference",
        liability="pay", amount=5_01,
    )  # fmt: skip
    books.record("liability_settled", liability="pay", amount=5_00)
    assert books.balance(holder, "Liabilities:Provisions:pay") == 0


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"scheme": "beds", "party": "OCC"}, ("for care", "a code of its own")),
        ({"scheme": "care", "party": "OCCG"}, ("pay is a liability of OCC", "a code of its own")),
    ],
    ids=["another scheme", "another holder"],
)
def test_one_code_stands_for_one_liability(fields: dict, words: tuple[str, ...]) -> None:
    refuses(provided("aligned", "OCC"), "liability_recognised", *words, liability="pay", amount=1_00, **fields)


def test_a_release_needs_a_provision() -> None:
    refuses(
        Books("lead_body"), "liability_recognised", "Provisions:pay", "below nil", "£0.00",
        liability="pay", scheme="care", amount=-1,
    )  # fmt: skip


def test_a_liability_nobody_recognised_is_unknown() -> None:
    refuses(
        provided("lead_body", ""), "liability_settled", "pool has no liability rent", "first", liability="rent", amount=1
    )  # fmt: skip
