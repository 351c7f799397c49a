"""The reports of a year from the command line, in the accounting rules' worked example: 100m and 50m, shared 72:28."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.commands.desk import Desk

AGREEMENT = """
[arrangement]
code = "health"
name = "Health and social care"
type = "lead_body"
starts = 2013-04-01
[[party]]
code = "NHS"
name = "The CCG"
sector = "nhs"
[[party]]
code = "CC"
name = "The council"
sector = "local_authority"
[roles]
lead = "CC"
[[scheme]]
code = "hospital"
name = "Hospital"
recharge = { NHS = 1 }
[[scheme]]
code = "social"
name = "Social care"
recharge = { CC = 1 }
[shares]
recharge = { NHS = 72, CC = 28 }
[risk]
base = "pool"
underspend = "return"
[[risk.band]]
shares = { NHS = 72, CC = 28 }
[[budget]]
year = "2013/14"
scheme = "hospital"
party = "NHS"
amount = "100000000.00"
[[budget]]
year = "2013/14"
scheme = "social"
party = "CC"
amount = "50000000.00"
"""

YEAR = ("health", "--year", "2013/14")


@pytest.fixture
def told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Desk]:
    """The year as recorded from the command line, everything but its end."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("POOLBOOK_LEDGER", raising=False)
    desk = Desk(tmp_path)

    def do(*words: str) -> Desk:
        done = desk(*words)
        assert done.code == 0, done.err
        return desk

    desk.file("health.toml", AGREEMENT)
    do("init")
    do("agreement", "sign", "health.toml")
    do("contribution", "due", "health", "--party", "NHS", "--amount", "100000000", "--on", "2013-04-01")
    do("contribution", "due", "health", "--party", "CC", "--amount", "50000000", "--on", "2013-04-01")
    for scheme, supplier, amount in (("hospital", "TRUST", "96380000"), ("social", "HOMES", "60120000")):
        do("expenditure", "incur", "health", "--scheme", scheme, "--counterparty", supplier, "--amount", amount,
           "--on", "2013-09-30")  # fmt: skip
    do("recharge", "run", "health", "--to", "2014-03-31")
    return do


def test_a_year_from_its_outturn_to_its_closed_memorandum(told: Callable[..., Desk]) -> None:
    desk = told("year", "check", *YEAR)
    outturn = desk("report", "outturn", *YEAR, "--format", "json").json
    assert [(row["scheme"], row["variance"], row["direction"]) for row in outturn["schemes"]] == [
        ("hospital", "-3620000.00", "favourable"),
        ("social", "10120000.00", "adverse"),
    ]
    told("year", "settle", *YEAR)
    settled = desk("report", "memorandum", *YEAR, "--format", "json").json
    # 6.50m shared 72:28: the NHS bears 100 + 4.68m, the council 50 + 1.82m.
    assert [(row["party"], row["borne"], row["carried_forward"]) for row in settled["parties"]] == [
        ("NHS", "104680000.00", "0.00"),
        ("CC", "51820000.00", "0.00"),
    ]
    asked = ("report", "statement", "health", "POOL", "--year", "2013/14", "--format", "json")
    before = desk(*asked).json
    told("year", "close", *YEAR)
    assert desk("report", "memorandum", *YEAR, "--format", "json").json == settled
    assert desk(*asked).json == before
    told("year", "reopen", *YEAR, "--reason", "a late bill")
    assert desk("report", "memorandum", *YEAR, "--format", "json").json == settled


def test_a_trace_names_events_in_the_table_and_the_list_and_leaves_the_document_as_it_is(told: Callable[..., Desk]) -> None:
    desk = told("year", "settle", *YEAR)
    plain = desk("report", "memorandum", *YEAR, "--format", "json").out
    assert desk("report", "memorandum", *YEAR, "--trace", "--format", "json").out == plain
    listed = desk("report", "memorandum", *YEAR, "--trace", "--format", "csv").out.splitlines()
    assert listed[0] == "arrangement,year,of,code,figure,amount,events"
    assert "health,2013/14,party,NHS,borne,104680000.00,#6 #8" in listed
    assert "health,2013/14,scheme,social,variance,10120000.00,#1 #5" in listed
    table = desk("report", "memorandum", *YEAR, "--trace").out
    assert "the events behind each figure" in table
    assert "#6 #8" in table
    assert "the events behind each figure" not in desk("report", "memorandum", *YEAR).out


def test_what_was_reported_and_what_is_known_now(told: Callable[..., Desk]) -> None:
    told("expenditure", "incur", "health", "--scheme", "social", "--counterparty", "HOMES", "--amount", "0.01",
         "--on", "2014-03-31", "--document", "INV-9", "--reference", "LATE")  # fmt: skip
    desk = told("report", "outturn", *YEAR, "--as-known", "#7", "--against", "#8")
    listed = desk("report", "outturn", *YEAR, "--as-known", "#7", "--against", "#8", "--format", "csv").out.splitlines()
    social = [line.split(",") for line in listed if ",social,actual," in line]
    assert [(cells[4], cells[5], cells[8], cells[10]) for cells in social] == [
        ("", "Then", "", "60120000.00"),
        ("8", "ExpenditureIncurred", "LATE", "0.01"),
        ("", "Now", "", "60120000.01"),
    ]
    known = desk("report", "outturn", *YEAR, "--as-known", "#7", "--format", "json").json
    assert (known["as_known"], known["events"], known["totals"]["schemes"]["actual"]) == ("#7", 7, "156500000.00")
