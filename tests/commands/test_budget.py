"""`budget`: set, vire and forecast at the command line."""

from __future__ import annotations

import pytest

from ledger import events as e
from tests.commands.desk import Desk

YEAR = ("--year", "2013/14")
SET = ("budget", "set", "pool", *YEAR, "--scheme", "care", "--party", "OCC", "--amount", "60")
VIRE = ("budget", "vire", "pool", *YEAR)
SIDES = ("--from-scheme", "care", "--from-party", "OCC", "--to-scheme", "beds", "--to-party", "OCCG")
FORECAST = ("budget", "forecast", "pool", *YEAR, "--scheme", "care", "--amount", "95.50")


@pytest.fixture
def pool(desk: Desk) -> Desk:
    return desk.made()


def last(desk: Desk) -> e.Fact:
    """The last fact that was recorded."""
    return desk.events()[-1].fact


def test_set_vire_and_forecast_record_what_was_said(pool: Desk):
    assert pool(*SET).code == 0
    assert last(pool) == e.BudgetSet("2013/14", "care", "OCC", 60_00)
    assert pool(*VIRE, "--amount", "20", *SIDES).code == 0
    assert last(pool) == e.BudgetVired("2013/14", 20_00, "care", "OCC", "beds", "OCCG")
    assert pool(*FORECAST).code == 0
    assert last(pool) == e.ForecastMade("2013/14", "care", 95_50)


def test_across_the_boundary_one_side_is_left_out(pool: Desk):
    assert pool(*SET).code == 0
    assert pool(*VIRE, "--amount", "20", *SIDES[:4]).code == 0
    assert last(pool) == e.BudgetVired("2013/14", 20_00, "care", "OCC")
    assert pool(*VIRE, "--amount", "20", *SIDES[4:]).code == 0
    assert last(pool) == e.BudgetVired("2013/14", 20_00, "", "", "beds", "OCCG")


def test_a_provisional_virement_is_confirmed_by_its_number(pool: Desk):
    assert pool(*SET).code == 0
    assert pool(*VIRE, "--amount", "20", *SIDES, "--provisional").code == 0
    number = pool.events()[-1].number
    assert pool(*VIRE, "--confirms", str(number)).code == 0
    assert last(pool) == e.BudgetVired("2013/14", 20_00, "care", "OCC", "beds", "OCCG", confirms=number)
    done = pool(*VIRE, "--confirms", str(number))
    assert (done.code, done.out) == (1, "")
    assert f"#{number}" in done.err


def test_a_provisional_budget_is_recorded_as_one(pool: Desk):
    assert pool(*SET, "--provisional").code == 0
    assert last(pool) == e.BudgetSet("2013/14", "care", "OCC", 60_00, provisional=True)


@pytest.mark.parametrize("words", [SET, FORECAST, (*VIRE, "--amount", "1", *SIDES[4:])], ids=["set", "forecast", "vire"])
def test_a_plan_posts_nothing_and_says_so(pool: Desk, words: tuple[str, ...]):
    done = pool(*words)
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("Recorded #2 in pool: ")
    assert "Nothing is posted by it" in done.out
    assert pool.events()[-1].entries == {}
    assert pool("report", "balances", "pool", "--format", "json").json["books"][0]["accounts"] == []


@pytest.mark.parametrize("words", [SET, FORECAST], ids=["set", "forecast"])
def test_a_dry_run_says_the_same_and_records_nothing(pool: Desk, words: tuple[str, ...]):
    before = pool.bytes()
    dry = pool(*words, "--dry-run", "--format", "json").json
    assert pool(*words, "--dry-run").out.startswith("Would record #2 in pool: ")
    assert pool.bytes() == before
    wet = pool(*words, "--format", "json").json
    assert (dry.pop("dry_run"), wet.pop("dry_run")) == (True, False)
    for event in (*dry["events"], *wet["events"]):
        event["recorded_at"] = ""
    assert dry == wet


def test_again_under_its_reference_it_was_recorded_earlier(pool: Desk):
    words = (*SET, "--reference", "BUD-1", "--on", "2013-04-01")
    assert pool(*words).code == 0
    before = pool.bytes()
    again = pool(*words)
    assert (again.code, again.out.startswith("Recorded earlier #2")) == (0, True)
    other = pool(*words[:-4], "--provisional", *words[-4:])
    assert (other.code, "with other content" in other.err) == (1, True)
    assert pool.bytes() == before


def test_the_papers_of_a_plan_are_kept(pool: Desk):
    assert pool(*SET, "--document", "Minute 4", "--narrative", "Board of 3 May", "--as", "treasurer").code == 0
    event = pool.events()[-1]
    assert (event.document, event.actor, pool.text(event)) == ("Minute 4", "treasurer", "Board of 3 May")


@pytest.mark.parametrize(
    "words",
    [
        SET[:-2],
        (*SET[:3], *SET[5:]),
        (*SET[:-1], "sixty"),
        (*VIRE, *SIDES),
        VIRE,
        (*VIRE, "--confirms", "2", "--amount", "1"),
        (*VIRE, "--confirms", "2", *SIDES),
        (*VIRE, "--confirms", "2", "--provisional"),
        (*VIRE, "--confirms", "0"),
        FORECAST[:-2],
    ],
)
def test_wrong_usage(pool: Desk, words: tuple[str, ...]):
    before = pool.bytes()
    done = pool(*words)
    assert (done.code, done.out) == (2, "")
    assert pool.bytes() == before


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        ((*SET[:5], "--scheme", "cares", *SET[7:]), "care"),
        ((*SET[:7], "--party", "OCCGG", *SET[9:]), "OCCG"),
        ((*SET[:3], "--year", "2013", *SET[5:]), "2013/14"),
        ((*SET[:3], "--year", "", *SET[5:]), "2013/14"),
        ((*FORECAST[:5], "--scheme", "bed", *FORECAST[7:]), "beds"),
        ((*VIRE, "--amount", "60.01", *SIDES), "£0.00"),
        ((*SET, "--on", "2012-01-01"), "2013-04-01"),
    ],
)
def test_what_is_refused_says_what_is_possible(pool: Desk, words: tuple[str, ...], hint: str):
    before = pool.bytes()
    done = pool(*words)
    assert (done.code, done.out) in ((1, ""), (2, ""))
    assert hint in done.err
    assert pool.bytes() == before


def test_the_help_says_what_a_side_left_out_means(desk: Desk):
    done = desk("budget", "vire", "-h")
    assert "it comes into the pool" in " ".join(done.out.split())
    assert "it leaves the pool" in " ".join(done.out.split())
