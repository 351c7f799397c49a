"""Which amounts make sense: negative where something is credited or released, nil where nothing was paid."""

from __future__ import annotations

import pytest

from ledger.requests import KINDS
from tests.given import refuses
from tests.ledger.examples import EXAMPLES, prepared

NEGATIVE = {
    "expenditure", "bill", "income", "income_due", "recharge", "contribution_due", "liability_recognised",
}  # fmt: skip
NIL = {"asset_disposed", "asset_transferred"}
MEASURED = {type: "consideration" if type == "asset_transferred" else "amount" for type in EXAMPLES}


def test_every_type_of_fact_has_an_example() -> None:
    assert set(EXAMPLES) == set(KINDS)


@pytest.mark.parametrize("type", sorted(set(EXAMPLES) - NEGATIVE))
def test_what_cannot_be_negative_is_refused(type: str) -> None:
    example = EXAMPLES[type]
    refuses(
        prepared(example), type, "-£0.01", f"{MEASURED[type]} cannot be negative", "To take one back",
        **example.fields | {MEASURED[type]: -1},
    )  # fmt: skip


@pytest.mark.parametrize("type", sorted(NEGATIVE))
def test_what_may_be_negative_posts_the_opposite(type: str) -> None:
    example = EXAMPLES[type]
    books = prepared(example)
    first = books.record(type, **example.fields)
    back = books.record(type, **example.fields | {"amount": -example.fields["amount"]})
    if type == "recharge":  # what was drawn comes back first as a debt cancelled: see the recharges given back
        return
    assert back.entries == {
        book: {account: -amount for account, amount in accounts.items()} for book, accounts in first.entries.items()
    }


@pytest.mark.parametrize("type", sorted(set(EXAMPLES) - NIL))
def test_nil_is_refused_for_nothing_would_be_recorded(type: str) -> None:
    example = EXAMPLES[type]
    refuses(prepared(example), type, type, "other than nil", "nothing would be recorded", **example.fields | {"amount": 0})


@pytest.mark.parametrize("type", sorted(NIL))
def test_nil_is_allowed_for_what_may_be_given_away(type: str) -> None:
    example = EXAMPLES[type]
    event = prepared(example).record(type, **example.fields | {MEASURED[type]: 0})
    assert event.entries["POOL"]["Expenditure:Transfer:van"] == 48_00


_MISSING = [
    (type, column) for type in sorted(EXAMPLES) for column in KINDS[type].needs if column not in ("amount", "consideration")
]


@pytest.mark.parametrize(("type", "column"), _MISSING)
def test_a_fact_without_what_it_needs_is_refused(type: str, column: str) -> None:
    example = EXAMPLES[type]
    refuses(prepared(example), type, type, column, **example.fields | {column: ""})


_COLUMNS = {"party": "OCC", "counterparty": "SUP", "scheme": "care", "fund": "dfg", "asset": "van", "liability": "pay",
            "amount": 1, "consideration": 1}  # fmt: skip
_UNUSED = [(type, column) for type in sorted(EXAMPLES) for column in _COLUMNS if column not in KINDS[type].columns]


@pytest.mark.parametrize(("type", "column"), _UNUSED)
def test_a_fact_with_what_it_does_not_use_is_refused(type: str, column: str) -> None:
    example = EXAMPLES[type]
    refuses(
        prepared(example), type, f"{type} does not use {column}", "leave it out",
        **example.fields | {column: _COLUMNS[column]},
    )  # fmt: skip


@pytest.mark.parametrize("sign", [1, -1])
def test_no_balance_grows_beyond_what_can_be_kept(sign: int) -> None:
    example = EXAMPLES["expenditure"]
    refuses(
        prepared(example), "expenditure", "more than can be kept", "check the amount",
        **example.fields | {"amount": sign * 10**17},
    )  # fmt: skip
