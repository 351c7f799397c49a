"""At a terminal: completion in every shell, and progress where somebody watches."""

from __future__ import annotations

import os
import pty
import subprocess

import pytest

from commands.main import COMMANDS
from ledger.requests import KINDS, Kind
from tests.commands.desk import PROGRAM, Desk, many

SHELLS = ["bash", "zsh", "fish"]


def completed(desk: Desk, *typed: str) -> list[str]:
    """What bash is offered for the last of the words typed so far."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("_POOLBOOK_COMPLETE", "bash_complete")
        patch.setenv("COMP_WORDS", " ".join(["poolbook", *typed]))
        patch.setenv("COMP_CWORD", str(len(typed)))
        done = desk()
    assert (done.code, done.err) == (0, ""), done
    return [line.partition(",")[2] for line in done.out.splitlines()]


@pytest.mark.parametrize("shell", SHELLS)
def test_there_is_a_completion_script_for_every_shell(desk: Desk, shell: str):
    done = desk.process(_POOLBOOK_COMPLETE=f"{shell}_source")
    if shell == "bash" and "Couldn't detect Bash" in done.err:
        pytest.skip("there is no bash here")
    assert done.code == 0, done
    assert "_POOLBOOK_COMPLETE" in done.out


def test_commands_are_completed(desk: Desk):
    assert completed(desk, "re") == [name for name in COMMANDS if name.startswith("re")]
    assert completed(desk, "") == list(COMMANDS)


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_the_options_of_every_recording_command_are_completed(desk: Desk, kind: Kind):
    if len(kind.command) == 2:
        assert kind.command[1] in completed(desk, kind.command[0], kind.command[1][:2])
    offered = completed(desk, *kind.command, "pool", "--")
    assert [f"--{column}" for column in kind.columns if f"--{column}" not in offered] == []
    assert "--dry-run" in offered


ASTRAY = [
    ("nonsense", ""), ("nonsense", "more", "--"), ("contribution", "nonsense", ""), ("report", "nonsense", "--"),
    ("--nonsense", ""),
]  # fmt: skip


@pytest.mark.parametrize("typed", ASTRAY, ids=" ".join)
def test_what_is_no_command_is_completed_with_nothing_and_no_noise(desk: Desk, typed: tuple[str, ...]):
    assert isinstance(completed(desk, *typed), list)
    assert list(desk.folder.iterdir()) == []


def test_values_that_can_be_listed_are_completed(desk: Desk):
    assert completed(desk, "status", "--format", "") == ["table", "json", "csv"]
    assert "lead_body" in completed(desk, "agreement", "template", "l")


def watched(desk: Desk, *words: str) -> tuple[int, bytes, bytes]:
    """Run `poolbook` with a terminal as stderr; gives how it ended, what it said, and what the terminal was told."""
    master, terminal = pty.openpty()
    with subprocess.Popen([*PROGRAM, *words], cwd=desk.folder, stdout=subprocess.PIPE, stderr=terminal) as run:
        os.close(terminal)
        out, _ = run.communicate(timeout=120)
    told = b""
    try:
        while chunk := os.read(master, 65_536):
            told += chunk
    except OSError:
        pass  # Linux ends a terminal nobody holds with an error, others with nothing.
    os.close(master)
    return run.returncode, out, told


def test_progress_is_shown_to_who_watches_and_the_result_stays_clean(desk: Desk):
    desk.made().csv(*many(5_000))
    code, out, told = watched(desk, "import", "facts.csv", "--format", "json")
    assert code == 0
    assert out.startswith(b"{\n")
    assert b"Importing facts.csv" in told
    assert b"100%" in told


def test_a_progress_bar_does_not_hide_what_is_wrong(desk: Desk):
    desk.made().csv(*many(3_000), *many(1, amount="ten", start=9_000))
    code, out, told = watched(desk, "import", "facts.csv")
    assert (code, out) == (4, b"")
    assert "facts.csv:3002:amount: “ten” is not an amount" in told.decode()
    assert b"\nfacts.csv:3002:amount: " in told.replace(b"\r", b"\n")


def test_a_hostile_file_name_in_a_progress_bar_is_shown_plainly(desk: Desk):
    desk.made().csv(*many(2_000), name="x\x1b]0;owned\x07.csv")
    code, _, told = watched(desk, "import", "x\x1b]0;owned\x07.csv")
    assert code == 0
    assert b"\x1b]0;" not in told


def test_an_import_on_a_terminal_without_colour_has_none(desk: Desk, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("NO_COLOR", "1")
    desk.made().csv(*many(10))
    code, out, told = watched(desk, "import", "facts.csv")
    assert code == 0
    assert b"\x1b[3" not in out + told
