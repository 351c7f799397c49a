"""What outlives an arrangement: held back by name, waited for, settled later at the amount it turned out at."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from ledger import events as e
from ledger.agreement.reader import read_agreement
from ledger.application import Ledger
from ledger.requests import Run
from tests.given import CODE, WHO, dispute, record, refused, reverse, run, sign, toml
from tests.ledger import ends
from tests.ledger.ends import END, adjust, books, choose, complete
from tests.ledger.test_completion import CREDITOR, DEBTOR, pool

LATER = date(2014, 9, 1)


def survivors(events: list[e.Event]) -> list[tuple[str, str, str, int]]:
    """Name, why, account, amount of what outlives."""
    fact = events[0].fact
    assert isinstance(fact, e.ArrangementCompleted)
    return [(each.name, each.why, each.account, each.amount) for each in fact.survivors]


def disputed(ledger: Ledger, kind: str = "lead_body") -> int:
    """OCC is owed 50 of its 60, and OCCG disputes the 10 it was billed of beds; the number of the dispute."""
    sign(ledger, kind)
    record(ledger, "contribution_due", party="OCC", amount=60_00)
    record(ledger, "contribution_received", party="OCC", amount=60_00)
    record(ledger, "expenditure", scheme="beds", counterparty="SUP", amount=20_00)
    charged = run(ledger, END)[0]
    return dispute(ledger, e.DisputeRaised(event=charged.number, party="OCCG", amount=10_00), on=END).number


def test_a_disputed_debt_waits_and_so_does_as_much_of_the_payments_out(ledger: Ledger) -> None:
    number = disputed(ledger)
    events = complete(ledger)
    # In the bank 60 less SUP's 20; OCC is owed 50, and OCCG would pay in the 10 it disputes.
    assert survivors(events) == [
        (f"dispute #{number}", "disputed", DEBTOR + "OCCG", 10_00),
        (f"dispute #{number}", "waits", CREDITOR + "OCC", -10_00),
    ]
    after = books(ledger)
    assert after["POOL"] == {DEBTOR + "OCCG": 10_00, CREDITOR + "OCC": -10_00}
    assert (after["OCCG"][CREDITOR + "POOL"], after["OCC"][DEBTOR + "POOL"]) == (-10_00, 10_00)
    assert after["OCC"]["Assets:Cash"] == -60_00 + 40_00


def test_a_dispute_that_is_settled_in_full_is_paid_and_the_pool_is_nil(ledger: Ledger) -> None:
    number = disputed(ledger)
    complete(ledger)
    dispute(ledger, e.DisputeResolved(number), on=LATER)
    record(ledger, "settlement", party="OCCG", counterparty="POOL", amount=10_00, on=LATER)
    record(ledger, "settlement", party="POOL", counterparty="OCC", amount=10_00, on=LATER)
    assert "POOL" not in books(ledger)


def test_a_dispute_settled_for_less_is_borne_by_who_waited_for_it(ledger: Ledger) -> None:
    number = disputed(ledger)
    complete(ledger)
    event = adjust(ledger, f"dispute #{number}", -4_00, on=LATER)
    assert event.entries == {
        "POOL": {DEBTOR + "OCCG": -4_00, CREDITOR + "OCC": 4_00},
        "OCCG": {CREDITOR + "POOL": 4_00, "Expenditure:Risk share": -4_00},
        "OCC": {DEBTOR + "POOL": -4_00, "Expenditure:Risk share": 4_00},
    }
    record(ledger, "settlement", party="OCCG", counterparty="POOL", amount=6_00, on=LATER)
    record(ledger, "settlement", party="POOL", counterparty="OCC", amount=6_00, on=LATER)
    assert "POOL" not in books(ledger)


def test_a_disputing_party_is_not_paid_while_it_disputes(ledger: Ledger) -> None:
    sign(ledger)
    for party, amount in (("OCC", 30_00), ("OCCG", 30_00)):
        record(ledger, "contribution_due", party=party, amount=amount)
    record(ledger, "contribution_received", party="OCC", amount=30_00)
    number = dispute(ledger, e.DisputeRaised(event=3, party="OCCG", amount=10_00)).number
    events = complete(ledger)
    # OCCG is owed 30 and owes 30, 10 of it disputed: the 10 it would be paid for the rest wait for that.
    assert survivors(events) == [
        (f"dispute #{number}", "disputed", DEBTOR + "OCCG", 10_00),
        (f"dispute #{number}", "waits", CREDITOR + "OCCG", -10_00),
    ]
    # OCC has its 30 back, and nobody else was paid anything.
    assert books(ledger) == {
        "POOL": {DEBTOR + "OCCG": 10_00, CREDITOR + "OCCG": -10_00},
        "OCCG": {CREDITOR + "POOL": -10_00, DEBTOR + "POOL": 10_00},
    }


def test_a_plan_names_whose_payments_wait_or_settles_in_spite_of_the_dispute(ledger: Ledger) -> None:
    pool(ledger, cost=50_00, invoiced=30_00)
    # Owed 60 − 12 and 40 − 8; in the bank 100 − 50, and CUST's 30 is held back.
    end = ends.preview(ledger, choose("debtor", "CUST", "hold", OCCG=1))
    assert [_line(survivor) for survivor in end.completed.survivors] == [
        ("debtor CUST", DEBTOR + "CUST", 30_00), ("debtor CUST", CREDITOR + "OCCG", -30_00)
    ]  # fmt: skip
    end = ends.preview(ledger, choose("debtor", "CUST", "hold"))
    # Pro rata to 48 and 32: 18 and 12.
    assert [survivor.amount for survivor in end.completed.survivors] == [30_00, -18_00, -12_00]
    record(ledger, "expenditure", scheme="beds", counterparty="OCCG", amount=6_00)
    charged = run(ledger, END)[0]
    number = dispute(ledger, e.DisputeRaised(event=charged.number, party="OCC", amount=3_00), on=END).number
    end = ends.preview(ledger, choose("dispute", str(number), "settle"))
    assert [(line.name, line.why, line.account) for line in end.completed.survivors] == [(f"dispute #{number}", "open", "")]


def _line(survivor: e.Survivor) -> tuple[str, str, int]:
    return survivor.name, survivor.account, survivor.amount


@pytest.mark.parametrize(
    ("choice", "words"),
    [
        (choose("debtor", "CUST", "hold", OCCG=1), ("OCCG is to be paid £32.00", "£70.00", "name others in whose")),
        (choose("debtor", "CUST", "hold"), ()),
    ],
)
def test_no_more_can_wait_than_there_is_to_be_paid(ledger: Ledger, choice: Any, words: tuple[str, ...]) -> None:
    pool(ledger, cost=90_00, invoiced=70_00)
    if words:
        refused(lambda: ends.preview(ledger, choice), "debtor CUST", *words)
        return
    assert sum(each.amount for each in ends.preview(ledger, choice).completed.survivors) == 0


def test_the_lead_carries_what_no_payment_out_can_wait_for(ledger: Ledger) -> None:
    sign(ledger)
    record(ledger, "expenditure", scheme="care", counterparty="SUP", amount=50_00)
    record(ledger, "income_due", scheme="care", counterparty="CUST", amount=10_00)
    run(ledger, END)
    events = complete(ledger, choose("debtor", "CUST", "hold"))
    # Recharged 24 and 16, and CUST's 10 does not come in to pay SUP with: OCC, whose bank the pool's is, puts it there.
    assert [event.fact for event in events if isinstance(event.fact, e.SettlementMade)] == [
        e.SettlementMade("OCC", "POOL", 34_00), e.SettlementMade("OCCG", "POOL", 16_00)
    ]  # fmt: skip
    assert books(ledger)["POOL"] == {DEBTOR + "CUST": 10_00, CREDITOR + "OCC": -10_00}


def test_where_nothing_is_paid_out_a_debtor_cannot_be_held_back(ledger: Ledger) -> None:
    insolvent(ledger, liable=True)
    record(ledger, "income_due", scheme="care", counterparty="CUST", amount=10_00)
    refused(
        lambda: ends.preview(ledger, choose("debtor", "CUST", "hold")),
        "debtor CUST holds back £10.00", "only £0.00", "collected or assigned", "take over a creditor",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("choice", "account"),
    [
        (choose("creditor", "SUP", "hold"), CREDITOR + "SUP"),
        (choose("liability", "pay", "hold"), "Liabilities:Provisions:pay"),
    ],
)
def test_the_money_for_what_is_held_back_is_set_aside(ledger: Ledger, choice: Any, account: str) -> None:
    pool(ledger, cost=20_00, provision=20_00)
    events = complete(ledger, choice)
    name = f"{choice.kind} {choice.code}"
    assert survivors(events) == [(name, "held", account, -20_00), (name, "set_aside", "Assets:Cash", 20_00)]
    assert books(ledger)["POOL"] == {account: -20_00, "Assets:Cash": 20_00}
    fields: dict[str, Any] = {"counterparty": "SUP"} if choice.kind == "creditor" else {"liability": "pay"}
    record(ledger, "payment" if choice.kind == "creditor" else "liability_settled", amount=20_00, on=LATER, **fields)
    assert "POOL" not in books(ledger)


def test_what_was_held_back_and_costs_less_goes_to_the_parties_by_its_shares(ledger: Ledger) -> None:
    pool(ledger, provision=20_00)
    complete(ledger, choose("liability", "pay", "hold"))
    adjust(ledger, "liability pay", -5_00, on=LATER)
    assert books(ledger)["POOL"] == {
        "Liabilities:Provisions:pay": -15_00, "Assets:Cash": 20_00, CREDITOR + "OCC": -3_00, CREDITOR + "OCCG": -2_00
    }  # fmt: skip
    record(ledger, "liability_settled", liability="pay", amount=15_00, on=LATER)
    for party, amount in (("OCC", 3_00), ("OCCG", 2_00)):
        record(ledger, "settlement", party="POOL", counterparty=party, amount=amount, on=LATER)
    assert "POOL" not in books(ledger)
    assert books(ledger)["OCC"]["Expenditure:Risk share"] == -3_00


def test_what_was_held_back_and_costs_more_is_paid_in_by_those_asked(ledger: Ledger) -> None:
    pool(ledger, cost=20_00)
    complete(ledger, choose("creditor", "SUP", "hold"))
    adjust(ledger, "creditor SUP", 10_00, on=LATER, OCCG=1)
    assert books(ledger)["POOL"] == {CREDITOR + "SUP": -30_00, "Assets:Cash": 20_00, DEBTOR + "OCCG": 10_00}
    record(ledger, "settlement", party="OCCG", counterparty="POOL", amount=10_00, on=LATER)
    record(ledger, "payment", counterparty="SUP", amount=30_00, on=LATER)
    assert "POOL" not in books(ledger)


def test_a_disputed_bill_stays_on_the_contractors_and_the_partys_books(ledger: Ledger) -> None:
    sign(ledger, "commissioned")
    bill = record(ledger, "bill", scheme="care", amount=50_00)
    number = dispute(ledger, e.DisputeRaised(event=bill.number, party="OCCG", amount=5_00)).number
    complete(ledger)
    assert books(ledger)["ACME"][DEBTOR + "OCCG"] == 5_00
    adjust(ledger, f"dispute #{number}", -5_00, on=LATER)
    assert [name for name in books(ledger)["ACME"] if name.startswith(DEBTOR)] == []
    # It is the contractor that gives it up.
    assert books(ledger)["ACME"]["Equity:Reserve"] == 5_00


def insolvent(ledger: Ledger, liable: bool, **amounts: int) -> None:
    """A venture that owes SUP 50 and TAX 30, and has 20 in cash; more by name."""
    text = toml("grant", shares="OCC = 1, OCCG = 1")
    if liable:
        text = text.replace('funding = "grant"', 'funding = "grant"\nowners_liable = true')
    ledger.sign(read_agreement("agreement.toml", text.encode()), WHO)
    record(ledger, "income", scheme="care", amount=20_00)
    for supplier, amount in (("SUP", 50_00), ("TAX", 30_00)):
        record(ledger, "expenditure", scheme="care", counterparty=supplier, amount=amount)
    if "provided" in amounts:  # what OCC provided to the venture and was not paid for
        record(ledger, "expenditure", scheme="care", counterparty="OCC", amount=amounts["provided"])
    if "pay" in amounts:
        record(ledger, "liability_recognised", liability="pay", scheme="care", amount=amounts["pay"])


def test_owners_who_answer_for_the_deficit_pay_it_in(ledger: Ledger) -> None:
    insolvent(ledger, liable=True)
    events = complete(ledger)
    # 20 − 80 = −60, halved.
    assert [event.fact for event in events if isinstance(event.fact, e.SettlementMade)] == [
        e.SettlementMade("OCC", "JV", 30_00), e.SettlementMade("OCCG", "JV", 30_00)
    ]  # fmt: skip
    assert survivors(events) == []
    assert "JV" not in books(ledger)


def test_owners_who_do_not_leave_the_creditors_what_money_there_is(ledger: Ledger) -> None:
    insolvent(ledger, liable=False)
    events = complete(ledger)
    fact = events[0].fact
    assert isinstance(fact, e.ArrangementCompleted)
    # 20 for claims of 80: 12.50 and 7.50.
    assert survivors(events) == [
        ("creditor SUP", "not_called", CREDITOR + "SUP", -37_50), ("creditor TAX", "not_called", CREDITOR + "TAX", -22_50),
        ("deficit", "not_called", "Equity:Reserve", 60_00),
    ]  # fmt: skip
    assert (fact.net_worth, [(each.share_of_residual, each.not_called) for each in fact.entitled]) == (
        -60_00,
        [(-30_00, -30_00)] * 2,
    )
    assert books(ledger) == {"JV": {CREDITOR + "SUP": -37_50, CREDITOR + "TAX": -22_50, "Equity:Reserve": 60_00}}


def test_an_owner_is_a_creditor_like_others_and_a_provision_stays(ledger: Ledger) -> None:
    insolvent(ledger, liable=False, provided=20_00, pay=10_00)
    events = complete(ledger)
    # 20 for claims of 50, 30 and OCC's 20: 10, 6 and 4. Nobody takes over the provision.
    assert survivors(events) == [
        ("creditor SUP", "not_called", CREDITOR + "SUP", -40_00), ("creditor TAX", "not_called", CREDITOR + "TAX", -24_00),
        ("liability pay", "not_called", "Liabilities:Provisions:pay", -10_00),
        ("owed to OCC", "not_called", CREDITOR + "OCC", -16_00), ("deficit", "not_called", "Equity:Reserve", 90_00),
    ]  # fmt: skip


def test_somebody_can_take_the_deficit_on_after_all(ledger: Ledger) -> None:
    insolvent(ledger, liable=False)
    complete(ledger)
    event = adjust(ledger, "deficit", -60_00, on=LATER, OCC=2, OCCG=1)
    assert event.entries["JV"] == {"Equity:Reserve": -60_00, DEBTOR + "OCC": 40_00, DEBTOR + "OCCG": 20_00}
    for party, amount in (("OCC", 40_00), ("OCCG", 20_00)):
        record(ledger, "settlement", party=party, counterparty="JV", amount=amount, on=LATER)
    for supplier, amount in (("SUP", 37_50), ("TAX", 22_50)):
        record(ledger, "payment", counterparty=supplier, amount=amount, on=LATER)
    assert "JV" not in books(ledger)


def test_a_creditor_that_gives_up_its_claim_makes_the_deficit_less(ledger: Ledger) -> None:
    insolvent(ledger, liable=False)
    complete(ledger)
    adjust(ledger, "creditor SUP", -37_50, on=LATER)
    assert books(ledger)["JV"] == {CREDITOR + "TAX": -22_50, "Equity:Reserve": 22_50}


AFTER: dict[str, tuple[dict[str, Any], tuple[str, ...]]] = {
    "a new cost": ({"type": "expenditure", "scheme": "care", "counterparty": "SUP", "amount": 1}, ("was completed by #",)),
    "a new due": ({"type": "contribution_due", "party": "OCC", "amount": 1}, ("only what settles a survivor",)),
    "something in kind": ({"type": "contribution_in_kind", "party": "OCC", "amount": 1}, ("reverse #",)),
    "paid more than is owed": (
        {"type": "settlement", "party": "OCCG", "counterparty": "POOL", "amount": 10_01},
        ("Liabilities:Creditors:POOL of OCCG stands at £10.00", "£10.01 of it cannot be settled"),
    ),
    "paid to one who waits for nothing": (
        {"type": "settlement", "party": "POOL", "counterparty": "OCCG", "amount": 1}, ("stands at £0.00",)
    ),
    "a supplier paid again": ({"type": "payment", "counterparty": "SUP", "amount": 1}, ("stands at £0.00",)),
}  # fmt: skip


@pytest.mark.parametrize("case", AFTER)
def test_after_the_end_only_what_settles_a_survivor_is_recorded(ledger: Ledger, case: str) -> None:
    disputed(ledger)
    complete(ledger)
    before = ledger.store.head(CODE)
    fields, words = AFTER[case]
    refused(lambda: record(ledger, **fields, on=LATER), "pool was completed", *words)
    assert ledger.store.head(CODE) == before


def test_after_the_end_nothing_runs_and_nothing_ends_again(ledger: Ledger) -> None:
    disputed(ledger)
    number = complete(ledger)[0].number
    refused(lambda: ledger.record(CODE, Run(effective_on=END), WHO), f"completed by #{number}", "report final")
    refused(lambda: ends.notice(ledger, END), f"completed by #{number}")
    refused(lambda: complete(ledger), f"completed by #{number}")
    refused(lambda: ends.preview(ledger), f"completed already, by #{number}")


ADJUSTED = {
    "a name that is none": (("dispute #9", -1_00), ("“dispute #9” names nothing", "did you mean dispute #")),
    "by nil": (("dispute #6", 0), ("cannot be adjusted by nil",)),
    "more than is left": (("dispute #6", -10_01), ("dispute #6 stands at £10.00", "take that or less")),
    "what waits": (("waits", 1), ("names nothing that outlived",)),
}


@pytest.mark.parametrize("case", ADJUSTED)
def test_only_what_survived_is_adjusted_and_no_more_than_is_left(ledger: Ledger, case: str) -> None:
    disputed(ledger)
    complete(ledger)
    (name, amount), words = ADJUSTED[case]
    refused(lambda: adjust(ledger, name, amount, on=LATER), *words)


def test_before_the_end_nothing_outlives_it(ledger: Ledger) -> None:
    disputed(ledger)
    refused(lambda: adjust(ledger, "dispute #6", -1_00), "pool has not been completed")


def test_what_settles_a_survivor_can_be_reversed_and_made_again(ledger: Ledger) -> None:
    disputed(ledger)
    complete(ledger)
    paid = record(ledger, "settlement", party="OCCG", counterparty="POOL", amount=10_00, on=LATER)
    back = reverse(ledger, paid.number, on=LATER)
    assert books(ledger)["POOL"] == {DEBTOR + "OCCG": 10_00, CREDITOR + "OCC": -10_00}
    reverse(ledger, back.number, on=LATER)
    assert books(ledger)["POOL"] == {"Assets:Cash": 10_00, CREDITOR + "OCC": -10_00}
    again = record(ledger, "settlement", party="POOL", counterparty="OCC", amount=10_00, on=LATER)
    assert (again.type, "POOL" in books(ledger)) == ("SettlementMade", False)
