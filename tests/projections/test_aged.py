"""Debtors and creditors by age."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from ledger.errors import UnknownCode
from projections.aged import aged
from projections.balances import balances
from tests.projections.conftest import Books, shown

END = date(2013, 9, 30)


@pytest.fixture
def pool(books: Books) -> Books:
    """A lead body with no facts yet."""
    return books.sign("lead_body")


def bill(books: Books, on: str, amount: str, document: str = "", supplier: str = "SUP") -> int:
    """A supplier's invoice."""
    return books.record("expenditure", on, scheme="care", amount=amount, counterparty=supplier, document=document)


def pay(books: Books, on: str, amount: str, document: str = "", supplier: str = "SUP") -> int:
    """A payment to a supplier."""
    return books.record("payment", on, amount=amount, counterparty=supplier, document=document)


def row(books: Books, what: str = "creditors", body: str = "SUP", as_at: date | None = END, **asked: Any) -> list[str]:
    """A body's figures in the pool's book, without those at nil."""
    (report,) = aged(books.ledger, ["pool"], what, as_at=as_at, **asked)
    for found in report.document[what]:
        if found["body"] == body and found["book"] == "POOL":
            return [f"{name} {found[name]}" for name in list(found)[2:] if found[name] != "0.00"]
    return []


@pytest.mark.parametrize(
    ("posted", "band"),
    [
        ("09-30", "up_to_30_days"),  # today
        ("08-31", "up_to_30_days"),  # 30 days before 30 September
        ("08-30", "from_31_to_60_days"),  # 31
        ("08-01", "from_31_to_60_days"),  # 60
        ("07-31", "from_61_to_90_days"),  # 61
        ("07-02", "from_61_to_90_days"),  # 90
        ("07-01", "over_90_days"),  # 91
    ],
)
def test_an_invoice_ages_by_its_posting_date(pool: Books, posted: str, band: str) -> None:
    bill(pool, posted, "10")
    assert row(pool) == [f"{band} 10.00", "total 10.00"]


def test_a_payment_clears_the_oldest_first(pool: Books) -> None:
    bill(pool, "05-01", "10")
    bill(pool, "09-01", "20")
    pay(pool, "09-15", "15")
    # 10 of May and 5 of the 20 of September are paid.
    assert row(pool) == ["up_to_30_days 15.00", "total 15.00"]


def test_a_payment_clears_first_what_shares_its_document(pool: Books) -> None:
    bill(pool, "05-01", "10", "INV-1")
    bill(pool, "09-01", "20", "INV-2")
    pay(pool, "09-15", "15", "INV-2")
    assert row(pool) == ["up_to_30_days 5.00", "over_90_days 10.00", "total 15.00"]


def test_what_is_paid_beyond_its_document_goes_to_the_oldest(pool: Books) -> None:
    bill(pool, "05-01", "10", "INV-1")
    bill(pool, "09-01", "20", "INV-2")
    pay(pool, "09-15", "26", "INV-2")
    # 20 of INV-2, then 6 of the 10 of INV-1.
    assert row(pool) == ["over_90_days 4.00", "total 4.00"]


def test_a_payment_without_a_document_leaves_its_own_to_one_that_has_it(pool: Books) -> None:
    bill(pool, "05-01", "10", "INV-1")
    bill(pool, "09-01", "10", "INV-2")
    pay(pool, "09-10", "10")
    pay(pool, "09-15", "10", "INV-1")
    # INV-1's own payment clears it, so the payment before, which names none, clears INV-2.
    assert row(pool) == []


def test_papers_without_a_number_are_not_the_same_paper(pool: Books) -> None:
    bill(pool, "05-01", "10", "INV-1")
    bill(pool, "09-01", "10")
    pay(pool, "09-10", "10")
    # The payment names no document, so it clears the oldest, not the other that names none.
    assert row(pool) == ["up_to_30_days 10.00", "total 10.00"]


