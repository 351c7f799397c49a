"""Account names in other grammars: always valid there, and different names stay different."""

from __future__ import annotations

import re
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projections.exports.names import component, in_beancount, in_hledger, in_ledger, original
from projections.exports.plain_text import _TYPES as KINDS

BEANCOUNT = re.compile(r"[A-Z0-9][A-Za-z0-9-]*")
"""A part of an account's name, as beancount's manual gives it (ASCII letters only)."""

codes = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._-]{0,9}", fullmatch=True)
near = st.text(st.sampled_from("cCxX-_. 2def"), max_size=9)
words = st.sampled_from(
    ["Cash", "cash", "Fixed assets", "fixed-assets", "Fixed-assets", "risk-share", "X-ray", "Xx2d-a", "-x2d-"]
)
parts = st.one_of(codes, codes, near, words, st.text(max_size=9))


@given(parts)
def test_a_part_of_a_beancount_name_is_valid_and_reads_back(text: str) -> None:
    assert BEANCOUNT.fullmatch(component(text))
    assert original(component(text)) == text


@pytest.mark.parametrize(
    ("text", "spelt"),
    [
        ("POOL", "POOL"), ("NHS-2", "NHS-2"), ("care", "Care"), ("care-agencies", "Care-agencies"), ("2nd-van", "2nd-van"),
        ("Fixed assets", "Fixed-assets"), ("Risk share", "Risk-share"), ("risk-share", "X-risk-share"), ("Care", "X-Care"),
        ("cash", "X-cash"), ("Cash", "Cash"), ("van.2", "Van-x2e-2"), ("a_b", "A-x5f-b"), ("x", "X-x"),
        ("a-x-b", "A-x2d-x-b"), ("", "X-"), ("é", "X--xe9-"),
    ],
)  # fmt: skip
def test_how_a_part_is_spelt(text: str, spelt: str) -> None:
    assert component(text) == spelt


@given(parts, parts, parts)
def test_a_name_in_hledger_cannot_be_cut_and_reads_back(arrangement: str, book: str, rest: str) -> None:
    name = in_hledger(arrangement, book, f"Assets:{rest}")
    assert re.fullmatch(r"[A-Za-z0-9._%~:-]+( [A-Za-z0-9._%~:-]+)*", name), name
    back = tuple("" if part == "%" else unquote(part) for part in name.split(":"))
    assert back == (arrangement, book, "Assets", *rest.split(":"))


def test_names_that_need_no_change_in_hledger_have_none() -> None:
    assert (
        in_hledger("pool", "OCC", "Assets:Prepaid contributions:POOL:dfg") == "pool:OCC:Assets:Prepaid contributions:POOL:dfg"
    )


@given(st.lists(parts, min_size=1, max_size=2), st.lists(parts, min_size=1, max_size=2))
def test_in_ledger_a_funds_contributions_stand_beside_the_partys(one: list[str], other: list[str]) -> None:
    for above in ("Liabilities:Contributions in advance:", "Assets:Prepaid contributions:"):
        names = [in_ledger("pool", "POOL", above + ":".join(rest)) for rest in (one, other)]
        assert (names[0] == names[1]) == (":".join(one) == ":".join(other))
        assert {name.count(":") for name in names} == {4}
    assert in_ledger("pool", "POOL", "Liabilities:Contributions in advance:OCC:dfg").endswith(":OCC/dfg")
    assert in_ledger("pool", "POOL", "Assets:Fixed assets:Cost:van").endswith("Assets:Fixed assets:Cost:van")


@pytest.mark.parametrize("kind", KINDS)
def test_a_beancount_name_begins_with_its_kind(kind: str) -> None:
    assert in_beancount("pool", "OCC", f"{kind}:Fixed assets:Cost:van") == f"{kind}:Pool:OCC:Fixed-assets:Cost:Van"
