"""The read models held against the events: every row made once more and compared with the one that reports read.

The views file can be thrown away at any time; what it says wrong is mended by `poolbook rebuild`, and no fault of the books.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import zip_longest
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

from sqlalchemy import Table, func, select
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import DatabaseError

from ledger.application import Ledger
from ledger.audit.ranges import SPAN, divided
from ledger.audit.reader import Reader
from ledger.audit.replay import Check, Replayed
from ledger.audit.scan import without_gc
from ledger.audit.verification import Finding
from ledger.store.merkle import leaf_hash
from ledger.store.opening import Place
from projections import tables as t
from projections.balances import balances
from projections.feed import Cell, Feed, Row
from projections.file import Moved, Unfit, ViewsFile, opened, told
from projections.naming import body_named
from projections.place import place
from projections.views import check_fit

NAME = "read models"
_PAGE = 1_000
_ROUNDS = 5

Apart: TypeAlias = dict[Cell, tuple[int, int]]
"""Account and day → what of it lies between a lead and its pool, and what closes moved, in pence; nil ones left out."""


class Part(NamedTuple):
    """A range of an arrangement's events, where the rows that they made are kept, and the events that set its terms."""

    views: Path
    stream: int
    code: str
    first: int
    last: int
    terms: tuple[bytes, ...]


class Seen(NamedTuple):
    """What a range of events comes to: the accounts that it posts to, and the parts of days that no line tells."""

    accounts: frozenset[int]
    apart: Apart
    lines: int
    differs: Finding | None = None


def read_models(where: Place, ledger: Ledger, replayed: Sequence[Replayed]) -> dict[str, Check]:
    """Hold the read models of arrangements against their events, as far as both go; `where` is where the ledger lies.

    An arrangement that has none yet is left out, and so are all where the file is another ledger's or version's: a report
    will make them anew. Raises LedgerUnavailable where the file is locked.
    """
    kept = place(ledger)
    for _ in range(_ROUNDS):
        try:
            with opened(kept) as views, told(kept):
                check_fit(views.connection, ledger)
                return _compared(where, views, ledger, replayed)
        except Moved:
            continue
        except Unfit:
            break
        except DatabaseError as error:
            said = " ".join(str(error.orig).split())[:200]
            return {each.arrangement: Check(NAME, 0, [Finding(0, f"they cannot be read ({said})")]) for each in replayed}
    return {}


def reported(ledger: Ledger, replayed: Sequence[Replayed], as_at: date, known: str | int | None) -> dict[str, Check]:
    """Hold the balances as at a day that `report balances` gives against what the events come to."""
    found = {}
    for each in replayed:
        if not each.root or not each.events:
            continue
        (report,) = balances(ledger, [each.arrangement], as_at=as_at, known=each.events if known is not None else None)
        said = {(str(book), str(account)): pence for _, book, account, pence in report.flat.rows}
        made = {(b, a): pence for b, accounts in each.balances.items() for a, pence in accounts.items() if pence}
        differs = min((line for line in said.keys() | made.keys() if said.get(line) != made.get(line)), default=None)
        sentence = differs and (
            f"{differs[1]} of {differs[0]} is reported as {said.get(differs, 0)} pence, and is {made.get(differs, 0)}"
        )
        found[each.arrangement] = Check(f"balances as at {as_at}", len(made), [Finding(0, sentence)] if sentence else [])
    return found


def _compared(where: Place, views: ViewsFile, ledger: Ledger, replayed: Sequence[Replayed]) -> dict[str, Check]:
    kept = {row.code: row for row in views.connection.execute(select(t.streams))}
    views.connection.rollback()
    wanted = [each for each in replayed if each.arrangement in kept and kept[each.arrangement].number and each.events]
    parts = [part for each in wanted for part in _parts(views.path, kept[each.arrangement], each)]
    results = divided(where, seen, parts, sum(min(kept[e.arrangement].number, e.events) for e in wanted))
    found = {}
    for each in wanted:
        row = kept[each.arrangement]
        mine = [next(results) for part in parts if part.code == each.arrangement]
        found[each.arrangement] = _check(views, ledger, row, each, mine)
    return found


def _parts(views: Path, row: Any, replayed: Replayed) -> Iterator[Part]:
    last = min(row.number, replayed.events)
    for first in range(1, last + 1, SPAN):
        terms = tuple(raw for number, raw in replayed.terms if number < first)
        yield Part(views, row.id, row.code, first, min(first + SPAN - 1, last), terms)


# The work of a process.


def seen(reader: Reader, part: Part) -> Seen:
    """Make a range's rows once more, and hold each against the row that is kept."""
    accounts, apart, lines = set[int](), Apart(), 0
    sql = "SELECT bytes FROM events WHERE stream = ? AND number BETWEEN ? AND ? ORDER BY number"
    with opened(part.views) as views, without_gc():
        feed = Feed(views.connection, part.stream, "", "")
        feed.take(part.terms)
        feed.hand_over()
        number = part.first
        for page in reader.pages(sql, part.code, part.first, part.last, rows=_PAGE):
            feed.take(raw for (raw,) in page)
            rows, days = feed.hand_over()
            differs = _rows_differ(views, part.stream, number, number + len(page) - 1, rows)
            if differs is not None:
                return Seen(frozenset(accounts), apart, lines, differs)
            number += len(page)
            lines += len(rows[t.lines])
            accounts.update(row[2] for row in rows[t.lines])
            for cell, (_, between, closing) in days.items():
                if between or closing:
                    before = apart.get(cell, (0, 0))
                    apart[cell] = (before[0] + between, before[1] + closing)
    return Seen(frozenset(accounts), apart, lines)


