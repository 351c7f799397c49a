"""What a report says, before it is said: a document for programs, sheets for people, one flat list for spreadsheets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple


class Sheet(NamedTuple):
    """A table: its title, its columns, its rows; the columns named in `amounts` hold whole pence."""

    title: str
    header: tuple[str, ...]
    rows: Sequence[tuple[object, ...]]
    amounts: tuple[str, ...] = ()


class Report(NamedTuple):
    """One arrangement's answer: `document` with money as strings, `sheets` for people, `flat` with money in pence."""

    document: dict[str, Any]
    sheets: list[Sheet]
    flat: Sheet
