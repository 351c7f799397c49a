"""Whole years, at random: what each party is charged is what it bears, and all of it the net cost, in whatever order."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.agreement import Terms
from tests.given import CODE, new_ledger
from tests.ledger import proofs
from tests.ledger.years import LAST, NEXT, NEXT_LAST, YEAR, Pool, budgeted

PARTIES = ("OCC", "OCCG")
MONTHS = [date(2013, month, 15) for month in range(4, 13)] + [date(2014, month, 15) for month in range(1, 4)]
ENDS = [*(date(2013, month, 1) for month in range(5, 13)), *(date(2014, month, 1) for month in range(1, 4)), LAST]

RISKS = {
    "pool": '[risk]\nbase = "pool"\n[[risk.band]]\nup_to = "33.33"\nshares = { OCC = 2, OCCG = 1 }\n'
            "[[risk.band]]\nshares = { OCC = 1, OCCG = 6 }",
    "scheme": '[risk]\nbase = "scheme"\nown_underspend_first = ["OCCG"]\nreserve_first = true\n'
              "[[risk.band]]\nshares = { OCC = 1, OCCG = 1 }",
    "reserve": '[risk]\nbase = "pool"\nreserve_first = true\nunderspend_shares = { OCCG = 1 }\n'
               "[[risk.band]]\nshares = { OCC = 72, OCCG = 28 }",
}  # fmt: skip


class Cost(NamedTuple):
    """A cost of a month, and whether a fund's."""

    month: int
    scheme: str
    amount: int
    fund: str


costs = st.lists(
    st.builds(
        Cost, month=st.integers(0, 11), scheme=st.sampled_from(["care", "beds"]), amount=st.integers(1, 40_00),
        fund=st.sampled_from(["", "", "", "hub"]),
    ),
    min_size=1, max_size=12,
)  # fmt: skip
budgets = st.fixed_dictionaries(
    {scheme: st.fixed_dictionaries({party: st.integers(1, 99_99) for party in PARTIES}) for scheme in ("care", "beds")}
)
risks = st.sampled_from(sorted(RISKS))
kinds = st.sampled_from(["lead_body", "hybrid"])


@contextmanager
def pool_of(kind: str, risk: str, planned: dict[str, dict[str, int]], hub: int = 0) -> Iterator[Pool]:
    """A pool in a ledger of its own, with what is due as budgeted: some of OCCG's as hub money."""
    with TemporaryDirectory() as folder:
        ledger = new_ledger(Path(folder) / "poolbook.db")
        try:
            pool = Pool(ledger, RISKS[risk], budgeted(YEAR, **planned), kind=kind)
            total = {party: sum(parts[party] for parts in planned.values()) for party in PARTIES}
            ring = min(hub, total["OCCG"])
            pool.due(MONTHS[0], OCC=total["OCC"])
            if total["OCCG"] - ring:
                pool.due(MONTHS[0], OCCG=total["OCCG"] - ring)
            if ring:
                pool.due(MONTHS[0], fund="hub", OCCG=ring)
            yield pool
        finally:
            ledger.close()


def spend(pool: Pool, spent: list[Cost], months: range = range(12)) -> None:
    """Record the costs of some months."""
    for cost in spent:
        if cost.month in months:
            pool.cost(MONTHS[cost.month], fund=cost.fund, **{cost.scheme: cost.amount})


def charged(pool: Pool) -> dict[str, Any]:
    """What each party spent in its own book, and what the pool holds for it less what it owes."""
    books = pool.balances()
    return {
        party: (
            sum(amount for name, amount in books[party].items() if name.startswith("Expenditure:")),
            sum(amount for name, amount in books[party].items() if name.startswith("Assets:Prepaid contributions:POOL"))
            + books[party].get("Liabilities:Creditors:POOL", 0),
        )
        for party in PARTIES
    }


@given(kinds, risks, budgets, costs, st.integers(0, 50_00))
@settings(max_examples=40)
def test_what_all_parties_are_charged_is_the_pools_net_cost(
    kind: str, risk: str, planned: dict[str, dict[str, int]], spent: list[Cost], hub: int
) -> None:
    with pool_of(kind, risk, planned, hub) as pool:
        spend(pool, spent)
        pool.run()
        found = pool.outcome()
        total = sum(cost.amount for cost in spent)
        assert sum(found.borne.values()) == total == sum(found.charged.values())
        assert sum(variance.amount for variance in found.variances) == total - sum(
            sum(parts.values()) for parts in planned.values()
        )
        pool.settle("retain")
        settled = pool.outcome()
        assert settled.charged == settled.borne == found.borne
        accounts = pool.balances()["POOL"]
        assert {party: -accounts.get(f"Income:Recharges:{party}", 0) for party in PARTIES} == found.borne
        assert {party: bears for party, (bears, _net) in charged(pool).items()} == found.borne
        assert pool.settle("retain") == []
        proofs.assert_mirrored(Terms(pool.ledger.agreement(CODE)), pool.balances())
        proofs.assert_nothing_below_nil(pool.balances())
        pool.assert_replays()


