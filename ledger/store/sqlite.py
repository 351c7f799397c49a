"""The recorder on SQLite: one file, one writer at a time."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import Any, cast

from eventsourcing.persistence import (
    ApplicationRecorder,
    IntegrityError,
    Notification,
    NotSupportedError,
    Subscription,
)

from ledger.store.encoding import Columns
from ledger.store.recorder import Recorder
from ledger.store.rows import COLUMNS
from ledger.store.sqlite_file import connect, translated
from ledger.store.sqlite_staging import SQLiteStaging
from ledger.store.staging import Staging

_INSERT = f"INSERT INTO events ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"


class SQLiteRecorder(Recorder):
    """Keeps and gives back the events of a ledger file."""

    def __init__(self, path: Path, *, read_only: bool = False) -> None:
        self.path = self.where = path
        self.read_only = read_only
        self._connection = connect(path, read_only=read_only)
        self.ledger_id, self.created_at = self._one("SELECT id, created_at FROM ledger")

    @property
    def name(self) -> str:
        """The file's path."""
        return str(self.path)

    def size(self) -> int:
        """How many bytes the file has."""
        return self.path.stat().st_size

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    # The contract of eventsourcing.

    def _append(self, rows: Sequence[Columns]) -> Sequence[int]:
        try:
            return [cast(int, self._connection.execute(_INSERT, row).lastrowid) for row in rows]
        except sqlite3.IntegrityError as error:
            raise IntegrityError(str(error)) from error

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
        return cast("int | None", self._one("SELECT max(position) FROM events")[0])

    def subscribe(self, gt: int | None = None, topics: Sequence[str] = ()) -> Subscription[ApplicationRecorder]:
        """Not on SQLite, which tells nobody of new events: readers pull pages."""
        del gt, topics
        raise NotSupportedError("a SQLite ledger is read by pages: it tells nobody of new events")

    # Transactions: who writes holds the lock of the whole file, so every arrangement is held.

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Reads inside see one moment of the ledger; keep it short, for posters wait at their commit."""
        with translated(self.path):
            self._connection.execute("BEGIN")
        try:
            yield
        finally:
            self._rollback()

    def _begin(self, streams: Sequence[str]) -> None:
        del streams
        self._connection.execute("BEGIN IMMEDIATE")

    def _posting(self) -> bool:
        return self._connection.in_transaction

    def _end(self) -> None:
        with translated(self.path):
            self._connection.execute("COMMIT")

    def _rollback(self) -> None:
        with suppress(sqlite3.Error):
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")

    def _connect_anew(self) -> None:
        self._connection.close()
        self._connection = connect(self.path, read_only=self.read_only)

    def _troubles_told(self) -> AbstractContextManager[None]:
        return translated(self.path)

    def _run(self, sql: str, parameters: Sequence[object] = ()) -> Any:
        return self._connection.execute(sql, parameters)

    def _many(self, sql: str, rows: Sequence[Sequence[object]]) -> None:
        self._connection.executemany(sql, rows)

    # Imports and copies.

    def staging(self) -> SQLiteStaging:
        """An empty stage for an import."""
        return SQLiteStaging(self._connection, self.path)

    def insert_staged(self, staging: Staging) -> int:
        """Append everything staged, inside a posting, in the order it was staged; gives how many events that were."""
        run = self._connection.execute
        run("PRAGMA cache_size = -64000")
        count = run(f"INSERT INTO events ({COLUMNS}) SELECT {COLUMNS} FROM staged ORDER BY line").rowcount
        run("INSERT INTO texts SELECT stream, number, field, salt, text FROM staged_texts")
        self._last = staging.last
        return count

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
