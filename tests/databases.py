"""Tests that hold for a ledger in a file and for one in a PostgreSQL database alike."""

from __future__ import annotations

from pathlib import Path

import psycopg
import pytest

from ledger.store.opening import Place

BOTH = pytest.mark.parametrize("database", ["sqlite", "postgresql"], indirect=True)
"""Where the fixture `place` is; without this mark a file."""

_TABLES = ("ledger", "events", "heads", "balances", "items", "texts")


def contents(place: Place) -> bytes:
    """All that a ledger holds, to the byte: what must not change compares equal before and after."""
    if isinstance(place, Path):
        return place.read_bytes()
    with psycopg.connect(place) as connection:
        return repr([sorted(connection.execute(f"SELECT * FROM poolbook.{table}")) for table in _TABLES]).encode()
