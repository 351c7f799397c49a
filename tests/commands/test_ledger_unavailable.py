"""Exit 3: the ledger is missing, foreign, damaged, newer, locked or may not be written; the attempt changes nothing."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from ledger.store import sqlite_file
from tests.commands.desk import Desk, row

COST = ("expenditure", "incur", "pool", "--scheme", "care", "--counterparty", "SUP", "--amount", "10", "--on", "2013-06-01")
READERS = [("status",), ("agreement", "list"), ("agreement", "show", "pool"), ("backup", "copy.db"), (*COST, "--dry-run")]
WRITERS = [COST, ("reverse", "pool", "2", "--reason", "x"), ("import", "facts.csv")]
EVERY = [*READERS, *WRITERS]


def unavailable(desk: Desk, words: tuple[str, ...], *said: str) -> None:
    """A run must end with 3 and one sentence that holds these words, and leave nothing behind."""
    if words[0] == "import":
        desk.csv(row())
    before = {path.name for path in desk.folder.iterdir()}
    done = desk(*words)
    assert (done.code, done.out) == (3, ""), done
    assert done.err.count("\n") == 1, done.err
    assert [word for word in said if word not in done.err] == [], done.err
    assert {path.name for path in desk.folder.iterdir()} == before


@pytest.mark.parametrize("words", EVERY, ids=lambda words: words[0])
def test_a_ledger_that_is_not_there(desk: Desk, words: tuple[str, ...]):
    unavailable(desk, words, "There is no ledger at poolbook.db", "`poolbook init`", "--ledger")
    assert not desk.path.exists()


@pytest.mark.parametrize("words", EVERY, ids=lambda words: words[0])
@pytest.mark.parametrize(
    "content", [b"", b"x", b"\0" * 4096, b"SQLite format 3\0", b"Date,Amount\n2013-06-01,5\n", os.urandom(8192)],
    ids=["empty", "one byte", "nils", "SQLite's first word", "CSV", "noise"],
)  # fmt: skip
def test_a_file_that_is_no_ledger(desk: Desk, words: tuple[str, ...], content: bytes):
    desk.path.write_bytes(content)
    unavailable(desk, words, "poolbook.db is not a Poolbook ledger", "--ledger")
    assert desk.path.read_bytes() == content


@pytest.mark.parametrize("words", EVERY, ids=lambda words: words[0])
def test_another_programs_database(desk: Desk, words: tuple[str, ...]):
    with closing(sqlite3.connect(desk.path)) as other:
        other.execute("CREATE TABLE events (a)")
    before = desk.bytes()
    unavailable(desk, words, "is not a Poolbook ledger")
    assert desk.bytes() == before


@pytest.mark.parametrize("words", EVERY, ids=lambda words: words[0])
def test_a_folder(desk: Desk, words: tuple[str, ...]):
    desk.path.mkdir()
    unavailable(desk, words, "poolbook.db cannot be read: Is a directory")


@pytest.mark.parametrize("words", EVERY, ids=lambda words: words[0])
def test_a_ledger_of_a_newer_version(desk: Desk, words: tuple[str, ...]):
    desk.made()
    with closing(sqlite3.connect(desk.path)) as other:
        other.execute("PRAGMA user_version = 2")
    before = desk.bytes()
    unavailable(desk, words, "newer Poolbook", "install the newer version")
    assert desk.bytes() == before


@pytest.mark.parametrize("words", EVERY, ids=lambda words: words[0])
def test_an_arrangement_last_written_by_a_newer_version(desk: Desk, words: tuple[str, ...]):
    desk.made()
    with closing(sqlite3.connect(desk.path)) as other:
        other.execute("UPDATE heads SET state_version = 999")
        other.commit()
    before = desk.bytes()
    if words[0] in ("status", "backup"):
        assert desk(*words).code == 0
    else:
        unavailable(desk, words, "newer Poolbook", "install the newer version")
    assert desk.bytes() == before


@pytest.mark.parametrize("kept", [100, 512, 4096, 4097, 20_000])
def test_a_ledger_cut_short(desk: Desk, kept: int):
    content = desk.made(before=[("expenditure", {"scheme": "care", "counterparty": "SUP", "amount": 1})]).bytes()
    for words in EVERY:
        desk.path.write_bytes(content[:kept])
        unavailable(desk, words, "poolbook.db")
        assert desk.path.read_bytes() == content[:kept]


def test_a_ledger_whose_pages_are_noise(desk: Desk):
    content = desk.made().bytes()
    noise = content[:100] + os.urandom(len(content) - 100)
    for words in EVERY:
        desk.path.write_bytes(noise)
        unavailable(desk, words, "poolbook.db")


@pytest.mark.parametrize("table", ["ledger", "heads", "events", "texts", "balances", "items"])
def test_a_ledger_without_one_of_its_tables(desk: Desk, table: str):
    desk.made()
    with closing(sqlite3.connect(desk.path)) as other:
        other.execute(f"DROP TABLE {table}")
    for words in [COST, ("status",)]:
        done = desk(*words, *(("--narrative", "x") if words == COST else ()))
        assert done.code in (3, 0 if words == ("status",) else 3), done


@pytest.mark.parametrize("url", ["mysql://u:secret@h/b", "sqlite:///b", "http://u:secret@h", "postgresqlx://u:secret@h/b"])
def test_a_url_of_another_kind(desk: Desk, url: str, monkeypatch: pytest.MonkeyPatch):
    for words in EVERY:
        words = (*words, "--ledger", url) if words[0] == "import" else ("--ledger", url, *words)
        unavailable(desk, words, f"{url.partition(':')[0]} ledgers cannot be opened", "postgresql:// URL")
    monkeypatch.setenv("POOLBOOK_LEDGER", url)
    done = desk("init")
    assert (done.code, done.out) == (3, "")
    assert "secret" not in done.err


@contextmanager
def held(desk: Desk, lock: str) -> Iterator[None]:
    """Another process holds a lock of the ledger."""
    script = (
        "import sqlite3, sys; c = sqlite3.connect(sys.argv[1], isolation_level=None); c.execute(f'BEGIN {sys.argv[2]}');"
        "print('held', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen([sys.executable, "-c", script, str(desk.path), lock], stdin=-1, stdout=-1, text=True) as other:
        assert other.stdout is not None
        assert other.stdin is not None
        assert other.stdout.readline() == "held\n"
        try:
            yield
        finally:
            other.stdin.close()


def test_a_ledger_locked_by_another_process(desk: Desk, monkeypatch: pytest.MonkeyPatch):
    desk.made()
    before = desk.bytes()
    monkeypatch.setattr(sqlite_file, "BUSY_SECONDS", 0.05)
    with held(desk, "EXCLUSIVE"):
        for words in EVERY:
            desk.csv(row())
            done = desk(*words)
            assert (done.code, done.out) == (3, ""), done
            assert "locked by another program" in done.err
            assert "nothing was recorded" in done.err
    (desk.folder / "facts.csv").unlink()
    assert desk.bytes() == before


def test_readers_read_while_another_process_is_about_to_write(desk: Desk, monkeypatch: pytest.MonkeyPatch):
    desk.made()
    monkeypatch.setattr(sqlite_file, "BUSY_SECONDS", 0.05)
    with held(desk, "IMMEDIATE"):
        for words in READERS:
            assert desk(*words).code == 0
        assert desk(*COST).code == 3
    assert desk(*COST).code == 0


@pytest.fixture
def unprivileged(monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    """A desk whose owner is not root, whom no right binds."""
    folder = Path(tempfile.mkdtemp())
    desk = Desk(folder).made(before=[("expenditure", {"scheme": "care", "counterparty": "SUP", "amount": 100})])
    desk.csv(row())
    monkeypatch.delenv("POOLBOOK_LEDGER", raising=False)
    monkeypatch.setenv("POOLBOOK_ACTOR", "auditor")
    monkeypatch.chdir(folder)
    for name in ("commands.agreement", "commands.facts", "commands.importing", "commands.ledger_file", "tabulate"):
        __import__(name)
    as_root = os.geteuid() == 0
    if as_root:
        for path in (folder, *folder.iterdir()):
            os.chown(path, 65534, 65534)
        os.seteuid(65534)
    try:
        yield desk
    finally:
        if as_root:
            os.seteuid(0)
        folder.chmod(0o700)
        shutil.rmtree(folder)


def test_who_may_only_read_reads_and_is_told_that_nothing_was_recorded(unprivileged: Desk):
    desk = unprivileged
    before = desk.bytes()
    desk.path.chmod(0o400)
    desk.folder.chmod(0o500)
    for words in [("status",), ("agreement", "list"), ("agreement", "show", "pool"), (*COST, "--dry-run")]:
        assert desk(*words).code == 0
    assert desk("import", "facts.csv", "--dry-run").code == 0
    for words in WRITERS:
        done = desk(*words)
        assert (done.code, done.out) == (3, ""), done
        assert "cannot be written" in done.err
    assert desk.bytes() == before


def test_a_folder_that_may_not_be_written_takes_no_journal_and_so_no_fact(unprivileged: Desk):
    desk = unprivileged
    before = desk.bytes()
    desk.folder.chmod(0o500)
    for words in WRITERS:
        done = desk(*words)
        assert (done.code, done.out) == (3, ""), done
    assert desk("backup", "copy.db").code == 3
    assert desk("--ledger", "new.db", "init").code == 3
    assert desk.bytes() == before


def test_a_ledger_that_may_not_be_read(unprivileged: Desk):
    unprivileged.path.chmod(0)
    for words in EVERY:
        done = unprivileged(*words)
        assert (done.code, done.out) == (3, ""), done
        assert "Permission denied" in done.err
