"""The worked examples of the accounting rules, as far as facts alone make them."""

from __future__ import annotations

from ledger.agreement.reader import read_agreement
from tests.given import Books, agreement

THIRD = '[[party]]\ncode = "VOL"\nname = "Voluntary Action"\nsector = "other"'


def test_the_lead_records_gross_and_the_members_bear_their_part() -> None:
    """Spent 990 gross, 100 of it provided by the lead, income 40, recharged 950 half and half."""
    books = Books(agreement("lead_body", shares="OCC = 1, OCCG = 1"))
    books.record("expenditure", scheme="care", counterparty="SUP", amount=890_00)
    books.record("expenditure", scheme="care", counterparty="OCC", amount=100_00)
    books.record("income", scheme="care", amount=40_00)
    books.record("recharge", scheme="care", amount=950_00)
    pool, lead = books.balances()["POOL"], books.balances()["OCC"]
    assert (pool["Expenditure:care"], lead["Expenditure:care"], lead["Income:Provision:care"]) == (990_00, 475_00, -100_00)
    # The lead's statutory view: its own recharge and its own provision are taken out of both books.
    assert pool["Income:Recharges:OCC"] == -lead["Expenditure:care"]
    assert pool["Expenditure:care"] + lead["Income:Provision:care"] == 890_00
    assert (pool["Income:Recharges:OCCG"], pool["Income:Other:care"]) == (-475_00, -40_00)


def test_the_pool_at_the_end_holds_what_it_owes_and_a_residual() -> None:
    """Due 500/300/200, spent 800, income 40, van 60 less 12, provision 30, recharged 850 at 5:3:2."""
    books = Books(agreement("lead_body", more=THIRD, shares="OCC = 5, OCCG = 3, VOL = 2"))
    for party, amount in (("OCC", 500_00), ("OCCG", 300_00), ("VOL", 200_00)):
        books.record("contribution_due", party=party, amount=amount)
        books.record("contribution_received", party=party, amount=amount)
    books.record("expenditure", scheme="care", counterparty="SUP", amount=800_00)
    books.record("payment", counterparty="SUP", amount=800_00)
    books.record("income", scheme="care", amount=40_00)
    books.record("asset_acquired", asset="van", scheme="care", counterparty="SUP", amount=60_00)
    books.record("payment", counterparty="SUP", amount=60_00)
    books.record("asset_depreciated", asset="van", amount=12_00)
    books.record("liability_recognised", liability="pay", scheme="care", amount=30_00)
    books.record("recharge", scheme="care", amount=850_00)
    pool = books.balances()["POOL"]
    owed = {party: -pool[f"Liabilities:Contributions in advance:{party}"] for party in ("OCC", "OCCG", "VOL")}
    assert owed == {"OCC": 75_00, "OCCG": 45_00, "VOL": 30_00}
    assert pool["Assets:Cash"] == 180_00
    assert pool["Assets:Cash"] - sum(owed.values()) == 30_00
    assert {account for account in pool if account.startswith(("Assets:Debtors", "Liabilities:Creditors"))} == set()


def test_a_printed_percentage_is_not_a_ratio() -> None:
    """99:96 is not 51 per cent: of £195.00 the council bears 99.00."""
    raw = b"""
    [arrangement]
    code = "oxon-older-people"
    name = "Older people's pooled budget"
    type = "lead_body"
    starts = 2013-04-01
    [[party]]
    code = "OCC"
    name = "Oxfordshire County Council"
    sector = "local_authority"
    [[party]]
    code = "OCCG"
    name = "Oxfordshire CCG"
    sector = "nhs"
    [roles]
    lead = "OCC"
    [[scheme]]
    code = "care"
    name = "Care"
    [shares]
    recharge = { OCC = 99, OCCG = 96 }
    """
    books = Books(read_agreement("oxon.toml", raw))
    books.record("expenditure", scheme="care", counterparty="SUP", amount=195_00)
    assert books.record("recharge", scheme="care", amount=195_00).fact.billed == {"OCC": 99_00, "OCCG": 96_00}
