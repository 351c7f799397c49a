"""The memorandum account of a year, by figures worked by hand, for every kind of arrangement."""

from __future__ import annotations

from typing import Any

import pytest

from ledger.errors import Refused
from projections.memorandum_report import memoranda
from tests.projections.conftest import Books
from tests.projections.years import YEAR, budget, step

FUND = '[[fund]]\ncode = "dfg"\nname = "Grant"\nkind = "capital"'
HOSPITAL = """
[[scheme]]
code = "hospital"
name = "Hospital"
[[scheme]]
code = "social"
name = "Social care"
[risk]
base = "pool"
underspend = "carry_forward"
[[risk.band]]
shares = { OCCG = 72, OCC = 28 }
"""
"""The NHS (OCCG) budgets the hospital, the council (OCC) social care; what is over is shared 72:28."""


def asked(books: Books, year: str = YEAR, **more: Any) -> dict[str, Any]:
    """A memorandum's document."""
    (report,) = memoranda(books.ledger, [books.code], year=year, **more)
    return report.document


def party(document: dict[str, Any], code: str) -> dict[str, str]:
    """A party's row, figures that are nil left out."""
    (row,) = [each for each in document["parties"] if each["party"] == code]
    return {name: value for name, value in row.items() if name != "party" and value != "0.00"}


def scheme(document: dict[str, Any], code: str) -> dict[str, str]:
    """A scheme's row, figures that are nil left out."""
    (row,) = [each for each in document["schemes"] if each["scheme"] == code]
    return {name: value for name, value in row.items() if name != "scheme" and value != "0.00"}


def adds_up(document: dict[str, Any]) -> None:
    """What is brought forward, due and billed, less what is borne and refunded, is carried forward."""
    for row in [*document["parties"], document["totals"]]:
        pence = {name: int(value.replace(".", "")) for name, value in row.items() if name != "party"}
        came = pence["brought_forward"] + pence["due"] + pence["billed"]
        assert came - pence["borne"] - pence["refunds"] == pence["carried_forward"], row
    for row in [*document["schemes"], document["totals"]]:
        pence = {name: int(value.replace(".", "")) for name, value in row.items() if name != "scheme"}
        assert pence["actual"] - pence["income"] - pence["budget"] == pence["variance"], row


@pytest.fixture
def hospital(books: Books) -> Books:
    """The worked year: 100m and 50m budgeted and due; 96.38m and 60.12m spent, each recharged to who budgeted it."""
    own = '[[scheme]]\ncode = "{0}"'
    more = HOSPITAL.replace(own.format("hospital"), own.format("hospital") + "\nrecharge = { OCCG = 1 }")
    more = more.replace(own.format("social"), own.format("social") + "\nrecharge = { OCC = 1 }")
    books.sign("lead_body", more=more)
    budget(books, "hospital", "OCCG", "100000000.00")
    budget(books, "social", "OCC", "50000000.00")
    books.record("contribution_due", "04-01", party="OCCG", amount="100000000.00")
    books.record("contribution_due", "04-01", party="OCC", amount="50000000.00")
    books.record("expenditure", "05-01", scheme="hospital", amount="96380000.00", counterparty="TRUST")
    books.record("expenditure", "05-01", scheme="social", amount="60120000.00", counterparty="SUP")
    books.record("recharge", "2014-03-31", scheme="hospital", amount="96380000.00")
    books.record("recharge", "2014-03-31", scheme="social", amount="60120000.00")
    return books


def test_the_worked_year_before_and_after_its_true_up(hospital: Books) -> None:
    # Before: the NHS keeps 100 - 96.38 = 3.62m; the council drew all of its 50m and was billed 10.12m.
    before = asked(hospital)
    adds_up(before)
    assert party(before, "OCCG") == {
        "due": "100000000.00", "borne": "96380000.00", "carried_forward": "3620000.00",
    }  # fmt: skip
    assert party(before, "OCC") == {"due": "50000000.00", "billed": "10120000.00", "borne": "60120000.00"}
    assert scheme(before, "hospital") == {
        "budget": "100000000.00", "actual": "96380000.00", "variance": "-3620000.00",
    }  # fmt: skip
    assert scheme(before, "social") == {"budget": "50000000.00", "actual": "60120000.00", "variance": "10120000.00"}
    # 6.50m is shared: the NHS bears 104.68m, so 8.30m more, of which 3.62m it still had and 4.68m it is billed.
    # The council bears 51.82m, 8.30m less, which its bill of 10.12m is reduced by: 1.82m.
    step(hospital, "settle")
    after = asked(hospital)
    adds_up(after)
    assert party(after, "OCCG") == {
        "due": "100000000.00", "billed": "4680000.00", "borne": "104680000.00", "true_up": "8300000.00",
    }  # fmt: skip
    assert party(after, "OCC") == {
        "due": "50000000.00", "billed": "1820000.00", "borne": "51820000.00", "true_up": "-8300000.00",
    }  # fmt: skip
    assert after["schemes"] == before["schemes"]
    assert after["totals"]["variance"] == "6500000.00"
    assert after["totals"]["borne"] == after["totals"]["actual"] == "156500000.00"
    assert after["totals"]["true_up"] == "0.00"


