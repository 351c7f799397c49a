"""Closing a year, body by body and in any order; facts that come late; reopening, and closing again."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from itertools import permutations

import pytest

from ledger import events as e
from ledger.accounts import Entries
from ledger.agreement import Terms
from ledger.application import Ledger
from ledger.errors import UnknownCode
from ledger.requests import YearStep
from tests.given import CODE, WHO, refused
from tests.ledger import proofs
from tests.ledger.years import HALVES, JUNE, LAST, MAY, NEXT, NEXT_LAST, OPENS, YEAR, Pool, budgeted

RESERVE = "Equity:Reserve"
BODIES = {
    "lead_body": ("OCC", "OCCG"), "hybrid": ("OCC", "OCCG", "ACME"), "aligned": ("OCC", "OCCG"),
    "commissioned": ("OCC", "OCCG", "ACME"), "grant": ("OCC", "OCCG", "JV"), "charge and capital": ("OCC", "OCCG", "JV"),
}  # fmt: skip
"""Kind → whose books close."""


def settled(ledger: Ledger) -> Pool:
    """Due 60 and 30, spent 80, recharged 48 and 32, trued up by 7; OCC's 5 carried forward."""
    pool = Pool(ledger, HALVES, budgeted(care={"OCC": 60_00, "OCCG": 30_00}))
    pool.due(OCC=60_00, OCCG=30_00)
    pool.cost(care=80_00)
    pool.run()
    pool.settle("carry_forward")
    return pool


def busy(ledger: Ledger, kind: str) -> Pool:
    """An arrangement of a kind with income and expenditure in as many of its books as there are."""
    pool = Pool(ledger, kind=kind)
    if kind in ("lead_body", "hybrid"):
        pool.due(OCC=60_00, OCCG=30_00)
        if kind == "hybrid":
            pool.fact("bill", scheme="care", amount=30_01)
            pool.fact("expenditure", scheme="care", counterparty="STAFF", amount=25_00, party="ACME")
        pool.cost(care=50_00)
        pool.run()
        pool.settle("carry_forward")
    elif kind == "aligned":
        for party in ("OCC", "OCCG"):
            pool.fact("expenditure", scheme="care", counterparty="SUP", amount=10_00, party=party)
    elif kind == "commissioned":
        pool.fact("bill", scheme="care", amount=30_01)
        pool.cost(care=20_00)
    else:
        pool.due(OCC=60_00, OCCG=30_00)
        pool.cost(care=50_00)
    return pool


def by_business_date(pool: Pool, as_at: date) -> Entries:
    """Every account that is not nil as if each fact were posted on its own date; closing entries are of the next day."""
    books: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for event in pool.events:
        if event.effective_on <= as_at:
            for book, accounts in event.entries.items():
                for account, amount in accounts.items():
                    books[book][account] += amount
    kept = {book: {name: pence for name, pence in accounts.items() if pence} for book, accounts in books.items()}
    return {book: accounts for book, accounts in kept.items() if accounts}


def income_and_expenditure(accounts: dict[str, int]) -> dict[str, int]:
    """The accounts that a close takes to the reserve."""
    return {name: amount for name, amount in accounts.items() if name.startswith(("Income:", "Expenditure:"))}


# What a close is.


def test_a_close_holds_every_balance_of_the_last_day_and_moves_income_and_expenditure_to_the_reserve(ledger: Ledger) -> None:
    pool = settled(ledger)
    (event,) = pool.close("OCCG")
    assert event.fact == e.YearClosed(
        body="OCCG", year=YEAR, first=date(2013, 4, 1), opens=OPENS,
        balances={"OCCG": {
            "Expenditure:Risk share": -7_00, "Expenditure:care": 32_00, "Liabilities:Creditors:POOL": -25_00,
        }},
    )  # fmt: skip
    assert event.effective_on == OPENS
    assert event.entries == {"OCCG": {"Expenditure:Risk share": 7_00, "Expenditure:care": -32_00, RESERVE: 25_00}}


def test_the_pool_closes_with_its_leads_own_book(ledger: Ledger) -> None:
    pool = settled(ledger)
    (event,) = pool.close("OCC")
    assert event.entries == {
        "OCC": {"Expenditure:care": -48_00, "Expenditure:Risk share": -7_00, RESERVE: 55_00},
        "POOL": {"Expenditure:care": -80_00, "Income:Recharges:OCC": 55_00, "Income:Recharges:OCCG": 25_00},
    }
    assert isinstance(event.fact, e.YearClosed)
    assert list(event.fact.balances) == ["OCC", "POOL"]
    refused(lambda: pool.close("POOL"), "POOL", "OCC")


