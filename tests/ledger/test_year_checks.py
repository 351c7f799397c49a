"""What stands in the way of a year end: each with a remedy that, when followed, clears it, and nothing that need not."""

from __future__ import annotations

import pytest

from ledger import events as e
from ledger.application import Ledger
from tests import given
from tests.given import refused
from tests.ledger.years import JUNE, LAST, MAY, NEXT, NEXT_LAST, OPENS, YEAR, Pool, budgeted

BUDGETS = budgeted(care={"OCC": 60_00, "OCCG": 30_00})


def checks(pool: Pool, year: str = YEAR) -> list[str]:
    """The names of what stands in the way."""
    return [blocker.check for blocker in pool.blockers(year)]


def only(pool: Pool, check: str, *words: str) -> None:
    """There is one thing in the way, and its sentence holds the words."""
    found = pool.blockers()
    assert [blocker.check for blocker in found] == [check]
    assert [word for word in words if word not in found[0].sentence] == [], found[0].sentence


@pytest.mark.parametrize("kind", ["lead_body", "hybrid", "aligned", "commissioned", "grant"])
def test_nothing_stands_in_the_way_of_an_empty_year(ledger: Ledger, kind: str) -> None:
    assert checks(Pool(ledger, kind=kind)) == []


# Net cost not recharged.


def test_net_cost_not_recharged_blocks_until_the_run(ledger: Ledger) -> None:
    pool = Pool(ledger)
    pool.cost(care=80_00)
    only(pool, "net cost not recharged", "care has £80.00 of 2013/14", "poolbook recharge run pool --to 2014-03-31")
    pool.run(LAST)
    assert checks(pool) == []


def test_the_next_years_cost_does_not_block_this_year(ledger: Ledger) -> None:
    pool = Pool(ledger)
    pool.cost(OPENS, care=80_00)
    assert (checks(pool), checks(pool, NEXT)) == ([], ["net cost not recharged"])


def test_a_credit_note_not_given_back_blocks(ledger: Ledger) -> None:
    pool = Pool(ledger)
    pool.cost(care=80_00)
    pool.run()
    pool.cost(LAST, care=-5_00)
    assert checks(pool) == ["net cost not recharged"]
    pool.run()
    assert checks(pool) == []


def test_a_late_cost_of_a_closed_year_blocks_the_next_until_it_is_recharged(ledger: Ledger) -> None:
    """It stands in the pool's books of the next year, which must not close with it."""
    pool = Pool(ledger)
    pool.close()
    pool.cost(LAST, care=8_00)
    assert checks(pool, NEXT) == ["net cost not recharged"]
    pool.run(NEXT_LAST)
    assert checks(pool, NEXT) == checks(pool) == []


@pytest.mark.parametrize("charged", [0, 10_00])
def test_more_income_than_cost_leaves_nothing_to_recharge(ledger: Ledger, charged: int) -> None:
    """What was charged before is given back; what is beyond it stays in the pool, and does not block."""
    pool = Pool(ledger)
    if charged:
        pool.cost(care=charged)
        pool.run()
    pool.fact("income", LAST, scheme="care", amount=charged + 5_00)
    pool.run()
    assert checks(pool) == []


def test_where_nothing_is_recharged_net_cost_does_not_block(ledger: Ledger) -> None:
    pool = Pool(ledger, kind="grant")
    pool.cost(care=80_00)
    assert checks(pool) == []


# Dues.


def test_dues_that_differ_block_until_they_are_raised(ledger: Ledger) -> None:
    pool = Pool(ledger, BUDGETS)
    pool.due(OCC=60_00, OCCG=25_00)
    only(pool, "dues that differ from the budget", "OCCG has £30.00 budgeted in 2013/14 and £25.00 due", "--amount=5.00")
    pool.due(LAST, OCCG=5_00)
    assert checks(pool) == []


def test_dues_that_differ_block_until_the_budget_is_set(ledger: Ledger) -> None:
    pool = Pool(ledger, BUDGETS)
    pool.due(OCC=60_00, OCCG=35_00)
    only(pool, "dues that differ from the budget", "£35.00 due", "--amount=-5.00", "--amount=35.00")
    pool.plan(e.BudgetSet(YEAR, "beds", "OCCG", 5_00))
    assert checks(pool) == []


def test_a_due_taken_back_is_not_due(ledger: Ledger) -> None:
    pool = Pool(ledger, BUDGETS)
    twice = [*pool.due(OCC=60_00), *pool.due(OCC=60_00, OCCG=30_00)]
    assert checks(pool) == ["dues that differ from the budget"]
    pool.reverse(twice[0])
    assert checks(pool) == []


def test_a_due_that_was_used_is_not_lowered_but_budgeted(ledger: Ledger) -> None:
    """Due 35 of 30 budgeted, and all of it drawn: the due cannot be lowered by 5 any more."""
    pool = Pool(ledger, BUDGETS)
    pool.due(OCC=60_00, OCCG=35_00)
    pool.cost(care=87_50)
    pool.run()
    only(
        pool,
        "dues that differ from the budget",
        "£35.00 due, of which too much has been used",
        "budget set",
        "--amount=35.00",
    )
    refused(lambda: pool.due(LAST, OCCG=-5_00), "below nil")
    pool.plan(e.BudgetSet(YEAR, "care", "OCCG", 35_00))
    assert checks(pool) == []


def test_a_party_without_a_budget_may_be_due_anything(ledger: Ledger) -> None:
    pool = Pool(ledger, budgeted(care={"OCC": 60_00}))
    pool.due(OCC=60_00, OCCG=1_00)
    assert checks(pool) == []


