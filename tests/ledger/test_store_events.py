"""The store's own guards, and the contract of eventsourcing that it keeps."""

from __future__ import annotations

import sqlite3

import pytest
from eventsourcing.persistence import IntegrityError, MapperDeserialisationError, NotSupportedError, ProgrammingError

from ledger.application import Ledger
from ledger.store.encoding import EventMapper, StoredFact, decode, encode
from ledger.store.merkle import leaf_hash
from tests.databases import BOTH
from tests.given import CODE, WHO, agreement, record, reverse, sign


@pytest.fixture
def kept(ledger: Ledger) -> Ledger:
    """A ledger with six events: signed, due, received, due, reversed, spent."""
    sign(ledger)
    record(ledger, "contribution_due", party="OCC", amount=50_00)
    record(ledger, "contribution_received", party="OCC", amount=50_00)
    record(ledger, "contribution_due", party="OCCG", amount=60_00)
    reverse(ledger, 4)
    record(ledger, "expenditure", scheme="care", counterparty="SUP", amount=20_00)
    return ledger


ROW = "SELECT stream, 7, type, recorded_at, 'x', part, NULL, bytes, leaf FROM events WHERE number = 2"
COLUMNS = "stream, number, type, recorded_at, reference, part, reverses, bytes, leaf"


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("UPDATE events SET bytes = x'00' WHERE number = 2", "events are never changed"),
        ("UPDATE events SET reference = 'y'", "events are never changed"),
        ("DELETE FROM events WHERE number = 6", "events are never deleted"),
        ("DELETE FROM events", "events are never deleted"),
        (f"INSERT INTO events ({COLUMNS}) {ROW.replace('7', '8')}", "without gaps"),
        (f"INSERT INTO events ({COLUMNS}) {ROW.replace('7', '0')}", "without gaps"),
        (f"INSERT INTO events ({COLUMNS}) {ROW.replace('7', '6')}", "without gaps"),
        (f"INSERT OR REPLACE INTO events ({COLUMNS}) {ROW.replace('7', '6')}", "without gaps"),
        (f"INSERT OR REPLACE INTO events ({COLUMNS}) {ROW.replace('7', '2')}", "without gaps"),
        (f"INSERT OR IGNORE INTO events ({COLUMNS}) {ROW.replace('7', '9')}", "without gaps"),
        (f"INSERT INTO events ({COLUMNS}) {ROW.replace(chr(39) + 'x' + chr(39), 'reference')}", "never replaced"),
        (f"INSERT INTO events ({COLUMNS}) {ROW.replace('NULL', '4')}", "never replaced"),
    ],
)
def test_no_statement_changes_removes_or_jumps_an_event(kept: Ledger, sql: str, said: str) -> None:
    connection = kept.store._connection
    before = connection.execute("SELECT * FROM events").fetchall()
    with pytest.raises(sqlite3.IntegrityError, match=said):
        connection.execute(sql)
    assert connection.execute("SELECT * FROM events").fetchall() == before


@pytest.mark.parametrize(
    "row",
    [
        f"(position, {COLUMNS}) {ROW.replace('SELECT', 'SELECT 2,')}",
        f"({COLUMNS}) {ROW.replace(chr(39) + 'x' + chr(39), 'reference')}",
        f"({COLUMNS}) {ROW.replace('NULL', '4')}",
    ],
    ids=["position", "reference", "the event it reverses"],
)
def test_replacing_by_another_key_does_not_slip_past_the_triggers(kept: Ledger, row: str) -> None:
    connection = kept.store._connection
    before = connection.execute("SELECT * FROM events").fetchall()
    with pytest.raises(sqlite3.IntegrityError):
        connection.execute(f"INSERT OR REPLACE INTO events {row}")
    assert connection.execute("SELECT * FROM events").fetchall() == before


def numbers(events: object) -> list[int]:
    return [event.originator_version for event in events]  # type: ignore[attr-defined]


@BOTH
@pytest.mark.parametrize(
    ("asked", "given"),
    [
        ({}, [1, 2, 3, 4, 5, 6]),
        ({"gt": 0}, [1, 2, 3, 4, 5, 6]),
        ({"gt": 2}, [3, 4, 5, 6]),
        ({"gt": 6}, []),
        ({"lte": 3}, [1, 2, 3]),
        ({"lte": 0}, []),
        ({"gt": 1, "lte": 4}, [2, 3, 4]),
        ({"desc": True}, [6, 5, 4, 3, 2, 1]),
        ({"limit": 2}, [1, 2]),
        ({"limit": 0}, []),
        ({"desc": True, "limit": 1}, [6]),
        ({"gt": 1, "lte": 5, "desc": True, "limit": 2}, [5, 4]),
    ],
)
def test_events_of_a_stream_are_selected(kept: Ledger, asked: dict, given: list[int]) -> None:
    assert numbers(kept.store.select_events(CODE, **asked)) == given
    assert numbers(kept.store.select_events("another", **asked)) == []


