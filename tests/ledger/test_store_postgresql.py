"""A ledger in a PostgreSQL database: kept durably, recognised, its events guarded, its locks narrow, its troubles told."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import Any

import psycopg
import pytest
from eventsourcing.persistence import NotSupportedError

from ledger.agreement import Agreement
from ledger.application import Command, Ledger
from ledger.errors import LedgerUnavailable, Refused
from ledger.store import postgres_database
from ledger.store.opening import Place
from tests.databases import contents
from tests.given import CODE, LEDGER_ID, WHO, agreement, new_ledger, record, sign
from tests.ledger.test_properties import assert_replayed
from tests.postgresql import Server

pytestmark = pytest.mark.parametrize("database", ["postgresql"], indirect=True)


@pytest.fixture
def kept(ledger: Ledger) -> Ledger:
    """A ledger with an arrangement “pool” and one fact in it."""
    sign(ledger)
    record(ledger, "contribution_due", party="OCC", amount=1_00)
    return ledger


def called(code: str) -> Agreement:
    signed = agreement("lead_body")
    return Agreement(**{name: getattr(signed, name) for name in signed.__struct_fields__} | {"code": code})


def due(ledger: Ledger, arrangement: str = CODE, **command: str) -> int:
    """Record that something is due; gives the event's number."""
    told = Command("ann", **command)
    return record(ledger, "contribution_due", arrangement=arrangement, party="OCC", amount=1, command=told).number


COLUMNS = "stream, number, type, recorded_at, reference, part, reverses, bytes, leaf"


@pytest.mark.parametrize("role", ["origin", "replica"])
@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE events SET bytes = '' WHERE number = 2",
        "UPDATE events SET number = number + 1",
        "DELETE FROM events WHERE number = 2",
        "DELETE FROM events",
        "TRUNCATE events",
        "TRUNCATE events, heads, balances, items, texts CASCADE",
        f"INSERT INTO events ({COLUMNS}) SELECT {COLUMNS} FROM events ON CONFLICT (stream, number) DO UPDATE SET leaf = ''",
        f"INSERT INTO events ({COLUMNS}) SELECT {COLUMNS} FROM events",
        f"INSERT INTO events ({COLUMNS}) SELECT {COLUMNS.replace('number', '0')} FROM events",
        f"INSERT INTO events ({COLUMNS}) SELECT {COLUMNS.replace('number', 'number + 5')} FROM events",
    ],
)
def test_no_statement_changes_removes_or_doubles_an_event_even_for_the_owner(
    kept: Ledger, place: Place, sql: str, role: str
) -> None:
    before = contents(place)
    kept.store._run(f"SET session_replication_role = {role}")
    with pytest.raises(psycopg.IntegrityError):
        kept.store._run(sql)
    assert contents(place) == before


@pytest.mark.usefixtures("kept")
def test_a_ledger_is_made_once(place: Place) -> None:
    before = contents(place)
    with pytest.raises(Refused, match=r"127\.0\.0\.1:\d+/books holds a ledger, or something else in a schema poolbook"):
        new_ledger(place)
    assert contents(place) == before


def test_a_schema_that_was_made_for_it_is_used_and_another_programs_is_left_alone(place: str) -> None:
    with psycopg.connect(place) as connection:
        connection.execute("CREATE SCHEMA poolbook")
    new_ledger(place).close()
    with psycopg.connect(place) as connection:
        connection.execute("DROP SCHEMA poolbook CASCADE; CREATE SCHEMA poolbook; CREATE TABLE poolbook.events (a int)")
    with pytest.raises(Refused, match="something else in a schema poolbook"):
        new_ledger(place)
    with pytest.raises(LedgerUnavailable, match="There is no ledger in"):
        Ledger.open(place)
    with psycopg.connect(place) as connection:
        connection.execute("CREATE TABLE poolbook.ledger (a int)")
    with pytest.raises(LedgerUnavailable, match="has a schema poolbook that is no Poolbook ledger"):
        Ledger.open(place)


def test_a_database_that_does_not_keep_every_letter_is_refused(place: Place, postgresql: Server) -> None:  # noqa: ARG001
    postgresql.run("DROP DATABASE IF EXISTS western")
    postgresql.run("CREATE DATABASE western ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0")
    with pytest.raises(LedgerUnavailable, match="does not keep text as UTF-8: make a database with ENCODING 'UTF8'"):
        new_ledger(postgresql.url("western"))


