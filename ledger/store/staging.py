"""Where an import's events wait, apart from the ledger, until they are all decided: what every database's stage offers."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import NamedTuple

from ledger.store.encoding import Columns

BATCH = 1_000


class TextRow(NamedTuple):
    """A text kept apart from its event, which holds only its commitment."""

    stream: str
    number: int
    field: str
    salt: bytes
    text: str


class Seen(NamedTuple):
    """A row's place in its file, and the reference it bears."""

    line: int
    stream: str
    reference: str


class Staging(ABC):
    """The stage of one import; nothing here takes a lock on the ledger."""

    def __init__(self) -> None:
        self._rows: list[Columns] = []
        self._texts: list[TextRow] = []
        self.repeated: list[tuple[Seen, int]] = []
        """Rows whose reference stood in the file already, and the line where it did."""
        self.last: Columns | None = None

    @abstractmethod
    def see(self, batch: list[Seen]) -> dict[tuple[str, str], bytes]:
        """Note some rows' references; give the first event of those that were recorded before, by stream and reference."""

    def put(self, row: Columns, texts: list[TextRow]) -> None:
        """Stage an event's row and its texts."""
        self._rows.append(row)
        self._texts += texts
        self.last = row
        if len(self._rows) >= BATCH:
            self.flush()

    def flush(self) -> None:
        """Write what waits in memory to the stage."""
        self._write(self._rows, self._texts)
        self._rows, self._texts = [], []

    @abstractmethod
    def _write(self, rows: list[Columns], texts: list[TextRow]) -> None:
        """Keep rows and texts in the order given."""
