"""An audit pack: one folder that a partner takes away and checks alone, with the events' bytes and their place in the log.

The files for reading are made of the same rows that `verify_pack.py` expects, from the same bytes.
"""

from __future__ import annotations

import json
import shutil
from base64 import b64encode
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from datetime import date
from hashlib import file_digest
from importlib.resources import files
from pathlib import Path
from tempfile import mkdtemp
from typing import Any, NamedTuple

import msgspec

from ledger import events as e
from ledger.agreement import Terms
from ledger.audit import verify_pack as vp
from ledger.audit.checkpoint import Checkpoint, read_checkpoint
from ledger.audit.guide import guide
from ledger.audit.memory import Memory
from ledger.audit.proofs import consistency_spans, inclusion_spans, roots
from ledger.audit.reader import Reader, opened
from ledger.audit.scan import Fault, batches, without_gc
from ledger.audit.sealing import Log, signed
from ledger.audit.signing import Signer
from ledger.calendar import Year
from ledger.decisions.year_end import books_of
from ledger.errors import LedgerUnavailable, NotProven, Refused
from ledger.store.encoding import decode, encode
from ledger.store.merkle import HASH

_PAGE = 1 << 14


class Wanted(NamedTuple):
    """What a pack is to tell: the events of one party (empty: all), the figures of one year (None: of all years)."""

    terms: Terms
    party: str = ""
    year: Year | None = None

    @property
    def books(self) -> list[str] | None:
        """The books told in full; None for all."""
        return books_of(self.terms, self.party) if self.party else None

    @property
    def span(self) -> tuple[date | None, date | None]:
        """The first day of the year, and that of the next; None for all years."""
        return (self.year.first, self.year.next.first) if self.year else (None, None)

    def has(self, event: e.Event) -> bool:
        """Whether an event is told: it posts in one of the books, names the party, or sets the terms."""
        if self.books is None or isinstance(event.fact, e.AgreementSigned | e.AgreementVaried):
            return True
        return any(book in event.entries for book in self.books) or _named(msgspec.to_builtins(event.fact), self.party)


class Packed(NamedTuple):
    """A pack that was made: its checkpoint, and how many events it tells."""

    checkpoint: Checkpoint
    events: int


def packed(log: Log, wanted: Wanted, folder: Path, signer: Signer, memory: Memory) -> Packed:
    """Make a pack in a new folder, signed as of now, and check it.

    Raises Refused where the folder is there already or the party is unknown, NotProven where the log is not sound, or does
    not continue what was signed before.
    """
    if wanted.party:
        wanted.terms.known_party(wanted.party, "party")
    with _new_folder(folder) as place:
        note = signed(log, signer, memory).written()
        checkpoint, _ = read_checkpoint(note.encode())
        key = signer.key(log.origin).written()
        (place / f"{log.arrangement}.checkpoint").write_text(note, encoding="utf-8")
        (place / f"{log.arrangement}.key").write_text(f"{key}\n", encoding="utf-8")
        try:
            with closing(opened(log.where)) as reader:
                told, sealed = _write_events(reader, log, wanted, place)
        except Fault as fault:
            raise NotProven(f"#{fault.number} of {log.arrangement}: {fault.sentence}. No pack was made.") from None
        _write_json(place / vp.PROOFS, _proofs(place / f"{log.arrangement}.leaves", checkpoint.size, sealed))
        _write_json(place / vp.PACK, _about(log, wanted, place, signer))
        (place / "verify_pack.py").write_bytes(files("ledger.audit").joinpath("verify_pack.py").read_bytes())
        (place / "README.txt").write_text(guide(checkpoint, wanted.terms, wanted.party, told), encoding="utf-8")
        try:
            vp.Pack(str(place), key)
        except vp.Wrong as wrong:
            raise NotProven(f"The pack of {log.arrangement} does not check: {wrong}. It was not kept.") from None
    return Packed(checkpoint, told)


