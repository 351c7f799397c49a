"""Every report names what is in dispute: a list of its own, a note under the figures, a part of what is owed."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from ledger import events as e
from ledger.requests import Disputing
from projections.aged import aged
from projections.balances import balances
from projections.disputes import dispute_reports
from projections.memorandum_report import memoranda
from projections.statement_report import Asked, statements
from tests.projections.conftest import WHO, Books

Fact = e.DisputeRaised | e.DisputeAcknowledged | e.DisputeResolved


def record(books: Books, fact: Fact, on: str) -> int:
    """Record what happens to a dispute; gives the event's number."""
    asked = Disputing(fact=fact, effective_on=date.fromisoformat(on))
    return books.ledger.record(books.code, asked, WHO).events[0].number


@pytest.fixture
def pool(books: Books) -> Books:
    """100 spent and recharged half and half (#3); OCCG paid nothing, and from 10 May 2014 disputes 12.34 of its 50 (#4)."""
    books.sign("lead_body")
    books.record("expenditure", "05-10", scheme="care", amount="100", counterparty="SUP")
    books.record("recharge", "03-31", scheme="care", amount="100")
    record(books, e.DisputeRaised(event=3, party="OCCG", amount=12_34), "2014-05-10")
    return books


def notes(books: Books, name: str, body: str = "") -> list[tuple[object, ...]]:
    """The rows of the note under a report."""
    ask: dict[str, Any] = {
        "balances": lambda: balances(books.ledger, ["pool"], book=body),
        "balances as at": lambda: balances(books.ledger, ["pool"], book=body, as_at=date(2014, 3, 31)),
        "statement": lambda: statements(books.ledger, ["pool"], Asked(body or "POOL", year="2013/14")),
        "statutory": lambda: statements(books.ledger, ["pool"], Asked("OCC", year="2013/14", statutory=True)),
        "memorandum": lambda: memoranda(books.ledger, ["pool"], year="2013/14"),
    }
    (report,) = ask[name]()
    return [row for sheet in report.sheets if sheet.title.startswith("In dispute") for row in sheet.rows]


REPORTS = [("balances", ""), ("balances as at", ""), ("balances", "POOL"), ("balances", "OCCG"), ("statement", "POOL"),
           ("statement", "OCCG"), ("statutory", ""), ("memorandum", "")]  # fmt: skip


@pytest.mark.parametrize(("name", "body"), REPORTS)
def test_a_report_names_the_dispute_until_it_is_resolved(pool: Books, name: str, body: str) -> None:
    """Raised after the year's end, it is named under the year's figures: they are what it is about."""
    assert notes(pool, name, body) == [("#4", "OCCG", "#3", 12_34, "2014-05-10")]
    record(pool, e.DisputeAcknowledged(dispute=4, year="2013/14"), "2014-05-11")
    assert len(notes(pool, name, body)) == 1
    record(pool, e.DisputeResolved(dispute=4), "2014-06-10")
    assert notes(pool, name, body) == []


@pytest.mark.parametrize("name", ["balances", "statement"])
def test_another_partys_book_does_not_name_it(pool: Books, name: str) -> None:
    assert notes(pool, name, "OCC") == []


def disputed(books: Books, what: str, as_at: str | None = None) -> dict[tuple[str, str], tuple[str, str]]:
    """Book and body → what is owed, and how much of it is disputed."""
    (report,) = aged(books.ledger, ["pool"], what, as_at=as_at and date.fromisoformat(as_at))
    return {(row["book"], row["body"]): (row["total"], row["disputed"]) for row in report.document[what]}


def test_what_is_owed_tells_how_much_of_it_is_disputed_on_both_sides(pool: Books) -> None:
    assert disputed(pool, "debtors") == {("POOL", "OCC"): ("50.00", "0.00"), ("POOL", "OCCG"): ("50.00", "12.34")}
    assert disputed(pool, "creditors")["OCCG", "POOL"] == ("50.00", "12.34")
    assert disputed(pool, "creditors")["POOL", "SUP"] == ("100.00", "0.00")
    record(pool, e.DisputeResolved(dispute=4), "2014-06-10")
    assert disputed(pool, "debtors")["POOL", "OCCG"] == ("50.00", "0.00")
    assert disputed(pool, "debtors", "2014-05-31")["POOL", "OCCG"] == ("50.00", "12.34")


def test_no_more_is_disputed_than_stands_in_the_account(books: Books) -> None:
    """Of 50 recharged to OCCG 40 were drawn and 10 billed: of 40 disputed no more than 10 can be owed."""
    books.sign("lead_body")
    books.record("contribution_due", "04-01", party="OCCG", amount="40")
    books.record("expenditure", "05-10", scheme="care", amount="100", counterparty="SUP")
    books.record("recharge", "03-31", scheme="care", amount="100")
    record(books, e.DisputeRaised(event=4, party="OCCG", amount=40_00), "2014-05-10")
    assert disputed(books, "debtors")["POOL", "OCCG"] == ("50.00", "10.00")


def test_what_was_reversed_is_owed_and_disputed_no_more(pool: Books) -> None:
    pool.reverse(3, "2014-05-12")
    assert disputed(pool, "debtors") == {}


def test_the_list_of_disputes(pool: Books) -> None:
    record(pool, e.DisputeAcknowledged(dispute=4, year="2013/14"), "2014-05-11")
    second = record(pool, e.DisputeRaised(event=3, party="OCC", amount=1_00), "2014-05-12")
    record(pool, e.DisputeResolved(dispute=4), "2014-06-10")
    (report,) = dispute_reports(pool.ledger, ["pool"])
    assert [dict(row) for row in report.document["disputes"]] == [
        {
            "dispute": 4, "party": "OCCG", "event": 3, "type": "RechargeRaised", "amount": "12.34", "raised_on": "2014-05-10",
            "acknowledged": ("2013/14",), "resolved_on": "2014-06-10", "standing": "resolved",
        },
        {
            "dispute": second, "party": "OCC", "event": 3, "type": "RechargeRaised", "amount": "1.00",
            "raised_on": "2014-05-12", "acknowledged": (), "resolved_on": None, "standing": "open",
        },
    ]  # fmt: skip
    assert report.document["open"] == "1.00"
    (before,) = dispute_reports(pool.ledger, None, as_at=date(2014, 5, 11))
    assert [(row["dispute"], row["standing"]) for row in before.document["disputes"]] == [(4, "open")]
    assert before.document["open"] == "12.34"
