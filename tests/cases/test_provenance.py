"""Every amount and ratio of a case says whether it was printed, computed from what was printed, or assumed."""

from __future__ import annotations

import csv
import re
from decimal import Decimal
from pathlib import Path

import pytest

from tests.cases.told import CASES, DATA, HERE, Told

FIGURE = re.compile(r"-?\d+(?:,\d{3})*(?:\.\d+)?")
SAID = re.compile(r"^(?:amount|recharge|risk|shares|funding|owners_liable|undecided)\s*=\s*(.*?)\s*# (\w+)")
NEEDS_SAYING = re.compile(r"^(?:amount|recharge|risk|shares|funding|owners_liable|undecided)\s*=")


def figures(case: str) -> set[Decimal]:
    """Every figure that stands in the published case, as it is and in millions."""
    text = (DATA / f"{case}.json").read_text(encoding="utf-8")
    plain = {Decimal(found.replace(",", "")) for found in FIGURE.findall(text)}
    return plain | {figure * 1_000_000 for figure in plain}


@pytest.mark.parametrize("case", CASES)
def test_every_fact_says_where_its_amount_is_from_and_only_the_printed_are_called_so(case: str) -> None:
    known = figures(case)
    with (HERE / case / "facts.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            assert row["narrative"].partition(":")[0] in ("printed", "computed", "assumed"), row
            if row["narrative"].startswith("printed"):
                assert Decimal(row["amount"]) in known, row


@pytest.mark.parametrize("case", CASES)
def test_every_term_says_where_it_is_from_and_only_the_printed_are_called_so(case: str) -> None:
    known = figures(case)
    for agreement in (HERE / case).glob("*.toml"):
        for line in filter(NEEDS_SAYING.match, agreement.read_text(encoding="utf-8").splitlines()):
            said = SAID.match(line)
            assert said is not None, line
            assert said[2] in ("printed", "computed", "assumed"), line
            if said[2] == "printed" and line.startswith("amount"):
                assert Decimal(said[1].strip('"')) in known, line


@pytest.mark.parametrize("case", CASES)
def test_every_book_of_every_case_balances_and_importing_it_again_records_nothing(case: str, path: Path) -> None:
    told = Told(path, case)
    said = told.record("report", "balances", "--all", "--format", "csv").splitlines()
    sums: dict[tuple[str, str], Decimal] = {}
    for arrangement, book, _, balance in csv.reader(said[1:]):
        sums[arrangement, book] = sums.get((arrangement, book), Decimal(0)) + Decimal(balance)
    assert sums
    assert set(sums.values()) == {Decimal(0)}
    assert "nothing was recorded" in told.record("import", HERE / case / "facts.csv")
