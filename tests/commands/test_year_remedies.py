"""Whatever `year check` finds can be mended by typing what it says: each remedy of each check, to the letter."""

from __future__ import annotations

import shlex
from typing import NamedTuple, get_args

import pytest

from ledger.decisions import year_checks
from tests import given
from tests.commands.desk import Desk
from tests.ledger.years import HALVES, budgeted

YEAR = ("--year", "2013/14")
BUDGETS = budgeted(care={"OCC": 60_00, "OCCG": 40_00})
DUE = [f"contribution due pool --party {party} --amount {due} --on 2013-06-01" for party, due in (("OCC", 60), ("OCCG", 40))]
SPENT = "expenditure incur pool --scheme care --counterparty SUP --amount 100 --on 2013-06-01"
RUN = "recharge run pool --to 2014-03-31"
SETTLE = "year settle pool --year 2013/14 --unspent carry_forward"
CLOSE = "year close pool --year 2013/14"
VAN = "asset acquire pool --asset van --scheme care --counterparty SUP --amount 60 --on 2013-06-01"


class Case(NamedTuple):
    """What was typed before, what stands in the way, and how many remedies it has."""

    check: str
    typed: list[str]
    tables: tuple[str, ...] = ()
    kind: str = "lead_body"
    year: str = "2013/14"
    remedies: int = 1
    says: str = ""
    """What is typed for the dots."""


CASES = {
    "a cost": Case("net cost not recharged", [SPENT]),
    "a credit note": Case("net cost not recharged", [SPENT, RUN, SPENT.replace("100", "-7")]),
    "a cost of a billing lead": Case(
        "net cost not recharged", ["bill pool --scheme care --amount 9 --on 2013-06-01"], kind="hybrid"
    ),
    "a late cost of the year before": Case("net cost not recharged", [CLOSE, SPENT], year="2014/15"),
    "a year before that a late cost changed": Case(
        "earlier year not settled",
        [*DUE, SPENT, RUN, SETTLE, CLOSE, SPENT.replace("100", "20"), RUN], (HALVES, BUDGETS), year="2014/15",
    ),
    "too little due": Case("dues that differ from the budget", DUE[:1], (BUDGETS,), remedies=2),
    "too much due": Case("dues that differ from the budget", [*DUE, DUE[1].replace("40", "5")], (BUDGETS,), remedies=2),
    "too much due and used": Case(
        "dues that differ from the budget", [*DUE, DUE[1].replace("40", "5"), SPENT.replace("100", "112.50"), RUN], (BUDGETS,)
    ),
    "a budget of several schemes": Case(
        "dues that differ from the budget", DUE[:1], (budgeted(care={"OCC": 50_00}, beds={"OCC": 30_00}),), remedies=2
    ),
    "an overpaid party": Case("debtor in credit", ["contribution receive pool --party OCC --amount 70 --on 2013-06-01"]),
    "an overpaid party, paid back": Case(
        "debtor in credit",
        ["contribution receive pool --party OCC --amount 70 --on 2013-06-01",
         "settlement pool --party POOL --counterparty OCC --amount 70 --on 2013-06-02"],
    ),
    "a customer who overpaid": Case("debtor in credit", ["income collect pool --counterparty C --amount 7 --on 2013-06-01"]),
    "a supplier overpaid": Case("creditor in debit", ["expenditure pay pool --counterparty SUP --amount 7 --on 2013-06-01"]),
    "an aligned party's supplier": Case(
        "creditor in debit", ["expenditure pay pool --party OCC --counterparty SUP --amount 7 --on 2013-06-01"],
        kind="aligned",
    ),
    "a contractor paid too early": Case(
        "debtor in credit", ["settlement pool --party OCC --counterparty ACME --amount 7 --on 2013-06-01"],
        kind="commissioned",
    ),
    "a venture's grant paid too early": Case(
        "debtor in credit", ["contribution receive pool --party OCC --amount 7 --on 2013-06-01"], kind="grant"
    ),
    "an asset": Case("asset without depreciation", [VAN, RUN], says="12"),
    "a party's asset": Case("asset without depreciation", [f"{VAN} --party OCC"], kind="aligned", says="12"),
    "a dispute": Case(
        "dispute not acknowledged",
        [DUE[0], 'dispute raise pool 2 --party OCC --amount 10 --reason "Not agreed" --on 2013-07-01'], remedies=2,
        says="Agreed",
    ),
}  # fmt: skip


def arrived(desk: Desk, case: Case) -> Desk:
    """A desk at which everything before was typed."""
    desk.file("pool.toml", given.toml(case.kind, more="\n".join(case.tables)))
    for line in ("init", "agreement sign pool.toml", *case.typed):
        done = desk(*shlex.split(line))
        assert done.code == 0, done.err
    return desk


@pytest.mark.parametrize(
    ("case", "nth"),
    [pytest.param(case, nth, id=f"{name}, remedy {nth + 1}") for name, case in CASES.items() for nth in range(case.remedies)],
)
def test_a_remedy_typed_as_it_stands_clears_what_it_is_for(desk: Desk, case: Case, nth: int) -> None:
    check = ("year", "check", "pool", "--year", case.year)
    found = arrived(desk, case)(*check, "--format", "json").json["blockers"]
    assert [blocker["check"] for blocker in found] == [case.check]
    assert len(found[0]["commands"]) == case.remedies
    said = desk(*check)
    assert (said.code, found[0]["commands"][nth] in said.out) == (5, True)
    program, *words = shlex.split(found[0]["commands"][nth].replace("…", case.says))
    assert program == "poolbook"
    done = desk(*words)
    assert done.code == 0, done.err
    after = desk(*check)
    assert (after.code, after.out) == (0, f"pool is ready: nothing stands in the way of settling and closing {case.year}.\n")


def test_every_check_has_its_remedies_typed() -> None:
    assert {case.check for case in CASES.values()} == set(get_args(year_checks.Check))
