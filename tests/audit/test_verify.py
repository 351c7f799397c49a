"""What `audit verify` proves, and each thing that it must find, with the number of the first event that is wrong."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from ledger.application import Command, Ledger
from ledger.audit import ranges, reader
from ledger.audit.verification import verified
from ledger.errors import LedgerUnavailable, NotProven, PoolbookError
from tests import given
from tests.audit.tampering import rewrite, tampering, unconstrained
from tests.commands.desk import Desk
from tests.given import CODE

Change = Callable[[sqlite3.Connection], object]


@pytest.fixture
def told(path: Path) -> Path:
    """Seven events: signed, due, received, spent (with a narrative), paid, paid back, a van bought."""
    ledger = given.new_ledger(path)
    given.sign(ledger)
    given.record(ledger, "contribution_due", party="OCCG", amount=900_00)
    given.record(ledger, "contribution_received", party="OCCG", amount=900_00)
    told = Command("finance.officer", "INV-1", narrative="Mrs Smith’s care")
    given.record(ledger, "expenditure", scheme="care", counterparty="SUP", amount=500_00, command=told)
    given.record(ledger, "payment", counterparty="SUP", amount=500_00)
    given.reverse(ledger, 5)
    given.record(ledger, "asset_acquired", asset="van", scheme="care", counterparty="SUP", amount=60_00)
    ledger.close()
    return path


def findings(path: Path) -> list[tuple[int, str]]:
    """Everything that verifying the whole ledger finds."""
    return [(finding.number, finding.sentence) for each in verified(path) for finding in each.findings]


def sql(statement: str, *parameters: object) -> Change:
    """A change as a statement."""
    return lambda connection: connection.execute(statement, parameters)


def words(number: int, old: bytes, new: bytes) -> Change:
    """A change of an event's bytes, with its leaf hash made anew."""
    return lambda connection: rewrite(connection, number, old, new)


def test_a_ledger_as_recorded_proves(told: Path) -> None:
    (found,) = verified(told)
    with_root = Ledger.open(told, read_only=True)
    assert (found.arrangement, found.events, found.findings) == (CODE, 7, [])
    assert found.root == with_root.draft(CODE).frontier.root()
    with_root.close()


