"""The benchmarks run, and print what they promise; how fast anything is, no test says."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

BENCHMARKS = Path(__file__).parent.parent / "benchmarks"


def test_the_commands_are_measured_beside_their_yardsticks():
    done = subprocess.run(
        [sys.executable, str(BENCHMARKS / "run.py"), "--rows", "120", "--times", "1"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    for what in ("starting Python", "importing click", "poolbook --help", "120 events before it", "Import of 120 rows"):
        assert what in done.stdout


def test_the_programs_that_are_here_come_to_the_same_balances():
    done = subprocess.run(
        [sys.executable, str(BENCHMARKS / "peers.py"), "--rows", "120", "--times", "1"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert "reading the events" in done.stdout
    assert "All came to the same" in done.stdout
