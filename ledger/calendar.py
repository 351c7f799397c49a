"""Financial years: when they start, what they are called, which one a day falls in."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta
from typing import NamedTuple

from ledger.text import escaped

_QUARTER = re.compile(r"(.+)-Q([1-4])")
_MONTH = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])")
_STARTS = re.compile(r"([0-9]{2})-([0-9]{2})")
_LABEL = re.compile(r"([0-9]{4})(?:/([0-9]{2}))?")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class Year(NamedTuple):
    """One financial year, by its first day."""

    first: date

    @property
    def next(self) -> Year:
        """The year after this one."""
        return Year(self.first.replace(year=self.first.year + 1))

    @property
    def last(self) -> date:
        """The year's last day."""
        return self.next.first - timedelta(days=1) if self.first.year < date.max.year else date.max

    @property
    def label(self) -> str:
        """“2013/14”, or “2014” when the year starts on 1 January."""
        start = self.first
        if (start.month, start.day) == (1, 1):
            return f"{start.year:04d}"
        return f"{start.year:04d}/{(start.year + 1) % 100:02d}"


class Period(NamedTuple):
    """A year, a quarter of one or a calendar month, by its label: “2013/14”, “2013/14-Q2”, “2013-07”."""

    label: str
    kind: str
    first: date
    last: date


def months_after(on: date, months: int) -> date:
    """The same day some months later, or the last day of that month where it has no such day."""
    years, month = divmod(on.month - 1 + months, 12)
    return date(on.year + years, month + 1, min(on.day, monthrange(on.year + years, month + 1)[1]))


def day(text: str) -> date:
    """A day written YYYY-MM-DD, from 1900 on; raises ValueError with a sentence."""
    if not _DAY.fullmatch(text):
        raise ValueError(f"“{escaped(text[:40])}” is not a date: write it as YYYY-MM-DD")
    try:
        found = date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{text} is a day that does not exist") from None
    return within_reach(found)


def within_reach(found: date) -> date:
    """The day, if it is from 1900 on (0213-06-01 is a slip of the hand); raises ValueError with a sentence."""
    if found.year < 1900:
        raise ValueError(f"{found} cannot be meant: it is before 1900")
    return found


def year_start(text: str) -> tuple[int, int]:
    """“04-01” as (4, 1); 29 February is refused, for most years have none. Raises ValueError with a sentence."""
    match = _STARTS.fullmatch(text)
    if match:
        month, first = int(match[1]), int(match[2])
        try:
            date(2001, month, first)
        except ValueError:
            pass
        else:
            return month, first
    raise ValueError(f"“{escaped(text[:40])}” is not the start of a year: write month and day, like 04-01, and not 02-29")


def year_of(on: date, starts: tuple[int, int]) -> Year:
    """The financial year a day falls in."""
    first = date(on.year, *starts)
    return Year(first if on >= first else first.replace(year=on.year - 1))


def year_labelled(label: str, starts: tuple[int, int]) -> Year:
    """The year called “2013/14” (or “2014” when it starts on 1 January); raises ValueError with a sentence."""
    match = _LABEL.fullmatch(label)
    if match and int(match[1]) > 0:
        year = Year(date(int(match[1]), *starts))
        if year.label == label:
            return year
    example = year_of(date(2013, 12, 31), starts).label
    raise ValueError(f"“{escaped(label[:40])}” is not a financial year here: write it like {example}")


def period_labelled(label: str, starts: tuple[int, int]) -> Period:
    """The year, quarter or calendar month of that label; raises ValueError with a sentence."""
    month = _MONTH.fullmatch(label)
    if month and int(month[1]) > 0:
        first = date(int(month[1]), int(month[2]), 1)
        return Period(label, "month", first, _months_on(first, 1) - timedelta(days=1))
    quarter = _QUARTER.fullmatch(label)
    try:
        year = year_labelled(quarter[1] if quarter else label, starts)
    except ValueError:
        example = year_of(date(2013, 12, 31), starts).label
        raise ValueError(
            f"“{escaped(label[:40])}” is not a period here: write a year like {example}, a quarter like {example}-Q2, or a "
            f"month like 2013-07"
        ) from None
    if quarter is None:
        return Period(label, "year", year.first, year.last)
    number = int(quarter[2])
    last = _months_on(year.first, 3 * number) - timedelta(days=1)
    return Period(label, "quarter", _months_on(year.first, 3 * number - 3), last)


def _months_on(first: date, months: int) -> date:
    """The day some months on: the same of its month, or that month's last (a year may start on the 31st)."""
    year, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    return date(year, month + 1, min(first.day, monthrange(year, month + 1)[1]))
