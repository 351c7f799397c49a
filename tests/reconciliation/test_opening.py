"""An extract of one year: what it brings forward is held against what stood here before it began."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger import events as e
from ledger.reconciliation.differences import Opening, compare
from ledger.reconciliation.extract import Line
from ledger.reconciliation.mirror import Item
from tests.commands.desk import Desk
from tests.reconciliation.books import CUT, pool, text
from tests.reconciliation.test_causes import DAYS, OURS, THEIRS, Told, causes, item

FIRST = CUT - timedelta(10)
"""The extract begins ten days before the cut-off."""


def held(ours: Sequence[Told], brought: int, theirs: Sequence[Told], disputed: dict[int, int] | None = None) -> list[object]:
    """Cause, reference, ours and theirs of each difference; days from the cut-off."""
    items = [item(number, *each) for number, each in enumerate(ours, 1)]
    lines = [Line(at, CUT + timedelta(day), amount, name) for at, (day, name, amount) in enumerate(theirs, 2)]
    return list(causes(compare(items, lines, CUT, 31, disputed or {}, Opening(FIRST, brought))))


BEFORE: list[Told] = [(-40, "A", 100), (-20, "B", -30)]
"""70 stood here before the extract begins."""


@pytest.mark.parametrize(
    ("ours", "brought", "theirs", "disputed", "found"),
    [
        (BEFORE, 70, [], {}, []),
        ([*BEFORE, (0, "C", 5)], 70, [(0, "C", 5)], {}, []),
        (BEFORE, 60, [], {}, [("amount", "brought forward", 70, 60)]),
        ([], 60, [], {}, [("amount", "brought forward", 0, 60)]),
        ([*BEFORE, (0, "C", 5)], 60, [], {}, [("amount", "brought forward", 70, 60), ("missing_there", "C", 5, 0)]),
        (BEFORE, 100, [(-9, "B", -30)], {}, []),
        ([*BEFORE, (-9, "B", -30)], 70, [(-9, "B", -30)], {}, []),
        ([*BEFORE, (-9, "D/B", -30)], 70, [(-9, "B", -30)], {}, []),
        (BEFORE, 100, [(3, "B", -30)], {}, [("timing", "B", -30, 0)]),
        ([(-15, "A", 100)], 100, [(-5, "", 100)], {}, [("missing_here", "", 0, 100)]),
        (BEFORE, 63, [], {1: 7}, [("disputed", "A", 100, 93)]),
        (BEFORE, 77, [], {2: 7}, [("disputed", "B", -30, -23)]),
        (BEFORE, 70, [], {1: 7, 2: 7}, []),
        (BEFORE, 60, [], {1: 7}, [("amount", "brought forward", -30, -33), ("disputed", "A", 100, 93)]),
        (BEFORE, 84, [], {1: 7}, [("amount", "brought forward", 70, 84)]),
        (BEFORE, 70, [], {1: 7}, []),
    ],
    ids=["agreed", "agreed with a line", "another sum", "nothing here", "and a line missing", "theirs is posted later",
         "the same name again is its own", "a document of its own", "theirs is posted after the cut-off",
         "no name is no evidence", "disputed before", "a charge disputed before", "disputes that cancel",
         "a dispute and something else", "a dispute that leads away from it", "a dispute they have booked all the same"],
)  # fmt: skip
def test_what_is_brought_forward_is_agreed_or_named(
    ours: list[Told], brought: int, theirs: list[Told], disputed: dict[int, int], found: list[object]
) -> None:
    assert held(ours, brought, theirs, disputed) == found


@given(OURS, st.integers(-(10**15), 10**15), THEIRS, DAYS, st.dictionaries(st.integers(1, 9), st.integers(1, 4)))
def test_with_an_opening_too_the_causes_sum_to_the_difference(
    ours: list[tuple[date, int, str, str]], brought: int, theirs: list[tuple[date, int, str]], first: date,
    disputed: dict[int, int],
) -> None:  # fmt: skip
    first = min(first, CUT)
    items = [Item(at, on, amount, name or f"#{at}", paper, 0) for at, (on, amount, name, paper) in enumerate(ours, 1)]
    lines = [Line(at, max(on, first), amount, name) for at, (on, amount, name) in enumerate(theirs, 2)]
    found = compare(items, lines, CUT, 31, disputed, Opening(first, brought))
    assert found.ours == sum(each.amount for each in items if each.on <= CUT)
    assert found.theirs == brought + sum(each.amount for each in lines if each.on <= CUT)
    assert found.explained + found.unexplained == found.difference == sum(each.amount for each in found.differences)
    numbers = [*found.confirmed, *(each.item.event for each in found.differences if each.item.event)]
    assert len(numbers) == len(set(numbers))


@given(OURS, DAYS)
def test_what_agrees_from_the_first_line_agrees_from_any_day(ours: list[tuple[date, int, str, str]], first: date) -> None:
    """The same account cut at a day: its lines from then on, and the sum of those before."""
    first = min(first, CUT)
    items = [Item(at, on, amount, f"R-{at}", "", 0) for at, (on, amount, _name, _paper) in enumerate(ours, 1)]
    lines = [Line(each.number + 1, each.on, each.amount, each.reference) for each in items if each.on >= first]
    brought = sum(each.amount for each in items if each.on < first)
    assert compare(items, lines, CUT, 31, {}, Opening(first, brought)).differences == []


# At the desk. OCCG's mirror: 5,000.00 of 1 June (#2), −4,000.00 of 30 June (#4), 300.00 of 29 June (#5).

AT = ("--as-at", "2013-06-30")
LATER = [("R-1", "-4000.00", "2013-06-30"), ("C-2", "300.00", "2013-06-29")]
FROM = ("--from", "2013-06-02", "--opening")


@pytest.fixture
def ready(desk: Desk) -> Desk:
    pool(desk)
    desk.file("later.csv", text(LATER))
    desk.file("turned.csv", text([(name, f"{-float(amount):.2f}", day) for name, amount, day in LATER]))
    return desk


@pytest.mark.parametrize(("file", "words"), [("later.csv", ("5000",)), ("turned.csv", ("-5000", "--sign", "-1"))])
def test_a_later_extract_with_its_opening_balance_agrees(ready: Desk, file: str, words: tuple[str, ...]) -> None:
    done = ready("reconcile", "pool", "OCCG", file, *AT, *FROM, *words)
    assert done.code == 0, done.out
    assert "2 lines read after 5,000.00 brought forward to 2013-06-02, 2 events confirmed." in done.out
    assert ready("reconcile", "pool", "OCCG", file, *AT).code == 5


def test_another_opening_balance_is_a_difference_that_fails(ready: Desk) -> None:
    done = ready("reconcile", "pool", "OCCG", "later.csv", *AT, *FROM, "1000", "--format", "json")
    assert done.code == 5
    assert done.json["opening"] == {"from": "2013-06-02", "balance": "1000.00"}
    (found,) = done.json["differences"]
    assert (found["cause"], found["reference"], found["event"], found["date"], found["difference"]) == (
        "amount", "brought forward", None, "2013-06-02", "4000.00"
    )  # fmt: skip


def test_what_was_brought_forward_is_recorded(ready: Desk) -> None:
    assert ready("reconcile", "pool", "OCCG", "later.csv", *AT, *FROM, "5000", "--record", "--reference", "AOB").code == 0
    fact = ready.events()[-1].fact
    assert isinstance(fact, e.BalancesAgreed)
    assert (fact.first, fact.brought_forward, fact.ours, fact.theirs) == (date(2013, 6, 2), 5000_00, 1300_00, 1300_00)
    again = ready("reconcile", "pool", "OCCG", "later.csv", *AT, *FROM, "4999", "--record", "--reference", "AOB")
    assert (again.code, "other content" in again.err) == (1, True)


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("--opening", "5000"), 2, "--from and --opening go together"),
        (("--from", "2013-06-02"), 2, "--from and --opening go together"),
        (("--from", "2013-07-01", "--opening", "5000"), 1, "begins on 2013-07-01 says nothing of 2013-06-30"),
        (("--from", "2013-06-30", "--opening", "5000"), 4, "later.csv:3:date: 2013-06-29 is before 2013-06-30"),
    ],
)
def test_an_opening_that_cannot_be_is_refused(ready: Desk, words: tuple[str, ...], code: int, said: str) -> None:
    done = ready("reconcile", "pool", "OCCG", "later.csv", *AT, *words)
    assert (done.code, done.out) == (code, "")
    assert said in done.err
