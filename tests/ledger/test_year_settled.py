"""What counts as settled: the pool closes only then, and a settled year that something late has changed is named."""

from __future__ import annotations

import pytest

from ledger import events as e
from ledger.application import Ledger
from tests.given import refused
from tests.ledger.years import BY_SCHEME, HALVES, JUNE, LAST, MAY, NEXT, NEXT_LAST, OPENS, YEAR, Pool, budgeted, ruled

SIXTY_THIRTY = budgeted(care={"OCC": 60_00, "OCCG": 30_00})


def recharged(ledger: Ledger, risk: str = HALVES, kind: str = "lead_body") -> Pool:
    """Due 60 and 30, spent 80, recharged 48 and 32: OCC has 12 left, OCCG owes 2; 10 under, so each bears 5 less."""
    pool = Pool(ledger, risk, SIXTY_THIRTY, kind=kind)
    pool.due(OCC=60_00, OCCG=30_00)
    pool.cost(care=80_00)
    pool.run()
    return pool


def earlier(pool: Pool, year: str = NEXT) -> list[str]:
    """The sentences that name an earlier year."""
    return [blocker.sentence for blocker in pool.blockers(year) if blocker.check == "earlier year not settled"]


# Closing the pool.


@pytest.mark.parametrize("kind", ["lead_body", "hybrid"])
@pytest.mark.parametrize("body", ["OCC", ""])
def test_the_pool_and_its_lead_do_not_close_before_the_year_is_settled(ledger: Ledger, kind: str, body: str) -> None:
    pool = recharged(ledger, ruled(underspend='"carry_forward"'), kind)
    before = pool.events
    refused(lambda: pool.close(body), "pool is not settled for 2013/14", "OCC's", "poolbook year settle pool --year 2013/14")
    assert pool.events == before
    pool.settle()
    assert pool.close(body)


def test_a_partys_own_book_may_close_before_and_its_true_up_comes_late(ledger: Ledger) -> None:
    """An NHS body closes weeks before the council settles: the true-up is posted in its open year, and marked."""
    pool = recharged(ledger, ruled(underspend='"carry_forward"'))
    pool.close("OCCG")
    closed = pool.balances(LAST)["OCCG"]
    pool.settle()
    (true_up,) = [event for event in pool.events if isinstance(event.fact, e.TrueUpRaised)]
    assert true_up.posted_on == {"OCCG": OPENS}
    assert pool.balances(LAST)["OCCG"] == closed
    assert pool.balances(OPENS)["OCCG"]["Expenditure:Risk share"] == -7_00
    assert pool.close("OCC")


def test_money_nobody_has_decided_on_keeps_the_pool_open(ledger: Ledger) -> None:
    """Without a rule nothing is trued up. OCC has 12 left, and nothing says what becomes of them."""
    pool = recharged(ledger, "")
    refused(lambda: pool.close("OCC"), "OCC £12.00", "year settle pool --year 2013/14 --unspent return")
    pool.settle("retain")
    assert pool.close("OCC")


def test_money_carried_forward_and_used_since_leaves_the_year_settled(ledger: Ledger) -> None:
    pool = recharged(ledger)
    pool.settle("carry_forward")
    pool.cost(JUNE, care=5_00)
    pool.run(JUNE)
    assert pool.settle() == []
    assert pool.close("OCC")


def test_money_all_used_since_needs_no_decision(ledger: Ledger) -> None:
    pool = recharged(ledger)
    pool.cost(JUNE, care=20_00)
    pool.run(JUNE)
    pool.settle()
    assert pool.close("OCC")


def test_what_was_decided_holds_when_the_year_is_settled_again(ledger: Ledger) -> None:
    """The agreement would return it; the board decided otherwise. Nothing need be said again, and nothing is returned.

    10 less: given back 6 and 4, off what each owes; each bears 5 less, so OCC is trued up by 1, of its 5 in advance.
    """
    pool = recharged(ledger, ruled(underspend='"return"'))
    pool.settle("carry_forward")
    assert pool.settle() == []
    pool.cost(LAST, care=-10_00)
    pool.run()
    assert [fact for fact in pool.settle() if not isinstance(fact, e.TrueUpRaised)] == [
        e.UnspentDecided(YEAR, "carry_forward", {"OCC": 4_00})
    ]


def test_where_no_rule_is_agreed_yet_the_variance_is_held_and_the_pool_closes(ledger: Ledger) -> None:
    pool = recharged(ledger, "[risk]\nundecided = true")
    assert [(held.scheme, held.amount) for held in pool.outcome().held] == [("care", -10_00)]
    assert [type(fact) for fact in pool.settle("carry_forward")] == [e.UnspentDecided]
    assert pool.close()


@pytest.mark.parametrize("kind", ["aligned", "commissioned", "grant"])
def test_where_nothing_is_recharged_there_is_nothing_to_settle_before_closing(ledger: Ledger, kind: str) -> None:
    assert Pool(ledger, kind=kind).close()


@pytest.mark.parametrize("decision", ["carry_forward", "retain"])
def test_what_an_nhs_body_has_left_is_prepaid_and_never_a_reserve_of_its_own(ledger: Ledger, decision: str) -> None:
    """OCCG was due 30 and bears 20: 10 stay prepaid in its book, whose reserve is what it bore and nothing else."""
    pool = Pool(ledger)
    pool.due(OCCG=30_00)
    pool.cost(care=50_00)
    pool.run()
    pool.settle(decision)
    pool.close()
    assert pool.balances()["OCCG"] == {
        "Assets:Prepaid contributions:POOL": 10_00,
        "Liabilities:Creditors:POOL": -30_00,
        "Equity:Reserve": 20_00,
    }


