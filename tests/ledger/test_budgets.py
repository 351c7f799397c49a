"""Budgets set and vired, and forecasts: what counts in a year, and that none of it posts."""

from __future__ import annotations

import pytest

from ledger import events as e
from ledger.application import Ledger
from ledger.errors import UnknownCode
from tests.given import refused
from tests.ledger.years import HALVES, NEXT, YEAR, Pool, budgeted

BUDGETS = budgeted(care={"OCC": 60_00, "OCCG": 30_00}, beds={"OCC": 10_00})


@pytest.fixture
def pool(ledger: Ledger) -> Pool:
    return Pool(ledger, HALVES, BUDGETS)


def vired(amount: int, *sides: str, year: str = YEAR, provisional: bool = False) -> e.BudgetVired:
    """A virement: from scheme, from party, to scheme, to party."""
    return e.BudgetVired(year, amount, *sides, provisional=provisional)


def test_the_agreements_budgets_are_those_of_their_year(pool: Pool) -> None:
    assert pool.chronicle().budgets == {"care": {"OCC": 60_00, "OCCG": 30_00}, "beds": {"OCC": 10_00}}
    assert pool.chronicle(NEXT).budgets == {}


def test_a_budget_set_replaces_what_it_was_for_that_party_scheme_and_year(pool: Pool) -> None:
    pool.plan(e.BudgetSet(YEAR, "care", "OCC", 75_00))
    pool.plan(e.BudgetSet(NEXT, "care", "OCC", 80_00))
    pool.plan(e.BudgetSet(YEAR, "beds", "OCCG", -1_50))
    assert pool.chronicle().budgets == {"care": {"OCC": 75_00, "OCCG": 30_00}, "beds": {"OCC": 10_00, "OCCG": -1_50}}
    assert pool.chronicle(NEXT).budgets == {"care": {"OCC": 80_00}}


@pytest.mark.parametrize(
    ("sides", "care", "beds"),
    [
        (("care", "OCC", "beds", "OCC"), {"OCC": 40_00, "OCCG": 30_00}, {"OCC": 30_00}),
        (("care", "OCC", "care", "OCCG"), {"OCC": 40_00, "OCCG": 50_00}, {"OCC": 10_00}),
        (("care", "OCC", "beds", "OCCG"), {"OCC": 40_00, "OCCG": 30_00}, {"OCC": 10_00, "OCCG": 20_00}),
        (("care", "OCC", "", ""), {"OCC": 40_00, "OCCG": 30_00}, {"OCC": 10_00}),
        (("", "", "beds", "OCCG"), {"OCC": 60_00, "OCCG": 30_00}, {"OCC": 10_00, "OCCG": 20_00}),
    ],
    ids=["between schemes", "between parties", "both", "out of the pool", "into the pool"],
)
def test_a_virement_moves_budget(pool: Pool, sides: tuple[str, ...], care: dict[str, int], beds: dict[str, int]) -> None:
    event = pool.plan(vired(20_00, *sides))
    assert pool.chronicle().budgets == {"care": care, "beds": beds}
    pool.reverse(event)
    assert pool.chronicle().budgets == {"care": {"OCC": 60_00, "OCCG": 30_00}, "beds": {"OCC": 10_00}}


@pytest.mark.parametrize(
    ("fact", "words"),
    [
        (vired(20_00, "care", "", "beds", "OCC"), ("name both of each side",)),
        (vired(20_00, "care", "OCC", "", "OCC"), ("name both of each side",)),
        (vired(20_00), ("a side inside the pool",)),
        (vired(20_00, "care", "OCC", "care", "OCC"), ("to itself",)),
        (vired(0, "care", "OCC", "beds", "OCC"), ("above nil",)),
        (vired(-1, "care", "OCC", "beds", "OCC"), ("above nil",)),
        (vired(60_01, "care", "OCC", "beds", "OCC"), ("£60.00", "£60.01", "or less")),
        (vired(1, "beds", "OCCG", "", ""), ("£0.00",)),
        (vired(1, "care", "OCC", "", "", year=NEXT), ("£0.00", NEXT)),
        (vired(1, "care", "OCC", "", "", year="2013"), ("2013/14",)),
    ],
)
def test_a_virement_that_moves_nothing_there_is_is_refused(pool: Pool, fact: e.BudgetVired, words: tuple[str, ...]) -> None:
    before = pool.events
    refused(lambda: pool.plan(fact), *words)
    assert pool.events == before


