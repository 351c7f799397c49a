"""The one pass over an arrangement's stored bytes: a page at a time, each event proved to be what its row says it is.

It reads the events' rows straight from the file and believes none of them: what comes out of `batches` are events whose
bytes are exactly what their typed form encodes to, whose columns repeat what the bytes hold, whose leaf hashes are those of
the bytes, numbered without gaps and recorded in order. A page is checked as a whole, which is what makes a million events
a matter of seconds; only a page that is not sound is gone through row by row, to name the first number that is wrong.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from hashlib import sha256
from typing import Any, NamedTuple, get_args

import msgspec

from ledger.audit.reader import Reader
from ledger.events import Event, Fact, FactReversed
from ledger.store.merkle import leaf_hash

PAGE = 200
_COLUMNS = "number, type, recorded_at, reference, part, reverses, bytes, leaf"
_NAMES = {kind: str(kind.__struct_config__.tag) for kind in get_args(Fact)}
"""Fact → the name under which it is stored."""

_UNREADABLE = (msgspec.MsgspecError, TypeError, ValueError, RecursionError, OverflowError)


class Fault(Exception):
    """The first event that is not what it must be: its number, and what is wrong with it."""

    def __init__(self, number: int, sentence: str) -> None:
        super().__init__(number, sentence)
        self.number, self.sentence = number, sentence


class Batch(NamedTuple):
    """Some events in order, and their leaf hashes."""

    events: list[Event]
    leaves: list[bytes]


def batches(reader: Reader, stream: str, first: int, last: int) -> Iterator[Batch]:
    """The events of an arrangement from one number to another; raises Fault at the first that is not sound."""
    before = _before(reader, stream, first)
    number = first
    sql = f"SELECT {_COLUMNS} FROM events WHERE stream = ? AND number BETWEEN ? AND ? ORDER BY number"
    for page in reader.pages(sql, stream, first, last, rows=PAGE):
        batch = _sound(page, reader.ledger_id, stream, number, before)
        if batch is None:
            fault = _first_fault(page, reader.ledger_id, stream, number, before)
            sound = page[: fault.number - number]
            batch = _sound(sound, reader.ledger_id, stream, number, before) if sound else None
            if batch is not None:
                yield batch
            raise fault
        yield batch
        number += len(batch.events)
        before = batch.events[-1]
    if number <= last:
        raise Fault(number, f"there is no #{number}, and there must be events up to #{last}")


def events_of(reader: Reader, stream: str, first: int, last: int) -> Iterator[list[Event]]:
    """The same events where they are known to be sound, or proved by another pass: typed, and no more than that."""
    sql = "SELECT bytes FROM events WHERE stream = ? AND number BETWEEN ? AND ? ORDER BY number"
    for page in reader.pages(sql, stream, first, last, rows=PAGE):
        yield _decoder().decode_lines(b"\n".join([raw for (raw,) in page]))


@contextmanager
def without_gc() -> Iterator[None]:
    """Nothing that a scan makes is part of a cycle, and looking for cycles would take half its time."""
    on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if on:
            gc.enable()


def _before(reader: Reader, stream: str, first: int) -> Event | None:
    """The event before a range, where it can be read: if it cannot, the range it belongs to says so."""
    for (raw,) in reader.rows("SELECT bytes FROM events WHERE stream = ? AND number = ?", stream, first - 1):
        try:
            return _decoder().decode(raw)
        except _UNREADABLE:
            return None
    return None


def _sound(page: Sequence[Any], ledger_id: str, stream: str, first: int, before: Event | None) -> Batch | None:
    """The page's events, or None where anything about it is not as it must be."""
    numbers, types, moments, references, parts, reverses, raws, leaves = zip(*page, strict=True)
    try:
        text = b"\n".join(raws)
        events = _decoder().decode_lines(text)
        again = _encoder.encode_lines(events)
    except _UNREADABLE:
        return None
    # Encoded events hold no line break, so equal texts of as many lines are equal event by event.
    if len(events) != len(page) or len(again) != len(text) + 1 or not again.startswith(text):
        return None
    proved = [sha256(b"\x00" + raw).digest() for raw in raws]
    facts = [event.fact for event in events]
    sound = (
        leaves == tuple(proved)
        and numbers == tuple(range(first, first + len(page)))
        and numbers == tuple([event.number for event in events])
        and types == tuple([_NAMES[type(fact)] for fact in facts])
        and moments == tuple([event.recorded_at for event in events])
        and references == tuple([event.reference for event in events])
        and parts == tuple([event.part for event in events])
        and reverses == tuple([fact.reverses if type(fact) is FactReversed else None for fact in facts])
        and {(event.ledger, event.arrangement) for event in events} == {(ledger_id, stream)}
        and list(moments) == sorted(moments)
        and (before is None or before.recorded_at <= moments[0])
        and (all(event.asked for event in events) if not any(parts) else _commands_whole(events, before))
    )
    return Batch(events, proved) if sound else None


def _commands_whole(events: Sequence[Event], before: Event | None) -> bool:
    """Whether the parts of each command follow one another."""
    for event in events:
        if _out_of_order(event, before):
            return False
        before = event
    return True


def _copies(event: Event) -> tuple[Any, ...]:
    """What the columns repeat."""
    return event.number, event.type, event.recorded_at, event.reference, event.part, event.reverses


def _out_of_order(event: Event, before: Event | None) -> str:
    """What is wrong with an event's place after the one before it, if anything."""
    if before is not None and event.recorded_at < before.recorded_at:
        return f"it was recorded at {event.recorded_at}, before #{before.number} ({before.recorded_at})"
    if event.part:
        if before is None or (before.reference, before.part) != (event.reference, event.part - 1) or event.asked:
            return f"it is part {event.part} of {event.reference}, and does not follow part {event.part - 1}"
    elif not event.asked:
        return "it does not say what was asked for"
    return ""


def _first_fault(page: Sequence[Any], ledger_id: str, stream: str, first: int, before: Event | None) -> Fault:
    for number, row in enumerate(page, first):
        sentence = _wrong(row, ledger_id, stream, number, before)
        if sentence:
            return Fault(number, sentence)
        before = _decoder().decode(row[-2])
    raise AssertionError(f"a page of {stream} from #{first} is not sound, and every row of it is")


def _wrong(row: Any, ledger_id: str, stream: str, number: int, before: Event | None) -> str:
    """What is wrong with one row, if anything."""
    *copies, raw, leaf = row
    if copies[0] != number:
        return f"there is no #{number}: the next is #{copies[0]}"
    if not isinstance(raw, bytes):
        return "its bytes are not stored as bytes"
    try:
        event = _decoder().decode(raw)
        again = _encoder.encode(event)
    except _UNREADABLE as error:
        return f"its bytes are no event ({' '.join(str(error).split())[:200]})"
    if again != raw:
        return "its bytes are not written as Poolbook writes them"
    if event.ledger != ledger_id:
        return f"its bytes belong to the ledger {event.ledger}, and this is {ledger_id}"
    if (event.arrangement, event.number) != (stream, number):
        return f"its bytes are those of #{event.number} of {event.arrangement}"
    if tuple(copies) != _copies(event):
        return f"its row says {tuple(copies)}, and its bytes {_copies(event)}"
    if leaf != leaf_hash(raw):
        return "its bytes are not those that its leaf hash was made of"
    return _out_of_order(event, before)


@cache
def _decoder() -> msgspec.json.Decoder[Event]:
    return msgspec.json.Decoder(Event)


_encoder = msgspec.json.Encoder(order="deterministic")