@BOTH
def test_a_selected_event_is_the_bytes_and_their_copies(kept: Ledger) -> None:
    reversal = kept.store.select_events(CODE, gt=4, lte=5)[0]
    assert (reversal.topic, reversal.reference, reversal.part, reversal.reverses) == ("FactReversed", "#5", 0, 4)
    event = decode(reversal.state)
    assert (event.number, event.recorded_at, event.type) == (5, reversal.recorded_at, reversal.topic)
    assert reversal.leaf == leaf_hash(reversal.state)


@pytest.mark.parametrize(
    ("asked", "given"),
    [
        ({"start": 1, "limit": 10}, [1, 2, 3, 4, 5, 6]),
        ({"start": None, "limit": 10}, [1, 2, 3, 4, 5, 6]),
        ({"start": 3, "limit": 2}, [3, 4]),
        ({"start": 3, "limit": 2, "inclusive_of_start": False}, [4, 5]),
        ({"start": 2, "limit": 10, "stop": 4}, [2, 3, 4]),
        ({"start": 7, "limit": 10}, []),
        ({"start": 1, "limit": 10, "topics": ["ContributionDue"]}, [2, 4]),
        ({"start": 1, "limit": 1, "topics": ["ContributionDue", "FactReversed"]}, [2]),
        ({"start": 1, "limit": 10, "topics": ["os:system"]}, []),
    ],
)
def test_notifications_are_selected_over_all_streams(kept: Ledger, asked: dict, given: list[int]) -> None:
    assert [found.id for found in kept.store.select_notifications(**asked)] == given


def test_the_last_notification_is_the_last_position_over_all_streams(ledger: Ledger) -> None:
    assert ledger.store.max_notification_id() is None
    sign(ledger)
    other = agreement("aligned")
    ledger.sign(type(other)(**{name: getattr(other, name) for name in other.__struct_fields__} | {"code": "other"}), WHO)
    record(ledger, "contribution_due", party="OCC", amount=1)
    assert ledger.store.max_notification_id() == 3
    streams = [(found.id, found.originator_id, found.originator_version) for found in ledger.store.select_notifications(1, 9)]
    assert streams == [(1, "pool", 1), (2, "other", 1), (3, "pool", 2)]


def test_the_applications_own_readers_work_over_the_store(kept: Ledger) -> None:
    assert [event.number for event in kept.events.get(CODE, gt=1, lte=3)] == [2, 3]
    assert [found.id for found in kept.notification_log.select(start=2, limit=3)] == [2, 3, 4]
    assert kept.recorder is kept.store


@BOTH
def test_nothing_is_appended_outside_a_posting(kept: Ledger) -> None:
    event = kept.event(CODE, 2)
    with pytest.raises(ProgrammingError, match="within a posting"):
        kept.save(event)
    with pytest.raises(ProgrammingError, match="within a posting"):
        kept.store.insert_events([EventMapper().to_stored_event(event)])
    assert kept.store.counted()[0] == 6


@BOTH
def test_an_event_that_is_there_already_is_refused_within_a_posting(kept: Ledger) -> None:
    event = kept.event(CODE, 2)
    with pytest.raises(IntegrityError), kept.store.posting(CODE):
        kept.save(event)
    assert kept.store.counted()[0] == 6


def test_a_sqlite_ledger_tells_nobody_of_new_events(ledger: Ledger) -> None:
    with pytest.raises(NotSupportedError, match="by pages"):
        ledger.store.subscribe(gt=0)


@BOTH
def test_an_event_goes_to_bytes_and_back(kept: Ledger) -> None:
    for event in kept.history(CODE):
        stored = EventMapper().to_stored_event(event)
        assert EventMapper().to_domain_event(stored) == event
        assert encode(decode(stored.state)) == stored.state


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"type":"ContributionDue"', b'"type":"os:system"'),
        (b'"amount":5000', b'"amount":"5000"'),
        (b'"amount":5000', b'"amount":5000.5'),
        (b'"amount":5000', b'"amount":NaN'),
        (b'"actor":', b'"aktor":'),
        (b'"party":', b'"extra":1,"party":'),
        (b"}", b""),
        (b"{", b"\xff{"),
        (b"2013-", b"2013:"),
    ],
)
def test_bytes_that_the_catalogue_does_not_know_are_no_event(kept: Ledger, old: bytes, new: bytes) -> None:
    stored = kept.store.select_events(CODE, gt=1, lte=2)[0]
    raw = stored.state.replace(old, new, 1)
    assert raw != stored.state
    wrong = StoredFact(**{**vars(stored), "state": raw})
    with pytest.raises(MapperDeserialisationError, match=r"#2 of pool is not an event"):
        EventMapper().to_domain_event(wrong)


@pytest.mark.parametrize("column", [{"originator_id": "x"}, {"originator_version": 3}, {"topic": "PaymentMade"}])
def test_columns_that_are_not_what_the_bytes_say_are_no_event(kept: Ledger, column: dict) -> None:
    stored = kept.store.select_events(CODE, gt=1, lte=2)[0]
    with pytest.raises(MapperDeserialisationError, match="stands beside the bytes of pool #2"):
        EventMapper().to_domain_event(StoredFact(**{**vars(stored), **column}))
