"""The read models: caught up with the ledger before every reading, made anew whenever they do not fit it.

The truth is only read, and by pages. Each arrangement is caught up from the number the views file holds to the head's; the
leaf hash of the event at that number proves that it is the same history. Another ledger's, an older, a restored or a
damaged file is replaced by a new one.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import date
from typing import NamedTuple, TypeVar

from sqlalchemy import Connection, insert, select
from sqlalchemy.exc import DatabaseError
from sqlalchemy.schema import CreateIndex, CreateTable

from ledger.agreement import Terms
from ledger.application import Ledger
from ledger.errors import LedgerUnavailable
from ledger.store.merkle import leaf_hash
from projections import tables as t
from projections.feed import Feed
from projections.file import Moved, Unfit, ViewsFile, opened, replacement, told
from projections.place import place

T = TypeVar("T")

_ROUNDS = 20
"""How often a reading looks again when other processes move the file on under it."""


class View(NamedTuple):
    """One arrangement as a report reads it: its rows' number in the file, its last event, its terms."""

    connection: Connection
    stream: int
    code: str
    events: int
    terms: Terms


def read(ledger: Ledger, arrangements: Sequence[str] | None, answer: Callable[[list[View]], T]) -> T:
    """Ask something of arrangements (None: all of them, by code) as they are at one moment of the ledger.

    Raises LedgerUnavailable where the views file is locked, damaged beyond replacing, or has no room.
    """
    path = place(ledger)
    made = False
    for _ in range(_ROUNDS):
        try:
            with opened(path) as views, told(path):
                check_fit(views.connection, ledger)
                return answer(_pinned(views, ledger, arrangements))
        except Moved:
            continue
        except (Unfit, DatabaseError):
            if made:
                raise
            _make(ledger, ledger.store.streams() if arrangements is None else arrangements)
            made = True
    raise LedgerUnavailable(f"{path} is being made anew by other reports over and over: try again when they have finished.")


def rebuild(ledger: Ledger) -> int:
    """Make the read models of every arrangement anew; gives how many events they were made from."""
    return _make(ledger, ledger.store.streams())


def _make(ledger: Ledger, arrangements: Sequence[str]) -> int:
    path = place(ledger)
    with told(path), replacement(path) as connection:
        for table in t.metadata.sorted_tables:
            connection.execute(CreateTable(table))
        connection.execute(insert(t.about).values(schema=t.SCHEMA, ledger=ledger.store.ledger_id))
        with _uncollected():
            count = sum(_catch_up(connection, ledger, code, nullcontext) for code in arrangements)
        connection.execute(CreateIndex(t.lines_by_account))
    return count


@contextmanager
def _uncollected() -> Iterator[None]:
    """Spare the search for cycles among rows, which have none and live for a page: it takes a sixth of the time."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def check_fit(connection: Connection, ledger: Ledger) -> None:
    """Raise Unfit unless the file was made from this ledger by this version."""
    made_from = connection.exec_driver_sql("SELECT schema, ledger FROM about").fetchall()
    if [tuple(row) for row in made_from] != [(t.SCHEMA, ledger.store.ledger_id)]:
        raise Unfit


def _pinned(views: ViewsFile, ledger: Ledger, arrangements: Sequence[str] | None) -> list[View]:
    """Every arrangement asked for, caught up, in a reading that sees one moment of the ledger.

    The long work is done before the ledger's snapshot is taken, for posters wait while it lasts. Nobody can post in it, so
    nobody can bring the views beyond it before the reading of them is pinned.
    """
    connection = views.connection
    for code in ledger.store.streams() if arrangements is None else arrangements:
        _catch_up(connection, ledger, code, views.writing)
    with ledger.store.snapshot():
        codes = ledger.store.streams() if arrangements is None else arrangements
        for code in codes:
            _catch_up(connection, ledger, code, views.writing)
        views.pin()
        found = {row.code: row for row in connection.execute(select(t.streams))}
        return [
            View(connection, found[code].id, code, found[code].number, ledger.draft(code).head.terms_on(date.max))
            for code in codes
        ]


def _catch_up(connection: Connection, ledger: Ledger, code: str, writing: Callable[[], AbstractContextManager[None]]) -> int:
    """Read an arrangement's new events into the file, a page to a transaction; gives how many they were.

    Raises Unfit where the file does not hold this history, Moved where another process was quicker.
    """
    chosen = select(t.streams).where(t.streams.c.code == code)
    row = connection.execute(chosen).one_or_none()
    if row is None:
        with writing():
            if connection.execute(chosen).one_or_none() is not None:
                raise Moved
            connection.execute(insert(t.streams).values(code=code, number=0, leaf=b"", pool="", lead=""))
        row = connection.execute(chosen).one()
    elif row.number:
        raw = ledger.store.event(code, row.number)
        if raw is None or leaf_hash(raw) != row.leaf:
            raise Unfit
    number = row.number
    feed: Feed | None = None
    for page in ledger.store.pages(code, number):
        feed = feed or Feed(connection, row.id, row.pool, row.lead)
        feed.take(page)
        with writing():
            if connection.scalar(select(t.streams.c.number).where(t.streams.c.id == row.id)) != number:
                raise Moved
            feed.write(connection, leaf_hash(page[-1]))
        number = feed.number
    return int(number - row.number)
