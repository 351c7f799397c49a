"""Torbay's published indicators (CIPFA's guide, “What have been the results of this Integration?”), reported and read back.

The guide prints figures and what they compare with, and no targets. What it compares a figure with stands here as an
earlier period where it is one, and as the target where it is another region's; that each month is one of a month's
figures, and that the two bodies shared the pool in halves, is assumed.
"""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from tests.cases.told import poolbook

AGREEMENT = """
[arrangement]
code = "torbay"
name = "Integrated care for older people in Torbay"
type = "lead_body"
starts = 2006-04-01
[[party]]
code = "CT"
name = "Torbay Care Trust"
sector = "nhs"
[[party]]
code = "TC"
name = "Torbay Council"
sector = "local_authority"
[roles]
lead = "CT"
[[scheme]]
code = "equipment"
name = "Community equipment"
[[scheme]]
code = "assessment"
name = "Assessment and care packages"
[shares]
recharge = { CT = 1, TC = 1 }
"""

INDICATORS = {
    "equipment-7-days": ("Community equipment provided within 7 days", "%", "higher", "Community", "equipment", ""),
    "assessed-28-days": ("Patients assessed within 28 days of referral", "%", "higher", "Community", "assessment", ""),
    "packages-28-days": ("Care packages in place within 28 days of assessment", "%", "higher", "Community", "assessment", ""),
    "admissions-65": ("Standardised admission ratio, 65 and over", "England = 100", "lower", "Hospital", "", ""),
    "emergency-beds-65": ("Emergency bed use, 65 and over", "per 1,000", "lower", "Hospital", "", "2778"),
    "emergency-days-85": ("Emergency bed days, over 85, against its group", "%", "lower", "Hospital", "", "100"),
    "daily-beds": ("Average number of daily occupied beds", "beds", "lower", "Hospital", "", ""),
}
"""Code → name, unit, direction, area, scheme, target."""

PRINTED = (
    ("For October 2008 99% of Community Equipment had been provided within 7 days", "equipment-7-days", "2008-10", "99"),
    ("[For April it was 90%]", "equipment-7-days", "2006-04", "90"),
    ("For October 2008 83% of Patients have been assessed within 28 days", "assessed-28-days", "2008-10", "83"),
    ("[For April 2006 it was 72%]", "assessed-28-days", "2006-04", "72"),
    ("within 28 days of assessment was 97%", "packages-28-days", "2008-10", "97"),
    ("[For April 2006 it was 67%]", "packages-28-days", "2006-04", "67"),
    ("the standardised admission ratio for the 65 and over population is 87.7", "admissions-65", "2008/09", "87.7"),
    ("Use of emergency beds for the 65 and over age group is 2025/1000", "emergency-beds-65", "2008/09", "2025"),
    ("Torbay uses only 47% of emergency bed days", "emergency-days-85", "2008/09", "47"),
    ("fallen to 528 in 2008/9", "daily-beds", "2008/09", "528"),
    ("[This compares to 750 in 1998/9]", "daily-beds", "1998/99", "750"),
)
"""What the guide says, and the figure it is: indicator, period, value."""


@pytest.fixture
def told(path: Path) -> Path:
    """A ledger in which Torbay's figures were imported from one file."""
    tables = [
        f'[[indicator]]\ncode = "{code}"\nname = "{name}"\nunit = "{unit}"\ndirection = "{direction}"\narea = "{area}"\n'
        + (f'scheme = "{scheme}"\n' if scheme else "")
        + (f'target = "{target}"\n' if target else "")
        for code, (name, unit, direction, area, scheme, target) in INDICATORS.items()
    ]
    agreement, figures = path.with_name("torbay.toml"), path.with_name("figures.csv")
    agreement.write_text(AGREEMENT + "".join(tables), encoding="utf-8")
    with figures.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("indicator", "period", "value"), *(each[1:] for each in PRINTED)])
    poolbook(path, "init")
    poolbook(path, "agreement", "sign", agreement)
    poolbook(path, "indicator", "report", "torbay", "--file", figures, "--on", "2009-05-01", "--reference", "guide")
    return path


def test_every_figure_is_one_that_is_printed() -> None:
    for sentence, _, _, value in PRINTED:
        assert value in sentence


def test_every_printed_figure_reads_back_beside_what_it_compares_with(told: Path) -> None:
    said = poolbook(told, "report", "performance", "torbay", "--period", "2008/09", "--format", "csv")
    rows = {row["indicator"]: row for row in csv.DictReader(io.StringIO(said))}
    assert {code: row["value"] for code, row in rows.items()} == {
        code: value for _, code, period, value in PRINTED if period.startswith("2008")
    }
    before = {code: row["previous"] for code, row in rows.items() if row["previous"]}
    assert before == {code: value for _, code, period, value in PRINTED if not period.startswith("2008")}
    # 99 − 90, 83 − 72, 97 − 67 and 528 − 750.
    assert [rows[code]["change"] for code in before] == ["9", "11", "30", "-222"]
    assert {code: row["standing"] for code, row in rows.items() if row["target"]} == {
        "emergency-beds-65": "met",
        "emergency-days-85": "met",
    }
    assert {row["reported_by"] for row in rows.values()} == {"CT"}


def test_performance_stands_beside_the_money_of_its_scheme(told: Path) -> None:
    cost = ("--scheme", "equipment", "--amount", "120000", "--counterparty", "makers", "--on", "2008-10-31")
    poolbook(told, "expenditure", "incur", "torbay", *cost)
    budget = ("--scheme", "equipment", "--party", "CT", "--amount", "200000", "--year", "2008/09", "--on", "2008-04-01")
    poolbook(told, "budget", "set", "torbay", *budget)
    said = json.loads(poolbook(told, "report", "performance", "torbay", "--period", "2008/09-Q3", "--format", "json"))
    money = {row["scheme"]: (row["budget"], row["actual"], row["variance"]) for row in said["schemes"]}
    assert money == {
        "equipment": ("200000.00", "120000.00", "-80000.00"),
        "assessment": ("0.00", "0.00", "0.00"),
    }


def test_importing_the_same_figures_again_records_nothing(told: Path) -> None:
    again = ("--file", told.with_name("figures.csv"), "--on", "2009-05-01", "--reference", "guide")
    said = poolbook(told, "indicator", "report", "torbay", *again, "--format", "json")
    assert json.loads(said)["earlier"] is True
    assert len(json.loads(said)["events"]) == len(PRINTED)
