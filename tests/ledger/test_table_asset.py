"""Fixed assets, cell by cell of the accounting table."""

from __future__ import annotations

import pytest

from tests.given import RECHARGING, VENTURES, Books, refuses

HOLDERS = [
    ("lead_body", "", "POOL"),
    *((kind, "", "JV") for kind in VENTURES),
    ("hybrid", "", "ACME"),
    ("hybrid", "OCCG", "OCCG"),
    ("hybrid, parties hold", "OCC", "OCC"),
    ("commissioned", "", "ACME"),
    ("commissioned", "OCC", "OCC"),
    ("commissioned, contractor holds", "", "ACME"),
    ("commissioned, contractor holds", "ACME", "ACME"),
    ("commissioned, parties hold", "OCCG", "OCCG"),
    ("aligned", "OCC", "OCC"),
]
"""Kind, party as written, and who holds the asset or the liability."""

NOT_HOLDERS = [
    ("lead_body", "OCC", ("book of POOL", "leave party out")),
    ("charge", "OCC", ("book of JV", "leave party out")),
    ("hybrid", "POOL", ("ACME or OCC or OCCG", "not by POOL", "name one of these")),
    ("hybrid, parties hold", "", ("parties hold", "party OCC or OCCG")),
    ("hybrid, parties hold", "ACME", ("OCC or OCCG", "not by ACME", "name one of these")),
    ("commissioned, contractor holds", "OCC", ("held by ACME", "not by OCC", "name one of these")),
    ("commissioned, parties hold", "", ("parties hold", "party OCC or OCCG")),
    ("commissioned, parties hold", "ACME", ("OCC or OCCG", "not by ACME", "name one of these")),
    ("aligned", "", ("aligned", "party OCC or OCCG")),
]
"""Kind, party as written, and the words of the refusal."""


def bought(kind: str, party: str, amount: int = 60_00, **fields: str) -> Books:
    """Books in which a van was bought for care."""
    books = Books(kind)
    books.record(
        "asset_acquired", asset="van", scheme="care", counterparty="SUP", amount=amount, party=party, **fields
    )  # fmt: skip
    return books


@pytest.mark.parametrize(("kind", "party", "holder"), HOLDERS)
def test_an_asset_stands_at_cost_in_its_holders_book(kind: str, party: str, holder: str) -> None:
    event = bought(kind, party).events[-1]
    assert event.entries == {holder: {"Assets:Fixed assets:Cost:van": 60_00, "Liabilities:Creditors:SUP": -60_00}}


@pytest.mark.parametrize(("kind", "party", "words"), NOT_HOLDERS)
def test_an_asset_is_held_by_who_the_agreement_says(kind: str, party: str, words: tuple[str, ...]) -> None:
    refuses(
        Books(kind), "asset_acquired", *words, asset="van", scheme="care", counterparty="SUP", amount=60_00, party=party
    )  # fmt: skip


@pytest.mark.parametrize(("kind", "keeper"), [("lead_body", "POOL"), *((kind, "JV") for kind in VENTURES)])
def test_a_party_that_supplies_an_asset_to_the_keeper_earns_income(kind: str, keeper: str) -> None:
    event = Books(kind).record("asset_acquired", asset="van", scheme="care", counterparty="OCCG", amount=60_00)
    assert event.entries == {
        keeper: {"Assets:Fixed assets:Cost:van": 60_00, "Liabilities:Creditors:OCCG": -60_00},
        "OCCG": {f"Assets:Debtors:{keeper}": 60_00, "Income:Provision:care": -60_00},
    }


@pytest.mark.parametrize(
    ("kind", "party", "supplier", "words"),
    [
        ("commissioned", "", "OCC", ("OCC is a party", "do not supply ACME")),
        ("commissioned", "OCC", "ACME", ("ACME is the contractor", "as a bill")),
        ("hybrid", "", "OCC", ("OCC is a party", "do not supply ACME")),
        ("hybrid", "OCC", "POOL", ("POOL keeps the pool", "outside supplier")),
        ("lead_body", "", "POOL", ("POOL cannot be its own supplier",)),
    ],
)
def test_other_bodies_of_the_arrangement_supply_no_assets(
    kind: str, party: str, supplier: str, words: tuple[str, ...]
) -> None:
    refuses(
        Books(kind), "asset_acquired", *words, asset="van", scheme="care", counterparty=supplier, amount=1_00, party=party
    )  # fmt: skip


@pytest.mark.parametrize(("kind", "party", "holder"), HOLDERS)
def test_an_addition_to_an_asset_adds_to_its_cost(kind: str, party: str, holder: str) -> None:
    books = bought(kind, party)
    books.record("asset_acquired", asset="van", scheme="care", counterparty="SUP2", amount=5_00, party=party)
    assert books.balance(holder, "Assets:Fixed assets:Cost:van") == 65_00


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"scheme": "beds", "party": "OCC"}, ("for care", "a code of its own")),
        ({"scheme": "care", "party": "OCCG"}, ("van is an asset of OCC", "a code of its own")),
        ({"scheme": "care", "party": "OCC", "fund": "dfg"}, ("van is an asset of OCC", "a code of its own")),
    ],
    ids=["another scheme", "another holder", "another fund"],
)
def test_one_code_stands_for_one_asset(fields: dict, words: tuple[str, ...]) -> None:
    refuses(
        bought("aligned", "OCC"), "asset_acquired", *words, asset="van", counterparty="SUP", amount=1_00, **fields
    )  # fmt: skip


