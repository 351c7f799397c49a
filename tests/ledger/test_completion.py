"""The steps of a completion, entry by entry, worked by hand from the accounting rules' table."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from ledger import events as e
from ledger.accounts import Entries
from ledger.application import Ledger
from ledger.termination.account import payments_of, takes
from tests.given import CODE, record, run, sign
from tests.ledger import ends
from tests.ledger.ends import END, books, choose, complete, posted

THIRD = '[[party]]\ncode = "VOL"\nname = "Voluntary Action"\nsector = "other"'
VAN = '[[asset]]\ncode = "van"\nshares = { OCC = 3, OCCG = 2 }'
COST, WORN = "Assets:Fixed assets:Cost:", "Assets:Fixed assets:Depreciation:"
DEBTOR, CREDITOR, ADVANCE = "Assets:Debtors:", "Liabilities:Creditors:", "Liabilities:Contributions in advance:"
PREPAID, GIVEN = "Assets:Prepaid contributions:POOL", "Equity:Distribution:"


def worked(ledger: Ledger) -> None:
    """Due 500/300/200, spent 800, income 40, van 60 less 12, provision 30, recharged 850 at 5:3:2; the van is shared 3:2."""
    sign(ledger, more=THIRD + "\n" + VAN, shares="OCC = 5, OCCG = 3, VOL = 2")
    for party, amount in (("OCC", 500_00), ("OCCG", 300_00), ("VOL", 200_00)):
        record(ledger, "contribution_due", party=party, amount=amount)
        record(ledger, "contribution_received", party=party, amount=amount)
    for type, fields in (
        ("expenditure", {"scheme": "care", "counterparty": "SUP", "amount": 800_00}),
        ("income", {"scheme": "care", "amount": 40_00}),
        ("asset_acquired", {"asset": "van", "scheme": "care", "counterparty": "SUP", "amount": 60_00}),
        ("payment", {"counterparty": "SUP", "amount": 860_00}),
        ("asset_depreciated", {"asset": "van", "amount": 12_00}),
        ("liability_recognised", {"liability": "pay", "scheme": "care", "amount": 30_00}),
        ("recharge", {"scheme": "care", "amount": 850_00}),
    ):
        record(ledger, type, **fields)


def test_the_worked_example_step_by_step(ledger: Ledger) -> None:
    worked(ledger)
    events = complete(ledger, reference="END")
    assert [(event.reference, event.part, event.effective_on) for event in events] == [
        ("END", part, END) for part in range(len(events))
    ]
    # What each party bore: 425, 255 and 170 of the 850. The van's 48.00 is 28.80 and 19.20, the provision 15, 9 and 6.
    closed = {"Income:Recharges:OCC": 425_00, "Income:Recharges:OCCG": 255_00, "Income:Recharges:VOL": 170_00,
              "Income:Other:care": 40_00, "Expenditure:care": -830_00, "Expenditure:Depreciation:van": -12_00,
              "Equity:Reserve": -48_00}  # fmt: skip

    def refunded(party: str, amount: int) -> tuple[str, Entries]:
        pool = {ADVANCE + party: amount, CREDITOR + party: -amount}
        return "ContributionRefunded", {"POOL": pool, party: {DEBTOR + "POOL": amount, PREPAID: -amount}}

    def set_off(party: str, amount: int) -> tuple[str, Entries]:
        pool = {CREDITOR + party: amount, DEBTOR + party: -amount}
        return "BalancesSetOff", {"POOL": pool, party: {CREDITOR + "POOL": amount, DEBTOR + "POOL": -amount}}

    def paid(party: str, amount: int) -> tuple[str, Entries]:
        pool = {CREDITOR + party: amount, "Assets:Cash": -amount}
        return "SettlementMade", {"POOL": pool, party: {"Assets:Cash": amount, DEBTOR + "POOL": -amount}}

    assert posted(events) == [
        ("ArrangementCompleted", {}),
        ("AssetDivided", {
            "POOL": {WORN + "van": 12_00, COST + "van": -60_00, DEBTOR + "OCC": 28_80, DEBTOR + "OCCG": 19_20},
            "OCC": {COST + "van": 28_80, CREDITOR + "POOL": -28_80},
            "OCCG": {COST + "van": 19_20, CREDITOR + "POOL": -19_20},
        }),
        ("LiabilityAssumed", {
            "POOL": {"Liabilities:Provisions:pay": 30_00, CREDITOR + "OCC": -15_00, CREDITOR + "OCCG": -9_00,
                     CREDITOR + "VOL": -6_00},
            "OCC": {DEBTOR + "POOL": 15_00, "Liabilities:Provisions:pay": -15_00},
            "OCCG": {DEBTOR + "POOL": 9_00, "Liabilities:Provisions:pay": -9_00},
            "VOL": {DEBTOR + "POOL": 6_00, "Liabilities:Provisions:pay": -6_00},
        }),
        ("PoolClosed", {"POOL": closed}),
        # 28.80 − 15 + 15, 19.20 − 9 + 9, 0 − 6 + 6
        ("DistributionMade", {
            "POOL": {GIVEN + "OCC": 28_80, CREDITOR + "OCC": -28_80, GIVEN + "OCCG": 19_20, CREDITOR + "OCCG": -19_20},
            "OCC": {DEBTOR + "POOL": 28_80, GIVEN + "POOL": -28_80},
            "OCCG": {DEBTOR + "POOL": 19_20, GIVEN + "POOL": -19_20},
        }),
        refunded("OCC", 75_00), refunded("OCCG", 45_00), refunded("VOL", 30_00),
        set_off("OCC", 28_80), set_off("OCCG", 19_20),
        # 103.80 − 28.80 + 15, 64.20 − 19.20 + 9, 30 + 6: the cash of 180
        paid("OCC", 90_00), paid("OCCG", 54_00), paid("VOL", 36_00),
        ("DistributionClosed", {
            "POOL": {GIVEN + "OCC": -28_80, GIVEN + "OCCG": -19_20, "Equity:Reserve": 48_00},
            "OCC": {GIVEN + "POOL": 28_80, "Equity:Reserve": -28_80},
            "OCCG": {GIVEN + "POOL": 19_20, "Equity:Reserve": -19_20},
        }),
    ]  # fmt: skip
    assert "POOL" not in books(ledger)
    # 500 less 410 paid in net is what OCC bore (425), less its provision's 15; and so on: nothing else is in the books.
    assert books(ledger)["VOL"] == {
        "Assets:Cash": -200_00 + 36_00, "Expenditure:care": 170_00, "Liabilities:Provisions:pay": -6_00
    }  # fmt: skip


def pool(ledger: Ledger, **amounts: int) -> None:
    """A lead body's pool that has 100 in cash, of which 60 is OCC's and 40 OCCG's in advance; more by name."""
    sign(ledger)
    for party, amount in (("OCC", 60_00), ("OCCG", 40_00)):
        record(ledger, "contribution_due", party=party, amount=amount)
        record(ledger, "contribution_received", party=party, amount=amount)
    of: dict[str, tuple[str, dict[str, Any]]] = {
        "cost": ("expenditure", {"scheme": "care", "counterparty": "SUP"}),
        "invoiced": ("income_due", {"scheme": "care", "counterparty": "CUST"}),
        "asset": ("asset_acquired", {"asset": "hut", "scheme": "care", "counterparty": "SUP"}),
        "provision": ("liability_recognised", {"liability": "pay", "scheme": "care"}),
    }
    for name, amount in amounts.items():
        record(ledger, of[name][0], amount=amount, **of[name][1])
    run(ledger, END)


