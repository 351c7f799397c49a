"""Debtors in credit and creditors in debit at the year's end: shown where they belong, and back on the next day."""

from __future__ import annotations

import pytest

from ledger.agreement import Terms
from ledger.application import Ledger
from tests.given import CODE
from tests.ledger import proofs
from tests.ledger.years import JUNE, LAST, NEXT, NEXT_LAST, OPENS, YEAR, Pool

DEBTOR, CREDITOR = "Assets:Debtors:", "Liabilities:Creditors:"


def reclassify(pool: Pool, year: str = YEAR) -> list[tuple[str, str, int, object]]:
    """Reclassify; each event's book, body, amount and date."""
    events = pool.step("reclassify", year)
    return [(event.fact.book, event.fact.body, event.fact.amount, event.effective_on) for event in events]  # type: ignore[union-attr]


def between(pool: Pool, book: str, body: str, as_at: object = None) -> tuple[int, int]:
    """What a book has as debtor and as creditor with a body."""
    accounts = pool.balances(as_at or OPENS.max).get(book, {})  # type: ignore[arg-type]
    return accounts.get(DEBTOR + body, 0), accounts.get(CREDITOR + body, 0)


def test_a_receipt_in_advance_of_its_invoice_is_owed_at_the_years_end_and_cleared_by_the_invoice(ledger: Ledger) -> None:
    """OCC pays April's 60 in March. At the year's end the pool owes it 60; in April the due takes it up."""
    pool = Pool(ledger)
    pool.fact("contribution_received", LAST, party="OCC", amount=60_00)
    pool.due(OPENS, OCC=60_00)
    assert reclassify(pool) == [("POOL", "OCC", 60_00, LAST), ("POOL", "OCC", -60_00, OPENS)]
    assert (between(pool, "POOL", "OCC", LAST), between(pool, "OCC", "POOL", LAST)) == ((0, -60_00), (60_00, 0))
    assert (between(pool, "POOL", "OCC"), between(pool, "OCC", "POOL")) == ((0, 0), (0, 0))
    assert pool.blockers() == pool.blockers(NEXT) == []
    pool.assert_replays()


def test_what_was_overpaid_and_paid_back_cancels_for_good(ledger: Ledger) -> None:
    """OCC paid 70 of 60 due, and 10 were paid back as a settlement: both accounts are wrong by 10, and clear each other."""
    pool = Pool(ledger)
    pool.due(OCC=60_00)
    pool.fact("contribution_received", LAST, party="OCC", amount=70_00)
    pool.fact("settlement", LAST, party="POOL", counterparty="OCC", amount=10_00)
    assert between(pool, "POOL", "OCC") == (-10_00, 10_00)
    assert reclassify(pool) == [("POOL", "OCC", 10_00, LAST)]
    assert between(pool, "POOL", "OCC") == between(pool, "OCC", "POOL") == (0, 0)
    assert pool.blockers() == []


def test_where_only_part_cancels_the_rest_comes_back(ledger: Ledger) -> None:
    """Overpaid by 10, of which 4 were paid back: 6 are owed at the year's end, and wait in credit on the next day."""
    pool = Pool(ledger)
    pool.fact("contribution_received", LAST, party="OCC", amount=10_00)
    pool.fact("settlement", LAST, party="POOL", counterparty="OCC", amount=4_00)
    assert reclassify(pool) == [("POOL", "OCC", 10_00, LAST), ("POOL", "OCC", -6_00, OPENS)]
    assert between(pool, "POOL", "OCC", LAST) == (0, -6_00)
    assert between(pool, "POOL", "OCC") == (-6_00, 0)


def test_overpaid_and_paid_back_next_year_is_clean_at_both_ends(ledger: Ledger) -> None:
    pool = Pool(ledger)
    pool.fact("contribution_received", LAST, party="OCC", amount=10_00)
    reclassify(pool)
    pool.close()
    pool.fact("settlement", JUNE, party="POOL", counterparty="OCC", amount=10_00)
    assert [blocker.check for blocker in pool.blockers(NEXT)] == ["debtor in credit"]
    assert reclassify(pool, NEXT) == [("POOL", "OCC", 10_00, NEXT_LAST)]
    assert pool.blockers(NEXT) == []
    assert between(pool, "POOL", "OCC") == (0, 0)


