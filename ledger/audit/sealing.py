"""Checkpoints made, signed and cosigned: nothing is signed that does not continue what was signed before."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from ledger.audit.checkpoint import Checkpoint, origin
from ledger.audit.held import Held
from ledger.audit.holding import leaf_pages
from ledger.audit.memory import Memory
from ledger.audit.note import Note
from ledger.audit.proofs import roots_at
from ledger.audit.reader import HeadSeen, Reader, opened
from ledger.audit.scan import Fault
from ledger.errors import NotProven, Refused, did_you_mean
from ledger.store.opening import Place

if TYPE_CHECKING:
    from ledger.audit.note import Key
    from ledger.audit.signing import Signer


class Log(NamedTuple):
    """The log of an arrangement as its ledger has it now."""

    where: Place
    origin: str
    arrangement: str
    size: int

    def leaves(self) -> Iterator[list[bytes]]:
        """Its leaf hashes, from the events' bytes, some at a time; raises NotProven at the first that is not sound."""
        try:
            yield from leaf_pages(self.where, self.arrangement, self.size)
        except Fault as fault:
            raise NotProven(
                f"#{fault.number} of {self.arrangement}: {fault.sentence}. Nothing was signed: run `audit verify`."
            ) from None


class Cosigning(NamedTuple):
    """How a partner's auditor cosigns: under which name and when (seconds since 1970), and the log's key where given."""

    name: str
    moment: int
    log_key: Key | None


def logs(where: Place, arrangement: str | None = None) -> list[Log]:
    """The logs of a ledger, or of one arrangement; raises Refused for an unknown code."""
    reader = opened(where)
    try:
        heads = reader.heads(arrangement)
        if arrangement is not None and not heads:
            codes = [head.stream for head in reader.heads()]
            raise Refused(f"There is no arrangement {arrangement} in this ledger{did_you_mean(arrangement, codes)}")
        return [_log(reader, head) for head in heads]
    finally:
        reader.close()


def signed(log: Log, signer: Signer, memory: Memory) -> Note:
    """A checkpoint of a log, signed and remembered; the one remembered where nothing was recorded since.

    Raises NotProven where the log does not continue what was signed last, or its events are not sound.
    """
    with memory.locked():
        last = memory.last(log.origin)
        refuse_older(log.size, last)
        with memory.noting(log.origin, log.leaves(), last) as leaves:
            root = continued(leaves, log.size, last, log.leaves)
        if last and last.checkpoint.size == log.size and signer.made(last.note, log.origin):
            return last.note
        checkpoint = Checkpoint(log.origin, log.size, root)
        note = signer.signed(checkpoint.body(), log.origin)
        memory.keep(checkpoint, note)
    return note


def cosigned(
    held: Held, size: int, leaves: Callable[[], Iterable[list[bytes]]], signer: Signer, memory: Memory, given: Cosigning
) -> Note:
    """A checkpoint with a cosignature: what is held of its log begins with it, and it with what was cosigned before.

    `leaves` gives the log's leaf hashes, of which there are `size`. Raises NotProven where anything does not prove, and
    Refused where the log's key is not known, or another.
    """
    from ledger.audit.signing import signs

    checkpoint, note = held.checkpoint, held.note
    with memory.locked():
        name, key = memory.name(given.name), memory.key_of(checkpoint.origin, given.log_key)
        if not signs(note, key):
            raise NotProven(f"{held.path} is not signed with {key.written()}. Nothing was cosigned.")
        last = memory.last(checkpoint.origin)
        if last and checkpoint.size < last.checkpoint.size:
            raise NotProven(
                f"{held.path} is of {checkpoint.size:,} events, and you cosigned {last.checkpoint.size:,} ({last.path}): "
                f"ask for a checkpoint of now. Nothing was cosigned."
            )
        if size < checkpoint.size:
            raise NotProven(
                f"{held.path} is of {checkpoint.size:,} events, and there are {size:,} here to hold it against: "
                f"ask for a newer copy. Nothing was cosigned."
            )
        with memory.noting(checkpoint.origin, leaves(), last) as noted:
            root = continued(noted, checkpoint.size, last, leaves)
        if root != checkpoint.root:
            number = held.first_difference(leaves())
            first = f": #{number} is the first that differs" if number else ""
            raise NotProven(f"{held.path} is not of these events{first}. Nothing was cosigned.")
        done = signer.cosigned(note, name, given.moment)
        memory.keep(checkpoint, done, key, name)
    return done


def refuse_older(size: int, last: Held | None) -> None:
    """Raise NotProven where there are fewer events than were signed for."""
    if last and size < last.checkpoint.size:
        raise NotProven(
            f"{last.checkpoint.arrangement} has {size:,} events here, and the checkpoint in {last.path} is of "
            f"{last.checkpoint.size:,}: this is an older copy of the ledger. Nothing was signed; find the newer one."
        )


def continued(
    leaves: Iterable[list[bytes]], size: int, last: Held | None, again: Callable[[], Iterable[list[bytes]]]
) -> bytes:
    """The root of a log at a size; raises NotProven where it does not begin with what was signed last.

    `again` gives the leaf hashes once more, to find the first that was changed.
    """
    found = roots_at(leaves, [size, *([last.checkpoint.size] if last else [])])
    if size not in found:
        raise NotProven(f"The log has fewer than {size:,} events. Nothing was signed.")
    if last and found[last.checkpoint.size] != last.checkpoint.root:
        number = last.first_difference(again())
        first = f"#{number} is the first that was changed" if number else "which one was changed is not known"
        raise NotProven(
            f"The first {last.checkpoint.size:,} events of {last.checkpoint.arrangement} are not those of the checkpoint in "
            f"{last.path}: {first}. Nothing was signed."
        )
    return found[size]


def _log(reader: Reader, head: HeadSeen) -> Log:
    try:
        name = origin(reader.ledger_id, str(head.stream))
    except ValueError as error:
        raise NotProven(f"{reader.name} cannot be signed for: {error}.") from None
    ((count,),) = reader.rows("SELECT count(*) FROM events WHERE stream = ?", head.stream)
    if head.number != count or not count:
        raise NotProven(
            f"{head.stream} has {count:,} events, and its head counts {head.number}. Nothing was signed: run `audit verify`."
        )
    return Log(reader.where, name, head.stream, count)
