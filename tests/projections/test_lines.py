"""The journal, and accounts in full."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from ledger.errors import UnknownCode
from projections.account_lines import Asked, accounts
from projections.journal import journal
from tests.projections.conftest import Books


@pytest.fixture
def pool(books: Books) -> Books:
    """Two invoices and a payment, the second invoice a mistake that was reversed; recorded out of order."""
    books.sign("lead_body")
    books.record("expenditure", "06-10", scheme="care", amount="100", counterparty="SUP", document="INV-1")
    wrong = books.record("expenditure", "06-11", scheme="care", amount="7", counterparty="SUP", document="INV-2")
    books.record("payment", "06-01", amount="30", counterparty="SUP", document="INV-1")
    books.reverse(wrong, "2013-06-12")
    books.record("contribution_due", "06-20", party="OCCG", amount="50")
    return books


def account(books: Books, **asked: Any) -> list[tuple[str, str, list[tuple[int, str, str]], str]]:
    """Accounts as account, opening, lines (number, amount, balance), closing."""
    (report,) = accounts(books.ledger, ["pool"], Asked(**asked))
    return [
        (
            found["account"],
            found["opening"],
            [(line["number"], line["amount"], line["balance"]) for line in found["lines"]],
            found["closing"],
        )
        for found in report.document["accounts"]
    ]


def test_an_account_runs_by_posting_date_from_opening_to_closing(pool: Books) -> None:
    # Paid 30 on the 1st, invoiced 100 on the 10th and 7 on the 11th, which was taken back on the 12th.
    assert account(pool, account="Liabilities:Creditors:SUP") == [
        (
            "Liabilities:Creditors:SUP",
            "0.00",
            [(4, "30.00", "30.00"), (2, "-100.00", "-70.00"), (3, "-7.00", "-77.00"), (5, "7.00", "-70.00")],
            "-70.00",
        )
    ]


def test_a_period_opens_with_what_was_posted_before_it(pool: Books) -> None:
    asked = {"account": "Liabilities:Creditors:SUP", "first": date(2013, 6, 10), "last": date(2013, 6, 11)}
    assert account(pool, **asked) == [
        ("Liabilities:Creditors:SUP", "30.00", [(2, "-100.00", "-70.00"), (3, "-7.00", "-77.00")], "-77.00")
    ]


def test_one_body_is_every_account_about_it_in_every_book(pool: Books) -> None:
    assert [found[0] for found in account(pool, party="OCCG")] == [
        "Assets:Debtors:OCCG",
        "Liabilities:Contributions in advance:OCCG",
    ]
    assert [found[0] for found in account(pool, party="POOL")] == [
        "Assets:Prepaid contributions:POOL",
        "Liabilities:Creditors:POOL",
    ]
    assert account(pool, party="OCCG", account="Assets:Debtors:OCCG")[0][3] == "50.00"


def test_without_a_name_every_account_of_a_book(pool: Books) -> None:
    assert [found[0] for found in account(pool, book="OCCG")] == [
        "Assets:Prepaid contributions:POOL",
        "Liabilities:Creditors:POOL",
    ]
    assert len(account(pool)) == 7


def test_what_no_account_bears_is_refused(pool: Books) -> None:
    with pytest.raises(UnknownCode, match="Assets:Csh is no account of pool; did you mean Assets:Cash"):
        account(pool, account="Assets:Csh")
    with pytest.raises(UnknownCode, match="SUPP is named by no account of pool; did you mean SUP"):
        account(pool, party="SUPP")
    with pytest.raises(UnknownCode, match="POOLL is no body with a book in pool; did you mean POOL\\?"):
        account(pool, book="POOLL")
    assert account(pool, book="OCCG", party="SUP") == []


def entry(books: Books, **asked: Any) -> list[dict[str, Any]]:
    """The journal's events."""
    (report,) = journal(books.ledger, ["pool"], **asked)
    found: list[dict[str, Any]] = report.document["events"]
    return found


def test_the_journal_is_in_the_order_of_recording_with_what_reversed_what(pool: Books) -> None:
    found = entry(pool)
    assert [(event["number"], event["reverses"], event["reversed_by"]) for event in found] == [
        (2, None, None),
        (3, None, 5),
        (4, None, None),
        (5, 3, None),
        (6, None, None),
    ]
    assert found[0] == {
        "number": 2,
        "type": "ExpenditureIncurred",
        "effective_on": "2013-06-10",
        "reference": "#2",
        "document": "INV-1",
        "reverses": None,
        "reversed_by": None,
        "lines": [
            {"book": "POOL", "account": "Expenditure:care", "posted_on": "2013-06-10", "amount": "100.00"},
            {"book": "POOL", "account": "Liabilities:Creditors:SUP", "posted_on": "2013-06-10", "amount": "-100.00"},
        ],
    }


def test_the_journal_of_a_book_and_a_period(pool: Books) -> None:
    assert [event["number"] for event in entry(pool, book="OCCG")] == [6]
    assert [event["number"] for event in entry(pool, first=date(2013, 6, 10), last=date(2013, 6, 12))] == [2, 3, 5]
    assert [line["book"] for line in entry(pool)[4]["lines"]] == ["POOL", "POOL", "OCCG", "OCCG"]
    with pytest.raises(UnknownCode, match="did you mean POOL\\?"):
        entry(pool, book="POOLL")


def test_legs_of_a_closed_book_are_posted_in_its_open_year(pool: Books) -> None:
    with pool.closed({"OCCG": "2014-04-01"}):
        late = pool.record("contribution_due", "06-21", party="OCCG", amount="9")
    assert [event["number"] for event in entry(pool, book="OCCG", first=date(2014, 4, 1))] == [late]
    (found,) = entry(pool, book="OCCG", first=date(2014, 4, 1))
    assert {line["posted_on"] for line in found["lines"]} == {"2014-04-01"}
    assert found["effective_on"] == "2013-06-21"
    assert entry(pool, book="POOL", first=date(2014, 4, 1)) == []