def taken(events: list[e.Event]) -> dict[str, tuple[int, ...]]:
    """Party → assets, liabilities, creditors, debtors taken, paid, held."""
    fact = events[0].fact
    assert isinstance(fact, e.ArrangementCompleted)
    return {each.party: each[1:7] for each in takes(fact)}


def test_a_creditor_and_a_debtor_can_be_taken_over_by_a_party(ledger: Ledger) -> None:
    pool(ledger, cost=30_00, invoiced=10_00)
    events = complete(ledger, choose("creditor", "SUP", "novate", "OCCG"), choose("debtor", "CUST", "assign", "OCC"))
    assert posted(events)[1:3] == [
        ("CreditorNovated", {
            "POOL": {CREDITOR + "SUP": 30_00, CREDITOR + "OCCG": -30_00},
            "OCCG": {DEBTOR + "POOL": 30_00, CREDITOR + "SUP": -30_00},
        }),
        ("DebtorAssigned", {
            "POOL": {DEBTOR + "OCC": 10_00, DEBTOR + "CUST": -10_00},
            "OCC": {DEBTOR + "CUST": 10_00, CREDITOR + "POOL": -10_00},
        }),
    ]  # fmt: skip
    # Recharged 20 at 3:2, so owed 60 − 12 and 40 − 8. OCC takes the 10 it is owed of it from CUST, OCCG 30 to pay SUP with.
    assert taken(events) == {"OCC": (0, 0, 0, 10_00, 38_00, 0), "OCCG": (0, 0, -30_00, 0, 62_00, 0)}
    assert (books(ledger)["OCC"][DEBTOR + "CUST"], books(ledger)["OCCG"][CREDITOR + "SUP"]) == (10_00, -30_00)


