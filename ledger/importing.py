"""An import: a file of facts decided whole against the heads, staged apart, and recorded in one transaction or not at all.

While rows are decided nobody is locked out. Then the write lock is taken, and if none of the arrangements has moved the
events are appended in one statement; if one has, every row is decided once more, under the lock.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from ledger.application import Command, Ledger, refuse_other_content
from ledger.csv_file import CsvFile, Row
from ledger.decisions import check_codes, decide, terms_for
from ledger.decisions.decided import Decided
from ledger.draft import Draft
from ledger.errors import Fault, Refused, UnknownCode, listing
from ledger.read_ahead import batches
from ledger.store.encoding import columns, decode
from ledger.store.staging import Seen, Staging


class Imported(NamedTuple):
    """What an import recorded (or would), by arrangement, and how many of its rows had been recorded before."""

    recorded: dict[str, int]
    earlier: int

    @property
    def total(self) -> int:
        """How many events were recorded in all."""
        return sum(self.recorded.values())


def import_file(
    ledger: Ledger, file: CsvFile, actor: str, *, dry_run: bool = False, progress: Callable[[int], None] = lambda _: None
) -> Imported:
    """Record every row of a file, in file order, or none.

    Raises BadInput where the file is wrong by itself, else Refused listing every row that a rule refuses, decided as if the
    refused rows before it were absent. Rows recorded before are passed over. `progress` is told the bytes read so far.
    """
    plan = _Plan(ledger, file, actor)
    plan.decide_all(progress)
    if not dry_run and plan.recorded:
        with ledger.store.posting(*plan.drafts):
            if plan.moved():
                plan = _Plan(ledger, file, actor)
                plan.decide_all(progress)
            ledger.store.insert_staged(plan.staging)
            for _, draft in sorted(plan.drafts.items()):
                ledger.write(draft)
    return Imported(plan.recorded, plan.earlier)


class _Plan:
    """Every row of a file decided once, in order."""

    def __init__(self, ledger: Ledger, file: CsvFile, actor: str) -> None:
        self.ledger, self.file, self.actor = ledger, file, actor
        self.staging: Staging = ledger.store.staging()
        self.drafts: dict[str, Draft] = {}
        self.refusals: list[Fault] = []
        self.recorded: dict[str, int] = {}
        self.earlier = 0
        self.reading = ""

    def decide_all(self, progress: Callable[[int], None]) -> None:
        """Decide and stage every row; raises BadInput or Refused."""
        for rows, read in batches(self.file):
            self.reading = self.ledger.reading()
            known = self.staging.see([Seen(row.line, row.arrangement, row.reference) for row in rows])
            for row in rows:
                self._row(row, known.get((row.arrangement, row.reference)))
            progress(read)
        self.staging.flush()
        for seen, first in self.staging.repeated:
            self.file.fault(seen.line, "reference", f"{seen.reference} stands in line {first} already")
        self.file.refuse_faults()
        if self.refusals:
            shown = self.refusals[:100]
            raise Refused(listing(self.file.name, shown, len(self.refusals), "refusal"))
        progress(self.file.size)

    def moved(self) -> bool:
        """Whether any of the arrangements has moved since it was read."""
        heads = ((draft, self.ledger.store.head(stream)) for stream, draft in self.drafts.items())
        return any(row is None or row.number != draft.since for draft, row in heads)

    def _row(self, row: Row, earlier: bytes | None) -> None:
        try:
            draft = self._draft(row.arrangement)
            if self.file.fault_count:
                check_codes(terms_for(draft.head, row.request.effective_on), row.request)
            else:
                self._decide(row, draft, earlier)
        except UnknownCode as error:
            self.file.fault(row.line, error.column, str(error))
        except Refused as error:
            self.refusals.append(Fault(row.line, "", str(error)))

    def _draft(self, arrangement: str) -> Draft:
        draft = self.drafts.get(arrangement)
        if draft is None:
            self.ledger.known(arrangement)
            draft = self.drafts[arrangement] = self.ledger.draft(arrangement, whole=True)
        return draft

    def _decide(self, row: Row, draft: Draft, earlier: bytes | None) -> None:
        if earlier:
            refuse_other_content(decode(earlier), row.asked)
            self.earlier += 1
            return
        fact, posted = decide(draft.head, row.request)
        command = Command(actor=self.actor, reference=row.reference, narrative=row.narrative)
        decided = Decided(fact, posted, row.request.effective_on)
        event, texts = self.ledger.stamped(draft.head, row.request, decided, command, row.asked, reading=self.reading)
        row_kept = columns(event)
        draft.head.evolve(event)
        draft.frontier.append(row_kept[-1])
        self.staging.put(row_kept, texts)
        self.recorded[row.arrangement] = self.recorded.get(row.arrangement, 0) + 1
