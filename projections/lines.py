"""Lines as reports read them: each with its event, its account, and what reversed it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, func, select

from projections import tables as t
from projections.views import View


class Line(NamedTuple):
    """One line of an entry; `root` is the fact that a chain of reversals goes back to, its own where it reverses none."""

    number: int
    type: str
    effective_on: date
    posted_on: date
    reference: str
    document: str
    reverses: int | None
    reversed_by: int | None
    root: int
    book: str
    account: str
    body: str
    pence: int

    @property
    def note(self) -> str:
        """What it reverses, and what reversed it."""
        said = [f"reverses #{self.reverses}"] if self.reverses else []
        if self.reversed_by:
            said.append(f"reversed by #{self.reversed_by}")
        return ", ".join(said)


_undone = t.reversals.alias("undone")
_joined = (
    t.lines.join(t.accounts, and_(t.accounts.c.stream == t.lines.c.stream, t.accounts.c.id == t.lines.c.account))
    .join(t.events, and_(t.events.c.stream == t.lines.c.stream, t.events.c.number == t.lines.c.number))
    .outerjoin(t.reversals, and_(t.reversals.c.stream == t.lines.c.stream, t.reversals.c.number == t.lines.c.number))
    .outerjoin(_undone, and_(_undone.c.stream == t.lines.c.stream, _undone.c.reverses == t.lines.c.number))
)
_columns = (
    t.lines.c.number,
    t.events.c.type,
    t.events.c.effective_on,
    t.lines.c.posted_on,
    t.events.c.reference,
    t.events.c.document,
    t.reversals.c.reverses,
    _undone.c.number,
    func.coalesce(t.reversals.c.root, t.lines.c.number),
    t.accounts.c.book,
    t.accounts.c.account,
    t.accounts.c.body,
    t.lines.c.pence,
)


def lines(
    view: View,
    *accounts: ColumnElement[bool],
    first: date | None = None,
    last: date | None = None,
    order: Sequence[Any] = (t.lines.c.number,),
) -> list[Line]:
    """The lines of an arrangement that were posted in a period, to the accounts that meet what is asked of them."""
    asked = select(*_columns).select_from(_joined).where(t.lines.c.stream == view.stream).order_by(*order)
    if accounts:
        chosen = select(t.accounts.c.id).where(t.accounts.c.stream == view.stream, *accounts)
        asked = asked.where(t.lines.c.account.in_(chosen))
    if first:
        asked = asked.where(t.lines.c.posted_on >= first)
    if last:
        asked = asked.where(t.lines.c.posted_on <= last)
    return [Line._make(row) for row in view.connection.execute(asked)]
