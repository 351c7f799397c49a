"""Settling a year: the true-up of what each party bears, and what becomes of contributions that were not spent."""

from __future__ import annotations

import pytest

from ledger import events as e
from ledger.application import Ledger
from tests.given import refused
from tests.ledger.years import BY_SCHEME, HALVES, JUNE, LAST, NEXT, NEXT_LAST, OPENS, YEAR, Pool, budgeted, plain, ruled

ADVANCE = "Liabilities:Contributions in advance:"
SIXTY_THIRTY = budgeted(care={"OCC": 60_00, "OCCG": 30_00})


def underspent(ledger: Ledger, *tables: str, paid: tuple[int, int] = (0, 0), risk: str = HALVES, spent: int = 80_00) -> Pool:
    """Due 60 and 30 as budgeted, spent 80, recharged 3:2, 48 and 32: OCC has 12 left in advance, OCCG was billed 2.

    10 under, halved: OCC bears 55 and OCCG 25, so the true-up is 7 from OCCG to OCC.
    """
    pool = Pool(ledger, risk, SIXTY_THIRTY, *tables)
    pool.due(OCC=60_00, OCCG=30_00)
    for party, amount in zip(("OCC", "OCCG"), paid, strict=True):
        if amount:
            pool.fact("contribution_received", party=party, amount=amount)
    pool.cost(care=spent)
    pool.run()
    return pool


# The true-up.


def test_a_true_up_is_drawn_on_what_was_paid_in_advance_and_taken_off_what_is_owed(ledger: Ledger) -> None:
    pool = underspent(ledger)
    assert plain(pool.settle("carry_forward")) == [
        e.TrueUpRaised(YEAR, drawn={"OCC": 7_00}, billed={"OCCG": -7_00}),
        e.UnspentDecided(YEAR, "carry_forward", {"OCC": 5_00}),
    ]
    assert pool.events[-2].effective_on == LAST
    assert pool.events[-2].entries == {
        "POOL": {
            "Liabilities:Contributions in advance:OCC": 7_00,
            "Income:Recharges:OCC": -7_00,
            "Assets:Debtors:OCCG": -7_00,
            "Income:Recharges:OCCG": 7_00,
        },
        "OCC": {"Expenditure:Risk share": 7_00, "Assets:Prepaid contributions:POOL": -7_00},
        "OCCG": {"Expenditure:Risk share": -7_00, "Liabilities:Creditors:POOL": 7_00},
    }


def test_a_true_up_tells_how_it_came_about(ledger: Ledger) -> None:
    fact = underspent(ledger).settle("retain")[0]
    assert isinstance(fact, e.TrueUpRaised)
    assert (fact.borne, fact.charged) == ({"OCC": 55_00, "OCCG": 25_00}, {"OCC": 48_00, "OCCG": 32_00})
    assert [(step.party, step.amount, step.clause, step.scheme) for step in fact.steps] == [
        ("OCC", 60_00, "its own budget", "care"),
        ("OCCG", 30_00, "its own budget", "care"),
        ("OCC", -5_00, "the band from £0.00", ""),
        ("OCCG", -5_00, "the band from £0.00", ""),
    ]


def test_a_true_up_beyond_the_advance_is_billed_and_a_credit_beyond_what_is_owed_is_held_in_advance(ledger: Ledger) -> None:
    """Budgets 40 and 40, spent 100 at 60:40, halved: 50 and 50. OCC gets 10 back, of which it still owed 6."""
    pool = Pool(ledger, HALVES, budgeted(care={"OCC": 40_00, "OCCG": 40_00}))
    pool.due(OCC=40_00, OCCG=40_00)
    pool.cost(care=100_00)
    pool.run()
    pool.fact("contribution_received", LAST, party="OCC", amount=54_00)
    assert plain(pool.settle("retain"))[0] == e.TrueUpRaised(YEAR, {"OCC": -4_00}, {"OCC": -6_00, "OCCG": 10_00})
    assert pool.events[-2].entries == {
        "POOL": {
            "Liabilities:Contributions in advance:OCC": -4_00,
            "Assets:Debtors:OCC": -6_00,
            "Income:Recharges:OCC": 10_00,
            "Assets:Debtors:OCCG": 10_00,
            "Income:Recharges:OCCG": -10_00,
        },
        "OCC": {
            "Expenditure:Risk share": -10_00,
            "Assets:Prepaid contributions:POOL": 4_00,
            "Liabilities:Creditors:POOL": 6_00,
        },
        "OCCG": {"Expenditure:Risk share": 10_00, "Liabilities:Creditors:POOL": -10_00},
    }