def test_an_asset_can_be_taken_in_kind_at_the_value_agreed(ledger: Ledger) -> None:
    pool(ledger, asset=20_00)
    events = complete(ledger, choose("asset", "hut", "in_kind", "OCCG", 30_00))
    assert posted(events)[2] == ("AssetTransferred", {
        "POOL": {COST + "hut": -20_00, DEBTOR + "OCCG": 30_00, "Income:Transfer:hut": -10_00},
        "OCCG": {COST + "hut": 20_00, CREDITOR + "POOL": -30_00, "Expenditure:Transfer:hut": 10_00},
    })  # fmt: skip
    # Owed 60 − 12 and 40 − 8; 30 at 3:2 is 18 and 12 more. OCCG is entitled to 44 and takes 30 of it as the hut.
    assert taken(events) == {"OCC": (0, 0, 0, 0, 66_00, 0), "OCCG": (30_00, 0, 0, 0, 14_00, 0)}
    assert "POOL" not in books(ledger)


def test_who_takes_more_than_it_is_entitled_to_pays_in(ledger: Ledger) -> None:
    pool(ledger, asset=20_00)
    events = complete(ledger, choose("asset", "hut", "in_kind", "OCCG", 120_00))
    # 120 at 3:2 is 72 and 48: OCCG is entitled to 32 + 48 = 80 and takes 120, so it pays in 40; OCC gets 48 + 72.
    assert taken(events) == {"OCC": (0, 0, 0, 0, 120_00, 0), "OCCG": (120_00, 0, 0, 0, -40_00, 0)}
    settled = [event.fact for event in events if isinstance(event.fact, e.SettlementMade)]
    assert settled == [e.SettlementMade("POOL", "OCC", 120_00), e.SettlementMade("OCCG", "POOL", 40_00)]


def test_an_asset_can_be_sold_and_its_proceeds_shared(ledger: Ledger) -> None:
    pool(ledger, asset=20_00)
    events = complete(ledger, choose("asset", "hut", "sell", value=15_00))
    assert posted(events)[2] == ("AssetDisposed", {
        "POOL": {COST + "hut": -20_00, "Assets:Cash": 15_00, "Expenditure:Transfer:hut": 5_00},
    })  # fmt: skip
    # 48 + 9 and 32 + 6
    assert taken(events) == {"OCC": (0, 0, 0, 0, 57_00, 0), "OCCG": (0, 0, 0, 0, 38_00, 0)}
    # What is sold at the end is no income of its scheme: nothing is left to recharge, and nothing was recharged too much.
    charge = ledger.draft(CODE).head.charge("care", "")
    assert charge.net_cost == sum(charge.recharged.values()) == 20_00


