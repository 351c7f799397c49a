"""One body's accounts, and a lead's with the pool it keeps as one body's."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from ledger.errors import Refused, UnknownCode
from projections.naming import body_named
from projections.statement_report import Asked, statements
from projections.totals import moved
from projections.views import View, read
from tests.projections.conftest import Books


def stated(books: Books, body: str, **asked: Any) -> dict[str, Any]:
    """A statement's document."""
    (report,) = statements(books.ledger, [books.code], Asked(body, **asked))
    return report.document


def figures(section: dict[str, Any]) -> dict[str, str]:
    """A section's headings and their totals, and its own under “total”."""
    found = {heading["heading"]: heading["total"] for heading in section["headings"]}
    return {**found, "total": section["total"]}


def statutory(books: Books) -> dict[str, int]:
    """Every account of the lead's statutory view with what it stands at, in pence."""

    def answer(views: list[View]) -> dict[str, int]:
        return {row.account: row.after for row in moved(views[0], ["POOL", "OCC"], None, None, between=False) if row.after}

    return read(books.ledger, [books.code], answer)


@pytest.fixture
def pool(books: Books) -> Books:
    """The worked example: spent 990 gross, 100 of it provided by the lead, income 40, recharged 950 half and half."""
    books.sign("lead_body")
    books.record("expenditure", "05-01", scheme="care", amount="890", counterparty="SUP")
    books.record("expenditure", "05-02", scheme="care", amount="100", counterparty="OCC")
    books.record("income", "05-03", scheme="care", amount="40")
    books.record("recharge", "05-31", scheme="care", amount="950")
    return books


def test_the_statutory_view_shows_gross_spending_and_what_the_member_was_recharged(pool: Books) -> None:
    # Expenditure 990 - 100 provided by the lead itself = 890; income 950 / 2 = 475 from the member, 40 from clients.
    document = stated(pool, "OCC", statutory=True)
    earnings, position = document["income_and_expenditure"], document["balance_sheet"]
    assert figures(earnings["income"]) == {
        "Recharges to the parties": "475.00",
        "Clients and others": "40.00",
        "total": "515.00",
    }
    assert figures(earnings["expenditure"]) == {"Schemes": "890.00", "total": "890.00"}
    assert earnings["surplus"] == "-375.00"  # 515 - 890: the lead's half of 950, less the 100 it provided: 475 - 100
    # The member owes 475, 40 is in the bank, the supplier is owed 890: 515 - 890 = -375, the deficit.
    assert figures(position["assets"]) == {"Debtors": "475.00", "Cash": "40.00", "total": "515.00"}
    assert figures(position["liabilities"]) == {"Creditors": "890.00", "total": "890.00"}
    assert position["net_assets"] == position["reserves"]["total"] == "-375.00"
    assert document["books"] == ["POOL", "OCC"]


def test_the_two_books_by_themselves(pool: Books) -> None:
    # POOL: income 950 recharged + 40, expenditure 990: nil. OCC: provides 100, bears 475: -375. Together -375 as above.
    own, kept = stated(pool, "OCC"), stated(pool, "POOL")
    assert figures(kept["income_and_expenditure"]["income"])["total"] == "990.00"
    assert kept["income_and_expenditure"]["surplus"] == "0.00"
    assert figures(own["income_and_expenditure"]["income"]) == {"Provision of services": "100.00", "total": "100.00"}
    assert figures(own["income_and_expenditure"]["expenditure"]) == {"Schemes": "475.00", "total": "475.00"}
    assert own["income_and_expenditure"]["surplus"] == "-375.00"
    # OCC is owed 100 by POOL and owes it 475.
    assert figures(own["balance_sheet"]["assets"]) == {"Debtors": "100.00", "total": "100.00"}
    assert figures(own["balance_sheet"]["liabilities"]) == {"Creditors": "475.00", "total": "475.00"}
    assert own["statutory"] is False


