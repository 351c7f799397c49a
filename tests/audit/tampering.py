"""Changes to a ledger file by somebody who may write it: triggers are taken away, and put back as if nothing had been."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path

from ledger.application import Ledger
from ledger.draft import Draft
from ledger.state import Head
from ledger.store.encoding import decode
from ledger.store.merkle import Frontier, leaf_hash
from tests.given import CODE


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


def forge(path: Path, changes: Mapping[int, Callable[[bytes], bytes]], arrangement: str = CODE) -> None:
    """Rewrite events, and everything computed from them, so that the ledger proves again by itself."""
    with closing(Ledger.open(path)) as ledger:
        raws = [raw for page in ledger.store.pages(arrangement) for raw in page]
        raws = [changes.get(number, bytes)(raw) for number, raw in enumerate(raws, 1)]
        draft = Draft(Head(arrangement), Frontier())
        for raw in raws:
            draft.take(decode(raw), raw)
    with tampering(path) as connection:
        for number, raw in enumerate(raws, 1):
            connection.execute(
                "UPDATE events SET bytes = ?, leaf = ? WHERE stream = ? AND number = ?",
                (raw, leaf_hash(raw), arrangement, number),
            )
        for table in ("heads", "balances", "items"):
            connection.execute(f"DELETE FROM {table} WHERE stream = ?", (arrangement,))
        connection.execute("INSERT INTO heads VALUES (?, ?, ?, ?, ?, ?)", (arrangement, *draft.row()))
        many = connection.executemany
        many("INSERT INTO balances VALUES (?, ?, ?, ?)", [(arrangement, *row) for row in draft.head.balances()])
        many("INSERT INTO items VALUES (?, ?, ?, ?)", [(arrangement, *item) for item in draft.changed_items()])
