"""Figures that are not money, as indicators give them: exact decimals, kept as text and never as floats."""

from __future__ import annotations

import re
from decimal import Decimal

from ledger.text import escaped

_MEASURE = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,6})?")


def measure(text: str) -> str:
    """The figure in its one spelling (“90.50” is “90.5”); raises ValueError with a sentence."""
    if not _MEASURE.fullmatch(text):
        raise ValueError(f"“{escaped(text[:40])}” is not a figure: write it like 87.5, with at most 6 decimals and no unit")
    return _spelt(Decimal(text))


def difference(new: str, old: str) -> str:
    """What one figure is above another."""
    return _spelt(Decimal(new) - Decimal(old))


def meets(value: str, target: str, direction: str) -> bool:
    """Whether a figure is as good as its target, or better: higher or lower."""
    return Decimal(value) >= Decimal(target) if direction == "higher" else Decimal(value) <= Decimal(target)


def _spelt(number: Decimal) -> str:
    plain = f"{number:f}"
    plain = plain.rstrip("0").rstrip(".") if "." in plain else plain
    return "0" if plain == "-0" else plain
