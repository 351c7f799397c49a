"""Each difference by its cause, by hand; and what holds of all: the causes add up to the difference to the penny."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.reconciliation.differences import CAUSES, Compared, compare
from ledger.reconciliation.extract import Line
from ledger.reconciliation.mirror import Item
from tests.reconciliation.books import CUT

Told = tuple[int, str, int]
"""A day from the cut-off on, a reference, pence."""


def held(ours: list[Told | Item], theirs: list[Told], disputed: dict[int, int] | None = None, days: int = 31) -> Compared:
    """Our events #1, #2 … (a document after a slash) against their lines 1, 2 …"""
    items = [each if isinstance(each, Item) else item(number, *each) for number, each in enumerate(ours, 1)]
    lines = [Line(at, CUT + timedelta(day), amount, name) for at, (day, name, amount) in enumerate(theirs, 1)]
    return compare(items, lines, CUT, days, disputed or {})


def item(number: int, day: int, name: str, amount: int, reverses: int = 0) -> Item:
    reference, _, document = name.partition("/")
    return Item(number, CUT + timedelta(day), amount, reference, document, reverses)


def causes(found: Compared) -> list[tuple[str, str, int, int]]:
    """Cause, reference, ours, theirs; and the sums must be right."""
    assert found.difference == found.explained + found.unexplained == sum(each.amount for each in found.differences)
    return [(each.item.cause, each.item.reference, each.item.ours, each.item.theirs) for each in found.differences]


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ([(0, "A", 100)], [(0, "A", 100)]),
        ([(0, "#1/INV", 100)], [(-40, " inv ", 100)]),
        ([(0, "Caf\u00e9", 100)], [(-40, "CAFE\u0301", 100)]),
        ([(0, "A", 100)], [(-31, "", 100)]),
        ([(0, "A", 100)], [(-31, "X", 100)]),
        ([(0, "A", -100)], [(-9, "A", -60), (-3, "A", -40)]),
        ([(0, "A", -90)], [(0, "A", -100), (0, "A", 10)]),
        ([(0, "A", -60), (0, "B/A", -40)], [(0, "A", -100)]),
        ([(0, "A", 0)], []),
        ([], [(0, "Z", 0)]),
        ([(1, "A", 100)], [(2, "B", 70)]),
        ([(-3, "A", 100), item(2, -2, "#2", -100, reverses=1)], []),
        ([(-9, "A", 5), item(2, -8, "#2", -5, reverses=1), item(3, -7, "#3", 5, reverses=2)], [(-9, "A", 5)]),
    ],
    ids=["reference", "document", "accents", "amount and date", "a reference nobody here knows", "in parts",
         "in parts of both signs", "two events in one line", "nil here", "nil there", "after the cut-off",
         "reversed", "reversed twice"],
)  # fmt: skip
def test_sides_agree(ours: list[Told | Item], theirs: list[Told]) -> None:
    assert causes(held(ours, theirs)) == []


def test_what_agrees_is_confirmed_by_number() -> None:
    found = held([(0, "A", 100), (0, "B", -60), (0, "C/B", -40), (0, "D", 7)], [(0, "A", 100), (0, "B", -100)])
    assert found.confirmed == [1, 2, 3]
    assert causes(found) == [("missing_there", "D", 7, 0)]


@pytest.mark.parametrize(
    ("ours", "theirs", "cause"),
    [
        ([(0, "A", 100)], [(0, "A", 90)], ("amount", "A", 100, 90)),
        ([(0, "A", 100)], [(0, "a", -100)], ("amount", "A", 100, -100)),
        ([(0, "A", 0)], [(0, "A", -50)], ("amount", "A", 0, -50)),
        ([(0, "A", 50)], [(0, "A", 0)], ("amount", "A", 50, 0)),
        ([(0, "A", 100)], [], ("missing_there", "A", 100, 0)),
        ([], [(0, "X", 100)], ("missing_here", "X", 0, 100)),
        ([(0, "A", 100)], [(1, "A", 100)], ("timing", "A", 100, 0)),
        ([(0, "A", 100)], [(300, "A", 100)], ("timing", "A", 100, 0)),
        ([(5, "A", 100)], [(0, "A", 100)], ("timing", "A", 0, 100)),
        ([(-31, "A", 100)], [(31, "X", 100)], ("timing", "A", 100, 0)),
        ([(-32, "A", 100)], [(1, "X", 100)], ("missing_there", "A", 100, 0)),
        ([(0, "A", 100)], [(1, "A", 90)], ("missing_there", "A", 100, 0)),
        ([(0, "A", 100), item(2, 1, "#2", -100, reverses=1)], [], ("missing_there", "A", 100, 0)),
    ],
)
def test_a_difference_is_named_by_its_cause(
    ours: list[Told | Item], theirs: list[Told], cause: tuple[str, str, int, int]
) -> None:
    assert causes(held(ours, theirs)) == [cause]


