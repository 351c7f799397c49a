"""A ledger in a PostgreSQL database opened to be judged."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import psycopg

from ledger.audit.reader import Reader
from ledger.errors import NotProven
from ledger.store.postgres_database import OBJECTS, connect, shown, translated

_FOUND = """
SELECT CASE relkind WHEN 'r' THEN 'table' WHEN 'i' THEN 'index' ELSE 'relation' END, relname::text FROM pg_class
WHERE relnamespace = 'poolbook'::regnamespace AND relkind NOT IN ('t', 'c')
UNION ALL SELECT 'trigger', tgname::text FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
WHERE relnamespace = 'poolbook'::regnamespace AND tgenabled = 'A'
UNION ALL SELECT 'rule', rulename::text FROM pg_rules WHERE schemaname = 'poolbook'
"""
"""What the schema holds: tables, indexes, triggers that always fire, rules."""


class PostgresReader(Reader):
    """Reads a ledger in a database that may be anybody's; raises NotProven where it is not built as a ledger is."""

    all_events = "events"
    _begin = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"

    def __init__(self, url: str) -> None:
        self.where, self.name = url, shown(url)
        self._session, *_ = connect(url, read_only=True)
        try:
            self._compare_schema(set(self.rows(_FOUND)), OBJECTS)
            self.ledger_id = self._ledger_id()
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Leave the server."""
        self._session.close()

    def not_found_by_reference(self, stream: str, first: int, last: int) -> int:
        """Always 0: whether an index of PostgreSQL leads to every row is for its own `pg_amcheck --heapallindexed` to say."""
        del stream, first, last
        return 0

    def _execute(self, sql: str, parameters: Sequence[object] = ()) -> Any:
        return self._session.cursor(binary=True).execute(sql.replace("?", "%s"), parameters or None)

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            with translated(self.name):
                yield
        except psycopg.Error as error:
            said = " ".join(str(error).split())[:200]
            raise NotProven(f"{self.name} cannot be read as a ledger ({said}): restore a backup.") from error
