"""Which database keeps a ledger: a path is a SQLite file, a postgresql:// URL a PostgreSQL database."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TypeAlias

from ledger.errors import LedgerUnavailable
from ledger.store.recorder import Recorder

Place: TypeAlias = Path | str
"""A file's path, or a URL."""

_POSTGRESQL = re.compile(r"postgres(ql)?://")


def place(name: str) -> Place:
    """Where a ledger of this name is; raises LedgerUnavailable for a URL of another kind."""
    if "://" not in name:
        return Path(name)
    if not _POSTGRESQL.match(name):
        raise LedgerUnavailable(
            f"{name.partition('://')[0]} ledgers cannot be opened: name a SQLite file or a postgresql:// URL."
        )
    return name


# Each database's module is loaded only where it is used: a command that records has no time for the other one.


def create(where: Place, ledger_id: str, created_at: str) -> None:
    """Make an empty ledger; raises Refused where there is one already."""
    if isinstance(where, Path):
        from ledger.store import sqlite_file

        sqlite_file.create(where, ledger_id, created_at)
    else:
        from ledger.store import postgres_database

        postgres_database.create(where, ledger_id, created_at)


def recorder(where: Place, *, read_only: bool = False) -> Recorder:
    """Open a ledger; raises LedgerUnavailable where it is missing, foreign, newer, locked, away or unreadable."""
    if isinstance(where, Path):
        from ledger.store.sqlite import SQLiteRecorder

        return SQLiteRecorder(where, read_only=read_only)
    from ledger.store.postgres import PostgresRecorder

    return PostgresRecorder(where, read_only=read_only)
