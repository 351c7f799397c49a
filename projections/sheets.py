"""What a report says, before it is said: a document for programs, sheets for people, one flat list for spreadsheets."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple


class Sheet(NamedTuple):
    """A table: its title, its columns, its rows.

    The columns named in `amounts` hold whole pence, those in `numbers` other figures, as text.
    """

    title: str
    header: tuple[str, ...]
    rows: Iterable[tuple[object, ...]]
    amounts: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()


class Report(NamedTuple):
    """One arrangement's answer, put into a form only when it is asked for, for a long one fills the memory in each.

    `document` has money as strings, `sheets` are for people, `flat` has money in pence.
    """

    make_document: Callable[[], dict[str, Any]]
    make_sheets: Callable[[], list[Sheet]]
    make_flat: Callable[[], Sheet]

    @property
    def document(self) -> dict[str, Any]:
        """The answer as JSON shows it."""
        return self.make_document()

    @property
    def sheets(self) -> list[Sheet]:
        """The answer as tables for people."""
        return self.make_sheets()

    @property
    def flat(self) -> Sheet:
        """The answer as one list."""
        return self.make_flat()
