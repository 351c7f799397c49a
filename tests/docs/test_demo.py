"""The demo: what a newcomer sees first, and what it leaves behind."""

from __future__ import annotations

import csv
import io
import json
import shlex
import sys
from pathlib import Path

import pytest

from ledger.money import pence
from tests.cases.told import poolbook
from tests.docs.examples import Step, run

KINDS = ("oxon-aligned", "oxon-lead-body", "oxon-commissioned", "oxon-billing-lead", "oxon-venture")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that the demo is run in."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["poolbook"])
    return tmp_path


def test_the_demo_fits_a_hundred_columns_and_every_sum_and_mirror_is_nil(folder: Path) -> None:
    (said,) = [said for _, said, _ in run([Step(command="poolbook demo")], folder)]
    assert [line for line in said if len(line) > 100 and "--ledger" not in line] == []
    sums = [line for line in said if line.startswith("Sum of each book")]
    assert len(sums) == len(KINDS)
    assert {cell for line in sums for cell in line.removeprefix("Sum of each book").split()} == {"0.00"}
    mirrors = [line for line in said if line.startswith("oxon-") and ":" in line]
    assert mirrors
    assert all(line.endswith(" 0.00") for line in mirrors)


def test_the_same_net_cost_is_borne_differently_under_each_kind(folder: Path) -> None:
    told = json.loads(poolbook(folder / "a.db", "demo", "--format", "json"))["arrangements"]
    assert tuple(each["arrangement"] for each in told) == KINDS
    assert {each["net_cost"] for each in told} == {"193998500.00"}
    for each in told:
        assert sum(pence(book["bears"]) for book in each["books"]) == pence(each["net_cost"])
        assert {pair["sum"] for pair in each["mirrors"]} == {"0.00"}
        assert all(pence(pair["first_says"]) == -pence(pair["second_says"]) for pair in each["mirrors"])
    borne = {each["arrangement"]: {book["book"]: book["bears"] for book in each["books"]} for each in told}
    # 193,998,500 in the ratio 99:96, which is what each put in (printed).
    assert borne["oxon-lead-body"] == {"POOL": "0.00", "OCC": "98491546.15", "OCCG": "95506953.85"}
    assert borne["oxon-aligned"] == {"OCC": "103548500.00", "OCCG": "90450000.00"}
    assert borne["oxon-venture"] == {"JV": "-1001500.00", "OCC": "99000000.00", "OCCG": "96000000.00"}


def test_the_demos_figures_are_those_of_its_ledger(folder: Path) -> None:
    said = list(csv.reader(io.StringIO(poolbook(folder / "a.db", "demo", "--format", "csv"))))
    reported = list(csv.reader(io.StringIO(poolbook(folder / "a.db", "report", "balances", "--all", "--format", "csv"))))
    assert sorted(said) == sorted(reported)


def test_the_demo_touches_no_file_that_exists(folder: Path) -> None:
    poolbook(folder / "a.db", "init")
    before = (folder / "a.db").read_bytes()
    assert "exists already" in poolbook(folder / "a.db", "demo", leaves=1)
    assert (folder / "a.db").read_bytes() == before
    found = run([Step(command="poolbook demo > one"), Step(command="poolbook demo > two")], folder)
    assert [code for _, _, code in found] == [0, 0]
    assert sorted(path.name for path in folder.glob("*demo*.db")) == ["poolbook-demo-2.db", "poolbook-demo.db"]


def test_what_the_demo_says_to_try_next_works(folder: Path) -> None:
    (said,) = [said for _, said, _ in run([Step(command="poolbook demo")], folder)]
    commands = [line.strip() for line in said if line.startswith("  poolbook --ledger")]
    assert 3 <= len(commands) <= 4
    for line in commands:
        program, option, ledger, *words = shlex.split(line)
        assert (program, option) == ("poolbook", "--ledger")
        assert poolbook(folder / ledger, *words)
