"""A ratio varied back: what was charged is derived anew, only the differences are posted, and closed years do not move."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger import events as e
from ledger.accounts import Entries
from ledger.application import Ledger
from ledger.errors import Refused
from tests.given import CODE, new_ledger, record, refused, reverse, run, sign, vary, year_end
from tests.ledger import proofs
from tests.ledger.test_properties import assert_replayed
from tests.ledger.test_variation import shares

JUNE, JULY, OCTOBER, DECEMBER = date(2013, 6, 10), date(2013, 7, 1), date(2013, 10, 1), date(2013, 12, 31)
NOVEMBER, LAST, OPENS = date(2013, 11, 5), date(2014, 3, 31), date(2014, 4, 1)
HALVES = shares(OCC=1, OCCG=1)
AS_SIGNED = shares(OCC=3, OCCG=2)


def cost(ledger: Ledger, on: date, amount: int, scheme: str = "care", **fields: Any) -> None:
    """Cost from a supplier."""
    record(ledger, "expenditure", scheme=scheme, counterparty="SUP", amount=amount, on=on, **fields)


def balances(ledger: Ledger, as_at: date = date.max) -> Entries:
    """Every account that is not nil, by what is posted up to a day."""
    books: dict[str, Counter[str]] = {}
    for event in ledger.history(CODE):
        for book, accounts in event.entries.items():
            if event.posted_on.get(book, event.effective_on) <= as_at:
                books.setdefault(book, Counter()).update(accounts)
    kept = {book: {name: pence for name, pence in accounts.items() if pence} for book, accounts in books.items()}
    return {book: accounts for book, accounts in kept.items() if accounts}


def borne(ledger: Ledger, scheme: str = "care") -> dict[str, int]:
    """What each party has been charged of a scheme in the years that are open."""
    return {party: ledger.store.balance(CODE, party, f"Expenditure:{scheme}") for party in ("OCC", "OCCG")}


def test_a_recharge_is_adjusted_for_the_costs_since_the_day_and_dated_as_it_was(ledger: Ledger) -> None:
    sign(ledger)
    cost(ledger, JUNE, 60_00)
    cost(ledger, NOVEMBER, 40_00)
    run(ledger, DECEMBER)  # 4: 100.00 at 3:2 is 60.00 and 40.00
    _, fix = vary(ledger, HALVES, OCTOBER)
    # 60.00 at 3:2 is 36.00 and 24.00; 40.00 at 1:1 is 20.00 each: 56.00 and 44.00, so 4.00 passes from OCC to OCCG.
    assert fix.fact == e.ChargeAdjusted(
        4, "care", {"OCC": 1, "OCCG": 1}, bears={"OCC": 56_00, "OCCG": 44_00}, billed={"OCC": -4_00, "OCCG": 4_00}
    )
    assert (fix.effective_on, fix.posted_on, fix.part, fix.reference) == (DECEMBER, {}, 1, "#5")
    assert fix.entries["POOL"] == {
        "Assets:Debtors:OCC": -4_00, "Assets:Debtors:OCCG": 4_00,
        "Income:Recharges:OCC": 4_00, "Income:Recharges:OCCG": -4_00,
    }  # fmt: skip
    assert borne(ledger) == {"OCC": 56_00, "OCCG": 44_00}
    assert run(ledger, LAST) == []
    assert_replayed(ledger)


def test_a_cost_that_comes_late_takes_the_ratio_of_its_own_day_and_moves_nothing_charged_before(ledger: Ledger) -> None:
    sign(ledger)
    cost(ledger, JUNE, 60_00)
    cost(ledger, NOVEMBER, 40_00)
    run(ledger, DECEMBER)
    vary(ledger, HALVES, OCTOBER)
    cost(ledger, JUNE, 10_00)
    cost(ledger, NOVEMBER, 10_00)
    late = run(ledger, LAST)
    assert [(event.effective_on, event.fact.billed) for event in late] == [
        (date(2013, 9, 30), {"OCC": 6_00, "OCCG": 4_00}), (LAST, {"OCC": 5_00, "OCCG": 5_00}),
    ]  # fmt: skip
    assert len(vary(ledger, shares(OCC=1), OCTOBER)) == 3
    # 70.00 of June at 3:2 is 42.00 and 28.00; 50.00 of November is all OCC's.
    assert borne(ledger) == {"OCC": 92_00, "OCCG": 28_00}
    assert_replayed(ledger)


def test_a_run_charges_each_period_of_unchanged_ratio_by_itself(ledger: Ledger) -> None:
    sign(ledger)
    vary(ledger, HALVES, OCTOBER)
    for scheme in ("care", "beds"):
        cost(ledger, JUNE, 60_00, scheme)
        cost(ledger, NOVEMBER, 40_00, scheme)
    raised = [(event.effective_on, event.fact.scheme, event.fact.amount, event.fact.ratio) for event in run(ledger, LAST)]
    # beds has a ratio of its own, which did not change.
    assert raised == [
        (date(2013, 9, 30), "care", 60_00, {"OCC": 3, "OCCG": 2}), (LAST, "care", 40_00, {"OCC": 1, "OCCG": 1}),
        (LAST, "beds", 100_00, {"OCC": 1, "OCCG": 1}),
    ]  # fmt: skip


def test_what_was_drawn_is_given_back_and_what_is_added_is_drawn_first(ledger: Ledger) -> None:
    sign(ledger)
    for party in ("OCC", "OCCG"):
        record(ledger, "contribution_due", party=party, amount=50_00, on=JUNE)
    cost(ledger, JUNE, 60_00)
    run(ledger, DECEMBER)  # OCC 36.00 and OCCG 24.00, both drawn
    fix = vary(ledger, shares(OCC=1, OCCG=9), JUNE)[1].fact
    # OCCG bears 54.00: 26.00 more from what it has in advance, 4.00 billed. OCC owes 50.00 still, so 30.00 less is owed.
    assert (fix.drawn, fix.billed) == ({"OCCG": 26_00}, {"OCC": -30_00, "OCCG": 4_00})
    back = vary(ledger, AS_SIGNED, JUNE)[1].fact
    assert (back.drawn, back.billed, back.bears) == (
        {"OCCG": -26_00}, {"OCC": 30_00, "OCCG": -4_00}, {"OCC": 36_00, "OCCG": 24_00},
    )  # fmt: skip


def test_what_was_given_back_and_used_since_is_billed_when_it_is_taken_again(ledger: Ledger) -> None:
    sign(ledger)
    record(ledger, "contribution_due", party="OCC", amount=60_00, on=JUNE)
    record(ledger, "contribution_received", party="OCC", amount=60_00, on=JUNE)
    cost(ledger, JUNE, 100_00)
    run(ledger, DECEMBER)  # OCC 60.00 drawn, OCCG 40.00 billed
    assert vary(ledger, HALVES, JUNE)[1].fact.drawn == {"OCC": -10_00}
    record(ledger, "refund", party="OCC", amount=7_00)
    back = vary(ledger, AS_SIGNED, JUNE)[1].fact
    assert (back.drawn, back.billed) == ({"OCC": 3_00}, {"OCC": 7_00, "OCCG": -10_00})


def test_bills_split_at_source_and_service_charges_are_put_right_too(tmp_path: Path) -> None:
    for kind, type in (("commissioned", "bill"), ("charge", "recharge")):
        ledger = new_ledger(tmp_path / f"{kind}.db")
        sign(ledger, kind)
        record(ledger, type, scheme="care", amount=100_01, on=JUNE)
        record(ledger, type, scheme="care", amount=10_00, on=NOVEMBER)
        fix = vary(ledger, HALVES, JULY)
        assert [(event.fact.adjusts, event.fact.bears) for event in fix[1:]] == [(3, {"OCC": 5_00, "OCCG": 5_00})]
        again = vary(ledger, AS_SIGNED, date(2013, 4, 1))
        assert [event.fact.adjusts for event in again[1:]] == []
        assert [event.fact.adjusts for event in vary(ledger, AS_SIGNED, JULY)[1:]] == [3]
        # 100.01 at 3:2 is 60.006 and 40.004: the odd penny is OCC's.
        assert borne(ledger) == {"OCC": 66_01, "OCCG": 44_00}
        assert_replayed(ledger)
        ledger.close()


def test_a_service_charge_is_credited_to_an_owner_that_owes_nothing(ledger: Ledger) -> None:
    sign(ledger, "charge")
    record(ledger, "recharge", scheme="care", amount=100_00, on=JUNE)
    record(ledger, "settlement", party="OCC", counterparty="JV", amount=55_00)
    fix = vary(ledger, HALVES, JUNE)[1].fact
    assert (fix.billed, fix.credited) == ({"OCC": -5_00, "OCCG": 10_00}, {"OCC": -5_00})
    back = vary(ledger, AS_SIGNED, JUNE)[1].fact
    assert (back.billed, back.credited) == ({"OCC": 5_00, "OCCG": -10_00}, {"OCC": 5_00})


def test_what_a_fund_met_and_what_other_ratios_split_stay_as_they_are(ledger: Ledger) -> None:
    sign(ledger)
    record(ledger, "contribution_due", party="OCCG", fund="dfg", amount=30_00, on=JUNE)
    cost(ledger, JUNE, 30_00, fund="dfg")
    cost(ledger, JUNE, 10_00, "beds")
    run(ledger, DECEMBER)
    assert len(vary(ledger, HALVES, date(2013, 4, 1))) == 1


def test_a_charge_raised_by_hand_for_costs_of_a_ratio_known_then_is_not_touched_by_another_variation(ledger: Ledger) -> None:
    sign(ledger)
    vary(ledger, HALVES, OCTOBER)
    cost(ledger, JUNE, 60_00)
    record(ledger, "recharge", scheme="care", amount=60_00, on=NOVEMBER)
    assert len(vary(ledger, shares(OCC=1), date(2014, 1, 1))) == 1
    assert [event.fact.adjusts for event in vary(ledger, shares(OCC=1), OCTOBER)[1:]] == [4]


def test_a_charge_that_was_adjusted_is_reversed_only_after_its_adjustment(ledger: Ledger) -> None:
    sign(ledger)
    cost(ledger, JUNE, 100_00)
    run(ledger, DECEMBER)
    vary(ledger, HALVES, JUNE)
    refused(lambda: reverse(ledger, 3, on=DECEMBER), "#3 of pool was adjusted since", "reverse first the ChargeAdjusted")
    reverse(ledger, 5, on=DECEMBER)
    reverse(ledger, 3, on=DECEMBER)
    assert borne(ledger) == {"OCC": 0, "OCCG": 0}
    assert len(vary(ledger, shares(OCC=1), JUNE)) == 1
    assert [event.fact.amount for event in run(ledger, DECEMBER)] == [100_00]
    assert_replayed(ledger)


def test_an_adjustment_that_was_reversed_is_made_again_by_the_next_variation(ledger: Ledger) -> None:
    sign(ledger)
    cost(ledger, JUNE, 100_00)
    run(ledger, DECEMBER)
    vary(ledger, HALVES, JUNE)
    reverse(ledger, 5, on=DECEMBER)
    again = vary(ledger, '[arrangement]\nname = "Renamed"', JUNE)[1].fact
    assert (again.adjusts, again.billed) == (3, {"OCC": -10_00, "OCCG": 10_00})


def closed(ledger: Ledger) -> dict[str, Entries]:
    """A year charged at 3:2 and closed, and a cost of the next; gives the closed year's figures."""
    sign(ledger)
    cost(ledger, JUNE, 60_00)
    cost(ledger, NOVEMBER, 40_01)
    run(ledger, LAST)
    year_end(ledger, "close")
    cost(ledger, date(2014, 5, 1), 10_00)
    run(ledger, date(2014, 5, 31))
    return {"at the end": balances(ledger, LAST), "before": balances(ledger, date(2014, 3, 30))}