@given(risks, budgets, costs)
@settings(max_examples=30)
def test_a_year_in_one_go_is_the_year_month_by_month(
    risk: str, planned: dict[str, dict[str, int]], spent: list[Cost]
) -> None:
    """Recharged each month, and settled in between too: in the end each has borne the same and stands the same."""
    ends = []
    for months in (False, True):
        with pool_of("lead_body", risk, planned) as pool:
            for month in range(12) if months else ():
                spend(pool, spent, range(month, month + 1))
                pool.run(ENDS[month])
                if month == 8:
                    pool.run(LAST)
                    pool.settle("retain")
            if not months:
                spend(pool, spent)
            pool.run(LAST)
            pool.settle("retain")
            ends.append((pool.outcome().borne, charged(pool)))
    assert ends[0] == ends[1]


@given(kinds, risks, budgets, costs, st.permutations(["OCC", "OCCG"]), st.sampled_from(["return", "carry_forward", "retain"]))
@settings(max_examples=30)
def test_closing_reopening_and_closing_again_leaves_what_closing_once_leaves(
    kind: str, risk: str, planned: dict[str, dict[str, int]], spent: list[Cost], order: list[str], unspent: str
) -> None:
    with pool_of(kind, risk, planned) as pool:
        spend(pool, spent)
        pool.run()
        pool.settle(unspent)
        at_the_end = pool.balances(LAST)
        for body in order:
            pool.close(body)
        closed = pool.balances()
        for body in reversed(order):
            pool.reopen(body)
        assert pool.balances() == at_the_end
        for body in reversed(order):
            pool.close(body)
        assert pool.balances() == closed
        assert pool.balances(LAST) == at_the_end
        pool.assert_replays()


@given(risks, budgets, costs, costs)
@settings(max_examples=15)
def test_late_costs_change_no_closed_figure_and_are_borne_all_the_same(
    risk: str, planned: dict[str, dict[str, int]], spent: list[Cost], late: list[Cost]
) -> None:
    """Whether a cost came in time or after both had closed, each party bears the same of the year."""
    with pool_of("lead_body", risk, planned) as pool:
        spend(pool, [*spent, *late])
        pool.run()
        in_time = pool.outcome().borne
    with pool_of("lead_body", risk, planned) as pool:
        spend(pool, spent)
        pool.run()
        pool.settle("retain")
        pool.close()
        closed = pool.balances(LAST)
        spend(pool, late)
        pool.run()
        pool.settle("retain")
        assert pool.outcome().borne == in_time == pool.outcome().charged
        assert pool.balances(LAST) == closed
        pool.assert_replays()


@pytest.mark.parametrize("risk", sorted(RISKS))
def test_two_whole_years_one_after_the_other(risk: str) -> None:
    """What is carried forward is there next year; both years close; the books prove themselves all the way."""
    planned = {"care": {"OCC": 60_00, "OCCG": 30_00}, "beds": {"OCC": 10_00, "OCCG": 10_00}}
    with pool_of("lead_body", risk, planned) as pool:
        spend(pool, [Cost(2, "care", 77_77, ""), Cost(9, "beds", 20_01, "")])
        pool.run()
        pool.settle("carry_forward")
        left = {party: -pool.balance("POOL", f"Liabilities:Contributions in advance:{party}") for party in PARTIES}
        pool.close()
        pool.cost(date(2014, 6, 1), care=10_00)
        pool.run(NEXT_LAST)
        assert pool.outcome(NEXT).variances == []
        pool.settle("carry_forward", NEXT)
        pool.close("", NEXT)
        assert sum(-pool.balance("POOL", f"Liabilities:Contributions in advance:{party}") for party in PARTIES) <= sum(
            left.values()
        )
        accounts = pool.balances()["POOL"]
        assert not any(name.startswith(("Income:", "Expenditure:")) for name in accounts)
        assert accounts.get("Equity:Reserve", 0) == 0
        assert pool.balance("OCC", "Equity:Reserve") + pool.balance("OCCG", "Equity:Reserve") == 77_77 + 20_01 + 10_00
        pool.assert_replays()
