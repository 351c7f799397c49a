"""An import's stage on PostgreSQL: temporary tables of the session, filled by COPY."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

import psycopg
from psycopg.pq import TransactionStatus

from ledger.store.encoding import Columns
from ledger.store.staging import Seen, Staging, TextRow

_STAGED = ("text", "int8", "text", "text", "text", "int4", "int8", "bytea", "bytea")
_TEXTS = ("text", "int8", "text", "bytea", "text")
_TABLES = """
DROP TABLE IF EXISTS pg_temp.staged, pg_temp.staged_texts, pg_temp.seen;
CREATE TEMP TABLE staged (stream text, number bigint, type text, recorded_at text, reference text, part integer,
    reverses bigint, bytes bytea, leaf bytea);
CREATE TEMP TABLE staged_texts (stream text, number bigint, field text, salt bytea, text text);
CREATE TEMP TABLE seen (stream text COLLATE "C", reference text COLLATE "C", line bigint, PRIMARY KEY (stream, reference));
"""


class PostgresStaging(Staging):
    """The stage of one import."""

    def __init__(self, connection: psycopg.Connection, told: Callable[[], AbstractContextManager[None]]) -> None:
        super().__init__()
        self._connection, self._told = connection, told
        with told():
            if connection.info.transaction_status == TransactionStatus.IDLE:
                # A dry run's session is read only, which forbids making even these.
                connection.execute(f"BEGIN READ WRITE; {_TABLES} COMMIT")
            else:
                connection.execute(_TABLES)

    def see(self, batch: list[Seen]) -> dict[tuple[str, str], bytes]:
        """Note some rows' references; give the first event of those that were recorded before, by stream and reference."""
        lines, streams, references = (list(column) for column in zip(*batch, strict=True))
        with self._told():
            new = self._connection.execute(
                "INSERT INTO seen SELECT * FROM unnest(%s::text[], %s::text[], %s::bigint[]) "
                "ON CONFLICT DO NOTHING RETURNING line",
                (streams, references, lines),
            ).fetchall()
            if len(new) < len(batch):
                self._find_repeated(batch, {line for (line,) in new})
            rows = self._cursor().execute(
                "SELECT stream, reference, bytes FROM unnest(%s::text[], %s::text[]) AS asked (stream, reference) "
                "JOIN events USING (stream, reference) WHERE part = 0",
                (streams, references),
            )
            return {(stream, reference): raw for stream, reference, raw in rows}

    def _write(self, rows: list[Columns], texts: list[TextRow]) -> None:
        with self._told():
            self._copy("staged", _STAGED, rows)
            self._copy("staged_texts", _TEXTS, texts)

    def _copy(self, table: str, types: tuple[str, ...], rows: list[Columns] | list[TextRow]) -> None:
        if not rows:
            return
        with self._cursor().copy(f"COPY {table} FROM STDIN (FORMAT BINARY)") as copy:
            copy.set_types(types)
            for row in rows:
                copy.write_row(row)

    def _find_repeated(self, batch: list[Seen], new: set[int]) -> None:
        for seen in batch:
            if seen.line not in new:
                (first,) = self._connection.execute(
                    "SELECT line FROM seen WHERE stream = %s AND reference = %s", (seen.stream, seen.reference)
                ).fetchone() or (0,)
                self.repeated.append((seen, first))

    def _cursor(self) -> psycopg.Cursor:
        return self._connection.cursor(binary=True)