def _write_events(reader: Reader, log: Log, wanted: Wanted, place: Path) -> tuple[int, list[int]]:
    """Write the leaf hashes, the events, and the files for reading; gives how many events, and the numbers worth a proof."""
    first, after = wanted.span
    scope = vp.Scope(wanted.books, first, after, wanted.terms.year_start)
    figures = vp.Figures([*_closes(reader, log), *(day for day in (first, after) if day)])
    sealed, told = [1], 0
    with ExitStack() as stack, without_gc():
        names = (f"{log.arrangement}.leaves", vp.EVENTS, vp.JOURNAL, vp.EVIDENCE)
        leaves, events, journal, evidence = (stack.enter_context((place / name).open("xb")) for name in names)
        journal.write(vp.JOURNAL_ROW + b"\n")
        evidence.write(vp.EVIDENCE_ROW + b"\n")
        for batch in batches(reader, log.arrangement, 1, log.size):
            leaves.write(b"".join(batch.leaves))
            for event in filter(wanted.has, batch.events):
                raw = encode(event)
                plain = vp.event_in(raw, log.origin, 0)
                events.write(raw + b"\n")
                figures.post(plain)
                journal.writelines(row + b"\n" for row in vp.journal_rows(plain, scope))
                if event.evidence:
                    evidence.write(vp.row(event.number, event.reference, event.document, event.evidence) + b"\n")
                told += 1
                sealed += [event.number] if isinstance(event.fact, e.YearClosed) else []
    for name, cut in ((vp.OPENING, first), (vp.CLOSING, after)):
        balances = {} if name == vp.OPENING and cut is None else figures.before(cut)
        rows = [vp.row(book, account, vp.pounds(p)) for (book, account), p in balances.items() if scope.has(book)]
        (place / name).write_bytes(b"".join(row + b"\n" for row in (vp.BALANCE_ROW, *rows)))
    return told, sealed


def _about(log: Log, wanted: Wanted, place: Path, signer: Signer) -> dict[str, Any]:
    """What the pack tells, signed, so that nobody else can leave out more."""
    first, after = (day.isoformat() if day else None for day in wanted.span)
    about: dict[str, Any] = {"pack": 1, "arrangement": log.arrangement, "books": wanted.books, "first": first, "after": after}
    for name in (vp.EVENTS, vp.PROOFS):
        with (place / name).open("rb") as file:
            about[name] = file_digest(file, "sha256").hexdigest()
    made = signer.sign(vp.PURPOSE + json.dumps(about, indent=1).encode())
    return about | {"signature": b64encode(made).decode()}


def _closes(reader: Reader, log: Log) -> Iterator[date]:
    """The first days of the years after those that were closed."""
    sql = "SELECT bytes FROM events WHERE stream = ? AND number <= ? AND type = 'YearClosed'"
    for (raw,) in reader.rows(sql, log.arrangement, log.size):
        fact = decode(raw).fact
        if isinstance(fact, e.YearClosed):
            yield fact.opens


def _proofs(leaves: Path, size: int, sealed: list[int]) -> dict[str, Any]:
    """That the agreement and every close told stand in the log, and that the log continues what it was at each close."""
    spans = [inclusion_spans(number - 1, size) for number in sealed] + [consistency_spans(number, size) for number in sealed]
    found = iter(roots(_pages(leaves), [*(span for some in spans for span in some), *((0, number) for number in sealed)]))
    paths = [[next(found).hex() for _ in some] for some in spans]
    inclusion = [{"number": number, "path": path} for number, path in zip(sealed, paths, strict=False)]
    steps = zip(sealed, paths[len(sealed) :], found, strict=True)
    consistency = [{"size": number, "root": root.hex(), "path": path} for number, path, root in steps]
    return {"inclusion": inclusion, "consistency": consistency}


def _pages(leaves: Path) -> Iterator[list[bytes]]:
    with leaves.open("rb") as file:
        while raw := file.read(_PAGE * HASH):
            yield [raw[at : at + HASH] for at in range(0, len(raw), HASH)]


def _named(found: Any, party: str) -> bool:
    if isinstance(found, dict):
        return party in found or any(_named(each, party) for each in found.values())
    if isinstance(found, list):
        return any(_named(each, party) for each in found)
    return bool(found == party)


def _write_json(path: Path, value: dict[str, Any]) -> None:
    path.write_bytes(json.dumps(value, indent=1).encode() + b"\n")


@contextmanager
def _new_folder(folder: Path) -> Iterator[Path]:
    """A folder that is made whole or not at all."""
    if folder.exists():
        raise Refused(f"{folder} exists already: name a new folder for the pack.")
    try:
        place = Path(mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
        try:
            yield place
            place.rename(folder)
        except BaseException:
            shutil.rmtree(place, ignore_errors=True)
            raise
    except OSError as error:
        raise LedgerUnavailable(f"The pack cannot be made at {folder}: {error.strerror}. Name another place.") from None
