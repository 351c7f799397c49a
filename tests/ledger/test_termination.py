"""The way to an end and back: notice, what stands in the way, plans from stale books, completed steps taken back."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from msgspec.structs import replace

from ledger import events as e
from ledger.agreement.reader import read_agreement
from ledger.application import Ledger
from ledger.requests import Completing, Notice
from tests.given import CODE, WHO, agreement, dispute, record, refused, reverse, run, sign, toml, year_end
from tests.ledger import ends
from tests.ledger.ends import END, books, choose, complete, notice, obstacles, planned
from tests.ledger.test_completion import pool
from tests.ledger.years import BY_SCHEME, HALVES, budgeted

SIX_MONTHS = {"starts = 2013-04-01": "starts = 2013-04-01\nnotice_months = 6"}


def under_notice(ledger: Ledger) -> None:
    """An agreement with six months' notice."""
    text = toml("lead_body")
    for old, new in SIX_MONTHS.items():
        text = text.replace(old, new)
    ledger.sign(read_agreement("agreement.toml", text.encode()), WHO)


@pytest.mark.parametrize(
    ("on", "ends_on"),
    [
        (date(2013, 6, 1), date(2013, 12, 1)),
        (date(2013, 8, 31), date(2014, 2, 28)),
        (date(2015, 8, 31), date(2016, 2, 29)),
        (date(2013, 12, 15), date(2014, 6, 15)),
    ],
)
def test_notice_runs_to_the_earliest_end_unless_it_names_a_later_one(ledger: Ledger, on: date, ends_on: date) -> None:
    under_notice(ledger)
    assert notice(ledger, on, party="OCCG") == e.NoticeGiven(ends=ends_on, party="OCCG")
    later = ends_on.replace(year=ends_on.year + 1, day=1)
    assert notice(ledger, on, party="OCCG", ends=later) == e.NoticeGiven(ends=later, party="OCCG")


NOTICES: dict[str, tuple[dict[str, Any], tuple[str, ...]]] = {
    "too short": (
        {"ends": date(2013, 11, 30), "party": "OCC"},
        ("cannot end pool on 2013-11-30", "earliest end is 2013-12-01", "6 months after 2013-06-01", "--agreed"),
    ),
    "agreed, but before it is given": ({"ends": date(2013, 5, 31), "agreed": True}, ("2013-06-01", "the day it is given")),
    "by a stranger": ({"party": "OCCC"}, ("OCCC is no party of pool", "did you mean OCC")),
}


@pytest.mark.parametrize("case", NOTICES)
def test_notice_is_refused(ledger: Ledger, case: str) -> None:
    under_notice(ledger)
    asked, words = NOTICES[case]
    refused(lambda: notice(ledger, date(2013, 6, 1), **asked), *words)


def test_what_all_have_agreed_needs_no_period(ledger: Ledger) -> None:
    under_notice(ledger)
    assert notice(ledger, date(2013, 6, 1), agreed=True).ends == date(2013, 6, 1)


def test_notice_ends_nothing_by_itself(ledger: Ledger) -> None:
    pool(ledger)
    notice(ledger, date(2013, 7, 1), party="OCC")
    assert record(ledger, "expenditure", scheme="care", counterparty="SUP", amount=1, on=date(2013, 9, 1)).type