CHANGES: dict[str, tuple[Change, int, str]] = {
    "an amount edited": (
        sql("UPDATE events SET bytes = CAST(replace(CAST(bytes AS TEXT), '50000', '40000') AS BLOB) WHERE number = 4"),
        4, "not those that its leaf hash was made of"),
    "an amount edited with its leaf": (words(4, b"50000", b"40000"), 0, "right edge of the log"),
    "one leg edited": (words(4, b":-50000}", b":-40000}"), 4, "do not balance in POOL"),
    "spaces put in": (words(4, b'"number":4', b'"number": 4'), 4, "not written as Poolbook writes them"),
    "no event": (words(3, b'"number"', b'"nombre"'), 3, "its bytes are no event"),
    "re-dated": (words(3, b'"effective_on":"2013-06-01"', b'"effective_on":"2013-05-01"'), 0, "right edge of the log"),
    "another number": (words(3, b'"number":3', b'"number":7'), 3, "its bytes are those of #7 of pool"),
    "another ledger": (words(3, given.LEDGER_ID.encode(), b"f" * 32), 3, "its bytes belong to the ledger ffff"),
    "recorded earlier": (
        lambda connection: (rewrite(connection, 3, b'"recorded_at":"2013-07', b'"recorded_at":"2013-06'),
                            connection.execute("UPDATE events SET recorded_at = replace(recorded_at, '-07-', '-06-') "
                                               "WHERE number = 3")),
        3, "it was recorded at 2013-06"),
    "the column of the moment": (sql("UPDATE events SET recorded_at = '2013' WHERE number = 2"), 2, "its row says"),
    "the column of the reference": (sql("UPDATE events SET reference = 'R' WHERE number = 2"), 2, "its row says"),
    "the column of the type": (sql("UPDATE events SET type = 'BillRaised' WHERE number = 2"), 2, "its row says"),
    "the column of the reversal": (sql("UPDATE events SET reverses = 4 WHERE number = 6"), 6, "its row says"),
    "the leaf": (sql("UPDATE events SET leaf = zeroblob(32) WHERE number = 5"), 5, "leaf hash"),
    "one gone": (sql("DELETE FROM events WHERE number = 3"), 3, "there is no #3: the next is #4"),
    "the last gone": (sql("DELETE FROM events WHERE number = 7"), 7, "there is no #7, and its head counts 7"),
    "one too many": (
        sql("INSERT INTO events SELECT NULL, stream, 10, type, recorded_at, 'x', part, NULL, bytes, leaf FROM events "
            "WHERE number = 5"),
        0, "holds 8 events, and its heads count 7"),
    "empty bytes": (sql("UPDATE events SET bytes = x'' WHERE number = 2"), 2, "its bytes are no event"),
    "an asked taken away": (
        lambda connection: rewrite(connection, 2, connection.execute(
            "SELECT substr(bytes, instr(bytes, CAST(',\"asked\"' AS BLOB)), 75) FROM events WHERE number = 2").fetchone()[0],
            b""),
        2, "does not say what was asked"),
    "the head's number": (sql("UPDATE heads SET number = 5"), 0, "holds 7 events, and its heads count 5"),
    "the head's number raised": (sql("UPDATE heads SET number = 8"), 8, "there is no #8"),
    "the head's moment": (sql("UPDATE heads SET recorded_at = '2013-07-01T00:00:00.000000Z'"), 0, "its head says"),
    "the frontier": (sql("UPDATE heads SET frontier = zeroblob(64)"), 0, "right edge of the log"),
    "a balance": (
        sql("UPDATE balances SET pence = pence + 1 WHERE book = 'OCCG' AND account = 'Assets:Cash'"),
        0, "the balance of OCCG, Assets:Cash is kept as -89999 pence, and its events make -90000"),
    "a balance gone": (sql("DELETE FROM balances WHERE account = 'Expenditure:care'"), 0, "not kept, and its events"),
    "a balance too many": (sql("INSERT INTO balances VALUES ('pool', 'OCC', 'Assets:Gold', 5)"), 0, "and its events make 0"),
    "a stranger's balance": (sql("INSERT INTO balances VALUES ('gone', 'OCC', 'Assets:Cash', 5)"), 0, "and no events"),
    "a state that is none": (sql("UPDATE heads SET state = x'00'"), 0, "(it cannot be read)"),
    "net cost in the state": (
        lambda connection: connection.execute("UPDATE heads SET state = CAST(replace(CAST(state AS TEXT), "
                                              "'\"net_cost\":56000', '\"net_cost\":1') AS BLOB)"),
        0, "(it differs in charges)"),
    "the state's version": (sql("UPDATE heads SET state_version = 99"), 0, "of version 99"),
    "an item": (sql("UPDATE items SET item = x'7b7d'"), 0, "the asset van is not kept as its facts make it"),
    "an item gone": (sql("DELETE FROM items"), 0, "the asset van is not kept, and its facts make one"),
    "an item too many": (sql("INSERT INTO items VALUES ('pool', 'asset', 'bus', x'7b7d')"), 0, "asset bus is not kept"),
    "a text": (sql("UPDATE texts SET text = 'Mr Smith’s care'"), 4, "is not the text that its bytes commit to"),
    "a salt": (sql("UPDATE texts SET salt = zeroblob(16)"), 4, "is not the text that its bytes commit to"),
    "a text gone": (sql("DELETE FROM texts"), 4, "its narrative is missing, and was not erased"),
    "a text too many": (sql("INSERT INTO texts VALUES ('pool', 2, 'reason', zeroblob(16), 'x')"), 2, "do not commit to"),
    "a text of no event": (sql("INSERT INTO texts VALUES ('pool', 20, 'reason', zeroblob(16), 'x')"), 0, "there are 2 texts"),
}  # fmt: skip
"""What was changed → how, the number that must be named (0: it is about no event), and words of the sentence."""


@pytest.mark.parametrize("what", CHANGES)
def test_a_change_is_found_and_the_first_bad_number_named(told: Path, what: str) -> None:
    change, number, sentence = CHANGES[what]
    with tampering(told) as connection:
        change(connection)
    found = findings(told)
    assert [at for at, _ in found[:1]] == [number], found
    assert any(sentence in said for _, said in found), found


def test_a_reference_that_its_index_has_lost_is_named(told: Path) -> None:
    raw = told.read_bytes()
    places = [found.start() for found in re.finditer(b"INV-1", raw)]
    said = []
    for at in places:
        told.write_bytes(raw[:at] + b"INV-2" + raw[at + 5 :])
        said += findings(told)
    assert len(places) == 3
    assert sorted(number for number, _ in said) == [4, 4, 4]
    assert (4, "its reference does not lead to it") in said


