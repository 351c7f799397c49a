"""What becomes of a run whose output is closed, full, read in part or in another encoding, and of one that is interrupted."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from tests.commands.desk import PROGRAM, Desk, many, row

COST = ("expenditure", "incur", "pool", "--scheme", "care", "--counterparty", "SUP", "--amount", "10", "--on", "2013-06-01")
SAYING = [
    ("-h",), ("--version",), ("status",), ("agreement", "list"), ("agreement", "show", "pool", "--format", "json"),
    ("agreement", "template", "lead_body"), ("import", "--types"), ("import", "facts.csv"), COST, (*COST, "--format", "csv"),
    ("backup", "copy.db"), ("nonsense",), ("agreement", "show", "poll"),
]  # fmt: skip


def shell(desk: Desk, script: str, *words: str) -> subprocess.CompletedProcess[bytes]:
    """Run `poolbook` in a shell, as "$@" of a script."""
    return subprocess.run(["bash", "-c", script, "bash", *PROGRAM, *words], cwd=desk.folder, capture_output=True, check=False)


@pytest.fixture
def ready(desk: Desk) -> Desk:
    """A desk with one arrangement and a file to import."""
    desk.made().csv(*many(3))
    return desk


@pytest.mark.parametrize("words", SAYING, ids=lambda words: " ".join(words[:2]))
def test_a_closed_stdout_is_no_fault(ready: Desk, words: tuple[str, ...]):
    expected = 2 if words == ("nonsense",) else 1 if "poll" in words else 0
    done = shell(ready, '"$@" >&-', *words)
    assert done.returncode == expected, done.stderr
    assert b"Traceback" not in done.stderr
    assert b"Exception" not in done.stderr


@pytest.mark.parametrize("words", SAYING, ids=lambda words: " ".join(words[:2]))
def test_everything_closed_is_no_fault(ready: Desk, words: tuple[str, ...]):
    expected = 2 if words == ("nonsense",) else 1 if "poll" in words else 0
    assert shell(ready, '"$@" <&- >&- 2>&-', *words).returncode == expected


@pytest.mark.parametrize("words", [COST, ("import", "facts.csv")], ids=["fact", "import"])
def test_what_is_recorded_into_closed_streams_is_recorded_whole(ready: Desk, words: tuple[str, ...]):
    assert shell(ready, '"$@" <&- >&- 2>&-', *words).returncode == 0
    ready.bytes()
    assert len(ready.events()) == (2 if words == COST else 4)
    assert ready("status", "--format", "json").json["events"] == len(ready.events())


@pytest.mark.parametrize("words", [("import", "--types"), ("-h",), COST, ("agreement", "show", "pool")], ids=lambda w: w[0])
def test_a_reader_that_leaves_early_is_no_fault(ready: Desk, words: tuple[str, ...]):
    done = shell(ready, 'set -o pipefail; "$@" | true', *words)
    assert (done.returncode, done.stderr) == (0, b"")
    done = shell(ready, 'set -o pipefail; "$@" | head -n 1', *words)
    assert (done.returncode, done.stderr) == (0, b"")


def full(*words: str, cwd: Path) -> subprocess.CompletedProcess[bytes]:
    """Run `poolbook` with a stdout that takes nothing."""
    with Path("/dev/full").open("wb") as out:
        return subprocess.run([*PROGRAM, *words], cwd=cwd, stdout=out, stderr=-1, check=False)


needs_full = pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full here")


@needs_full
@pytest.mark.parametrize("words", SAYING, ids=lambda words: " ".join(words[:2]))
def test_a_full_stdout_is_told_in_one_line(ready: Desk, words: tuple[str, ...]):
    done = full(*words, cwd=ready.folder)
    assert b"Traceback" not in done.stderr
    assert b"Exception ignored" not in done.stderr
    if words != ("nonsense",) and "poll" not in words:
        assert done.returncode != 0
        assert done.stderr.count(b"\n") == 1, done.stderr


@needs_full
@pytest.mark.parametrize("words", [COST, ("import", "facts.csv")], ids=["fact", "import"])
def test_what_was_recorded_before_stdout_failed_is_not_denied(ready: Desk, words: tuple[str, ...]):
    done = full(*words, cwd=ready.folder)
    assert len(ready.events()) > 1
    assert b"othing was recorded" not in done.stderr
    assert b"recorded" in done.stderr


NAMED = b"f\xff-\xc3\xbc.csv"


def test_a_file_name_that_is_no_text_is_no_fault(ready: Desk):
    Path("facts.csv").rename(os.fsdecode(NAMED))
    for words in (("--dry-run",), (), (), ("--format", "json")):
        done = ready.process("import", NAMED, *words, PYTHONIOENCODING="utf-8:strict")
        assert done.code == 0, done
        assert done.err == ""
    assert len(ready.events()) == 4


def test_a_ledger_name_that_is_no_text_is_no_fault(ready: Desk):
    for words in (
        ("init",),
        ("status",),
        ("status", "--format", "json"),
        ("status", "--format", "csv"),
        ("agreement", "list"),
    ):
        done = ready.process("--ledger", b"\xff.db", *words)
        assert done.code == 0, done
    assert ready.process("--ledger", b"\xff.db", "init").code == 1
    assert ready.process("--ledger", b"\xfe.db", "status").code == 3
    assert ready.process("backup", b"\xfd.db").code == 0


def test_an_arrangement_that_is_no_text_is_unknown(ready: Desk):
    fact: list[str | bytes] = ["expenditure", "incur", b"\xff", *COST[3:]]
    for words in (["agreement", "show", b"\xff"], ["report", "balances", b"\xff"], fact):
        done = ready.process(*words)
        assert done.code in (1, 2), done
        assert done.out == ""


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252", "utf-16"])
def test_an_output_that_cannot_say_a_character_is_no_fault(ready: Desk, encoding: str):
    words = (*COST, "--as", "Jörg 漢", "--reference", "ü→", "--document", "№")
    for form in ("table", "json", "csv"):
        done = subprocess.run(
            [*PROGRAM, *words, "--format", form], cwd=ready.folder, capture_output=True, check=False,
            env=os.environ | {"PYTHONIOENCODING": encoding},
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
    assert len(ready.events()) == 2


def test_a_plain_locale_is_no_fault(ready: Desk):
    env = {"LC_ALL": "C", "POOLBOOK_ACTOR": "Jörg"}
    for words in (COST, ("import", "facts.csv"), ("agreement", "show", "pool"), ("import", "-h"), ("nonsensé",)):
        done = ready.process(*words, **env)
        assert done.code == (0 if words[0] != "nonsensé" else 2), done
    assert [event.actor for event in ready.events()[1:]] == ["Jörg"] * 4


INTERRUPTED = """
import os, signal, sys
from commands.main import run
from {module} import {owner}
asked, original = [], {owner}.{method}
def interrupting(*words):
    asked.append(1)
    if len(asked) == {time}:
        os.kill(os.getpid(), signal.SIGINT)
    return original(*words)
{owner}.{method} = interrupting
run()
"""
MOMENTS = {
    "at the first row": ("ledger.importing", "_Plan", "_row", 1),
    "among the rows": ("ledger.importing", "_Plan", "_row", 4_321),
    "as references are looked up": ("ledger.store.sqlite_staging", "SQLiteStaging", "see", 3),
    "as rows are staged": ("ledger.store.sqlite_staging", "SQLiteStaging", "flush", 4),
    "before the heads are compared": ("ledger.importing", "_Plan", "moved", 1),
    "before the events are put in": ("ledger.store.sqlite", "SQLiteRecorder", "insert_staged", 1),
    "before the head is written": ("ledger.store.sqlite", "SQLiteRecorder", "write_head", 1),
}


@pytest.mark.parametrize("moment", MOMENTS.values(), ids=MOMENTS)
def test_an_import_that_is_interrupted_records_nothing(ready: Desk, moment: tuple[str, str, str, int]):
    ready.csv(*many(6_000, narrative="for Mrs Jones"))
    before = ready.bytes()
    script = INTERRUPTED.format(**dict(zip(("module", "owner", "method", "time"), moment, strict=True)))
    done = subprocess.run([sys.executable, "-c", script, "import", "facts.csv"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (130, ""), done
    assert done.stderr.strip() == "Interrupted: nothing was recorded."
    assert ready.bytes() == before
    assert ready("import", str(ready.csv(row()))).code == 0


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="the machine does not say here which files a process has open")
def test_an_import_that_is_interrupted_from_outside_records_nothing(ready: Desk):
    ready.csv(*many(30_000))
    before = ready.bytes()
    run = ready.start("import", "facts.csv", stdout=-1, stderr=-1)
    while run.poll() is None and not reads(run.pid, "facts.csv"):
        time.sleep(0.01)
    run.send_signal(signal.SIGINT)
    out, err = run.communicate(timeout=60)
    assert (run.returncode, out) == (130, b""), err
    assert err.strip() == b"Interrupted: nothing was recorded."
    assert ready.bytes() == before


def reads(pid: int, name: str) -> bool:
    """Whether a process has a file open."""
    with suppress(FileNotFoundError):
        return any(fd.readlink().name == name for fd in Path(f"/proc/{pid}/fd").iterdir())
    return False
