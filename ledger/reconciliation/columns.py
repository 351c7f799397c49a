"""Which column of a party's extract is which, and the sign its figures carry; kept per party with each agreement."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple
from unicodedata import normalize

from ledger import text
from ledger.errors import Refused

FIELDS = ("reference", "amount", "date")
"""What a line of an extract must say."""


class Columns(NamedTuple):
    """The names of a party's columns; its amounts are multiplied by `sign` (1 or -1), so that what it is owed is positive.

    `sheet` is the name of the sheet of a workbook, empty for the first. `kept` is the number of the event that the names
    were taken from, 0 where they were given or are the usual ones.
    """

    reference: str = "reference"
    amount: str = "amount"
    date: str = "date"
    sign: int = 1
    kept: int = 0
    sheet: str = ""

    def stored(self) -> dict[str, str]:
        """As an agreement of balances keeps them."""
        sheet = {"sheet": self.sheet} if self.sheet else {}
        return {**{field: getattr(self, field) for field in FIELDS}, "sign": str(self.sign), **sheet}


def mapped(words: str) -> tuple[str, str]:
    """The field and the party's column of “amount=Value”; raises ValueError with a sentence."""
    field, equals, column = words.partition("=")
    if not equals or not column.strip():
        raise ValueError(f"“{text.escaped(words[:40])}” is no mapping: write it like amount=Value")
    if field not in FIELDS:
        raise ValueError(f"“{text.escaped(field[:40])}” cannot be mapped: there is {', '.join(FIELDS)}")
    return field, text.clean(column.strip(), 200)


def columns(
    given: Mapping[str, str], sign: int | None, kept: Mapping[str, str] | None, number: int = 0, sheet: str | None = None
) -> Columns:
    """The columns to read: those given (the rest by their usual names), else those kept in an event; sign and sheet likewise.

    Raises Refused where one column would be read as two things.
    """
    if given or kept is None or not kept.keys() >= {*FIELDS, "sign"}:
        found = Columns(given.get("reference", "reference"), given.get("amount", "amount"), given.get("date", "date"))
    else:
        found = Columns(kept["reference"], kept["amount"], kept["date"], int(kept["sign"]), number,
                        kept.get("sheet", ""))  # fmt: skip
    if sign is not None:
        found = found._replace(sign=sign)
    if sheet is not None:
        found = found._replace(sheet=sheet)
    names = [folded(getattr(found, field)) for field in FIELDS]
    for at, name in enumerate(names):
        if name in names[:at]:
            raise Refused(
                f"The column {getattr(found, FIELDS[at])} cannot be both {FIELDS[names.index(name)]} and {FIELDS[at]}: "
                f"give each a column of its own with --map."
            )
    return found


def folded(name: str) -> str:
    """A name or reference as it is compared: whatever its case, the blanks around or doubled in it, the coding of accents."""
    return " ".join(normalize("NFC", name).split()).casefold()
