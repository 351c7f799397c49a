"""The tables of the views file, in SQLAlchemy Core.

Every row belongs to an arrangement (`stream`, a number of this file's own) and comes from an event (`number`). Money is
whole pence, debit positive; days are counted from 1 January of year 1 so that they sort and take little room. No table
holds a narrative or a reason.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import Column, Index, Integer, LargeBinary, MetaData, Table, Text, UniqueConstraint
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

SCHEMA = 2
"""Raised when a table or its feeding changes: a views file of another schema is made anew."""


class Day(TypeDecorator[date]):
    """A day, kept as its number."""

    impl = Integer
    cache_ok = True

    def process_bind_param(self, value: date | None, dialect: Dialect) -> int | None:
        """The number of a day."""
        del dialect
        return None if value is None else value.toordinal()

    def process_result_value(self, value: int | None, dialect: Dialect) -> date | None:
        """The day of a number."""
        del dialect
        return None if value is None else date.fromordinal(value)


metadata = MetaData()

about = Table(
    "about",
    metadata,
    Column("schema", Integer, nullable=False),
    Column("ledger", Text, nullable=False),
)

streams = Table(
    "streams",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("code", Text, nullable=False, unique=True),
    Column("number", Integer, nullable=False),
    Column("leaf", LargeBinary, nullable=False),
    Column("pool", Text, nullable=False),
    Column("lead", Text, nullable=False),
)
"""How far each arrangement was read: the last event's number and leaf hash; and who keeps its pool, inside whose accounts."""

events = Table(
    "events",
    metadata,
    Column("stream", Integer, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("type", Text, nullable=False),
    Column("effective_on", Day, nullable=False),
    Column("reference", Text, nullable=False),
    Column("document", Text, nullable=False),
    sqlite_with_rowid=False,
)

reversals = Table(
    "reversals",
    metadata,
    Column("stream", Integer, primary_key=True),
    Column("reverses", Integer, primary_key=True),
    Column("number", Integer, nullable=False),
    Column("root", Integer, nullable=False),
    UniqueConstraint("stream", "number"),
    sqlite_with_rowid=False,
)
"""Which event reversed which; `root` is the fact that a chain of reversals goes back to."""

accounts = Table(
    "accounts",
    metadata,
    Column("stream", Integer, primary_key=True),
    Column("id", Integer, primary_key=True),
    Column("book", Text, nullable=False),
    Column("account", Text, nullable=False),
    Column("body", Text, nullable=False),
    sqlite_with_rowid=False,
)
"""Every account ever posted to, and the body it names."""

lines = Table(
    "lines",
    metadata,
    Column("stream", Integer, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("account", Integer, primary_key=True),
    Column("pence", Integer, nullable=False),
    Column("posted_on", Day, nullable=False),
    sqlite_with_rowid=False,
)

lines_by_account = Index("lines_by_account", lines.c.stream, lines.c.account, lines.c.posted_on, lines.c.pence)
"""Made after a whole feeding, for it is quicker then; it holds all of a line, or SQLite would not use it."""

days = Table(
    "days",
    metadata,
    Column("stream", Integer, primary_key=True),
    Column("account", Integer, primary_key=True),
    Column("posted_on", Day, primary_key=True),
    Column("pence", Integer, nullable=False),
    Column("between", Integer, nullable=False),
    Column("closing", Integer, nullable=False),
    sqlite_with_rowid=False,
)
"""What each account was posted on a day.

`between` is the part of it that lies between a lead and its own pool; `closing` what closes of a year, and their reversals,
moved from income and expenditure to the reserve.
"""

asset_records = Table(
    "asset_records",
    metadata,
    Column("stream", Integer, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("root", Integer, nullable=False),
    Column("sign", Integer, nullable=False),
    Column("asset", Text, nullable=False),
    Column("type", Text, nullable=False),
    Column("book", Text, nullable=False),
    Column("scheme", Text, nullable=False),
    Column("fund", Text, nullable=False),
    Column("effective_on", Day, nullable=False),
    Column("posted_on", Day, nullable=False),
    Column("cost", Integer, nullable=False),
    Column("depreciation", Integer, nullable=False),
    Column("proceeds", Integer, nullable=False),
    sqlite_with_rowid=False,
)
"""Assets acquired, transferred (the book is the taker's, the proceeds what it gave) and disposed of.

A reversal is a row of sign -1 with the root it takes back.
"""

memoranda = Table(
    "memoranda",
    metadata,
    Column("stream", Integer, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("type", Text, nullable=False),
    Column("party", Text, nullable=False),
    Column("scheme", Text, nullable=False),
    Column("fund", Text, nullable=False),
    Column("effective_on", Day, nullable=False),
    Column("pence", Integer, nullable=False),
    sqlite_with_rowid=False,
)
"""What stands beside the accounts: contributions in kind, and funding allocated under aligned budgets."""
