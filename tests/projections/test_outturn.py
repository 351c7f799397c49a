"""The outturn of a year by figures worked by hand: as at a day, as known at a moment, and the bridge between two."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from ledger import events as e
from ledger.money import pence
from projections.outturn_report import Asked, outturns
from tests.projections.conftest import Books
from tests.projections.test_memorandum import HOSPITAL
from tests.projections.years import YEAR, budget, plan, step


def asked(books: Books, **more: Any) -> dict[str, Any]:
    """An outturn's document."""
    for name in ("as_known", "against"):
        if name in more:
            more[name] = (f"#{more[name]}", more[name])
    (report,) = outturns(books.ledger, [books.code], Asked(YEAR, **more))
    return report.document


def row(document: dict[str, Any], code: str) -> list[str | None]:
    """A scheme's or party's budget, provisional change, actual, variance and direction; of a scheme its forecast too."""
    listed = [*document["schemes"], *document["parties"]]
    (found,) = [each for each in listed if code in (each.get("scheme"), each.get("party"))]
    return list(found.values())[1:]


def bridge(document: dict[str, Any], scheme: str, figure: str) -> tuple[str, list[tuple[int, str]], str]:
    """A figure then, its events with their amounts, and now; which must add up to the penny."""
    (rows,) = [each["figures"] for each in document["schemes"] if each["scheme"] == scheme]
    (found,) = [each for each in rows if each["figure"] == figure]
    total = sum(pence(event["amount"]) for event in found["events"])
    assert pence(found["then"]) + total == pence(found["now"])
    assert total == pence(found["difference"])
    return found["then"], [(event["number"], event["amount"]) for event in found["events"]], found["now"]


@pytest.fixture
def pool(books: Books) -> Books:
    """The worked year: 100m for the hospital by the NHS, 50m for social care by the council; 72:28."""
    books.sign("lead_body", more=HOSPITAL)
    budget(books, "hospital", "OCCG", "100000000.00")
    budget(books, "social", "OCC", "50000000.00")
    return books


def test_the_worked_year_before_and_after_its_true_up(pool: Books) -> None:
    pool.record("expenditure", "05-01", scheme="hospital", amount="96380000.00", counterparty="TRUST")
    pool.record("expenditure", "05-01", scheme="social", amount="60120000.00", counterparty="SUP")
    for party, amount in (("OCCG", "100000000.00"), ("OCC", "50000000.00")):
        pool.record("contribution_due", "05-01", party=party, amount=amount)
    pool.record("recharge", "2014-03-31", scheme="hospital", amount="96380000.00")
    pool.record("recharge", "2014-03-31", scheme="social", amount="60120000.00")
    document = asked(pool)
    assert row(document, "hospital") == [
        "100000000.00", "0.00", "96380000.00", "-3620000.00", "favourable", None, None,
    ]  # fmt: skip
    assert row(document, "social") == ["50000000.00", "0.00", "60120000.00", "10120000.00", "adverse", None, None]
    assert row(document, "care") == ["0.00", "0.00", "0.00", "0.00", None, None, None]
    assert document["totals"]["schemes"]["variance"] == "6500000.00"
    # Recharged half and half: 78.25m each. The NHS is 21.75m under its budget, the council 28.25m over.
    assert row(document, "OCCG") == ["100000000.00", "0.00", "78250000.00", "-21750000.00", "favourable"]
    assert row(document, "OCC") == ["50000000.00", "0.00", "78250000.00", "28250000.00", "adverse"]
    # Settled: 6.50m at 72:28 over the budgets, 104.68m and 51.82m.
    step(pool, "settle")
    settled = asked(pool)
    assert row(settled, "OCCG") == ["100000000.00", "0.00", "104680000.00", "4680000.00", "adverse"]
    assert row(settled, "OCC") == ["50000000.00", "0.00", "51820000.00", "1820000.00", "adverse"]
    assert settled["totals"]["parties"] == {
        "budget": "150000000.00", "provisional": "0.00", "actual": "156500000.00", "variance": "6500000.00",
        "direction": "adverse",
    }  # fmt: skip
    assert settled["schemes"] == document["schemes"]


