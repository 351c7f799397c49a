"""A dispute from its raising to its end: what it is about, what cannot be disputed, and what a reversal of it does."""

from __future__ import annotations

from datetime import date

import pytest

from ledger import events as e
from ledger.application import Ledger
from ledger.disputes import Dispute
from ledger.errors import UnknownCode
from tests import given
from tests.given import CODE, refused
from tests.ledger.years import JUNE, LAST, MAY, NEXT, YEAR, Pool


@pytest.fixture
def pool(ledger: Ledger) -> Pool:
    """OCC is due 60 (#2); 80 are spent (#3) and recharged (#4): OCC's 48 are drawn, OCCG's 32 billed."""
    pool = Pool(ledger)
    pool.due(OCC=60_00)
    pool.cost(care=80_00)
    pool.run()
    return pool


def raised(pool: Pool, amount: int, event: int = 4, party: str = "OCCG", on: date = MAY) -> int:
    """Raise a dispute; gives its number."""
    return given.dispute(pool.ledger, e.DisputeRaised(event=event, party=party, amount=amount), on=on).number


def open_now(pool: Pool) -> list[int]:
    """The numbers of the open disputes, found by the store's index and by replaying, which must agree."""
    found = [dispute.number for dispute in pool.ledger.disputes(CODE) if dispute.is_open()]
    assert found == [number for number, _fact in pool.ledger.chronicle(CODE).open_disputes()]
    return found


def test_a_dispute_lives_until_it_is_resolved_and_moves_nothing(pool: Pool) -> None:
    before = pool.balances()
    number = raised(pool, 12_34)
    given.dispute(pool.ledger, e.DisputeAcknowledged(dispute=number, year=YEAR), on=LAST)
    assert pool.ledger.disputes(CODE) == [Dispute(5, 4, "OCCG", 12_34, MAY, (YEAR,))]
    given.dispute(pool.ledger, e.DisputeResolved(dispute=number), on=JUNE)
    assert pool.ledger.disputes(CODE) == [Dispute(5, 4, "OCCG", 12_34, MAY, (YEAR,), JUNE)]
    assert open_now(pool) == []
    assert pool.balances() == before
    pool.assert_replays()


def test_as_known_before_it_was_resolved_it_is_open(pool: Pool) -> None:
    number = raised(pool, 12_34)
    resolved = given.dispute(pool.ledger, e.DisputeResolved(dispute=number), on=JUNE)
    assert [each.is_open() for each in pool.ledger.disputes(CODE, resolved.number - 1)] == [True]
    assert pool.ledger.disputes(CODE, number - 1) == []
    (dispute,) = pool.ledger.disputes(CODE)
    assert [dispute.is_open(day) for day in (date(2013, 4, 1), MAY, LAST, JUNE)] == [False, True, True, False]


@pytest.mark.parametrize("turns", [1, 2, 3])
def test_a_raising_taken_back_and_made_again(pool: Pool, turns: int) -> None:
    number = raised(pool, 12_34)
    event = pool.events[number - 1]
    for _ in range(turns):
        event = pool.reverse(event, LAST)
    assert open_now(pool) == ([5] if turns % 2 == 0 else [])


def test_a_resolution_taken_back_leaves_it_open(pool: Pool) -> None:
    number = raised(pool, 12_34)
    pool.reverse(given.dispute(pool.ledger, e.DisputeResolved(dispute=number), on=LAST), LAST)
    assert open_now(pool) == [number]
    assert [blocker.check for blocker in pool.blockers()] == ["dispute not acknowledged"]


def test_an_acknowledgement_is_for_one_year_and_taken_back_blocks_again(pool: Pool) -> None:
    number = raised(pool, 12_34)
    event = given.dispute(pool.ledger, e.DisputeAcknowledged(dispute=number, year=YEAR), on=LAST)
    assert (pool.blockers(), [blocker.check for blocker in pool.blockers(NEXT)]) == ([], ["dispute not acknowledged"])
    pool.reverse(event, LAST)
    assert [blocker.check for blocker in pool.blockers()] == ["dispute not acknowledged"]


