"""What a cell of a party's extract says, whether it is text or a typed cell of a workbook."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal

from ledger import calendar, money, text

FORMULA = object()
"""What stands for a cell whose formula was saved without its result."""

_AMOUNT = re.compile(r"(-?)(\(?)(-?)([0-9]{1,13}|[0-9]{1,3}(?:,[0-9]{3}){1,4})((?:\.[0-9]{1,2})?)(\)?)")
_BRITISH = re.compile(r"([0-9]{2})/([0-9]{2})/([0-9]{4})")
_ESCAPED = ("'=", "'+", "'-", "'@")
"""How files for spreadsheets, ours among them, begin a text that a spreadsheet would take for a formula."""
_LARGEST = 10**13
"""Pounds; as many digits as an amount may have in any other file."""


def is_blank(cell: object) -> bool:
    """Whether nothing stands in a cell."""
    return cell is None or (isinstance(cell, str) and not cell.strip())


def amount(cell: object) -> int:
    """The pence of an amount; thousands may have commas, and brackets say that it is negative.

    Raises ValueError with a sentence.
    """
    if isinstance(cell, str):
        return _written(cell.strip())
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return _typed(cell)
    raise ValueError(f"{_said(cell)} is not an amount: write pounds like 1234.50")


def _written(words: str) -> int:
    match = _AMOUNT.fullmatch(words)
    if match is None or bool(match[2]) != bool(match[6]) or sum(bool(match[at]) for at in (1, 2, 3)) > 1:
        raise ValueError(f"“{text.escaped(words[:40])}” is not an amount: write pounds like 1234.50, 1,234.50 or (1,234.50)")
    pence = money.pence(match[4].replace(",", "") + match[5])
    return -pence if match[1] or match[2] or match[3] else pence


def _typed(number: int | float) -> int:
    if not abs(number) < _LARGEST:
        raise ValueError("the number is larger than any amount can be: check the cell")
    exact = Decimal(repr(number)) * 100
    pence = int(exact.to_integral_value())
    if abs(exact - pence) > Decimal("0.0001"):  # less is what a spreadsheet's own arithmetic leaves behind
        raise ValueError(f"{number} is not an amount in whole pence: round it to two decimals")
    return pence


def day(cell: object) -> date:
    """The day of a date, typed or written as 2014-03-31 or 31/03/2014; raises ValueError with a sentence."""
    if isinstance(cell, datetime):
        return calendar.within_reach(cell.date())
    if isinstance(cell, date):
        return calendar.within_reach(cell)
    if not isinstance(cell, str):
        raise ValueError(f"{_said(cell)} is not a date: give the cell the format of a date")
    words = cell.strip()
    british = _BRITISH.fullmatch(words)
    if british is None and "/" in words:
        raise ValueError(f"“{text.escaped(words[:40])}” is not a date: write it as YYYY-MM-DD or DD/MM/YYYY")
    return calendar.day("-".join(reversed(british.groups())) if british else words)


def reference(cell: object) -> str:
    """The reference in a cell, empty where there is none; raises ValueError with a sentence."""
    if is_blank(cell):
        return ""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    words = str(cell).strip()
    if words.startswith(_ESCAPED):
        words = words[1:]
    return text.clean(words, 200)


def _said(cell: object) -> str:
    return f"“{text.escaped(str(cell)[:40])}”"
