"""Moments: when something was recorded, in UTC, as text of one width that sorts as time does."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from ledger.calendar import day
from ledger.text import escaped

_ZULU = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,6})?)(?:(?<=\.[0-9]{6})[0-9]+)?(?:[Zz]|[+-]00:00)"
)


def now() -> datetime:
    """The machine's clock, in UTC."""
    return datetime.now(UTC)


def moment(at: datetime) -> str:
    """A moment as events carry it: RFC 3339, UTC, six decimals."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def known_at(text: str) -> str | int:
    """What “as known” names: the number in “#17”, else the moment written (RFC 3339, UTC), a day meaning its end in UTC.

    What goes beyond a microsecond is cut off, for no event is dated more exactly. Raises ValueError with a sentence.
    """
    if re.fullmatch(r"#[0-9]{1,18}", text):
        return int(text[1:])
    zulu = _ZULU.fullmatch(text)
    try:
        if zulu:
            return moment(datetime.fromisoformat(zulu[1].upper()).replace(tzinfo=UTC))
        end = datetime.combine(day(text), datetime.min.time(), UTC) + timedelta(days=1, microseconds=-1)
    except (ValueError, OverflowError):
        raise ValueError(
            f"“{escaped(text[:40])}” is neither a moment in UTC (2014-03-31T17:00:00Z), nor a day, nor a number like #17"
        ) from None
    return moment(end)
