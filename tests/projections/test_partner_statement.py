"""What a party must book itself, by figures worked by hand; the balances with others, opening and closing; late lines."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.agreement import Terms
from ledger.errors import UnknownCode
from ledger.reconciliation.differences import compare
from ledger.reconciliation.extract import Line
from ledger.reconciliation.mirror import mirror, mirroring
from projections.partner_statement_report import Asked, partner_statements
from tests.given import Books as InMemory
from tests.ledger.histories import histories, try_step
from tests.projections.conftest import Books
from tests.projections.years import step


def told(books: Books, party: str = "OCCG", **period: Any) -> dict[str, Any]:
    """A party's document."""
    (report,) = partner_statements(books.ledger, [books.code], Asked(party, **period))
    return report.document


def booked(document: dict[str, Any]) -> list[tuple[str, str, str, str]]:
    """Each line's day, account, amount and part in the account with the pool."""
    return [(line["posted_on"], line["account"], line["amount"], line["with_pool"]) for line in document["lines"]]


def accounts(document: dict[str, Any]) -> dict[str, list[str]]:
    """Account → opening, debits, credits, closing."""
    return {
        row["account"]: [row[name] for name in ("opening", "debits", "credits", "closing")] for row in document["accounts"]
    }


@pytest.fixture
def pool(books: Books) -> Books:
    """OCCG is due 300 in April and pays it in May; care costs 1,000 in June and is recharged half and half."""
    books.sign("lead_body")
    books.record("contribution_due", "04-01", party="OCCG", amount="300")
    books.record("contribution_received", "05-02", party="OCCG", amount="300", document="BACS-7")
    books.record("expenditure", "06-01", scheme="care", amount="1000", counterparty="SUP")
    books.record("recharge", "06-30", scheme="care", amount="1000")
    return books


def test_every_line_of_the_partys_own_book_and_no_other(pool: Books) -> None:
    assert booked(told(pool)) == [
        ("2013-04-01", "Assets:Prepaid contributions:POOL", "300.00", "300.00"),
        ("2013-04-01", "Liabilities:Creditors:POOL", "-300.00", "-300.00"),
        ("2013-05-02", "Liabilities:Creditors:POOL", "300.00", "300.00"),
        ("2013-05-02", "Assets:Cash", "-300.00", "0.00"),
        # Half of 1,000: 300 drawn on what was paid in advance, 200 billed.
        ("2013-06-30", "Expenditure:care", "500.00", "0.00"),
        ("2013-06-30", "Assets:Prepaid contributions:POOL", "-300.00", "-300.00"),
        ("2013-06-30", "Liabilities:Creditors:POOL", "-200.00", "-200.00"),
    ]


def test_a_period_opens_and_closes_and_its_lines_are_what_lies_between(pool: Books) -> None:
    document = told(pool, first=date(2013, 5, 1), last=date(2013, 6, 30))
    assert accounts(document) == {
        "Assets:Cash": ["0.00", "0.00", "300.00", "-300.00"],
        "Assets:Prepaid contributions:POOL": ["300.00", "0.00", "300.00", "0.00"],
        "Expenditure:care": ["0.00", "500.00", "0.00", "500.00"],
        "Liabilities:Creditors:POOL": ["-300.00", "300.00", "200.00", "-200.00"],
    }
    assert document["with_pool"] == {"kept_by": ["POOL"], "opening": "0.00", "closing": "-200.00"}
    said = {row["account"]: [row[name] for name in ("opening", "closing", "with", "their_account", "they_say", "difference")]
            for row in document["mirrors"]}  # fmt: skip
    assert said == {
        "Assets:Prepaid contributions:POOL":
            ["300.00", "0.00", "POOL", "Liabilities:Contributions in advance:OCCG", "0.00", "0.00"],
        "Liabilities:Creditors:POOL": ["-300.00", "-200.00", "POOL", "Assets:Debtors:OCCG", "200.00", "0.00"],
    }  # fmt: skip


def test_a_list_of_a_later_period_begins_with_what_the_account_opened_with(pool: Books) -> None:
    (report,) = partner_statements(pool.ledger, ["pool"], Asked("OCCG", first=date(2013, 5, 3), last=date(2013, 5, 31)))
    (row,) = report.flat.rows
    assert dict(zip(report.flat.header, row, strict=True)) == {
        "arrangement": "pool", "party": "OCCG", "number": "", "date": date(2013, 5, 3), "reference": "", "document": "",
        "type": "Opening", "account": "", "debit": "", "credit": "", "amount": 300_00,
    }  # fmt: skip


def test_a_reversal_is_booked_too_and_says_what_it_reverses(pool: Books) -> None:
    pool.reverse(5, "2013-07-01")
    lines = told(pool)["lines"]
    assert [(line["reverses"], line["reversed_by"]) for line in lines[-6:]] == [(None, 6)] * 3 + [(5, None)] * 3
    assert sum(float(line["with_pool"]) for line in lines) == 300.00


def test_what_closes_a_year_is_not_booked_and_a_late_line_is_the_difference_it_makes(pool: Books) -> None:
    before = booked(told(pool))
    for body in ("OCCG", "OCC"):
        step(pool, "settle") if body == "OCC" else None
        step(pool, "close", body=body)
    assert [line[:3] for line in booked(told(pool))] == [line[:3] for line in before]
    with pool.closed({"OCCG": "2014-04-01"}):
        pool.record("contribution_due", "2014-03-31", party="OCCG", amount="50")
    mirrors = told(pool, year="2013/14")["mirrors"]
    assert {row["their_account"]: row["difference"] for row in mirrors}["Assets:Debtors:OCCG"] == "50.00"


def test_only_a_party_has_a_statement(pool: Books) -> None:
    for code in ("POOL", "SUP", "occg"):
        with pytest.raises(UnknownCode, match=f"{code} is no party of pool"):
            told(pool, code)


def test_aligned_parties_have_no_account_with_a_pool(books: Books) -> None:
    books.sign("aligned")
    books.record("expenditure", "06-01", scheme="care", amount="10", counterparty="SUP", party="OCC")
    document = told(books, "OCC")
    assert (document["with_pool"], document["mirrors"]) == (None, [])
    assert [line[1:3] for line in booked(document)] == [
        ("Expenditure:care", "10.00"),
        ("Liabilities:Creditors:SUP", "-10.00"),
    ]


@settings(max_examples=30)
@given(st.sampled_from(["lead_body", "hybrid", "commissioned", "grant", "capital"]), histories, st.integers(1, 4))
def test_the_lines_agree_with_the_mirror_whatever_happened_and_however_many_share_a_reference(
    kind: str, history: list[Any], shared: int
) -> None:
    books = InMemory(kind)
    for type, fields, wild in history:
        try_step(books, type, fields, wild)
    terms = Terms(books.signed)
    keepers = [book for book in terms.books if book not in terms.party_set]
    mirrors = mirroring(keepers)
    for party in terms.parties:
        items = [item._replace(reference=f"R{item.number // shared}") for item in mirror(books.events, party, keepers)]
        lines = []
        for event in books.events:
            legs = event.entries.get(party, {})
            net = sum(pence for account, pence in legs.items() if mirrors(account))
            for place in range(len(legs)):
                lines.append(Line(len(lines), event.effective_on, 0 if place else net, f"R{event.number // shared}"))
        assert compare(items, lines, date(2014, 3, 31), 31, {}).differences == []
