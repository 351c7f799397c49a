"""A ledger in a PostgreSQL database: made, recognised, connected durably, and its troubles told as sentences.

It lies in the schema `poolbook`, one ledger to a database. Nothing but `create` needs the right to make anything: who posts
needs SELECT and INSERT on the events, and who reads SELECT (docs/postgresql.md).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg import errors
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from ledger.errors import LedgerUnavailable, Refused

SCHEMA_VERSION = 1
LOCK_SECONDS = 30
_DEFAULTS: dict[str, Any] = {"connect_timeout": 10, "application_name": "poolbook", "client_encoding": "utf8"}
_SCHEMA = """
CREATE TABLE poolbook.ledger (
    id text NOT NULL,
    created_at text NOT NULL,
    schema_version integer NOT NULL
);
CREATE TABLE poolbook.events (
    stream text COLLATE "C" NOT NULL,
    number bigint NOT NULL CHECK (number > 0),
    type text NOT NULL,
    recorded_at text COLLATE "C" NOT NULL,
    reference text COLLATE "C" NOT NULL,
    part integer NOT NULL,
    reverses bigint,
    bytes bytea NOT NULL,
    leaf bytea NOT NULL,
    PRIMARY KEY (stream, number)
);
CREATE UNIQUE INDEX events_by_reference ON poolbook.events (stream, reference, part);
CREATE UNIQUE INDEX events_by_reversed ON poolbook.events (stream, reverses) WHERE reverses IS NOT NULL;
CREATE INDEX events_of_disputes ON poolbook.events (stream, number)
WHERE type IN ('DisputeRaised', 'DisputeAcknowledged', 'DisputeResolved');
-- Heads and balances are written again and again: room on their pages spares their indexes.
CREATE TABLE poolbook.heads (
    stream text COLLATE "C" PRIMARY KEY,
    number bigint NOT NULL,
    recorded_at text COLLATE "C" NOT NULL,
    state_version integer NOT NULL,
    state bytea NOT NULL,
    frontier bytea NOT NULL
) WITH (fillfactor = 50);
CREATE TABLE poolbook.balances (
    stream text COLLATE "C" NOT NULL,
    book text COLLATE "C" NOT NULL,
    account text COLLATE "C" NOT NULL,
    pence bigint NOT NULL,
    PRIMARY KEY (stream, book, account)
) WITH (fillfactor = 70);
CREATE TABLE poolbook.items (
    stream text COLLATE "C" NOT NULL,
    kind text COLLATE "C" NOT NULL,
    code text COLLATE "C" NOT NULL,
    item bytea NOT NULL,
    PRIMARY KEY (stream, kind, code)
);
CREATE TABLE poolbook.texts (
    stream text COLLATE "C" NOT NULL,
    number bigint NOT NULL,
    field text COLLATE "C" NOT NULL,
    salt bytea NOT NULL CHECK (octet_length(salt) = 16),
    text text NOT NULL,
    PRIMARY KEY (stream, number, field)
);
CREATE FUNCTION poolbook.refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'events are never changed, deleted or emptied' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER events_not_changed BEFORE UPDATE OR DELETE ON poolbook.events FOR EACH ROW EXECUTE FUNCTION poolbook.refuse();
CREATE TRIGGER events_not_emptied BEFORE TRUNCATE ON poolbook.events FOR EACH STATEMENT EXECUTE FUNCTION poolbook.refuse();
ALTER TABLE poolbook.events ENABLE ALWAYS TRIGGER events_not_changed;
ALTER TABLE poolbook.events ENABLE ALWAYS TRIGGER events_not_emptied;
"""

OBJECTS = frozenset((
    ("table", "ledger"),
    ("table", "events"), ("index", "events_pkey"), ("index", "events_by_reference"), ("index", "events_by_reversed"),
    ("index", "events_of_disputes"),
    ("trigger", "events_not_changed"), ("trigger", "events_not_emptied"),
    ("table", "heads"), ("index", "heads_pkey"), ("table", "balances"), ("index", "balances_pkey"),
    ("table", "items"), ("index", "items_pkey"), ("table", "texts"), ("index", "texts_pkey"),
))  # fmt: skip
"""What the schema is made of: kinds and names."""

_SESSION = """
SELECT set_config('search_path', 'poolbook, pg_temp', false), set_config('lock_timeout', %s, false),
    set_config('default_transaction_read_only', %s, false),
    current_setting('fsync'), set_config('synchronous_commit',
        CASE current_setting('synchronous_commit') WHEN 'off' THEN 'on' ELSE current_setting('synchronous_commit') END, false)
"""
"""What holds for a session; one trip to the server."""


def shown(url: str) -> str:
    """A ledger's URL as it may be printed: without a password, or whatever else it carries."""
    try:
        parts = conninfo_to_dict(url)
    except psycopg.Error:
        raise LedgerUnavailable(
            "The ledger's URL cannot be read: write it as postgresql://USER@HOST:PORT/DATABASE, with % before the two "
            "hexadecimal digits of every special character (a password is best kept in ~/.pgpass)."
        ) from None
    user, host, port = (parts.get(name) for name in ("user", "host", "port"))
    place = "".join((f"{user}@" if user else "", str(host or ""), f":{port}" if port else ""))
    return f"postgresql://{place}/{parts.get('dbname') or user or ''}"


