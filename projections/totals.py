"""Sums from the daily totals: balances as at a day, and what was posted in a period."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from sqlalchemy import and_, case, func, select

from projections import tables as t
from projections.views import View


def posted(view: View, as_at: date | None) -> list[tuple[str, str, int]]:
    """Every account that is not nil, counting what is posted up to a day (None: everything): book, account, pence."""
    total = func.sum(t.days.c.pence)
    chosen = (
        select(t.accounts.c.book, t.accounts.c.account, total)
        .select_from(_JOINED)
        .where(t.days.c.stream == view.stream)
        .group_by(t.days.c.account)
        .having(total != 0)
    )
    if as_at is not None:
        chosen = chosen.where(t.days.c.posted_on <= as_at)
    return [tuple(row) for row in view.connection.execute(chosen)]


class Moved(NamedTuple):
    """An account over a period, in pence: what it stood at before, and what was posted in it but for closes of a year.

    `opened` is what a close dated the period's first day moved between income and expenditure and the reserve: the period
    opens with it. `closed` is what later closes moved within the period.
    """

    account: str
    before: int
    posted: int
    opened: int
    closed: int

    @property
    def after(self) -> int:
        """What it stood at in the end."""
        return self.before + self.posted + self.opened + self.closed


def moved(view: View, books: list[str], first: date | None, last: date | None, *, between: bool = True) -> list[Moved]:
    """The accounts of books, added together by name, over a period (None: without a beginning, or an end).

    Without `between`, what lies between a lead and the pool it keeps is left out.
    """
    pence = t.days.c.pence if between else t.days.c.pence - t.days.c.between
    begins, on = first or date.min, t.days.c.posted_on
    before = func.sum(case((on < begins, pence), else_=0))
    posted = func.sum(case((on >= begins, pence - t.days.c.closing), else_=0))
    opened = func.sum(case((on == begins, t.days.c.closing), else_=0))
    closed = func.sum(case((on > begins, t.days.c.closing), else_=0))
    chosen = (
        select(t.accounts.c.account, before, posted, opened, closed)
        .select_from(_JOINED)
        .where(t.accounts.c.stream == view.stream, t.accounts.c.book.in_(books))
        .group_by(t.accounts.c.account)
        .order_by(t.accounts.c.account)
    )
    if last is not None:
        chosen = chosen.where(on <= last)
    found = [Moved(*row) for row in view.connection.execute(chosen)]
    return [each for each in found if any(each[1:])]


_JOINED = t.days.join(t.accounts, and_(t.accounts.c.stream == t.days.c.stream, t.accounts.c.id == t.days.c.account))