def test_for_any_date(pool: Books) -> None:
    pool.record("expenditure", "2013-06-30", scheme="social", amount="200", counterparty="SUP")
    pool.record("income", "2013-07-01", scheme="social", amount="50")
    pool.record("recharge", "2013-07-31", scheme="social", amount="150")
    budget(pool, "social", "OCC", "60000000.00", on="2013-09-01")
    plan(pool, e.ForecastMade(YEAR, "social", 300_00), "2013-10-01")
    june = asked(pool, as_at=date(2013, 6, 30))
    assert row(june, "social") == ["50000000.00", "0.00", "200.00", "-49999800.00", "favourable", None, None]
    assert row(june, "OCC") == ["50000000.00", "0.00", "0.00", "-50000000.00", "favourable"]
    july = asked(pool, as_at=date(2013, 7, 31))
    assert row(july, "social")[2] == "150.00"
    assert (row(july, "OCC")[2], row(july, "OCCG")[2]) == ("75.00", "75.00")
    assert row(asked(pool, as_at=date(2013, 9, 1)), "social")[0] == "60000000.00"
    assert row(asked(pool), "social")[5:] == ["300.00", "-59999700.00"]
    assert asked(pool, as_at=date(2013, 10, 1))["schemes"] == asked(pool)["schemes"]
    assert asked(pool, as_at=date(2013, 10, 1))["as_at"] == "2013-10-01"
    assert row(asked(pool, as_at=date(2013, 3, 31)), "social")[:3] == ["0.00", "0.00", "0.00"]


def test_what_is_provisional_stands_beside_until_it_is_confirmed(pool: Books) -> None:
    budget(pool, "care", "OCC", "80", provisional=True)
    move = e.BudgetVired(YEAR, 500_00, "social", "OCC", "care", "OCC", provisional=True)
    moved = plan(pool, move, "2013-05-01")
    before = asked(pool)
    # Care: 80 set and 500 moved in would make 580; social care loses 500.
    assert row(before, "care")[:2] == ["0.00", "580.00"]
    assert row(before, "social")[:2] == ["50000000.00", "-500.00"]
    assert row(before, "OCC")[:2] == ["50000000.00", "80.00"]
    plan(pool, e.BudgetVired(YEAR, 0), "2013-06-01", confirms=moved)
    assert row(asked(pool), "care")[:2] == ["500.00", "-420.00"]  # what is set now would be 80, in place of 500
    budget(pool, "care", "OCC", "90", on="2013-07-01")
    after = asked(pool)
    assert (row(after, "care")[:2], row(after, "social")[:2]) == (["90.00", "0.00"], ["49999500.00", "0.00"])


def test_the_total_has_a_forecast_where_every_scheme_has_one(pool: Books) -> None:
    for scheme, amount in (("hospital", 97_000_000_00), ("social", 61_000_000_00)):
        plan(pool, e.ForecastMade(YEAR, scheme, amount), "2013-12-01")
    assert asked(pool)["totals"]["schemes"]["forecast"] is None
    plan(pool, e.ForecastMade(YEAR, "care", 0), "2013-12-01")
    assert asked(pool)["totals"]["schemes"]["forecast"] == "158000000.00"
    assert asked(pool)["totals"]["schemes"]["forecast_variance"] == "8000000.00"
    assert "forecast" not in asked(pool)["totals"]["parties"]


def test_as_known_at_a_moment_and_the_bridge_from_then_to_now(pool: Books) -> None:
    cost = pool.record("expenditure", "2013-06-30", scheme="social", amount="200.10", counterparty="SUP")
    early = plan(pool, e.ForecastMade(YEAR, "social", 900_00), "2013-07-01")
    told = asked(pool)
    extra = pool.record("expenditure", "2013-06-30", scheme="social", amount="30.07", counterparty="SUP")
    income = pool.record("income", "2013-06-30", scheme="social", amount="5")
    undone = pool.reverse(cost, "2013-08-01")
    raised = budget(pool, "social", "OCC", "50000100.00", on="2013-08-01")
    vired = plan(pool, e.BudgetVired(YEAR, 40_00, "social", "OCC", "hospital", "OCC"), "2013-08-01")
    late = plan(pool, e.ForecastMade(YEAR, "social", 1000_00), "2013-08-02")
    lower = pool.reverse(late, "2013-08-03")
    assert asked(pool, as_known=early)["schemes"] == told["schemes"]
    assert asked(pool, as_known=early)["events"] == early
    document = asked(pool, as_known=early, against=lower)
    assert document["events"] == {"then": early, "now": lower}
    assert (document["as_known"], document["against"]) == (f"#{early}", f"#{lower}")
    # 200.10 + 30.07 - 5 - 200.10 = 25.07
    assert bridge(document, "social", "actual") == (
        "200.10", [(extra, "30.07"), (income, "-5.00"), (undone, "-200.10")], "25.07",
    )  # fmt: skip
    assert bridge(document, "social", "budget") == (
        "50000000.00", [(raised, "100.00"), (vired, "-40.00")], "50000060.00",
    )  # fmt: skip
    assert bridge(document, "hospital", "budget") == ("100000000.00", [(vired, "40.00")], "100000040.00")
    assert bridge(document, "social", "forecast") == ("900.00", [(late, "100.00"), (lower, "-100.00")], "900.00")
    # The variance: actual by 25.07 - 200.10 = -175.03, budget by 60 up: -235.03.
    then, changes, now = bridge(document, "social", "variance")
    assert pence(now) - pence(then) == -235_03
    assert changes == [
        (extra, "30.07"), (income, "-5.00"), (undone, "-200.10"), (raised, "-100.00"), (vired, "40.00"),
    ]  # fmt: skip
    totals = {each["figure"]: each["difference"] for each in document["totals"]}
    assert totals == {"budget": "100.00", "actual": "-175.03", "forecast": "0.00", "variance": "-275.03"}
    # The moments are put in order, and without --as-known the other is now.
    assert asked(pool, as_known=lower, against=early)["schemes"] == document["schemes"]
    assert asked(pool, against=early)["schemes"] == document["schemes"]