def test_its_shape_is_the_one_that_scripts_read(hospital: Books) -> None:
    document = asked(hospital)
    assert list(document) == ["arrangement", "year", "parties", "schemes", "totals"]
    names = ["brought_forward", "due", "received", "in_kind", "billed", "borne", "true_up", "refunds", "carried_forward"]
    kinds = ["budget", "actual", "income", "variance", "unrecharged"]
    assert [list(row) for row in document["parties"]] == [["party", *names]] * 2
    assert [list(row) for row in document["schemes"]] == [["scheme", *kinds]] * 3
    assert list(document["totals"]) == [*names, *kinds]
    assert [row["party"] for row in document["parties"]] == ["OCC", "OCCG"]


def test_funds_assets_income_refunds_and_what_is_given_in_kind(books: Books) -> None:
    # OCCG: 300 due untagged and 50 of the fund. A van of 60, 30 of it from the fund, is acquired; 100 spent, 40 income,
    # 25 provided for. Net cost 60 + 100 + 25 - 40 = 145. 30 recharged from the fund; 100 half and half; 15 left.
    books.sign("lead_body", more=FUND)
    books.record("contribution_due", "04-01", party="OCCG", amount="300")
    books.record("contribution_due", "04-01", party="OCCG", amount="50", fund="dfg")
    books.record("contribution_received", "04-30", party="OCCG", amount="320")
    books.record("contribution_in_kind", "05-01", party="OCC", amount="12")
    books.record("asset_acquired", "05-01", asset="van", scheme="care", amount="30", counterparty="SUP", fund="dfg")
    books.record("asset_acquired", "05-01", asset="bus", scheme="care", amount="30", counterparty="SUP")
    books.record("asset_depreciated", "06-01", asset="van", amount="6")
    books.record("expenditure", "05-02", scheme="care", amount="100", counterparty="SUP")
    books.record("liability_recognised", "05-03", liability="tribunal", scheme="care", amount="25")
    books.record("income", "05-04", scheme="care", amount="40")
    books.record("recharge", "05-31", scheme="care", amount="30", fund="dfg")
    books.record("recharge", "05-31", scheme="care", amount="100")
    books.record("refund", "06-30", party="OCCG", amount="70")
    document = asked(books)
    adds_up(document)
    # 350 due, 30 + 50 borne, 70 refunded: 200 left, of which 20 of the fund.
    assert party(document, "OCCG") == {
        "due": "350.00", "received": "320.00", "borne": "80.00", "refunds": "70.00", "carried_forward": "200.00",
    }  # fmt: skip
    assert party(document, "OCC") == {"in_kind": "12.00", "billed": "50.00", "borne": "50.00"}
    assert scheme(document, "care") == {
        "actual": "185.00", "income": "40.00", "variance": "145.00", "unrecharged": "15.00",
    }  # fmt: skip
    following = asked(books, "2014/15")
    adds_up(following)
    assert party(following, "OCCG") == {"brought_forward": "200.00", "carried_forward": "200.00"}
    assert scheme(following, "care") == {}


def test_a_reversal_and_a_late_fact_are_of_the_open_year(books: Books) -> None:
    books.sign("lead_body")
    books.record("contribution_due", "04-01", party="OCCG", amount="300")
    wrong = books.record("contribution_due", "04-01", party="OCCG", amount="30")
    books.record("expenditure", "05-01", scheme="care", amount="100", counterparty="SUP")
    books.record("recharge", "05-31", scheme="care", amount="100")
    step(books, "settle", unspent="carry_forward")
    (number, *_) = step(books, "close", body="OCC")
    closed = asked(books)
    late = books.record("expenditure", "2013-06-01", scheme="care", amount="8", counterparty="SUP")
    reversal = books.reverse(wrong, "2013-07-01")
    assert asked(books) == closed  # a closed figure never changes
    second = asked(books, "2014/15")
    adds_up(second)
    # 300 + 30 - 50 brought forward; 30 of it was never due.
    assert party(second, "OCCG") == {"brought_forward": "280.00", "due": "-30.00", "carried_forward": "250.00"}
    assert scheme(second, "care") == {"actual": "8.00", "variance": "8.00", "unrecharged": "8.00"}
    (report,) = memoranda(books.ledger, [books.code], year="2014/15", trace=True)
    behind = {(row[2], row[3], row[4]): row[6] for row in report.flat.rows}
    assert behind["party", "OCCG", "brought_forward"] == f"#{number}"
    assert behind["party", "OCCG", "due"] == f"#{reversal}"
    assert behind["party", "OCCG", "carried_forward"] == f"#{number} #{reversal}"
    assert behind["scheme", "care", "actual"] == behind["scheme", "care", "unrecharged"] == f"#{late}"


