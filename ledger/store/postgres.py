"""The recorder on PostgreSQL: many may post at once, each holding only the heads of the arrangements it posts in.

A posting runs at READ COMMITTED: it locks its heads first (`SELECT … FOR UPDATE`, in the order of their codes), and every
statement after that sees all that was committed before. A stricter level would fail where this one waits, for its view of
the ledger is older than the lock. Readers take one snapshot (REPEATABLE READ, read only), and wait for nobody.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import Any, NoReturn

import psycopg
from eventsourcing.persistence import ApplicationRecorder, IntegrityError, NotSupportedError, Subscription
from psycopg.pq import TransactionStatus

from ledger.errors import Refused
from ledger.store.encoding import Columns
from ledger.store.postgres_database import connect, shown, translated
from ledger.store.postgres_staging import PostgresStaging
from ledger.store.recorder import Recorder
from ledger.store.rows import COLUMNS, HeadRow
from ledger.store.staging import Staging

_INSERT = f"INSERT INTO events ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
_LOCK = (
    "SELECT stream, number, recorded_at, state_version, state, frontier FROM heads WHERE stream = ANY(?) "
    "ORDER BY stream FOR UPDATE"
)
_FIRST = (
    "INSERT INTO heads (stream, number, recorded_at, state_version, state, frontier) VALUES (?, 0, '', 0, '', '') "
    "ON CONFLICT DO NOTHING"
)


class PostgresRecorder(Recorder):
    """Keeps and gives back the events of a ledger in a PostgreSQL database."""

    where: str

    def __init__(self, url: str, *, read_only: bool = False) -> None:
        self.where, self._read_only = url, read_only
        self._name = shown(url)
        self._held: dict[str, HeadRow] = {}
        """The heads that a posting has locked, as they were then."""
        self._connect_anew()

    @property
    def name(self) -> str:
        """The database's URL, without a password."""
        return self._name

    def size(self) -> int:
        """How many bytes the ledger's tables and their indexes have."""
        tables = "SELECT oid FROM pg_class WHERE relnamespace = 'poolbook'::regnamespace AND relkind = 'r'"
        return int(self._one(f"SELECT sum(pg_total_relation_size(oid)) FROM ({tables}) AS tables")[0])

    def close(self) -> None:
        """Leave the server."""
        self._connection.close()

    # The contract of eventsourcing.

    def _append(self, rows: Sequence[Columns]) -> None:
        try:
            self._many(_INSERT, rows)
        except psycopg.IntegrityError as error:
            raise IntegrityError(str(error)) from error

    def select_notifications(self, *_args: object, **_named: object) -> NoReturn:
        """Not on PostgreSQL, where an order of all events would make every poster wait: read each arrangement by number."""
        raise NotSupportedError("events have an order within their arrangement only: nobody waits for another's")

    def max_notification_id(self) -> NoReturn:
        """Not on PostgreSQL, where events have an order within their arrangement only."""
        self.select_notifications()

    def subscribe(self, gt: int | None = None, topics: Sequence[str] = ()) -> Subscription[ApplicationRecorder]:
        """Not on PostgreSQL, where events have an order within their arrangement only."""
        del gt, topics
        self.select_notifications()

    # Transactions.

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Reads inside see one moment of the ledger; nobody waits for them."""
        with self._troubles_told():
            self._run("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        try:
            yield
        finally:
            self._rollback()

    def _begin(self, streams: Sequence[str]) -> None:
        self._run("BEGIN ISOLATION LEVEL READ COMMITTED")
        self._held = self._locked(streams)
        for stream in streams:
            if stream not in self._held:
                self._run(_FIRST, (stream,))
                self._held |= self._locked([stream])

    def _locked(self, streams: Sequence[str]) -> dict[str, HeadRow]:
        return {stream: HeadRow(*row) for stream, *row in self._run(_LOCK, (list(streams),))}

    def _posting(self) -> bool:
        return self._connection.info.transaction_status != TransactionStatus.IDLE

    def _end(self) -> None:
        # Where an arrangement was to begin and did not, the row that was locked for it goes.
        begun = all(row.number for row in self._held.values())
        self._held = {}
        with self._troubles_told():
            self._run("COMMIT" if begun else "ROLLBACK")

    def _rollback(self) -> None:
        self._held = {}
        with suppress(psycopg.Error):
            if self._posting():
                self._run("ROLLBACK")

    def _connect_anew(self) -> None:
        self._connection, self.ledger_id, self.created_at = connect(self.where, read_only=self._read_only)

    def _troubles_told(self) -> AbstractContextManager[None]:
        return translated(self._name)

    def _run(self, sql: str, parameters: Sequence[object] = ()) -> Any:
        return self._connection.cursor(binary=True).execute(sql.replace("?", "%s"), parameters)

    def _many(self, sql: str, rows: Sequence[Sequence[object]]) -> None:
        if len(rows) == 1:
            self._run(sql, rows[0])
        elif rows:
            self._connection.cursor().executemany(sql.replace("?", "%s"), rows)

    # Heads.

    def head(self, stream: str) -> HeadRow | None:
        """The head of an arrangement, if it has one: it has none before its first event, though its row may be locked."""
        row = self._held.get(stream) or super().head(stream)
        return row if row and row.number else None

    def write_head(self, stream: str, row: HeadRow, *changes: Any) -> None:
        """Write a head, the balances that changed (nil ones go) and the items that changed."""
        super().write_head(stream, row, *changes)
        self._held[stream] = row

    # Imports and copies.

    def staging(self) -> PostgresStaging:
        """An empty stage for an import."""
        return PostgresStaging(self._connection, self._troubles_told)

    def insert_staged(self, staging: Staging) -> int:
        """Append everything staged, inside a posting; gives how many events that were."""
        count: int = self._run(f"INSERT INTO events ({COLUMNS}) SELECT {COLUMNS} FROM staged").rowcount
        self._run("INSERT INTO texts (stream, number, field, salt, text) SELECT * FROM staged_texts")
        self._last = staging.last
        return count

    def backup(self, target: Path) -> int:
        """Refused: the server's own tools do it."""
        raise Refused(
            f"{self._name} is backed up by PostgreSQL's own tools: run pg_dump --schema=poolbook --format=custom "
            f"--file={target} with this database, and pg_restore to bring it back."
        )