def test_an_asset_the_lead_gives_to_its_pool_and_takes_back_makes_no_gain(books: Books) -> None:
    # Bought for 60 from outside, worn off by 12: 48. The lead takes it for 55: POOL gains 7, the lead loses 7, and as one
    # body neither happened: the asset stands at 48, which is what the lead's book now carries it at.
    books.sign("lead_body")
    books.record("asset_acquired", "05-01", asset="van", scheme="care", amount="60", counterparty="SUP")
    books.record("asset_depreciated", "06-01", asset="van", amount="12")
    books.record("asset_transferred", "06-02", asset="van", party="POOL", counterparty="OCC", consideration="55")
    assert statutory(books) == {
        "Assets:Fixed assets:Cost:van": 48_00,
        "Expenditure:Depreciation:van": 12_00,
        "Liabilities:Creditors:SUP": -60_00,
    }


def test_an_asset_the_lead_supplies_is_own_work_capitalised(books: Books) -> None:
    books.sign("lead_body")
    books.record("asset_acquired", "05-01", asset="hub", scheme="care", amount="80", counterparty="OCC")
    assert statutory(books) == {"Assets:Fixed assets:Cost:hub": 80_00, "Income:Provision:care": -80_00}


def test_what_the_lead_pays_its_pool_and_takes_back_passes_between_two_pockets(books: Books) -> None:
    books.sign("lead_body")
    books.record("contribution_due", "04-01", party="OCC", amount="500")
    books.record("contribution_received", "04-02", party="OCC", amount="450")
    books.record("refund", "04-03", party="OCC", amount="90")
    books.record("set_off", "04-04", party="OCC", amount="50")
    books.record("settlement", "04-05", party="POOL", counterparty="OCC", amount="40")
    assert statutory(books) == {}


def test_what_passes_between_the_lead_and_a_member_stays(books: Books) -> None:
    books.sign("lead_body")
    books.record("contribution_due", "04-01", party="OCCG", amount="500")
    books.record("settlement", "04-02", party="OCCG", counterparty="OCC", amount="20")
    assert statutory(books) == {
        "Assets:Cash": 20_00,
        "Assets:Debtors:OCCG": 480_00,  # 500 due to the pool, less 20 that the lead's own book was paid
        "Liabilities:Contributions in advance:OCCG": -500_00,
    }


def test_cash_between_the_two_is_out_of_the_view_even_while_one_book_has_it_and_the_other_not_yet(books: Books) -> None:
    books.sign("lead_body")
    with books.closed({"OCC": "2014-04-01"}):
        books.record("contribution_due", "04-01", party="OCC", amount="500")
        books.record("contribution_received", "04-02", party="OCC", amount="450")
    assert stated(books, "OCC", statutory=True, year="2013/14")["balance_sheet"]["assets"]["headings"] == []


