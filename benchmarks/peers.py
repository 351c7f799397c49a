"""Replay a long history to every balance, beside ledger, hledger and beancount on the same postings, all checked to agree.

    python benchmarks/peers.py [--rows 100000] [--times 3]

The programs run in turn, each as a whole process, on what `poolbook export` wrote for it; a program that is not installed
is left out, and the table says so. The last line is the distance to the floor: reading the same events and nothing else.
"""

from __future__ import annotations

import argparse
import csv
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from data import facts, write
from processes import BIN, Spent, poolbook, run, table, typical
from run import fresh

SCAN = (
    "import sqlite3, sys; print(sum(len(raw) for (raw,) in sqlite3.connect(sys.argv[1]).execute('SELECT bytes FROM events')))"
)
BEANCOUNT = """
import csv, sys
from beancount import loader
from beancount.core import realization
entries, errors, options = loader.load_file(sys.argv[1])
assert not errors, errors[:3]
out = csv.writer(sys.stdout)
for account in realization.iter_children(realization.realize(entries)):
    for position in account.balance:
        out.writerow([account.account, position.units.number])
"""


class Peer(NamedTuple):
    """A program: its command on a file, and how its balances are read out of what it printed."""

    format: str
    version: tuple[str, ...]
    command: Callable[[Path], tuple[str, ...]]
    balances: Callable[[Path], list[Decimal]]


def _two_columns(file: Path) -> list[Decimal]:
    with file.open(newline="") as rows:
        return [Decimal(row[1].split()[0]) for row in csv.reader(rows) if len(row) == 2 and row[1][:1] in "-0123456789"]


def _last_of_each_line(file: Path) -> list[Decimal]:
    return [Decimal(line.split()[0]) for line in file.read_text().splitlines() if line.strip()]


PEERS = {
    "ledger": Peer(
        "ledger", ("ledger", "--version"),
        lambda file: ("ledger", "-f", str(file), "balance", "--flat", "--no-total", "--balance-format",
                      "%(quantity(scrub(amount))) %(account)\n"),
        _last_of_each_line,
    ),
    "hledger": Peer(
        "hledger", ("hledger", "--version"),
        lambda file: ("hledger", "-f", str(file), "balance", "--flat", "--no-total", "--output-format", "csv"),
        _two_columns,
    ),
    "beancount": Peer(
        "beancount", (str(BIN / "bean-check"), "--version"),
        lambda file: (sys.executable, "-c", BEANCOUNT, str(file)),
        _two_columns,
    ),
}  # fmt: skip


def ours(file: Path) -> list[Decimal]:
    """The balances of `audit replay --balances --format json`, or of `report balances`."""
    return [Decimal(account["balance"]) for book in json.loads(file.read_text())["books"] for account in book["accounts"]]


def main() -> None:
    """Measure, compare and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--times", type=int, default=3)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        ledger = fresh(folder, "peers.db")
        write(folder / "facts.csv", facts(given.rows))
        poolbook(ledger, "import", str(folder / "facts.csv"))
        measure(ledger, folder, given.times)


def measure(ledger: Path, folder: Path, times: int) -> None:
    """Run every program in turn, check that all came to the same balances, and print the table."""
    peers = {name: peer for name, peer in PEERS.items() if shutil.which(peer.version[0])}
    for name, peer in peers.items():
        poolbook(ledger, "export", peer.format, "bench", "--output", str(folder / name))
    poolbook(ledger, "report", "balances", "bench", "--format", "json", output=folder / "balances")
    expected = sorted(ours(folder / "balances"))
    runs: dict[str, list[Spent]] = {}
    for _ in range(times):
        replay = poolbook(ledger, "audit", "replay", "bench", "--balances", "--format", "json", output=folder / "out")
        runs.setdefault("poolbook", []).append(replay)
        check("poolbook", sorted(ours(folder / "out")), expected)
        for name, peer in peers.items():
            runs.setdefault(name, []).append(run(*peer.command(folder / name), output=folder / "out"))
            check(name, sorted(amount for amount in peer.balances(folder / "out") if amount), expected)
        runs.setdefault("reading the events", []).append(run(sys.executable, "-c", SCAN, str(ledger)))
    taken = {name: typical(each) for name, each in runs.items()}
    us = taken["poolbook"].wall
    print(table(
        ("program", "version", "wall", "processors", "peak", "times Poolbook"),
        [(name, version(name), f"{spent.wall:.2f} s", f"{spent.cpu:.2f} s", f"{spent.peak:.0f} MiB", f"{spent.wall / us:.1f}")
         for name, spent in taken.items()],
    ))  # fmt: skip
    for name in PEERS.keys() - peers.keys():
        print(f"{name} is not installed here, so it was not measured.")
    print(f"All came to the same {len(expected):,} balances.")


def check(name: str, found: list[Decimal], expected: list[Decimal]) -> None:
    """Leave with a sentence where a program came to other balances."""
    if found != expected:
        raise SystemExit(f"{name} comes to other balances: {len(found):,} accounts, and {len(expected):,} were expected.")


def version(name: str) -> str:
    """The first line a program says of its version."""
    if name not in PEERS:
        return ""
    said = subprocess.run(PEERS[name].version, capture_output=True, text=True, check=True)
    return (said.stdout or said.stderr).splitlines()[0].split(",")[0]


if __name__ == "__main__":
    main()
