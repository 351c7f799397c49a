"""Prove a ledger from its stored bytes alone: events, log, balances, texts, state; every cached row held against them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from typing import Any, NamedTuple

import msgspec

from ledger.accounts import Entries
from ledger.audit.fold import Fold, Folded, folded
from ledger.audit.held import Held
from ledger.audit.holding import contradicted
from ledger.audit.ranges import Range, Sum, divided, ranges, summed
from ledger.audit.reader import HeadSeen, Reader, opened
from ledger.errors import Refused, did_you_mean
from ledger.events import NarrativeErased
from ledger.state import STATE_VERSION
from ledger.store.encoding import decode
from ledger.store.merkle import Frontier
from ledger.store.opening import Place

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


class _Kept(NamedTuple):
    """What the ledger keeps of an arrangement beside its events, as of one moment."""

    head: HeadSeen
    last: int
    """The last number that there can be: as many as the head counts, but no more than there are events."""
    balances: list[tuple[Any, Any, Any]]
    items: list[tuple[Any, Any, Any]]
    texts: int


class _Proved(NamedTuple):
    """What the events of an arrangement come to."""

    frontier: Frontier
    balances: Entries
    recorded_at: str
    texts: int
    missing: list[tuple[int, str]]
    erased: set[int]
    roots: dict[int, bytes]
    """The root at each size that a checkpoint is held of."""


def verified(
    where: Place, arrangement: str | None = None, *, state: bool = True, checkpoints: Sequence[Held] = ()
) -> list[Verified]:
    """Verify an arrangement, or all, and hold the events against checkpoints.

    With `state`, the facts are replayed too, and state and items held against them. Raises NotProven where the file is not
    built as a ledger is, Refused for an unknown code.
    """
    reader = opened(where)
    try:
        with reader.snapshot():
            kept = [_kept(reader, head) for head in reader.heads(arrangement)]
            strays = list(_strays(reader, kept)) if arrangement is None else []
            if arrangement is not None and not kept:
                codes = [head.stream for head in reader.heads()]
                raise Refused(f"There is no arrangement {arrangement} in this ledger{did_you_mean(arrangement, codes)}")
    finally:
        reader.close()
    work = [_Work(each, state, _of(each.head.stream, checkpoints)) for each in kept]
    done = divided(where, _done, [task for each in work for task in each.tasks], sum(each.last for each in kept))
    found = [_compared(where, each, part, done) for each, part in zip(kept, work, strict=True)]
    return [*found, *strays, *(_vanished(checkpoints, kept) if arrangement is None else ())]


def _of(stream: str, checkpoints: Sequence[Held]) -> list[Held]:
    return [held for held in checkpoints if held.checkpoint.arrangement == stream]


def _vanished(checkpoints: Sequence[Held], kept: list[_Kept]) -> Iterator[Verified]:
    """Arrangements that somebody holds a checkpoint of, and that are not there."""
    there = {each.head.stream for each in kept}
    for held in checkpoints:
        if held.checkpoint.arrangement not in there:
            said = f"the checkpoint in {held.path} is of {held.checkpoint.size:,} events of it, and there is none"
            yield Verified(held.checkpoint.arrangement, 0, b"", [Finding(1, said)])


def _kept(reader: Reader, head: HeadSeen) -> _Kept:
    balances = reader.rows("SELECT book, account, pence FROM balances WHERE stream = ? ORDER BY book, account", head.stream)
    items = reader.rows("SELECT kind, code, item FROM items WHERE stream = ? ORDER BY kind, code", head.stream)
    ((texts,),) = reader.rows("SELECT count(*) FROM texts WHERE stream = ?", head.stream)
    ((events,),) = reader.rows("SELECT count(*) FROM events WHERE stream = ?", head.stream)
    return _Kept(head, min(head.number, events) if isinstance(head.number, int) else events, balances, items, texts)


def _strays(reader: Reader, kept: list[_Kept]) -> Iterator[Verified]:
    """Rows that belong to no arrangement."""
    known = {each.head.stream for each in kept}
    for table in ("balances", "items", "texts"):
        for (stream,) in reader.rows(f"SELECT DISTINCT stream FROM {table}"):
            if stream not in known:
                yield Verified(str(stream), 0, b"", [Finding(0, f"there are {table} of it, and no events")])
    ((events,),) = reader.rows(f"SELECT count(*) FROM {reader.all_events}")
    heads = sum(each.head.number for each in kept if isinstance(each.head.number, int))
    if events != heads:
        yield Verified("", events, b"", [Finding(0, f"the ledger holds {events:,} events, and its heads count {heads:,}")])


class _Work:
    """What is to be done on an arrangement's events; the longest first, for others can work meanwhile."""

    def __init__(self, kept: _Kept, state: bool, checkpoints: list[Held]) -> None:
        self.checkpoints = checkpoints
        self.parts = ranges(kept.head.stream, kept.last, [held.checkpoint.size for held in checkpoints])
        self.whole = [Fold(kept.head.stream, kept.last)] if state else []
        self.looked_up = [_LookUp(*part[:3]) for part in self.parts if state]
        self.tasks: list[Fold | Range | _LookUp] = [*self.whole, *self.parts, *self.looked_up]


class _LookUp(NamedTuple):
    """A range whose events are to be found by their references."""

    stream: str
    first: int
    last: int


def _done(reader: Reader, task: Fold | Range | _LookUp) -> Folded | Sum | int:
    if isinstance(task, Fold):
        return folded(reader, task)
    return summed(reader, task) if isinstance(task, Range) else reader.not_found_by_reference(*task)


