"""A period's performance by figures worked by hand: standings, what came before, and the money beside it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from ledger import events as e
from ledger.errors import Refused
from ledger.money import pence
from ledger.requests import Measured, Reporting
from projections.performance_report import Asked, performances
from tests.projections.conftest import WHO, Books
from tests.projections.years import YEAR, budget, plan

INDICATORS = """
[[indicator]]
code = "equipment"
name = "Equipment within 7 days"
unit = "%"
direction = "higher"
area = "Equipment"
scheme = "care"
target = "95"
[[indicator]]
code = "beds"
name = "Beds used"
unit = "beds"
direction = "lower"
area = "Hospital"
targets = { "2013/14-Q2" = "550" }
[[indicator]]
code = "wait"
name = "Days waited"
unit = "days"
direction = "lower"
area = "Equipment"
scheme = "care"
"""


def report(books: Books, *figures: tuple[str, ...], on: str = "2014-04-10") -> list[int]:
    """Report figures: indicator, period, value, and by which party; gives the events' numbers."""
    asked = Reporting(figures=[Measured(*figure) for figure in figures], effective_on=date.fromisoformat(on))
    return [event.number for event in books.ledger.record(books.code, asked, WHO).events]


def asked(books: Books, period: str, **more: Any) -> dict[str, Any]:
    """A period's document."""
    (found,) = performances(books.ledger, [books.code], Asked(period, **more))
    return found.document


def figures(document: dict[str, Any]) -> list[list[Any]]:
    """Each figure as indicator, period, body, target, value, standing."""
    names = ("period", "reported_by", "target", "value", "standing")
    return [
        [found["indicator"], *(figure[name] for name in names)]
        for found in document["indicators"]
        for figure in found["figures"]
    ]


@pytest.fixture
def pool(books: Books) -> Books:
    """A lead body's pool with three indicators in two areas."""
    return books.sign("lead_body", more=INDICATORS)


def test_figures_stand_by_area_against_their_targets_and_who_is_silent_is_named(pool: Books) -> None:
    report(pool, ("equipment", "2013/14-Q2", "95"), ("beds", "2013/14-Q2", "550.5"))
    assert figures(asked(pool, "2013/14-Q2")) == [
        ["equipment", "2013/14-Q2", "OCC", "95", "95", "met"],
        ["wait", "2013/14-Q2", "OCC", None, None, "not reported"],
        ["beds", "2013/14-Q2", "OCC", "550", "550.5", "missed"],
    ]
    report(pool, ("wait", "2013/14-Q2", "3"))
    assert figures(asked(pool, "2013/14-Q2"))[1] == ["wait", "2013/14-Q2", "OCC", None, "3", "no target"]


def test_a_year_shows_the_figures_of_its_months_and_quarters_in_order(pool: Books) -> None:
    report(pool, ("equipment", "2013-07", "80"), ("equipment", "2013-06", "90"), ("equipment", "2013/14", "96"),
           ("equipment", "2013/14-Q1", "91"), ("equipment", "2014-04", "99"), ("equipment", "2012/13", "70"))  # fmt: skip
    shown = [figure[1] for figure in figures(asked(pool, "2013/14")) if figure[0] == "equipment"]
    assert shown == ["2013/14-Q1", "2013-06", "2013-07", "2013/14"]
    # The whole year's 96 meets 95, and it is the last: each indicator counts once.
    assert asked(pool, "2013/14")["total"]["indicators"] == {"met": 1, "missed": 0, "no_target": 0, "not_reported": 2}


def test_a_figure_stands_beside_the_last_one_of_a_period_of_its_kind(pool: Books) -> None:
    report(pool, ("equipment", "2012/13-Q4", "72"), ("equipment", "2013-06", "99"), ("equipment", "2013/14-Q2", "83.5"))
    (found,) = asked(pool, "2013/14-Q2")["indicators"][0]["figures"]
    assert (found["previous"], found["change"]) == ({"period": "2012/13-Q4", "value": "72"}, "11.5")
    (first,) = asked(pool, "2012/13-Q4")["indicators"][0]["figures"]
    assert (first["previous"], first["change"]) == (None, None)


