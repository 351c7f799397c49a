"""Checkpoints that somebody holds, held against the events: whoever holds one can tell that nothing before it was changed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress

from ledger.audit.held import Held
from ledger.audit.ranges import Range, divided, ranges
from ledger.audit.reader import Reader
from ledger.audit.scan import Fault, batches, without_gc
from ledger.store.merkle import HASH
from ledger.store.opening import Place


def leaf_pages(where: Place, stream: str, last: int) -> Iterator[list[bytes]]:
    """The leaf hashes of an arrangement, from its events' bytes, some at a time; raises Fault after the last sound one."""
    for packed, fault in divided(where, leaves_of, ranges(stream, last), last):
        yield [packed[at : at + HASH] for at in range(0, len(packed), HASH)]
        if fault is not None:
            raise Fault(*fault)


def leaves_of(reader: Reader, part: Range) -> tuple[bytes, tuple[int, str] | None]:
    """The leaf hashes of a range, one after another, up to its first fault, if it has one."""
    found: list[bytes] = []
    try:
        with without_gc():
            for batch in batches(reader, *part[:3]):
                found += batch.leaves
    except Fault as fault:
        return b"".join(found), (fault.number, fault.sentence)
    return b"".join(found), None


def _sound(pages: Iterator[list[bytes]]) -> Iterator[list[bytes]]:
    with suppress(Fault):
        yield from pages


def contradicted(
    where: Place, stream: str, last: int, held: Sequence[Held], roots: dict[int, bytes], sound: int
) -> Iterator[tuple[int, str]]:
    """The checkpoints that an arrangement of `last` events does not continue: the first number changed, else 0, and how.

    `roots` gives the root at each checkpoint's size up to `sound`, the last event that proves by itself.
    """
    for each in held:
        size = each.checkpoint.size
        if size > last:
            yield last + 1, f"the checkpoint in {each.path} is of {size:,} events, and there are {last:,}: an older copy"
        if size <= sound and roots.get(size) == each.checkpoint.root:
            continue
        number = each.first_difference(_sound(leaf_pages(where, stream, min(last, size))))
        if 0 < number <= sound:
            yield number, f"it is not the event of the checkpoint in {each.path}"
        elif size <= sound:
            yield 0, f"its first {size:,} events are not those of the checkpoint in {each.path}"
