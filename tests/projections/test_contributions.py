"""Contributions by their days: cleared, overdue, to be raised, planned, and received in advance."""

from __future__ import annotations

from datetime import date

import pytest

from ledger.requests import Scheduled
from projections.aged import aged
from projections.contributions_report import contribution_reports
from tests.projections.conftest import WHO, Books

SCHEDULE = """
[[fund]]
code = "dfg"
name = "Disabled Facilities Grant"
kind = "capital"
[[instalment]]
party = "OCC"
amount = "190.00"
on = [2013-04-15, 2013-10-15]
[[instalment]]
party = "OCCG"
amount = "180.00"
on = [2013-04-15, 2013-10-15]
[[instalment]]
party = "OCCG"
amount = "20.00"
on = [2013-12-15]
fund = "dfg"
"""

Row = tuple[str, str | None, int | None, str, str, str, int, str]


def told(books: Books, as_at: str | None) -> list[Row]:
    """Party, day, event, cleared, outstanding, in advance, days overdue and standing of each row."""
    (report,) = contribution_reports(books.ledger, [books.code], as_at=as_at and date.fromisoformat(as_at))
    document = report.document
    for name in ("amount", "cleared", "outstanding", "in_advance"):
        assert document["totals"][name] == f"{sum(float(row[name]) for row in document['contributions']):.2f}"
    names = ("party", "due_on", "event", "cleared", "outstanding", "in_advance", "days_overdue", "standing")
    return [tuple(row[name] for name in names) for row in document["contributions"]]


def schedule(books: Books, to: str) -> None:
    """Raise the instalments up to a day."""
    books.ledger.record(books.code, Scheduled(to=date.fromisoformat(to)), WHO)


@pytest.fixture
def pool(books: Books) -> Books:
    """April raised (#2 OCC, #3 OCCG); OCC paid 100 of its 190 on 20 April, OCCG 370 on 2 May: 190 in advance."""
    books.sign("lead_body", more=SCHEDULE)
    schedule(books, "2013-04-15")
    books.record("contribution_received", "04-20", party="OCC", amount="100")
    books.record("contribution_received", "05-02", party="OCCG", amount="370")
    return books


def test_overdue_receipts_and_receipts_in_advance_are_shown(pool: Books) -> None:
    """190 in advance: 180 for October, and 10 of December's 20. OCC's 90 have been due for 76 days on 30 June."""
    assert told(pool, "2013-06-30") == [
        ("OCC", "2013-04-15", 2, "100.00", "90.00", "0.00", 76, "overdue"),
        ("OCCG", "2013-04-15", 3, "180.00", "0.00", "0.00", 0, "cleared"),
        ("OCC", "2013-10-15", None, "0.00", "0.00", "0.00", 0, "planned"),
        ("OCCG", "2013-10-15", None, "0.00", "0.00", "180.00", 0, "planned"),
        ("OCCG", "2013-12-15", None, "0.00", "0.00", "10.00", 0, "planned"),
    ]
    (report,) = contribution_reports(pool.ledger, ["pool"], as_at=date(2013, 6, 30))
    assert report.document["totals"]["overdue"] == "90.00"


def test_as_at_a_day_nothing_later_is_known(pool: Books) -> None:
    assert [row[-1] for row in told(pool, "2013-04-15")] == ["due", "due", "planned", "planned", "planned"]
    assert [row[-1] for row in told(pool, "2013-04-16")][:2] == ["overdue", "overdue"]
    assert [row[-1] for row in told(pool, "2013-04-14")] == ["planned"] * 5


def test_an_instalment_whose_day_has_come_is_to_be_raised(pool: Books) -> None:
    assert [row[-1] for row in told(pool, "2013-10-15")][2:] == ["to be raised", "to be raised", "planned"]
    schedule(pool, "2013-10-15")
    assert told(pool, "2013-10-15")[2:4] == [
        ("OCC", "2013-10-15", 6, "0.00", "190.00", "0.00", 0, "due"),
        ("OCCG", "2013-10-15", 7, "180.00", "0.00", "0.00", 0, "cleared"),
    ]


def test_what_is_paid_beyond_the_schedule_is_named(pool: Books) -> None:
    pool.record("contribution_received", "06-01", party="OCCG", amount="100")
    assert told(pool, "2013-06-30")[-2:] == [
        ("OCCG", "2013-12-15", None, "0.00", "0.00", "20.00", 0, "planned"),
        ("OCCG", None, None, "0.00", "0.00", "90.00", 0, "beyond what is planned"),
    ]


def test_reductions_clear_and_what_was_taken_back_is_gone(pool: Books) -> None:
    reduced = pool.record("contribution_due", "05-01", party="OCC", amount="-40")
    assert told(pool, "2013-06-30")[0] == ("OCC", "2013-04-15", 2, "140.00", "50.00", "0.00", 76, "overdue")
    pool.reverse(reduced, "2013-05-02")
    pool.reverse(2, "2013-05-03")
    rows = told(pool, "2013-06-30")
    assert ("OCC", "2013-04-15", None, "0.00", "0.00", "100.00", 0, "to be raised") in rows
    assert not any(row[2] == 2 for row in rows)


def test_what_bears_the_same_document_is_cleared_first(books: Books) -> None:
    books.sign("lead_body")
    books.record("contribution_due", "04-01", party="OCC", amount="60", document="INV-1")
    books.record("contribution_due", "05-01", party="OCC", amount="60", document="INV-2")
    books.record("contribution_received", "05-10", party="OCC", amount="60", document="INV-2")
    assert [row[3:] for row in told(books, "2013-05-31")] == [
        ("0.00", "60.00", "0.00", 60, "overdue"),
        ("60.00", "0.00", "0.00", 0, "cleared"),
    ]


def test_outstanding_and_in_advance_are_the_debtors_of_the_pool_where_nothing_is_billed(pool: Books) -> None:
    (report,) = aged(pool.ledger, ["pool"], "debtors", book="POOL", as_at=date(2013, 6, 30))
    totals = {row["body"]: float(row["total"]) for row in report.document["debtors"]}
    for party in ("OCC", "OCCG"):
        rows = [row for row in told(pool, "2013-06-30") if row[0] == party]
        assert sum(float(row[4]) - float(row[5]) for row in rows) == totals[party]


def test_with_aligned_budgets_what_is_due_is_allocated_and_owed_to_nobody(books: Books) -> None:
    books.sign("aligned", more=SCHEDULE)
    schedule(books, "2013-04-15")
    assert [(row[4], row[-1]) for row in told(books, "2013-06-30")][:3] == [
        ("0.00", "allocated"), ("0.00", "allocated"), ("0.00", "planned")
    ]  # fmt: skip


def test_a_late_due_is_told_by_its_own_day_where_it_is_posted_later(pool: Books) -> None:
    with pool.closed({"POOL": "2014-04-01", "OCC": "2014-04-01"}):
        pool.record("contribution_due", "03-31", party="OCC", amount="7")
    assert not any(row[1] == "2014-03-31" for row in told(pool, "2014-03-31"))
    assert ("OCC", "2014-03-31", 6, "0.00", "7.00", "0.00", 1, "overdue") in told(pool, "2014-04-01")
