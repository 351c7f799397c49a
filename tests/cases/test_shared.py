"""Pools that share their cost: Oxfordshire, Telford, Wirral, Salford, Cambridgeshire."""

from __future__ import annotations

from pathlib import Path

import pytest

from ledger.money import pence
from tests.cases.told import HERE, Told, millions, poolbook, printed, under

OXFORDSHIRE = "oxfordshire_older_people_2013_14"
TELFORD = "telford_wrekin_bcf_2019_20"
WIRRAL = "wirral_pool_2021_24"
SALFORD = "salford_section31_2006"
CAMBRIDGESHIRE = "cambridgeshire_ldp_termination"
SPENT = "Expenditure:"
BILLED = "Assets:Debtors:"
HELD = "Liabilities:Contributions in advance:"


def test_oxfordshires_planned_cost_falls_on_each_as_it_contributed_to_the_penny(path: Path) -> None:
    told = Told(path, OXFORDSHIRE)
    council, ccg = (millions(each["amount"]) for each in printed(OXFORDSHIRE)["contributions"])
    assert council + ccg == millions(printed(OXFORDSHIRE)["pool_total_stated"])
    # The planned 195m falls as 99m and 96m, and nobody is billed for it; the assumed 1m more is billed at 99:96.
    over = {"OCC": pence("507692.31"), "OCCG": pence("492307.69")}
    books = told.books("oxfordshire")
    assert {party: under(books[party], SPENT) for party in over} == {
        "OCC": council + over["OCC"],
        "OCCG": ccg + over["OCCG"],
    }
    assert {party: books["POOL"][BILLED + party] for party in over} == over
    assert under(books["POOL"], HELD) == 0


def test_sharing_oxfordshires_risk_by_the_printed_percentages_would_move_2308_pounds_per_million(path: Path) -> None:
    signed = (HERE / OXFORDSHIRE / "agreement.toml").read_text(encoding="utf-8")
    parts = {}
    for name, shares in (("exact", "OCC = 99, OCCG = 96"), ("rounded", "OCC = 51, OCCG = 49")):
        ledger, agreement = path.with_name(f"{name}.db"), path.with_name(f"{name}.toml")
        agreement.write_text(signed.replace("OCC = 99, OCCG = 96", shares), encoding="utf-8")
        poolbook(ledger, "init")
        poolbook(ledger, "agreement", "sign", agreement)
        cost = ("oxfordshire", "--scheme", "older-people", "--amount", "1000000", "--on", "2014-03-31")
        poolbook(ledger, "expenditure", "incur", *cost, "--counterparty", "providers")
        said = poolbook(ledger, "recharge", "raise", *cost, "--format", "csv")
        parts[name] = next(pence(line.rpartition(",")[2]) for line in said.splitlines() if f"{BILLED}OCC," in line)
    assert parts == {"exact": pence("507692.31"), "rounded": pence("510000.00")}
    assert round((parts["rounded"] - parts["exact"]) / 100) == 2_308


def test_telfords_overspend_net_of_its_underspends_is_billed_in_equal_halves(path: Path) -> None:
    told = Told(path, TELFORD)
    case = printed(TELFORD)
    over, under_ = (pence(line["variance"]) for line in case["expenditure"])
    net = pence(case["surplus_deficit"]["amount"])
    assert over + under_ == net == pence("600000")
    books = told.books("telford-bcf")
    assert under(books["POOL"], SPENT) == pence(case["pool_total_stated"]) + net
    # Contributions cover the printed budget; what lies beyond is billed, half each.
    half = {"TWC": pence(case["computed_shares"]["Council"]), "TWCCG": pence(case["computed_shares"]["CCG"])}
    assert {party: books["POOL"][BILLED + party] for party in half} == half
    assert {party: -books[party]["Liabilities:Creditors:POOL"] for party in half} == half
    assert sum(half.values()) == net
    assert under(books["POOL"], HELD) == 0


