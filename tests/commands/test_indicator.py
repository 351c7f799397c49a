"""`indicator report` and `report performance` at the command line."""

from __future__ import annotations

import os
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import Workbook

from tests import given
from tests.commands.desk import Desk

GOLDEN = Path(__file__).parent / "golden"
INDICATORS = """
[[indicator]]
code = "equipment"
name = "Equipment within 7 days"
unit = "%"
direction = "higher"
area = "Equipment"
scheme = "care"
target = "95"
[[indicator]]
code = "beds"
name = "Beds used"
unit = "beds"
direction = "lower"
targets = { "2013/14-Q2" = "550.5" }
"""
REPORT = ("indicator", "report", "pool", "--on", "2014-04-10")
ONE = (*REPORT, "--indicator", "equipment", "--period", "2013/14-Q2", "--value", "96.5")


@pytest.fixture
def pool(desk: Desk) -> Desk:
    desk.file("pool.toml", given.toml("lead_body", more=INDICATORS))
    assert desk("init").code == 0
    assert desk("agreement", "sign", "pool.toml").code == 0
    return desk


def workbook(*rows: tuple[object, ...]) -> bytes:
    """An XLSX file with these rows."""
    book, said = Workbook(), BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(said)
    return said.getvalue()


@pytest.mark.parametrize("form", ["json", "csv", "table"])
def test_performance_is_said_as_it_always_was(pool: Desk, form: str) -> None:
    assert pool(*ONE).code == 0
    assert pool(*REPORT, "--indicator", "beds", "--period", "2013/14-Q1", "--value", "561").code == 0
    assert pool(*REPORT, "--indicator", "beds", "--period", "2013/14-Q2", "--value", "550.75").code == 0
    assert pool("budget", "set", "pool", "--year", "2013/14", "--scheme", "care", "--party", "OCC", "--amount", "60",
                "--on", "2013-04-01").code == 0  # fmt: skip
    said = pool("report", "performance", "pool", "--period", "2013/14-Q2", "--format", form).out
    golden = GOLDEN / f"performance_measured.{form.replace('table', 'txt')}"
    if os.environ.get("POOLBOOK_GOLDEN") == "add" and not golden.exists():
        golden.write_text(said)
    assert said == golden.read_text()


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_file_of_figures_is_recorded_whole(pool: Desk, kind: str) -> None:
    rows = [("Indicator", "Period", "Value"), ("equipment", "2013/14-Q2", 96.5), (None, None, None), ("beds", "2013-07", 551)]
    if kind == "csv":
        pool.file("figures", "\n".join(",".join("" if cell is None else str(cell) for cell in row) for row in rows))
    else:
        # A spreadsheet makes a day of a month.
        pool.file("figures", workbook(*rows[:3], ("beds", date(2013, 7, 1), 551)))
    assert pool(*REPORT, "--file", "figures").code == 0
    found = [(event.fact.indicator, event.fact.period, event.fact.value) for event in pool.events()[1:]]
    assert found == [("equipment", "2013/14-Q2", "96.5"), ("beds", "2013-07", "551")]


FAULTY = {
    "no file": (None, ("cannot be read",)),
    "empty": ("", ("the file is empty",)),
    "a header alone": ("indicator,period,value\n", ("no figure",)),
    "a column too few": ("indicator,period\na,b\n", ("lacks value",)),
    "a strange column": ("indicator,period,valu,value\na,b,1,2\n", ("valu: this is not a column; did you mean value?",)),
    "a column twice": ("indicator,period,value,value\na,b,1,2\n", ("value: this column stands in the header twice",)),
    "cells wrong or empty": (
        "indicator,period,value\nbeds,,1\nbeds,2013/14,many\n,2013/14,\nbeds,2013/14,1\n",
        ("figures:2:period: every row needs period", "figures:3:value: “many” is not a figure", "figures:4:indicator",
         "figures:4:value", "4 faults; nothing was recorded"),
    ),
    "a hidden character": ("indicator,period,value\nbeds\u202e,2013/14,1\n", ("figures:2:indicator", "U+202E")),
    "a formula without its result": (
        workbook(("indicator", "period", "value"), ("beds", "2013/14", "=1+1")), ("figures:2:value", "without its result"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", FAULTY)
def test_a_faulty_file_is_refused_whole_with_every_fault(pool: Desk, what: str) -> None:
    content, words = FAULTY[what]
    if content is not None:
        pool.file("figures", content)
    done = pool(*REPORT, "--file", "figures")
    assert (done.code, done.out) == (4, "")
    assert [word for word in words if word not in done.err] == [], done.err
    assert len(pool.events()) == 1


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (REPORT, "Say the indicator's code, with --indicator"),
        (ONE[:-2], "Say the figure, with --value"),
        ((*ONE, "--file", "figures"), "leave --indicator out"),
        ((*ONE[:-1], "1e3"), "is not a figure"),
    ],
)
def test_wrong_usage_says_what_is_missing(pool: Desk, words: tuple[str, ...], says: str) -> None:
    done = pool(*words)
    assert (done.code, done.out) == (2, "")
    assert says in done.err


def test_what_the_agreement_measures_is_shown_with_its_terms(pool: Desk) -> None:
    shown = pool("agreement", "show", "pool").out
    lines = (
        "indicator equipment Equipment within 7 days, % (higher is better)",
        "indicator equipment, target 95",
        "indicator beds, target 2013/14-Q2 550.5",
    )
    for line in lines:
        assert line in " ".join(shown.split())


def test_a_dry_run_records_nothing(pool: Desk) -> None:
    done = pool(*ONE, "--dry-run")
    assert (done.code, len(pool.events())) == (0, 1)
    assert "Would record #2" in done.out