def test_several_disputes_of_one_event_come_to_no_more_than_it(pool: Pool) -> None:
    """32 are posted to OCCG: 20 and 12 can be disputed, and then nothing, until one is resolved."""
    first = raised(pool, 20_00)
    refused(lambda: raised(pool, 12_01), "£32.00", f"£20.00 of it disputed already (#{first})", "up to £12.00")
    raised(pool, 12_00)
    refused(lambda: raised(pool, 1), "resolve that first")
    given.dispute(pool.ledger, e.DisputeResolved(dispute=first))
    assert raised(pool, 20_00)


def test_each_party_disputes_its_own_part(pool: Pool) -> None:
    assert raised(pool, 32_00)
    assert raised(pool, 48_00, party="OCC")
    refused(lambda: raised(pool, 1, party="OCC"), "£48.00", "resolve that first")


@pytest.mark.parametrize(
    ("event", "party", "amount", "words"),
    [
        (4, "OCCG", 32_01, ("#4 posts £32.00 in the book of OCCG", "up to £32.00")),
        (4, "OCCG", 0, ("£0.00 of it cannot be disputed",)),
        (4, "OCCG", -1, ("cannot be disputed",)),
        (3, "OCCG", 1_00, ("#3 posts nothing in the book of OCCG",)),
        (2, "OCCG", 1_00, ("#2 posts nothing in the book of OCCG",)),
        (1, "OCCG", 1_00, ("#1 posts nothing in the book of OCCG",)),
        (9, "OCCG", 1_00, ("pool has no event #9: its events are #1 to #4",)),
    ],
)
def test_what_cannot_be_disputed(pool: Pool, event: int, party: str, amount: int, words: tuple[str, ...]) -> None:
    refused(lambda: raised(pool, amount, event, party), *words)
    assert len(pool.events) == 4


def test_only_a_party_disputes(pool: Pool) -> None:
    with pytest.raises(UnknownCode, match="POOL is no party"):
        raised(pool, 1_00, party="POOL")


def test_what_was_reversed_cannot_be_disputed_and_a_dispute_outlives_the_reversal_of_what_it_is_about(pool: Pool) -> None:
    """Agreed to be wrong, the recharge is reversed and raised anew; the dispute is resolved by itself, as its own record."""
    number = raised(pool, 12_34)
    reversal = pool.reverse(pool.events[3], LAST)
    refused(lambda: raised(pool, 1_00), "#4 of pool was reversed")
    assert open_now(pool) == [number]
    given.dispute(pool.ledger, e.DisputeResolved(dispute=number), on=LAST)
    assert open_now(pool) == []
    pool.reverse(reversal, LAST)
    assert raised(pool, 1_00)


@pytest.mark.parametrize(
    ("fact", "words"),
    [
        (e.DisputeResolved(dispute=4), ("#4 is no open dispute of pool", "those open are #5")),
        (e.DisputeResolved(dispute=99), ("#99 is no open dispute of pool",)),
        (e.DisputeAcknowledged(dispute=4, year=YEAR), ("#4 is no open dispute",)),
        (e.DisputeAcknowledged(dispute=5, year="2013"), ("“2013” is not a financial year", "2013/14")),
        (e.DisputeAcknowledged(dispute=5, year="2012/13"), ("its first year is 2013/14",)),
    ],
)
def test_an_answer_must_be_to_an_open_dispute_and_for_a_year(pool: Pool, fact: given.Dispute, words: tuple[str, ...]) -> None:
    raised(pool, 12_34)
    refused(lambda: given.dispute(pool.ledger, fact), *words)
    assert len(pool.events) == 5


def test_a_dispute_is_answered_once(pool: Pool) -> None:
    number = raised(pool, 12_34)
    acknowledged = e.DisputeAcknowledged(dispute=number, year=YEAR)
    given.dispute(pool.ledger, acknowledged)
    refused(lambda: given.dispute(pool.ledger, acknowledged), f"#{number} of pool was acknowledged for 2013/14 already")
    given.dispute(pool.ledger, e.DisputeResolved(dispute=number))
    refused(lambda: given.dispute(pool.ledger, e.DisputeResolved(dispute=number)), "none is open")


def test_the_index_that_finds_disputes_is_used(pool: Pool) -> None:
    asked = pool.ledger.store._run(  # type: ignore[attr-defined]
        "EXPLAIN QUERY PLAN SELECT bytes FROM events WHERE stream = ? "
        "AND type IN ('DisputeRaised', 'DisputeAcknowledged', 'DisputeResolved') ORDER BY number",
        (CODE,),
    )
    assert "events_of_disputes" in str(asked.fetchall())