MADE_OTHERWISE = {
    "a view for a table": "ALTER TABLE balances RENAME TO b; CREATE VIEW balances AS SELECT * FROM b",
    "a trigger": "CREATE TRIGGER quiet AFTER INSERT ON events BEGIN DELETE FROM texts; END",
    "a table": "CREATE TABLE mine (x)",
    "no index": "DROP INDEX events_by_reversed",
    "no trigger": "DROP TRIGGER events_not_deleted",
    "two ids": "INSERT INTO ledger VALUES ('a', 'b')",
    "no id": "DELETE FROM ledger",
}


@pytest.mark.parametrize("what", MADE_OTHERWISE)
def test_a_file_built_otherwise_is_refused_with_a_sentence(told: Path, what: str) -> None:
    connection = sqlite3.connect(told)
    connection.executescript(MADE_OTHERWISE[what])
    connection.close()
    with pytest.raises(NotProven, match=r"restore a backup\.$"):
        verified(told)


VALUES = ["NULL", "''", "x''", "x'00ff'", "'\u202e'", "1.5", "-1", "9223372036854775807", "CAST(x'ff' AS TEXT)"]
CELLS = [
    *(f"events.{name}" for name in ("stream", "number", "type", "recorded_at", "reference", "part", "bytes", "leaf")),
    *(f"heads.{name}" for name in ("stream", "number", "recorded_at", "frontier")),
    *(f"balances.{name}" for name in ("stream", "book", "account", "pence")),
    *(f"texts.{name}" for name in ("stream", "number", "field", "salt", "text")), "ledger.id",
]  # fmt: skip


@pytest.mark.parametrize("cell", CELLS)
def test_whatever_a_cell_holds_it_is_found_with_a_sentence(told: Path, cell: str, tmp_path: Path) -> None:
    table, _, column = cell.partition(".")
    other = tmp_path / "other.db"
    for value in VALUES:
        other.write_bytes(told.read_bytes())
        try:
            with unconstrained(other) as connection:
                where = "" if table in ("heads", "balances", "texts") else f"WHERE rowid = (SELECT max(rowid) FROM {table})"
                connection.execute(f"UPDATE {table} SET {column} = {value} {where}")
        except (sqlite3.IntegrityError, sqlite3.DataError):
            continue  # a key cannot hold it
        with suppress(PoolbookError):
            assert findings(other), value


def test_a_cell_too_long_to_be_read_is_a_sentence(told: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "LONGEST", 1 << 20)
    with tampering(told) as connection:
        connection.execute("UPDATE events SET bytes = zeroblob(2000000) WHERE number = 3")
    with pytest.raises(NotProven, match=r"too big\): restore a backup\.$"):
        verified(told)


def test_an_unknown_arrangement_is_refused_with_those_there_are(told: Path) -> None:
    assert "did you mean pool?" in given.refused(lambda: verified(told, "pol"))


def test_ranges_and_processes_change_nothing(told: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    alone = verified(told)
    monkeypatch.setattr(ranges, "SPAN", 2)
    monkeypatch.setattr(ranges, "ALONE", 3)
    assert verified(told) == alone
    with tampering(told) as connection:
        rewrite(connection, 5, b'"number":5', b'"number": 5')
        rewrite(connection, 6, b'"number":6', b'"number": 6')
    assert findings(told) == [(5, "its bytes are not written as Poolbook writes them")]


def test_a_file_that_is_no_ledger_is_exit_3(tmp_path: Path) -> None:
    with pytest.raises(LedgerUnavailable):
        verified(tmp_path / "missing.db")


def test_the_command_says_what_proves_and_ends_with_5_where_something_does_not(desk: Desk) -> None:
    desk.made("lead_body", "other")
    done = desk("audit", "verify")
    assert (done.code, done.err) == (0, "")
    said = [line.partition(", root ")[0] for line in done.out.splitlines()]
    assert said == ["other proves: 1 event", "pool proves: 1 event"]
    assert desk("audit", "verify", "pool", "--format", "json").json["findings"] == []
    with tampering(desk.path) as connection:
        connection.execute("UPDATE events SET leaf = zeroblob(32) WHERE stream = 'pool'")
    done = desk("audit", "verify")
    assert (done.code, done.err.partition(". ")[0]) == (5, "Not proven: 1 arrangement of 2")
    assert "#1 of pool: its bytes are not those that its leaf hash was made of.\n" in done.out
    assert (
        desk("audit", "verify", "pool", "--format", "csv").out.splitlines()[1]
        == "pool,0,,1,its bytes are not those that its leaf hash was made of"
    )