def test_a_supplier_paid_before_its_invoice_is_a_debtor_over_the_years_end(ledger: Ledger) -> None:
    pool = Pool(ledger)
    pool.fact("payment", LAST, counterparty="SUP", amount=90_00)
    pool.cost(OPENS, care=90_00)
    pool.run(NEXT_LAST)
    assert reclassify(pool) == [("POOL", "SUP", 90_00, LAST), ("POOL", "SUP", -90_00, OPENS)]
    assert (between(pool, "POOL", "SUP", LAST), between(pool, "POOL", "SUP")) == ((90_00, 0), (0, 0))


@pytest.mark.parametrize(
    ("kind", "type", "fields", "moved"),
    [
        ("aligned", "payment", {"counterparty": "SUP", "party": "OCCG"}, ("OCCG", "SUP")),
        ("aligned", "income_received", {"counterparty": "CLIENT", "party": "OCC"}, ("OCC", "CLIENT")),
        ("commissioned", "settlement", {"party": "OCC", "counterparty": "ACME"}, ("ACME", "OCC")),
        ("hybrid", "payment", {"counterparty": "STAFF", "party": "ACME"}, ("ACME", "STAFF")),
        ("grant", "contribution_received", {"party": "OCCG"}, ("JV", "OCCG")),
        ("lead_body", "settlement", {"party": "OCC", "counterparty": "OCCG"}, ("OCC", "OCCG")),
    ],
)
def test_every_book_of_every_kind_is_put_right(
    ledger: Ledger, kind: str, type: str, fields: dict[str, str], moved: tuple[str, str]
) -> None:
    pool = Pool(ledger, kind=kind)
    pool.fact(type, LAST, amount=10_00, **fields)
    assert len(pool.blockers()) == 1
    assert reclassify(pool) == [(*moved, 10_00, LAST), (*moved, -10_00, OPENS)]
    assert pool.blockers() == []
    proofs.assert_mirrored(Terms(ledger.agreement(CODE)), pool.balances(LAST))
    pool.assert_replays()


def test_reclassifying_twice_changes_nothing_and_what_came_since_is_moved_alone(ledger: Ledger) -> None:
    pool = Pool(ledger)
    assert reclassify(pool) == []
    pool.fact("contribution_received", LAST, party="OCC", amount=10_00)
    reclassify(pool)
    assert reclassify(pool) == []
    pool.fact("contribution_received", LAST, party="OCC", amount=1_00)
    assert reclassify(pool) == [("POOL", "OCC", 1_00, LAST), ("POOL", "OCC", -1_00, OPENS)]


def test_in_a_book_that_is_closed_it_changes_nothing_but_the_open_year(ledger: Ledger) -> None:
    """OCCG has closed; a late receipt of its money stands in credit in the pool's book of the old year alone."""
    pool = Pool(ledger)
    pool.close("OCCG")
    pool.fact("contribution_received", LAST, party="OCCG", amount=10_00)
    closed = pool.balances(LAST).get("OCCG")
    assert len(reclassify(pool)) == 2
    assert pool.balances(LAST).get("OCCG") == closed
    assert between(pool, "POOL", "OCCG", LAST) == (0, -10_00)
    assert between(pool, "OCCG", "POOL", OPENS) == (0, 10_00)
    assert pool.blockers() == []


def test_what_was_reclassified_wrongly_is_reversed_on_both_days(ledger: Ledger) -> None:
    pool = Pool(ledger)
    pool.fact("contribution_received", LAST, party="OCC", amount=10_00)
    before = pool.balances()
    for event in pool.step("reclassify"):
        pool.reverse(event, event.effective_on)
    assert pool.balances() == before
    assert [blocker.check for blocker in pool.blockers()] == ["debtor in credit"]
