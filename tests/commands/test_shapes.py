"""What commands other than reports and receipts print, frozen; receipts are in test_receipt.py, reports in test_report.py."""

from __future__ import annotations

import os
import re
from contextlib import closing
from pathlib import Path

import pytest

from ledger.agreement.reader import read_agreement
from tests import given
from tests.commands.desk import Desk, row

GOLDEN = Path(__file__).parent / "golden"

KEYS = """legal_basis = "NHS Act 2006 s75"
notice_months = 6
ends = 2016-03-31"""

TABLES = """[risk]
base = "scheme"
own_underspend_first = ["OCCG"]
reserve_first = true
underspend = "return"
underspend_shares = { OCC = 1, OCCG = 1 }
[[risk.band]]
up_to = "500000.00"
shares = { OCC = 1, OCCG = 1 }
[[risk.band]]
shares = { OCCG = 1 }
[[asset]]
code = "day-centre"
shares = { OCC = 3, OCCG = 2 }
[[liability]]
code = "redundancy"
shares = { OCC = 1 }
[[budget]]
year = "2013/14"
scheme = "care"
party = "OCC"
amount = "99000000.00"
[[instalment]]
party = "OCCG"
amount = "25.00"
on = [2013-04-15, 2013-10-15]
fund = "hub"
[responsibilities]
external_audit = "Each party's own auditor"
"""

ASKED = {
    "agreement_list": ("agreement", "list"),
    "agreement_show": ("agreement", "show", "pool"),
    "status": ("status",),
    "import": ("import", "facts.csv"),
    "import_dry_run": ("import", "facts.csv", "--dry-run"),
    "demo": ("demo", "--ledger", "demo.db"),
    "year_check": ("year", "check", "pool", "--year", "2013/14"),
    "year_preview": ("year", "preview", "pool", "--year", "2013/14"),
}
"""Golden file → what is asked."""


@pytest.mark.parametrize("form", ["json", "csv", "table"])
@pytest.mark.parametrize("name", ASKED)
def test_a_command_prints_what_it_always_printed(desk: Desk, name: str, form: str) -> None:
    terms = given.toml("lead_body", TABLES).replace("starts = 2013-04-01", f"starts = 2013-04-01\n{KEYS}")
    with closing(given.new_ledger(desk.path)) as ledger:
        ledger.sign(read_agreement("agreement.toml", terms.encode()), given.WHO)
        given.record(ledger, "expenditure", scheme="care", counterparty="SUP", amount=99_000_123_45)
    desk.csv(row(), row(reference="R2", narrative="=for Mrs Jones"), row(reference="R3", amount="-1"))
    said = desk(*ASKED[name], "--format", form)
    assert said.code == (5 if name == "year_check" else 0), said.err
    # The size of a file is SQLite's affair.
    shown = re.sub(r'(size.bytes"?:? *|000000Z,)[0-9]+(?:,[0-9]{3})*', r"\1SIZE", said.out)
    golden = GOLDEN / f"{name}.{form.replace('table', 'txt')}"
    if os.environ.get("POOLBOOK_GOLDEN") == "add" and not golden.exists():
        golden.write_text(shown)
    assert shown == golden.read_text()
