"""The ledger's file: made once and for its owner alone, looked at, copied, and named in one of four ways."""

from __future__ import annotations

import csv
import io
import os
import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest

from ledger.application import Ledger
from ledger.store.sqlite import SQLiteRecorder
from tests import given
from tests.commands.desk import Desk, many

COST = ("expenditure", "incur", "pool", "--scheme", "care", "--counterparty", "SUP", "--amount", "10", "--on", "2013-06-01")


def mode(path: Path) -> int:
    """A file's rights."""
    return stat.S_IMODE(path.stat().st_mode)


def events(path: Path) -> int:
    """How many events a ledger file holds, replayed and compared with its head."""
    with closing(Ledger.open(path, read_only=True)) as ledger:
        for code in ledger.store.streams():
            assert ledger.replayed(code).row() == ledger.store.head(code)
        return ledger.store.counted()[0]


@pytest.mark.parametrize("mask", [0, 0o022, 0o077])
def test_init_makes_an_empty_ledger_for_its_owner_alone(desk: Desk, mask: int):
    before = os.umask(mask)
    try:
        done = desk("init")
    finally:
        os.umask(before)
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("Made an empty ledger at poolbook.db (id ")
    assert mode(desk.path) == 0o600
    assert [path.name for path in desk.folder.iterdir()] == ["poolbook.db"]
    assert events(desk.path) == 0


def test_every_ledger_has_an_id_of_its_own(desk: Desk):
    ids = set()
    for name in ("a.db", "b.db"):
        assert desk("--ledger", name, "init").code == 0
        ids.add(desk("--ledger", name, "status", "--format", "json").json["id"])
    assert len(ids) == 2
    assert [each for each in ids if len(each) != 32] == []


def test_init_refuses_whatever_is_there(desk: Desk):
    desk.made()
    desk.file("other", "not a ledger")
    (desk.folder / "folder").mkdir()
    (desk.folder / "dangling").symlink_to("nowhere.db")
    for name in ("poolbook.db", "other", "folder", "dangling"):
        before = desk.bytes()
        done = desk("--ledger", name, "init")
        assert (done.code, done.out) == (1, "")
        assert f"{name} exists already: nothing was done." in done.err
        assert desk.bytes() == before
    assert (desk.folder / "other").read_text() == "not a ledger"
    assert not (desk.folder / "nowhere.db").exists()


@pytest.mark.parametrize("name", ["missing/poolbook.db", "file/poolbook.db", "x" * 300])
def test_init_where_nothing_can_be_made(desk: Desk, name: str):
    desk.file("file", "")
    done = desk("--ledger", name, "init")
    assert (done.code, done.out) == (3, "")
    assert "cannot be made" in done.err


@pytest.mark.parametrize(
    "name", ["a b.db", "a?mode=memory&b#c%20d.db", "ü漢.db", "'quoted\".db", ":memory:", "file:x.db", "-.db"]
)
def test_a_ledger_may_be_called_anything(desk: Desk, name: str):
    assert desk("--ledger", name, "init").code == 0
    desk.file("agreement.toml", given.toml("lead_body"))
    assert desk("--ledger", name, "agreement", "sign", "agreement.toml").code == 0
    assert desk("--ledger", name, *COST).code == 0
    assert {path.name for path in desk.folder.iterdir()} == {name, "agreement.toml"}
    assert events(desk.folder / name) == 2


def test_the_ledger_is_named_before_the_command_after_it_or_by_the_environment(desk: Desk, monkeypatch: pytest.MonkeyPatch):
    for name in ("default", "environment", "before", "after"):
        path = desk.folder / ("poolbook.db" if name == "default" else f"{name}.db")
        given.new_ledger(path).close()

    def named(*words: str) -> str:
        done = desk(*words, "--format", "json")
        assert done.code == 0, done.err
        return str(done.json["ledger"])

    assert named("status") == "poolbook.db"
    assert named("--ledger", "before.db", "status") == "before.db"
    assert named("status", "--ledger", "after.db") == "after.db"
    assert named("--ledger=before.db", "status", "--ledger=after.db") == "after.db"
    monkeypatch.setenv("POOLBOOK_LEDGER", "environment.db")
    assert named("status") == "environment.db"
    assert named("--ledger", "before.db", "status") == "before.db"
    assert named("status", "--ledger", "after.db") == "after.db"
    monkeypatch.setenv("POOLBOOK_LEDGER", "")
    assert named("status") == "poolbook.db"


def test_a_command_of_a_group_takes_the_ledger_too(desk: Desk):
    with closing(given.new_ledger(desk.folder / "other.db")) as ledger:
        given.sign(ledger)
    for words in (("agreement", "list"), ("agreement", "show", "pool"), COST, ("reverse", "pool", "2", "--reason", "x")):
        done = desk(*words, "--ledger", "other.db")
        assert done.code == 0, done.err
    assert desk("--ledger", "other.db", "agreement", "list").code == 0
    assert not desk.path.exists()


