"""A ledger as a SQLite file: made, recognised, opened durably, and its troubles told as sentences.

Durability: rollback journal with synchronous=EXTRA, both read back after setting; no WAL, for it is a property of the file
that one colleague's SQLite would turn on for another's. Files are made 0600; network file systems are refused, for their
locks cannot be trusted.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from ledger.errors import LedgerUnavailable, Refused

APPLICATION_ID = int.from_bytes(b"Pool", "big")
SCHEMA_VERSION = 1
BUSY_SECONDS = 30

_MAGIC = b"SQLite format 3\x00"
_NETWORK = frozenset(
    ("afs", "ceph", "cifs", "fuse.glusterfs", "fuse.rclone", "fuse.sshfs", "glusterfs", "lustre", "ncpfs", "nfs", "nfs4",
     "smb3", "smbfs")
)  # fmt: skip

SCHEMA = f"""
CREATE TABLE ledger (id TEXT NOT NULL, created_at TEXT NOT NULL) STRICT;
CREATE TABLE events (
    position INTEGER PRIMARY KEY,
    stream TEXT NOT NULL,
    number INTEGER NOT NULL,
    type TEXT NOT NULL,
    recorded_at TEXT NOT NULL,
    reference TEXT NOT NULL,
    part INTEGER NOT NULL,
    reverses INTEGER,
    bytes BLOB NOT NULL,
    leaf BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX events_by_number ON events (stream, number);
CREATE UNIQUE INDEX events_by_reference ON events (stream, reference, part);
CREATE UNIQUE INDEX events_by_reversed ON events (stream, reverses) WHERE reverses IS NOT NULL;
CREATE INDEX events_of_disputes ON events (stream, number)
WHERE type IN ('DisputeRaised', 'DisputeAcknowledged', 'DisputeResolved');
CREATE TRIGGER events_in_order BEFORE INSERT ON events
WHEN NEW.number <> (SELECT coalesce(max(number), 0) + 1 FROM events WHERE stream = NEW.stream)
BEGIN SELECT raise(ABORT, 'events are numbered 1, 2, 3 without gaps'); END;
CREATE TRIGGER events_not_replaced BEFORE INSERT ON events
WHEN EXISTS (SELECT 1 FROM events WHERE position = NEW.position)
  OR EXISTS (SELECT 1 FROM events WHERE stream = NEW.stream AND reference = NEW.reference AND part = NEW.part)
  OR EXISTS (SELECT 1 FROM events WHERE stream = NEW.stream AND reverses = NEW.reverses)
BEGIN SELECT raise(ABORT, 'an event stands there already, and is never replaced'); END;
CREATE TRIGGER events_not_updated BEFORE UPDATE ON events
BEGIN SELECT raise(ABORT, 'events are never changed'); END;
CREATE TRIGGER events_not_deleted BEFORE DELETE ON events
BEGIN SELECT raise(ABORT, 'events are never deleted'); END;
CREATE TABLE heads (
    stream TEXT PRIMARY KEY,
    number INTEGER NOT NULL,
    recorded_at TEXT NOT NULL,
    state_version INTEGER NOT NULL,
    state BLOB NOT NULL,
    frontier BLOB NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE balances (
    stream TEXT NOT NULL,
    book TEXT NOT NULL,
    account TEXT NOT NULL,
    pence INTEGER NOT NULL,
    PRIMARY KEY (stream, book, account)
) STRICT, WITHOUT ROWID;
CREATE TABLE items (
    stream TEXT NOT NULL,
    kind TEXT NOT NULL,
    code TEXT NOT NULL,
    item BLOB NOT NULL,
    PRIMARY KEY (stream, kind, code)
) STRICT, WITHOUT ROWID;
CREATE TABLE texts (
    stream TEXT NOT NULL,
    number INTEGER NOT NULL,
    field TEXT NOT NULL,
    salt BLOB NOT NULL CHECK (length(salt) = 16),
    text TEXT NOT NULL,
    PRIMARY KEY (stream, number, field)
) STRICT, WITHOUT ROWID;
PRAGMA application_id = {APPLICATION_ID};
PRAGMA user_version = {SCHEMA_VERSION};
"""


def create(path: Path, ledger_id: str, created_at: str) -> None:
    """Make an empty ledger file, readable by its owner only; raises Refused where a file stands already."""
    refuse_network(path)
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except FileExistsError:
        raise Refused(f"{path} exists already: nothing was done. Name another file with --ledger.") from None
    except OSError as error:
        raise LedgerUnavailable(f"{path} cannot be made: {error.strerror}. Name another place with --ledger.") from None
    try:
        with translated(path):
            connection = _connect(path, "rw")
            connection.executescript(f"BEGIN IMMEDIATE;{SCHEMA}")
            connection.execute("INSERT INTO ledger VALUES (?, ?)", (ledger_id, created_at))
            connection.execute("COMMIT")
            connection.close()
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def connect(path: Path, *, read_only: bool) -> sqlite3.Connection:
    """A connection to a ledger file, checked to be one that this version can use; raises LedgerUnavailable."""
    header = _header(path)
    refuse_network(path)
    if header[18:20] == b"\x02\x02":
        _leave_wal(path)
    if read_only:
        _finish_what_was_cut_short(path)
    with translated(path):
        return _connect(path, "ro" if read_only else "rw")


def _connect(path: Path, mode: str) -> sqlite3.Connection:
    connection = sqlite3.connect(
        _uri(path, mode), uri=True, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
    )
    connection.execute("PRAGMA trusted_schema = OFF")
    if mode == "rw":
        for pragma, wanted in (("journal_mode", "delete"), ("synchronous", 3), ("secure_delete", 1)):
            connection.execute(f"PRAGMA {pragma} = {wanted}")
            found = connection.execute(f"PRAGMA {pragma}").fetchone()[0]
            if found != wanted:
                raise LedgerUnavailable(f"{path} cannot be kept durably: {pragma} is {found} and will not be {wanted}.")
    return connection


def _finish_what_was_cut_short(path: Path) -> None:
    """Roll a killed writer's journal back, where we may write; a reader's connection cannot."""
    journal = path.with_name(path.name + "-journal")
    with suppress(OSError, sqlite3.Error, LedgerUnavailable):
        if journal.stat().st_size:
            connection = _connect(path, "rw")
            connection.execute("SELECT 1 FROM ledger").fetchone()
            connection.close()


def _uri(path: Path, mode: str) -> str:
    """SQLite's name of a file; urllib, which would quote it, costs a command 5 ms."""
    name = path.resolve().as_posix()
    for character in "%?#":
        name = name.replace(character, f"%{ord(character):02x}")
    return f"file:{name}?mode={mode}"


def _header(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            header = file.read(100)
    except FileNotFoundError:
        raise LedgerUnavailable(
            f"There is no ledger at {path}: make one with `poolbook init`, or name yours with --ledger."
        ) from None
    except OSError as error:
        raise LedgerUnavailable(f"{path} cannot be read: {error.strerror}.") from None
    if len(header) < 100 or not header.startswith(_MAGIC) or header[68:72] != APPLICATION_ID.to_bytes(4, "big"):
        raise LedgerUnavailable(f"{path} is not a Poolbook ledger: name yours with --ledger.")
    version = int.from_bytes(header[60:64], "big")
    if version > SCHEMA_VERSION:
        raise LedgerUnavailable(
            f"{path} was written by a newer Poolbook (its schema is {version}, this one knows {SCHEMA_VERSION}): "
            f"install the newer version."
        )
    return header


def _leave_wal(path: Path) -> None:
    try:
        connection = sqlite3.connect(_uri(path, "rw"), uri=True, timeout=1, isolation_level=None)
        connection.execute("PRAGMA locking_mode = EXCLUSIVE")
        mode = connection.execute("PRAGMA journal_mode = DELETE").fetchone()[0]
        connection.close()
    except sqlite3.Error:
        mode = ""
    if mode != "delete":
        raise LedgerUnavailable(
            f"{path} was switched to a write-ahead log by another program, and cannot be switched back now: "
            f"close that program, then try again."
        )


def refuse_network(path: Path, mounts: Path = Path("/proc/self/mounts")) -> None:
    """Refuse a file on a network file system, where the machine says what is mounted."""
    best, kind = "", ""
    try:
        place = str(path.parent.resolve()) + "/"
    except OSError as error:
        raise LedgerUnavailable(f"The folder of {path} cannot be found: {error.strerror}. Name another place.") from None
    with suppress(OSError):
        for line in mounts.read_text().splitlines():
            fields = line.split()
            point = fields[1].replace("\\040", " ").rstrip("/") + "/"
            if place.startswith(point) and len(point) >= len(best):
                best, kind = point, fields[2]
    if kind in _NETWORK:
        raise LedgerUnavailable(
            f"{path} lies on a network file system ({kind}), whose locks cannot be trusted: keep the ledger on a local disk."
        )


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Turn what SQLite says into LedgerUnavailable and a sentence."""
    try:
        yield
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", 0)
        code = code if code in _TROUBLES else code & 0xFF
        if isinstance(error, sqlite3.IntegrityError) or code not in _TROUBLES:
            raise
        raise LedgerUnavailable(_TROUBLES[code].format(path=path)) from error


_CUT_SHORT = (
    "{path} holds what a writer that was cut short left behind, and only who may write it can take that back: "
    "somebody with that right must run `poolbook status` once."
)

_TROUBLES = {
    sqlite3.SQLITE_BUSY: f"{{path}} has been locked by another program for {BUSY_SECONDS} seconds: "
    "nothing was recorded. Try again when it has finished.",
    sqlite3.SQLITE_LOCKED: "{path} is locked: nothing was recorded. Try again.",
    sqlite3.SQLITE_READONLY: "{path} cannot be written: nothing was recorded. Ask for the right to write it.",
    sqlite3.SQLITE_READONLY_ROLLBACK: _CUT_SHORT,
    sqlite3.SQLITE_READONLY_RECOVERY: _CUT_SHORT,
    sqlite3.SQLITE_FULL: "The disk of {path}, or the one for temporary files, is full: nothing was recorded. "
    "Make room, then try again.",
    sqlite3.SQLITE_IOERR: "The disk of {path} cannot be read or written: nothing was recorded. Check the disk.",
    sqlite3.SQLITE_CANTOPEN: "{path} cannot be opened: check the rights to it and to its folder.",
    sqlite3.SQLITE_CORRUPT: "{path} is damaged: restore a backup.",
    sqlite3.SQLITE_NOTADB: "{path} is not a Poolbook ledger: name yours with --ledger.",
    sqlite3.SQLITE_ERROR: "{path} cannot be used as a Poolbook ledger: it is damaged or was changed by another "
    "program. Restore a backup.",
}
