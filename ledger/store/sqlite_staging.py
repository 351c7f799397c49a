"""An import's stage on SQLite: temporary tables of the connection, written in short transactions that touch nothing else."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from ledger.store.encoding import Columns
from ledger.store.sqlite_file import translated
from ledger.store.staging import Seen, Staging, TextRow


class SQLiteStaging(Staging):
    """The stage of one import."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        super().__init__()
        self._connection, self._path = connection, path
        with translated(path):
            connection.execute("PRAGMA temp.journal_mode = OFF")
            connection.execute("DROP TABLE IF EXISTS temp.staged")
            connection.execute("DROP TABLE IF EXISTS temp.staged_texts")
            connection.execute("DROP TABLE IF EXISTS temp.seen")
            connection.execute(
                "CREATE TEMP TABLE staged (line INTEGER PRIMARY KEY, stream, number, type, recorded_at, reference, "
                "part, reverses, bytes, leaf)"
            )
            connection.execute("CREATE TEMP TABLE staged_texts (stream, number, field, salt, text)")
            connection.execute(
                "CREATE TEMP TABLE seen (stream, reference, line, PRIMARY KEY (stream, reference)) WITHOUT ROWID"
            )
            connection.execute("CREATE INDEX temp.seen_by_line ON seen (line)")

    def see(self, batch: list[Seen]) -> dict[tuple[str, str], bytes]:
        """Note some rows' references; give the first event of those that were recorded before, by stream and reference."""
        run = self._connection.execute
        with self._short_transaction():
            before = self._connection.total_changes
            self._connection.executemany(
                "INSERT OR IGNORE INTO seen VALUES (:stream, :reference, :line)", map(Seen._asdict, batch)
            )
            if self._connection.total_changes - before < len(batch):
                self._find_repeated(batch)
            rows = run(
                "SELECT seen.stream, seen.reference, events.bytes FROM seen CROSS JOIN events USING (stream, reference) "
                "WHERE seen.line BETWEEN ? AND ? AND events.part = 0",
                (batch[0].line, batch[-1].line),
            ).fetchall()
        return {(stream, reference): raw for stream, reference, raw in rows}

    def _write(self, rows: list[Columns], texts: list[TextRow]) -> None:
        many = self._connection.executemany
        with self._short_transaction():
            many("INSERT INTO staged VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)
            many("INSERT INTO staged_texts VALUES (?, ?, ?, ?, ?)", texts)

    @contextmanager
    def _short_transaction(self) -> Iterator[None]:
        """One transaction for a batch, unless a posting's is open already."""
        with translated(self._path):
            if self._connection.in_transaction:
                yield
                return
            self._connection.execute("BEGIN")
            try:
                yield
                self._connection.execute("COMMIT")
            except BaseException:
                with suppress(sqlite3.Error):  # a full disk has rolled it back already
                    self._connection.execute("ROLLBACK")
                raise

    def _find_repeated(self, batch: list[Seen]) -> None:
        for seen in batch:
            (first,) = self._connection.execute(
                "SELECT line FROM seen WHERE stream = ? AND reference = ?", (seen.stream, seen.reference)
            ).fetchone()
            if first != seen.line:
                self.repeated.append((seen, first))