def test_overpayment_stands_in_credit(pool: Books) -> None:
    bill(pool, "09-01", "10")
    pay(pool, "09-02", "12")
    bill(pool, "09-03", "7", supplier="OTHER")
    assert row(pool) == ["in_credit -2.00", "total -2.00"]
    (report,) = aged(pool.ledger, ["pool"], "creditors", as_at=END)
    (total,) = report.document["totals"]
    assert (total["book"], total["in_credit"]) == ("POOL", "-2.00")
    assert total["total"] == "5.00"  # 7 owed to OTHER less 2 in credit with SUP


def test_what_was_reversed_had_never_been(pool: Books) -> None:
    bill(pool, "05-01", "10", "INV-1")
    wrong = bill(pool, "05-02", "99", "INV-2")
    mistaken = pay(pool, "09-02", "10", "INV-1")
    pool.reverse(wrong, "2013-09-03")
    assert row(pool) == []
    back = pool.reverse(mistaken, "2013-09-04")
    # The payment never was: May's invoice is open again, and as old as it is.
    assert row(pool) == ["over_90_days 10.00", "total 10.00"]
    pool.reverse(back, "2013-09-05")
    assert row(pool) == []
    # On 3 September the payment still stood.
    assert row(pool, as_at=date(2013, 9, 3)) == []
    assert row(pool, as_at=date(2013, 9, 4)) == ["over_90_days 10.00", "total 10.00"]


def test_a_credit_note_clears_like_a_payment(pool: Books) -> None:
    bill(pool, "09-01", "10", "INV-1")
    bill(pool, "09-02", "-4", "INV-1")
    assert row(pool) == ["up_to_30_days 6.00", "total 6.00"]


def test_what_the_pool_is_owed(pool: Books) -> None:
    pool.record("contribution_due", "05-01", party="OCCG", amount="300")
    pool.record("contribution_received", "05-10", party="OCCG", amount="100")
    pool.record("contribution_received", "05-11", party="OCC", amount="5")
    assert row(pool, "debtors", "OCCG") == ["over_90_days 200.00", "total 200.00"]
    assert row(pool, "debtors", "OCC") == ["in_credit -5.00", "total -5.00"]
    (mirror,) = aged(pool.ledger, ["pool"], "creditors", as_at=END, book="OCCG")
    assert [(found["body"], found["over_90_days"]) for found in mirror.document["creditors"]] == [("POOL", "200.00")]


def test_totals_agree_with_the_balances(pool: Books) -> None:
    for number in range(1, 30):
        bill(pool, f"0{4 + number % 6}-{number:02d}", f"{number}.0{number % 10}", f"INV-{number % 7}", f"S{number % 3}")
        if number % 2:
            pay(pool, f"0{5 + number % 5}-{number:02d}", f"{number % 11 + 1}", f"INV-{number % 5}", f"S{number % 4}")
    (report,) = aged(pool.ledger, ["pool"], "creditors", as_at=END)
    (standing,) = balances(pool.ledger, ["pool"], as_at=END)
    owed = {account: -float(pounds) for account, pounds in shown(standing)["POOL"].items() if "Creditors" in account}
    assert {f"Liabilities:Creditors:{found['body']}": float(found["total"]) for found in report.document["creditors"]} == owed
    assert len(owed) == 4


def test_without_a_day_everything_counts_and_ages_by_today(pool: Books) -> None:
    # The test's clock stands in April 2013; an invoice dated later is not due yet.
    bill(pool, "2014-03-01", "10")
    (report,) = aged(pool.ledger, ["pool"], "creditors")
    assert report.document["as_at"] is None
    assert report.document["aged_on"].startswith("2013-04-")
    assert row(pool, as_at=None) == ["up_to_30_days 10.00", "total 10.00"]


def test_an_unknown_book_is_refused(pool: Books) -> None:
    with pytest.raises(UnknownCode, match="did you mean OCCG"):
        aged(pool.ledger, ["pool"], "debtors", book="OCCGG")
