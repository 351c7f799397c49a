"""The recorder on SQLite: eventsourcing's contract, and beside it the head, its rows and the staging of imports.

Everything of one posting is one transaction: BEGIN IMMEDIATE, read the head, decide, append, write the head, COMMIT.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple, cast
from uuid import UUID

from eventsourcing.persistence import (
    ApplicationRecorder,
    IntegrityError,
    Notification,
    NotSupportedError,
    ProgrammingError,
    StoredEvent,
    Subscription,
)

from ledger.store.encoding import Columns, StoredFact, stored
from ledger.store.sqlite_file import connect, translated, uninterrupted
from ledger.store.sqlite_staging import Staging, TextRow

PAGE = 2_000
"""Events read at a time: readers fetch a page and end the read before they work on it."""

_COLUMNS = "stream, number, type, recorded_at, reference, part, reverses, bytes, leaf"
_INSERT = f"INSERT INTO events ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"


class HeadRow(NamedTuple):
    """A head as it is kept."""

    number: int
    recorded_at: str
    state_version: int
    state: bytes
    frontier: bytes


class SQLiteRecorder(ApplicationRecorder):
    """Keeps and gives back the events of a ledger file."""

    def __init__(self, path: Path, *, read_only: bool = False) -> None:
        self.path = path
        self.read_only = read_only
        self._connection = connect(path, read_only=read_only)
        self._last: Columns | None = None
        self.committed = 0
        """How many postings have been recorded through this recorder."""
        with translated(path):
            self.ledger_id, self.created_at = self._connection.execute("SELECT id, created_at FROM ledger").fetchone()

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    # The contract of eventsourcing.

    def insert_events(self, stored_events: Sequence[StoredEvent], **_kwargs: Any) -> Sequence[int]:
        """Append events inside a posting, and give their positions; raises IntegrityError where one is there already."""
        if not self._connection.in_transaction:
            raise ProgrammingError("events are appended within a posting, which writes the head with them")
        positions = []
        try:
            for fact in cast(Sequence[StoredFact], stored_events):
                self._last = fact.columns
                cursor = self._connection.execute(_INSERT, self._last)
                positions.append(cast(int, cursor.lastrowid))
        except sqlite3.IntegrityError as error:
            raise IntegrityError(str(error)) from error
        return positions

    def select_events(
        self,
        originator_id: UUID | str,
        *,
        gt: int | None = None,
        lte: int | None = None,
        desc: bool = False,
        limit: int | None = None,
    ) -> Sequence[StoredFact]:
        """The events of a stream, in order or in reverse."""
        rows = self._read(
            f"SELECT {_COLUMNS} FROM events WHERE stream = ? AND number > ? AND number <= ? "
            f"ORDER BY number {'DESC' if desc else 'ASC'} LIMIT ?",
            (str(originator_id), gt or 0, 2**62 if lte is None else lte, -1 if limit is None else limit),
        )
        return [stored(row) for row in rows]

    def select_notifications(
        self,
        start: int | None,
        limit: int,
        stop: int | None = None,
        topics: Sequence[str] = (),
        *,
        inclusive_of_start: bool = True,
    ) -> Sequence[Notification]:
        """Events of every stream in the order they were recorded, by position."""
        chosen = f"AND type IN ({', '.join('?' * len(topics))})" if topics else ""
        first = (start or 0) + (0 if inclusive_of_start else 1)
        rows = self._read(
            f"SELECT position, stream, number, type, bytes FROM events WHERE position >= ? AND position <= ? {chosen} "
            f"ORDER BY position LIMIT ?",
            (first, 2**62 if stop is None else stop, *topics, limit),
        )
        return [
            Notification(id=position, originator_id=stream, originator_version=number, topic=topic, state=raw)
            for position, stream, number, topic, raw in rows
        ]

    def max_notification_id(self) -> int | None:
        """The last position, or None in an empty ledger."""
        return cast("int | None", self._one("SELECT max(position) FROM events", ())[0])

    def subscribe(self, gt: int | None = None, topics: Sequence[str] = ()) -> Subscription[ApplicationRecorder]:
        """Not on SQLite, which tells nobody of new events: readers pull pages."""
        del gt, topics
        raise NotSupportedError("a SQLite ledger is read by pages: it tells nobody of new events")

    # The posting transaction.

    @contextmanager
    def posting(self) -> Iterator[None]:
        """One transaction that holds the write lock; whatever is raised inside leaves every byte as it was."""
        with translated(self.path):
            self._connection.execute("BEGIN IMMEDIATE")
        self._last = None
        try:
            with translated(self.path):
                yield
        except BaseException:
            self._rollback()
            raise
        with uninterrupted():
            self._commit()
            self.committed += 1

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Reads inside see one moment of the ledger; keep it short, for posters wait at their commit."""
        with translated(self.path):
            self._connection.execute("BEGIN")
        try:
            yield
        finally:
            self._rollback()

    def _commit(self) -> None:
        try:
            with translated(self.path):
                self._connection.execute("COMMIT")
        except Exception:
            self._rollback()
            if not self._recorded_after_all():
                raise

    def _rollback(self) -> None:
        with suppress(sqlite3.Error):
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")

    def _recorded_after_all(self) -> bool:
        """A failed COMMIT can hide a success: ask on a new connection whether our leaf stands at our number."""
        if self._last is None:
            return False
        self._connection.close()
        self._connection = connect(self.path, read_only=self.read_only)
        found = self._read(
            "SELECT leaf FROM events WHERE stream = ? AND number = ?",
            self._last[:2],
        )
        return found == [self._last[-1:]]

    # Heads and their rows.

    def head(self, stream: str) -> HeadRow | None:
        """The head of an arrangement, if it has one."""
        rows = self._read("SELECT number, recorded_at, state_version, state, frontier FROM heads WHERE stream = ?", (stream,))
        return HeadRow(*rows[0]) if rows else None

    def balance(self, stream: str, book: str, account: str) -> int:
        """What an account stands at, in pence."""
        found = self._read(
            "SELECT pence FROM balances WHERE stream = ? AND book = ? AND account = ?", (stream, book, account)
        )
        return cast(int, found[0][0]) if found else 0

    def balances(self, stream: str) -> list[tuple[str, str, int]]:
        """Every account that is not nil: book, account, pence, sorted by book and account."""
        return self._read("SELECT book, account, pence FROM balances WHERE stream = ? ORDER BY book, account", (stream,))

    def item(self, stream: str, kind: str, code: str) -> bytes | None:
        """An asset's or liability's row, if there is one."""
        found = self._read("SELECT item FROM items WHERE stream = ? AND kind = ? AND code = ?", (stream, kind, code))
        return cast(bytes, found[0][0]) if found else None

    def items(self, stream: str) -> list[tuple[str, str, bytes]]:
        """Every item: kind, code, and the item's bytes."""
        return self._read("SELECT kind, code, item FROM items WHERE stream = ? ORDER BY kind, code", (stream,))

    def write_head(
        self,
        stream: str,
        row: HeadRow,
        balances: Iterable[tuple[str, str, int]],
        items: Iterable[tuple[str, str, bytes]],
    ) -> None:
        """Write a head, the balances that changed (nil ones go) and the items that changed."""
        run, many = self._connection.execute, self._connection.executemany
        run("INSERT OR REPLACE INTO heads VALUES (?, ?, ?, ?, ?, ?)", (stream, *row))
        changed = list(balances)
        many(
            "INSERT OR REPLACE INTO balances VALUES (?, ?, ?, ?)",
            [(stream, book, account, pence) for book, account, pence in changed if pence],
        )
        many(
            "DELETE FROM balances WHERE stream = ? AND book = ? AND account = ?",
            [(stream, book, account) for book, account, pence in changed if not pence],
        )
        many("INSERT OR REPLACE INTO items VALUES (?, ?, ?, ?)", [(stream, *item) for item in items])

    def forget_rows(self, stream: str) -> None:
        """Take away a head's balance and item rows, before they are written anew from the events."""
        for table in ("balances", "items"):
            self._connection.execute(f"DELETE FROM {table} WHERE stream = ?", (stream,))

    # Look-ups.

    def streams(self) -> list[str]:
        """The codes of every arrangement, sorted."""
        return [code for (code,) in self._read("SELECT stream FROM heads ORDER BY stream", ())]

    def reference(self, stream: str, reference: str) -> list[bytes]:
        """The bytes of the events that bear a reference, in order."""
        rows = self._read("SELECT bytes FROM events WHERE stream = ? AND reference = ? ORDER BY part", (stream, reference))
        return [raw for (raw,) in rows]

    def reversal_of(self, stream: str, number: int) -> int | None:
        """The number of the event that reversed one, if any did."""
        rows = self._read("SELECT number FROM events WHERE stream = ? AND reverses = ?", (stream, number))
        return cast(int, rows[0][0]) if rows else None

    def event(self, stream: str, number: int) -> bytes | None:
        """One event's bytes."""
        rows = self._read("SELECT bytes FROM events WHERE stream = ? AND number = ?", (stream, number))
        return cast(bytes, rows[0][0]) if rows else None

    def leaf(self, stream: str, number: int) -> bytes | None:
        """One event's leaf hash, as it is kept."""
        rows = self._read("SELECT leaf FROM events WHERE stream = ? AND number = ?", (stream, number))
        return cast(bytes, rows[0][0]) if rows else None

    def last_recorded_by(self, stream: str, moment: str) -> int:
        """The number of the last event recorded at or before a moment (0 where none was)."""
        low, high = 0, cast("int | None", self._one("SELECT max(number) FROM events WHERE stream = ?", (stream,))[0])
        high = high or 0
        while low < high:
            middle = (low + high + 1) // 2
            at = self._one("SELECT recorded_at FROM events WHERE stream = ? AND number = ?", (stream, middle))[0]
            low, high = (middle, high) if at <= moment else (low, middle - 1)
        return low

    def pages(self, stream: str, after: int = 0, up_to: int | None = None) -> Iterator[list[bytes]]:
        """The events' bytes after a number and up to another, a page at a time; no lock is held between pages."""
        last = 2**62 if up_to is None else up_to
        while after < last:
            rows = self._read(
                "SELECT number, bytes FROM events WHERE stream = ? AND number > ? AND number <= ? ORDER BY number LIMIT ?",
                (stream, after, last, PAGE),
            )
            if not rows:
                return
            yield [raw for _number, raw in rows]
            after = rows[-1][0]

    def staging(self) -> Staging:
        """An empty stage for an import."""
        return Staging(self._connection, self.path)

    def insert_staged(self, staging: Staging) -> int:
        """Append everything staged, inside a posting, in the order it was staged; gives how many events that were."""
        run = self._connection.execute
        run("PRAGMA cache_size = -64000")
        count = run(f"INSERT INTO events ({_COLUMNS}) SELECT {_COLUMNS} FROM staged ORDER BY line").rowcount
        run("INSERT INTO texts SELECT stream, number, field, salt, text FROM staged_texts")
        self._last = staging.last
        return count

    def put_texts(self, texts: Sequence[TextRow]) -> None:
        """Keep texts and their salts, inside a posting."""
        self._connection.executemany("INSERT INTO texts VALUES (?, ?, ?, ?, ?)", texts)

    def text(self, stream: str, number: int, field: str) -> tuple[bytes, str] | None:
        """The salt and text of an event's narrative or reason, if it is there."""
        rows = self._read(
            "SELECT salt, text FROM texts WHERE stream = ? AND number = ? AND field = ?", (stream, number, field)
        )
        return (rows[0][0], rows[0][1]) if rows else None

    def counted(self) -> tuple[int, str]:
        """How many events there are, and when the last was recorded (“” in an empty ledger)."""
        count, last = self._one("SELECT coalesce(sum(number), 0), coalesce(max(recorded_at), '') FROM heads", ())
        return count, last

    def backup(self, target: Path) -> int:
        """Copy the whole ledger, as of one moment, into an empty file; gives how many events the copy holds."""
        with translated(target):
            copy = sqlite3.connect(target, isolation_level=None)
            try:
                self._connection.backup(copy)
                faults = copy.execute("PRAGMA integrity_check").fetchall()
                events: int = copy.execute("SELECT count(*) FROM events").fetchone()[0]
            finally:
                copy.close()
        if faults != [("ok",)]:
            raise sqlite3.DatabaseError(f"the copy does not check: {faults[:3]}")
        return events

    def _read(self, sql: str, parameters: Sequence[object]) -> list[Any]:
        with translated(self.path):
            return self._connection.execute(sql, parameters).fetchall()

    def _one(self, sql: str, parameters: Sequence[object]) -> Any:
        return self._read(sql, parameters)[0]
