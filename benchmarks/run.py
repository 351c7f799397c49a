"""Measure Poolbook as whole processes, and print the figures as a table.

    python benchmarks/run.py [--rows 100000]

Every figure is the median of several runs and stands beside a yardstick taken in the same run (starting Python and doing
nothing, or reading the same file with Python's csv module), so that figures of different machines compare.
"""

from __future__ import annotations

import argparse
import csv
import os
import random
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from statistics import median

AGREEMENT = """
[arrangement]
code = "bench"
name = "A benchmark's pool"
type = "lead_body"
starts = 2013-04-01
[[party]]
code = "OCC"
name = "Council"
sector = "local_authority"
[[party]]
code = "OCCG"
name = "CCG"
sector = "nhs"
[roles]
lead = "OCC"
[shares]
recharge = { OCC = 99, OCCG = 96 }
"""
SCHEMES = [f"scheme-{number}" for number in range(10)]
HEADER = [
    "arrangement",
    "type",
    "date",
    "reference",
    "document",
    "party",
    "counterparty",
    "scheme",
    "asset",
    "amount",
    "narrative",
]


def facts(rows: int, seed: int = 20260401) -> list[list[str]]:
    """A year of a pool, the same for the same seed: contributions, costs of 5,000 suppliers, payments, recharges, assets."""
    dice = random.Random(seed)
    out = []
    for number in range(rows):
        day = (date(2013, 4, 1) + timedelta(days=dice.randrange(365))).isoformat()
        pounds = f"{dice.randrange(1, 5000)}.{dice.randrange(100):02d}"
        scheme, supplier = dice.choice(SCHEMES), f"S{dice.randrange(5000):04d}"
        kind = number % 20
        row = {"arrangement": "bench", "date": day, "reference": f"R{number:07d}", "amount": pounds}
        if kind in (0, 1):
            row |= {"type": "contribution_due", "party": dice.choice(("OCC", "OCCG"))}
        elif kind in (2, 3):
            row |= {"type": "contribution_received", "party": dice.choice(("OCC", "OCCG"))}
        elif kind < 11:
            row |= {"type": "expenditure", "counterparty": supplier, "scheme": scheme, "document": f"INV{number}"}
        elif kind < 17:
            row |= {"type": "payment", "counterparty": supplier, "document": f"INV{number - 6}"}
        elif kind == 17:
            row |= {"type": "income", "scheme": scheme, "amount": "0.10", "narrative": f"week {number}"}
        elif kind == 18 and number < 2000 * 20:
            row |= {"type": "asset_acquired", "asset": f"A{number // 20:04d}", "counterparty": supplier, "scheme": scheme}
        elif kind == 19 and number > 2000:
            row |= {"type": "recharge", "scheme": scheme, "amount": "0.50"}
        else:
            row |= {"type": "expenditure", "counterparty": supplier, "scheme": scheme, "amount": "10.00"}
        out.append([row.get(name, "") for name in HEADER])
    return out


def write(path: Path, rows: list[list[str]]) -> None:
    """Write a CSV file of facts."""
    with path.open("w", newline="") as file:
        csv.writer(file).writerows([HEADER, *rows])


def timed(run: Callable[[], object], times: int) -> float:
    """The median of several runs, in seconds."""
    spent = []
    for _ in range(times):
        start = time.perf_counter()
        run()
        spent.append(time.perf_counter() - start)
    return median(spent)


def poolbook(ledger: Path, *arguments: str) -> None:
    """Run the command as a process of its own."""
    command = [str(Path(sys.executable).with_name("poolbook")), *arguments]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=os.environ | {"POOLBOOK_LEDGER": str(ledger)})


def fresh(folder: Path, name: str) -> Path:
    """A new ledger with the agreement signed."""
    ledger = folder / name
    (folder / "bench.toml").write_text(
        AGREEMENT + "".join(f'[[scheme]]\ncode = "{scheme}"\nname = "{scheme}"\n' for scheme in SCHEMES)
    )
    poolbook(ledger, "init")
    poolbook(ledger, "agreement", "sign", str(folder / "bench.toml"))
    return ledger


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    rows = parser.parse_args().rows
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        bare = timed(lambda: subprocess.run([sys.executable, "-c", "pass"], check=True), 15)
        lines = [("starting Python, doing nothing", f"{bare * 1000:.0f} ms", "1.0")]

        def process(what: str, ledger: Path, *arguments: str) -> None:
            spent = timed(lambda: poolbook(ledger, *arguments), 15)
            lines.append((what, f"{spent * 1000:.0f} ms", f"{spent / bare:.1f}"))

        short, long = fresh(folder, "short.db"), fresh(folder, "long.db")
        data = facts(rows)
        write(folder / "short.csv", data[:100])
        write(folder / "long.csv", data)
        poolbook(short, "import", str(folder / "short.csv"))
        reading = timed(lambda: sum(1 for _ in csv.reader((folder / "long.csv").open(newline=""))), 3)
        importing = timed(lambda: poolbook(long, "import", str(folder / "long.csv")), 1)
        again = timed(lambda: poolbook(long, "import", str(folder / "long.csv")), 1)

        process("poolbook --help", short, "--help")
        due = ("contribution", "due", "bench", "--party", "OCC", "--amount", "1.00")
        process("one recording command, 100 events before it", short, *due)
        process(f"one recording command, {rows:,} events before it", long, *due)
        process("report balances, 100 events", short, "report", "balances", "bench")
        process(f"report balances, {rows:,} events", long, "report", "balances", "bench")
        print("| what | median | times starting Python |\n| --- | --- | --- |")
        for line in lines:
            print("| " + " | ".join(line) + " |")
        print(f"\nImport of {rows:,} rows: {importing:.1f} s, {rows / importing:,.0f} rows/s, "
              f"{importing / reading:.0f} times reading the file with csv.reader ({reading:.2f} s); "
              f"the same file again: {again:.1f} s.")  # fmt: skip
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
