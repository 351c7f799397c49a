"""The head: written with the events, rebuilt from them, of one size at any length; and what happens to it in trouble."""

from __future__ import annotations

import csv
import sqlite3
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from ledger.application import Command, Ledger
from ledger.csv_file import CsvFile
from ledger.errors import LedgerUnavailable, Refused
from ledger.importing import import_file
from ledger.store.opening import Place
from tests.databases import BOTH, contents
from tests.given import CODE, new_ledger, record, reverse, sign
from tests.ledger.test_properties import assert_replayed


def lived(ledger: Ledger) -> Ledger:
    """A ledger in which balances have come and gone, an asset and a liability are held, and a recharge was drawn."""
    sign(ledger)
    record(ledger, "contribution_due", party="OCC", amount=50_00, fund="dfg")
    record(ledger, "contribution_received", party="OCC", amount=50_00)
    record(ledger, "asset_acquired", asset="van", scheme="care", counterparty="SUP", amount=60_00)
    record(ledger, "liability_recognised", liability="pay", scheme="care", amount=30_00)
    record(ledger, "recharge", scheme="care", amount=80_00)
    reverse(ledger, 6)
    return ledger


def make_head(ledger: Ledger, **columns: Any) -> None:
    """Change the kept head by hand."""
    setting = ", ".join(f"{column} = ?" for column in columns)
    ledger.store._run(f"UPDATE heads SET {setting}", tuple(columns.values()))


@BOTH
def test_the_head_is_what_the_events_alone_give(ledger: Ledger) -> None:
    assert_replayed(lived(ledger))


def test_replay_up_to_a_number_is_the_head_as_it_was(ledger: Ledger) -> None:
    lived(ledger)
    then = ledger.replayed(CODE, up_to=3)
    assert (then.head.number, then.head.balance("POOL", "Assets:Cash"), then.head.item("asset", "van")) == (3, 50_00, None)


@BOTH
def test_a_head_of_an_older_version_is_replayed_and_written_anew(ledger: Ledger) -> None:
    good = lived(ledger).store.head(CODE)
    rows = ledger.store.balances(CODE), ledger.store.items(CODE)
    make_head(ledger, state_version=0, state=b"{}")
    ledger.store._run("UPDATE balances SET pence = pence + 1")
    ledger.store._run("INSERT INTO balances VALUES (?, 'POOL', 'Assets:Nothing', 5)", (CODE,))
    ledger.store._run("UPDATE items SET item = ?", (b"\0",))
    assert ledger.draft(CODE).head.balance("POOL", "Assets:Cash") == 50_00
    assert ledger.store.head(CODE).state_version == 0
    record(ledger, "contribution_in_kind", party="OCC", amount=1)
    assert (ledger.store.balances(CODE), ledger.store.items(CODE)) == rows
    assert ledger.store.head(CODE).state_version == good.state_version
    assert_replayed(ledger)


@BOTH
def test_a_head_of_a_newer_version_is_refused(ledger: Ledger) -> None:
    lived(ledger)
    make_head(ledger, state_version=99)
    with pytest.raises(LedgerUnavailable, match=r"newer Poolbook \(its state is 99, this one knows \d+\): install the newer"):
        record(ledger, "contribution_due", party="OCC", amount=1)
    assert ledger.store.counted()[0] == 7


class Clock:
    """A clock that can be set."""

    def __init__(self) -> None:
        self.at = datetime(2013, 7, 1, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at


@BOTH
def test_recorded_at_never_goes_back_and_the_clocks_own_reading_is_kept(place: Place) -> None:
    clock = Clock()
    ledger = new_ledger(place, clock)
    sign(ledger)
    clock.at -= timedelta(hours=1)
    behind = record(ledger, "contribution_due", party="OCC", amount=1)
    assert (behind.recorded_at, behind.clock) == ("2013-07-01T09:00:00.000000Z", "2013-07-01T08:00:00.000000Z")
    clock.at += timedelta(hours=1)
    even = record(ledger, "contribution_due", party="OCC", amount=1)
    assert (even.recorded_at, even.clock) == ("2013-07-01T09:00:00.000000Z", "")
    clock.at += timedelta(microseconds=1)
    ahead = record(ledger, "contribution_due", party="OCC", amount=1)
    assert (ahead.recorded_at, ahead.clock) == ("2013-07-01T09:00:00.000001Z", "")
    ledger.close()


def test_a_clock_in_another_zone_is_told_in_utc(path: Path) -> None:
    ledger = new_ledger(path, lambda: datetime(2013, 7, 1, 0, 30, tzinfo=timezone(timedelta(hours=1))))
    sign(ledger)
    assert ledger.event(CODE, 1).recorded_at == "2013-06-30T23:30:00.000000Z"
    ledger.close()


@BOTH
def test_what_was_known_at_a_moment_is_a_prefix_of_the_log(ledger: Ledger) -> None:
    lived(ledger)
    moments = [event.recorded_at for event in ledger.history(CODE)]
    assert moments == sorted(moments)
    for number, moment in enumerate(moments, 1):
        assert ledger.number_known(CODE, moment) == number
    assert ledger.number_known(CODE, "2013-01-01T00:00:00.000000Z") == 0
    assert (ledger.number_known(CODE, 3), ledger.number_known(CODE, 99)) == (3, 7)


class Faulty:
    """A connection whose COMMIT fails, having committed or not."""

    def __init__(self, connection: sqlite3.Connection, committed: bool) -> None:
        self._connection, self._committed = connection, committed

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)

    def execute(self, sql: str, *parameters: Any) -> sqlite3.Cursor:
        if sql != "COMMIT":
            return self._connection.execute(sql, *parameters)
        if self._committed:
            self._connection.execute("COMMIT")
        error = sqlite3.OperationalError("disk I/O error")
        error.sqlite_errorcode = sqlite3.SQLITE_IOERR
        raise error


