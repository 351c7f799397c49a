"""The rows of a ledger, looked up and written with the same SQL in every database; `?` stands for a parameter."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from typing import Any, NamedTuple, cast

from ledger.store.staging import TextRow

PAGE = 2_000
"""Events read at a time: readers fetch a page and end the read before they work on it."""

COLUMNS = "stream, number, type, recorded_at, reference, part, reverses, bytes, leaf"
WITHOUT_LIMIT = 2**62


class HeadRow(NamedTuple):
    """A head as it is kept."""

    number: int
    recorded_at: str
    state_version: int
    state: bytes
    frontier: bytes


class Rows(ABC):
    """What a ledger keeps: heads with their balances and items, events, texts."""

    # What a database brings.

    @abstractmethod
    def _troubles_told(self) -> AbstractContextManager[None]:
        """Turn what the database says into LedgerUnavailable and a sentence."""

    @abstractmethod
    def _run(self, sql: str, parameters: Sequence[object] = ()) -> Any:
        """Run a statement; gives a cursor."""

    @abstractmethod
    def _many(self, sql: str, rows: Sequence[Sequence[object]]) -> None:
        """Run a statement for every row."""

    def _read(self, sql: str, parameters: Sequence[object] = ()) -> list[Any]:
        with self._troubles_told():
            return cast("list[Any]", self._run(sql, parameters).fetchall())

    def _one(self, sql: str, parameters: Sequence[object] = ()) -> Any:
        return self._read(sql, parameters)[0]

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

    def disputes(self, stream: str) -> list[bytes]:
        """The bytes of every event about a dispute, in order; an index that says the same finds them."""
        rows = self._read(
            "SELECT bytes FROM events WHERE stream = ? "
            "AND type IN ('DisputeRaised', 'DisputeAcknowledged', 'DisputeResolved') ORDER BY number",
            (stream,),
        )
        return [raw for (raw,) in rows]

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
        last = WITHOUT_LIMIT if up_to is None else up_to
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
