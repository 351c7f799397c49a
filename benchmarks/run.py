"""Measure Poolbook's commands as whole processes, and print the figures as a table.

    python benchmarks/run.py [--rows 100000] [--times 15]

Every figure is the median of several runs and stands beside yardsticks taken in the same run (starting Python and doing
nothing, importing click, reading the same file with Python's csv module), so that figures of different machines compare.
"""

from __future__ import annotations

import argparse
import sqlite3
import sys
import tempfile
from pathlib import Path

from data import agreement, facts, write
from processes import Spent, poolbook, run, table, typical

DUE = ("contribution", "due", "bench", "--party", "OCC", "--amount", "1.00")
COUNT_ROWS = "import csv, sys; print(sum(1 for _ in csv.reader(open(sys.argv[1], newline=''))))"


def fresh(folder: Path, name: str) -> Path:
    """A new ledger with the agreement signed."""
    ledger = folder / name
    (folder / "bench.toml").write_text(agreement())
    poolbook(ledger, "init")
    poolbook(ledger, "agreement", "sign", str(folder / "bench.toml"))
    return ledger


def commands(short: Path, long: Path, rows: int, times: int) -> dict[str, Spent]:
    """What each command took, run in turn so that a slow moment of the machine falls on all of them."""
    asked = {
        "starting Python, doing nothing": lambda: run(sys.executable, "-c", "pass"),
        "Python importing click": lambda: run(sys.executable, "-c", "import click"),
        "`poolbook --help`": lambda: poolbook(short, "--help"),
        "one recording command, 100 events before it": lambda: poolbook(short, *DUE),
        f"one recording command, {rows:,} events before it": lambda: poolbook(long, *DUE),
        "`report balances`, 100 events": lambda: poolbook(short, "report", "balances", "bench"),
        f"`report balances`, {rows:,} events": lambda: poolbook(long, "report", "balances", "bench"),
    }
    taken: dict[str, list[Spent]] = {what: [] for what in asked}
    for _ in range(times):
        for what, measure in asked.items():
            taken[what].append(measure())
    return {what: typical(runs) for what, runs in taken.items()}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--times", type=int, default=15)
    given = parser.parse_args()
    rows: int = given.rows
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        short, long = fresh(folder, "short.db"), fresh(folder, "long.db")
        data = facts(rows)
        write(folder / "short.csv", data[:100])
        write(folder / "long.csv", data)
        poolbook(short, "import", str(folder / "short.csv"))
        reading = typical([run(sys.executable, "-c", COUNT_ROWS, str(folder / "long.csv")) for _ in range(3)])
        importing = poolbook(long, "import", str(folder / "long.csv"))
        again = poolbook(long, "import", str(folder / "long.csv"))
        found = commands(short, long, rows, given.times)
        bare = found["starting Python, doing nothing"]
        print(table(
            ("what", "wall", "processors", "times starting Python"),
            [(what, f"{spent.wall * 1000:.0f} ms", f"{spent.cpu * 1000:.0f} ms", f"{spent.wall / bare.wall:.1f}")
             for what, spent in found.items()],
        ))  # fmt: skip
        print(
            f"\nImport of {rows:,} rows: {importing.wall:.1f} s, {rows / importing.wall:,.0f} rows/s, "
            f"{importing.peak:.0f} MiB, {importing.wall / reading.wall:.0f} times reading the file with csv.reader "
            f"({reading.wall:.2f} s); the same file again: {again.wall:.1f} s."
        )
        state, suppliers, assets = measured(long)
        print(f"State row: {state:,} bytes with {suppliers:,} suppliers and {assets:,} assets.")


def measured(ledger: Path) -> tuple[int, int, int]:
    """The size of the state row, how many suppliers have an account, and how many assets an item."""
    connection = sqlite3.connect(ledger)
    state = connection.execute("SELECT length(state) FROM heads").fetchone()[0]
    suppliers = "SELECT count(*) FROM balances WHERE account LIKE 'Liabilities:Creditors:S%'"
    found = connection.execute(suppliers).fetchone()[0]
    assets = connection.execute("SELECT count(*) FROM items WHERE kind = 'asset'").fetchone()[0]
    connection.close()
    return state, found, assets


if __name__ == "__main__":
    main()
