"""What every database of a ledger offers: eventsourcing's contract, and beside it postings, heads and look-ups.

Everything of one posting is one transaction: take the right to post, read the head, decide, append, write the head, commit.
A database brings its connection, its transactions, its stage for imports and the sentences for its troubles.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any, cast
from uuid import UUID

from eventsourcing.persistence import ApplicationRecorder, ProgrammingError, StoredEvent

from ledger.errors import LedgerUnavailable
from ledger.store.encoding import Columns, StoredFact, stored
from ledger.store.interrupts import uninterrupted
from ledger.store.rows import COLUMNS, WITHOUT_LIMIT, Rows
from ledger.store.staging import Staging


class Recorder(Rows, ApplicationRecorder):
    """Keeps and gives back the events of a ledger."""

    where: Path | str
    """The ledger's file, or the URL of its database, with the password that may be in it."""
    ledger_id: str
    created_at: str
    committed = 0
    """How many postings have been recorded through this recorder."""
    _last: Columns | None = None

    # What a database brings.

    @property
    @abstractmethod
    def name(self) -> str:
        """How sentences call the ledger; it never holds a password."""

    @abstractmethod
    def close(self) -> None:
        """Leave the ledger."""

    @abstractmethod
    def size(self) -> int:
        """How many bytes the ledger takes up."""

    @abstractmethod
    def staging(self) -> Staging:
        """An empty stage for an import."""

    @abstractmethod
    def insert_staged(self, staging: Staging) -> int:
        """Append everything staged, inside a posting, in the order it was staged; gives how many events that were."""

    @abstractmethod
    def backup(self, target: Path) -> int:
        """Copy the whole ledger, as of one moment, into an empty file; gives how many events the copy holds."""

    @abstractmethod
    def snapshot(self) -> AbstractContextManager[None]:
        """Reads inside see one moment of the ledger; keep it short."""

    @abstractmethod
    def _append(self, rows: Sequence[Columns]) -> Sequence[int] | None:
        """Append events and give their positions, where there are such; raises IntegrityError where one is there already."""

    @abstractmethod
    def _begin(self, streams: Sequence[str]) -> None:
        """Begin a transaction that alone may post in these arrangements."""

    @abstractmethod
    def _posting(self) -> bool:
        """Whether a transaction is open."""

    @abstractmethod
    def _end(self) -> None:
        """Commit it; raises LedgerUnavailable."""

    @abstractmethod
    def _rollback(self) -> None:
        """Leave every byte as it was; raises nothing."""

    @abstractmethod
    def _connect_anew(self) -> None:
        """Leave this connection and make another."""

    # The contract of eventsourcing.

    def insert_events(self, stored_events: Sequence[StoredEvent], **_kwargs: Any) -> Sequence[int] | None:
        """Append events inside a posting; raises IntegrityError where one is there already."""
        if not self._posting():
            raise ProgrammingError("events are appended within a posting, which writes the head with them")
        rows = [fact.columns for fact in cast(Sequence[StoredFact], stored_events)]
        if rows:
            self._last = rows[-1]
        return self._append(rows)

    def select_events(
        self,
        originator_id: UUID | str,
        *,
        gt: int | None = None,
        lte: int | None = None,
        desc: bool = False,
        limit: int | None = None,
    ) -> Sequence[StoredFact]:
        """The events of a stream, in order or in reverse."""
        rows = self._read(
            f"SELECT {COLUMNS} FROM events WHERE stream = ? AND number > ? AND number <= ? "
            f"ORDER BY number {'DESC' if desc else 'ASC'} LIMIT ?",
            (str(originator_id), gt or 0, *(WITHOUT_LIMIT if bound is None else bound for bound in (lte, limit))),
        )
        return [stored(row) for row in rows]

    # The posting transaction.

    @contextmanager
    def posting(self, *streams: str) -> Iterator[None]:
        """One transaction that alone may post in these arrangements; what is raised inside leaves every byte as it was."""
        self._last = None
        try:
            with self._troubles_told():
                self._begin(sorted(streams))
                yield
        except BaseException:
            self._rollback()
            raise
        with uninterrupted():
            self._commit()
            self.committed += 1

    def _commit(self) -> None:
        try:
            self._end()
        except Exception:
            self._rollback()
            if self._last is None or not self._recorded_after_all(self._last):
                raise

    def _recorded_after_all(self, last: Columns) -> bool:
        """A failed COMMIT can hide a success: ask on a new connection whether our leaf stands at our number.

        Asked under the lock, so that a server that still commits for us is waited for.
        """
        stream, number = last[:2]
        try:
            self._connect_anew()
            with self._troubles_told():
                self._begin([stream])
                return self.leaf(stream, number) == last[-1]
        except LedgerUnavailable as error:
            raise LedgerUnavailable(
                f"{self.name} went away just as it recorded, so whether it did is not known. When it is back, look for "
                f"#{number} of {stream} with `poolbook report journal {stream}`. What went wrong: {error}"
            ) from error
        finally:
            self._rollback()
