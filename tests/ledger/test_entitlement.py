"""What each party is entitled to at the end: the worked example, what is shared how, and what holds of every pool."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.agreement import Agreement, Terms
from ledger.agreement.reader import read_agreement
from ledger.chronicle import Chronicle
from ledger.decisions.entitlement import Entitlement, Holding, Payment, Position, Shares, entitlements, payments
from ledger.decisions.position import pool_book, position
from tests.given import COMMISSIONED, POOLS, VENTURES, Books, agreement, refused, toml
from tests.ledger.histories import histories, kinds, try_step

THIRD = '[[party]]\ncode = "VOL"\nname = "Voluntary Action"\nsector = "other"'
VAN = '[[asset]]\ncode = "van"\nshares = { OCC = 3, OCCG = 2 }'
END = date(2014, 3, 31)


def replayed(books: Books) -> Chronicle:
    """The books' history, with its days in view."""
    chronicle = Chronicle(books.signed.code)
    for event in books.events:
        chronicle.evolve(event)
    return chronicle


def at_the_end(books: Books, **values: int) -> Position:
    """What there is to share in the end; values agreed by asset."""
    chronicle = replayed(books)
    return position(chronicle, chronicle.terms_on(END), values)


def shared(type: str, more: str = "", shares: str = "OCC = 3, OCCG = 2", **others: str) -> Agreement:
    """An agreement with shares of its own for assets, liabilities or the residual."""
    text = toml(type, more, shares)
    text += "".join(f"{name} = {{ {ratio} }}\n" for name, ratio in others.items())
    return read_agreement("agreement.toml", text.encode())


def worked() -> Books:
    """Due 500/300/200, spent 800, income 40, van 60 less 12, provision 30, recharged 850 at 5:3:2; the van is shared 3:2."""
    books = Books(agreement("lead_body", more=THIRD + "\n" + VAN, shares="OCC = 5, OCCG = 3, VOL = 2"))
    for party, amount in (("OCC", 500_00), ("OCCG", 300_00), ("VOL", 200_00)):
        books.record("contribution_due", party=party, amount=amount)
        books.record("contribution_received", party=party, amount=amount)
    books.record("expenditure", scheme="care", counterparty="SUP", amount=800_00)
    books.record("income", scheme="care", amount=40_00)
    books.record("asset_acquired", asset="van", scheme="care", counterparty="SUP", amount=60_00)
    books.record("payment", counterparty="SUP", amount=860_00)
    books.record("asset_depreciated", asset="van", amount=12_00)
    books.record("liability_recognised", liability="pay", scheme="care", amount=30_00)
    books.record("recharge", scheme="care", amount=850_00)
    return books


def test_the_worked_example_of_the_accounting_rules() -> None:
    found = at_the_end(worked())
    # Owed: 500 − 425, 300 − 255, 200 − 170. The van stands at 48: 28.80 and 19.20. The provision of 30 and the residual
    # of 180 − 150 = 30 are both shared 5:3:2, so 15, 9 and 6 each.
    assert entitlements(found) == [
        Entitlement("OCC", 75_00, 28_80, 15_00, 15_00),
        Entitlement("OCCG", 45_00, 19_20, 9_00, 9_00),
        Entitlement("VOL", 30_00, 0, 6_00, 6_00),
    ]
    assert [each.total for each in entitlements(found)] == [103_80, 64_20, 30_00]
    assert found.net_worth == 180_00 + 48_00 - 30_00 == 103_80 + 64_20 + 30_00


def test_an_asset_counts_at_the_value_agreed_for_it() -> None:
    found = at_the_end(worked(), van=70_01)
    # 3:2 of 70.01 is 42.006 and 28.004: the penny left goes to the larger remainder.
    assert found.assets == [
        Holding("van", 70_01, Shares({"OCC": 3, "OCCG": 2}, "its own shares"), {"OCC": 42_01, "OCCG": 28_00})
    ]
    assert found.net_worth == 198_00 + 22_01


