"""Exit 1: rows that a rule refuses, each by its line, decided as if the refused ones before were absent; and moved heads."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from ledger import importing
from ledger.application import Ledger
from tests.commands.desk import Desk, many, row

RECHARGE = {"type": "recharge", "scheme": "care"}


@pytest.fixture
def ready(desk: Desk) -> Desk:
    """A desk with two arrangements of a lead body."""
    return desk.made("lead_body", "other")


def refusals(desk: Desk, file: Path, *words: str) -> list[tuple[int, str]]:
    """The lines that an import refuses, with the sentences; the ledger must stand as it was, to the byte."""
    before = desk.bytes()
    done = desk("import", file.name, *words)
    assert (done.code, done.out) == (1, ""), done
    assert desk.bytes() == before
    *lines, count = done.err.splitlines()
    assert count == f"{file.name}: {len(lines)} refusal{'' if len(lines) == 1 else 's'}; nothing was recorded."
    found = [line.split(":", 2) for line in lines]
    assert {name for name, _, _ in found} == {file.name}
    return [(int(line), sentence.strip()) for _, line, sentence in found]


def test_a_refused_row_is_named_with_its_rule_and_everything_is_refused(ready: Desk):
    facts = ready.csv(*many(3), row(reference="X", amount="30.01", **RECHARGE))
    ((line, sentence),) = refusals(ready, facts)
    assert line == 5
    assert sentence == "care has £30.00 of net cost not yet recharged, so £30.01 cannot be: recharge £30.00 or less."
    assert refusals(ready, facts, "--dry-run") == [(line, sentence)]


def test_rows_after_a_refused_one_are_decided_as_if_it_were_absent(ready: Desk):
    rows = [
        row(reference="A", amount="100"),
        row(reference="B", amount="150", **RECHARGE),
        row(reference="C", amount="60", **RECHARGE),
        row(reference="D", amount="50", **RECHARGE),
        row(reference="E", amount="40", **RECHARGE),
        row(reference="F", amount="0.01", **RECHARGE),
    ]
    found = refusals(ready, ready.csv(*rows))
    assert [line for line, _ in found] == [3, 5, 7]
    assert "£40.00 of net cost not yet recharged, so £50.00" in found[1][1]
    assert "£0.00 of net cost not yet recharged, so £0.01" in found[2][1]


def test_what_stands_on_a_refused_row_is_refused_too(ready: Desk):
    van = {"asset": "van", "scheme": "care", "counterparty": "occ"}
    rows = [
        row("asset_acquired", reference="A", **{**van, "counterparty": "POOL"}),
        row("asset_depreciated", reference="B", asset="van", amount="1"),
        row(reference="C"),
    ]
    found = refusals(ready, ready.csv(*rows))
    assert [line for line, _ in found] == [2, 3]
    assert "has no asset van" in found[1][1]


def test_rows_of_several_arrangements_are_refused_each_by_its_own_books(ready: Desk):
    rows = [
        row(reference="A", amount="10"),
        row(reference="B", arrangement="other", amount="10", **RECHARGE),
        row(reference="C", amount="10", **RECHARGE),
    ]
    ((line, sentence),) = refusals(ready, ready.csv(*rows))
    assert (line, sentence[:20]) == (3, "care has £0.00 of ne")


def test_a_reference_recorded_with_other_content_is_a_refusal(ready: Desk):
    assert ready("import", str(ready.csv(*many(2)))).code == 0
    rows = [*many(1), row(reference="R2", amount="10.01"), row(reference="R3")]
    ((line, sentence),) = refusals(ready, ready.csv(*rows))
    assert line == 3
    assert "pool has R2 already: #3" in sentence


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"date": "2013-03-31"}, "starts on 2013-04-01"),
        ({"amount": "0"}, "an amount other than nil"), ({"amount": "-0"}, "an amount other than nil"),
        ({"amount": "-0.00"}, "an amount other than nil"),
        ({"type": "payment", "counterparty": "SUP", "amount": "-5"}, "cannot be negative"),
        ({"type": "bill", "scheme": "care"}, "has no contractor"),
        ({"party": "OCC"}, "OCC"),
    ],
)  # fmt: skip
def test_what_a_rule_refuses_is_no_fault_of_the_file(ready: Desk, cells: dict[str, str], said: str):
    ((line, sentence),) = refusals(ready, ready.csv(row(reference="R0"), row(**cells)))
    assert line == 3
    assert said in sentence


def test_amounts_that_together_are_too_large_to_keep(ready: Desk):
    ((line, sentence),) = refusals(ready, ready.csv(*many(10, amount="9999999999999.99")))
    assert line == 11
    assert "more than can be kept" in sentence


def test_the_first_hundred_refusals_and_the_count(ready: Desk):
    before = ready.bytes()
    done = ready("import", str(ready.csv(*many(250, amount="0"))))
    assert (done.code, done.out) == (1, "")
    *lines, count = done.err.splitlines()
    assert [int(line.split(":")[1]) for line in lines] == list(range(2, 102))
    assert count.endswith(": 250 refusals, the first 100 shown; nothing was recorded.")
    assert ready.bytes() == before


def between(monkeypatch: pytest.MonkeyPatch, act: Callable[[], None]) -> list[int]:
    """Do something once, after an import has decided its rows and before it takes the lock; gives how often it decided."""
    decided: list[int] = []
    original = importing._Plan.decide_all

    def decide_all(plan: importing._Plan, progress: Callable[[int], None]) -> None:
        decided.append(len(decided))
        original(plan, progress)
        if len(decided) == 1:
            act()

    monkeypatch.setattr(importing._Plan, "decide_all", decide_all)
    return decided


@pytest.fixture
def elsewhere(ready: Desk) -> Callable[..., None]:
    """Record something in a process of its own."""

    def post(*words: str) -> None:
        done = ready.process(*words)
        assert done.code == 0, done

    return post


COST = ("expenditure", "incur", "pool", "--scheme", "care", "--counterparty", "SUP", "--amount", "5", "--on", "2013-06-01")


def test_an_arrangement_that_moved_since_it_was_read_is_decided_once_more(
    ready: Desk, elsewhere: Callable[..., None], monkeypatch: pytest.MonkeyPatch
):
    decided = between(monkeypatch, lambda: elsewhere(*COST, "--reference", "THEIRS"))
    done = ready("import", str(ready.csv(*many(3), *many(2, arrangement="other"))))
    assert done.code == 0, done.err
    assert len(decided) == 2
    assert done.out.endswith(": 5 facts recorded in 2 arrangements.\n")
    assert [event.reference for event in ready.events()] == ["#1", "THEIRS", "R1", "R2", "R3"]
    assert [event.number for event in ready.events()] == [1, 2, 3, 4, 5]
    moments = [event.recorded_at for event in ready.events()]
    assert moments == sorted(moments)
    with closing(Ledger.open(ready.path, read_only=True)) as ledger:
        head, replayed = ledger.store.head("pool"), ledger.replayed("pool")
        assert head == replayed.row()
        assert ledger.store.balance("pool", "POOL", "Expenditure:care") == 35_00


def test_another_arrangement_that_moved_does_not_matter(
    ready: Desk, elsewhere: Callable[..., None], monkeypatch: pytest.MonkeyPatch
):
    decided = between(monkeypatch, lambda: elsewhere("expenditure", "incur", "other", *COST[3:]))
    assert ready("import", str(ready.csv(*many(3)))).code == 0
    assert len(decided) == 1


def test_a_row_that_somebody_recorded_meanwhile_was_recorded_before(
    ready: Desk, elsewhere: Callable[..., None], monkeypatch: pytest.MonkeyPatch
):
    facts = ready.csv(*many(3))
    part = ready.csv(*many(2), name="part.csv")
    between(monkeypatch, lambda: elsewhere("import", str(part)))
    done = ready("import", str(facts))
    assert (done.code, done.out) == (0, f"{facts}: 1 fact recorded; 2 rows were recorded before.\n")
    assert [event.reference for event in ready.events()] == ["#1", "R1", "R2", "R3"]


def test_a_whole_file_that_somebody_recorded_meanwhile_is_not_recorded_again(
    ready: Desk, elsewhere: Callable[..., None], monkeypatch: pytest.MonkeyPatch
):
    facts = ready.csv(*many(3))
    between(monkeypatch, lambda: elsewhere("import", str(facts)))
    done = ready("import", str(facts))
    assert (done.code, done.out) == (0, f"{facts}: nothing was recorded: all 3 rows were recorded before.\n")
    assert len(ready.events()) == 4


def test_a_row_that_became_impossible_meanwhile_is_refused_under_the_lock(
    ready: Desk, elsewhere: Callable[..., None], monkeypatch: pytest.MonkeyPatch
):
    elsewhere(*COST)
    taken: list[bytes] = []

    def recharge() -> None:
        elsewhere("recharge", "raise", "pool", "--scheme", "care", "--amount", "5", "--on", "2013-06-01")
        taken.append(ready.bytes())

    between(monkeypatch, recharge)
    facts = ready.csv(*many(2), row(reference="X", amount="20.01", **RECHARGE))
    done = ready("import", str(facts))
    assert (done.code, done.out) == (1, "")
    assert "care has £20.00 of net cost not yet recharged, so £20.01 cannot be" in done.err
    assert [ready.bytes()] == taken
    assert ready("import", str(ready.csv(*many(2), row(reference="X", amount="20", **RECHARGE)))).code == 0


def test_a_reference_that_somebody_gave_other_content_meanwhile_is_refused(
    ready: Desk, elsewhere: Callable[..., None], monkeypatch: pytest.MonkeyPatch
):
    between(monkeypatch, lambda: elsewhere(*COST, "--reference", "R2"))
    done = ready("import", str(ready.csv(*many(3))))
    assert (done.code, done.out) == (1, "")
    assert "pool has R2 already: #2" in done.err
    assert len(ready.events()) == 2
    assert ready(*COST).code == 0


def test_the_reference_of_a_command_may_not_be_guessed_by_a_row(ready: Desk):
    assert ready(*COST).code == 0
    assert ready.events()[-1].reference == "#2"
    assert ready("import", str(ready.csv(row(reference="#3")))).code == 4