def test_what_is_no_code_is_told_with_a_hint(pool: Pool) -> None:
    for fact in (
        e.BudgetSet(YEAR, "cares", "OCC", 1),
        e.ForecastMade(YEAR, "cares", 1),
        vired(1, "cares", "OCC", "", ""),
        vired(1, "", "", "cares", "OCC"),
    ):
        with pytest.raises(UnknownCode, match="care"):
            pool.plan(fact)
    with pytest.raises(UnknownCode, match="OCCG"):
        pool.plan(e.BudgetSet(YEAR, "care", "OCCGG", 1))


@pytest.mark.parametrize("year", ["2013", "2013/15", "", "next"])
def test_a_label_that_is_no_year_is_refused(pool: Pool, year: str) -> None:
    before = pool.events
    refused(lambda: pool.plan(e.BudgetSet(year, "care", "OCC", 1)), "2013/14")
    assert pool.events == before


def test_what_is_provisional_does_not_count_and_is_shown_as_waiting(pool: Pool) -> None:
    before = pool.chronicle().budgets
    budget = pool.plan(e.BudgetSet(YEAR, "care", "OCC", 99_00, provisional=True))
    virement = pool.plan(vired(20_00, "care", "OCC", "beds", "OCCG", provisional=True))
    assert pool.chronicle().budgets == before
    assert list(pool.chronicle().provisional) == [budget.number, virement.number]
    assert pool.chronicle(NEXT).provisional == {}


def test_a_provisional_budget_waits_until_it_is_set_again(pool: Pool) -> None:
    """Firm or provisional, the last one for that party and scheme stands; where it is taken back, the one before waits."""
    first = pool.plan(e.BudgetSet(YEAR, "care", "OCC", 99_00, provisional=True))
    second = pool.plan(e.BudgetSet(YEAR, "care", "OCC", 98_00, provisional=True))
    other = pool.plan(e.BudgetSet(YEAR, "care", "OCCG", 31_00, provisional=True))
    assert list(pool.chronicle().provisional) == [second.number, other.number]
    firm = pool.plan(e.BudgetSet(YEAR, "care", "OCC", 97_00))
    assert list(pool.chronicle().provisional) == [other.number]
    pool.reverse(firm)
    pool.reverse(second)
    assert list(pool.chronicle().provisional) == [first.number, other.number]


def test_a_confirmed_virement_counts_once_and_waits_no_longer(pool: Pool) -> None:
    waiting = pool.plan(vired(20_00, "care", "OCC", "beds", "OCCG", provisional=True))
    confirmed = pool.plan(e.BudgetVired(YEAR, 0), confirms=waiting.number)
    assert confirmed.fact == e.BudgetVired(YEAR, 20_00, "care", "OCC", "beds", "OCCG", confirms=waiting.number)
    assert pool.chronicle().budgets == {"care": {"OCC": 40_00, "OCCG": 30_00}, "beds": {"OCC": 10_00, "OCCG": 20_00}}
    assert pool.chronicle().provisional == {}
    refused(lambda: pool.plan(e.BudgetVired(YEAR, 0), confirms=waiting.number), f"#{waiting.number}", "none")