def test_after_the_true_up_each_party_has_been_charged_what_it_bears(ledger: Ledger) -> None:
    pool = underspent(ledger)
    pool.settle("retain")
    found = pool.outcome()
    assert (found.borne, found.charged) == ({"OCC": 55_00, "OCCG": 25_00}, {"OCC": 55_00, "OCCG": 25_00})
    assert found.true_ups == {"OCC": 0, "OCCG": 0}
    assert pool.balance("POOL", "Income:Recharges:OCC") == -55_00
    assert pool.balance("OCC", "Expenditure:care") + pool.balance("OCC", "Expenditure:Risk share") == 55_00


def test_settling_twice_changes_nothing(ledger: Ledger) -> None:
    pool = underspent(ledger)
    pool.settle("return")
    before = pool.events
    assert pool.settle("return") == []
    assert pool.events == before


def test_a_cost_that_comes_after_settling_is_trued_up_when_settled_again(ledger: Ledger) -> None:
    """Spent 100 in all: recharged 60 and 40; 10 over, halved: 65 and 35. So far OCC has been trued up by 7, now by −2."""
    pool = underspent(ledger)
    pool.settle("retain")
    pool.cost(care=20_00)
    pool.run()
    facts = pool.settle("retain")
    assert [
        sum(parts.get("OCC", 0) for parts in (fact.drawn, fact.billed)) for fact in facts if isinstance(fact, e.TrueUpRaised)
    ] == [-2_00]
    assert pool.outcome().charged == {"OCC": 65_00, "OCCG": 35_00}


def test_a_true_up_that_was_wrong_is_reversed_and_raised_anew(ledger: Ledger) -> None:
    pool = underspent(ledger)
    first = pool.settle("retain")[0]
    pool.reverse(pool.events[-2])
    assert pool.outcome().true_ups == {"OCC": 7_00, "OCCG": -7_00}
    assert pool.settle("retain") == [first]


def test_a_scheme_without_a_budget_takes_no_part(ledger: Ledger) -> None:
    """Beds cost 33 and nobody budgeted for them: they stay as recharged, half and half."""
    pool = underspent(ledger)
    pool.cost(beds=33_00)
    pool.run()
    found = pool.outcome()
    assert [variance.scheme for variance in found.variances] == ["care"]
    assert found.true_ups == {"OCC": 7_00, "OCCG": -7_00}


def test_without_a_risk_table_what_was_recharged_stands(ledger: Ledger) -> None:
    pool = underspent(ledger, risk="")
    assert pool.outcome()[1:] == ([], {}, {}, {}, [])
    assert [type(fact) for fact in pool.settle("retain")] == [e.UnspentDecided]


def test_while_no_rule_is_agreed_the_variance_is_held_by_name(ledger: Ledger) -> None:
    pool = underspent(ledger, risk="[risk]\nundecided = true")
    found = pool.outcome()
    assert [(held.scheme, held.amount) for held in found.held] == [("care", -10_00)]
    assert (found.steps, found.true_ups) == ([], {})
    assert [type(fact) for fact in pool.settle("retain")] == [e.UnspentDecided]


def test_a_rule_that_does_not_exist_refuses_the_step(ledger: Ledger) -> None:
    pool = underspent(ledger, risk='[risk]\nbase = "pool"\nunderspend = "return"')
    before = pool.events
    refused(lambda: pool.settle(), "£10.00", "risk.band")
    assert pool.events == before


def test_a_scheme_with_its_own_risk_is_borne_by_that(ledger: Ledger) -> None:
    """Care, 10 under, is the CCG's alone: OCC bears its 60, OCCG 20. Beds are 4 over, halved: 2 and 2 on top."""
    pool = Pool(ledger, HALVES, budgeted(care={"OCC": 60_00, "OCCG": 30_00}, beds={"OCC": 10_00}), own="{ OCCG = 1 }")
    pool.due(OCC=70_00, OCCG=30_00)
    pool.cost(care=80_00, beds=14_00)
    pool.run()
    assert pool.outcome().borne == {"OCC": 72_00, "OCCG": 22_00}
    assert pool.outcome().charged == {"OCC": 48_00 + 7_00, "OCCG": 32_00 + 7_00}