def test_a_capital_grant_is_no_part_of_the_budget(ledger: Ledger) -> None:
    pool = Pool(ledger, BUDGETS)
    pool.due(OCC=60_00, OCCG=20_00)
    pool.due(fund="hub", OCCG=10_00)
    pool.due(fund="dfg", OCCG=500_00)
    assert checks(pool) == []


def test_a_late_due_counts_in_the_year_it_is_about(ledger: Ledger) -> None:
    pool = Pool(ledger, BUDGETS, budgeted(NEXT, care={"OCC": 60_00, "OCCG": 30_00}))
    pool.due(OCC=60_00, OCCG=30_00)
    pool.settle("carry_forward")
    pool.close("OCC")
    pool.due(LAST, OCC=10_00)
    pool.due(JUNE, OCC=60_00, OCCG=30_00)
    assert checks(pool) == ["dues that differ from the budget"]
    assert checks(pool, NEXT) == []


# Debtors in credit, creditors in debit.


def test_an_overpaid_contribution_blocks_once_for_both_books_until_it_is_due(ledger: Ledger) -> None:
    pool = Pool(ledger)
    pool.due(OCC=60_00)
    pool.fact("contribution_received", party="OCC", amount=70_00)
    only(pool, "debtor in credit", "Assets:Debtors:OCC of POOL is £10.00 in credit", "year reclassify pool --year 2013/14")
    pool.due(LAST, OCC=10_00)
    assert checks(pool) == []


def test_a_supplier_overpaid_blocks_until_the_cost_is_recorded(ledger: Ledger) -> None:
    pool = Pool(ledger)
    pool.cost(care=80_00)
    pool.fact("payment", counterparty="SUP", amount=90_00)
    pool.run()
    only(pool, "creditor in debit", "Liabilities:Creditors:SUP of POOL is £10.00 in debit")
    pool.cost(care=10_00)
    pool.run()
    assert checks(pool) == []


def test_only_the_balances_of_the_years_last_day_matter(ledger: Ledger) -> None:
    """Paid too early in March for a cost of April: in debit at the end of March, and not in a year's time."""
    pool = Pool(ledger)
    pool.fact("payment", LAST, counterparty="SUP", amount=90_00)
    pool.cost(OPENS, care=90_00)
    pool.run(NEXT_LAST)
    assert (checks(pool), checks(pool, NEXT)) == (["creditor in debit"], [])


# Assets.


def van(pool: Pool) -> None:
    """A van bought and recharged."""
    pool.fact("asset_acquired", asset="van", scheme="care", counterparty="SUP", amount=60_00)
    pool.run()


def test_an_asset_without_depreciation_blocks_until_it_is_worn_off(ledger: Ledger) -> None:
    pool = Pool(ledger)
    van(pool)
    only(pool, "asset without depreciation", "van, held by POOL at £60.00", "asset depreciate pool --asset van")
    pool.fact("asset_depreciated", LAST, asset="van", amount=12_00)
    assert (checks(pool), checks(pool, NEXT)) == ([], ["asset without depreciation"])


def test_depreciation_that_was_taken_back_is_none(ledger: Ledger) -> None:
    pool = Pool(ledger)
    van(pool)
    worn = pool.fact("asset_depreciated", asset="van", amount=12_00)
    pool.reverse(worn)
    assert checks(pool) == ["asset without depreciation"]
    pool.fact("asset_depreciated", LAST, asset="van", amount=10_00)
    assert checks(pool) == []


@pytest.mark.parametrize("end", ["worn off", "sold"])
def test_an_asset_of_no_value_or_sold_needs_none(ledger: Ledger, end: str) -> None:
    pool = Pool(ledger)
    van(pool)
    if end == "sold":
        pool.fact("asset_disposed", LAST, asset="van", amount=60_00)
        pool.run()
    else:
        pool.fact("asset_depreciated", LAST, asset="van", amount=60_00)
        assert checks(pool, NEXT) == []
    assert checks(pool) == []


def test_an_asset_that_a_party_holds_blocks_where_there_is_no_pool(ledger: Ledger) -> None:
    pool = Pool(ledger, kind="aligned")
    pool.fact("asset_acquired", asset="van", scheme="care", counterparty="SUP", amount=60_00, party="OCC")
    only(pool, "asset without depreciation", "held by OCC")
    pool.fact("asset_depreciated", LAST, asset="van", amount=12_00)
    assert checks(pool) == []


# Disputes.


def test_a_dispute_blocks_until_it_is_acknowledged_for_the_year(ledger: Ledger) -> None:
    pool = Pool(ledger)
    due = pool.due(OCCG=30_00)[0]
    raised = given.dispute(ledger, e.DisputeRaised(event=due.number, party="OCCG", amount=12_34), on=MAY)
    only(pool, "dispute not acknowledged", "OCCG disputes £12.34 of #2", f"dispute resolve pool {raised.number}")
    given.dispute(ledger, e.DisputeAcknowledged(dispute=raised.number, year=YEAR), on=LAST)
    assert (checks(pool), checks(pool, NEXT)) == ([], ["dispute not acknowledged"])
    given.dispute(ledger, e.DisputeResolved(dispute=raised.number), on=JUNE)
    assert checks(pool, NEXT) == []


def test_everything_in_the_way_is_listed(ledger: Ledger) -> None:
    pool = Pool(ledger, BUDGETS)
    pool.fact("payment", counterparty="SUP", amount=70_00)
    pool.fact("asset_acquired", asset="van", scheme="care", counterparty="SUP", amount=60_00)
    assert checks(pool) == [
        "net cost not recharged",
        "dues that differ from the budget",
        "dues that differ from the budget",
        "creditor in debit",
        "asset without depreciation",
    ]