def test_the_balances_of_a_close_are_those_as_at_the_last_day(ledger: Ledger) -> None:
    pool = settled(ledger)
    pool.cost(JUNE, care=9_99)
    for event in pool.close():
        assert isinstance(event.fact, e.YearClosed)
        for book, accounts in event.fact.balances.items():
            assert accounts == pool.balances(LAST)[book]


@pytest.mark.parametrize("kind", BODIES)
def test_closing_all_closes_every_book_under_every_kind(ledger: Ledger, kind: str) -> None:
    pool = busy(ledger, kind)
    at_the_end = pool.balances(LAST)
    closes = pool.close()
    assert sorted(event.fact.body for event in closes if isinstance(event.fact, e.YearClosed)) == sorted(BODIES[kind])
    assert pool.balances(LAST) == at_the_end
    opened = pool.balances(OPENS)
    for book, accounts in opened.items():
        assert income_and_expenditure(accounts) == {}
        assert accounts.get(RESERVE, 0) == sum(income_and_expenditure(at_the_end[book]).values())
    proofs.assert_balanced(opened)
    proofs.assert_mirrored(Terms(ledger.agreement(CODE)), opened)
    pool.assert_replays()
    assert pool.close() == []


@pytest.mark.parametrize("kind", ["lead_body", "hybrid", "commissioned"])
def test_bodies_close_in_any_order_and_none_changes_a_figure_of_another(
    tmp_path_factory: pytest.TempPathFactory, kind: str
) -> None:
    ends = []
    for order in permutations(BODIES[kind]):
        ledger = Ledger.create(tmp_path_factory.mktemp("order") / "poolbook.db")
        pool = busy(ledger, kind)
        for body in order:
            before = pool.balances()
            (event,) = pool.close(body)
            now = pool.balances()
            others = set(now) - set(event.entries)
            assert {book: now[book] for book in others} == {book: before[book] for book in others}
            assert isinstance(event.fact, e.YearClosed)
            assert set(event.fact.balances) == {body, "POOL"} if body == "OCC" and kind != "commissioned" else {body}
        ends.append(pool.balances())
        ledger.close()
    assert all(end == ends[0] for end in ends)


def test_what_is_no_body_is_told_with_a_hint(ledger: Ledger) -> None:
    pool = settled(ledger)
    for act in (pool.close, pool.reopen):
        with pytest.raises(UnknownCode, match="OCCG"):
            act("OCCGG")
    refused(lambda: pool.reopen("POOL"), "POOL", "OCC")


# Order of years.


def test_a_year_is_closed_once(ledger: Ledger) -> None:
    pool = settled(ledger)
    pool.close("OCCG")
    refused(lambda: pool.close("OCCG"), "OCCG has closed 2013/14 already", "reopen")
    assert [event.fact.body for event in pool.close() if isinstance(event.fact, e.YearClosed)] == ["OCC"]


def test_years_close_in_order(ledger: Ledger) -> None:
    pool = settled(ledger)
    refused(lambda: pool.close("OCC", NEXT), "OCC closes its years in order", "2013/14")
    pool.close("OCC")
    pool.settle("carry_forward", NEXT)
    pool.close("OCC", NEXT)
    refused(lambda: pool.close("OCCG", NEXT), "OCCG closes its years in order", "2013/14")
    refused(lambda: pool.close("OCC", YEAR), "OCC has closed 2013/14 already")


def test_a_year_before_the_first_cannot_be_closed(ledger: Ledger) -> None:
    pool = settled(ledger)
    before = pool.events
    refused(lambda: pool.close("OCC", "2012/13"), "2013/14")
    assert pool.events == before


def test_two_years_are_open_at_once(ledger: Ledger) -> None:
    """Costs of both years before the first closes: each stays in its own, and the second goes on from the first."""
    pool = settled(ledger)
    pool.due(JUNE, OCC=20_00)
    pool.cost(JUNE, care=10_00)
    pool.run(NEXT_LAST)
    (first,) = pool.close("OCC")
    pool.settle("carry_forward", NEXT)
    (second,) = pool.close("OCC", NEXT)
    assert isinstance(first.fact, e.YearClosed)
    assert isinstance(second.fact, e.YearClosed)
    assert first.fact.balances["OCC"]["Expenditure:care"] == 48_00
    assert second.fact.balances["OCC"]["Expenditure:care"] == 6_00
    assert second.fact.balances["OCC"][RESERVE] == 55_00
    assert pool.balance("OCC", RESERVE) == 61_00


def test_a_blocked_year_is_not_closed(ledger: Ledger) -> None:
    pool = settled(ledger)
    pool.cost(care=1_00)
    refused(lambda: pool.close("OCCG"), "pool cannot be closed for 2013/14", "care has £1.00 of 2013/14 not yet recharged")


