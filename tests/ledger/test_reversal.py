"""Corrections: a fact is reversed exactly, once, and not where it has been used since."""

from __future__ import annotations

from datetime import date

import pytest

from tests.given import Books, refused
from tests.ledger.examples import EXAMPLES, Example, Step, prepared


@pytest.mark.parametrize("example", EXAMPLES.values(), ids=EXAMPLES)
def test_a_reversal_returns_every_book_exactly(example: Example) -> None:
    books = prepared(example)
    before = books.balances()
    event = books.record(example.type, **example.fields)
    reversal = books.reverse(event, on=date(2014, 1, 2))
    assert books.balances() == before
    assert reversal.entries == {
        book: {account: -amount for account, amount in accounts.items()} for book, accounts in event.entries.items()
    }
    assert (reversal.reverses, reversal.fact.fact) == (event.number, event.fact)
    assert reversal.effective_on == date(2014, 1, 2)
    books.record(example.type, **example.fields)


@pytest.mark.parametrize("example", EXAMPLES.values(), ids=EXAMPLES)
def test_nothing_is_reversed_twice(example: Example) -> None:
    books = prepared(example)
    number = books.record(example.type, **example.fields).number
    books.reverse(number)
    refused(
        lambda: books.reverse(number), f"#{number} of pool was reversed by #{number + 1} already", "nothing is reversed twice"
    )  # fmt: skip


@pytest.mark.parametrize("example", EXAMPLES.values(), ids=EXAMPLES)
def test_a_reversal_is_reversed_like_any_other_fact(example: Example) -> None:
    books = prepared(example)
    before = books.balances()
    number = books.record(example.type, **example.fields).number
    after = books.balances()
    books.reverse(number)
    books.reverse(number + 1)
    assert books.balances() == after
    books.reverse(number + 2)
    assert books.balances() == before


def test_a_fact_is_reversed_and_reinstated_only_so_often_for_each_time_its_bytes_grow() -> None:
    books = Books("lead_body")
    event = books.record("income", scheme="care", amount=1)
    for _ in range(10):
        event = books.reverse(event)
    assert books.balances() == {"POOL": {"Assets:Cash": 1, "Income:Other:care": -1}}
    refused(lambda: books.reverse(event), "#12 of pool", "10 times over", "reference")


def test_a_signature_is_not_reversed() -> None:
    refused(lambda: Books("lead_body").reverse(1), "#1 signed pool", "not reversed", "under its own code")


def test_nothing_is_reversed_before_the_arrangement_starts() -> None:
    books = Books("lead_body")
    books.record("income", scheme="care", amount=1)
    refused(lambda: books.reverse(2, on=date(2013, 3, 31)), "pool starts on 2013-04-01", "check the date")


def _s(type: str, **fields: object) -> Step:
    return type, fields


DUE = _s("contribution_due", party="OCC", amount=60_00)
COST = _s("expenditure", scheme="care", counterparty="SUP", amount=100_00)
CHARGED = _s("recharge", scheme="care", amount=100_00)
RECEIVED = _s("contribution_received", party="OCC", amount=60_00)
A_PENNY_MORE = _s("recharge", scheme="care", amount=1)
BACK = _s("recharge", scheme="care", amount=-30_00)
VAN = _s("asset_acquired", asset="van", scheme="care", counterparty="SUP", amount=60_00)
MORE = _s("asset_acquired", asset="van", scheme="care", counterparty="SUP", amount=5_00)
WEAR = _s("asset_depreciated", asset="van", amount=12_00)
WORN_OFF = _s("asset_depreciated", asset="van", amount=60_00)
GONE = _s("asset_transferred", asset="van", party="POOL", counterparty="OCC", consideration=48_00)
AGAIN = _s("asset_transferred", asset="van", party="OCC", counterparty="OCCG", consideration=0)
SOLD = _s("asset_disposed", asset="van", amount=50_00)
PAY = _s("liability_recognised", liability="pay", scheme="care", amount=30_00)
SETTLED = _s("liability_settled", liability="pay", amount=1)

USED: dict[str, tuple[list[Step], int, tuple[str, ...]]] = {
    "a contribution drawn": ([DUE, COST, CHARGED], 2, ("Contributions in advance:OCC", "below nil")),
    "a contribution refunded": ([DUE, _s("refund", party="OCC", amount=1)], 2, ("Contributions in advance:OCC", "below nil")),
    "an advance that a recharge gave back and another drew": (
        [COST, CHARGED, RECEIVED, BACK, A_PENNY_MORE], 5,
        ("Contributions in advance:OCC", "below nil"),
    ),
    "a recharge partly given back": ([COST, CHARGED, BACK], 3, ("care has been recharged £70.00", "£100.00")),
    "an asset worn off": ([VAN, WEAR], 2, ("van", "below nil", "£48.00", "£60.00 would be taken")),
    "an asset passed on": ([VAN, GONE], 2, ("van",)),
    "an asset sold": ([VAN, SOLD], 2, ("van",)),
    "a scrapped asset that had worn off": ([VAN, WORN_OFF, _s("asset_disposed", asset="van", amount=0)], 2, ("van",)),
    "an addition to an asset passed on": ([VAN, MORE, GONE], 3, ("van",)),
    "depreciation of an asset passed on": ([VAN, WEAR, GONE], 3, ("van",)),
    "depreciation of an asset sold": ([VAN, WEAR, SOLD], 3, ("van",)),
    "a transfer of an asset since worn off": ([VAN, GONE, WEAR], 3, ("van",)),
    "a transfer of an asset since passed on": ([VAN, GONE, AGAIN], 3, ("van",)),
    "a transfer of an asset since sold": ([VAN, GONE, SOLD], 3, ("van",)),
    "a transfer, for nothing, of a worn off asset since passed on": ([VAN, WORN_OFF, GONE, AGAIN], 4, ("van",)),
    "a transfer of a worn off asset since scrapped": ([VAN, WORN_OFF, GONE, SOLD], 4, ("van",)),
    "a provision settled": ([PAY, SETTLED], 2, ("Provisions:pay", "below nil")),
    "a provision released": ([PAY, (PAY[0], PAY[1] | {"amount": -1})], 2, ("Provisions:pay", "below nil")),
}  # fmt: skip