def _rows_differ(views: ViewsFile, stream: int, first: int, last: int, made: dict[Table, list[Row]]) -> Finding | None:
    """The first event whose rows are not those that are kept of it."""
    cursor = views.connection.connection.cursor()
    found: list[Finding] = []
    for table, sql in _BY_NUMBER.items():
        kept = cursor.execute(sql, (stream, first, last)).fetchall()
        place = _NUMBER[table]
        rows = made[table]
        if table is t.lines:
            rows = sorted(rows)
        if kept != rows:
            row = next(a or b for a, b in zip_longest(kept, rows) if a != b)
            found.append(Finding(row[place], f"the read models do not hold what it made of {table.name.replace('_', ' ')}"))
    if made[t.accounts]:
        _, _, book, account, _ = made[t.accounts][0]
        found.append(
            Finding(first, f"the read models know no account {account} of {book}, to which it or one after it posts")
        )
    return min(found, default=None)


_TABLES = (t.events, t.lines, t.reversals, t.asset_records, t.memoranda)
_NUMBER = {table: list(table.c).index(table.c.number) for table in _TABLES}
_DIALECT = sqlite.dialect()


def _by_number(table: Table) -> str:
    names = ", ".join(column.name for column in table.c)
    order = "number, account" if table is t.lines else "number"
    return f"SELECT {names} FROM {table.name} WHERE stream = ? AND number BETWEEN ? AND ? ORDER BY {order}"


_BY_NUMBER = {table: _by_number(table) for table in _TABLES}


# The rest, by one process, on one moment of the file.


def _check(views: ViewsFile, ledger: Ledger, row: Any, replayed: Replayed, parts: Sequence[Seen]) -> Check:
    differs = next((part.differs for part in parts if part.differs is not None), None)
    if differs is None and row.number <= replayed.events:
        views.pin()
        try:
            if views.connection.execute(select(t.streams.c.number).where(t.streams.c.id == row.id)).scalar() != row.number:
                raise Moved
            sentence = next(_whole_differs(views, ledger, row, replayed, parts), "")
        finally:
            views.connection.rollback()
        differs = Finding(0, f"the read models {sentence}") if sentence else None
    return Check(NAME, sum(part.lines for part in parts), [differs] if differs else [])


def _whole_differs(views: ViewsFile, ledger: Ledger, row: Any, replayed: Replayed, parts: Sequence[Seen]) -> Iterator[str]:
    """What differs of what no single event made."""
    raw = ledger.store.event(replayed.arrangement, row.number)
    if raw is None or leaf_hash(raw) != row.leaf:
        yield f"were made from another #{row.number}"
    feed = Feed(views.connection, row.id, "", "")
    feed.take(raw for _, raw in replayed.terms)
    if (feed.pool, feed.lead) != (row.pool, row.lead):
        yield f"say that {row.lead or 'nobody'} keeps {row.pool or 'no pool'}"
    for table in _TABLES:
        beyond = select(table.c.number).where(table.c.stream == row.id, ~table.c.number.between(1, row.number)).limit(1)
        if (number := views.connection.scalar(beyond)) is not None:
            yield f"hold {table.name.replace('_', ' ')} of #{number}, and were made from #1 to #{row.number}"
    posted_to = frozenset[int]().union(*(part.accounts for part in parts))
    for account in views.connection.execute(select(t.accounts).where(t.accounts.c.stream == row.id)):
        if account.id not in posted_to:
            yield f"have an account {account.account} of {account.book} to which nothing posts"
        if account.body != body_named(account.account):
            yield f"say that {account.account} is about {account.body or 'nobody'}"
    yield from _days_differ(views, row.id, _apart(parts))


def _apart(parts: Sequence[Seen]) -> Apart:
    found: Apart = {}
    for part in parts:
        for cell, (between, closing) in part.apart.items():
            before = found.get(cell, (0, 0))
            found[cell] = (before[0] + between, before[1] + closing)
    return found


def _days_differ(views: ViewsFile, stream: int, apart: Apart) -> Iterator[str]:
    """The daily totals against the lines, which were held against the events, and the parts that no line tells."""
    cell = (t.lines.c.account, t.lines.c.posted_on)
    summed = select(*cell, func.sum(t.lines.c.pence)).where(t.lines.c.stream == stream).group_by(*cell).order_by(*cell)
    days = select(t.days.c.account, t.days.c.posted_on, t.days.c.pence, t.days.c.between, t.days.c.closing)
    kept = views.connection.execute(days.where(t.days.c.stream == stream).order_by(t.days.c.account, t.days.c.posted_on))
    made = ((*line, *apart.get((line[0], line[1].toordinal()), (0, 0))) for line in views.connection.execute(summed))
    for mine, theirs in zip_longest(map(tuple, kept), made):
        if mine != theirs:
            account, day = (mine or theirs)[:2]
            yield f"add up otherwise than their lines on account {account}, {day}"
            return
