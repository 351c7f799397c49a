"""Many at work on one ledger from the command line: nothing lost, doubled or skipped, and nobody told to come back later."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from contextlib import closing
from itertools import pairwise

import pytest

from ledger.application import Ledger
from tests.commands.desk import Desk, many, row

COST = ("--scheme", "care", "--counterparty", "SUP", "--on", "2013-06-01")
EACH = 15

POSTER = """
import sys
from commands.main import run
who, arrangements, count = sys.argv[1], sys.argv[2].split(), int(sys.argv[3])
for number in range(count):
    words = ["expenditure", "incur", arrangements[number % len(arrangements)], "--amount", f"{number + 1}.01", *sys.argv[4:]]
    try:
        run([*words, "--as", who, "--reference", f"{who}-{number}"])
    except SystemExit as left:
        if left.code:
            sys.exit(left.code)
"""


def poster(desk: Desk, who: str, arrangements: Sequence[str], count: int = EACH) -> subprocess.Popen[str]:
    """Start a process that posts again and again, each time as the command line does."""
    words = [sys.executable, "-c", POSTER, who, " ".join(arrangements), str(count), *COST]
    return subprocess.Popen(words, cwd=desk.folder, stdout=-1, stderr=-1, text=True)


def ended(*processes: subprocess.Popen[str]) -> None:
    """Wait for processes, every one of which must have done what it was asked, without a word of complaint."""
    for process in processes:
        out, err = process.communicate(timeout=300)
        assert (process.returncode, err) == (0, ""), f"{process.returncode}: {err}{out}"


def proved(desk: Desk, *arrangements: str) -> dict[str, list[str]]:
    """The references of each arrangement, whose numbers, moments and head must be as if one had posted after another."""
    found = {}
    with closing(Ledger.open(desk.path, read_only=True)) as ledger:
        for code in arrangements:
            events = list(ledger.history(code))
            assert [event.number for event in events] == list(range(1, len(events) + 1))
            assert [event.recorded_at for event in events] == sorted(event.recorded_at for event in events)
            replayed = ledger.replayed(code)
            assert ledger.store.head(code) == replayed.row()
            stands = {(book, account): pence for book, account, pence in ledger.store.balances(code)}
            summed: dict[tuple[str, str], int] = {}
            for event in events:
                for book, accounts in event.entries.items():
                    for account, pence in accounts.items():
                        summed[book, account] = summed.get((book, account), 0) + pence
            assert stands == {place: pence for place, pence in summed.items() if pence}
            found[code] = [event.reference for event in events[1:]]
    return found


@pytest.mark.parametrize("arrangements", [("pool",), ("pool", "other", "third")], ids=["one arrangement", "several"])
def test_four_who_post_at_once(desk: Desk, arrangements: tuple[str, ...]):
    desk.made("lead_body", *arrangements[1:])
    names = ["ann", "ben", "cat", "dan"]
    ended(*(poster(desk, name, arrangements) for name in names))
    found = proved(desk, *arrangements)
    everything = sorted(reference for references in found.values() for reference in references)
    assert everything == sorted(f"{name}-{number}" for name in names for number in range(EACH))
    for references in found.values():
        for name in names:
            own = [int(reference.partition("-")[2]) for reference in references if reference.startswith(name)]
            assert own == sorted(own)


def test_four_who_record_the_same_reference_record_it_once(desk: Desk):
    desk.made()
    ended(*(poster(desk, "ann", ["pool"]) for _ in range(4)))
    assert proved(desk, "pool")["pool"] == [f"ann-{number}" for number in range(EACH)]


def test_four_who_import_the_same_file_record_it_once(desk: Desk):
    desk.made("lead_body", "other").csv(*many(400), *many(400, arrangement="other"))
    runs = [desk.start("import", "facts.csv", stdout=-1, stderr=-1, text=True) for _ in range(4)]
    ended(*runs)
    found = proved(desk, "pool", "other")
    assert found == {code: [f"R{number}" for number in range(1, 401)] for code in ("pool", "other")}


def test_four_who_import_files_of_their_own(desk: Desk):
    desk.made("lead_body", "other")
    runs = []
    for name in ("a", "b", "c", "d"):
        rows = [row(reference=f"{name}{n}", arrangement="pool" if n % 2 else "other") for n in range(300)]
        desk.csv(*rows, name=f"{name}.csv")
        runs.append(desk.start("import", f"{name}.csv", stdout=-1, stderr=-1, text=True))
    ended(*runs)
    found = proved(desk, "pool", "other")
    for odd, code in enumerate(("other", "pool")):
        for name in ("a", "b", "c", "d"):
            own = [reference for reference in found[code] if reference.startswith(name)]
            assert own == [f"{name}{n}" for n in range(300) if n % 2 == odd]
        assert len(found[code]) == 600
        starts = [reference[0] for reference in found[code]]
        assert sum(a != b for a, b in pairwise(starts)) == 3


def test_four_who_would_overdraw_what_is_left_are_told_so_but_for_one(desk: Desk):
    desk.made(before=[("expenditure", {"scheme": "care", "counterparty": "SUP", "amount": 100_00})])
    words = ("recharge", "raise", "pool", "--scheme", "care", "--amount", "60", "--on", "2013-06-01")
    runs = [desk.start(*words, stdout=-1, stderr=-1, text=True) for _ in range(4)]
    codes = []
    for run in runs:
        _, err = run.communicate(timeout=60)
        codes.append(run.returncode)
        assert err == "" if run.returncode == 0 else "£40.00 of net cost not yet recharged" in err
    assert sorted(codes) == [0, 1, 1, 1]
    proved(desk, "pool")


def test_who_initialises_at_once_makes_one_ledger(desk: Desk):
    runs = [desk.start("init", stdout=-1, stderr=-1, text=True) for _ in range(4)]
    codes = []
    for run in runs:
        _, err = run.communicate(timeout=60)
        codes.append(run.returncode)
        assert "Traceback" not in err
    assert sorted(codes) == [0, 1, 1, 1]
    assert desk("status").code == 0


def test_one_reads_and_one_posts_while_a_hundred_thousand_rows_are_imported(desk: Desk):
    desk.made("lead_body", "other")
    header = "arrangement,type,date,reference,amount,scheme,counterparty\n"
    rows = (f"other,expenditure,2013-06-01,R{number},{number % 997}.01,care,SUP{number % 50}\n" for number in range(100_000))
    desk.file("facts.csv", header + "".join(rows))
    run = desk.start("import", "facts.csv", stdout=-1, stderr=-1, text=True)
    turns = posted = 0
    seen = set()
    while run.poll() is None or turns < 3:
        turns += 1
        for arrangement in ("pool", "other"):
            done = desk("report", "balances", arrangement, "--format", "json")
            assert (done.code, done.err) == (0, ""), done
        seen.add(desk("status", "--format", "json").json["events"] - posted)
        assert desk("expenditure", "incur", "pool", "--amount", "1", *COST).code == 0
        posted += 1
    out, err = run.communicate(timeout=60)
    assert (run.returncode, err) == (0, "")
    assert "100,000 facts recorded" in out
    assert seen <= {2, 100_002}
    assert len(proved(desk, "pool", "other")["other"]) == 100_000
    balances = desk("report", "balances", "other", "--format", "json").json
    assert balances["events"] == 100_001
