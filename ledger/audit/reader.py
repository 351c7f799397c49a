"""A ledger opened to be judged: read-only, bounded, and nothing in it believed before it is proved."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple, cast

from ledger.errors import LedgerUnavailable, NotProven
from ledger.store import sqlite_file
from ledger.store.opening import Place

LONGEST = 1 << 28
"""No cell of a ledger is longer than this many bytes."""

_OBJECTS = "SELECT type, name, tbl_name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_stat%' ORDER BY name LIMIT 100"


class HeadSeen(NamedTuple):
    """A head's row, of whatever types the file holds."""

    stream: Any
    number: Any
    recorded_at: Any
    state_version: Any
    state: Any
    frontier: Any


class Reader:
    """Reads a ledger that may be anybody's; raises NotProven where it is not built as a ledger is."""

    all_events = "events NOT INDEXED"
    """What to count the events of, so that no index is believed."""
    _begin = "BEGIN"

    def __init__(self, path: Path) -> None:
        self.path, self.name = path, str(path)
        self.where: Place = path
        self._connection = sqlite_file.connect(path, read_only=True)
        self._connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LONGEST)
        try:
            with self._told():
                self._connection.execute("PRAGMA cell_size_check = ON")
                self._check_schema()
                self.ledger_id = self._ledger_id()
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def rows(self, sql: str, *parameters: object) -> list[Any]:
        """Every row of a query; raises NotProven where the ledger cannot give them."""
        with self._told():
            return cast("list[Any]", self._execute(sql, parameters).fetchall())

    def pages(self, sql: str, *parameters: object, rows: int) -> Iterator[list[Any]]:
        """The rows of a query, some at a time."""
        with self._told():
            cursor = self._execute(sql, parameters)
            while page := cursor.fetchmany(rows):
                yield page

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Reads inside see one moment of the ledger; keep it short, for posters wait at their commit."""
        with self._told():
            self._execute(self._begin)
        try:
            yield
        finally:
            with suppress(NotProven, LedgerUnavailable), self._told():
                self._execute("ROLLBACK")

    def heads(self, stream: str | None = None) -> list[HeadSeen]:
        """The heads, by code; or that of one arrangement."""
        chosen, parameters = ("", ()) if stream is None else ("WHERE stream = ?", (stream,))
        columns = ", ".join(HeadSeen._fields)
        return [HeadSeen(*row) for row in self.rows(f"SELECT {columns} FROM heads {chosen} ORDER BY stream", *parameters)]

    def not_found_by_reference(self, stream: str, first: int, last: int) -> int:
        """The first number of a range that the index of references does not lead to; 0 where it leads to all."""
        found = self.rows(
            "SELECT number FROM events AS e WHERE stream = ? AND number BETWEEN ? AND ? AND NOT EXISTS "
            "(SELECT 1 FROM events i INDEXED BY events_by_reference WHERE (i.stream, i.reference, i.part, i.position) = "
            "(e.stream, e.reference, e.part, e.position)) ORDER BY number LIMIT 1",
            stream, first, last,
        )  # fmt: skip
        return int(found[0][0]) if found else 0

    def _execute(self, sql: str, parameters: Sequence[object] = ()) -> Any:
        return self._connection.execute(sql, parameters)

    def _check_schema(self) -> None:
        self._compare_schema(set(self.rows(_OBJECTS)), _schema())

    def _compare_schema(self, found: AbstractSet[Any], made: AbstractSet[Any]) -> None:
        """Raise NotProven unless the things found are those that Poolbook makes: their kind, their name, what they are."""
        for kind, name, *_ in sorted(found - made, key=str):
            raise NotProven(f"{self.name} holds a {kind} “{name}” that Poolbook did not make so: restore a backup.")
        for kind, name, *_ in sorted(made - found, key=str):
            raise NotProven(f"{self.name} lacks the {kind} “{name}” that a ledger has: restore a backup.")

    def _ledger_id(self) -> str:
        rows = self.rows("SELECT id FROM ledger LIMIT 2")
        if len(rows) != 1 or not isinstance(rows[0][0], str):
            raise NotProven(f"{self.name} does not say which ledger it is: restore a backup.")
        return str(rows[0][0])

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            with sqlite_file.translated(self.path):
                yield
        except (sqlite3.Error, OverflowError, UnicodeDecodeError) as error:  # the last: words of SQLite's about damaged text
            said = " ".join(str(error).split())[:200]
            raise NotProven(f"{self.name} cannot be read as a ledger ({said}): restore a backup.") from error


@cache
def _schema() -> frozenset[tuple[str, str, str, str]]:
    """What a ledger file of this version is made of, and nothing else."""
    connection = sqlite3.connect(":memory:")
    try:
        connection.executescript(sqlite_file.SCHEMA)
        return frozenset(connection.execute(_OBJECTS).fetchall())
    finally:
        connection.close()


def shown(rows: Sequence[object]) -> str:
    """Some of many things, for a sentence."""
    return ", ".join(map(str, rows[:5])) + (", …" if len(rows) > 5 else "")


def opened(where: Place) -> Reader:
    """A reader of the ledger there; raises LedgerUnavailable where there is none, NotProven where it is none."""
    if isinstance(where, Path):
        return Reader(where)
    from ledger.audit.postgres_reader import PostgresReader

    return PostgresReader(where)