@pytest.mark.parametrize(
    ("more", "others", "fields", "shares"),
    [
        (VAN, {"assets": "OCC = 1, OCCG = 4"}, {"scheme": "beds"}, ({"OCC": 3, "OCCG": 2}, "its own shares")),
        ("", {"assets": "OCC = 1, OCCG = 4"}, {"scheme": "beds"}, ({"OCC": 1, "OCCG": 4}, "shares.assets")),
        ("", {}, {"scheme": "beds"}, ({"OCC": 1, "OCCG": 1}, "recharge of beds on 2013-06-10")),
        ("", {}, {"scheme": "beds", "fund": "dfg"}, ({"OCC": 20_00, "OCCG": 50_00}, "contributors of dfg by 2013-06-10")),
        ("", {}, {"scheme": "beds", "fund": "hub"}, ({"OCC": 1, "OCCG": 1}, "recharge of beds on 2013-06-10")),
        ("", {"liabilities": "OCC = 1"}, {"scheme": "care"}, ({"OCC": 3, "OCCG": 2}, "recharge of care on 2013-06-10")),
    ],
    ids=["its own", "those of all assets", "its scheme's", "its fund's contributors", "a fund of nobody", "the pool's"],
)
def test_whose_an_asset_is(more: str, others: dict[str, str], fields: dict[str, Any], shares: tuple) -> None:
    books = Books(shared("lead_body", more, **others))
    # The contribution after the purchase bought nothing of it.
    for party, amount, on in (("OCC", 20_00, 1), ("OCCG", 50_00, 10), ("OCC", 90_00, 20)):
        books.record("contribution_due", party=party, fund="dfg", amount=amount, on=date(2013, 6, on))
    books.record("asset_acquired", asset="van", counterparty="SUP", amount=60_00, on=date(2013, 6, 10), **fields)
    assert at_the_end(books).assets[0].shares == shares


def test_whose_a_liability_is() -> None:
    own = '[[liability]]\ncode = "pay"\nshares = { OCCG = 1 }'
    for more, others, ratio in (
        (own, {"liabilities": "OCC = 1, OCCG = 4"}, {"OCCG": 1}),
        ("", {"liabilities": "OCC = 1, OCCG = 4"}, {"OCC": 1, "OCCG": 4}),
        ("", {"assets": "OCC = 1"}, {"OCC": 1, "OCCG": 1}),
    ):
        books = Books(shared("lead_body", more, **others))
        books.record("liability_recognised", liability="pay", scheme="beds", amount=30_01)
        assert at_the_end(books).liabilities[0].shares.ratio == ratio


@pytest.mark.parametrize(
    ("kind", "others", "parts"),
    [
        # 40 in cash, and nothing else: the residual. OCC has paid in 30 of capital and OCCG 10.
        ("lead_body", {}, {"OCC": 24_00, "OCCG": 16_00}),
        ("lead_body", {"residual": "OCCG = 1"}, {"OCCG": 40_00}),
        ("capital", {}, {"OCC": 60_00, "OCCG": 20_00}),
        ("capital", {"residual": "OCC = 1, OCCG = 1"}, {"OCC": 40_00, "OCCG": 40_00}),
        ("grant", {}, {"OCC": 48_00, "OCCG": 32_00}),
    ],
)
def test_whose_the_residual_is(kind: str, others: dict[str, str], parts: dict[str, int]) -> None:
    books = Books(shared(kind, **others))
    books.record("income", scheme="care", amount=40_00)
    if kind != "lead_body":
        for party, amount in (("OCC", 30_00), ("OCCG", 10_00)):
            books.record("contribution_due", party=party, amount=amount)
            books.record("contribution_received", party=party, amount=amount)
    found = at_the_end(books)
    assert found.residual.parts == parts
    assert found.owed == {"OCC": 0, "OCCG": 0}


def test_what_a_fund_holds_is_owed_to_its_contributors() -> None:
    books = Books("lead_body")
    books.record("contribution_due", party="OCCG", amount=50_00, fund="dfg")
    books.record("contribution_received", party="OCCG", amount=50_00)
    books.record("expenditure", scheme="care", counterparty="OCC", amount=20_00)
    found = at_the_end(books)
    assert found.owed == {"OCC": 20_00, "OCCG": 50_00}
    # 50 in cash less 70 owed: the cost of 20 is not recharged yet, so it is shared 3:2.
    assert found.residual.parts == {"OCC": -12_00, "OCCG": -8_00}


def test_a_contractor_keeps_what_is_its_own_unless_the_contract_says_otherwise() -> None:
    for more, assets, worth in (("", [], -100_00), (VAN, ["van"], -100_00 + 60_00)):
        books = Books(agreement("commissioned, contractor holds", more=more))
        books.record("bill", scheme="care", amount=100_00)
        books.record("expenditure", scheme="care", counterparty="SUP", amount=30_00)
        books.record("asset_acquired", asset="van", scheme="care", counterparty="SUP", amount=60_00)
        books.record("liability_recognised", liability="pay", scheme="care", amount=5_00)
        found = at_the_end(books)
        assert [asset.code for asset in found.assets] == assets
        assert (found.owed, found.residual.parts) == ({"OCC": -60_00, "OCCG": -40_00}, {})
        assert found.net_worth == worth


