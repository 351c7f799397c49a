"""Whole pence: read, written and split without losing one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from math import lcm
from typing import TYPE_CHECKING

from ledger.text import escaped

if TYPE_CHECKING:
    from fractions import Fraction

_AMOUNT = re.compile(r"(-?)([0-9]{1,13})(?:\.([0-9]{1,2}))?")
_TERM = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,6}|/[0-9]{1,9})?")

LARGEST = 2**53
"""No balance may reach this many pence (ninety million million pounds): beyond it JSON's numbers are not exact everywhere."""


def pence(text: str) -> int:
    """The amount a person wrote in pounds, as whole pence.

    ASCII digits only, at most 13 before the point and two after it; no separators, exponent or plus sign.
    Raises ValueError with a sentence.
    """
    match = _AMOUNT.fullmatch(text)
    if match is None:
        raise ValueError(f"“{escaped(text[:40])}” is not an amount: write pounds like 1234.50, without separators")
    sign, whole, part = match.groups()
    value = int(whole) * 100 + (int(part.ljust(2, "0")) if part else 0)
    return -value if sign else value


def pounds(amount: int) -> str:
    """Pence as JSON and CSV carry them: two decimals, no separators (“-1234.50”)."""
    sign = "-" if amount < 0 else ""
    return f"{sign}{abs(amount) // 100}.{abs(amount) % 100:02d}"


def printed(amount: int) -> str:
    """Pence as a sentence or a table shows them: separators, two decimals (“-1,234.50”)."""
    sign = "-" if amount < 0 else ""
    return f"{sign}{abs(amount) // 100:,}.{abs(amount) % 100:02d}"


def sterling(amount: int) -> str:
    """Pence as a sentence shows them, with the sign of the currency (“£1,234.50”)."""
    return f"-£{printed(-amount)}" if amount < 0 else f"£{printed(amount)}"


def ratio(terms: Sequence[int | str]) -> list[int]:
    """The terms of a ratio as whole numbers that stand to each other as they do: as written where they are whole.

    A term is a whole number or a string such as "33.5" or "1/3"; none may be negative, and they may not all be nil.
    Raises ValueError with a sentence.
    """
    exact = [_term(term) for term in terms]
    if not any(exact):
        raise ValueError("a ratio needs at least one share above nil")
    scale = lcm(*(share.denominator for share in exact))
    whole = [int(share * scale) for share in exact]
    if max(whole) >= 2**53:
        raise ValueError("the ratio has more digits than can be kept: write it in smaller numbers")
    return whole


def written_ratio(text: str) -> dict[str, int]:
    """A ratio as a command line says it, “OCC=3,OCCG=2”: code → whole share, without nil ones; raises ValueError."""
    found: dict[str, str] = {}
    for part in text.split(","):
        code, equals, share = (piece.strip() for piece in part.partition("="))
        if not code or not equals or code in found:
            raise ValueError(f"“{escaped(text[:40])}” is not a ratio: write each party once, like OCC=3,OCCG=2")
        found[code] = share
    return {code: share for code, share in zip(found, ratio(list(found.values())), strict=True) if share}


def _term(term: int | str) -> Fraction:
    from fractions import Fraction

    if isinstance(term, bool) or not isinstance(term, int | str):
        raise ValueError('a share is a whole number, or a string like "33.5" or "1/3"')
    text = str(term)
    if not _TERM.fullmatch(text) or ("/" in text and not text.partition("/")[2].strip("0")):
        raise ValueError(f'“{escaped(text[:40])}” is not a share: write a whole number, or a string like "33.5" or "1/3"')
    return Fraction(text)


def split(amount: int, weights: Sequence[int]) -> list[int]:
    """Share an amount in a ratio to the penny, by largest remainder.

    Each exact share is floored; the pennies left go one each to the largest remainders, ties to whoever comes first.
    A negative amount is the mirror image of the positive one. Raises ValueError for a ratio of nothing.
    """
    total = sum(weights)
    if total <= 0:
        raise ValueError("a ratio needs at least one share above nil")
    if amount < 0:
        return [-part for part in split(-amount, weights)]
    floors_and_remainders = [divmod(amount * weight, total) for weight in weights]
    parts = [floor for floor, _ in floors_and_remainders]
    left = amount - sum(parts)
    if left:
        by_remainder = sorted(range(len(weights)), key=lambda index: -floors_and_remainders[index][1])
        for index in by_remainder[:left]:
            parts[index] += 1
    return parts