def test_the_bridge_from_before_the_agreement_and_the_one_from_now_to_now(pool: Books) -> None:
    pool.record("expenditure", "2013-06-30", scheme="social", amount="200.10", counterparty="SUP")
    from_nothing = asked(pool, as_known=0, against=4)
    assert bridge(from_nothing, "social", "actual") == ("0.00", [(4, "200.10")], "200.10")
    assert bridge(from_nothing, "social", "budget") == ("0.00", [(3, "50000000.00")], "50000000.00")
    same = asked(pool, as_known=4, against=4)
    assert all(not figure["events"] for scheme in same["schemes"] for figure in scheme["figures"])
    assert asked(pool, as_known=0)["schemes"] == []


def test_a_bridge_as_at_a_day_leaves_out_what_is_dated_later(pool: Books) -> None:
    early = pool.record("expenditure", "2013-06-30", scheme="social", amount="200", counterparty="SUP")
    back = pool.record("expenditure", "2013-06-30", scheme="social", amount="7", counterparty="SUP")
    pool.record("expenditure", "2013-07-01", scheme="social", amount="9", counterparty="SUP")
    budget(pool, "social", "OCC", "1", on="2013-07-01")
    document = asked(pool, as_known=early, against=early + 3, as_at=date(2013, 6, 30))
    assert bridge(document, "social", "actual") == ("200.00", [(back, "7.00")], "207.00")
    assert bridge(document, "social", "budget") == ("50000000.00", [], "50000000.00")


def test_a_late_fact_of_a_closed_year_is_of_the_open_one(books: Books) -> None:
    books.sign("lead_body")
    books.record("expenditure", "2013-05-01", scheme="care", amount="10", counterparty="SUP")
    books.record("recharge", "2013-05-31", scheme="care", amount="10")
    step(books, "close", body="OCC")
    closed = asked(books)["schemes"]
    books.record("expenditure", "2013-06-01", scheme="care", amount="8", counterparty="SUP")
    assert asked(books)["schemes"] == closed
    (report,) = outturns(books.ledger, [books.code], Asked("2014/15"))
    assert row(report.document, "care")[2] == "8.00"


def test_aligned_parties_are_held_to_their_own_budgets_by_their_own_spending(books: Books) -> None:
    books.sign("aligned")
    budget(books, "care", "OCC", "100")
    budget(books, "care", "OCCG", "50")
    books.record("expenditure", "05-01", scheme="care", amount="80", counterparty="SUP", party="OCC")
    books.record("expenditure", "05-01", scheme="care", amount="60", counterparty="SUP", party="OCCG")
    late = books.record("income", "05-01", scheme="care", amount="5", party="OCC")
    document = asked(books)
    assert row(document, "OCC") == ["100.00", "0.00", "75.00", "-25.00", "favourable"]
    assert row(document, "OCCG") == ["50.00", "0.00", "60.00", "10.00", "adverse"]
    assert row(document, "care")[:4] == ["150.00", "0.00", "135.00", "-15.00"]
    assert bridge(asked(books, as_known=late - 1, against=late), "care", "actual") == (
        "140.00", [(late, "-5.00")], "135.00",
    )  # fmt: skip
