"""A long history is replayed before the lock is taken; what others record meanwhile is caught up under it and counts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date

import pytest

from ledger import events as e
from ledger.application import Ledger
from ledger.store.opening import Place
from tests import given
from tests.databases import BOTH
from tests.ledger.years import HALVES, LAST, MAY, YEAR, Pool, budgeted

pytestmark = BOTH

SCHEDULE = '[[instalment]]\nparty = "OCC"\namount = "60.00"\non = [2013-05-01, 2013-06-01]'
BUDGETS = budgeted(care={"OCC": 60_00, "OCCG": 40_00})


@pytest.fixture
def pool(ledger: Ledger) -> Pool:
    """Spent 100.00 of a budget of 100.00, recharged, with a dispute open."""
    pool = Pool(ledger, HALVES, BUDGETS, SCHEDULE)
    pool.cost(care=100_00)
    bill = pool.run()[0]
    given.dispute(ledger, e.DisputeRaised(event=bill.number, party="OCCG", amount=1_00))
    return pool


def read_under_the_lock(
    pool: Pool, place: Place, meanwhile: Callable[[Pool], object], act: Callable[[], object]
) -> list[int]:
    """The numbers of the events that an act read under the lock, where another writer came in before it was taken."""
    store, numbers = pool.ledger.store, list[int]()
    lock, pages = store.posting, store.pages

    @contextmanager
    def posting(*streams: str) -> Iterator[None]:
        other = object.__new__(Pool)
        other.ledger = Ledger.open(place)
        meanwhile(other)
        other.ledger.close()
        with lock(*streams):
            store.pages = reading  # type: ignore[method-assign]
            yield

    def reading(stream: str, after: int = 0, up_to: int | None = None) -> Iterator[list[bytes]]:
        for page in pages(stream, after, up_to):
            numbers.extend(range(after + 1, after + 1 + len(page)))
            after += len(page)
            yield page

    store.posting = posting  # type: ignore[method-assign]
    try:
        act()
    finally:
        store.posting, store.pages = lock, pages  # type: ignore[method-assign]
    return numbers


def test_a_run_charges_what_was_spent_meanwhile(pool: Pool, place: Place) -> None:
    last = len(pool.events)
    assert read_under_the_lock(pool, place, lambda other: other.cost(care=7_00), lambda: pool.run()) == [last + 1]
    assert [event.fact.amount for event in pool.events if isinstance(event.fact, e.RechargeRaised)] == [100_00, 7_00]
    pool.assert_replays()


def test_an_instalment_raised_meanwhile_is_passed_over(pool: Pool, place: Place) -> None:
    """Another runs the schedule to 1 May; this run, to 1 June, raises only the second instalment."""
    read = read_under_the_lock(
        pool,
        place,
        lambda other: given.scheduled(other.ledger, date(2013, 5, 1)),
        lambda: given.scheduled(pool.ledger, date(2013, 6, 1)),
    )
    assert len(read) == 1
    raised = [event.fact.instalment for event in pool.events if isinstance(event.fact, e.ContributionDue)]
    assert raised == [date(2013, 5, 1), date(2013, 6, 1)]


def test_a_virement_is_held_against_the_budget_as_it_is_then(pool: Pool, place: Place) -> None:
    before = len(pool.events)

    def vire() -> None:
        given.refused(lambda: pool.plan(e.BudgetVired(YEAR, 30_00, "care", "OCC", "beds", "OCC")), "£10.00", "£30.00")

    read = read_under_the_lock(pool, place, lambda other: other.plan(e.BudgetSet(YEAR, "care", "OCC", 10_00)), vire)
    assert read == [before + 1]
    assert len(pool.events) == before + 1


def test_a_dispute_resolved_meanwhile_is_not_resolved_again(pool: Pool, place: Place) -> None:
    raised = next(event.number for event in pool.events if isinstance(event.fact, e.DisputeRaised))
    resolved = e.DisputeResolved(dispute=raised)

    def resolve() -> None:
        given.refused(lambda: given.dispute(pool.ledger, resolved), f"#{raised}", "none")

    assert read_under_the_lock(pool, place, lambda other: given.dispute(other.ledger, resolved), resolve) == []


def test_a_year_is_not_settled_over_what_came_meanwhile(pool: Pool, place: Place) -> None:
    given.dispute(pool.ledger, e.DisputeAcknowledged(dispute=4, year=YEAR))
    pool.due(LAST, OCC=60_00, OCCG=40_00)

    def settle() -> None:
        given.refused(lambda: pool.settle("return"), "care has £7.00", "recharge run")

    assert len(read_under_the_lock(pool, place, lambda other: other.cost(LAST, care=7_00), settle)) == 1


@pytest.mark.parametrize(
    "act",
    [
        lambda pool: pool.plan(e.BudgetSet(YEAR, "care", "OCC", 1_00)),
        lambda pool: pool.plan(e.ForecastMade(YEAR, "care", 1_00)),
        lambda pool: given.dispute(pool.ledger, e.DisputeRaised(event=2, party="OCC", amount=1_00)),
        lambda pool: given.dispute(pool.ledger, e.DisputeResolved(dispute=3)),
    ],
    ids=["a budget", "a forecast", "a dispute", "a dispute resolved"],
)
def test_what_the_head_can_decide_reads_no_history(ledger: Ledger, act: Callable[[Pool], object]) -> None:
    pool = Pool(ledger, BUDGETS)
    due = pool.due(MAY, OCC=60_00)[0]
    given.dispute(ledger, e.DisputeRaised(event=due.number, party="OCC", amount=1_00))

    def pages(*_: object) -> Iterator[list[bytes]]:
        raise AssertionError("the history was read")

    ledger.store.pages = pages  # type: ignore[method-assign]
    act(pool)