def test_the_income_of_a_scheme_lowers_its_variance(ledger: Ledger) -> None:
    """Spent 100 and earned 20: net 80, 10 under, as if 80 had been spent."""
    pool = underspent(ledger, spent=100_00)
    pool.fact("income", LAST, scheme="care", amount=15_00)
    pool.fact("income_due", LAST, scheme="care", counterparty="CUST", amount=5_00)
    pool.run()
    assert pool.outcome().true_ups == {"OCC": 7_00, "OCCG": -7_00}


def test_costs_of_the_next_year_take_no_part(ledger: Ledger) -> None:
    pool = underspent(ledger)
    pool.cost(JUNE, care=50_00)
    pool.run(NEXT_LAST)
    assert pool.outcome().true_ups == {"OCC": 7_00, "OCCG": -7_00}


# Funds.


def test_what_a_capital_fund_met_stays_out_of_risk_sharing(ledger: Ledger) -> None:
    """80 of care as before, and 25 of it more from a capital grant of 30: nothing changes, and its 5 cover nothing."""
    pool = underspent(ledger)
    pool.due(fund="dfg", OCC=30_00)
    pool.cost(fund="dfg", care=25_00)
    pool.run()
    assert pool.outcome().true_ups == {"OCC": 7_00, "OCCG": -7_00}
    pool.settle("return")
    assert pool.balance("POOL", ADVANCE + "OCC:dfg") == -5_00
    assert pool.balance("POOL", ADVANCE + "OCC") == 0


def test_what_a_capital_fund_could_not_meet_is_shared(ledger: Ledger) -> None:
    """45 of capital cost with 30 in the fund: 15 are recharged 9:6 and make 10 under into 5 over: 62.50 and 32.50."""
    pool = underspent(ledger)
    pool.due(fund="dfg", OCC=30_00)
    pool.cost(fund="dfg", care=45_00)
    pool.run()
    found = pool.outcome()
    assert found.borne == {"OCC": 62_50, "OCCG": 32_50}
    assert found.charged == {"OCC": 57_00, "OCCG": 38_00}


def test_what_a_revenue_fund_met_is_part_of_the_net_cost_and_charged_to_its_contributors(ledger: Ledger) -> None:
    """15 of the 80 from OCCG's hub money: the other 65 are recharged 39 and 26, so 39 and 41; they still bear 55 and 25."""
    pool = Pool(ledger, HALVES, SIXTY_THIRTY)
    pool.due(OCC=60_00, OCCG=10_00)
    pool.due(fund="hub", OCCG=20_00)
    pool.cost(care=65_00)
    pool.cost(fund="hub", care=15_00)
    pool.run()
    assert pool.outcome().charged == {"OCC": 39_00, "OCCG": 41_00}
    assert pool.outcome().true_ups == {"OCC": 16_00, "OCCG": -16_00}
    pool.settle("return")
    assert pool.balance("POOL", ADVANCE + "OCCG:hub") == -5_00


# Contributions brought forward.


def carried(ledger: Ledger, risk: str) -> Pool:
    """Each party brings 50 forward; next year 100 is budgeted for care, 60:40, and 30 for beds by OCC alone."""
    pool = Pool(
        ledger, risk, budgeted(NEXT, care={"OCC": 60_00, "OCCG": 40_00}, beds={"OCC": 30_00})
    )  # fmt: skip
    pool.due(OCC=50_00, OCCG=50_00)
    pool.settle("carry_forward")
    pool.close()
    pool.due(JUNE, OCC=90_00, OCCG=40_00)
    return pool


def test_a_reserve_is_what_the_parties_brought_forward(ledger: Ledger) -> None:
    """130 spent, on budget but for 10 over in care and 10 under in beds; by scheme 10 are met from the reserve, 5 and 5."""
    pool = carried(ledger, ruled("scheme", reserve_first="true"))
    pool.cost(JUNE, care=110_00, beds=20_00)
    pool.run(NEXT_LAST)
    steps = [(step.party, step.amount, step.clause) for step in pool.outcome(NEXT).steps if "brought" in step.clause]
    assert steps == [
        ("OCC", 5_00, "contributions brought forward, first"),
        ("OCCG", 5_00, "contributions brought forward, first"),
    ]
    assert pool.outcome(NEXT).borne == {"OCC": 60_00 + 30_00 - 10_00 + 5_00, "OCCG": 45_00}


