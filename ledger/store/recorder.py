"""What every database of a ledger offers: eventsourcing's contract, and beside it postings, heads and look-ups.

Everything of one posting is one transaction: take the right to post, read the head, decide, append, write the head, commit.
The SQL here is the same everywhere, with `?` for a parameter; a database brings its connection, its transactions, its stage
for imports and the sentences for its troubles.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any, NamedTuple, cast
from uuid import UUID

from eventsourcing.persistence import ApplicationRecorder, ProgrammingError, StoredEvent

from ledger.errors import LedgerUnavailable
from ledger.store.encoding import Columns, StoredFact, stored
from ledger.store.interrupts import uninterrupted
from ledger.store.staging import Staging, TextRow

PAGE = 2_000
"""Events read at a time: readers fetch a page and end the read before they work on it."""

COLUMNS = "stream, number, type, recorded_at, reference, part, reverses, bytes, leaf"
_WITHOUT_LIMIT = 2**62


class HeadRow(NamedTuple):
    """A head as it is kept."""

    number: int
    recorded_at: str
    state_version: int
    state: bytes
    frontier: bytes


class Recorder(ApplicationRecorder):
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

    @abstractmethod
    def _troubles_told(self) -> AbstractContextManager[None]:
        """Turn what the database says into LedgerUnavailable and a sentence."""

    @abstractmethod
    def _run(self, sql: str, parameters: Sequence[object] = ()) -> Any:
        """Run a statement; gives a cursor."""

    @abstractmethod
    def _many(self, sql: str, rows: Sequence[Sequence[object]]) -> None:
        """Run a statement for every row."""

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
            (str(originator_id), gt or 0, *(_WITHOUT_LIMIT if bound is None else bound for bound in (lte, limit))),
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

    # Heads and their rows.

    def head(self, stream: str) -> HeadRow | None:
        """The head of an arrangement, if it has one."""
        rows = self._read("SELECT number, recorded_at, state_version, state, frontier FROM heads WHERE stream = ?", (stream,))
        return HeadRow(*rows[0]) if rows else None

    def balance(self, stream: str, book: str, account: str) -> int:
        """What an account stands at, in pence."""
        found = self._read(
            "SELECT pence FROM balances WHERE stream = ? AND book = ? AND account = ?", (stream, book, account)
        )
        return cast(int, found[0][0]) if found else 0

    def balances(self, stream: str) -> list[tuple[str, str, int]]:
        """Every account that is not nil: book, account, pence, sorted by book and account."""
        return self._read("SELECT book, account, pence FROM balances WHERE stream = ? ORDER BY book, account", (stream,))

    def item(self, stream: str, kind: str, code: str) -> bytes | None:
        """An asset's or liability's row, if there is one."""
        found = self._read("SELECT item FROM items WHERE stream = ? AND kind = ? AND code = ?", (stream, kind, code))
        return cast(bytes, found[0][0]) if found else None

    def items(self, stream: str) -> list[tuple[str, str, bytes]]:
        """Every item: kind, code, and the item's bytes."""
        return self._read("SELECT kind, code, item FROM items WHERE stream = ? ORDER BY kind, code", (stream,))

    def write_head(
        self,
        stream: str,
        row: HeadRow,
        balances: Iterable[tuple[str, str, int]],
        items: Iterable[tuple[str, str, bytes]],
    ) -> None:
        """Write a head, the balances that changed (nil ones go) and the items that changed."""
        self._run(
            "INSERT INTO heads (stream, number, recorded_at, state_version, state, frontier) VALUES (?, ?, ?, ?, ?, ?) "
            "ON CONFLICT (stream) DO UPDATE SET number = excluded.number, recorded_at = excluded.recorded_at, "
            "state_version = excluded.state_version, state = excluded.state, frontier = excluded.frontier",
            (stream, *row),
        )
        changed = list(balances)
        self._many(
            "INSERT INTO balances (stream, book, account, pence) VALUES (?, ?, ?, ?) "
            "ON CONFLICT (stream, book, account) DO UPDATE SET pence = excluded.pence",
            [(stream, book, account, pence) for book, account, pence in changed if pence],
        )
        self._many(
            "DELETE FROM balances WHERE stream = ? AND book = ? AND account = ?",
            [(stream, book, account) for book, account, pence in changed if not pence],
        )
        self._many(
            "INSERT INTO items (stream, kind, code, item) VALUES (?, ?, ?, ?) "
            "ON CONFLICT (stream, kind, code) DO UPDATE SET item = excluded.item",
            [(stream, *item) for item in items],
        )

    def forget_rows(self, stream: str) -> None:
        """Take away a head's balance and item rows, before they are written anew from the events."""
        for table in ("balances", "items"):
            self._run(f"DELETE FROM {table} WHERE stream = ?", (stream,))

    # Look-ups.

    def streams(self) -> list[str]:
        """The codes of every arrangement, sorted."""
        return [code for (code,) in self._read("SELECT stream FROM heads ORDER BY stream")]

    def reference(self, stream: str, reference: str) -> list[bytes]:
        """The bytes of the events that bear a reference, in order."""
        rows = self._read("SELECT bytes FROM events WHERE stream = ? AND reference = ? ORDER BY part", (stream, reference))
        return [raw for (raw,) in rows]

    def reversal_of(self, stream: str, number: int) -> int | None:
        """The number of the event that reversed one, if any did."""
        rows = self._read("SELECT number FROM events WHERE stream = ? AND reverses = ?", (stream, number))
        return cast(int, rows[0][0]) if rows else None

    def reversals(self, stream: str) -> list[tuple[int, int]]:
        """Every reversal: the number of the event reversed, and that of the event which reverses it."""
        return self._read("SELECT reverses, number FROM events WHERE stream = ? AND reverses IS NOT NULL", (stream,))

    def of_type(self, stream: str, type: str) -> list[bytes]:
        """The bytes of the events of a type, in order; there must be few."""
        return [
            raw
            for (raw,) in self._read("SELECT bytes FROM events WHERE stream = ? AND type = ? ORDER BY number", (stream, type))
        ]

    def event(self, stream: str, number: int) -> bytes | None:
        """One event's bytes."""
        rows = self._read("SELECT bytes FROM events WHERE stream = ? AND number = ?", (stream, number))
        return cast(bytes, rows[0][0]) if rows else None

    def of_types(self, stream: str, types: Sequence[str], up_to: int) -> list[bytes]:
        """The bytes of the events of some types up to a number, in order."""
        marks = ", ".join("?" * len(types))
        sql = f"SELECT bytes FROM events WHERE stream = ? AND number <= ? AND type IN ({marks}) ORDER BY number"
        return [raw for (raw,) in self._read(sql, (stream, up_to, *types))]

    def leaves(self, stream: str, up_to: int) -> Iterator[list[bytes]]:
        """The leaf hashes of the events up to a number, a page at a time."""
        after = 0
        while after < up_to:
            rows = self._read(
                "SELECT number, leaf FROM events WHERE stream = ? AND number > ? AND number <= ? ORDER BY number LIMIT ?",
                (stream, after, up_to, 10 * PAGE),
            )
            if not rows:
                return
            yield [leaf for _number, leaf in rows]
            after = rows[-1][0]

    def leaf(self, stream: str, number: int) -> bytes | None:
        """One event's leaf hash, as it is kept."""
        rows = self._read("SELECT leaf FROM events WHERE stream = ? AND number = ?", (stream, number))
        return cast(bytes, rows[0][0]) if rows else None

    def last_recorded_by(self, stream: str, moment: str) -> int:
        """The number of the last event recorded at or before a moment (0 where none was)."""
        low, high = 0, cast("int | None", self._one("SELECT max(number) FROM events WHERE stream = ?", (stream,))[0])
        high = high or 0
        while low < high:
            middle = (low + high + 1) // 2
            at = self._one("SELECT recorded_at FROM events WHERE stream = ? AND number = ?", (stream, middle))[0]
            low, high = (middle, high) if at <= moment else (low, middle - 1)
        return low

    def pages(self, stream: str, after: int = 0, up_to: int | None = None) -> Iterator[list[bytes]]:
        """The events' bytes after a number and up to another, a page at a time; no lock is held between pages."""
        last = _WITHOUT_LIMIT if up_to is None else up_to
        while after < last:
            rows = self._read(
                "SELECT number, bytes FROM events WHERE stream = ? AND number > ? AND number <= ? ORDER BY number LIMIT ?",
                (stream, after, last, PAGE),
            )
            if not rows:
                return
            yield [raw for _number, raw in rows]
            after = rows[-1][0]

    def counted(self) -> tuple[int, str]:
        """How many events there are, and when the last was recorded (“” in an empty ledger)."""
        count, last = self._one("SELECT coalesce(sum(number), 0), coalesce(max(recorded_at), '') FROM heads")
        return int(count), last

    # Texts.

    def put_texts(self, texts: Sequence[TextRow]) -> None:
        """Keep texts and their salts, inside a posting."""
        self._many("INSERT INTO texts (stream, number, field, salt, text) VALUES (?, ?, ?, ?, ?)", texts)

    def erase_texts(self, stream: str, number: int) -> None:
        """Take an event's texts and their salts out for good, inside a posting."""
        self._run("DELETE FROM texts WHERE stream = ? AND number = ?", (stream, number))

    def text(self, stream: str, number: int, field: str) -> tuple[bytes, str] | None:
        """The salt and text of an event's narrative or reason, if it is there."""
        rows = self._read(
            "SELECT salt, text FROM texts WHERE stream = ? AND number = ? AND field = ?", (stream, number, field)
        )
        return (rows[0][0], rows[0][1]) if rows else None

    def _read(self, sql: str, parameters: Sequence[object] = ()) -> list[Any]:
        with self._troubles_told():
            return cast("list[Any]", self._run(sql, parameters).fetchall())

    def _one(self, sql: str, parameters: Sequence[object] = ()) -> Any:
        return self._read(sql, parameters)[0]
