"""Agreement of balances: read the party's extract, compare, and record what came of it with the disputes it raises."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import NamedTuple

import msgspec

from ledger import events as e
from ledger.application import Command, Ledger, Receipt
from ledger.chronicle import Chronicle
from ledger.decisions import terms_for
from ledger.errors import BadInput, Fault, Refused, did_you_mean
from ledger.money import sterling
from ledger.reconciliation.columns import Columns, columns, folded
from ledger.reconciliation.differences import Compared, Found, Opening, compare
from ledger.reconciliation.extract import Extract, read_extract
from ledger.reconciliation.mirror import Item, keepers, mirror
from ledger.requests import Agreeing, Disputing

MOST_RECORDED = 10_000
"""An agreement of balances holds no more differences than this."""


class Question(NamedTuple):
    """What is asked: whose file, as at which day, its columns, sign and sheet where said anew, how far dates may lie.

    The balance brought forward of an opening carries the sign of the file.
    """

    arrangement: str
    party: str
    file: Path
    as_at: date
    map: Mapping[str, str]
    sign: int | None
    days: int
    sheet: str | None = None
    opening: Opening | None = None


class Reconciliation(NamedTuple):
    """A party's extract held against its mirror: what was read, what came of it, and the disputes to be raised."""

    question: Question
    columns: Columns
    extract: Extract
    compared: Compared
    disputes: list[e.DisputeRaised]

    @property
    def fact(self) -> e.BalancesAgreed:
        """What is recorded of it; raises Refused where it holds more differences than can be kept."""
        found = self.compared
        if len(found.differences) > MOST_RECORDED:
            raise Refused(
                f"{self.question.party} and {self.question.arrangement} differ in {len(found.differences):,} items, and "
                f"a record holds {MOST_RECORDED:,}: check the columns and the sign (--map, --sign), then mend what differs."
            )
        return e.BalancesAgreed(
            party=self.question.party,
            as_at=self.question.as_at,
            ours=found.ours,
            theirs=found.theirs,
            columns=self.columns.stored(),
            confirmed=found.confirmed,
            differences=[each.item for each in found.differences],
            first=self.opening.first if self.opening else None,
            brought_forward=self.opening.theirs if self.opening else None,
        )

    @property
    def opening(self) -> Opening | None:
        """What the extract begins with, with the sign of our book."""
        opening = self.question.opening
        return opening and opening._replace(theirs=self.columns.sign * opening.theirs)

    def unproven(self, balance_threshold: int, line_threshold: int) -> str:
        """Why the balances are not agreed, as a sentence with a remedy; empty where they are, below the thresholds."""
        found, left = self.compared.failing(line_threshold), self.compared.unexplained
        reasons = []
        if found:
            noun = "1 unexplained difference" if len(found) == 1 else f"{len(found):,} unexplained differences"
            reasons.append(f"{noun} of {sterling(line_threshold)} or more")
        if left and abs(left) >= balance_threshold:
            reasons.append(f"{sterling(left)} unexplained in all, where the threshold is {sterling(balance_threshold)}")
        if not reasons:
            return ""
        return (
            f"{self.question.party} and {self.question.arrangement} do not agree as at {self.question.as_at}: "
            f"{' and '.join(reasons)}. Agree each with {self.question.party}: record or reverse what is wrong here, have "
            f"them mend what is wrong there, or raise a dispute with --record --dispute REFERENCE --reason WHY."
        )


def reconcile(ledger: Ledger, question: Question, dispute: Iterable[str] = ()) -> Reconciliation:
    """Hold a party's extract against its mirror, as it will stand once the differences of these references are disputed.

    Raises BadInput for a faulty file, UnknownCode for a code that is none, Refused where there is no mirror or nothing to
    dispute under a reference.
    """
    chronicle = ledger.chronicle(question.arrangement)
    terms = terms_for(chronicle, question.as_at)
    books = keepers(terms)
    terms.known_party(question.party, "party")
    read = _columns(chronicle, question)
    extract = read_extract(question.file, read)
    opening = _opening(question, read, extract)
    history = ledger.history(question.arrangement, up_to=chronicle.number)
    items = list(mirror(history, question.party, books))
    disputed = Counter[int]()
    for _number, fact in chronicle.open_disputes():
        if fact.party == question.party:
            disputed[fact.event] += fact.amount
    compared = compare(items, extract.lines, question.as_at, question.days, disputed, opening)
    raised = [fact for name in dispute for fact in _raised(name, question.party, items, compared, disputed)]
    if raised:
        disputed.update({fact.event: fact.amount for fact in raised})
        compared = compare(items, extract.lines, question.as_at, question.days, disputed, opening)
    return Reconciliation(question, read, extract, compared, raised)


