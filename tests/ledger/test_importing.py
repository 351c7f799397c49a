"""An import records what recording row by row would, to the byte, or nothing; and decides again if others were faster."""

from __future__ import annotations

import csv
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings

from ledger.application import Command, Ledger
from ledger.csv_file import COLUMNS, CsvFile
from ledger.errors import Refused
from ledger.importing import import_file
from ledger.money import pounds
from ledger.store.opening import Place
from tests.databases import BOTH, contents
from tests.given import CODE, Books, agreement, new_ledger, record, sign
from tests.ledger.golden_cases import MOMENT
from tests.ledger.histories import histories, kinds, try_step
from tests.ledger.test_properties import assert_replayed
from tests.postgresql import Server

DUE = {"type": "contribution_due", "party": "OCC", "amount": "50.00"}
SPENT = {"type": "refund", "party": "OCC", "amount": "50.00"}


def written(file: Path, rows: list[dict[str, Any]]) -> Path:
    with file.open("w", newline="") as out:
        table = csv.DictWriter(out, COLUMNS)
        table.writeheader()
        for number, row in enumerate(rows):
            table.writerow({"arrangement": CODE, "date": "2013-06-01", "reference": f"R-{number}"} | row)
    return file


def imported(ledger: Ledger, file: Path) -> int:
    source = CsvFile(file)
    try:
        return import_file(ledger, source, "ann").total
    finally:
        source.close()


@given(kind=kinds, history=histories)
@settings(max_examples=15)
def test_an_import_stores_the_same_bytes_as_recording_row_by_row(kind: str, history: list) -> None:
    with TemporaryDirectory() as place:
        assert_same_bytes(Path(place) / "one.db", kind, history)


@given(kind=kinds, history=histories)
@settings(max_examples=8)
def test_an_import_into_postgresql_stores_the_same_bytes_as_recording_in_a_file(
    postgresql: Server, kind: str, history: list
) -> None:
    assert_same_bytes(postgresql.fresh(), kind, history)


def assert_same_bytes(where: Place, kind: str, history: list) -> None:
    """A history imported there is the same, to the byte, as recorded row by row in a file: events, log, balances, texts."""
    books = Books(agreement(kind))
    for type, fields, wild in history:
        if type != "reverse":
            try_step(books, type, fields, wild)
    asked = list(books.asked.values())
    rows = [
        {name: getattr(request, name) for name in COLUMNS if getattr(request, name, "")}
        | {"amount": pounds(request.amount), "consideration": pounds(request.consideration), "narrative": "Told"}
        for request in asked
    ]
    for row in rows:
        if row["type"] == "asset_transferred":
            del row["amount"]
        else:
            del row["consideration"]
    with TemporaryDirectory() as place:
        one, other = (new_ledger(each, lambda: MOMENT) for each in (where, Path(place) / "other.db"))
        sign(one, kind)
        sign(other, kind)
        assert imported(one, written(Path(place) / "facts.csv", rows)) == len(rows)
        for number, request in enumerate(asked):
            other.record(CODE, request, Command("ann", f"R-{number}", narrative="Told"))
        assert one.store.select_events(CODE) == other.store.select_events(CODE)
        assert one.store.head(CODE) == other.store.head(CODE)
        assert one.store.balances(CODE) == other.store.balances(CODE)
        assert one.store.items(CODE) == other.store.items(CODE)
        texts = [[ledger.store.text(CODE, number, "narrative") for number in range(len(rows) + 2)] for ledger in (one, other)]
        assert texts[0] == texts[1]
        assert_replayed(one)
        assert imported(one, Path(place) / "facts.csv") == 0
        one.close()
        other.close()


@BOTH
def test_a_refused_row_leaves_every_byte_as_it_was(ledger: Ledger, place: Place, tmp_path: Path) -> None:
    sign(ledger)
    before = contents(place)
    with pytest.raises(Refused, match=r"facts.csv:4: OCC has £0.00 left in advance(.|\n)*1 refusal; nothing was recorded"):
        imported(ledger, written(tmp_path / "facts.csv", [DUE, SPENT, SPENT, DUE]))
    assert contents(place) == before


class Faster:
    """A store that lets somebody else post just before an import takes the lock, the first time."""

    def __init__(self, ledger: Ledger, other: Ledger, fields: dict[str, Any]) -> None:
        self._ledger, self._other, self._fields, self._posting = ledger, other, fields, ledger.store.posting

    def __call__(self, *streams: str) -> Any:
        self._ledger.store.posting = self._posting  # type: ignore[method-assign]
        record(self._other, **self._fields)
        return self._posting(*streams)


@BOTH
def test_an_import_overtaken_by_another_post_is_decided_again(ledger: Ledger, place: Place, tmp_path: Path) -> None:
    sign(ledger)
    other = Ledger.open(place)
    faster = {"type": "contribution_due", "party": "OCCG", "amount": 1_00}
    ledger.store.posting = Faster(ledger, other, faster)  # type: ignore[method-assign]
    assert imported(ledger, written(tmp_path / "facts.csv", [DUE, SPENT])) == 2
    assert [(event.type, event.fact.party) for event in ledger.history(CODE, after=1)] == [
        ("ContributionDue", "OCCG"), ("ContributionDue", "OCC"), ("ContributionRefunded", "OCC"),
    ]  # fmt: skip
    assert_replayed(ledger)
    other.close()


@BOTH
def test_an_import_overtaken_so_that_it_may_no_longer_be_is_refused(ledger: Ledger, place: Place, tmp_path: Path) -> None:
    sign(ledger)
    record(ledger, "contribution_due", party="OCC", amount=50_00)
    other = Ledger.open(place)
    faster = {"type": "refund", "party": "OCC", "amount": 1_00}
    ledger.store.posting = Faster(ledger, other, faster)  # type: ignore[method-assign]
    with pytest.raises(Refused, match=r"OCC has £49\.00 left in advance"):
        imported(ledger, written(tmp_path / "facts.csv", [SPENT]))
    assert ledger.store.counted()[0] == 3
    other.close()
