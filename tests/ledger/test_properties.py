"""What holds of every history: books balance, mirrors cancel, replay is exact, and a refusal leaves no trace."""

from __future__ import annotations

from fractions import Fraction
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.agreement import Terms
from ledger.application import Ledger
from ledger.audit.replay import Asked, replayed
from ledger.errors import Refused
from ledger.money import split
from tests.given import CODE, RECHARGING, ROLES, WHO, Books, agreement, new_ledger, record, reverse, sign
from tests.ledger import proofs
from tests.ledger.histories import histories, kinds, try_step

THIRD = '[[party]]\ncode = "VOL"\nname = "Voluntary Action"\nsector = "other"'
History = list[tuple[str, dict[str, Any], bool]]


@given(kinds, histories)
@settings(max_examples=300)
def test_after_every_event_books_balance_mirrors_cancel_and_nothing_is_below_nil(kind: str, history: History) -> None:
    books = Books(kind)
    terms = Terms(books.signed)
    for type, fields, wild in history:
        before = books.state()
        if not try_step(books, type, fields, wild):
            assert books.state() == before
            continue
        proofs.assert_balanced(books.events[-1].entries)
        now = books.balances()
        proofs.assert_balanced(now)
        proofs.assert_mirrored(terms, now)
        proofs.assert_nothing_below_nil(now)
        proofs.assert_held_once(now)


@given(st.sampled_from(RECHARGING), histories)
@settings(max_examples=120)
def test_the_pools_reserve_is_its_fixed_assets_less_what_is_not_yet_recharged(kind: str, history: History) -> None:
    books = Books(kind)
    for type, fields, wild in history:
        try_step(books, type, fields, wild)
    left = sum(
        charge.net_cost - sum(charge.recharged.values())
        for charges in books.head.state.charges.values()
        for charge in charges.values()
    )
    proofs.assert_reserve_explained(Terms(books.signed), books.balances(), left)


@given(st.sampled_from(["aligned", "commissioned", "commissioned, contractor holds"]), histories)
def test_where_there_is_no_pool_parties_owe_each_other_only_for_assets(kind: str, history: History) -> None:
    books = Books(kind)
    for type, fields, wild in history:
        if type not in ("settlement", "asset_transferred"):
            try_step(books, type, fields, wild)
    accounts = books.balances()
    assert [name for name in accounts.get("OCC", {}) if name.endswith(":OCCG")] == []
    assert [name for name in accounts.get("OCCG", {}) if name.endswith(":OCC")] == []


@given(kinds, histories)
def test_reversing_everything_latest_first_leaves_empty_books(kind: str, history: History) -> None:
    books = Books(kind)
    for type, fields, wild in history:
        if type != "reverse":
            try_step(books, type, fields, wild)
    for number in range(len(books.events), 1, -1):
        books.reverse(number)
    assert books.balances() == {}


@pytest.mark.parametrize("kind", ROLES)
@given(history=histories)
@settings(max_examples=6)
def test_replay_gives_the_head_its_rows_and_its_log_exactly(kind: str, history: History) -> None:
    with TemporaryDirectory() as place:
        ledger = new_ledger(Path(place) / "poolbook.db")
        sign(ledger, kind)
        books = Books(kind)
        for type, fields, wild in history:
            if try_step(books, type, fields, wild):
                _repeat(ledger, books)
        assert_replayed(ledger)
        kept = {(book, account): pence for book, account, pence in ledger.store.balances(CODE)}
        assert kept == {(book, name): pence for book, names in books.balances().items() for name, pence in names.items()}
        ledger.close()


def _repeat(ledger: Ledger, books: Books) -> None:
    event = books.events[-1]
    if event.reverses:
        kept = reverse(ledger, event.reverses, on=event.effective_on)
    else:
        kept = ledger.record(CODE, books.asked[event.number], WHO).events[0]
    assert (kept.fact, kept.entries) == (event.fact, event.entries)


def assert_replayed(ledger: Ledger) -> None:
    """The kept head, its balance rows and item rows are what the events alone give, and every entry what its fact posts."""
    draft = ledger.replayed(CODE)
    assert draft.row() == ledger.store.head(CODE)
    assert sorted(draft.head.balances()) == ledger.store.balances(CODE)
    assert sorted(draft.changed_items()) == ledger.store.items(CODE)
    assert [each.first for each in replayed(ledger.store.where, CODE, Asked())] == [None]