def _compared(where: Place, kept: _Kept, work: _Work, done: Iterator[Any]) -> Verified:
    """Put the results of an arrangement's work together and hold what is kept against them."""
    proved = _Proved(Frontier(), {}, "", 0, [], set(), {})
    fault: Finding | None = None
    again: list[Folded] = [next(done) for _ in work.whole]
    for part in work.parts:
        total: Sum = next(done)
        if fault is None and total.fault is not None:
            fault = Finding(*total.fault)
        if fault is None:
            proved = _joined(proved, part, total)
    lost: list[int] = [next(done) for _ in work.looked_up]
    sound = fault.number - 1 if fault else kept.last
    against = contradicted(where, kept.head.stream, kept.last, work.checkpoints, proved.roots, sound)
    changed = [Finding(*each) for each in against]
    if fault is not None:
        first = min([fault, *changed], key=lambda finding: finding.number or fault.number)
        return Verified(kept.head.stream, first.number - 1, b"", [first])
    findings = [*_head(kept, proved), *_texts(where, kept, proved), *_balances(kept, proved)]
    findings += [finding for each in again for finding in _state(kept, each)]
    findings += changed
    findings += [Finding(number, "its reference does not lead to it") for number in lost if number]
    findings.sort(key=lambda finding: finding.number or kept.last + 2)
    return Verified(kept.head.stream, proved.frontier.size, proved.frontier.root(), findings[:SHOWN])


def _joined(proved: _Proved, part: Range, total: Sum) -> _Proved:
    for size, edge in total.marks.items():
        tree = Frontier(proved.frontier.size, proved.frontier.edge())
        tree.follow(edge, size - part.first + 1)
        proved.roots[size] = tree.root()
    proved.frontier.follow(total.edge, part.last - part.first + 1)
    for book, accounts in total.balances.items():
        now = proved.balances.setdefault(book, {})
        for account, pence in accounts.items():
            now[account] = now.get(account, 0) + pence
    proved.missing.extend(total.missing)
    proved.erased.update(total.erased)
    return proved._replace(texts=proved.texts + total.texts, recorded_at=total.recorded_at)


def _head(kept: _Kept, proved: _Proved) -> Iterator[Finding]:
    head = kept.head
    if head.number != kept.last:
        yield Finding(kept.last + 1, f"there is no #{kept.last + 1}, and its head counts {head.number} events")
        return
    if head.frontier != proved.frontier.edge():
        yield Finding(0, "the right edge of the log that its head keeps is not that of its events")
    if head.recorded_at != proved.recorded_at:
        yield Finding(0, f"its head says {head.recorded_at}, and its last event was recorded at {proved.recorded_at}")


def _texts(where: Place, kept: _Kept, proved: _Proved) -> Iterator[Finding]:
    """A text may be missing where it was erased: before, or by somebody while we looked."""
    stream = kept.head.stream
    if not proved.missing and not proved.erased and kept.texts == proved.texts:
        return
    with closing(opened(where)) as reader:
        later = reader.rows(
            "SELECT bytes FROM events WHERE stream = ? AND number > ? AND type = 'NarrativeErased'", stream, kept.last
        )
        since = {event.fact.event for (raw,) in later if isinstance((event := decode(raw)).fact, NarrativeErased)}
        for number in sorted(proved.erased):
            for (field,) in reader.rows("SELECT field FROM texts WHERE stream = ? AND number = ?", stream, number):
                yield Finding(number, f"its {field} was erased, and is still there")
    for number, field in proved.missing:
        if number not in proved.erased | since:
            yield Finding(number, f"its {field} is missing, and was not erased")
    found = proved.texts + sum(number in since for number, _field in proved.missing)
    if kept.texts != found:
        yield Finding(0, f"there are {kept.texts:,} texts, and its events commit to {found:,} of them")


def _balances(kept: _Kept, proved: _Proved) -> Iterator[Finding]:
    made = {(book, name): pence for book, accounts in proved.balances.items() for name, pence in accounts.items() if pence}
    for book, account, pence in kept.balances:
        due = made.pop((book, account), None)
        if pence != due:
            yield Finding(0, f"the balance of {book}, {account} is kept as {pence} pence, and its events make {due or 0}")
    for (book, account), due in made.items():
        yield Finding(0, f"the balance of {book}, {account} is not kept, and its events make {due}")


def _state(kept: _Kept, again: Folded) -> Iterator[Finding]:
    """A head of an older version is not held against anything: the next record replays and writes it anew."""
    head = kept.head
    if again.fault:
        yield Finding(again.number, f"its fact does not fit those before it ({again.fault})")
        return
    if not isinstance(head.state_version, int) or not 0 < head.state_version <= STATE_VERSION:
        yield Finding(0, f"its head is of version {head.state_version}, and this Poolbook knows {STATE_VERSION}")
    if head.state_version != STATE_VERSION:
        return
    if head.state != again.state:
        yield Finding(0, f"the state that its head keeps is not what its facts make ({_differing(head.state, again.state)})")
    made = dict(again.items)
    for kind, code, item in kept.items:
        if made.pop((kind, code), None) != item:
            yield Finding(0, f"the {kind} {code} is not kept as its facts make it")
    for kind, code in made:
        yield Finding(0, f"the {kind} {code} is not kept, and its facts make one")


def _differing(kept: Any, made: bytes) -> str:
    """Which parts of the state differ."""
    right: dict[str, object] = msgspec.json.decode(made)
    try:
        left = msgspec.json.decode(kept)
        names = sorted(name for name in {*left, *right} if left.get(name) != right.get(name))
    except (msgspec.MsgspecError, TypeError, ValueError, AttributeError, RecursionError):
        return "it cannot be read"
    return "it differs in " + ", ".join(names) if names else "it is written otherwise"
