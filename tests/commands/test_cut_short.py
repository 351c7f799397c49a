"""A run that is killed in mid-write, a disk that is full, a folder that is gone: the ledger is as it was before."""

from __future__ import annotations

import resource
import signal
import subprocess
import sys
from contextlib import closing

import pytest

from ledger.application import Ledger
from tests.commands.desk import PROGRAM, Desk, many

COST = ("expenditure", "incur", "pool", "--scheme", "care", "--counterparty", "SUP", "--amount", "10", "--on", "2013-06-01")

KILLED = """
import os, signal
from commands.main import run
from ledger.store.sqlite import SQLiteRecorder
original = SQLiteRecorder.{method}
def killing(recorder, *words):
    recorder._connection.execute("PRAGMA cache_size = 5")
    original(recorder, *words)
    os.kill(os.getpid(), signal.SIGKILL)
SQLiteRecorder.{method} = killing
run()
"""


def replayed(desk: Desk) -> int:
    """How many events there are, replayed and compared with the head."""
    with closing(Ledger.open(desk.path, read_only=True)) as ledger:
        assert ledger.replayed("pool").row() == ledger.store.head("pool")
        assert ledger.store._read("PRAGMA integrity_check", ()) == [("ok",)]
        return ledger.store.counted()[0]


@pytest.fixture(params=["insert_staged", "write_head"])
def killed(desk: Desk, request: pytest.FixtureRequest) -> Desk:
    """A desk where an import was killed after much of it had been written to the disk, as by a power cut."""
    desk.made().csv(*many(3_000, narrative="for Mrs Jones"))
    script = KILLED.format(method=request.param)
    done = subprocess.run([sys.executable, "-c", script, "import", "facts.csv"], capture_output=True, check=False)
    assert done.returncode == -signal.SIGKILL
    assert (desk.folder / "poolbook.db-journal").exists()
    return desk


READERS = [
    ("status",), ("agreement", "show", "pool"), ("report", "balances", "pool"), (*COST, "--dry-run"),
    ("import", "facts.csv", "--dry-run"), ("backup", "copy.db"),
]  # fmt: skip


@pytest.mark.parametrize("words", READERS, ids=lambda words: words[0])
def test_who_only_reads_after_a_kill_sees_what_was_there_before(killed: Desk, words: tuple[str, ...]):
    done = killed(*words)
    assert (done.code, done.err) == (0, ""), done
    assert killed("status", "--format", "json").json["events"] == 1


def test_who_writes_after_a_kill_goes_on_from_what_was_there_before(killed: Desk):
    assert killed(*COST).code == 0
    killed.bytes()
    assert replayed(killed) == 2
    assert killed("import", "facts.csv").code == 0
    assert replayed(killed) == 3_002


@pytest.mark.parametrize("room", [1, 20_000, 200_000])
def test_a_full_disk_is_told_and_records_nothing(desk: Desk, room: int):
    desk.made().csv(*many(3_000))
    before = desk.bytes()
    most = len(before) + room
    done = subprocess.run(
        [*PROGRAM, "import", "facts.csv"], capture_output=True, text=True, check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (most, most)),
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (3, ""), done
    assert "nothing was recorded" in done.stderr
    assert done.stderr.count("\n") == 1
    assert desk.bytes() == before
    assert desk("import", "facts.csv").code == 0


def test_a_backup_onto_a_full_disk_leaves_no_file(desk: Desk):
    desk.made().csv(*many(1_000))
    assert desk("import", "facts.csv").code == 0
    before = desk.bytes()
    done = subprocess.run(
        [*PROGRAM, "backup", "copy.db"], capture_output=True, text=True, check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000)),
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (3, ""), done
    assert not (desk.folder / "copy.db").exists()
    assert desk.bytes() == before


EVERY = [("init",), ("status",), COST, ("import", "facts.csv"), ("backup", "copy.db")]


@pytest.mark.parametrize("words", EVERY, ids=lambda words: words[0])
def test_a_folder_that_is_gone(desk: Desk, words: tuple[str, ...]):
    (desk.folder / "gone").mkdir()
    script = ["bash", "-c", 'cd gone && rmdir ../gone && exec "$@"', "bash", *PROGRAM, *words]
    done = subprocess.run(script, cwd=desk.folder, capture_output=True, text=True, check=False)
    assert done.returncode in (3, 4), done
    assert "Traceback" not in done.stderr