def test_an_undivided_share_carries_its_part_of_a_value_that_differs(ledger: Ledger) -> None:
    pool(ledger, asset=20_01)
    events = complete(ledger, choose("asset", "hut", "shares", value=10_00))
    # Carried at 20.01: 12.006 and 8.004, so 12.01 and 8.00. At the value agreed: 6 and 4. The difference is income.
    assert posted(events)[2] == ("AssetDivided", {
        "POOL": {COST + "hut": -20_01, DEBTOR + "OCC": 6_00, DEBTOR + "OCCG": 4_00, "Expenditure:Transfer:hut": 10_01},
        "OCC": {COST + "hut": 12_01, CREDITOR + "POOL": -6_00, "Income:Transfer:hut": -6_01},
        "OCCG": {COST + "hut": 8_00, CREDITOR + "POOL": -4_00, "Income:Transfer:hut": -4_00},
    })  # fmt: skip


def test_an_asset_that_has_worn_off_leaves_the_pool_too(ledger: Ledger) -> None:
    pool(ledger, asset=20_00)
    record(ledger, "asset_depreciated", asset="hut", amount=20_00)
    events = complete(ledger)
    assert posted(events)[2] == ("AssetDivided", {"POOL": {COST + "hut": -20_00, WORN + "hut": 20_00}})
    assert "POOL" not in books(ledger)


def test_one_party_can_assume_a_liability_and_is_paid_for_it(ledger: Ledger) -> None:
    pool(ledger, provision=30_00)
    events = complete(ledger, choose("liability", "pay", "assume", "OCC"))
    assert posted(events)[1] == ("LiabilityAssumed", {
        "POOL": {"Liabilities:Provisions:pay": 30_00, CREDITOR + "OCC": -30_00},
        "OCC": {DEBTOR + "POOL": 30_00, "Liabilities:Provisions:pay": -30_00},
    })  # fmt: skip
    # The provision was recharged 18 and 12: owed 42 and 28, and its money of 30 is the residual, so entitled to 42 and 28.
    assert taken(events) == {"OCC": (0, -30_00, 0, 0, 72_00, 0), "OCCG": (0, 0, 0, 0, 28_00, 0)}


def test_a_capital_venture_returns_its_capital_through_the_residual(ledger: Ledger) -> None:
    sign(ledger, "capital")
    for party, amount in (("OCC", 60_00), ("OCCG", 30_00)):
        record(ledger, "contribution_due", party=party, amount=amount)
        record(ledger, "contribution_received", party=party, amount=amount)
    record(ledger, "expenditure", scheme="care", counterparty="SUP", amount=30_00)
    events = complete(ledger)
    # 90 in cash less 30 to SUP: 60 to share by the capital paid in, 2:1.
    assert taken(events) == {"OCC": (0, 0, 0, 0, 40_00, 0), "OCCG": (0, 0, 0, 0, 20_00, 0)}
    assert posted(events)[2:] == [
        ("PoolClosed", {"JV": {"Expenditure:care": -30_00, "Equity:Reserve": 30_00}}),
        ("CapitalReturned", {
            "JV": {"Equity:Capital:OCC": 60_00, GIVEN + "OCC": -60_00, "Equity:Capital:OCCG": 30_00, GIVEN + "OCCG": -30_00},
            "OCC": {GIVEN + "JV": 60_00, "Assets:Investment:JV": -60_00},
            "OCCG": {GIVEN + "JV": 30_00, "Assets:Investment:JV": -30_00},
        }),
        ("DistributionMade", {
            "JV": {GIVEN + "OCC": 40_00, CREDITOR + "OCC": -40_00, GIVEN + "OCCG": 20_00, CREDITOR + "OCCG": -20_00},
            "OCC": {DEBTOR + "JV": 40_00, GIVEN + "JV": -40_00},
            "OCCG": {DEBTOR + "JV": 20_00, GIVEN + "JV": -20_00},
        }),
        ("SettlementMade", {"JV": {CREDITOR + "OCC": 40_00, "Assets:Cash": -40_00},
                            "OCC": {"Assets:Cash": 40_00, DEBTOR + "JV": -40_00}}),
        ("SettlementMade", {"JV": {CREDITOR + "OCCG": 20_00, "Assets:Cash": -20_00},
                            "OCCG": {"Assets:Cash": 20_00, DEBTOR + "JV": -20_00}}),
        ("DistributionClosed", {
            "JV": {GIVEN + "OCC": 20_00, GIVEN + "OCCG": 10_00, "Equity:Reserve": -30_00},
            "OCC": {GIVEN + "JV": -20_00, "Equity:Reserve": 20_00},
            "OCCG": {GIVEN + "JV": -10_00, "Equity:Reserve": 10_00},
        }),
    ]  # fmt: skip
    assert books(ledger) == {
        "OCC": {"Assets:Cash": -20_00, "Equity:Reserve": 20_00}, "OCCG": {"Assets:Cash": -10_00, "Equity:Reserve": 10_00}
    }  # fmt: skip


