"""What the value of one key may be in an agreement's file: each takes what TOML gave, or raises ValueError."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any

from ledger import calendar, measures, money, text
from ledger.agreement.model import Ratio
from ledger.agreement.table import Table
from ledger.agreement.terms import POOL, folded
from ledger.errors import did_you_mean


def words(value: object) -> str:
    """Text that is not empty."""
    if not isinstance(value, str) or not value.strip():
        raise ValueError("this must be text in quotes, and not empty")
    return text.clean(value.strip(), 2_000)


def matching(pattern: re.Pattern[str], shape: str) -> Callable[[Any], str]:
    """A code of a shape, which is also said in words."""

    def convert(value: object) -> str:
        if not isinstance(value, str) or not pattern.fullmatch(value):
            raise ValueError(f"“{text.escaped(str(value)[:40])}” is not a code: use {shape}")
        return value

    return convert


lower_code = matching(text.SCHEME, text.SHAPES["scheme"][1])
"""The code of an arrangement or a scheme."""


def outside_code(books: Sequence[str]) -> Callable[[Any], str]:
    """The code of a fund, an asset or a liability, which may not be that of one of the books but for its case."""
    matched, near = matching(text.CODE, text.SHAPES["asset"][1]), folded(books)

    def convert(value: object) -> str:
        code = matched(value)
        book = near.get(code.casefold(), code)
        if book != code:
            raise ValueError(
                f"{code} differs from {book} only by case, and {book} is kept for a body's book: use another code"
            )
        return code

    return convert


def body_code(value: object) -> str:
    """The code of a body that has a book."""
    code = matching(text.BODY, text.SHAPES["party"][1])(value)
    if code == POOL:
        raise ValueError(f"{POOL} is kept for pool books: give this body another code")
    return code


def one_of(known: Sequence[str], what: str = "") -> Callable[[Any], str]:
    """One of the words there are; `what` says what they are codes of in this agreement."""

    def convert(value: object) -> str:
        if not isinstance(value, str) or value not in known:
            said = f"“{text.escaped(str(value)[:40])}” is not "
            if what:
                raise ValueError(f"{said}a {what} of this agreement{did_you_mean(str(value), known)}")
            raise ValueError(f"{said}one of {', '.join(known)}")
        return value

    return convert


def list_of(convert: Callable[[Any], str]) -> Callable[[Any], list[str]]:
    """A list of such words."""

    def each(value: object) -> list[str]:
        if not isinstance(value, list):
            raise ValueError("this must be a list in square brackets")
        return [convert(item) for item in value]

    return each


def ratio(table: Table, key: str, parties: list[str]) -> Callable[[Any], Ratio]:
    """Shares of parties, in the agreement's order, without nil ones; each stranger is a fault at its own line."""

    def convert(value: object) -> Ratio:
        if not isinstance(value, dict) or not value:
            raise ValueError("a ratio is a table of parties and shares, like { OCC = 99, OCCG = 96 }")
        strangers = [party for party in value if party not in parties]
        for party in strangers:
            table.fault(f"{key}: {text.escaped(party[:40])} is not a party of this agreement"
                        f"{did_you_mean(party, parties)}", key, party)  # fmt: skip
        if strangers:
            return {}
        in_order = [party for party in parties if party in value]
        whole = money.ratio([value[party] for party in in_order])
        return {party: share for party, share in zip(in_order, whole, strict=True) if share}

    return convert


def day(value: object) -> date:
    """A day, written without quotes."""
    if not isinstance(value, date) or isinstance(value, datetime):
        raise ValueError("this must be a day, without quotes, like 2013-04-01")
    return calendar.within_reach(value)


def days(value: object) -> list[date]:
    """A day, or several different ones."""
    found = [day(item) for item in (value if isinstance(value, list) else [value])]
    if len(set(found)) < len(found) or not found:
        raise ValueError("this must be a day, or a list of different days, like [2013-04-15, 2013-10-15]")
    return found


def year_start(value: object) -> str:
    """Month and day on which a financial year starts, as written."""
    calendar.year_start(str(value))
    return str(value)


def amount(value: object) -> int:
    """Pounds in quotes, as pence."""
    if not isinstance(value, str):
        raise ValueError('write an amount in quotes, in pounds, like "99000000.00"')
    return money.pence(value)


def measure(value: object) -> str:
    """A figure that is not money, exact: in quotes, or a whole number."""
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str):
        raise ValueError('write a figure in quotes, like "87.5"')
    return measures.measure(value)


def months(value: object) -> int:
    """A whole number of months, up to a hundred years."""
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= 1200:
        raise ValueError("this must be a whole number of months")
    return value


def truth(value: object) -> bool:
    """True or false."""
    if not isinstance(value, bool):
        raise ValueError("this must be true or false")
    return value