def test_a_newer_ledger_is_refused(kept: Ledger, place: Place) -> None:
    kept.store._run("UPDATE ledger SET schema_version = 99")
    with pytest.raises(LedgerUnavailable, match=r"newer Poolbook \(its schema is 99, this one knows \d+\)"):
        Ledger.open(place)


@pytest.mark.parametrize(("set_to", "used"), [("off", "on"), ("local", "local"), ("on", "on")])
def test_a_commit_waits_for_the_disk_whatever_the_database_says(kept: Ledger, place: Place, set_to: str, used: str) -> None:
    kept.store._run(f"ALTER DATABASE books SET synchronous_commit = {set_to}")
    try:
        with closing(Ledger.open(place)) as ledger:
            assert ledger.store._one("SHOW synchronous_commit") == (used,)
    finally:
        kept.store._run("ALTER DATABASE books RESET synchronous_commit")


def test_a_server_that_never_waits_for_its_disk_takes_no_posts_but_is_read(
    kept: Ledger, place: Place, postgresql: Server
) -> None:
    try:
        postgresql.run("ALTER SYSTEM SET fsync = off")
        _reloaded(postgresql, kept, "off")
        with pytest.raises(LedgerUnavailable, match=r"cannot be kept durably: .*fsync is off"):
            Ledger.open(place)
        with closing(Ledger.open(place, read_only=True)) as ledger:
            assert ledger.store.counted()[0] == 2
    finally:
        postgresql.run("ALTER SYSTEM RESET fsync")
        _reloaded(postgresql, kept, "on")


def _reloaded(server: Server, ledger: Ledger, fsync: str) -> None:
    server.run("SELECT pg_reload_conf()")
    for _ in range(1_000):
        if ledger.store._one("SHOW fsync") == (fsync,) and server.run("SHOW fsync").fetchone() == (fsync,):
            return
    raise AssertionError("the server does not take its settings up")


def test_who_reads_only_can_write_nothing(kept: Ledger, place: Place) -> None:
    with closing(Ledger.open(place, read_only=True)) as ledger:
        with pytest.raises(LedgerUnavailable, match=r"cannot be written, .*: nothing was recorded\. Name the server"):
            due(ledger)
        assert due(kept) == 3
        assert ledger.store.counted()[0] == 3


def test_a_reading_sees_one_moment_and_nobody_waits_for_it(kept: Ledger, place: Place) -> None:
    with closing(Ledger.open(place, read_only=True)) as reader:
        with reader.store.snapshot():
            assert reader.store.counted()[0] == 2
            assert due(kept) == 3
            assert reader.store.counted()[0] == 2
        assert reader.store.counted()[0] == 3


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres_database, "LOCK_SECONDS", 0.05)


@pytest.mark.usefixtures("impatient")
def test_who_posts_holds_its_own_arrangement_and_no_other(kept: Ledger, place: Place) -> None:
    kept.sign(called("other"), WHO)
    with closing(Ledger.open(place)) as second:
        with kept.store.posting(CODE):
            assert due(second, "other") == 2
            with pytest.raises(LedgerUnavailable, match=r"has held what this needs for 0\.05 seconds: nothing was recorded"):
                due(second)
        assert due(second) == 3
        assert_replayed(second)


def test_an_arrangement_whose_row_is_locked_for_its_first_event_is_not_there_yet(kept: Ledger, place: Place) -> None:
    with closing(Ledger.open(place)) as second:
        with kept.store.posting("other"):
            assert (kept.store.head("other"), second.store.head("other")) == (None, None)
        assert (kept.store.head("other"), kept.store.streams(), second.store.head("other")) == (None, [CODE], None)
        assert second.sign(called("other"), WHO).events[0].number == 1


@pytest.mark.parametrize("given_up", [False, True])
def test_of_two_who_sign_the_same_the_second_waits_for_the_first(ledger: Ledger, place: Place, given_up: bool) -> None:
    with closing(Ledger.open(place)) as second:
        told: list[object] = []

        def sign_too() -> None:
            try:
                told.append(second.sign(called("other"), WHO).events[0].number)
            except Refused as error:
                told.append(str(error))

        waiting = threading.Thread(target=sign_too)
        with _then(ledger, waiting, given_up):
            ledger.sign(called("other"), WHO)
        waiting.join(20)
        assert told == [1] if given_up else "other was signed already" in str(told[0])
        assert (second.store.counted()[0], second.store.streams()) == (1, ["other"])


