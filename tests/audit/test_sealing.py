"""A close is sealed: signed where there is a key, else its root is told; what cannot be sealed is recorded all the same."""

from __future__ import annotations

import subprocess
from contextlib import closing
from pathlib import Path

import pytest

from ledger.application import Ledger
from ledger.audit.checkpoint import read_checkpoint
from tests.audit.packs import told
from tests.audit.tampering import forge
from tests.commands.desk import Desk
from tests.given import CODE

CLOSE = ("year", "close", CODE, "--year", "2014/15")


@pytest.fixture
def home(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A ledger with a year to close, and a home without a key."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(desk.folder / "home"))
    monkeypatch.delenv("POOLBOOK_KEY", raising=False)
    told(desk.path)
    run = ("recharge", "run", CODE, "--to", "2015-03-31")
    settle = ("year", "settle", CODE, "--unspent", "return", "--year")
    for words in (run, (*settle, "2013/14"), run, (*settle, "2014/15")):
        done = desk(*words)
        assert done.code == 0, done.said
    return desk.folder / "home" / "poolbook"


def test_without_a_key_the_root_is_told(desk: Desk, home: Path) -> None:
    done = desk(*CLOSE)
    assert done.code == 0, done.err
    with closing(Ledger.open(desk.path, read_only=True)) as ledger:
        frontier = ledger.draft(CODE).frontier
    stands = f"The log of pool stands at #{frontier.size}, root {frontier.root().hex()}."
    assert done.err == f"{stands} Seal it: `poolbook audit checkpoint pool` signs that, for the others to keep.\n"
    assert not home.exists()


def test_with_a_key_a_checkpoint_is_signed_and_kept(desk: Desk, home: Path) -> None:
    assert desk("audit", "checkpoint", CODE).code == 0
    done = desk(*CLOSE, "--format", "json")
    assert (done.code, len(done.json["events"])) == (0, 2)
    last = done.json["events"][-1]["number"]
    assert done.err.startswith(f"Sealed at #{last} with {home}/signing.key: hand out the checkpoint")
    (kept,) = home.rglob("pool.checkpoint")
    assert read_checkpoint(kept.read_bytes())[0].size == last


def test_it_is_sealed_though_nobody_reads_what_is_said(desk: Desk, home: Path) -> None:
    assert desk("audit", "checkpoint", CODE).code == 0
    (kept,) = home.rglob("pool.checkpoint")
    before = read_checkpoint(kept.read_bytes())[0].size
    process = desk.start(*CLOSE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    assert process.stdout is not None
    process.stdout.close()
    assert process.wait(timeout=60) == 0
    assert read_checkpoint(kept.read_bytes())[0].size == before + 2


def test_a_dry_run_and_what_is_done_already_seal_nothing(desk: Desk, home: Path) -> None:
    assert "Seal" not in desk(*CLOSE, "--dry-run").err
    assert desk(*CLOSE).code == 0
    assert desk(*CLOSE).err == ""
    assert not home.exists()


def test_what_cannot_be_sealed_is_recorded_and_ends_with_5(desk: Desk, home: Path) -> None:
    assert desk("audit", "checkpoint", CODE).code == 0
    forge(desk.path, {4: lambda raw: raw.replace(b'"finance.officer"', b'"finance.offices"')})
    done = desk(*CLOSE)
    assert done.code == 5
    assert done.out.startswith("Recorded #")
    assert done.err.startswith("What was asked is recorded, and not sealed. The first ")
    assert "#4 is the first that was changed" in done.err
    assert "has nothing left to close" in desk(*CLOSE).out
    assert home.exists()