def test_everything_that_stands_in_the_way_is_named_with_its_remedy(ledger: Ledger) -> None:
    ledger.sign(agreement("lead_body", more=BY_SCHEME + "\n" + budgeted(care={"OCC": 60_00, "OCCG": 40_00})), WHO)
    for party, amount in (("OCC", 60_00), ("OCCG", 40_00)):
        record(ledger, "contribution_due", party=party, amount=amount)
    record(ledger, "expenditure", scheme="care", counterparty="SUP", amount=80_00)
    record(ledger, "payment", counterparty="SUP", amount=85_00)
    record(ledger, "income_received", counterparty="CUST", amount=3_00)
    record(ledger, "recharge", scheme="care", amount=30_00)
    notice(ledger, date(2013, 7, 1), party="OCC", ends=date(2014, 2, 28))
    on = date(2013, 5, 31)
    found = obstacles(ledger, on=on)
    assert {check: [word for word in words if word not in found.get(check, "")] for check, words in {
        "facts after the end": ("POOL has postings up to 2013-06-01", "complete on that day or later"),
        "notice not run out": ("OCC gave notice to 2014-02-28", "--ends 2013-05-31 --agreed"),
        "net cost not recharged": ("care has £50.00", "poolbook recharge run pool --to 2013-05-31"),
        "budget of a year cut short": ("2013/14 is cut short", "poolbook budget set pool --year 2013/14", "--budgets-stand"),
    }.items()} == {check: [] for check in found}  # fmt: skip
    before = ledger.store.head(CODE)
    refused(lambda: complete(ledger, on=on), "pool cannot be completed on 2013-05-31", *found)
    assert ledger.store.head(CODE) == before


def test_each_remedy_leads_to_the_end(ledger: Ledger) -> None:
    ledger.sign(agreement("lead_body", more=HALVES + "\n" + budgeted(care={"OCC": 60_00, "OCCG": 40_00})), WHO)
    for party, amount in (("OCC", 60_00), ("OCCG", 40_00)):
        record(ledger, "contribution_due", party=party, amount=amount)
        record(ledger, "contribution_received", party=party, amount=amount)
    record(ledger, "expenditure", scheme="care", counterparty="SUP", amount=80_00)
    notice(ledger, date(2013, 7, 1), party="OCC", ends=date(2014, 2, 28))
    assert set(obstacles(ledger)) == {"net cost not recharged", "budget of a year cut short"}
    run(ledger, END)
    found = obstacles(ledger)
    assert set(found) == {"true-up outstanding", "budget of a year cut short"}
    assert "2013/14 is not settled" in found["true-up outstanding"]
    assert "poolbook year settle pool --year 2013/14" in found["true-up outstanding"]
    year_end(ledger, "settle", unspent="retain")
    assert set(obstacles(ledger)) == {"budget of a year cut short"}
    completed = complete(ledger, stand=True)[0].fact
    assert isinstance(completed, e.ArrangementCompleted)
    assert completed.cut_short == "2013/14"
    # Budgets 60 and 40, spent 80: each bears 10 less, OCC 50 and OCCG 30, and is paid the rest of what it paid.
    assert [each.owed for each in completed.entitled] == [10_00, 10_00]
    assert "POOL" not in books(ledger)


def test_a_risk_share_that_nobody_agreed_stands_in_the_way(ledger: Ledger) -> None:
    more = '[risk]\nbase = "scheme"\n' + budgeted(care={"OCC": 1_00})
    ledger.sign(agreement("lead_body", more=more), WHO)
    record(ledger, "expenditure", scheme="care", counterparty="SUP", amount=80_00)
    run(ledger, END)
    assert "no band for £79.00 of an overspend" in obstacles(ledger)["risk share without a rule"]


def test_a_deficit_that_is_not_called_in_is_no_time_to_share(ledger: Ledger) -> None:
    sign(ledger, "grant")
    record(ledger, "asset_acquired", asset="van", scheme="care", counterparty="SUP", amount=60_00)
    record(ledger, "expenditure", scheme="care", counterparty="SUP", amount=80_00)
    found = obstacles(ledger)
    assert "asset van cannot be shared" in found["deficit not called in"]
    events = complete(ledger, choose("asset", "van", "in_kind", "OCC", 50_00))
    # OCC pays in 50 for the van, which goes to SUP: 140 owed, 90 of it not called in.
    fact = events[0].fact
    assert isinstance(fact, e.ArrangementCompleted)
    assert [(each.name, each.amount) for each in fact.survivors] == [("creditor SUP", -90_00), ("deficit", 90_00)]
    assert [event.fact for event in events if isinstance(event.fact, e.SettlementMade)] == [
        e.SettlementMade("OCC", "JV", 50_00)
    ]


