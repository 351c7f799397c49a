"""The views file as a file: opened, written in transactions, replaced by a new one while others may be reading it.

Each reading and each writing checks, once it holds its lock, that the path still names the file it opened; and a file is
only replaced under its exclusive lock. So nobody's rollback journal is ever taken for another file's.
"""

from __future__ import annotations

import os
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sqlalchemy import Connection, create_engine
from sqlalchemy.exc import DatabaseError
from sqlalchemy.pool import NullPool

from ledger.errors import LedgerUnavailable

BUSY_SECONDS = 30


class Unfit(Exception):
    """The file is missing, or was not made from this ledger by this version."""


class Moved(Exception):
    """Another process replaced the file, or read the same events into it first: look again."""


class ViewsFile:
    """A views file, open."""

    def __init__(self, path: Path, connection: Connection, inode: int) -> None:
        self.path, self.connection, self._inode = path, connection, inode

    @contextmanager
    def writing(self) -> Iterator[None]:
        """One transaction that holds the write lock; raises Moved where the file was replaced."""
        self._begin("IMMEDIATE")
        try:
            yield
            self.connection.commit()
        finally:
            self.connection.rollback()

    def pin(self) -> None:
        """Let every later reading see this moment of the file; raises Moved where it was replaced."""
        self._begin("DEFERRED")

    def lock(self) -> None:
        """Keep everybody else out; raises Moved where the file was replaced."""
        self._begin("EXCLUSIVE")

    def _begin(self, how: str) -> None:
        self.connection.rollback()
        self.connection.exec_driver_sql(f"BEGIN {how}")
        self.connection.exec_driver_sql("SELECT count(*) FROM sqlite_master").fetchall()
        if _inode(self.path) != self._inode:
            raise Moved


@contextmanager
def opened(path: Path) -> Iterator[ViewsFile]:
    """The file at a path; raises Unfit where there is none."""
    inode = _inode(path)
    if inode is None:
        raise Unfit
    with _connected(path) as connection:
        yield ViewsFile(path, connection, inode)


@contextmanager
def replacement(path: Path) -> Iterator[Connection]:
    """A new, empty file, which takes the place of the old one when it is complete."""
    handle, name = tempfile.mkstemp(prefix=f"{path.name}-", dir=path.parent)
    new = Path(name)
    try:
        with _connected(new) as connection:
            for pragma in ("journal_mode = OFF", "synchronous = OFF", "cache_size = -64000", "temp_store = MEMORY"):
                connection.exec_driver_sql(f"PRAGMA {pragma}")
            connection.exec_driver_sql("BEGIN")
            yield connection
            connection.commit()
        os.fsync(handle)
        _swap(new, path)
    finally:
        os.close(handle)
        new.unlink(missing_ok=True)


@contextmanager
def told(path: Path) -> Iterator[None]:
    """Turn what is no fault of the file into LedgerUnavailable and a sentence; damage is raised as it is."""
    try:
        yield
    except DatabaseError as error:
        code = getattr(error.orig, "sqlite_errorcode", 0) & 0xFF
        if code in _TROUBLES:
            raise LedgerUnavailable(_TROUBLES[code].format(path=path)) from error
        raise


_TROUBLES = {
    sqlite3.SQLITE_BUSY: f"{{path}} has been locked by another report for {BUSY_SECONDS} seconds: try again when it "
    "has finished.",
    sqlite3.SQLITE_READONLY: "{path} cannot be written: ask for the right to write it, or take it away.",
    sqlite3.SQLITE_FULL: "The disk of {path} is full: make room, then try again.",
    sqlite3.SQLITE_IOERR: "The disk of {path} cannot be read or written: check the disk.",
}


@contextmanager
def _connected(path: Path) -> Iterator[Connection]:
    uri = f"{path.resolve().as_uri()}?mode=rw"

    def connect() -> sqlite3.Connection:
        # No transactions but those begun here: SQLite's own modes of locking are what this file is about.
        connection = sqlite3.connect(uri, uri=True, timeout=BUSY_SECONDS, isolation_level=None)
        connection.execute("PRAGMA trusted_schema = OFF")
        return connection

    engine = create_engine("sqlite://", creator=connect, poolclass=NullPool)
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


def _swap(new: Path, path: Path) -> None:
    while True:
        try:
            with opened(path) as old, told(path):
                old.lock()
                new.replace(path)
                return
        except Moved:
            continue
        except (Unfit, DatabaseError):
            # There is none, or it is past locking: what its journal holds must not reach the new one.
            path.with_name(f"{path.name}-journal").unlink(missing_ok=True)
            new.replace(path)
            return


def _inode(path: Path) -> int | None:
    with suppress(FileNotFoundError):
        return path.stat().st_ino
    return None