def test_the_status_says_what_the_ledger_is_and_holds(desk: Desk):
    desk.made("lead_body", "other").csv(*many(3))
    assert desk("import", "facts.csv").code == 0
    told = desk("status", "--format", "json").json
    assert told == {
        "ledger": "poolbook.db", "id": given.LEDGER_ID, "created_at": "2013-07-01T09:00:00.000000Z",
        "size_bytes": desk.path.stat().st_size, "arrangements": 2, "events": 5,
        "last_recorded_at": desk.events()[-1].recorded_at,
    }  # fmt: skip
    (row,) = csv.DictReader(io.StringIO(desk("status", "--format", "csv").out))
    assert row == {name: str(value) for name, value in told.items()}
    table = desk("status").out
    assert [name for name in told if name.replace("_", " ") not in table] == []
    assert [value for value in ("poolbook.db", given.LEDGER_ID, told["last_recorded_at"]) if value not in table] == []


def test_the_status_of_an_empty_ledger(desk: Desk):
    assert desk("init").code == 0
    told = desk("status", "--format", "json").json
    assert (told["arrangements"], told["events"], told["last_recorded_at"]) == (0, 0, None)
    assert "never" in desk("status").out
    assert desk("status", "--format", "csv").out.splitlines()[1].endswith(",0,0,")


@pytest.fixture
def full(desk: Desk) -> Desk:
    """A desk whose ledger holds facts and narratives."""
    desk.made("lead_body", "other").csv(*many(50, narrative="for Mrs Jones"), *many(3, arrangement="other"))
    assert desk("import", "facts.csv").code == 0
    return desk


def test_a_backup_is_the_same_ledger(full: Desk):
    before = full.bytes()
    done = full("backup", "copy.db")
    copy = full.folder / "copy.db"
    assert (done.code, done.err) == (0, "")
    assert done.out == f"Copied 55 events to copy.db ({copy.stat().st_size:,} bytes), and the copy checks.\n"
    assert mode(copy) == 0o600
    assert full.bytes() == before
    assert copy.read_bytes()[100:] == before[100:]
    assert events(copy) == 55
    tables = ("ledger", "events", "heads", "balances", "items", "texts")
    with closing(sqlite3.connect(full.path)) as one, closing(sqlite3.connect(copy)) as two:
        assert [one.execute(f"SELECT * FROM {table}").fetchall() for table in tables] == [
            two.execute(f"SELECT * FROM {table}").fetchall() for table in tables
        ]
    assert [path.name for path in full.folder.glob("copy.db?*")] == []


def test_a_backup_goes_on_by_itself(full: Desk):
    assert full("backup", "copy.db").code == 0
    before = full.bytes()
    assert full(*COST, "--ledger", "copy.db").code == 0
    assert events(full.folder / "copy.db") == 56
    assert full.bytes() == before


def test_a_backup_refuses_whatever_is_there(full: Desk):
    full.file("other", "mine")
    (full.folder / "folder").mkdir()
    (full.folder / "dangling").symlink_to("nowhere.db")
    before = full.bytes()
    for name in ("poolbook.db", "other", "folder", "dangling"):
        done = full("backup", name)
        assert (done.code, done.out) == (1, "")
        assert f"{name} exists already: nothing was copied." in done.err
    assert full.bytes() == before
    assert (full.folder / "other").read_text() == "mine"
    assert not (full.folder / "nowhere.db").exists()


def test_a_backup_that_fails_leaves_no_file(full: Desk, monkeypatch: pytest.MonkeyPatch):
    def fail(*_: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    assert full("backup", "missing/copy.db").code == 3
    monkeypatch.setattr(SQLiteRecorder, "backup", fail)
    assert full("backup", "copy.db").code != 0
    assert not (full.folder / "copy.db").exists()


def test_a_backup_counts_what_is_in_the_copy(full: Desk, monkeypatch: pytest.MonkeyPatch):
    original = SQLiteRecorder.backup

    def backup(recorder: SQLiteRecorder, target: Path) -> object:
        said = original(recorder, target)
        assert full.process(*COST).code == 0
        return said

    monkeypatch.setattr(SQLiteRecorder, "backup", backup)
    assert full("backup", "copy.db").out.startswith("Copied 55 events to copy.db")
    assert events(full.folder / "copy.db") == 55
    assert events(full.path) == 56


def test_a_copied_file_is_a_ledger_and_the_first_is_not_its_fault(full: Desk):
    (full.folder / "moved.db").write_bytes(full.bytes())
    full.path.unlink()
    assert full("status").code == 3
    assert full("status", "--ledger", "moved.db").code == 0
