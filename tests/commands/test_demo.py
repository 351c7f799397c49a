"""The demo: a new ledger each time, that is a ledger like any other, and commands to try that work."""

from __future__ import annotations

import csv
import io
import shlex
from contextlib import closing

import pytest

from ledger.application import Ledger
from tests.commands.desk import Desk


def test_the_demo_makes_a_ledger_and_says_where(desk: Desk):
    done = desk("demo")
    assert (done.code, done.err) == (0, "")
    assert "poolbook-demo.db" in done.out
    assert [path.name for path in desk.folder.iterdir()] == ["poolbook-demo.db"]
    with closing(Ledger.open(desk.folder / "poolbook-demo.db", read_only=True)) as ledger:
        assert len(ledger.store.streams()) == 5
        for code in ledger.store.streams():
            assert ledger.replayed(code).row() == ledger.store.head(code)


def test_the_demo_touches_no_ledger_there_is(desk: Desk, monkeypatch: pytest.MonkeyPatch):
    before = desk.made().bytes()
    monkeypatch.setenv("POOLBOOK_LEDGER", "poolbook.db")
    for _ in range(3):
        assert desk("demo").code == 0
    assert desk.bytes() == before
    names = {"poolbook.db", "poolbook-demo.db", "poolbook-demo-2.db", "poolbook-demo-3.db"}
    assert {path.name for path in desk.folder.iterdir()} == names
    done = desk("demo", "--ledger", "poolbook.db")
    assert (done.code, done.out) == (1, "")
    assert desk.bytes() == before


def tries(desk: Desk, *words: str) -> list[list[str]]:
    """The commands that the demo says to try next, as a shell would read them."""
    _, _, after = desk(*words).out.partition("Try next:\n")
    lines = [shlex.split(line) for line in after.splitlines() if line.startswith("  ")]
    assert len(lines) > 1
    return [line[1:] for line in lines]


def test_every_command_to_try_next_works(desk: Desk):
    for words in tries(desk, "demo"):
        done = desk(*words)
        assert (done.code, done.err) == (0, ""), done


def test_a_path_with_blanks_is_quoted_in_what_to_try_next(desk: Desk):
    for words in tries(desk, "demo", "--ledger", "my books' ledger.db"):
        assert desk(*words).code == 0


def test_the_figures_are_the_same_in_every_format(desk: Desk):
    document = desk("demo", "--format", "json", "--ledger", "a.db").json
    done = desk("demo", "--format", "csv", "--ledger", "b.db")
    lines = {tuple(each.values()) for each in csv.DictReader(io.StringIO(done.out))}
    told = {
        (each["arrangement"], book["book"], account["account"], account["balance"])
        for each in document["arrangements"]
        for book in each["books"]
        for account in book["accounts"]
    }
    assert lines == told
    assert {mirror["sum"] for each in document["arrangements"] for mirror in each["mirrors"]} == {"0.00"}
    assert document["ledger"] == "a.db"