def test_a_later_figure_takes_the_place_of_the_earlier_and_what_was_known_then_stays_known(pool: Books) -> None:
    (number,) = report(pool, ("equipment", "2013/14-Q2", "94"))
    (corrected,) = report(pool, ("equipment", "2013/14-Q2", "96"))
    (found,) = asked(pool, "2013/14-Q2")["indicators"][0]["figures"]
    assert (found["value"], found["number"], found["revised"]) == ("96", corrected, 1)
    (then,) = asked(pool, "2013/14-Q2", as_known=(f"#{number}", number))["indicators"][0]["figures"]
    assert (then["value"], then["standing"]) == ("94", "missed")
    pool.reverse(corrected, "2014-04-10")
    (now,) = asked(pool, "2013/14-Q2")["indicators"][0]["figures"]
    assert (now["value"], now["number"], now["revised"]) == ("94", number, 0)


def test_aligned_parties_are_collated_and_never_added(books: Books) -> None:
    books.sign("aligned", more=INDICATORS)
    report(books, ("equipment", "2013/14-Q2", "96", "OCCG"), ("equipment", "2013/14-Q2", "90", "OCC"),
           ("beds", "2013/14-Q2", "200", "OCC"))  # fmt: skip
    document = asked(books, "2013/14-Q2")
    assert document["reported_by"]["bodies"] == ["OCC", "OCCG"]
    assert [figure[:1] + figure[2:3] + figure[5:] for figure in figures(document)] == [
        ["equipment", "OCC", "missed"],
        ["equipment", "OCCG", "met"],
        ["wait", "OCC", "not reported"],
        ["wait", "OCCG", "not reported"],
        ["beds", "OCC", "met"],
        ["beds", "OCCG", "not reported"],
    ]
    assert document["total"]["indicators"] == {"met": 2, "missed": 1, "no_target": 0, "not_reported": 3}


def test_the_money_beside_is_that_of_the_year_as_at_the_periods_last_day(pool: Books) -> None:
    budget(pool, "care", "OCC", "1000.00")
    plan(pool, e.ForecastMade(YEAR, "care", pence("1100.00")), "2013-09-01")
    plan(pool, e.ForecastMade(YEAR, "care", pence("990.00")), "2013-10-01")
    pool.record("expenditure", "05-01", scheme="care", amount="400.00", counterparty="SUP")
    pool.record("expenditure", "2013-10-01", scheme="care", amount="300.00", counterparty="SUP")
    report(pool, ("equipment", "2013/14-Q2", "95"))
    document = asked(pool, "2013/14-Q2")
    assert document["year"] == "2013/14"
    # To 30 September 400 of 1,000 is spent, and the forecast of that day is 1,100.
    assert document["schemes"] == [
        {
            "scheme": "care",
            "indicators": {"met": 1, "missed": 0, "no_target": 0, "not_reported": 1},
            "budget": "1000.00", "actual": "400.00", "variance": "-600.00", "forecast": "1100.00",
        }
    ]  # fmt: skip
    # Over the year 700 is, and the last forecast is 990.
    assert asked(pool, "2013/14")["total"] == {
        "indicators": {"met": 1, "missed": 0, "no_target": 0, "not_reported": 2},
        "budget": "1000.00", "actual": "700.00", "variance": "-300.00", "forecast": "990.00",
    }  # fmt: skip


def test_a_baseline_from_before_the_arrangement_has_no_money_beside_it(pool: Books) -> None:
    report(pool, ("equipment", "2006-04", "90"))
    document = asked(pool, "2006-04")
    assert figures(document)[0] == ["equipment", "2006-04", "OCC", "95", "90", "missed"]
    assert document["schemes"] == []


def test_only_an_area(pool: Books) -> None:
    assert [found["indicator"] for found in asked(pool, "2013/14", area="Hospital")["indicators"]] == ["beds"]
    with pytest.raises(Refused, match=r"North is no area of an indicator of pool: there are Equipment, Hospital\.$"):
        asked(pool, "2013/14", area="North")


def test_what_is_no_period_is_refused_by_name(pool: Books) -> None:
    with pytest.raises(Refused, match="pool: “2013/15” is not a period here"):
        asked(pool, "2013/15")