def test_with_aligned_budgets_there_is_nothing_to_share() -> None:
    books = Books("aligned")
    books.record("asset_acquired", asset="van", scheme="care", counterparty="SUP", amount=60_00, party="OCC")
    found = at_the_end(books)
    assert found[:3] == ({"OCC": 0, "OCCG": 0}, [], [])
    assert entitlements(found) == [Entitlement("OCC", 0, 0, 0, 0), Entitlement("OCCG", 0, 0, 0, 0)]


@pytest.mark.parametrize(
    ("type", "fields", "words"),
    [
        ("asset_acquired", {"asset": "van", "counterparty": "SUP"}, ("no shares for the asset van", "[[asset]] shares")),
        ("liability_recognised", {"liability": "pay"}, ("no shares for the liability pay", "shares.liabilities")),
        ("income", {}, ("a residual of £9.00", "shares.residual")),
    ],
)
def test_what_nobody_agreed_to_share_is_refused(type: str, fields: dict[str, Any], words: tuple[str, ...]) -> None:
    books = Books(agreement("lead_body", shares=""))
    books.record(type, scheme="care", amount=9_00, **fields)
    refused(lambda: at_the_end(books), *words)


def test_one_payment_with_each_party_settles_all() -> None:
    due = {"OCC": 103_80, "OCCG": -64_20, "VOL": 0}
    assert payments("POOL", due) == [Payment("POOL", "OCC", 103_80), Payment("OCCG", "POOL", 64_20)]


def _ratio(parties: int) -> st.SearchStrategy[dict[str, int]]:
    shares = st.lists(st.integers(0, 999), min_size=parties, max_size=parties).filter(any)
    return shares.map(lambda found: {f"P{number}": share for number, share in enumerate(found) if share})


@given(st.data(), st.integers(2, 6))
def test_entitlements_add_up_to_the_net_worth_to_the_penny(data: st.DataObject, parties: int) -> None:
    pence = st.integers(-(10**9), 10**9)
    codes = [f"P{number}" for number in range(parties)]

    def holdings(of: st.SearchStrategy[int]) -> list[Holding]:
        found = []
        for number, value in enumerate(data.draw(st.lists(of, max_size=4))):
            ratio = data.draw(_ratio(parties))
            found.append(Holding(f"item{number}", value, Shares(ratio), _split(codes, value, ratio)))
        return found

    owed = {code: data.draw(pence) for code in codes}
    left, ratio, values = data.draw(pence), data.draw(_ratio(parties)), st.integers(0, 10**9)
    residual = Holding("residual", left, Shares(ratio), _split(codes, left, ratio))
    found = Position(owed, holdings(values), holdings(values), residual)
    worth = sum(owed.values()) + left + sum(a.value for a in found.assets) - sum(item.value for item in found.liabilities)
    assert sum(each.total for each in entitlements(found)) == found.net_worth == worth
    made = payments("POOL", {each.party: each.total for each in entitlements(found)})
    assert sum(p.amount if p.payer == "POOL" else -p.amount for p in made) == worth
    assert all(p.amount > 0 and "POOL" in (p.payer, p.payee) for p in made)
    assert len({frozenset(p[:2]) for p in made}) == len(made)


def _split(codes: list[str], amount: int, ratio: dict[str, int]) -> dict[str, int]:
    total = sum(ratio.values())
    parts = {code: abs(amount) * ratio.get(code, 0) // total for code in codes}
    for code in [code for code in codes if ratio.get(code)][: abs(amount) - sum(parts.values())]:
        parts[code] += 1
    return {code: part if amount > 0 else -part for code, part in parts.items() if part}


@given(kinds, histories)
def test_after_any_history_the_net_worth_is_what_the_pool_book_holds_for_the_parties(kind: str, history: list) -> None:
    books = Books(kind)
    for type, fields, wild in history:
        try_step(books, type, fields, wild)
    found = at_the_end(books)
    terms = Terms(books.signed)
    book = pool_book(replayed(books), terms)
    total = sum(each.total for each in entitlements(found))
    assert total == found.net_worth
    if kind in (*POOLS, "hybrid, parties hold", *VENTURES):
        # Whatever is not the parties' own claim on the pool: its cash, what outsiders owe it and are owed, its assets, and
        # its provisions.
        ours = ("Liabilities:Contributions", "Equity:", "Income:", "Expenditure:")
        own = {f"{side}:{party}" for side in ("Assets:Debtors", "Liabilities:Creditors") for party in terms.parties}
        assert total == sum(amount for account, amount in book.items() if not account.startswith(ours) and account not in own)
    elif kind in COMMISSIONED:
        assert found.assets == found.liabilities == []
        assert total == -sum(amount for account, amount in book.items() if account.endswith((":OCC", ":OCCG")))