# A year that was settled, and then changed.


def test_a_late_cost_of_a_settled_year_is_named_until_it_is_trued_up(ledger: Ledger) -> None:
    """20 late: 100 spent on budgets of 90. Recharged 12 and 8 more, shared 10 and 10: OCC 2 less, OCCG 2 more."""
    pool = recharged(ledger)
    pool.settle("carry_forward")
    pool.close()
    pool.cost(LAST, care=20_00)
    assert [blocker.check for blocker in pool.blockers(NEXT)] == ["net cost not recharged"]
    pool.run(NEXT_LAST)
    assert earlier(pool) == [
        "2013/14 has true-ups to be raised (OCC -£2.00, OCCG £2.00): poolbook year settle pool --year 2013/14"
    ]
    refused(lambda: pool.close("OCCG", NEXT), "earlier year not settled")
    pool.settle()
    assert pool.blockers(NEXT) == pool.blockers() == []
    assert pool.close("OCCG", NEXT)


def test_every_earlier_year_is_looked_at(ledger: Ledger) -> None:
    pool = recharged(ledger)
    pool.settle("carry_forward")
    pool.close()
    pool.cost(LAST, care=20_00)
    pool.run(LAST)
    assert len(earlier(pool, "2015/16")) == 1


def test_a_late_cost_shared_as_it_was_recharged_changes_no_settled_year(ledger: Ledger) -> None:
    """The band is 3:2 as the recharge is, so the late cost of care needs no true-up."""
    three_to_two = '[risk]\nbase = "pool"\n[[risk.band]]\nshares = { OCC = 3, OCCG = 2 }'
    pool = recharged(ledger, three_to_two)
    pool.settle("carry_forward")
    pool.cost(LAST, care=20_00)
    pool.run(NEXT_LAST)
    assert earlier(pool) == []


def test_an_earlier_year_that_lacks_a_rule_is_named_with_what_is_missing(ledger: Ledger) -> None:
    pool = recharged(ledger, '[risk]\nunderspend = "carry_forward"')
    assert [sentence[:40] for sentence in earlier(pool)] == ["2013/14 cannot be settled: pool says not"]


def test_the_reserve_of_an_earlier_year_is_its_own(ledger: Ledger) -> None:
    """OCCG brings 20 into 2014/15, which its overspend of 10 takes first; seen from 2015/16 nothing is left to true up."""
    pool = Pool(ledger, ruled("scheme", reserve_first="true"), budgeted(NEXT, care={"OCC": 60_00, "OCCG": 40_00}))
    pool.due(OCCG=20_00)
    pool.settle("carry_forward")
    pool.due(JUNE, OCC=60_00, OCCG=40_00)
    pool.cost(JUNE, care=110_00)
    pool.run(NEXT_LAST)
    assert pool.outcome(NEXT).borne == {"OCC": 60_00, "OCCG": 50_00}
    assert earlier(pool, "2015/16") == [
        "2014/15 has true-ups to be raised (OCC -£6.00, OCCG £6.00): poolbook year settle pool --year 2014/15"
    ]
    pool.settle("carry_forward", NEXT)
    assert earlier(pool, "2015/16") == []


# The reserve, and refunds taken back.


def test_a_refund_of_the_settlement_that_is_reversed_by_hand_leaves_the_reserve_as_it_was(ledger: Ledger) -> None:
    """Each brings 50 forward; 40 over in care take 20 and 20 of it, beds' 30 fall to OCC alone, and its rest is returned."""
    pool = Pool(
        ledger, ruled("scheme", reserve_first="true", underspend='"return"'),
        budgeted(NEXT, care={"OCC": 60_00, "OCCG": 40_00}, beds={"OCC": 30_00}),
    )  # fmt: skip
    pool.due(OCC=50_00, OCCG=50_00)
    pool.settle("carry_forward")
    pool.due(JUNE, OCC=90_00, OCCG=40_00)
    pool.cost(JUNE, care=140_00)
    pool.run(NEXT_LAST)
    pool.settle(year=NEXT)
    refund = next(event for event in reversed(pool.events) if isinstance(event.fact, e.ContributionRefunded))
    pool.reverse(refund, NEXT_LAST)
    assert pool.outcome(NEXT).borne == {"OCC": 80_00, "OCCG": 60_00}


# More income than cost.


@pytest.mark.parametrize("risk", [HALVES, BY_SCHEME])
def test_income_beyond_the_cost_stays_in_the_pool_and_the_year_settles(ledger: Ledger, risk: str) -> None:
    """Spent 10 of 90, earned 15: 5 more than there is to recharge. 90 under budget are shared, and nobody bears anything."""
    pool = Pool(ledger, risk, SIXTY_THIRTY)
    pool.due(OCC=60_00, OCCG=30_00)
    pool.cost(care=10_00)
    pool.fact("income", MAY, scheme="care", amount=15_00)
    pool.run()
    found = pool.outcome()
    assert [(variance.scheme, variance.amount) for variance in found.variances] == [("care", -90_00)]
    assert sum(found.borne.values()) == 0
    assert pool.settle("carry_forward")
    assert pool.close()