def test_equal_instalments_are_matched_by_the_nearest_day_so_that_the_missing_one_is_named() -> None:
    found = held([(-61, "A", 100), (-30, "B", 100), (0, "C", 100)], [(-60, "", 100), (1, "", 100), (-28, "", 100)])
    assert causes(found) == [("timing", "C", 100, 0)]
    found = held([(-60, "A", 100), (-30, "B", 100), (0, "C", 100)], [(-58, "", 100), (-1, "", 100)])
    assert causes(found) == [("missing_there", "B", 100, 0)]


def test_what_is_posted_twice_there_is_not_taken_for_another_event_of_the_same_amount() -> None:
    found = held([(-3, "A", 100), (-2, "B", 100)], [(-3, "A", 100), (-3, "A", 100)])
    assert causes(found) == [("missing_there", "B", 100, 0), ("missing_here", "A", 0, 100)]


def test_an_invoice_and_its_payment_that_share_a_document_are_told_apart() -> None:
    found = held([(-9, "I/INV", -100), (-1, "P/INV", 100)], [(-9, "INV", -90)])
    assert causes(found) == [("amount", "I", -100, -90), ("missing_there", "P", 100, 0)]


def test_a_dispute_explains_its_mismatch_to_the_penny_and_no_other() -> None:
    ours, theirs = [(-2, "A", -100), (-1, "B", -80)], [(-2, "A", -60)]
    assert causes(held(ours, theirs, {1: 40, 2: 80})) == [("disputed", "A", -100, -60), ("disputed", "B", -80, 0)]
    assert [cause for cause, *_ in causes(held(ours, theirs, {1: 39, 2: 81}))] == ["amount", "missing_there"]


def test_without_days_only_the_same_day_matches_without_a_reference() -> None:
    assert causes(held([(-1, "A", 100)], [(-1, "", 100)], days=0)) == []
    assert len(causes(held([(-1, "A", 100)], [(-2, "", 100)], days=0))) == 2


NAMES = st.sampled_from(["", "A", "B", "a", "C", "#1"])
DAYS = st.integers(-40, 40).map(lambda day: CUT + timedelta(day))
AMOUNTS = st.integers(-3, 3) | st.integers(-(10**15), 10**15)
OURS = st.lists(st.tuples(DAYS, AMOUNTS, NAMES, NAMES), max_size=9)
THEIRS = st.lists(st.tuples(DAYS, AMOUNTS, NAMES), max_size=9)


@given(OURS, THEIRS, st.integers(0, 40), st.dictionaries(st.integers(1, 9), st.integers(1, 4)), st.data())
def test_the_causes_sum_to_the_difference(
    ours: list[tuple[date, int, str, str]], theirs: list[tuple[date, int, str]], days: int, disputed: dict[int, int],
    data: st.DataObject,
) -> None:  # fmt: skip
    items = [Item(at, on, amount, name or f"#{at}", paper, 0) for at, (on, amount, name, paper) in enumerate(ours, 1)]
    for each in data.draw(st.lists(st.sampled_from(items), unique=True, max_size=3) if items else st.just([])):
        items.append(Item(len(items) + 1, each.on, -each.amount, f"#{len(items) + 1}", "", each.number))
    lines = [Line(at, *line) for at, line in enumerate(theirs, 2)]
    found = compare(items, lines, CUT, days, disputed)
    assert found.ours == sum(each.amount for each in items if each.on <= CUT)
    assert found.theirs == sum(each.amount for each in lines if each.on <= CUT)
    assert sum(each.amount for each in found.differences) == found.ours - found.theirs == found.difference
    assert found.explained + found.unexplained == found.difference
    by_cause = {cause: sum(each.amount for each in found.differences if each.item.cause == cause) for cause in CAUSES}
    assert sum(by_cause.values()) == found.difference
    numbers = [*found.confirmed, *(each.item.event for each in found.differences if each.item.event)]
    assert len(numbers) == len(set(numbers))
    counted = [each.line for each in found.differences if each.line]
    assert len(counted) == len(set(counted))


@given(OURS, st.randoms())
def test_the_same_on_both_sides_in_any_order_agrees(ours: list[tuple[date, int, str, str]], chance: object) -> None:
    items = [Item(at, on, amount, name or f"#{at}", "", 0) for at, (on, amount, name, _paper) in enumerate(ours, 1)]
    told = [(each.on, each.amount, each.reference) for each in items]
    chance.shuffle(told)  # type: ignore[attr-defined]
    assert compare(items, [Line(at, *line) for at, line in enumerate(told, 2)], CUT, 31, {}).differences == []
