"""Arrangements without a recharging pool: Oldham's aligned budgets, Tricuro's and UnitingCare's joint ventures."""

from __future__ import annotations

from pathlib import Path

from ledger.money import pence
from tests.cases.told import Told, millions, naming, printed, under

OLDHAM = "oldham_s75_2018_19"
TRICURO = "tricuro_care_dorset_2015_2023"
UNITINGCARE = "unitingcare_llp_2015_16"
SPENT = "Expenditure:"
OWNERS = ("DORSET", "BOURNEMOUTH", "POOLE")


def test_oldhams_variances_stay_with_the_party_that_spent_and_nobody_owes_anybody(path: Path) -> None:
    told = Told(path, OLDHAM)
    case = printed(OLDHAM)
    aligned, pooled = told.books("oldham-aligned"), told.books("oldham-pooled")
    assert list(aligned) == ["OMBC", "OLDCCG"]
    assert naming(aligned["OMBC"], ["OLDCCG"]) == naming(aligned["OLDCCG"], ["OMBC"]) == []
    # Budget: the assumed 60m of the council, the rest of the printed 133.462m, of which 1.447m was truly pooled.
    allocated = {"OMBC": millions("60"), "OLDCCG": millions("62.823") + millions("9.192")}
    assert sum(allocated.values()) + millions("1.447") == millions(case["pool_total_revised"])
    variance = {party: under(aligned[party], SPENT) - budget for party, budget in allocated.items()}
    assert variance == {
        "OMBC": millions(case["stated_shares"]["Oldham Council"]),
        "OLDCCG": millions(case["computed_remainder"].split()[0]),
    }
    assert sum(variance.values()) == millions(case["surplus_deficit"]["amount"])
    spent = sum(under(books[party], SPENT) for books in (aligned, pooled) for party in allocated)
    assert spent == millions(case["pool_total_revised"]) + millions(case["surplus_deficit"]["amount"])


def test_oldhams_aligned_budgets_can_be_neither_recharged_nor_paid_into(path: Path) -> None:
    told = Told(path, OLDHAM)
    on = ("--on", "2019-03-31", "--amount", "4325000")
    recharge = told.record("recharge", "raise", "oldham-aligned", *on, "--scheme", "aligned", leaves=1)
    assert "each party bears its own spending" in recharge
    received = told.record("contribution", "receive", "oldham-aligned", *on, "--party", "OMBC", leaves=1)
    assert "there is no pool" in received


def test_tricuros_owners_bear_thirds_and_the_penny_over_falls_to_the_first(path: Path) -> None:
    told = Told(path, TRICURO)
    first, second = (millions(each["group_turnover"]) for each in printed(TRICURO)["series"][:2])
    assert first % 3 == 0
    assert second % 3 == 1
    books = told.books("tricuro")
    borne = [books[owner]["Expenditure:care"] for owner in OWNERS]
    third = (first + second) // 3
    assert borne == [third + 1, third, third]
    assert sum(borne) == first + second
    assert borne[0] == pence("27233333.34")


def test_tricuros_owners_hold_equal_shares_that_mirror_its_capital(path: Path) -> None:
    books = Told(path, TRICURO).books("tricuro")
    for owner in OWNERS:
        assert books[owner]["Assets:Investment:TRICURO"] == -books["TRICURO"][f"Equity:Capital:{owner}"] == pence("1.00")
        assert books[owner]["Liabilities:Creditors:TRICURO"] == -books["TRICURO"][f"Assets:Debtors:{owner}"]


def test_unitingcares_unfunded_cost_is_the_partnerships_own_until_somebody_agrees_to_bear_it(path: Path) -> None:
    told = Told(path, UNITINGCARE)
    unfunded = millions(printed(UNITINGCARE)["surplus_deficit"]["amount"])
    books = told.books("unitingcare")
    assert books == {
        "UCP": {
            "Expenditure:older-people": pence("117333333.33"),
            "Income:Other:older-people": -pence("101333333.33"),
            "Liabilities:Creditors:subcontractors": -unfunded,
        },
        "CUH": {},
        "CPFT": {},
    }


def test_unitingcares_commissioner_was_its_customer_and_no_party_so_it_cannot_be_charged_a_share(path: Path) -> None:
    told = Told(path, UNITINGCARE)
    asked = ("unitingcare", "--on", "2015-12-03", "--amount", "9970000")
    assert "CCG is no party" in told.record("contribution", "due", *asked, "--party", "CCG", leaves=1)
    assert "does not charge its owners" in told.record("recharge", "raise", *asked, "--scheme", "older-people", leaves=1)
