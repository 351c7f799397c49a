"""The page that lies on top of an audit pack, for somebody who has never seen one."""

from __future__ import annotations

from ledger.agreement import Terms
from ledger.audit.checkpoint import Checkpoint

_PAGE = """\
AUDIT PACK OF {name}

{scope}
Signed at {size} events, whose root is
{root}


TO CHECK IT, ALONE AND OFFLINE

    python3 -I -S verify_pack.py . --key KEY

needs Python 3.9 or newer and nothing else. KEY is the public key of this log: get it from whoever keeps the ledger by another
way than this pack (on paper, or read out over the telephone), and keep it. If you keep a checkpoint from an earlier pack, add

    --checkpoint FILE

and no event before it can have been changed. Who does not trust this copy of verify_pack.py takes the one of an earlier pack,
or of Poolbook itself: it is one file of under 500 lines, made to be read.


WHAT IS IN IT

{code}.checkpoint
    The log's name, its size and its root, signed (C2SP tlog-checkpoint, Ed25519). KEEP THIS: it is what you hold against the
    next pack. Keep {code}.leaves with it, and a change can be named by its number.
{code}.key
    The public key that the pack says it is signed with.
{code}.leaves
    The hash of every event, 32 bytes each, in order (RFC 6962).
events.jsonl
    The events themselves, one a line, byte for byte as they were recorded.
proofs.json
    That the agreement and each close stand in the log, and that the log continues what it was then (RFC 9162).
journal.csv
    Every line posted, in the field order of the audit data standards (AICPA GL_Detail; ISO 21378).
trial-balance-opening.csv, trial-balance-closing.csv
    Every account that is not nil, before and after what the journal tells; debits positive.
evidence.csv
    The SHA-256 of each file of evidence that was named when something was recorded.
pack.json
    Which books and days the files for reading tell.


WHAT IT PROVES, AND WHAT IT DOES NOT

It proves that these are the events that were signed, that none of them was changed, re-dated, put in or taken out since, that
each balances in every book, and that every figure in the files for reading, and in every close, is made of them.

It does not prove that everything that happened was recorded, nor that what was recorded happened: for that there is
evidence.csv. What is recorded after this checkpoint is proved by the next one.

Narratives are not in it: they can name people. An event holds only a commitment to its narrative.
"""

_ALL = "All {events} events of all parties."
_PARTY = """\
The {events} events that touch the books of {party}, or name it. The other events stand in it as their hashes only: you see
that they are there and were signed, and not what they say. That none of yours is left out is proved by the closes of your
books, up to the last of them."""


def guide(checkpoint: Checkpoint, terms: Terms, party: str, events: int) -> str:
    """The page for a pack."""
    return _PAGE.format(
        name=terms.agreement.name,
        code=checkpoint.arrangement,
        scope=(_PARTY if party else _ALL).format(events=f"{events:,}", party=party),
        size=f"{checkpoint.size:,}",
        root=checkpoint.root.hex(),
    )
