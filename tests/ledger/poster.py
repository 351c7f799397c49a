"""One of several processes that post at once: `python -m tests.ledger.poster LEDGER NAME COUNT ARRANGEMENT…`."""

from __future__ import annotations

import sys

from ledger.application import Command, Ledger
from ledger.store.opening import Place, place
from tests.given import request


def post(where: Place, name: str, count: int, arrangements: list[str]) -> None:
    """Record facts under references of its own, going round the arrangements, once everybody is ready."""
    ledger = Ledger.open(where)
    print("ready", flush=True)
    sys.stdin.readline()
    for turn in range(count):
        asked = request("contribution_due", party="OCC", amount=1)
        ledger.record(arrangements[turn % len(arrangements)], asked, Command(name, f"{name}-{turn}"))
    ledger.close()


if __name__ == "__main__":
    post(place(sys.argv[1]), sys.argv[2], int(sys.argv[3]), sys.argv[4:])
