"""What holds of every end, whatever the history and the plan."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger import events as e
from ledger.agreement import Terms
from ledger.chronicle import Chronicle
from ledger.decisions.entitlement import entitlements
from ledger.decisions.position import wound_up
from ledger.decisions.termination import at_end, completion, end_of
from ledger.errors import Refused
from ledger.requests import Completing
from ledger.termination.account import left, named, payments_of, takes, total
from ledger.termination.plan import NAMES_WHO, THEN, Choice, Plan
from tests.given import CODE, ROLES, Books, new_ledger, record, refused, sign
from tests.ledger import ends, proofs
from tests.ledger.histories import histories, kinds, try_step

END = date(2014, 3, 31)


class History:
    """Books in memory as an end looks them up."""

    def __init__(self, books: Books) -> None:
        self.books = books

    def chronicle(self, arrangement: str, label: str | None = None) -> Chronicle:
        """The arrangement replayed, with a year in view where one is named."""
        chronicle = Chronicle(arrangement, Terms(self.books.signed).year(label) if label else None)
        for event in self.books.events:
            chronicle.evolve(event)
        return chronicle

    def history(self, arrangement: str, after: int = 0) -> Iterator[e.Event]:
        """The events in order."""
        assert arrangement == CODE
        return iter(self.books.events[after:])

    def root(self, arrangement: str) -> str:
        """The plans of these tests are of no log."""
        assert arrangement == CODE
        return ""


_courses = {kind: st.sampled_from(then) for kind, then in THEN.items()}
plans = st.fixed_dictionaries(
    {kind: st.tuples(course, st.sampled_from(["OCC", "OCCG"]), st.integers(0, 99_99)) for kind, course in _courses.items()}
)
"""For each kind of thing a course, who takes it, and a value."""


def planned(books: Books, choice: dict[str, tuple[str, str, int]]) -> Plan:
    """A plan in which everything of a kind goes one way, as far as it can."""
    end = end_of(History(books), at_end(History(books), books.head, END), END, None)
    choices = []
    for thing in end.estate.things:
        then, to, value = choice[thing.kind]
        priced = thing.kind == "asset"
        choices.append(Choice(thing.kind, thing.code, then, to if then in NAMES_WHO else "", value if priced else None))
    return Plan(CODE, END, books.head.number, "", budgets_stand=True, choices=choices)


disputes = st.lists(st.tuples(st.integers(0, 40), st.sampled_from(["OCC", "OCCG"]), st.integers(1, 99_99)), max_size=2)


def lived(kind: str, history: list[Any], mended: bool, disputed: list[tuple[int, str, int]] | None = None) -> Books:
    """Books after a history, with disputes over it; mended: all net cost is recharged."""
    books = Books(kind)
    for type, fields, wild in history:
        try_step(books, type, fields, wild)
    for at, party, amount in disputed or []:
        event = books.events[at % len(books.events)]
        largest = max(map(abs, event.entries.get(party, {}).values()), default=0)
        if largest:
            books._take(e.DisputeRaised(event.number, party, min(amount, largest)), {}, END)
    if mended and Terms(books.signed).lead:
        for scheme, charges in list(books.head.state.charges.items()):
            gap = sum(charge.net_cost - sum(charge.recharged.values()) for charge in charges.values())
            if gap < 0:
                books.record("expenditure", scheme=scheme, counterparty="SUP", amount=-gap)
            elif gap > 0:
                books.record("recharge", scheme=scheme, amount=gap)
    return books


@given(kinds, histories, plans, disputes)
@settings(max_examples=250)
def test_every_end_gives_each_party_what_it_is_entitled_to(
    kind: str, history: list[Any], choice: dict[str, Any], disputed: list[Any]
) -> None:
    books = lived(kind, history, mended=False, disputed=disputed)
    terms = Terms(books.signed)
    try:
        end = end_of(History(books), at_end(History(books), books.head, END), END, planned(books, choice))
    except Refused:
        return
    done = end.completed
    assert sum(map(total, done.entitled)) == done.net_worth
    assert [total(each) for each in done.entitled] == [each.total for each in entitlements(end.estate.position)]
    for each, took in zip(done.entitled, takes(done), strict=True):
        assert sum(took[1:]) == total(each)
    made = payments_of(done, terms.keeper)
    assert all(payment.amount > 0 and terms.keeper in payment[:2] for payment in made)
    assert len({frozenset(payment[:2]) for payment in made}) == len(made)
    assert [
        step.fact for step in end.steps if isinstance(step.fact, e.SettlementMade) and step.fact.payee != terms.keeper
    ] == [e.SettlementMade(*payment) for payment in made if payment.payer == terms.keeper]
    if wound_up(terms):
        assert sum(each.amount for each in done.survivors) == 0
    for step in end.steps:
        assert step.entries
        proofs.assert_balanced(step.entries)


@given(st.sampled_from(sorted(ROLES)), histories, plans, disputes)
@settings(max_examples=120)
def test_a_completion_leaves_mirrors_that_cancel_and_taking_it_back_leaves_no_trace(
    kind: str, history: list[Any], choice: dict[str, Any], disputed: list[Any]
) -> None:
    books = lived(kind, history, mended=True, disputed=disputed)
    terms, before = Terms(books.signed), books.balances()
    try:
        plan = planned(books, choice)
        decided = completion(History(books), books.head, Completing(effective_on=END, plan=plan))
        events = [books._take(each.fact, each.entries, each.effective_on) for each in decided]
    except Refused:
        return
    completed = events[0].fact
    assert isinstance(completed, e.ArrangementCompleted)
    after = books.balances()
    proofs.assert_balanced(after)
    proofs.assert_mirrored(terms, after)
    proofs.assert_nothing_below_nil(after)
    assert left(terms, after.get(terms.keeper, {})) == named(completed)
    assert books.head.state.completed == events[0].number
    for event in reversed(events):
        books.reverse(event, on=max(END, event.effective_on))
    assert books.balances() == before
    assert not books.head.state.completed


@pytest.mark.parametrize("kind", ["lead_body", "hybrid", "capital", "commissioned"])
@given(history=histories, more=histories)
@settings(max_examples=8)
def test_a_plan_from_stale_books_is_refused(kind: str, history: list[Any], more: list[Any]) -> None:
    books = lived(kind, history, mended=True)
    try:
        plan = planned(books, {kind: (then[0], "OCC", 0) for kind, then in THEN.items()})
    except Refused:
        return
    plan = Plan(CODE, END, plan.number, "")
    moved = [type for type, fields, wild in more if try_step(books, type, fields, wild)]
    if moved:
        asked = Completing(effective_on=END, plan=plan)
        refused(lambda: [*completion(History(books), books.head, asked)], "the books have moved since", "Preview again")


def test_a_completion_replays_to_the_byte(tmp_path: Path) -> None:
    with TemporaryDirectory(dir=tmp_path) as place:
        ledger = new_ledger(Path(place) / "poolbook.db")
        sign(ledger)
        record(ledger, "contribution_due", party="OCC", amount=30_01)
        record(ledger, "asset_acquired", asset="van", scheme="care", counterparty="OCCG", amount=20_02)
        record(ledger, "recharge", scheme="care", amount=20_02)
        ends.complete(ledger)
        draft = ledger.replayed(CODE)
        assert draft.row() == ledger.store.head(CODE)
        assert sorted(draft.head.balances()) == ledger.store.balances(CODE)
        ledger.close()