def test_a_confirmation_taken_back_leaves_it_waiting_again(pool: Pool) -> None:
    waiting = pool.plan(vired(20_00, "care", "OCC", "beds", "OCCG", provisional=True))
    confirmed = pool.plan(e.BudgetVired(YEAR, 0), confirms=waiting.number)
    pool.reverse(confirmed)
    assert pool.chronicle().budgets["care"]["OCC"] == 60_00
    pool.plan(e.BudgetVired(YEAR, 0), confirms=waiting.number)
    assert pool.chronicle().budgets["care"]["OCC"] == 40_00


def test_only_what_waits_in_the_year_can_be_confirmed(pool: Pool) -> None:
    waiting = pool.plan(vired(5_00, "care", "OCC", "", "", provisional=True))
    for number, year in ((1, YEAR), (99, YEAR), (waiting.number, NEXT)):
        refused(lambda number=number, year=year: pool.plan(e.BudgetVired(year, 0), confirms=number), f"#{number}")
    pool.reverse(waiting)
    refused(lambda: pool.plan(e.BudgetVired(YEAR, 0), confirms=waiting.number), "none")


def test_a_virement_is_confirmed_only_within_what_is_there_then(pool: Pool) -> None:
    waiting = pool.plan(vired(50_00, "care", "OCC", "", "", provisional=True))
    pool.plan(vired(20_00, "care", "OCC", "", ""))
    refused(lambda: pool.plan(e.BudgetVired(YEAR, 0), confirms=waiting.number), "£40.00", "£50.00")


def test_a_budget_taken_back_is_what_it_was_before(pool: Pool) -> None:
    event = pool.plan(e.BudgetSet(YEAR, "care", "OCC", 99_00))
    back = pool.reverse(event)
    assert pool.chronicle().budgets["care"]["OCC"] == 60_00
    pool.reverse(back)
    assert pool.chronicle().budgets["care"]["OCC"] == 99_00


def test_the_last_forecast_counts_and_one_taken_back_does_not(pool: Pool) -> None:
    pool.plan(e.ForecastMade(YEAR, "care", 95_00))
    last = pool.plan(e.ForecastMade(YEAR, "care", 101_00))
    pool.plan(e.ForecastMade(NEXT, "care", 7_00))
    assert pool.chronicle().forecasts == {"care": 101_00}
    pool.reverse(last)
    assert pool.chronicle().forecasts == {"care": 95_00}


def test_plans_never_post(pool: Pool) -> None:
    pool.cost(care=80_00)
    before, borne = pool.balances(), pool.outcome().variances[0].amount
    pool.plan(e.ForecastMade(YEAR, "care", 680_000_00))
    assert (pool.balances(), pool.outcome().variances[0].amount) == (before, borne)
    pool.plan(e.BudgetSet(YEAR, "care", "OCC", 99_00))
    pool.plan(vired(20_00, "care", "OCC", "beds", "OCCG"))
    assert pool.balances() == before
    assert all(not event.entries for event in pool.events if event.type in ("BudgetSet", "BudgetVired", "ForecastMade"))
    pool.assert_replays()


@pytest.mark.parametrize("kind", ["aligned", "commissioned", "grant", "hybrid"])
def test_budgets_are_planned_under_every_kind(ledger: Ledger, kind: str) -> None:
    pool = Pool(ledger, BUDGETS, kind=kind)
    pool.plan(vired(20_00, "care", "OCC", "beds", "OCC"))
    assert pool.chronicle().budgets["beds"] == {"OCC": 30_00}


def test_a_virement_moves_what_each_party_bears(pool: Pool) -> None:
    """Spent 90 on budgets of 100 in all: 10 under, halved. 20 of OCC's budget made OCCG's: it bears 20 more, OCC 20 less."""
    pool.cost(care=90_00)
    pool.run()
    assert pool.outcome().borne == {"OCC": 65_00, "OCCG": 25_00}
    pool.plan(vired(20_00, "care", "OCC", "care", "OCCG"))
    assert pool.outcome().borne == {"OCC": 45_00, "OCCG": 45_00}