def test_what_was_refunded_of_it_since_is_no_reserve(ledger: Ledger) -> None:
    """OCCG had all but 10 of its 50 back: the reserve is 50:10, and of 12 over it meets 10 and 2."""
    pool = carried(ledger, ruled("scheme", reserve_first="true"))
    pool.fact("refund", JUNE, party="OCCG", amount=40_00)
    pool.cost(JUNE, care=112_00, beds=30_00)
    pool.run(NEXT_LAST)
    assert pool.outcome(NEXT).borne == {"OCC": 90_00 + 10_00, "OCCG": 40_00 + 2_00}


def test_returning_what_is_left_does_not_change_what_the_reserve_met(ledger: Ledger) -> None:
    """40 over is met 20 and 20; beds' 30 fall to OCC. Returning what is left changes nothing."""
    pool = carried(ledger, ruled("scheme", reserve_first="true", underspend='"return"'))
    pool.cost(JUNE, care=140_00)
    pool.run(NEXT_LAST)
    assert pool.outcome(NEXT).borne == {"OCC": 80_00, "OCCG": 60_00}
    assert len(pool.settle(year=NEXT)) > 1
    assert pool.outcome(NEXT).borne == {"OCC": 80_00, "OCCG": 60_00}
    assert pool.settle(year=NEXT) == []


def test_money_carried_forward_is_drawn_next_year(ledger: Ledger) -> None:
    pool = carried(ledger, BY_SCHEME)
    pool.cost(JUNE, care=100_00)
    assert [event.fact for event in pool.run(NEXT_LAST)] == [
        e.RechargeRaised("care", 100_00, {"OCC": 3, "OCCG": 2}, drawn={"OCC": 60_00, "OCCG": 40_00})
    ]
    assert pool.balance("POOL", ADVANCE + "OCC") == -(50_00 + 90_00 - 60_00)


# Contributions unspent.


@pytest.mark.parametrize(("paid", "set_off"), [(0, 5_00), (58_00, 2_00), (60_00, 0)])
def test_return_refunds_what_is_left_and_sets_off_what_is_still_owed(ledger: Ledger, paid: int, set_off: int) -> None:
    pool = underspent(ledger, risk=ruled(underspend='"return"'), paid=(paid, 0))
    facts = pool.settle()[1:]
    offset: list[e.Fact] = [e.BalancesSetOff("OCC", set_off)] if set_off else []
    assert facts == [e.ContributionRefunded("OCC", 5_00), *offset, e.UnspentDecided(YEAR, "return", {"OCC": 5_00})]
    assert {event.effective_on for event in pool.events[-len(facts) :]} == {LAST}
    assert pool.balance("POOL", ADVANCE + "OCC") == 0
    assert pool.balance("POOL", "Liabilities:Creditors:OCC") == -(5_00 - set_off)
    assert pool.balance("POOL", "Assets:Debtors:OCC") == 60_00 - paid - set_off
    assert pool.balance("OCC", "Assets:Debtors:POOL") == 5_00 - set_off
    assert pool.balance("OCC", "Assets:Prepaid contributions:POOL") == 0


@pytest.mark.parametrize("decision", ["carry_forward", "retain"])
def test_carried_forward_or_retained_nothing_is_posted(ledger: Ledger, decision: str) -> None:
    pool = underspent(ledger, risk=ruled(underspend=f'"{decision}"'))
    assert pool.settle()[1:] == [e.UnspentDecided(YEAR, decision, {"OCC": 5_00})]
    assert pool.events[-1].entries == {}
    assert pool.balance("POOL", ADVANCE + "OCC") == -5_00


def test_what_is_asked_for_goes_before_what_the_agreement_says(ledger: Ledger) -> None:
    pool = underspent(ledger, risk=ruled(underspend='"return"'))
    assert pool.settle("retain")[1:] == [e.UnspentDecided(YEAR, "retain", {"OCC": 5_00})]