def test_a_plan_from_stale_books_is_refused_with_what_came_since(ledger: Ledger) -> None:
    pool(ledger, cost=30_00)
    plan = planned(ledger)
    late = record(ledger, "income", scheme="care", amount=5_00)
    run(ledger, END)
    asked = Completing(effective_on=END, plan=plan)
    refused(
        lambda: ledger.record(CODE, asked, WHO),
        f"up to event #{plan.number}", "have moved since", f"#{late.number} CashIncomeReceived of 2013-06-01",
        "RechargeRaised", "Preview again",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"arrangement": "other"}, ("made for other on 2014-03-31", "not for pool")),
        ({"on": date(2014, 3, 30)}, ("made for pool on 2014-03-30", "not for pool on 2014-03-31")),
        ({"root": "00" * 32}, ("from other books",)),
        ({"number": 99}, ("from other books",)),
        ({"choices": [choose("debtor", "CUTS", "hold")]}, ("debtor CUTS", "none such", "did you mean CUST")),
        ({"choices": [choose("asset", "van", "sell", value=1)]}, ("asset van", "there is none")),
    ],
)
def test_a_plan_of_something_else_is_refused(ledger: Ledger, changes: dict[str, Any], words: tuple[str, ...]) -> None:
    pool(ledger, cost=30_00, invoiced=5_00)
    plan = replace(planned(ledger), **changes)
    before = ledger.store.head(CODE)
    refused(lambda: ledger.record(CODE, Completing(effective_on=END, plan=plan), WHO), *words)
    assert ledger.store.head(CODE) == before


def test_the_same_completion_asked_again_reports_the_first(ledger: Ledger) -> None:
    pool(ledger, cost=30_00)
    asked, again = Completing(effective_on=END), Completing(effective_on=END)
    command = replace(WHO, reference="END")
    first = ledger.record(CODE, asked, command)
    second = ledger.record(CODE, again, command)
    assert (second.earlier, second.events) == (True, first.events)


def test_a_dry_run_records_nothing_and_shows_every_step(ledger: Ledger) -> None:
    pool(ledger, cost=30_00, asset=20_00)
    before = ledger.store.head(CODE)
    shown = ledger.record(CODE, Completing(effective_on=END), WHO, dry_run=True).events
    assert ledger.store.head(CODE) == before
    assert [event.type for event in complete(ledger)] == [event.type for event in shown]


def test_steps_are_taken_back_last_first_and_the_books_are_as_before_each(ledger: Ledger) -> None:
    pool(ledger, cost=30_00, asset=20_00, provision=7_77, invoiced=5_00)
    stood = [books(ledger)]
    events = complete(ledger, choose("asset", "hut", "in_kind", "OCC"))
    for event in events:
        now = {book: dict(accounts) for book, accounts in stood[-1].items()}
        for book, accounts in event.entries.items():
            for account, amount in accounts.items():
                now.setdefault(book, {})[account] = now.get(book, {}).get(account, 0) + amount
        stood.append({b: kept for b, a in now.items() if (kept := {name: pence for name, pence in a.items() if pence})})
    refused(
        lambda: reverse(ledger, events[3].number, on=END),
        "is a step of the completion", f"#{events[-1].number} DistributionClosed, #{events[-2].number}",
        f"or reverse #{events[0].number}",
    )  # fmt: skip
    for number, event in reversed(list(enumerate(events))):
        assert books(ledger) == stood[number + 1]
        reverse(ledger, event.number, on=END)
        assert books(ledger) == stood[number]
    assert not ledger.draft(CODE).head.state.completed
    assert ends.preview(ledger).completed == ends.preview(ledger).completed
    assert posted_again(ledger) == [event.fact for event in events]


