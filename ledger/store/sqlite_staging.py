"""Where an import's events wait, in temporary tables of the connection, until they are all decided.

Nothing here takes a lock on the ledger: rows are written in short transactions that touch temporary tables only.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import NamedTuple

from ledger.store.encoding import StoredFact
from ledger.store.sqlite_file import translated

BATCH = 1_000


class TextRow(NamedTuple):
    """A text kept apart from its event, which holds only its commitment."""

    stream: str
    number: int
    field: str
    salt: bytes
    text: str


class Seen(NamedTuple):
    """A row's place in its file, and the reference it bears."""

    line: int
    stream: str
    reference: str


def columns(fact: StoredFact) -> tuple[object, ...]:
    """An event's row, in the order of the store's columns."""
    return (
        fact.originator_id, fact.originator_version, fact.topic, fact.recorded_at, fact.reference, fact.part,
        fact.reverses, fact.state, fact.leaf,
    )  # fmt: skip


class Staging:
    """The stage of one import."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self._connection, self._path = connection, path
        self._facts: list[StoredFact] = []
        self._texts: list[TextRow] = []
        self._seen: list[Seen] = []
        self.repeated: list[tuple[Seen, int]] = []
        """Rows whose reference stood in the file already, and the line where it did."""
        self.last: StoredFact | None = None
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

    def see(self, seen: Seen) -> None:
        """Note a row's reference, to find those that stand in the file twice."""
        self._seen.append(seen)
        if len(self._seen) >= BATCH:
            self.flush()

    def put(self, fact: StoredFact, texts: list[TextRow]) -> None:
        """Stage an event and its texts."""
        self._facts.append(fact)
        self._texts += texts
        self.last = fact

    def flush(self) -> None:
        """Write what waits in memory to the stage."""
        many = self._connection.executemany
        own_transaction = not self._connection.in_transaction
        with translated(self._path):
            if own_transaction:
                self._connection.execute("BEGIN")
            before = self._connection.total_changes
            many("INSERT OR IGNORE INTO seen VALUES (:stream, :reference, :line)", map(Seen._asdict, self._seen))
            if self._connection.total_changes - before < len(self._seen):
                self._find_repeated()
            many("INSERT INTO staged VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?)", map(columns, self._facts))
            many("INSERT INTO staged_texts VALUES (?, ?, ?, ?, ?)", self._texts)
            if own_transaction:
                self._connection.execute("COMMIT")
        self._seen, self._facts, self._texts = [], [], []

    def _find_repeated(self) -> None:
        for seen in self._seen:
            (first,) = self._connection.execute(
                "SELECT line FROM seen WHERE stream = ? AND reference = ?", (seen.stream, seen.reference)
            ).fetchone()
            if first != seen.line:
                self.repeated.append((seen, first))
