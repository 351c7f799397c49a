"""Prove a ledger from its stored bytes alone: events, log, balances, texts; every cached column and row held against them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from ledger.accounts import Entries
from ledger.audit.ranges import Range, Sum, divided, ranges, summed
from ledger.audit.reader import HeadSeen, Reader
from ledger.errors import Refused, did_you_mean
from ledger.store.merkle import Frontier

SHOWN = 100


class Finding(NamedTuple):
    """One thing that does not prove; `number` is the event's, 0 where it is not about one."""

    number: int
    sentence: str


class Verified(NamedTuple):
    """What verifying an arrangement found: how many events prove, and, where all do, the root of their tree."""

    arrangement: str
    events: int
    root: bytes
    findings: list[Finding]


class _Cached(NamedTuple):
    """What the ledger keeps of an arrangement beside its events, as of one moment."""

    head: HeadSeen
    last: int
    """The last number that there can be: as many as the head counts, but no more than there are events."""
    balances: list[tuple[Any, Any, Any]]
    texts: int


def verified(path: Path, arrangement: str | None = None) -> list[Verified]:
    """Verify an arrangement, or all; raises NotProven where the file is no ledger, Refused for an unknown code."""
    reader = Reader(path)
    try:
        with reader.snapshot():
            cached = [_cached(reader, head) for head in reader.heads(arrangement)]
            if arrangement is None:
                strays = list(_strays(reader, cached))
            elif cached:
                strays = []
            else:
                codes = [head.stream for head in reader.heads()]
                raise Refused(f"There is no arrangement {arrangement} in this ledger{did_you_mean(arrangement, codes)}")
    finally:
        reader.close()
    work = [ranges(each.head.stream, each.last) for each in cached]
    parts = [part for some in work for part in some]
    sums = zip(parts, divided(path, summed, parts, sum(each.last for each in cached)), strict=True)
    return [*(_arrangement(each, islice(sums, len(some))) for each, some in zip(cached, work, strict=True)), *strays]


def _cached(reader: Reader, head: HeadSeen) -> _Cached:
    balances = reader.rows("SELECT book, account, pence FROM balances WHERE stream = ? ORDER BY book, account", head.stream)
    ((texts,),) = reader.rows("SELECT count(*) FROM texts WHERE stream = ?", head.stream)
    ((events,),) = reader.rows("SELECT count(*) FROM events WHERE stream = ?", head.stream)
    return _Cached(head, min(head.number, events) if isinstance(head.number, int) else events, balances, texts)


def _strays(reader: Reader, cached: list[_Cached]) -> Iterator[Verified]:
    """Rows that belong to no arrangement."""
    known = {each.head.stream for each in cached}
    for table in ("balances", "items", "texts"):
        for (stream,) in reader.rows(f"SELECT DISTINCT stream FROM {table}"):
            if stream not in known:
                yield Verified(str(stream), 0, b"", [Finding(0, f"there are {table} of it, and no events")])
    ((events,),) = reader.rows("SELECT count(*) FROM events NOT INDEXED")
    heads = sum(each.head.number for each in cached if isinstance(each.head.number, int))
    if events != heads:
        yield Verified("", events, b"", [Finding(0, f"its file holds {events:,} events, and its heads count {heads:,}")])


def _arrangement(cached: _Cached, sums: Iterator[tuple[Range, Sum]]) -> Verified:
    """Put the sums of an arrangement's ranges together and hold what is cached against them."""
    frontier, balances, texts, recorded_at = Frontier(), Entries(), 0, ""
    missing: list[tuple[int, str]] = []
    fault: Finding | None = None
    for part, total in sums:
        if fault is not None:
            continue
        if total.fault is not None:
            fault = Finding(*total.fault)
            continue
        frontier.follow(total.edge, part.last - part.first + 1)
        _add(balances, total.balances)
        texts, recorded_at = texts + total.texts, total.recorded_at
        missing += total.missing
    if fault is not None:
        return Verified(cached.head.stream, fault.number - 1, b"", [fault])
    findings = list(_differences(cached, frontier, balances, recorded_at, texts, missing))
    return Verified(cached.head.stream, frontier.size, frontier.root(), findings[:SHOWN])


def _differences(
    cached: _Cached, frontier: Frontier, balances: Entries, recorded_at: str, texts: int, missing: list[tuple[int, str]]
) -> Iterator[Finding]:
    head = cached.head
    for number, field in missing:
        yield Finding(number, f"its {field} is missing, and was not erased")
    if texts != cached.texts:
        yield Finding(0, f"there are {cached.texts:,} texts, and its events commit to {texts:,} of them")
    if head.number != cached.last:
        yield Finding(cached.last + 1, f"there is no #{cached.last + 1}, and its head counts {head.number} events")
        return
    if head.frontier != frontier.edge():
        yield Finding(0, "the right edge of the log that its head keeps is not that of its events")
    if head.recorded_at != recorded_at:
        yield Finding(0, f"its head says {head.recorded_at}, and its last event was recorded at {recorded_at}")
    proved = {(book, account): pence for book, accounts in balances.items() for account, pence in accounts.items() if pence}
    for book, account, pence in cached.balances:
        due = proved.pop((book, account), None)
        if pence != due:
            yield Finding(0, f"the balance of {book}, {account} is kept as {pence} pence, and its events make {due or 0}")
    for (book, account), due in proved.items():
        yield Finding(0, f"the balance of {book}, {account} is not kept, and its events make {due}")


def _add(balances: Entries, more: Entries) -> None:
    for book, accounts in more.items():
        now = balances.setdefault(book, {})
        for account, pence in accounts.items():
            now[account] = now.get(account, 0) + pence