FACTS: list[dict[str, str]] = [
    {"type_": "contribution_due", "party": "OCC", "amount": "500"},
    {"type_": "contribution_due", "party": "OCCG", "amount": "300", "fund": "dfg"},
    {"type_": "contribution_due", "party": "OCC", "amount": "70", "fund": "dfg"},
    {"type_": "contribution_received", "party": "OCC", "amount": "650"},
    {"type_": "expenditure", "scheme": "care", "amount": "700.01", "counterparty": "SUP"},
    {"type_": "expenditure", "scheme": "care", "amount": "120", "counterparty": "OCC"},
    {"type_": "expenditure", "scheme": "care", "amount": "33", "counterparty": "OCCG", "fund": "dfg"},
    {"type_": "expenditure", "scheme": "care", "amount": "-20", "counterparty": "OCC"},
    {"type_": "payment", "amount": "90", "counterparty": "OCC"},
    {"type_": "payment", "amount": "300", "counterparty": "SUP"},
    {"type_": "income", "scheme": "care", "amount": "40"},
    {"type_": "income_due", "scheme": "care", "amount": "15", "counterparty": "CLIENT"},
    {"type_": "income_received", "amount": "15", "counterparty": "CLIENT"},
    {"type_": "recharge", "scheme": "care", "amount": "30", "fund": "dfg"},
    {"type_": "recharge", "scheme": "care", "amount": "700.01"},
    {"type_": "recharge", "scheme": "care", "amount": "-15.01"},
    {"type_": "settlement", "party": "OCC", "counterparty": "POOL", "amount": "5"},
    {"type_": "settlement", "party": "POOL", "counterparty": "OCC", "amount": "6"},
    {"type_": "refund", "party": "OCC", "amount": "20", "fund": "dfg"},
    {"type_": "contribution_in_kind", "party": "OCC", "amount": "9"},
]
LEAD_ONLY: list[dict[str, str]] = [
    {"type_": "asset_acquired", "asset": "van", "scheme": "care", "amount": "60", "counterparty": "OCC"},
    {"type_": "asset_acquired", "asset": "van", "scheme": "care", "amount": "7", "counterparty": "SUP"},
    {"type_": "asset_depreciated", "asset": "van", "amount": "12"},
    {"type_": "asset_transferred", "asset": "van", "party": "POOL", "counterparty": "OCC", "consideration": "40"},
    {"type_": "asset_transferred", "asset": "van", "party": "OCC", "counterparty": "POOL", "consideration": "70"},
    {"type_": "asset_transferred", "asset": "van", "party": "POOL", "counterparty": "OCCG", "consideration": "0"},
    {"type_": "asset_transferred", "asset": "van", "party": "OCCG", "counterparty": "OCC", "consideration": "55"},
    {"type_": "asset_disposed", "asset": "van", "amount": "50"},
    {"type_": "liability_recognised", "liability": "tribunal", "scheme": "care", "amount": "25"},
    {"type_": "liability_settled", "liability": "tribunal", "amount": "20"},
]
HYBRID_ONLY: list[dict[str, str]] = [
    {"type_": "bill", "scheme": "care", "amount": "80"},
    {"type_": "payment", "amount": "30", "counterparty": "ACME"},
    {"type_": "asset_acquired", "asset": "van", "scheme": "care", "amount": "60", "counterparty": "SUP"},
    {"type_": "asset_transferred", "asset": "van", "party": "ACME", "counterparty": "OCC", "consideration": "61"},
    {"type_": "asset_transferred", "asset": "van", "party": "OCC", "counterparty": "POOL", "consideration": "50"},
    {"type_": "asset_depreciated", "asset": "van", "amount": "12"},
]
FUND = '[[fund]]\ncode = "dfg"\nname = "Grant"\nkind = "capital"'


@pytest.mark.parametrize(("kind", "more"), [("lead_body", LEAD_ONLY), ("hybrid", HYBRID_ONLY)])
def test_the_statutory_view_always_adds_up_and_never_names_the_other(
    books: Books, kind: str, more: list[dict[str, str]]
) -> None:
    books.sign(kind, more=FUND)
    numbers = []

    def holds() -> None:
        view = statutory(books)
        assert sum(view.values()) == 0
        assert {body_named(account) for account in view} & {"POOL", "OCC"} == set()
        stated(books, "OCC", statutory=True)  # net assets are the reserves, or it would refuse

    for fact in FACTS + more:
        numbers.append(books.record(on="06-01", **fact))
        holds()
    for number in reversed(numbers):
        books.reverse(number, "2013-07-01")
        holds()
    assert statutory(books) == {}


def test_a_period_has_its_own_income_and_what_came_before_is_brought_forward(books: Books) -> None:
    # 2013/14: income 40, expenditure 100, deficit 60. 2014/15: income 15, expenditure 5, surplus 10. At the end -50.
    books.sign("lead_body")
    books.record("income", "2013-05-01", scheme="care", amount="40")
    books.record("expenditure", "2014-03-31", scheme="care", amount="100", counterparty="SUP")
    books.record("income", "2014-04-01", scheme="care", amount="15")
    books.record("expenditure", "2015-03-31", scheme="care", amount="5", counterparty="SUP")
    books.record("expenditure", "2015-04-01", scheme="care", amount="3", counterparty="SUP")
    first = stated(books, "POOL", year="2013/14")
    assert (first["from"], first["to"]) == ("2013-04-01", "2014-03-31")
    assert first["income_and_expenditure"]["surplus"] == first["balance_sheet"]["net_assets"] == "-60.00"
    second = stated(books, "POOL", year="2014/15")
    assert figures(second["income_and_expenditure"]["income"])["total"] == "15.00"
    assert second["income_and_expenditure"]["surplus"] == "10.00"
    assert figures(second["balance_sheet"]["reserves"]) == {
        "Surplus or deficit (-) brought forward": "-60.00",
        "Surplus or deficit (-) of the period": "10.00",
        "total": "-50.00",
    }
    assert stated(books, "POOL", first=date(2014, 4, 1), last=date(2015, 3, 31)) == second
    assert stated(books, "POOL", as_at=date(2015, 3, 31)) == second
    # -60 + 10 - 3 spent on the first day of 2015/16.
    assert stated(books, "POOL")["balance_sheet"]["net_assets"] == "-53.00"


