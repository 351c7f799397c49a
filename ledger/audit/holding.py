"""Checkpoints that somebody holds, held against the events: whoever holds one can tell that nothing before it was changed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ledger.audit.held import Held
from ledger.audit.ranges import Range, divided, ranges
from ledger.audit.reader import Reader
from ledger.audit.scan import Fault, batches, without_gc
from ledger.store.merkle import HASH
from ledger.store.opening import Place

LeavesOrFault = bytes | tuple[int, str]


def leaf_pages(where: Place, stream: str, last: int) -> Iterator[LeavesOrFault]:
    """The leaf hashes of an arrangement, from its events' bytes, some at a time; or its first fault, and then no more."""
    for found in divided(where, leaves_of, ranges(stream, last), last):
        yield found
        if isinstance(found, tuple):
            return


def leaves_of(reader: Reader, part: Range) -> LeavesOrFault:
    """The leaf hashes of a range, one after another; or its first fault."""
    try:
        with without_gc():
            return b"".join(leaf for batch in batches(reader, *part[:3]) for leaf in batch.leaves)
    except Fault as fault:
        return fault.number, fault.sentence


def unpacked(page: bytes) -> list[bytes]:
    """Leaf hashes that were put together."""
    return [page[at : at + HASH] for at in range(0, len(page), HASH)]


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
        found = (unpacked(page) for page in leaf_pages(where, stream, min(last, size)) if isinstance(page, bytes))
        number = each.first_difference(found)
        if 0 < number <= sound:
            yield number, f"it is not the event of the checkpoint in {each.path}"
        elif size <= sound:
            yield 0, f"its first {size:,} events are not those of the checkpoint in {each.path}"