def test_a_failed_commit_that_had_succeeded_is_reported_as_recorded(ledger: Ledger) -> None:
    sign(ledger)
    ledger.store._connection = Faulty(ledger.store._connection, committed=True)  # type: ignore[assignment]
    event = record(ledger, "contribution_due", party="OCC", amount=1, command=Command("ann", narrative="One"))
    assert ledger.event(CODE, 2) == event
    assert record(ledger, "contribution_due", party="OCC", amount=1).number == 3
    assert_replayed(ledger)


def test_a_failed_commit_says_that_nothing_was_recorded_and_the_ledger_goes_on(ledger: Ledger) -> None:
    sign(ledger)
    ledger.store._connection = Faulty(ledger.store._connection, committed=False)  # type: ignore[assignment]
    with pytest.raises(LedgerUnavailable, match=r"disk of .* nothing was recorded\. Check the disk"):
        record(ledger, "contribution_due", party="OCC", amount=1, command=Command("ann", "R-1"))
    again = record(ledger, "contribution_due", party="OCC", amount=1, command=Command("ann", "R-1"))
    assert (again.number, ledger.store.counted()[0]) == (2, 2)
    assert_replayed(ledger)


@BOTH
def test_a_posting_that_is_broken_off_leaves_nothing(ledger: Ledger, place: Place) -> None:
    sign(ledger)
    before = contents(place)
    with pytest.raises(KeyboardInterrupt), ledger.store.posting(CODE):  # noqa: PT012 - the posting is what is broken off
        ledger.save(ledger.event(CODE, 1).__class__(**{**_fields(ledger), "number": 2, "reference": "#2"}))
        raise KeyboardInterrupt
    assert contents(place) == before
    assert record(ledger, "contribution_due", party="OCC", amount=1).number == 2


def _fields(ledger: Ledger) -> dict[str, Any]:
    event = ledger.event(CODE, 1)
    return {name: getattr(event, name) for name in event.__struct_fields__}


@pytest.mark.parametrize("number", [0, 8, 99, -1])
def test_an_event_there_is_not_cannot_be_reversed(ledger: Ledger, number: int) -> None:
    lived(ledger)
    with pytest.raises(Refused, match=rf"pool has no event #{number}: its events are #1 to #7\."):
        reverse(ledger, number)


def test_a_fact_is_not_reversed_as_of_a_day_when_it_had_not_happened(ledger: Ledger) -> None:
    sign(ledger)
    record(ledger, "income", scheme="care", amount=1, on=date(2013, 6, 1))
    with pytest.raises(Refused, match=r"#2 is of 2013-06-01, .* as of 2013-05-31, .* that day or a later one"):
        reverse(ledger, 2, on=date(2013, 5, 31))
    assert reverse(ledger, 2, on=date(2013, 6, 1)).number == 3


@BOTH
def test_an_arrangement_there_is_not_is_unknown(ledger: Ledger) -> None:
    sign(ledger)
    with pytest.raises(Refused, match=r"There is no arrangement poool in this ledger; did you mean pool\?"):
        record(ledger, "contribution_due", arrangement="poool", party="OCC", amount=1)


def test_the_state_does_not_grow_with_suppliers_and_assets(ledger: Ledger, tmp_path: Path) -> None:
    sign(ledger)
    small = len(ledger.store.head(CODE).state)
    file = tmp_path / "facts.csv"
    with file.open("w", newline="") as out:
        rows = csv.writer(out)
        rows.writerow(["arrangement", "type", "date", "reference", "amount", "counterparty", "scheme", "asset", "fund"])
        for n in range(5_000):
            rows.writerow([CODE, "expenditure", "2013-06-01", f"E{n}", "1.23", f"supplier-{n:04}", "care", "", "dfg"])
        for n in range(2_000):
            rows.writerow([CODE, "asset_acquired", "2013-06-01", f"A{n}", "9.87", f"supplier-{n:04}", "beds", f"van-{n}", ""])
    source = CsvFile(file)
    assert import_file(ledger, source, "ann").total == 7_000
    source.close()
    head = ledger.store.head(CODE)
    assert len(head.state) <= 16 * 1024
    assert len(head.state) < small + 200
    assert len(ledger.store.balances(CODE)) == 1 + 5_000 + 2_000
    assert [kind for kind, _code, _item in ledger.store.items(CODE)].count("asset") == 2_000
    assert len(head.frontier) == 32 * (7_001).bit_count()
    assert_replayed(ledger)