def test_the_next_year_is_no_hindrance(ledger: Ledger) -> None:
    pool = settled(ledger)
    pool.cost(JUNE, care=1_00)
    pool.close()


# Late facts.


def test_a_late_fact_goes_to_the_open_year_of_the_books_that_are_closed(ledger: Ledger) -> None:
    pool = settled(ledger)
    pool.close("OCCG")
    late = pool.fact("contribution_received", LAST, party="OCCG", amount=25_00)
    assert (late.effective_on, late.posted_on) == (LAST, {"OCCG": OPENS})
    assert pool.balances(LAST)["POOL"]["Assets:Cash"] == 25_00
    assert "Assets:Cash" not in pool.balances(LAST)["OCCG"]
    assert pool.balances(OPENS)["OCCG"]["Assets:Cash"] == -25_00


def test_a_late_fact_of_the_pool_is_dated_when_its_lead_is_closed(ledger: Ledger) -> None:
    pool = settled(ledger)
    pool.close("OCC")
    (late,) = pool.cost(care=5_00)
    assert late.posted_on == {"POOL": OPENS}
    recharge = pool.run(LAST)[0]
    assert (recharge.effective_on, recharge.posted_on) == (LAST, {"OCC": OPENS, "POOL": OPENS})
    assert pool.cost(JUNE, care=5_00)[0].posted_on == {}


def test_a_closed_figure_never_changes_and_between_books_only_the_marked_legs_differ(ledger: Ledger) -> None:
    pool = settled(ledger)
    pool.close("OCCG")
    closed = pool.balances(LAST)["OCCG"]
    pool.cost(care=20_00)
    pool.run()
    pool.fact("contribution_received", LAST, party="OCCG", amount=7_00)
    assert pool.balances(LAST)["OCCG"] == closed
    marked: Entries = {}
    for event in pool.events:
        for book in event.posted_on:
            for account, amount in event.entries[book].items():
                marked.setdefault(book, {})[account] = marked.get(book, {}).get(account, 0) + amount
    assert set(marked) == {"OCCG"}
    truth = by_business_date(pool, LAST)
    proofs.assert_mirrored(Terms(ledger.agreement(CODE)), truth)
    for account, amount in truth["OCCG"].items():
        assert amount == closed.get(account, 0) + marked["OCCG"].get(account, 0)
    proofs.assert_mirrored(Terms(ledger.agreement(CODE)), pool.balances())


def test_settling_after_the_lead_closed_is_done_once(ledger: Ledger) -> None:
    """A late credit note frees 10 after all closed: it is refunded once, and nothing of what is due for the next year."""
    pool = settled(ledger)
    pool.close()
    pool.due(OPENS, OCC=60_00, OCCG=30_00)
    pool.cost(LAST, care=-10_00)
    pool.run()
    assert pool.settle("return")
    after = pool.balances()
    assert pool.settle("return") == []
    assert pool.balances() == after
    assert all(
        pool.balance("POOL", f"Liabilities:Contributions in advance:{p}") <= -d for p, d in (("OCC", 60_00), ("OCCG", 30_00))
    )
    pool.assert_replays()


def test_a_late_invoice_is_trued_up_after_the_close_and_goes_to_the_next_year(ledger: Ledger) -> None:
    """20 more: 100 spent on budgets of 90; borne 65 and 35. Recharged 12 and 8 more, 60 and 40; trued up 7 before, so −2."""
    pool = settled(ledger)
    pool.close()
    closed = pool.balances(LAST)
    pool.cost(LAST, care=20_00)
    pool.run()
    facts = [fact for fact in pool.settle("carry_forward") if isinstance(fact, e.TrueUpRaised)]
    assert [{**fact.drawn, **fact.billed} for fact in facts] == [{"OCC": -2_00, "OCCG": 2_00}]
    assert pool.balances(LAST) == closed
    assert pool.balances(OPENS)["OCC"]["Expenditure:Risk share"] == -2_00
    assert pool.balances(OPENS)["OCC"]["Expenditure:care"] == 12_00


def test_a_fact_of_a_closed_year_is_taken_back_in_the_open_one(ledger: Ledger) -> None:
    pool = settled(ledger)
    (cost,) = pool.cost(JUNE, care=5_00)
    (late,) = pool.cost(care=1_00)
    pool.run(NEXT_LAST)
    pool.settle()
    pool.close()
    closed = pool.balances(LAST)
    assert pool.reverse(late, on=LAST).posted_on == {"POOL": OPENS}
    assert pool.reverse(cost, on=JUNE).posted_on == {}
    assert pool.balances(LAST) == closed
    assert pool.run(NEXT_LAST)
    pool.assert_replays()


