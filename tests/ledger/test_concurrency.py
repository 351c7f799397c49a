"""Several processes posting at once: no number is lost, doubled or skipped, and nobody is told that the ledger is locked."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from ledger.agreement import Agreement
from ledger.application import Ledger
from ledger.store.opening import Place
from tests.databases import BOTH
from tests.given import WHO, agreement, new_ledger

HOUSE = Path(__file__).parents[2]
PROCESSES, EACH = 4, 40


def called(code: str) -> Agreement:
    signed = agreement("lead_body")
    return Agreement(**{name: getattr(signed, name) for name in signed.__struct_fields__} | {"code": code})


@BOTH
@pytest.mark.parametrize("codes", [["one"], ["one", "two", "three"]], ids=["one arrangement", "several"])
def test_four_processes_post_at_once(place: Place, codes: list[str]) -> None:
    made = new_ledger(place)
    for code in codes:
        made.sign(called(code), WHO)
    made.close()
    command = [sys.executable, "-m", "tests.ledger.poster", str(place)]
    posters = [
        subprocess.Popen(
            [*command, f"P{number}", str(EACH), *codes[number % len(codes) :], *codes[: number % len(codes)]],
            cwd=HOUSE, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )
        for number in range(PROCESSES)
    ]  # fmt: skip
    for poster in posters:
        assert poster.stdout is not None
        assert poster.stdout.readline() == "ready\n"
    for poster in posters:
        assert poster.stdin is not None
        poster.stdin.write("go\n")
        poster.stdin.flush()
    assert [(poster.communicate()[1], poster.returncode) for poster in posters] == [("", 0)] * PROCESSES
    assert_nothing_lost(Ledger.open(place), codes)


def assert_nothing_lost(ledger: Ledger, codes: list[str]) -> None:
    references = []
    for code in codes:
        events = list(ledger.history(code))
        assert [event.number for event in events] == list(range(1, len(events) + 1))
        assert [event.recorded_at for event in events] == sorted(event.recorded_at for event in events)
        references += [event.reference for event in events[1:]]
        assert ledger.replayed(code).row() == ledger.store.head(code)
        assert ledger.draft(code).head.balance("POOL", "Assets:Debtors:OCC") == len(events) - 1
    assert sorted(references) == sorted(f"P{process}-{turn}" for process in range(PROCESSES) for turn in range(EACH))
    ledger.close()