@pytest.mark.parametrize("kind", ["aligned", "commissioned", "commissioned, parties hold"])
def test_without_a_pool_everybody_keeps_what_is_its_own(ledger: Ledger, kind: str) -> None:
    sign(ledger, kind)
    party = "" if kind == "commissioned" else "OCC"
    record(ledger, "asset_acquired", asset="van", scheme="care", counterparty="SUP", amount=60_00, party=party)
    record(ledger, "liability_recognised", liability="pay", scheme="care", amount=7_00, party=party)
    owed = {"OCC": 0, "OCCG": 0}
    if kind != "aligned":
        record(ledger, "bill", scheme="care", amount=50_00)
        record(ledger, "settlement", party="OCC", counterparty="ACME", amount=30_00)
        record(ledger, "settlement", party="OCCG", counterparty="ACME", amount=25_00)
        owed = {"OCC": 0, "OCCG": 5_00}  # billed 30 and 20
    before = books(ledger)
    events = complete(ledger)
    holder = party or "ACME"
    fact = events[0].fact
    assert isinstance(fact, e.ArrangementCompleted)
    assert [(item.kind, item.code, item.then, item.to) for item in fact.items] == [
        ("asset", "van", "keep", holder), ("liability", "pay", "keep", holder)
    ]  # fmt: skip
    assert (fact.net_worth, {each.party: each.owed for each in fact.entitled}) == (sum(owed.values()), owed)
    after = books(ledger)
    for name in (COST + "van", "Liabilities:Provisions:pay", CREDITOR + "SUP"):
        assert after[holder][name] == before[holder][name]
    assert [name for name in after.get("OCCG", {}) if name.endswith("ACME")] == []


def test_overpaid_and_owed_balances_with_a_party_come_to_one_payment(ledger: Ledger) -> None:
    sign(ledger)
    record(ledger, "contribution_due", party="OCC", amount=30_00)
    record(ledger, "contribution_received", party="OCC", amount=45_00)
    record(ledger, "expenditure", scheme="beds", counterparty="OCC", amount=20_00)
    run(ledger, END)
    events = complete(ledger)
    # OCC: advance 30 − 10, overpaid 15, provided 20: owed 55. OCCG owes its 10. In the bank: 45.
    assert taken(events) == {"OCC": (0, 0, 0, 0, 55_00, 0), "OCCG": (0, 0, 0, 0, -10_00, 0)}
    assert "POOL" not in books(ledger)