def test_a_trial_run_of_a_close_leaves_no_trace(ledger: Ledger) -> None:
    pool = settled(ledger)
    before = pool.events
    receipt = ledger.record(CODE, YearStep(step="close", year=YEAR), WHO, dry_run=True)
    assert [event.type for event in receipt.events] == ["YearClosed", "YearClosed"]
    assert pool.events == before
    pool.assert_replays()


# Reopening.


@pytest.mark.parametrize("body", ["OCC", "OCCG"])
def test_reopening_leaves_the_books_exactly_as_they_were(ledger: Ledger, body: str) -> None:
    pool = settled(ledger)
    before, at_the_end = pool.balances(), pool.balances(LAST)
    (close,) = pool.close(body)
    (event,) = pool.reopen(body)
    assert event.fact == e.FactReversed(close.number, close.fact)
    assert event.entries == {book: {name: -pence for name, pence in legs.items()} for book, legs in close.entries.items()}
    assert (pool.balances(), pool.balances(LAST)) == (before, at_the_end)
    assert pool.fact("contribution_received", MAY, party="OCCG", amount=1_00).posted_on == {}
    pool.assert_replays()


def test_a_late_invoice_is_recorded_in_its_year_once_reopened_and_the_year_closes_again(ledger: Ledger) -> None:
    pool = settled(ledger)
    pool.close()
    pool.reopen()
    assert pool.cost(LAST, care=20_00)[0].posted_on == {}
    assert all(event.posted_on == {} for event in pool.run())
    pool.settle("carry_forward")
    again = [event.fact for event in pool.close() if isinstance(event.fact, e.YearClosed)]
    assert [(fact.body, fact.balances["POOL"]["Expenditure:care"]) for fact in again if "POOL" in fact.balances] == [
        ("OCC", 100_00)
    ]
    assert pool.balance("OCC", RESERVE) == 65_00
    assert pool.balance("OCCG", RESERVE) == 35_00
    pool.assert_replays()


def test_only_the_last_close_reopens(ledger: Ledger) -> None:
    pool = settled(ledger)
    refused(lambda: pool.reopen("OCC"), "OCC cannot reopen 2013/14", "closed none")
    pool.close()
    pool.settle("carry_forward", NEXT)
    pool.close("OCC", NEXT)
    refused(lambda: pool.reopen("OCC"), "OCC cannot reopen 2013/14", "2014/15", "first")
    refused(lambda: pool.reopen("OCCG", NEXT), "OCCG cannot reopen 2014/15", "2013/14")
    pool.reopen("OCC", NEXT)
    pool.reopen("OCC")
    refused(lambda: pool.reopen("OCC"), "OCC cannot reopen 2013/14")
    pool.assert_replays()


def test_after_reopening_the_second_year_the_first_stays_closed(ledger: Ledger) -> None:
    pool = settled(ledger)
    pool.close()
    pool.settle("carry_forward", NEXT)
    pool.close("", NEXT)
    pool.reopen("", NEXT)
    assert pool.cost(LAST, care=5_00)[0].posted_on == {"POOL": OPENS}
    assert pool.cost(JUNE, care=5_00)[0].posted_on == {}


def test_a_late_fact_stays_where_it_was_posted_when_the_year_is_reopened(ledger: Ledger) -> None:
    pool = settled(ledger)
    pool.close()
    pool.cost(LAST, care=20_00)
    at_the_end = pool.balances(LAST)
    pool.reopen()
    assert pool.balances(LAST) == at_the_end
    assert pool.balances(OPENS)["POOL"]["Expenditure:care"] == 80_00 + 20_00


def test_a_close_is_not_reversed_but_reopened(ledger: Ledger) -> None:
    pool = settled(ledger)
    (close,) = pool.close("OCCG")
    refused(lambda: pool.reverse(close, on=OPENS), "closed", "2013/14", "poolbook year reopen")
    (reopened,) = pool.reopen("OCCG")
    before = pool.events
    refused(lambda: pool.reverse(reopened, on=OPENS), "year close")
    assert pool.events == before


# A year that starts on 1 January.


def test_a_calendar_year_closes_on_its_own_last_day(ledger: Ledger) -> None:
    pool = Pool(ledger, kind="lead_body", year_starts="01-01")
    pool.cost(care=10_00)
    pool.run(date(2013, 12, 31))
    closes = pool.close("", "2013")
    assert {event.effective_on for event in closes} == {date(2014, 1, 1)}
    assert pool.cost(care=1_00)[0].posted_on == {"POOL": date(2014, 1, 1)}
    refused(lambda: pool.close("OCC", "2014/15"), "like 2013")
