"""The recharge run: all that is not yet recharged up to a day, once, by scheme, fund and year."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from ledger.application import Ledger
from ledger.errors import Refused
from ledger.requests import Run
from tests.given import CODE, LEDGER_ID, WHO, agreement, counted_salts, request, ticking

Charged = list[tuple[date, str, str, int]]

MAY, JUNE, NEXT_MAY = date(2013, 5, 31), date(2013, 6, 30), date(2014, 5, 31)
YEAR_END = date(2014, 3, 31)


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    """A lead body's pool: care is shared 3:2, beds 1:1."""
    ledger = Ledger.create(tmp_path / "pool.db", clock=ticking(), salts=counted_salts(), ledger_id=LEDGER_ID)
    ledger.sign(agreement("lead_body"), WHO)
    return ledger


def given(ledger: Ledger, type: str, on: date, **fields: object) -> None:
    ledger.record(CODE, request(type, on, **fields), WHO)


def cost(ledger: Ledger, on: date, scheme: str, amount: int, fund: str = "") -> None:
    given(ledger, "expenditure", on, scheme=scheme, counterparty="SUP", amount=amount, fund=fund)


def run(ledger: Ledger, to: date, **options: bool) -> Charged:
    """Run, and give what was raised: date, scheme, fund, amount."""
    receipt = ledger.record(CODE, Run(effective_on=to), WHO, **options)
    return [(event.effective_on, event.fact.scheme, event.fact.fund, event.fact.amount) for event in receipt.events]


def test_each_scheme_is_charged_its_net_cost_up_to_the_day(ledger: Ledger) -> None:
    cost(ledger, date(2013, 5, 1), "care", 100_00)
    cost(ledger, date(2013, 6, 1), "care", 50_00)
    cost(ledger, date(2013, 5, 2), "beds", 30_01)
    given(ledger, "income", date(2013, 5, 3), scheme="care", amount=10_00)
    assert run(ledger, MAY) == [(MAY, "care", "", 90_00), (MAY, "beds", "", 30_01)]
    assert run(ledger, JUNE) == [(JUNE, "care", "", 50_00)]


def test_running_again_charges_only_what_has_come_since(ledger: Ledger) -> None:
    cost(ledger, date(2013, 5, 1), "care", 100_00)
    run(ledger, MAY)
    assert run(ledger, MAY) == []
    cost(ledger, date(2013, 5, 4), "care", 7)
    assert run(ledger, MAY) == [(MAY, "care", "", 7)]


def test_a_credit_note_gives_back_what_was_charged_too_much(ledger: Ledger) -> None:
    cost(ledger, date(2013, 5, 1), "care", 100_00)
    run(ledger, MAY)
    cost(ledger, date(2013, 5, 20), "care", -25_00)
    assert run(ledger, MAY) == [(MAY, "care", "", -25_00)]


def test_more_income_than_cost_is_not_given_out(ledger: Ledger) -> None:
    given(ledger, "income", date(2013, 5, 3), scheme="care", amount=10_00)
    assert run(ledger, MAY) == []


def test_a_cost_is_charged_in_the_year_it_belongs_to(ledger: Ledger) -> None:
    cost(ledger, date(2014, 3, 30), "care", 40_00)
    cost(ledger, date(2014, 4, 2), "care", 60_00)
    assert run(ledger, NEXT_MAY) == [(YEAR_END, "care", "", 40_00), (NEXT_MAY, "care", "", 60_00)]


def test_in_one_go_and_month_by_month_charge_the_same(tmp_path: Path) -> None:
    charged = []
    for name, days in (("months", (MAY, JUNE, YEAR_END)), ("once", (YEAR_END,))):
        ledger = Ledger.create(tmp_path / f"{name}.db", clock=ticking(), salts=counted_salts())
        ledger.sign(agreement("lead_body"), WHO)
        for month, amount in ((5, 100_00), (6, 33_32), (9, 66_68)):
            cost(ledger, date(2013, month, 1), "beds", amount)
        for day in days:
            run(ledger, day)
        charged.append({row[:2]: row[2] for row in ledger.store.balances(CODE)})
    assert charged[0] == charged[1]


def test_a_fund_is_charged_first_as_far_as_it_reaches(ledger: Ledger) -> None:
    given(ledger, "contribution_due", date(2013, 4, 1), party="OCC", amount=30_00, fund="dfg")
    cost(ledger, date(2013, 5, 1), "care", 45_00, fund="dfg")
    cost(ledger, date(2013, 5, 1), "care", 5_00)
    assert run(ledger, MAY) == [(MAY, "care", "dfg", 30_00), (MAY, "care", "", 20_00)]
    assert run(ledger, MAY) == []


def test_a_funds_credit_goes_back_to_the_fund(ledger: Ledger) -> None:
    given(ledger, "contribution_due", date(2013, 4, 1), party="OCC", amount=30_00, fund="dfg")
    cost(ledger, date(2013, 5, 1), "care", 30_00, fund="dfg")
    run(ledger, MAY)
    cost(ledger, date(2013, 5, 9), "care", -12_00, fund="dfg")
    assert run(ledger, MAY) == [(MAY, "care", "dfg", -12_00)]
    assert ledger.store.balance(CODE, "POOL", "Liabilities:Contributions in advance:OCC:dfg") == -12_00


def test_the_run_is_one_record_in_parts(ledger: Ledger) -> None:
    cost(ledger, date(2013, 5, 1), "care", 100_00)
    cost(ledger, date(2013, 5, 1), "beds", 30_00)
    receipt = ledger.record(CODE, Run(effective_on=MAY), WHO)
    assert [(event.number, event.reference, event.part, bool(event.asked)) for event in receipt.events] == [
        (4, "#4", 0, True),
        (5, "#4", 1, False),
    ]


def test_a_preview_records_nothing_and_says_what_the_run_will(ledger: Ledger) -> None:
    cost(ledger, date(2013, 5, 1), "care", 100_00)
    cost(ledger, date(2013, 5, 1), "beds", 30_00)
    before = ledger.store.path.read_bytes()
    preview = run(ledger, MAY, dry_run=True)
    assert ledger.store.path.read_bytes() == before
    assert preview == run(ledger, MAY)


def test_the_head_after_a_run_is_that_of_the_replay(ledger: Ledger) -> None:
    cost(ledger, date(2013, 5, 1), "care", 100_01)
    run(ledger, MAY)
    assert ledger.store.head(CODE) == ledger.replayed(CODE).row()


def test_what_does_not_recharge_has_nothing_to_run(tmp_path: Path) -> None:
    for kind in ("aligned", "commissioned", "grant"):
        ledger = Ledger.create(tmp_path / f"{kind}.db")
        ledger.sign(agreement(kind), WHO)
        with pytest.raises(Refused, match=r"no pool that recharges its net cost"):
            ledger.record(CODE, Run(effective_on=MAY), WHO)