@pytest.mark.parametrize(("kind", "party", "holder"), HOLDERS)
def test_depreciation_is_charged_by_the_holder(kind: str, party: str, holder: str) -> None:
    books = bought(kind, party)
    event = books.record("asset_depreciated", asset="van", amount=12_00)
    assert event.entries == {holder: {"Expenditure:Depreciation:van": 12_00, "Assets:Fixed assets:Depreciation:van": -12_00}}
    refuses(
        books, "asset_depreciated", "van stands at £48.00", holder, "£48.01", "depreciate it by £48.00 or less",
        asset="van", amount=48_01,
    )  # fmt: skip
    books.record("asset_depreciated", asset="van", amount=48_00)


TRANSFERS = [
    ("lead_body", "", "POOL", "OCCG"),
    *((kind, "", "JV", "OCC") for kind in VENTURES),
    ("hybrid", "", "ACME", "POOL"),
    ("hybrid, parties hold", "OCC", "OCC", "OCCG"),
    ("commissioned", "", "ACME", "OCC"),
    ("commissioned, parties hold", "OCCG", "OCCG", "OCC"),
    ("aligned", "OCC", "OCC", "OCCG"),
]


@pytest.mark.parametrize(("kind", "party", "giver", "taker"), TRANSFERS)
@pytest.mark.parametrize(
    ("consideration", "in_giver", "in_taker"),
    [
        # The van cost 60.00 and has worn off by 12.00: it stands at 48.00.
        (48_00, {}, {}),
        (50_00, {"Income:Transfer:van": -2_00}, {"Expenditure:Transfer:van": 2_00}),
        (40_00, {"Expenditure:Transfer:van": 8_00}, {"Income:Transfer:van": -8_00}),
        (0, {"Expenditure:Transfer:van": 48_00}, {"Income:Transfer:van": -48_00}),
    ],
    ids=["at carrying value", "above", "below", "for nothing"],
)
def test_a_transfer_takes_the_carrying_value_across(
    kind: str, party: str, giver: str, taker: str, consideration: int, in_giver: dict, in_taker: dict
) -> None:
    books = bought(kind, party)
    books.record("asset_depreciated", asset="van", amount=12_00)
    event = books.record("asset_transferred", asset="van", party=giver, counterparty=taker, consideration=consideration)
    owed = {f"Assets:Debtors:{taker}": consideration} if consideration else {}
    owing = {f"Liabilities:Creditors:{giver}": -consideration} if consideration else {}
    assert event.entries == {
        giver: {
            "Assets:Fixed assets:Depreciation:van": 12_00, "Assets:Fixed assets:Cost:van": -60_00, **owed, **in_giver,
        },
        taker: {"Assets:Fixed assets:Cost:van": 48_00, **owing, **in_taker},
    }  # fmt: skip
    refuses(
        books, "asset_transferred", f"held by {taker}", f"{giver} cannot", "name the holder",
        asset="van", party=giver, counterparty=taker, consideration=1,
    )  # fmt: skip
    books.record("asset_depreciated", asset="van", amount=48_00)
    assert books.balance(taker, "Assets:Fixed assets:Depreciation:van") == -48_00


def test_an_asset_is_not_given_to_its_holder() -> None:
    refuses(
        bought("lead_body", ""), "asset_transferred", "POOL already holds van", "counterparty",
        asset="van", party="POOL", counterparty="POOL", consideration=0,
    )  # fmt: skip


@pytest.mark.parametrize(("kind", "party", "holder"), HOLDERS)
@pytest.mark.parametrize(
    ("proceeds", "difference"),
    [(48_00, {}), (50_00, {"Income:Transfer:van": -2_00}), (0, {"Expenditure:Transfer:van": 48_00})],
    ids=["at carrying value", "above", "scrapped"],
)
def test_a_disposal_outside_takes_the_asset_off_for_cash(
    kind: str, party: str, holder: str, proceeds: int, difference: dict
) -> None:
    books = bought(kind, party)
    books.record("asset_depreciated", asset="van", amount=12_00)
    event = books.record("asset_disposed", asset="van", amount=proceeds, counterparty="DEALER")
    cash = {"Assets:Cash": proceeds} if proceeds else {}
    assert event.entries == {
        holder: {
            "Assets:Fixed assets:Depreciation:van": 12_00, "Assets:Fixed assets:Cost:van": -60_00, **cash, **difference,
        }
    }  # fmt: skip
    for type, fields in (("asset_depreciated", {"amount": 1}), ("asset_disposed", {"amount": 1})):
        refuses(books, type, "van was disposed of", "check the code", asset="van", **fields)
    refuses(
        books, "asset_acquired", "van was disposed of", "a code of its own",
        asset="van", scheme="care", counterparty="SUP", amount=1, party=party,
    )  # fmt: skip


def test_what_passes_to_a_body_of_the_arrangement_is_a_transfer() -> None:
    refuses(
        bought("lead_body", ""), "asset_disposed", "OCC is a body of pool", "asset transfer", "party POOL",
        "counterparty OCC", asset="van", amount=1, counterparty="OCC",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("type", "fields"),
    [
        ("asset_depreciated", {"amount": 1}),
        ("asset_transferred", {"party": "POOL", "counterparty": "OCC"}),
        ("asset_disposed", {"amount": 1}),
    ],
)
def test_an_asset_nobody_bought_is_unknown(type: str, fields: dict) -> None:
    refuses(bought("lead_body", ""), type, "pool has no asset bus", "first", asset="bus", **fields)


@pytest.mark.parametrize("kind", RECHARGING)
def test_an_asset_may_be_bought_with_a_funds_money(kind: str) -> None:
    party = "OCC" if kind == "hybrid, parties hold" else ""
    assert bought(kind, party, fund="dfg").events[-1].fact.fund == "dfg"