def create(url: str, ledger_id: str, created_at: str) -> None:
    """Make an empty ledger in a database; raises Refused where there is one, LedgerUnavailable where none can be made."""
    name = shown(url)
    with translated(name), _connect(url, read_only=False) as connection:
        run = connection.execute
        if _said(connection, "SHOW server_encoding") != "UTF8":
            raise LedgerUnavailable(f"{name} does not keep text as UTF-8: make a database with ENCODING 'UTF8'.")
        run("BEGIN")
        try:
            if _said(connection, "SELECT to_regnamespace('poolbook')") is None:
                run("CREATE SCHEMA poolbook")
            run(_SCHEMA)
        except (errors.DuplicateObject, errors.DuplicateSchema, errors.DuplicateTable, errors.UniqueViolation):
            raise Refused(
                f"{name} holds a ledger, or something else in a schema poolbook: nothing was done. "
                f"Name another database with --ledger."
            ) from None
        run("INSERT INTO poolbook.ledger VALUES (%s, %s, %s)", (ledger_id, created_at, SCHEMA_VERSION))
        run("COMMIT")


def connect(url: str, *, read_only: bool) -> tuple[psycopg.Connection, str, str]:
    """A connection to a ledger this version can use, the ledger's id, and when it was made; raises LedgerUnavailable."""
    name = shown(url)
    with translated(name):
        connection = _connect(url, read_only=read_only)
        try:
            return connection, *_recognised(connection, name)
        except BaseException:
            connection.close()
            raise


def _recognised(connection: psycopg.Connection, name: str) -> tuple[str, str]:
    try:
        found = connection.execute("SELECT id, created_at, schema_version FROM poolbook.ledger").fetchone()
    except (errors.UndefinedTable, errors.InvalidSchemaName):
        raise LedgerUnavailable(
            f"There is no ledger in {name}: make one with `poolbook init`, or name yours with --ledger."
        ) from None
    except errors.UndefinedColumn:
        found = None
    if found is None:
        raise LedgerUnavailable(f"{name} has a schema poolbook that is no Poolbook ledger: name yours with --ledger.")
    ledger_id, created_at, version = found
    if version > SCHEMA_VERSION:
        raise LedgerUnavailable(
            f"{name} was written by a newer Poolbook (its schema is {version}, this one knows {SCHEMA_VERSION}): "
            f"install the newer version."
        )
    return ledger_id, created_at


def _connect(url: str, *, read_only: bool) -> psycopg.Connection:
    name = shown(url)
    try:
        connection = psycopg.connect(make_conninfo(**_DEFAULTS | conninfo_to_dict(url)), autocommit=True)
    except psycopg.OperationalError as error:
        raise LedgerUnavailable(f"{name} cannot be reached: {_first_line(error)}.") from None
    *_, fsync, commits = connection.execute(_SESSION, (f"{LOCK_SECONDS}s", "on" if read_only else "off")).fetchone() or ()
    if not read_only and "off" in (fsync, commits):
        connection.close()
        raise LedgerUnavailable(
            f"{name} cannot be kept durably: its server is set not to wait for the disk (fsync is {fsync}, "
            f"synchronous_commit {commits}). Ask whoever runs it to turn that on."
        )
    return connection


def _said(connection: psycopg.Connection, sql: str) -> object:
    found = connection.execute(sql).fetchone()
    return found[0] if found else None


def _first_line(error: psycopg.Error) -> str:
    said = str(error).strip().removeprefix("connection failed: ")
    return (said.splitlines() or [type(error).__name__])[0].rstrip(".")


@contextmanager
def translated(name: str) -> Iterator[None]:
    """Turn what PostgreSQL says into LedgerUnavailable and a sentence."""
    try:
        yield
    except psycopg.Error as error:
        for kind, sentence in _TROUBLES.items():
            if isinstance(error, kind):
                raise LedgerUnavailable(sentence.format(name=name, said=_first_line(error), seconds=LOCK_SECONDS)) from error
        raise


_TROUBLES: dict[type[psycopg.Error], str] = {
    errors.LockNotAvailable: "{name}: another has held what this needs for {seconds} seconds: nothing was recorded. "
    "Try again when it has finished.",
    errors.QueryCanceled: "{name} was told to stop this: nothing was recorded. Try again.",
    errors.ReadOnlySqlTransaction: "{name} cannot be written, being a standby or set to be read only: nothing was recorded. "
    "Name the server that takes writes.",
    errors.InsufficientPrivilege: "{name} does not allow this ({said}): nothing was recorded. Ask its owner for the rights.",
    errors.DiskFull: "The disk of {name} is full: nothing was recorded. Make room, then try again.",
    errors.UndefinedTable: "{name} cannot be used as a Poolbook ledger ({said}): it is damaged or was changed by another "
    "program. Restore a backup.",
    errors.UndefinedColumn: "{name} cannot be used as a Poolbook ledger ({said}): it is damaged or was changed by another "
    "program. Restore a backup.",
    errors.DataCorrupted: "{name} is damaged ({said}): restore a backup.",
    errors.IndexCorrupted: "{name} is damaged ({said}): restore a backup.",
    psycopg.OperationalError: "{name} is away, or busy beyond what it bears ({said}): nothing was recorded. Try again.",
}