def _opening(question: Question, read: Columns, extract: Extract) -> Opening | None:
    """What the extract begins with, with the sign of our book; raises Refused or BadInput where it cannot begin there."""
    opening = question.opening
    if opening is None:
        return None
    if opening.first > question.as_at:
        raise Refused(
            f"An extract that begins on {opening.first} says nothing of {question.as_at}: give an earlier --from, or a later "
            f"--as-at."
        )
    faults = [
        Fault(line.line, read.date, f"{line.on} is before {opening.first}, on which the extract begins: it is in what is "
                                    f"brought forward, so take the line out, or give an earlier --from with its --opening")
        for line in extract.lines if line.on < opening.first
    ]  # fmt: skip
    if faults:
        raise BadInput(str(question.file), faults[: BadInput.shown], len(faults))
    return opening._replace(theirs=read.sign * opening.theirs)


def _columns(chronicle: Chronicle, question: Question) -> Columns:
    agreed = [(number, fact) for number, fact in chronicle.standing(e.BalancesAgreed) if fact.party == question.party]
    number, last = agreed[-1] if agreed else (0, None)
    return columns(question.map, question.sign, last.columns if last else None, number, question.sheet)


def _raised(
    name: str, party: str, items: list[Item], compared: Compared, disputed: Mapping[int, int]
) -> list[e.DisputeRaised]:
    """The disputes that a reference (ours, or the document) asks for: none where they are open already."""
    named = {item.number for item in items if folded(name) in (folded(item.reference), folded(item.document))}
    found = [each for each in compared.differences if each.item.event in named and each.item.cause != "timing"]
    if not found:
        open_ = [each.item.reference for each in compared.differences if each.item.event and each.item.cause != "timing"]
        hint = did_you_mean(name, open_) if open_ else ": there is none to dispute."
        raise Refused(
            f"{name} is no difference between {party} and an event here{hint} What is missing here must be recorded before "
            f"it can be disputed."
        )
    return [_dispute(each, party, disputed) for each in found if each.item.cause != "disputed"]


def _dispute(found: Found, party: str, disputed: Mapping[int, int]) -> e.DisputeRaised:
    number = found.item.event
    if already := disputed.get(number, 0):
        raise Refused(
            f"{party} disputes {sterling(already)} of #{number} already, and differs from it by "
            f"{sterling(abs(found.amount))}: resolve that dispute with `poolbook dispute resolve`, then dispute this."
        )
    return e.DisputeRaised(event=number, party=party, amount=abs(found.amount))


def record(
    ledger: Ledger, found: Reconciliation, command: Command, *, document: str = "", evidence: str = "", dry_run: bool = False
) -> list[Receipt]:
    """Record the disputes, then the agreement of balances, whose evidence is the extract; gives a receipt of each.

    `evidence` is that of the disputes, and the command's reason theirs. All is decided before anything is recorded.
    Raises Refused.
    """
    agreeing = Agreeing(fact=found.fact, document=document, evidence=found.extract.sha256)
    asked: list[tuple[Disputing | Agreeing, Command]] = [
        (
            Disputing(fact=fact, effective_on=found.question.as_at, document=document, evidence=evidence),
            Command(
                command.actor, f"{command.reference} dispute {fact.event}" if command.reference else "", "", command.reason
            ),
        )
        for fact in found.disputes
    ]
    asked.append((agreeing, Command(command.actor, command.reference, command.narrative)))
    arrangement = found.question.arrangement
    previewed = [ledger.record(arrangement, request, who, dry_run=True) for request, who in asked]
    if dry_run:
        return [_shifted(receipt, by) for by, receipt in enumerate(previewed)]
    return [ledger.record(arrangement, request, who) for request, who in asked]


def _shifted(receipt: Receipt, by: int) -> Receipt:
    """A preview that counts what would be recorded before it."""
    if receipt.earlier or not by:
        return receipt
    events = []
    for event in receipt.events:
        number = event.number + by
        reference = f"#{number}" if event.reference == f"#{event.number}" else event.reference
        events.append(msgspec.structs.replace(event, number=number, reference=reference))
    return receipt._replace(events=events)
