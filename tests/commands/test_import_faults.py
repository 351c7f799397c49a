"""Exit 4: a CSV file that is wrong by itself is refused whole, every fault with its line and column."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.commands.desk import Desk, many, row

HEADER = "arrangement,type,date,reference,amount,scheme,counterparty"
LINE = "pool,expenditure,2013-06-01,R1,10.00,care,SUP"


@pytest.fixture
def ready(desk: Desk) -> Desk:
    """A desk with one arrangement."""
    return desk.made()


def faults(desk: Desk, file: Path, *words: str) -> list[str]:
    """What an import of a file faults, each without the file's name and without the count, which must be right.

    The ledger must stand as it was, to the byte.
    """
    before = desk.bytes()
    done = desk("import", file.name, *words)
    assert (done.code, done.out) == (4, ""), done
    assert desk.bytes() == before
    *lines, count = done.err.splitlines()
    assert [line for line in lines if not line.startswith(f"{file.name}:")] == []
    noun = "1 fault" if len(lines) == 1 else f"{len(lines)} faults"
    assert count == f"{file.name}: {noun}; nothing was recorded."
    return [line.removeprefix(f"{file.name}:") for line in lines]


def places(desk: Desk, file: Path) -> list[str]:
    """Line and column of each fault."""
    return [fault.partition(": ")[0] for fault in faults(desk, file)]


@pytest.mark.parametrize(
    ("column", "value"),
    [
        *(("amount", text) for text in (
            "ten", "1,000.00", "1e9", "1E9", "NaN", "inf", "-inf", "１２.００", "1.234", "+5", "£5", "12345678901234", "-",
            ".5", "5.", "=1+1", "+1+1", "@SUM(1)", "5 ", " 5", "--5", "(5)", "5-", "1_000", "5\t", "٣", "1.2.3", "1.-2",
        )),
        *(("date", text) for text in (
            "2013-02-30", "2014-02-29", "2013-13-01", "2013-00-10", "2013-06-31", "0000-01-01", "01/06/2013", "2013-6-1",
            "41426", "20130601", "2013-06-01T00:00:00", "2013-W22-6", " 2013-06-01", "２０１３-06-01", "13-06-01",
        )),
        *(("type", text) for text in ("Expenditure", "expenditures", "spend", " expenditure", "=expenditure")),
        *(("arrangement", text) for text in ("Pool", "pool ", "1pool", "p" * 41, "pool/..", "=pool")),
        *(("reference", text) for text in ("#1", "#", "x" * 201)),
        *(("scheme", text) for text in ("Care", "care ", "-care", "=care", "c" * 41)),
        *(("counterparty", text) for text in ("a supplier", "-SUP", "=SUP", "S" * 41, "SÜP", "SUP,")),
        *(("fund", text) for text in ("a fund", "+dfg")),
        *(("party", text) for text in ("occ", "O" * 17, "1CC")),
    ],
)  # fmt: skip
def test_a_cell_that_is_not_what_its_column_holds(ready: Desk, column: str, value: str):
    assert places(ready, ready.csv(row(reference="R0"), row(**{column: value}))) == [f"3:{column}"]


@pytest.mark.parametrize(
    "value", ["\x00", "\x1b[2J", "\x07", "\x7f", "\x85", "\x9b31m", "a\u202eb", "\u2066", "\u200f", "\u2028", "a\tb", "a\nb"]
)
@pytest.mark.parametrize("column", ["narrative", "document", "reference", "counterparty", "amount", "arrangement", "type"])
def test_control_and_bidirectional_characters_are_refused_and_not_repeated(ready: Desk, column: str, value: str):
    before = ready.bytes()
    done = ready("import", str(ready.csv(row(reference="R0"), row(**{column: f"x{value}"}))))
    assert (done.code, done.out) == (4, "")
    assert value not in done.err.replace("\n", "", 2)
    assert ready.bytes() == before
    found = faults(ready, ready.folder / "facts.csv")
    assert [fault.partition(": ")[0] for fault in found] == [f"3:{column}"]


@pytest.mark.parametrize("column", ["arrangement", "type", "date", "reference", "amount", "scheme", "counterparty"])
def test_a_needed_cell_left_empty(ready: Desk, column: str):
    (fault,) = faults(ready, ready.csv(row(reference="R0"), row(**{column: ""})))
    assert fault.startswith(f"3:{column}: ")
    assert "needs" in fault


@pytest.mark.parametrize(
    ("type", "cells", "column"),
    [
        ("expenditure", {"asset": "van"}, "asset"), ("expenditure", {"consideration": "1.00"}, "consideration"),
        ("expenditure", {"liability": "pay"}, "liability"),
        ("contribution_due", {"party": "OCC", "counterparty": "SUP"}, "counterparty"),
        ("recharge", {"scheme": "care", "party": "OCC"}, "party"), ("set_off", {"party": "OCC", "fund": "dfg"}, "fund"),
        ("asset_transferred", {"asset": "van", "party": "OCC", "counterparty": "OCCG", "consideration": "0"}, "amount"),
    ],
)  # fmt: skip
def test_a_cell_in_a_column_that_the_type_does_not_use(ready: Desk, type: str, cells: dict[str, str], column: str):
    (fault,) = faults(ready, ready.csv(row(type, **cells)))
    assert fault == f"2:{column}: {type} does not use {column}: leave the cell empty"


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        ("arrangement", "poll", "There is no arrangement poll in this ledger; did you mean pool?"),
        ("scheme", "cares", "cares is no scheme of pool; did you mean care?"),
        ("fund", "dgf", "dgf is no fund of pool; did you mean dfg?"),
        ("party", "POL", "POL is no body with a book of pool; did you mean POOL?"),
        ("counterparty", "occg", "differs from OCCG only by case"),
        ("counterparty", "pool", "differs from POOL only by case"),
    ],
)
def test_a_code_that_no_agreement_knows(ready: Desk, column: str, value: str, said: str):
    (fault,) = faults(ready, ready.csv(row(reference="R0"), row(**{column: value})))
    assert fault.startswith(f"3:{column}: ")
    assert said in fault


def test_a_party_that_is_none_where_only_parties_may_stand(ready: Desk):
    rows = [row("contribution_due", party="POOL"), row("set_off", reference="R2", party="OCCH")]
    assert places(ready, ready.csv(*rows)) == ["2:party", "3:party"]


def test_every_fault_of_a_row_is_named(ready: Desk):
    wrong = row(date="2013-02-30", amount="ten", reference="#1", scheme="Care", asset="van")
    assert sorted(places(ready, ready.csv(wrong))) == ["2:amount", "2:asset", "2:date", "2:reference", "2:scheme"]


def test_a_reference_that_stands_in_the_file_twice_names_the_first_line(ready: Desk):
    rows = [*many(3), row(reference="R2"), row(reference="R2", amount="11.00"), row(reference="r2")]
    found = faults(ready, ready.csv(*rows))
    assert found == [f"{line}:reference: R2 stands in line 3 already" for line in (5, 6)]


def test_a_reference_may_stand_once_in_each_arrangement(desk: Desk):
    desk.made("lead_body", "other")
    assert desk("import", str(desk.csv(row(), row(arrangement="other")))).code == 0


def test_a_reference_repeated_far_below_and_recorded_before_is_still_repeated(ready: Desk):
    assert ready("import", str(ready.csv(row()))).code == 0
    rows = [*many(2_500), row()]
    assert faults(ready, ready.csv(*rows)) == ["2502:reference: R1 stands in line 2 already"]


def test_the_first_hundred_faults_and_the_count(ready: Desk):
    before = ready.bytes()
    rows = [row(reference=f"R{number}", amount="ten" if number % 2 else "10") for number in range(501)]
    done = ready("import", str(ready.csv(*rows)))
    assert done.code == 4
    *lines, count = done.err.splitlines()
    assert [int(line.split(":")[1]) for line in lines] == list(range(3, 203, 2))
    assert count.endswith(": 250 faults, the first 100 shown; nothing was recorded.")
    assert ready.bytes() == before


def test_faults_found_late_do_not_push_out_earlier_lines(ready: Desk):
    rows = [*many(2), row(reference="R1"), *(row(reference=f"X{number}", amount="ten") for number in range(150))]
    done = ready("import", str(ready.csv(*rows)))
    lines = [int(line.split(":")[1]) for line in done.err.splitlines()[:-1]]
    assert lines[:3] == [4, 5, 6]
    assert len(lines) == 100


def test_a_refused_row_is_not_named_among_the_faults(ready: Desk):
    rows = [row("recharge", scheme="care", amount="5.00"), row(reference="R2", amount="ten")]
    assert places(ready, ready.csv(*rows)) == ["3:amount"]
    assert places(ready, ready.csv(*rows[::-1])) == ["2:amount"]


def test_codes_are_checked_after_a_fault_too(ready: Desk):
    rows = [row(amount="ten"), row(reference="R2", scheme="cares"), row(reference="R3", arrangement="poll")]
    assert places(ready, ready.csv(*rows)) == ["2:amount", "3:scheme", "4:arrangement"]


def test_a_dry_run_faults_the_same(ready: Desk):
    facts = ready.csv(row(amount="ten"), row(reference="R2", scheme="cares"))
    assert faults(ready, facts, "--dry-run") == faults(ready, facts)
