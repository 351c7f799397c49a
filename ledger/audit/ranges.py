"""What a range of an arrangement's events comes to: the edge of its tree, its balances, its texts; in any process.

Ranges begin where full subtrees do, so that their edges follow one another in one tree. A long scan is shared between
processes, range by range; what a range comes to is small, so memory stays flat.
"""

from __future__ import annotations

import os
import signal
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from hashlib import sha256
from typing import Any, NamedTuple, TypeAlias, TypeVar

from ledger.accounts import Entries
from ledger.audit.reader import Reader, opened
from ledger.audit.scan import Batch, Fault, batches, without_gc
from ledger.events import Event, NarrativeErased
from ledger.store.merkle import Frontier
from ledger.store.opening import Place

T = TypeVar("T")

Totals: TypeAlias = defaultdict[str, defaultdict[str, int]]
"""Book → account → pence, nil where nothing was posted."""

SPAN = 1 << 14
"""Events in a range."""

ALONE = 20_000
"""Up to so many events one process is faster than starting two."""

MOST = 4
"""No more processes than this."""


class Range(NamedTuple):
    """Some of an arrangement's events, from one number to another."""

    stream: str
    first: int
    last: int
    marks: tuple[int, ...] = ()
    """Sizes, within the range, at which the root is wanted."""


class Sum(NamedTuple):
    """What a range comes to; with a fault, only that."""

    edge: bytes
    marks: dict[int, bytes]
    """The edge at each size that was marked."""
    balances: Entries
    recorded_at: str
    texts: int
    missing: list[tuple[int, str]]
    """Texts that an event commits to and that are not there: number, field."""
    erased: list[int]
    """Events whose texts were erased, as the range's events say."""
    fault: tuple[int, str] | None


def ranges(stream: str, last: int, marks: Iterable[int] = ()) -> list[Range]:
    """An arrangement's events in ranges."""
    spans = [(first, min(first + SPAN - 1, last)) for first in range(1, last + 1, SPAN)]
    sizes = sorted(set(marks))
    return [Range(stream, first, end, tuple(size for size in sizes if first <= size <= end)) for first, end in spans]


def summed(reader: Reader, part: Range) -> Sum:
    """A range's sum; of one that is not sound, its first fault."""
    frontier, balances, missing, count, recorded_at = Frontier(), totals(), list[tuple[int, str]](), 0, ""
    erased: list[int] = []
    marks: dict[int, bytes] = {}
    try:
        with without_gc():
            for batch in batches(reader, *part[:3]):
                _extend(frontier, batch, part, marks)
                _post(balances, batch.events)
                count += _check_texts(reader, part.stream, batch, missing)
                erased += [event.fact.event for event in batch.events if type(event.fact) is NarrativeErased]
                recorded_at = batch.events[-1].recorded_at
    except Fault as fault:
        return Sum(b"", {}, {}, "", 0, [], [], (fault.number, fault.sentence))
    plain = {book: dict(accounts) for book, accounts in balances.items()}
    return Sum(frontier.edge(), marks, plain, recorded_at, count, missing, erased, None)


def _extend(frontier: Frontier, batch: Batch, part: Range, marks: dict[int, bytes]) -> None:
    """Extend a range's tree, keeping its edge where one of the marks stands."""
    first, at = batch.events[0].number, 0
    for size in part.marks:
        if first <= size < first + len(batch.leaves):
            frontier.extend(batch.leaves[at : size + 1 - first])
            at = size + 1 - first
            marks[size] = frontier.edge()
    frontier.extend(batch.leaves[at:])


def divided(where: Place, work: Callable[[Reader, T], Any], parts: Iterable[T], events: int) -> Iterator[Any]:
    """The work done on each part of a ledger file, in order; by several processes where there are many events.

    `work` is a function of a module, given a reader of its own process; parts and results pass between processes.
    """
    workers = min(os.cpu_count() or 1, MOST)
    if events <= ALONE or workers == 1:
        reader = opened(where)
        try:
            for part in parts:
                yield work(reader, part)
        finally:
            reader.close()
        return
    with ProcessPoolExecutor(workers, initializer=_begin, initargs=(where,)) as pool:
        try:
            yield from pool.map(_work, ((work, part) for part in parts))
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


_mine: list[Reader] = []
"""The reader of a worker's process."""


def _begin(where: Place) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to answer
    _mine.append(opened(where))


def _work(task: tuple[Callable[[Reader, T], Any], T]) -> Any:
    work, part = task
    return work(_mine[0], part)


def totals() -> Totals:
    """Books without any account yet."""
    return defaultdict(lambda: defaultdict(int))


def _post(balances: Totals, events: list[Event]) -> None:
    """Add what the events post; raises Fault where a book of one does not balance."""
    for event in events:
        for book, accounts in event.entries.items():
            if sum(accounts.values()):
                raise Fault(event.number, f"its entries do not balance in {book}")
            now = balances[book]
            for account, pence in accounts.items():
                now[account] += pence


def _check_texts(reader: Reader, stream: str, batch: Batch, missing: list[tuple[int, str]]) -> int:
    """Hold the batch's texts against what its events commit to; gives how many there are, and notes those that are not."""
    sql = "SELECT number, field, salt, text FROM texts WHERE stream = ? AND number BETWEEN ? AND ?"
    rows = reader.rows(sql, stream, batch.events[0].number, batch.events[-1].number)
    texts = {(number, field): (salt, text) for number, field, salt, text in rows}
    for event in batch.events:
        if event.narrative_commitment or event.reason_commitment:
            for field in ("narrative", "reason"):
                committed = getattr(event, f"{field}_commitment")
                if not committed:
                    continue
                found = texts.pop((event.number, field), None)
                if found is None:
                    missing.append((event.number, field))
                elif not _proves(*found, committed):
                    raise Fault(event.number, f"its {field} is not the text that its bytes commit to")
    for number, field in texts:
        raise Fault(number, f"a {field} lies beside it that its bytes do not commit to")
    return len(rows)


def _proves(salt: object, text: object, committed: str) -> bool:
    if not isinstance(salt, bytes) or not isinstance(text, str) or len(salt) != 16:
        return False
    return sha256(salt + text.encode()).hexdigest() == committed