def test_with_nothing_said_it_is_refused_and_never_falls_to_the_lead(ledger: Ledger) -> None:
    pool = underspent(ledger)
    before = pool.events
    refused(lambda: pool.settle(), "OCC £5.00", "never fall to the lead", "--unspent")
    assert pool.events == before


def test_with_nothing_left_nothing_need_be_said(ledger: Ledger) -> None:
    pool = underspent(ledger, spent=100_00)
    assert [type(fact) for fact in pool.settle()] == [e.TrueUpRaised]


def test_a_decision_may_be_changed_while_the_money_is_there(ledger: Ledger) -> None:
    pool = underspent(ledger)
    pool.settle("carry_forward")
    assert pool.settle("carry_forward") == []
    assert [type(fact) for fact in pool.settle("return")] == [e.ContributionRefunded, e.BalancesSetOff, e.UnspentDecided]
    assert pool.settle("return") == []


def test_what_comes_free_later_is_returned_too(ledger: Ledger) -> None:
    """All was paid; 5 and 5 are returned. A credit note of 10 gives 6 and 4 back; trued up by 1, 5 and 5 are left again."""
    pool = underspent(ledger, risk=ruled(underspend='"return"'), paid=(60_00, 30_00))
    pool.settle()
    pool.cost(LAST, care=-10_00)
    pool.run()
    assert plain(pool.settle()) == [
        e.TrueUpRaised(YEAR, drawn={"OCC": 1_00, "OCCG": -1_00}),
        e.ContributionRefunded("OCC", 5_00),
        e.ContributionRefunded("OCCG", 5_00),
        e.UnspentDecided(YEAR, "return", {"OCC": 5_00, "OCCG": 5_00}),
    ]
    assert pool.settle() == []


def test_contributions_of_the_next_year_are_not_returned(ledger: Ledger) -> None:
    pool = underspent(ledger)
    pool.due(OPENS, OCC=60_00, OCCG=30_00)
    pool.settle("return")
    assert pool.balance("POOL", ADVANCE + "OCC") == -60_00
    assert pool.balance("POOL", ADVANCE + "OCCG") == -30_00
    assert pool.settle("return") == []


def test_money_used_since_is_not_returned(ledger: Ledger) -> None:
    """OCC's 5 left at the year's end were drawn next year, before anybody settled."""
    pool = underspent(ledger)
    pool.cost(JUNE, care=10_00)
    pool.run(JUNE)
    assert [fact for fact in pool.settle("return") if not isinstance(fact, e.TrueUpRaised)] == []
    assert pool.balance("POOL", ADVANCE + "OCC") == 0


# Other kinds of arrangement.


def test_a_billing_leads_pool_settles_like_a_lead_bodys(ledger: Ledger) -> None:
    pool = Pool(ledger, HALVES, SIXTY_THIRTY, kind="hybrid")
    pool.due(OCC=60_00, OCCG=30_00)
    pool.fact("bill", scheme="care", amount=70_00)
    pool.cost(care=10_00)
    pool.run()
    assert plain(pool.settle("return"))[0] == e.TrueUpRaised(YEAR, drawn={"OCC": 7_00}, billed={"OCCG": -7_00})
    assert pool.settle("return") == []
    pool.assert_replays()


@pytest.mark.parametrize("kind", ["aligned", "commissioned", "grant", "charge", "capital"])
def test_where_nothing_is_recharged_there_is_nothing_to_settle(ledger: Ledger, kind: str) -> None:
    pool = Pool(ledger, kind=kind)
    before = pool.events
    refused(lambda: pool.settle("return"), "pool has no pool that recharges", "nothing to settle")
    assert pool.events == before


def test_a_blocked_year_is_not_settled(ledger: Ledger) -> None:
    pool = Pool(ledger, HALVES, SIXTY_THIRTY)
    pool.cost(care=80_00)
    before = pool.events
    sentence = refused(
        lambda: pool.settle("return"), "pool cannot be settled for 2013/14", "care has £80.00 of 2013/14 not yet recharged",
        "OCC has £60.00 budgeted in 2013/14 and £0.00 due", "year check",
    )  # fmt: skip
    assert len(sentence.splitlines()) == 1 + 3 + 1
    assert pool.events == before


def test_a_label_that_is_no_year_here_is_refused_with_one_that_is(ledger: Ledger) -> None:
    pool = underspent(ledger)
    refused(lambda: pool.settle("return", year="2013"), "2013", "2013/14")