def test_wirrals_overspend_on_nhs_services_stays_wholly_with_the_icb(path: Path) -> None:
    books = Told(path, WIRRAL).books("wirral-pool")
    borne = printed(WIRRAL)["stated_shares"]
    billed = {party: books["POOL"].get(BILLED + party, 0) for party in ("ICB", "WBC")}
    assert billed == {"ICB": millions(borne["ICB"]), "WBC": millions(borne["Council"])}
    # The shared part breaks even, so the council bears what it put in, and nothing of the NHS services.
    assert books["WBC"]["Expenditure:bcf"] == books["ICB"]["Expenditure:bcf"] == millions("30")
    assert "Expenditure:nhs" not in books["WBC"]


@pytest.mark.parametrize(("pool", "number"), [("drugs", 0), ("equipment", 2)])
def test_each_of_salfords_pools_falls_in_its_own_ratio(path: Path, pool: str, number: int) -> None:
    books = Told(path, SALFORD).books(f"salford-{pool}")
    published = printed(SALFORD)["pools"][number]
    assert books["SPCT"][f"Expenditure:{pool}"] == millions(published["Health"])
    assert books["SCC"][f"Expenditure:{pool}"] == millions(published["Council"])
    assert under(books["POOL"], BILLED) == millions(published["Health"]) + millions(published["Council"])


def test_salfords_three_ratios_are_three(path: Path) -> None:
    told = Told(path, SALFORD)
    ratios = {}
    for pool in ("drugs", "learning", "equipment"):
        cost = ("--scheme", pool, "--amount", "1000000", "--on", "2008-03-31")
        told.record("expenditure", "incur", f"salford-{pool}", *cost, "--counterparty", "providers")
        said = told.record("recharge", "raise", f"salford-{pool}", *cost, "--format", "csv")
        lines = [line.split(",")[5:] for line in said.splitlines()[1:]]
        ratios[pool] = {book: pence(amount) for book, account, amount in lines if SPENT in account}
    assert ratios == {
        "drugs": {"SPCT": pence("826086.96"), "SCC": pence("173913.04")},
        "learning": {"SPCT": pence("497109.83"), "SCC": pence("502890.17")},
        "equipment": {"SPCT": pence("541666.67"), "SCC": pence("458333.33")},
    }


def test_salfords_reserve_meets_the_next_years_pressure_before_anybody_is_asked_for_more(path: Path) -> None:
    told = Told(path, SALFORD)
    reserve = millions(printed(SALFORD)["surplus_deficit"]["amount"])
    # After the first year the pool holds half a million for the parties, in their ratio of 86:87 ...
    first = told.record(
        "report", "balances", "salford-learning", "--as-at", "2007-03-31", "--book", "POOL", "--format", "csv"
    )
    held = {line.split(",")[2]: -pence(line.split(",")[3]) for line in first.splitlines() if HELD in line}
    assert held == {HELD + "SPCT": pence("248554.91"), HELD + "SCC": pence("251445.09")}
    assert sum(held.values()) == reserve
    # ... and after the second it has been drawn to the last penny, and nobody was billed beyond the contributions.
    pool = told.books("salford-learning")["POOL"]
    assert under(pool, HELD) == 0
    assert under(pool, BILLED) == 2 * (millions("8.6") + millions("8.7"))


def test_cambridgeshires_cost_cannot_be_recharged_while_nobody_has_agreed_a_share(path: Path) -> None:
    told = Told(path, CAMBRIDGESHIRE)
    total = millions(printed(CAMBRIDGESHIRE)["pool_total_stated"])
    cost = ("cambridgeshire-ldp", "--scheme", "ldp", "--amount", "122000000", "--on", "2024-03-31")
    sentence = told.record("recharge", "raise", *cost, leaves=1)
    assert "nobody has agreed who bears it" in sentence
    # The host has spent it all and still holds both contributions for those who paid them; neither party bears any yet.
    books = told.books("cambridgeshire-ldp")
    assert under(books["POOL"], SPENT) == -under(books["POOL"], HELD) == total
    assert under(books["CCC"], SPENT) == under(books["ICB"], SPENT) == 0
    contributed = {each["party"]: millions(each["amount"]) for each in printed(CAMBRIDGESHIRE)["contributions"]}
    assert books["ICB"]["Assets:Prepaid contributions:POOL"] == contributed["ICB"]
