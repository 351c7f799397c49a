"""Whole processes run and measured, from start to end: what they took of the clock, the processors and the memory."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import NamedTuple

BIN = Path(sys.executable).parent
"""Where the commands installed beside this Python are."""


class Spent(NamedTuple):
    """What one process took: seconds of the clock, seconds of all processors, MiB at its peak."""

    wall: float
    cpu: float
    peak: float


def run(*command: str, env: dict[str, str] | None = None, output: Path | None = None) -> Spent:
    """Run a process to its end; raises CalledProcessError where it fails. What it prints goes to a file, or nowhere."""
    with (output or Path(os.devnull)).open("wb") as out:
        start = time.perf_counter()
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, env=os.environ | (env or {}))
        _, status, used = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    return Spent(wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def poolbook(ledger: Path, *arguments: str, output: Path | None = None) -> Spent:
    """Run Poolbook on a ledger."""
    return run(str(BIN / "poolbook"), *arguments, env={"POOLBOOK_LEDGER": str(ledger)}, output=output)


def typical(runs: Sequence[Spent]) -> Spent:
    """The median of each figure."""
    return Spent(*(median(figures) for figures in zip(*runs, strict=True)))


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table in Markdown."""
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)