def test_what_stands_on_the_wrong_side_outside_is_put_right_first(ledger: Ledger) -> None:
    pool(ledger, cost=30_00)
    record(ledger, "payment", counterparty="SUP", amount=35_00)
    record(ledger, "income_received", counterparty="CUST", amount=3_00)
    events = complete(ledger, choose("debtor", "SUP", "assign", "OCC"))
    # SUP was paid 5 too much, and CUST paid 3 for nothing: SUP is a debtor, which OCC takes over, and CUST is paid back.
    assert [(event.type, event.entries["POOL"]) for event in events[1:5]] == [
        ("BalancesReclassified", {DEBTOR + "CUST": 3_00, CREDITOR + "CUST": -3_00}),
        ("BalancesReclassified", {DEBTOR + "SUP": 5_00, CREDITOR + "SUP": -5_00}),
        ("PaymentMade", {CREDITOR + "CUST": 3_00, "Assets:Cash": -3_00}),
        ("DebtorAssigned", {DEBTOR + "OCC": 5_00, DEBTOR + "SUP": -5_00}),
    ]
    assert "POOL" not in books(ledger)


def test_what_past_years_left_open_in_the_pool_is_closed_year_by_year(ledger: Ledger) -> None:
    pool(ledger, cost=30_00)
    record(ledger, "expenditure", scheme="care", counterparty="SUP", amount=5_00, on=date(2014, 6, 1))
    run(ledger, date(2014, 6, 30))
    events = complete(ledger, on=date(2015, 9, 30))
    closes = [(event.effective_on, event.fact) for event in events if isinstance(event.fact, e.PoolClosed)]
    assert closes == [
        (date(2014, 4, 1), e.PoolClosed(END, {"Expenditure:care": 30_00, "Income:Recharges:OCC": -18_00,
                                               "Income:Recharges:OCCG": -12_00})),
        (date(2015, 4, 1), e.PoolClosed(date(2015, 3, 31), {"Expenditure:care": 5_00, "Income:Recharges:OCC": -3_00,
                                                             "Income:Recharges:OCCG": -2_00})),
    ]  # fmt: skip


def test_the_billing_leads_pool_is_wound_up_and_the_contractor_keeps_its_own(ledger: Ledger) -> None:
    sign(ledger, "hybrid")
    record(ledger, "asset_acquired", asset="van", scheme="care", counterparty="SUP", amount=60_00)
    record(ledger, "bill", scheme="care", amount=50_00)
    record(ledger, "contribution_due", party="OCC", amount=40_00)
    record(ledger, "contribution_received", party="OCC", amount=40_00)
    run(ledger, END)
    events = complete(ledger, choose("creditor", "ACME", "novate", "OCCG"))
    # The contractor's 50 is OCCG's to pay: in its book the debtor changes. Recharged 30 and 20: OCC is owed 10, OCCG owes 20
    # and is owed 50 for what it takes over, so it is paid 30; in the bank were 40.
    assert posted(events)[1] == ("CreditorNovated", {
        "POOL": {CREDITOR + "ACME": 50_00, CREDITOR + "OCCG": -50_00},
        "OCCG": {DEBTOR + "POOL": 50_00, CREDITOR + "ACME": -50_00},
        "ACME": {DEBTOR + "OCCG": 50_00, DEBTOR + "POOL": -50_00},
    })  # fmt: skip
    assert taken(events) == {"OCC": (0, 0, 0, 0, 10_00, 0), "OCCG": (0, 0, -50_00, 0, 30_00, 0)}
    assert "POOL" not in books(ledger)
    assert books(ledger)["ACME"][COST + "van"] == 60_00


def test_payments_are_with_the_keeper_and_as_few_as_can_be(ledger: Ledger) -> None:
    worked(ledger)
    fact = ends.preview(ledger).completed
    assert [tuple(payment) for payment in payments_of(fact, "POOL")] == [
        ("POOL", "OCC", 90_00), ("POOL", "OCCG", 54_00), ("POOL", "VOL", 36_00)
    ]  # fmt: skip