def posted_again(ledger: Ledger) -> list[e.Fact]:
    """The facts of the same completion made once more."""
    return [event.fact for event in complete(ledger, choose("asset", "hut", "in_kind", "OCC"))]


def test_reversing_the_completion_takes_every_step_back_at_once(ledger: Ledger) -> None:
    pool(ledger, cost=30_00, asset=20_00)
    before = books(ledger)
    events = complete(ledger)
    reverse(ledger, events[-1].number, on=END)
    again = ledger.record(CODE, _reversal(events[0].number), WHO).events
    assert [event.reverses for event in again] == [event.number for event in reversed(events[:-1])]
    assert books(ledger) == before
    assert ledger.store.head(CODE) == ledger.replayed(CODE).row()


def _reversal(number: int) -> Any:
    from ledger.requests import Reversal

    return Reversal(reverses=number, effective_on=END)


def test_what_is_not_taken_back(ledger: Ledger) -> None:
    number = 0
    pool(ledger, cost=30_00)
    events = complete(ledger, choose("creditor", "SUP", "hold"))
    back = reverse(ledger, events[-1].number, on=END)
    refused(lambda: reverse(ledger, back.number, on=END), "not taken again by itself", "complete anew")
    refused(lambda: reverse(ledger, 2, on=END), "#2 came before pool was completed", f"reverse #{events[0].number} first")
    paid = record(ledger, "payment", counterparty="SUP", amount=30_00, on=END)
    refused(lambda: reverse(ledger, events[0].number, on=END), f"#{paid.number} PaymentMade")
    number = reverse(ledger, paid.number, on=END).number
    assert reverse(ledger, events[0].number, on=END).number > number


def test_years_close_after_the_end_without_the_pool_that_was_closed_for_good(ledger: Ledger) -> None:
    pool(ledger, cost=30_00)
    events = complete(ledger, on=date(2014, 4, 1))
    assert ends.books(ledger)["OCC"]["Expenditure:care"] == 18_00
    closed = [event.fact for event in year_end(ledger, "close")]
    assert [(fact.body, list(fact.balances)) for fact in closed if isinstance(fact, e.YearClosed)] == [
        ("OCC", ["OCC"]), ("OCCG", ["OCCG"])
    ]  # fmt: skip
    assert "POOL" not in books(ledger)
    assert "Expenditure:care" not in books(ledger)["OCC"]
    refused(lambda: reverse(ledger, events[0].number, on=date(2014, 4, 1)), "YearClosed")
    refused(lambda: year_end(ledger, "settle"), "was completed by")
    year_end(ledger, "reopen")
    reverse(ledger, events[0].number, on=date(2014, 4, 1))


def test_an_end_in_a_closed_year_is_posted_in_the_open_one(ledger: Ledger) -> None:
    pool(ledger, cost=30_00)
    year_end(ledger, "settle", unspent="retain")
    year_end(ledger, "close")
    events = complete(ledger)
    assert {day for event in events for day in event.posted_on.values()} == {date(2014, 4, 1)}
    assert "POOL" not in books(ledger)
    assert [event.type for event in events if event.type == "PoolClosed"] == []


def test_an_acknowledged_dispute_does_not_block_the_last_year(ledger: Ledger) -> None:
    pool(ledger, cost=30_00)
    number = dispute(ledger, e.DisputeRaised(event=2, party="OCC", amount=1_00)).number
    complete(ledger)
    refused(lambda: year_end(ledger, "close"), "dispute not acknowledged")
    dispute(ledger, e.DisputeAcknowledged(number, "2013/14"), on=END)
    assert len(year_end(ledger, "close")) == 2


def test_an_arrangement_does_not_end_before_it_starts(ledger: Ledger) -> None:
    pool(ledger)
    refused(lambda: ends.preview(ledger, on=date(2013, 3, 31)), "pool starts on 2013-04-01", "check the date")
    refused(lambda: ledger.record(CODE, Notice(effective_on=date(2013, 3, 1)), WHO), "starts on 2013-04-01")