def test_each_figure_names_the_events_behind_it(hospital: Books) -> None:
    # 1 signs, 2 and 3 budget, 4 and 5 are due, 6 and 7 are spent, 8 and 9 recharge.
    (report,) = memoranda(hospital.ledger, ["pool"], year=YEAR, trace=True)
    behind = {(row[2], row[3], row[4]): row[6] for row in report.flat.rows}
    assert behind["party", "OCC", "due"] == "#5"
    assert behind["party", "OCC", "billed"] == behind["party", "OCC", "borne"] == "#9"
    assert behind["party", "OCC", "carried_forward"] == "#5 #9"
    assert behind["scheme", "hospital", "budget"] == "#2"
    assert behind["scheme", "hospital", "variance"] == "#2 #6"
    assert behind["scheme", "hospital", "unrecharged"] == "#6 #8"
    assert behind["total", "", "actual"] == "#6-#7"
    (following,) = memoranda(hospital.ledger, ["pool"], year="2014/15", trace=True)
    behind = {(row[2], row[3], row[4]): row[6] for row in following.flat.rows}
    assert behind["party", "OCCG", "brought_forward"] == "#4 #8"
    assert report.document == asked(hospital)


def test_a_billing_leads_pool_counts_the_bills_and_not_the_contractors_own_cost(books: Books) -> None:
    books.sign("hybrid")
    books.record("bill", "05-01", scheme="care", amount="80")
    books.record("expenditure", "05-02", scheme="care", amount="20", counterparty="SUP")
    books.record("expenditure", "05-03", scheme="care", amount="70", counterparty="SUP", party="ACME")
    books.record("recharge", "05-31", scheme="care", amount="90")
    document = asked(books)
    adds_up(document)
    assert scheme(document, "care") == {"actual": "100.00", "variance": "100.00", "unrecharged": "10.00"}
    assert party(document, "OCCG") == {"billed": "45.00", "borne": "45.00"}


def test_bills_split_at_source_are_billed_and_borne(books: Books) -> None:
    books.sign("commissioned")
    books.record("bill", "05-01", scheme="care", amount="80.01")
    books.record("expenditure", "05-03", scheme="care", amount="70", counterparty="SUP")
    document = asked(books)
    adds_up(document)
    assert party(document, "OCC") == {"billed": "40.01", "borne": "40.01"}
    assert party(document, "OCCG") == {"billed": "40.00", "borne": "40.00"}
    assert scheme(document, "care") == {"actual": "80.01", "variance": "80.01"}


def test_a_venture_holds_nothing_in_advance_its_grants_are_spent_when_given(books: Books) -> None:
    books.sign("venture")
    books.record("contribution_due", "05-01", party="OCC", amount="90")
    books.record("refund", "05-02", party="OCC", amount="20")
    books.record("expenditure", "05-03", scheme="care", amount="60", counterparty="SUP")
    books.record("recharge", "05-31", scheme="care", amount="10")
    document = asked(books)
    adds_up(document)
    assert party(document, "OCC") == {"due": "90.00", "billed": "5.00", "borne": "75.00", "refunds": "20.00"}
    assert party(document, "OCCG") == {"billed": "5.00", "borne": "5.00"}
    assert scheme(document, "care") == {"actual": "60.00", "variance": "60.00"}


def test_capital_paid_into_a_venture_is_carried_forward(books: Books) -> None:
    books.sign("capital venture")
    books.record("contribution_due", "05-01", party="OCC", amount="90")
    books.record("contribution_due", "2014-05-01", party="OCC", amount="10")
    document = asked(books, "2014/15")
    adds_up(document)
    assert party(document, "OCC") == {"brought_forward": "90.00", "due": "10.00", "carried_forward": "100.00"}


def test_aligned_parties_bear_their_own_spending_and_hold_nothing_for_each_other(books: Books) -> None:
    books.sign("aligned")
    books.record("contribution_due", "04-01", party="OCC", amount="100", scheme="care")
    books.record("expenditure", "05-01", scheme="care", amount="80", counterparty="SUP", party="OCC")
    books.record("income", "05-02", scheme="care", amount="5", party="OCC")
    books.record("asset_acquired", "05-03", asset="van", scheme="care", amount="30", counterparty="SUP", party="OCC")
    books.record("asset_transferred", "05-04", asset="van", party="OCC", counterparty="OCCG", consideration="28")
    books.record("contribution_in_kind", "05-05", party="OCCG", amount="9")
    document = asked(books)
    # OCC 80 - 5 + 30 - 28, OCCG 28. The scheme's net cost is 105 between them.
    assert party(document, "OCC") == {"due": "100.00", "borne": "77.00"}
    assert party(document, "OCCG") == {"in_kind": "9.00", "borne": "28.00"}
    assert scheme(document, "care") == {"actual": "138.00", "income": "33.00", "variance": "105.00"}


def test_all_arrangements_and_a_year_that_is_none(hospital: Books) -> None:
    hospital.sign("commissioned", "homes")
    found = memoranda(hospital.ledger, None, year=YEAR)
    assert [report.document["arrangement"] for report in found] == ["homes", "pool"]
    with pytest.raises(Refused, match="“2013” is not a financial year here"):
        memoranda(hospital.ledger, ["pool"], year="2013")