INDEPENDENT = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(["contribution_due", "contribution_received"]), st.fixed_dictionaries(
            {"party": st.sampled_from(["OCC", "OCCG"]), "fund": st.sampled_from(["", "dfg"]), "amount": st.integers(1, 999)}
        )),
        st.tuples(st.just("expenditure"), st.fixed_dictionaries(
            {"scheme": st.sampled_from(["care", "beds"]), "counterparty": st.sampled_from(["SUP", "OCC"]),
             "amount": st.integers(1, 999), "fund": st.sampled_from(["", "dfg"])}
        )),
        st.tuples(st.sampled_from(["income", "income_due"]), st.fixed_dictionaries(
            {"scheme": st.sampled_from(["care", "beds"]), "counterparty": st.just("CUST"), "amount": st.integers(1, 999)}
        )),
        st.tuples(st.just("payment"), st.fixed_dictionaries({"counterparty": st.just("SUP"), "amount": st.integers(1, 999)})),
        st.tuples(st.just("liability_recognised"), st.fixed_dictionaries(
            {"liability": st.just("pay"), "scheme": st.just("care"), "amount": st.integers(1, 999)}
        )),
    ),
    min_size=2, max_size=12,
)  # fmt: skip


@given(INDEPENDENT, st.randoms(use_true_random=False))
def test_the_order_of_independent_facts_does_not_matter(facts: list[tuple[str, dict[str, Any]]], chance: Any) -> None:
    shuffled = list(facts)
    chance.shuffle(shuffled)
    one, other = Books("lead_body"), Books("lead_body")
    for type, fields in facts:
        one.record(type, **fields)
    for type, fields in shuffled:
        other.record(type, **fields)
    assert one.balances() == other.balances()
    assert one.state()[1] == other.state()[1]


@given(history=histories)
@settings(max_examples=10)
def test_a_refused_command_leaves_every_byte_of_the_file_as_it_was(history: History) -> None:
    with TemporaryDirectory() as place:
        path = Path(place) / "poolbook.db"
        ledger = new_ledger(path)
        sign(ledger)
        digest = sha256(path.read_bytes()).digest()
        for type, fields, _ in history:
            try:
                if type == "reverse":
                    reverse(ledger, fields["number"])
                else:
                    record(ledger, type, **fields)
            except Refused:
                assert sha256(path.read_bytes()).digest() == digest
            digest = sha256(path.read_bytes()).digest()
        assert sorted(file.name for file in Path(place).iterdir()) == ["poolbook.db"]
        ledger.close()


shares = st.sampled_from([0, 1, 2, 3, 5, 7, 33, 96, 99, 333, 335, 997, 10**6 + 3])
ratios = st.lists(shares, min_size=1, max_size=6).filter(any)


@given(st.integers(-10_000, 10_000), ratios)
@settings(max_examples=1_000)
def test_a_split_adds_up_mirrors_and_is_within_a_penny_of_exact(amount: int, weights: list[int]) -> None:
    parts = split(amount, weights)
    assert sum(parts) == amount
    assert split(-amount, weights) == [-part for part in parts]
    for part, weight in zip(parts, weights, strict=True):
        exact = Fraction(amount * weight, sum(weights))
        assert abs(part - exact) < 1
        assert part == exact or exact.denominator > 1
    assert split(amount, [weight * 7 for weight in weights]) == parts


@given(st.integers(1, 10_000), ratios)
def test_pennies_left_go_to_the_largest_remainders_first_and_then_to_who_is_listed_first(
    amount: int, weights: list[int]
) -> None:
    total = sum(weights)
    parts = split(amount, weights)
    extra = [part - amount * weight // total for part, weight in zip(parts, weights, strict=True)]
    remainders = [amount * weight % total for weight in weights]
    assert set(extra) <= {0, 1}
    for i, got in enumerate(extra):
        for j, other in enumerate(extra):
            if got and not other:
                assert (remainders[i], -i) > (remainders[j], -j)


@given(st.integers(-10_000, 10_000).filter(bool), st.lists(st.integers(1, 999), min_size=3, max_size=3))
@settings(max_examples=100)
def test_a_bills_parts_are_its_amount_to_the_penny(amount: int, weights: list[int]) -> None:
    shares = ", ".join(f"{party} = {weight}" for party, weight in zip(("OCC", "OCCG", "VOL"), weights, strict=True))
    event = Books(agreement("commissioned", more=THIRD, shares=shares)).record("bill", scheme="care", amount=amount)
    assert sum(event.fact.parts.values()) == amount
    assert event.entries["ACME"]["Income:Contract:care"] == -amount