def test_a_closed_year_does_not_move_and_the_difference_stands_in_the_open_one(ledger: Ledger) -> None:
    figures = closed(ledger)
    _, old, new = vary(ledger, HALVES, OCTOBER)
    # 60.00 at 3:2 and 40.01 at 1:1: 36.00 + 20.01 and 24.00 + 20.00, against 100.01 at 3:2, which is 60.01 and 40.00.
    assert old.fact.bears == {"OCC": 56_01, "OCCG": 44_00}
    assert (old.effective_on, old.posted_on) == (LAST, dict.fromkeys(("POOL", "OCC", "OCCG"), OPENS))
    assert (new.effective_on, new.posted_on, new.fact.billed) == (date(2014, 5, 31), {}, {"OCC": -1_00, "OCCG": 1_00})
    assert {"at the end": balances(ledger, LAST), "before": balances(ledger, date(2014, 3, 30))} == figures
    assert balances(ledger)["OCC"]["Expenditure:care"] == 6_00 - 1_00 - 4_00
    before = balances(ledger)
    vary(ledger, AS_SIGNED, OCTOBER)
    assert balances(ledger)["OCC"]["Expenditure:care"] == 6_00
    vary(ledger, HALVES, OCTOBER)
    assert balances(ledger) == before
    assert_replayed(ledger)