@pytest.mark.parametrize("used", USED)
def test_what_has_been_used_since_is_not_reversed(used: str) -> None:
    steps, number, words = USED[used]
    books = Books("lead_body")
    for type, fields in steps:
        books.record(type, **fields)
    before = books.state()
    said = refused(lambda: books.reverse(number), *words, f"#{number} cannot be reversed. ")
    assert said.endswith(": reverse first what used it since.")
    assert books.state() == before
    for later in range(len(steps) + 1, number, -1):
        books.reverse(later)
    books.reverse(number)


def test_a_transfer_is_not_reversed_where_the_taker_has_added_to_the_asset() -> None:
    books = Books("aligned")
    books.record("asset_acquired", asset="van", scheme="care", counterparty="SUP", amount=60_00, party="OCC")
    gone = books.record("asset_transferred", asset="van", party="OCC", counterparty="OCCG", consideration=0)
    books.record("asset_acquired", asset="van", scheme="care", counterparty="SUP", amount=70_00, party="OCCG")
    refused(lambda: books.reverse(gone), "van", "everse first")


NEW = pytest.mark.parametrize(
    ("type", "fields"),
    [
        ("asset_acquired", {"asset": "van", "scheme": "care", "counterparty": "SUP", "amount": 60_00}),
        ("liability_recognised", {"liability": "pay", "scheme": "care", "amount": 60_00}),
    ],
)


@NEW
def test_a_code_that_is_free_again_may_stand_for_its_first_holders(type: str, fields: dict) -> None:
    books = Books("aligned")
    first = books.record(type, **fields, party="OCC")
    reversal = books.reverse(first)
    books.reverse(books.record(type, **fields, party="OCCG"))
    assert books.reverse(reversal).entries == first.entries


@NEW
def test_a_reversal_is_not_reversed_where_the_code_now_stands_for_anothers(type: str, fields: dict) -> None:
    books = Books("aligned")
    reversal = books.reverse(books.record(type, **fields, party="OCC"))
    books.record(type, **fields, party="OCCG")
    refused(lambda: books.reverse(reversal), "of OCCG", "reverse first what took its place since")


AGAIN_BEYOND: dict[str, tuple[str, list[Step], Step, tuple[str, ...]]] = {
    "a recharge above net cost": ("lead_body", [COST], CHARGED, ("care has £0.00", "not yet recharged", "£100.00")),
    "a refund above what is left": ("lead_body", [DUE], _s("refund", party="OCC", amount=40_00), ("OCC has £20.00",)),
    "a grant's refund above what was granted": (
        "grant", [DUE], _s("refund", party="OCC", amount=40_00), ("OCC has £20.00",),
    ),
    "a set-off of what nobody owes": (
        "lead_body", [DUE, _s("expenditure", scheme="care", counterparty="OCC", amount=50_00)],
        _s("set_off", party="OCC", amount=50_00), ("POOL owes OCC £0.00",),
    ),
    "depreciation of more than is there": ("lead_body", [VAN], WORN_OFF, ("van", "below nil")),
    "a settlement of more than is provided": (
        "lead_body", [PAY], _s("liability_settled", liability="pay", amount=20_00), ("Provisions:pay", "below nil"),
    ),
    "a second disposal": ("lead_body", [VAN], SOLD, ("van",)),
    "a second transfer": ("lead_body", [VAN], GONE, ("van",)),
}  # fmt: skip


@pytest.mark.parametrize("again", AGAIN_BEYOND)
def test_a_reversal_is_not_reversed_where_the_fact_could_not_be_recorded_now(again: str) -> None:
    kind, before, (type, fields), words = AGAIN_BEYOND[again]
    books = Books(kind)
    for earlier, with_fields in before:
        books.record(earlier, **with_fields)
    reversal = books.reverse(books.record(type, **fields))
    books.record(type, **fields)
    refused(lambda: books.reverse(reversal), *words)


def test_cash_and_costs_are_corrected_even_where_that_overpays_or_overcharges() -> None:
    books = Books("lead_body")
    cost = books.record("expenditure", scheme="care", counterparty="SUP", amount=100_00)
    books.record("recharge", scheme="care", amount=100_00)
    books.record("payment", counterparty="SUP", amount=100_00)
    books.reverse(cost)
    assert books.balance("POOL", "Liabilities:Creditors:SUP") == 100_00
    books.record("recharge", scheme="care", amount=-100_00)
    assert books.balance("POOL", "Income:Recharges:OCC") == 0


def test_a_reversal_gives_back_the_recorded_parts_not_a_new_split() -> None:
    books = Books("lead_body")
    books.record("contribution_due", party="OCC", amount=10_00)
    books.record("expenditure", scheme="care", counterparty="SUP", amount=50_00)
    charged = books.record("recharge", scheme="care", amount=50_00)
    books.record("contribution_due", party="OCC", amount=900_00)
    assert books.reverse(charged).entries["POOL"] == {
        "Liabilities:Contributions in advance:OCC": -10_00, "Income:Recharges:OCC": 30_00, "Assets:Debtors:OCC": -20_00,
        "Income:Recharges:OCCG": 20_00, "Assets:Debtors:OCCG": -20_00,
    }  # fmt: skip