@contextmanager
def _then(ledger: Ledger, waiting: threading.Thread, given_up: bool) -> Iterator[None]:
    """Start a thread once a posting has written, and commit, or break off, when the thread waits for its lock."""
    original = ledger.store.write_head

    def write_head(*words: Any) -> None:
        original(*words)
        waiting.start()
        waits = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
        while ledger.store._one(waits) == (0,):
            pass
        if given_up:
            raise KeyboardInterrupt

    ledger.store.write_head = write_head  # type: ignore[method-assign]
    try:
        yield
    except KeyboardInterrupt:
        assert given_up


def committing(ledger: Ledger, commit: Callable[[Callable[[], None]], None]) -> None:
    """Let the next COMMIT be done by `commit`, which is given the real one."""
    original = ledger.store._run

    def run(sql: str, parameters: tuple[object, ...] = ()) -> Any:
        if sql != "COMMIT":
            return original(sql, parameters)
        ledger.store._run = original  # type: ignore[method-assign]
        return commit(lambda: original(sql))

    ledger.store._run = run  # type: ignore[method-assign]


def lost(*_: object) -> None:
    raise psycopg.OperationalError("server closed the connection unexpectedly")


def test_a_failed_commit_that_had_succeeded_is_reported_as_recorded(kept: Ledger) -> None:
    committing(kept, lambda commit: (commit(), lost()))
    assert due(kept, reference="R-1", narrative="One") == 3
    assert due(kept) == 4
    assert_replayed(kept)


def test_a_commit_that_the_server_is_still_at_is_waited_for(kept: Ledger) -> None:
    old = kept.store._connection  # its server goes on while we have lost it

    def slow(_: object) -> None:
        threading.Timer(0.3, lambda: old.execute("COMMIT")).start()
        lost()

    committing(kept, slow)
    kept.store._rollback = lambda: None  # type: ignore[method-assign]
    assert due(kept, reference="R-1") == 3


def test_a_failed_commit_says_that_nothing_was_recorded_and_the_ledger_goes_on(kept: Ledger, postgresql: Server) -> None:
    committing(kept, lambda commit: (postgresql.send_away("books"), commit()))
    with pytest.raises(LedgerUnavailable, match=r"is away, or busy .*: nothing was recorded\. Try again"):
        due(kept, reference="R-1")
    assert due(kept, reference="R-1") == 3
    assert_replayed(kept)


def test_a_server_that_is_gone_at_the_commit_leaves_it_open_whether_it_recorded(
    kept: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*_: object, **__: object) -> None:
        raise LedgerUnavailable("It cannot be reached.")

    committing(kept, lambda commit: (commit(), monkeypatch.setattr("ledger.store.postgres.connect", gone), lost()))
    with pytest.raises(LedgerUnavailable, match=r"whether it did is not known.*#3 of pool with `poolbook report"):
        due(kept, reference="R-1")


def test_codes_are_sorted_by_their_letters_not_by_the_databases_language(ledger: Ledger) -> None:
    for code in ("ab", "a-c", "a0", "a-a"):
        ledger.sign(called(code), WHO)
    assert ledger.store.streams() == ["a-a", "a-c", "a0", "ab"]


def test_what_is_not_offered_says_so(kept: Ledger) -> None:
    for ask in (
        lambda: kept.notification_log.select(start=1, limit=5),
        lambda: kept.store.select_notifications(1, 5),
        kept.store.max_notification_id,
        kept.store.subscribe,
    ):
        with pytest.raises(NotSupportedError, match="within their arrangement only"):
            ask()
    assert [event.number for event in kept.events.get(CODE)] == [1, 2]


def test_the_ledger_is_called_by_its_url_without_a_password(kept: Ledger, postgresql: Server) -> None:
    assert kept.store.name == f"postgresql://owner@127.0.0.1:{postgresql.port}/books"
    assert kept.store.ledger_id == LEDGER_ID
    assert kept.store.size() > 50_000