def test_a_venture_and_its_owner(books: Books) -> None:
    # A grant of 90, spent 50: the venture keeps 40, the owner's grant is its expenditure.
    books.sign("venture")
    books.record("contribution_due", "05-01", party="OCC", amount="90")
    books.record("expenditure", "05-02", scheme="care", amount="50", counterparty="SUP")
    venture, owner = stated(books, "JV"), stated(books, "OCC")
    assert figures(venture["income_and_expenditure"]["income"]) == {"Grants": "90.00", "total": "90.00"}
    assert venture["income_and_expenditure"]["surplus"] == "40.00"
    assert figures(owner["income_and_expenditure"]["expenditure"]) == {"Grants": "90.00", "total": "90.00"}


def test_memoranda_stand_beside_the_accounts(books: Books) -> None:
    books.sign("aligned")
    books.record("contribution_due", "05-01", party="OCC", amount="90", scheme="care")
    books.record("contribution_due", "05-02", party="OCC", amount="-10", scheme="care")
    wrong = books.record("contribution_in_kind", "05-03", party="OCC", amount="5")
    books.record("contribution_in_kind", "05-04", party="OCCG", amount="7")
    books.reverse(wrong, "2013-05-05")
    assert stated(books, "OCC")["memoranda"] == [
        {"memorandum": "own funding allocated", "party": "OCC", "scheme": "care", "fund": "", "amount": "80.00"},
    ]
    assert stated(books, "OCC", last=date(2013, 5, 1))["memoranda"][0]["amount"] == "90.00"
    assert [note["party"] for note in stated(books, "OCCG")["memoranda"]] == ["OCCG"]


def test_the_pool_shows_every_partys_memoranda(pool: Books) -> None:
    pool.record("contribution_in_kind", "05-03", party="OCC", amount="5")
    pool.record("contribution_in_kind", "05-04", party="OCCG", amount="7")
    assert [note["party"] for note in stated(pool, "POOL")["memoranda"]] == ["OCC", "OCCG"]
    assert [note["party"] for note in stated(pool, "OCC")["memoranda"]] == ["OCC"]


def test_only_a_lead_has_a_statutory_view_of_its_own(pool: Books) -> None:
    with pytest.raises(Refused, match=r"OCCG keeps no pool inside its own accounts in pool.* or name OCC"):
        stated(pool, "OCCG", statutory=True)
    with pytest.raises(UnknownCode, match="OCD is no body with a book in pool; did you mean OCC"):
        stated(pool, "OCD")
    with pytest.raises(Refused, match=r"pool: “2013” is not a financial year here: write it like 2013/14\."):
        stated(pool, "OCC", year="2013")


def test_all_means_where_the_body_has_a_book(pool: Books) -> None:
    pool.sign("commissioned", "homes")
    ask = pool.ledger, None
    assert [each.document["arrangement"] for each in statements(*ask, Asked("OCC"))] == ["homes", "pool"]
    assert [each.document["arrangement"] for each in statements(*ask, Asked("ACME"))] == ["homes"]
    assert [each.document["arrangement"] for each in statements(*ask, Asked("OCC", statutory=True))] == ["pool"]
    with pytest.raises(UnknownCode, match="in any arrangement of this ledger"):
        statements(*ask, Asked("NOBODY"))
    with pytest.raises(Refused, match="in any arrangement of this ledger"):
        statements(*ask, Asked("OCCG", statutory=True))
