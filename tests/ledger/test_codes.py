"""Codes that no agreement knows, codes too near to another, and days before the arrangement starts."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from ledger.errors import UnknownCode
from tests.given import ROLES, Books, refuses

UNKNOWN: dict[str, tuple[str, str, dict[str, Any], str, tuple[str, ...]]] = {
    "scheme": (
        "lead_body", "expenditure", {"scheme": "cares", "counterparty": "SUP"}, "scheme",
        ("cares is no scheme of pool", "did you mean care?"),
    ),
    "a scheme like none": (
        "lead_body", "income", {"scheme": "zzz"}, "scheme", ("zzz is no scheme of pool", "there are care, beds"),
    ),
    "party": ("lead_body", "contribution_due", {"party": "OCGG"}, "party", ("OCGG is no party", "did you mean OCCG?")),
    "the pool is no party": ("lead_body", "contribution_due", {"party": "POOL"}, "party", ("POOL is no party of pool",)),
    "the entity is no party": ("grant", "contribution_due", {"party": "JV"}, "party", ("JV is no party of pool",)),
    "case matters": ("lead_body", "refund", {"party": "occ"}, "party", ("occ is no party", "did you mean OCC?")),
    "set-off": ("lead_body", "set_off", {"party": "OCD"}, "party", ("OCD is no party", "did you mean OCC?")),
    "whose cost": (
        "aligned", "expenditure", {"scheme": "care", "counterparty": "SUP", "party": "OC"}, "party",
        ("OC is no body with a book of pool", "did you mean OCC?"),
    ),
    "payer": ("lead_body", "settlement", {"party": "SUP", "counterparty": "POOL"}, "party", ("SUP is no body with a book",)),
    "payee": (
        "lead_body", "settlement", {"party": "OCC", "counterparty": "pool"}, "counterparty",
        ("pool is no body with a book", "did you mean POOL?"),
    ),
    "taker": (
        "lead_body", "asset_transferred", {"asset": "van", "party": "POOL", "counterparty": "SUP"}, "counterparty",
        ("SUP is no body with a book", "there are POOL, OCC, OCCG"),
    ),
    "no pool among aligned budgets": (
        "aligned", "settlement", {"party": "OCC", "counterparty": "POOL"}, "counterparty", ("POOL is no body with a book",),
    ),
    "fund": ("lead_body", "refund", {"party": "OCC", "fund": "DFG"}, "fund", ("DFG is no fund of pool", "did you mean dfg?")),
}  # fmt: skip


@pytest.mark.parametrize("case", UNKNOWN)
def test_a_code_no_agreement_knows(case: str) -> None:
    kind, type, fields, column, words = UNKNOWN[case]
    with pytest.raises(UnknownCode) as caught:
        Books(kind).record(type, **{"consideration" if type == "asset_transferred" else "amount": 1_00}, **fields)
    assert caught.value.column == column
    assert [word for word in words if word not in str(caught.value)] == [], str(caught.value)


OUTSIDE = [
    ("expenditure", {"scheme": "care"}),
    ("payment", {}),
    ("income", {"scheme": "care"}),
    ("income_due", {"scheme": "care"}),
    ("income_received", {}),
    ("asset_acquired", {"asset": "van", "scheme": "care"}),
]


@pytest.mark.parametrize(("type", "fields"), OUTSIDE)
@pytest.mark.parametrize(
    ("kind", "code", "meant"),
    [("lead_body", "occ", "OCC"), ("lead_body", "Pool", "POOL"), ("hybrid", "Acme", "ACME"), ("grant", "jv", "JV")],
)
def test_an_outsiders_code_may_not_differ_from_a_books_only_by_case(
    type: str, fields: dict, kind: str, code: str, meant: str
) -> None:
    said = rf"{code} differs from {meant} only by case, and {meant} has a book in pool: write {meant}, or give the other body"
    with pytest.raises(UnknownCode, match=said) as caught:
        Books(kind).record(type, counterparty=code, amount=1_00, **fields)
    assert caught.value.column == "counterparty"


@pytest.mark.parametrize("kind", ["aligned", "commissioned", "grant"])
@pytest.mark.parametrize("code", ["POOL", "pool", "Pool"])
def test_pool_is_kept_for_pool_books_even_where_there_is_none(kind: str, code: str) -> None:
    whose = {"party": "OCC"} if kind == "aligned" else {}
    with pytest.raises(UnknownCode, match=r"POOL is kept for pool books: give the other body another code\."):
        Books(kind).record("expenditure", scheme="care", counterparty=code, amount=1_00, **whose)


@pytest.mark.parametrize("type", ["asset_acquired", "liability_recognised"])
@pytest.mark.parametrize(
    ("kind", "code", "said"),
    [
        ("lead_body", "occ", "occ differs from OCC only by case, and OCC has a book in pool: give the {} another code."),
        ("hybrid", "Acme", "Acme differs from ACME only by case, and ACME has a book in pool: give the {} another code."),
        ("grant", "Pool", "Pool cannot be used in pool, for POOL is kept for pool books: give the {} another code."),
    ],
)
def test_nor_may_the_code_of_an_asset_or_a_liability(type: str, kind: str, code: str, said: str) -> None:
    what = type.partition("_")[0]
    bought = {"counterparty": "garage"} if what == "asset" else {}
    with pytest.raises(UnknownCode) as caught:
        Books(kind).record(type, scheme="care", amount=1_00, **{what: code}, **bought)
    assert (str(caught.value), caught.value.column) == (said.format(what), what)


def test_an_asset_may_bear_a_bodys_own_code() -> None:
    event = Books("lead_body").record("asset_acquired", asset="OCC", scheme="care", counterparty="garage", amount=1_00)
    assert event.entries["POOL"]["Assets:Fixed assets:Cost:OCC"] == 1_00


def test_a_supplier_needs_no_declaration() -> None:
    event = Books("lead_body").record("expenditure", scheme="care", counterparty="9-Lives_Ltd.co", amount=1_00)
    assert event.entries["POOL"]["Liabilities:Creditors:9-Lives_Ltd.co"] == -1_00


@pytest.mark.parametrize("kind", ROLES)
def test_nothing_belongs_in_an_arrangement_before_it_starts(kind: str) -> None:
    books = Books(kind)
    whose = {"party": "OCC"} if kind == "aligned" else {}
    refuses(
        books, "income", "pool starts on 2013-04-01", "2013-03-31", "check the date",
        scheme="care", amount=1_00, on=date(2013, 3, 31), **whose,
    )  # fmt: skip
    assert books.record("income", scheme="care", amount=1_00, on=date(2013, 4, 1), **whose).effective_on == date(2013, 4, 1)
