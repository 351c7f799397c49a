"""A long file read by a process of its own gives the rows and the faults that reading it here gives."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from ledger import read_ahead
from ledger.csv_file import CsvFile, Row
from ledger.errors import BadInput, Fault

HEADER = "arrangement,type,date,reference,party,amount,narrative\n"
GOOD = "pool,contribution_due,2013-06-01,R-{0},OCC,{0}.25,“told” of {0}\n"


def read(path: Path) -> tuple[list[Row], list[Fault], int, list[int]]:
    file = CsvFile(path)
    rows, at = [], []
    try:
        for batch, so_far in read_ahead.batches(file):
            rows += batch
            at.append(so_far)
        file.refuse_faults()
    except BadInput as error:
        return rows, error.faults, error.count, at
    finally:
        file.close()
    return rows, [], 0, at


FILES = {
    "good rows": HEADER + "".join(GOOD.format(number) for number in range(1, 2_600)),
    "no rows": HEADER,
    "one row": HEADER + GOOD.format(1),
    "a wrong header": "arrangement,sort\n" + GOOD.format(1),
    "faults among good rows": HEADER + "".join(
        GOOD.format(number).replace("OCC", "occ" if number % 900 == 0 else "OCC") for number in range(1, 2_600)),
    "more faults than are shown": HEADER + GOOD.format(1) + "pool,due,2013-06-31,,,x,\n" * 1_500,
    "quotes that do not match": HEADER + GOOD.format(1) * 1_200 + '"broken',
    "not UTF-8": HEADER + GOOD.format(1) * 1_200 + "\udcff",
}  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_rows_and_faults_are_the_same(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    path = tmp_path / "facts.csv"
    path.write_bytes(FILES[name].encode(errors="surrogateescape"))
    here = read(path)
    monkeypatch.setattr(read_ahead, "WORTH_IT", 0)
    there = read(path)
    assert there[:3] == here[:3]
    assert there[3] == here[3]


def test_a_reader_that_is_killed_is_no_end_of_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    path = tmp_path / "facts.csv"
    path.write_text(FILES["good rows"])
    monkeypatch.setattr(read_ahead, "WORTH_IT", 0)
    started: list[subprocess.Popen[bytes]] = []

    class Started(subprocess.Popen):  # type: ignore[type-arg]
        def __init__(self, *args: object, **kwargs: object) -> None:
            super().__init__(*args, **kwargs)  # type: ignore[arg-type]
            started.append(self)

    monkeypatch.setattr(subprocess, "Popen", Started)
    batches = read_ahead.batches(CsvFile(path))
    next(batches)
    started[0].kill()
    with pytest.raises(OSError, match="ended before its end"):
        list(batches)


def test_whoever_stops_reading_leaves_no_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    path = tmp_path / "facts.csv"
    path.write_text(FILES["good rows"])
    monkeypatch.setattr(read_ahead, "WORTH_IT", 0)
    ended: list[int] = []
    wait = subprocess.Popen.wait
    monkeypatch.setattr(subprocess.Popen, "wait", lambda self: ended.append(wait(self)))
    batches = read_ahead.batches(CsvFile(path))
    next(batches)
    batches.close()  # type: ignore[attr-defined]
    assert ended
