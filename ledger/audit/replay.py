"""Everything rebuilt from the events alone, and whatever the ledger keeps beside them held against it.

Entries are derived once more from their facts, the head's state and items folded from the first event on, each close held
against the balances of its day.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, NamedTuple

import msgspec

from ledger import events as e
from ledger.accounts import Entries
from ledger.audit.fold import Fold, Folded, folded
from ledger.audit.ranges import SPAN, divided
from ledger.audit.reader import HeadSeen, Reader, opened
from ledger.audit.rederive import SETS_TERMS, Closed, Derived, Periods, Task, add, derived, total
from ledger.audit.verification import Finding
from ledger.errors import LedgerUnavailable, Refused, did_you_mean
from ledger.state import STATE_VERSION
from ledger.store.merkle import Frontier
from ledger.store.opening import Place

_decoder = msgspec.json.Decoder(e.Event)
_SET_ASIDE = tuple(kind.__struct_config__.tag for kind in (*SETS_TERMS, e.YearClosed))


class Check(NamedTuple):
    """One thing held against the events: how many of it, and the first that differs."""

    name: str
    compared: int
    differences: list[Finding]


class Replayed(NamedTuple):
    """An arrangement rebuilt up to a number: its root there, its balances as at the day asked, and what was checked."""

    arrangement: str
    events: int
    root: bytes
    balances: Entries
    checks: list[Check]
    terms: list[tuple[int, bytes]]
    """The events that set its terms: number and bytes."""

    @property
    def first(self) -> Finding | None:
        """The first difference: the lowest number, what is about no event last."""
        found = [finding for check in self.checks for finding in check.differences]
        return min(found, key=lambda finding: (finding.number == 0, finding.number), default=None)


class Asked(NamedTuple):
    """How far: up to a number or a moment (None: all), and balances as at a day (None: all that is posted)."""

    known: str | int | None = None
    as_at: date | None = None


class _Kept(NamedTuple):
    """What the ledger keeps of an arrangement beside its events, as of one moment, and how far it is replayed."""

    head: HeadSeen
    balances: list[Any]
    items: list[Any]
    up_to: int
    terms: list[tuple[int, bytes]]
    """The events that set terms."""
    days: tuple[date, ...]
    """The first days of years that follow a closed one, and the day after the one asked for."""


def replayed(where: Place, arrangement: str | None, asked: Asked) -> list[Replayed]:
    """Replay an arrangement, or all; raises NotProven where the file is no ledger, Refused for an unknown code."""
    reader = opened(where)
    try:
        with reader.snapshot():
            heads = reader.heads(arrangement)
            if arrangement is not None and not heads:
                codes = [head.stream for head in reader.heads()]
                raise Refused(f"There is no arrangement {arrangement} in this ledger{did_you_mean(arrangement, codes)}")
            kept = [_kept(reader, head, asked) for head in heads]
    finally:
        reader.close()
    tasks = [task for each in kept for task in _tasks(each)]
    results = divided(where, _worked, tasks, sum(each.up_to for each in kept))
    return [_arrangement(each, asked, results) for each in kept]


def _kept(reader: Reader, head: HeadSeen, asked: Asked) -> _Kept:
    if isinstance(head.state_version, int) and head.state_version > STATE_VERSION:
        raise LedgerUnavailable(
            f"{head.stream} was last written by a newer Poolbook (its state is {head.state_version}, this one knows "
            f"{STATE_VERSION}): install the newer version."
        )
    up_to = _number(reader, head, asked.known)
    marks = ", ".join("?" * len(_SET_ASIDE))
    rows = reader.rows(
        f"SELECT number, type, bytes FROM events WHERE stream = ? AND number <= ? AND type IN ({marks}) ORDER BY number",
        head.stream, up_to, *_SET_ASIDE,
    )  # fmt: skip
    opens = {_opens(raw) for _, name, raw in rows if name == e.YearClosed.__struct_config__.tag}
    if asked.as_at is not None and asked.as_at < date.max:
        opens.add(asked.as_at + timedelta(days=1))
    return _Kept(
        head,
        reader.rows("SELECT book, account, pence FROM balances WHERE stream = ? ORDER BY book, account", head.stream),
        reader.rows("SELECT kind, code, item FROM items WHERE stream = ? ORDER BY kind, code", head.stream),
        up_to,
        [(number, raw) for number, name, raw in rows if name != e.YearClosed.__struct_config__.tag],
        tuple(sorted(day for day in opens if day)),
    )


def _number(reader: Reader, head: HeadSeen, known: str | int | None) -> int:
    """The last event to replay: the last there is, or the last known at a moment or number."""
    chosen, parameters = "", ()  # type: tuple[str, tuple[object, ...]]
    if known is not None:
        chosen = "AND number <= ?" if isinstance(known, int) else "AND recorded_at <= ?"
        parameters = (known,)
    sql = f"SELECT count(*), max(number) FROM events WHERE stream = ? {chosen}"
    ((count, last),) = reader.rows(sql, head.stream, *parameters)
    return min(count, last) if isinstance(last, int) else 0  # a number beyond their count leaves a gap, which is found


def _opens(raw: Any) -> date | None:
    """The day on which a close opens the next year; None of bytes that are no close: whoever reads them in order says so."""
    try:
        fact = _decoder.decode(raw).fact
    except (msgspec.MsgspecError, TypeError):
        return None
    return fact.opens if isinstance(fact, e.YearClosed) else None


# What processes share: ranges derived, and the state folded.


def _tasks(kept: _Kept) -> Iterator[Fold | Task]:
    if _whole(kept):
        yield Fold(kept.head.stream, kept.up_to)
    for first in range(1, kept.up_to + 1, SPAN):
        terms = tuple(raw for number, raw in kept.terms if number < first)
        yield Task(kept.head.stream, first, min(first + SPAN - 1, kept.up_to), terms, kept.days)


def _whole(kept: _Kept) -> bool:
    """Whether the replay reaches the head, so that what the head keeps can be held against it."""
    return bool(kept.up_to) and kept.up_to >= (kept.head.number if isinstance(kept.head.number, int) else 0)


def _worked(reader: Reader, task: Fold | Task) -> Folded | Derived:
    return folded(reader, task) if isinstance(task, Fold) else derived(reader, task)


# What is kept, held against what the events come to.


def _arrangement(kept: _Kept, asked: Asked, results: Iterator[Any]) -> Replayed:
    fold: Folded | None = next(results) if _whole(kept) else None
    frontier, periods, posting = Frontier(), Periods(kept.days), 0
    closes, wrong, fault = 0, list[Finding](), None
    for first in range(1, kept.up_to + 1, SPAN):
        part: Derived = next(results)
        if fault is not None:
            continue
        if part.fault is not None:
            fault = Finding(*part.fault)
            continue
        for close in part.closes:
            closes += 1
            wrong += _close_differs(close, periods)
        frontier.follow(part.edge, min(SPAN, kept.up_to + 1 - first))
        periods.add(part.periods)
        posting += part.posting
    name = kept.head.stream
    if fault is not None:
        return Replayed(name, fault.number - 1, b"", {}, [Check("entries", posting, [fault])], kept.terms)
    checks = [Check("entries", posting, []), Check("closes", closes, wrong[:1])]
    if fold is not None:
        everything = total(periods.sums)
        checks.append(Check("head", kept.up_to, list(_head_differs(kept, fold, frontier))[:1]))
        checks.append(_rows("balances", "pence", {(b, a): p for b, a, p in kept.balances}, _not_nil(everything)))
        if kept.head.state_version == STATE_VERSION:  # of an older version the next posting makes them anew
            checks.append(_rows("items", "", {(k, c): item for k, c, item in kept.items}, fold.items))
    shown = (
        total(periods.sums)
        if asked.as_at is None or asked.as_at == date.max
        else periods.before(asked.as_at + timedelta(days=1))
    )
    return Replayed(name, frontier.size, frontier.root(), shown, checks, kept.terms)


def _close_differs(close: Closed, before: Periods) -> Iterator[Finding]:
    """Hold a close against what had been posted by its day: by the ranges before it, and in its own so far."""
    stood = before.before(close.fact.opens)
    add(stood, close.so_far)
    for book, said in close.fact.balances.items():
        proved = {account: pence for account, pence in stood.get(book, {}).items() if pence}
        for account in sorted(said.keys() | proved.keys()):
            if said.get(account) != proved.get(account):
                yield Finding(
                    close.number,
                    f"it closes {close.fact.year} with {said.get(account, 0)} pence on {account} of {book}, and the events "
                    f"before it come to {proved.get(account, 0)}",
                )
                return


def _head_differs(kept: _Kept, fold: Folded, frontier: Frontier) -> Iterator[Finding]:
    head = kept.head
    if fold.fault:
        yield Finding(0, f"its head cannot be made from its events ({fold.fault})")
        return
    if head.number != frontier.size:
        yield Finding(0, f"its head counts {head.number} events, and there are {frontier.size}")
    if head.recorded_at != fold.recorded_at:
        yield Finding(0, f"its head says {head.recorded_at}, and its last event was recorded at {fold.recorded_at}")
    if head.frontier != frontier.edge():
        yield Finding(0, "the right edge of the log that its head keeps is not that of its events")
    if head.state_version == STATE_VERSION and head.state != fold.state:
        yield Finding(0, f"the state that its head keeps is not that of its events: {_where(head.state, fold.state)}")


def _where(kept: Any, made: bytes) -> str:
    """The first part of the state that differs."""
    try:
        mine, theirs = msgspec.json.decode(kept), msgspec.json.decode(made)
        path = []
        while isinstance(mine, dict) and isinstance(theirs, dict):
            key = min(key for key in mine.keys() | theirs.keys() if mine.get(key) != theirs.get(key))
            path.append(key)
            mine, theirs = mine.get(key), theirs.get(key)
    except (msgspec.MsgspecError, TypeError, ValueError):
        return "it cannot be read"
    return f"{'.'.join(path)} is kept as {mine}, and is {theirs}"[:300]


def _rows(name: str, unit: str, kept: dict[Any, Any], made: dict[Any, Any]) -> Check:
    """Rows that the head keeps, held against those that the events make."""
    for key in sorted(kept.keys() | made.keys(), key=str):
        if kept.get(key) != made.get(key):
            said, is_ = _told(kept.get(key), unit), _told(made.get(key), unit)
            return Check(name, len(made), [Finding(0, f"{', '.join(map(str, key))} is kept as {said}, and is {is_}")])
    return Check(name, len(made), [])


def _told(value: Any, unit: str) -> str:
    if value is None:
        return "nothing"
    said = value.decode(errors="replace") if isinstance(value, bytes) else str(value)
    return f"{said} {unit}".strip()[:200]


def _not_nil(balances: Entries) -> dict[tuple[str, str], int]:
    return {(b, a): pence for b, accounts in balances.items() for a, pence in accounts.items() if pence}