DAYS = st.integers(0, 500).map(lambda days: date(2013, 4, 1) + timedelta(days=days))
RATIO = st.tuples(st.integers(0, 5), st.integers(0, 5)).filter(any)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("cost"), DAYS, st.sampled_from(["care", "care", "beds"]), st.integers(-500, 3_000).filter(bool)),
        st.tuples(st.just("due"), DAYS, st.sampled_from(["OCC", "OCCG"]), st.integers(1, 2_000)),
        st.tuples(st.just("run"), DAYS, st.just(""), st.just(0)),
        st.tuples(st.just("run"), DAYS, st.just(""), st.just(0)),
        st.tuples(st.just("recharge"), DAYS, st.just("care"), st.integers(1, 900)),
        st.tuples(st.just("vary"), DAYS, st.just(""), RATIO),
        st.tuples(st.just("close"), DAYS, st.just("2013/14"), st.just(0)),
        st.tuples(st.just("reverse"), DAYS, st.just(""), st.integers(2, 30)),
    ),
    min_size=4, max_size=18,
)  # fmt: skip


def do(ledger: Ledger, step: tuple[str, date, str, Any]) -> bool:
    """Do a step, if the rules allow it."""
    kind, on, which, what = step
    try:
        if kind == "cost":
            cost(ledger, on, what, which)
        elif kind == "due":
            record(ledger, "contribution_due", party=which, amount=what, on=on)
        elif kind == "run":
            run(ledger, on)
        elif kind == "recharge":
            record(ledger, "recharge", scheme=which, amount=what, on=on)
        elif kind == "vary":
            vary(ledger, shares(OCC=what[0], OCCG=what[1]), on)
        elif kind == "close":
            year_end(ledger, "close", which)
        else:
            reverse(ledger, what, on=on)
    except Refused:
        return False
    return True


