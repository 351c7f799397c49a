"""Changes to a ledger file by somebody who may write it: triggers are taken away, and put back as if nothing had been."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from ledger.store.merkle import leaf_hash


@contextmanager
def tampering(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection that nothing stops; what was changed is kept, and the triggers stand again as they were."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA synchronous = OFF")
        triggers = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _sql in triggers:
            connection.execute(f"DROP TRIGGER {name}")
        yield connection
        for _name, sql in triggers:
            connection.execute(sql)


def rewrite(connection: sqlite3.Connection, number: int, old: bytes, new: bytes) -> None:
    """Put other words into an event's bytes, with the leaf hash that they then have."""
    (raw,) = connection.execute("SELECT bytes FROM events WHERE number = ?", (number,)).fetchone()
    assert old in raw, (old, raw)
    raw = raw.replace(old, new)
    connection.execute("UPDATE events SET bytes = ?, leaf = ? WHERE number = ?", (raw, leaf_hash(raw), number))


@contextmanager
def unconstrained(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection to which any column takes any type; afterwards the schema says again what it said."""
    with tampering(path) as connection:
        kept = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'").fetchall()
        _retell(connection, [(name, _loose(sql)) for name, sql in kept])
    with tampering(path) as connection:
        yield connection
    with tampering(path) as connection:
        _retell(connection, kept)


def _loose(sql: str) -> str:
    return sql.replace("STRICT, ", "").replace("STRICT", "").replace("NOT NULL", "")


def _retell(connection: sqlite3.Connection, tables: list[tuple[str, str]]) -> None:
    connection.execute("PRAGMA writable_schema = ON")
    for name, sql in tables:
        connection.execute("UPDATE sqlite_master SET sql = ? WHERE name = ?", (sql, name))
    connection.execute("PRAGMA writable_schema = RESET")
