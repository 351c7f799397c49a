"""The schedule of contributions: each instalment raised once, on its own day, whatever happened in between."""

from __future__ import annotations

from datetime import date

import pytest

from ledger import events as e
from ledger.application import Ledger
from ledger.requests import Scheduled
from tests import given
from tests.given import CODE, WHO, refused
from tests.ledger.years import JUNE, LAST, OPENS, YEAR, Pool, budgeted

MAY, OCTOBER, AFTER = date(2013, 5, 1), date(2013, 10, 1), date(2014, 5, 1)


def planned(party: str, amount: str, *days: date, more: str = "") -> str:
    """An instalment table."""
    on = ", ".join(day.isoformat() for day in days)
    return f'[[instalment]]\nparty = "{party}"\namount = "{amount}"\non = [{on}]\n{more}'


SCHEDULE = planned("OCC", "60.00", OCTOBER, MAY) + planned("OCCG", "30.00", MAY)


def raised(pool: Pool, to: date) -> list[tuple[str, int, date]]:
    """Raise what is due; each due's party, amount and date, which is the instalment's day."""
    events = given.scheduled(pool.ledger, to)
    assert all(event.fact.instalment == event.effective_on for event in events if isinstance(event.fact, e.ContributionDue))
    return [
        (event.fact.party, event.fact.amount, event.effective_on)
        for event in events
        if isinstance(event.fact, e.ContributionDue)
    ]


def test_instalments_are_raised_up_to_the_day_in_the_order_of_their_days_and_once(ledger: Ledger) -> None:
    pool = Pool(ledger, SCHEDULE)
    assert raised(pool, date(2013, 4, 30)) == []
    assert raised(pool, MAY) == [("OCC", 60_00, MAY), ("OCCG", 30_00, MAY)]
    assert raised(pool, MAY) == []
    assert raised(pool, LAST) == [("OCC", 60_00, OCTOBER)]
    assert raised(pool, AFTER) == []
    pool.assert_replays()


def test_run_month_by_month_or_in_one_go_the_same_is_due(ledger: Ledger) -> None:
    pool = Pool(ledger, SCHEDULE)
    for month in range(4, 13):
        given.scheduled(ledger, date(2013, month, 28))
    by_month = pool.balances()
    for event in pool.events[1:]:
        pool.reverse(event)
    assert raised(pool, LAST) == [("OCC", 60_00, MAY), ("OCCG", 30_00, MAY), ("OCC", 60_00, OCTOBER)]
    assert pool.balances() == by_month


def test_an_instalment_on_the_first_and_on_the_last_day_of_the_arrangement(ledger: Ledger) -> None:
    first, last = date(2013, 4, 1), date(2013, 9, 30)
    text = given.toml("lead_body", more=planned("OCC", "60.00", first, last))
    agreement = given.read_agreement(
        "agreement.toml", text.replace("starts = 2013-04-01", f"starts = 2013-04-01\nends = {last}").encode()
    )
    ledger.sign(agreement, WHO)
    assert [event.effective_on for event in given.scheduled(ledger, AFTER)] == [first, last]
    assert given.scheduled(ledger, AFTER) == []


def test_instalments_of_one_day_are_told_apart_by_fund_and_scheme(ledger: Ledger) -> None:
    more = (planned("OCC", "60.00", MAY), planned("OCC", "5.00", MAY, more='fund = "dfg"\n'),
            planned("OCC", "7.00", MAY, more='scheme = "care"\n'))  # fmt: skip
    pool = Pool(ledger, *more)
    assert [amount for _party, amount, _day in raised(pool, MAY)] == [60_00, 5_00, 7_00]
    assert raised(pool, MAY) == []
    advance = "Liabilities:Contributions in advance:OCC"
    assert (pool.balance("POOL", advance), pool.balance("POOL", f"{advance}:dfg")) == (-67_00, -5_00)


def test_an_instalment_reversed_is_raised_again_and_a_reversal_of_that_is_not(ledger: Ledger) -> None:
    pool = Pool(ledger, planned("OCC", "60.00", MAY))
    given.scheduled(ledger, MAY)
    back = pool.reverse(pool.events[-1], MAY)
    again = pool.reverse(back, MAY)
    assert raised(pool, MAY) == []
    pool.reverse(again, MAY)
    assert raised(pool, MAY) == [("OCC", 60_00, MAY)]
    assert pool.balance("POOL", "Assets:Debtors:OCC") == 60_00


def test_what_is_due_besides_is_no_instalment(ledger: Ledger) -> None:
    pool = Pool(ledger, planned("OCC", "60.00", MAY))
    pool.due(MAY, OCC=60_00)
    assert raised(pool, MAY) == [("OCC", 60_00, MAY)]


def test_an_instalment_paid_before_it_is_raised_is_cleared_by_it(ledger: Ledger) -> None:
    pool = Pool(ledger, planned("OCC", "60.00", MAY))
    pool.fact("contribution_received", date(2013, 4, 20), party="OCC", amount=60_00)
    assert [blocker.check for blocker in pool.blockers()] == ["debtor in credit"]
    given.scheduled(ledger, MAY)
    assert pool.blockers() == []
    assert pool.balance("POOL", "Assets:Debtors:OCC") == pool.balance("OCC", "Liabilities:Creditors:POOL") == 0


def test_an_instalment_of_a_closed_year_is_raised_in_the_open_one_and_counts_as_due_in_its_own(ledger: Ledger) -> None:
    pool = Pool(ledger, SCHEDULE, budgeted(care={"OCC": 120_00}))
    given.scheduled(ledger, MAY)
    pool.plan(e.BudgetSet(YEAR, "care", "OCC", 60_00))
    pool.settle("carry_forward")
    pool.close("OCC")
    pool.plan(e.BudgetSet(YEAR, "care", "OCC", 120_00))
    assert raised(pool, OCTOBER) == [("OCC", 60_00, OCTOBER)]
    assert pool.events[-1].posted_on == {"OCC": OPENS, "POOL": OPENS}
    assert "dues that differ from the budget" not in [blocker.check for blocker in pool.blockers()]


def test_a_trial_run_raises_nothing(ledger: Ledger) -> None:
    pool = Pool(ledger, SCHEDULE)
    receipt = ledger.record(CODE, Scheduled(to=LAST), WHO, dry_run=True)
    assert len(receipt.events) == 3
    assert len(pool.events) == 1


@pytest.mark.parametrize(("kind", "entries"), [("aligned", 0), ("grant", 4), ("capital", 4), ("hybrid", 4)])
def test_a_schedule_under_every_kind_that_takes_contributions(ledger: Ledger, kind: str, entries: int) -> None:
    Pool(ledger, planned("OCCG", "60.00", MAY), kind=kind)
    (event,) = given.scheduled(ledger, JUNE)
    assert sum(len(accounts) for accounts in event.entries.values()) == entries


@pytest.mark.parametrize(("kind", "words"), [("commissioned", "nobody holds contributions"), ("charge", "charges alone")])
def test_where_nobody_holds_contributions_a_schedule_is_refused(ledger: Ledger, kind: str, words: str) -> None:
    Pool(ledger, planned("OCCG", "60.00", MAY), kind=kind)
    refused(lambda: given.scheduled(ledger, JUNE), words)