@contextmanager
def pool() -> Iterator[Ledger]:
    """A lead body's pool in a ledger of its own."""
    with TemporaryDirectory() as place:
        ledger = new_ledger(Path(place) / "poolbook.db")
        sign(ledger)
        yield ledger
        ledger.close()


@given(STEPS, DAYS, RATIO)
@settings(max_examples=30)
def test_shares_changed_back_restore_every_figure_and_no_closed_one_ever_moves(
    steps: list[tuple[str, date, str, Any]], on: date, ratio: tuple[int, int]
) -> None:
    with pool() as ledger:
        at_the_end = None
        for step in steps:
            head = ledger.store.head(CODE)
            if not do(ledger, step):
                assert ledger.store.head(CODE) == head
            elif step[0] == "close":
                at_the_end = balances(ledger, LAST)
            elif step[0] == "vary":
                now = balances(ledger)
                proofs.assert_balanced(now)
                proofs.assert_mirrored(ledger.draft(CODE).head.terms_on(on), now)
                proofs.assert_nothing_below_nil(now)
        if at_the_end is not None:
            assert balances(ledger, LAST) == at_the_end
        vary(ledger, '[arrangement]\nname = "All put right"', date(2013, 4, 1))
        stood, agreed = balances(ledger), ledger.agreement(CODE, on).shares.recharge
        vary(ledger, shares(OCC=ratio[0], OCCG=ratio[1]), on)
        vary(ledger, shares(**agreed), on)
        assert balances(ledger) == stood
        assert_replayed(ledger)


@given(st.lists(st.tuples(DAYS, st.integers(1, 3_000)), min_size=1, max_size=8), DAYS,
       st.lists(st.tuples(DAYS, RATIO), min_size=1, max_size=4), st.booleans())  # fmt: skip
@settings(max_examples=25)
def test_whenever_it_was_agreed_each_cost_falls_by_the_ratio_of_its_own_day(
    costs: list[tuple[date, int]], ran: date, variations: list[tuple[date, tuple[int, int]]], early: bool
) -> None:
    end = date(2014, 9, 30)
    with pool() as ledger:
        if early:
            for on, ratio in variations:
                vary(ledger, shares(OCC=ratio[0], OCCG=ratio[1]), on)
        for on, amount in costs:
            cost(ledger, on, amount)
        run(ledger, ran)
        if not early:
            for on, ratio in variations:
                vary(ledger, shares(OCC=ratio[0], OCCG=ratio[1]), on)
        run(ledger, end)
        exact = 0.0
        for on, amount in costs:
            agreed = ledger.agreement(CODE, on).shares.recharge
            exact += amount * agreed.get("OCC", 0) / sum(agreed.values())
        found = borne(ledger)
        assert sum(found.values()) == sum(amount for _, amount in costs)
        charges = sum(isinstance(event.fact, e.RechargeRaised) for event in ledger.history(CODE))
        assert abs(found["OCC"] - exact) <= 1 + charges + len(variations)


@pytest.mark.parametrize("dry_run", [True, False])
def test_a_dry_run_shows_what_would_be_put_right_and_records_nothing(ledger: Ledger, dry_run: bool) -> None:
    sign(ledger)
    cost(ledger, JUNE, 100_00)
    run(ledger, DECEMBER)
    head = ledger.store.head(CODE)
    told = vary(ledger, HALVES, JUNE, dry_run=dry_run)
    assert [type(event.fact).__name__ for event in told] == ["AgreementVaried", "ChargeAdjusted"]
    assert (ledger.store.head(CODE) == head) is dry_run
