"""Whatever is asked of an arrangement, and the facts it becomes: one table from the kind of request to its decision."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Protocol

import msgspec

from ledger import events as e
from ledger import text
from ledger.arrangements import post
from ledger.chronicle import Chronicle
from ledger.decisions import decide, terms_for
from ledger.decisions.budget import planned_fact
from ledger.decisions.contribution import instalment_request
from ledger.decisions.decided import Decided
from ledger.decisions.dispute import dispute_fact
from ledger.decisions.guards import guard
from ledger.decisions.recharge_run import recharge_run
from ledger.decisions.reversal import reversed_event
from ledger.decisions.year_steps import year_step
from ledger.errors import Refused
from ledger.requests import Agreeing, Asked, Disputing, Planned, Reversal, Run, Scheduled, Signing, YearStep
from ledger.state import Head


class History(Protocol):
    """What a decision may look up beyond the head."""

    def event(self, arrangement: str, number: int) -> e.Event:
        """One event; raises Refused where there is none of that number."""

    def reversed_by(self, arrangement: str, number: int) -> int | None:
        """The number of the event that reversed one, if any did."""

    def chronicle(self, arrangement: str, label: str | None = None) -> Chronicle:
        """The arrangement replayed, with a year in view where one is named; raises Refused for a label that is none."""


def decided(history: History, head: Head, asked: Asked) -> Iterator[Decided]:
    """The facts a request becomes, one at a time: the head must have taken each in before the next is asked for.

    A plain fact is not among them: the application decides it itself, without loading any of this.
    """
    return _DECISIONS[type(asked)](history, head, asked)


def _signing(_history: History, head: Head, asked: Signing) -> Iterator[Decided]:
    if head.state.agreement is not None:
        raise Refused(
            f"{head.stream} was signed already, as {head.state.agreement.name}: give another arrangement a code of its own."
        )
    yield Decided(e.AgreementSigned(agreement=asked.agreement), {}, asked.effective_on)


def _reversal(history: History, head: Head, asked: Reversal) -> Iterator[Decided]:
    terms = terms_for(head, asked.effective_on)
    event = history.event(head.stream, asked.reverses)
    reversed_by = history.reversed_by(head.stream, event.number)
    yield Decided(*reversed_event(head, terms, event, reversed_by, asked.effective_on), asked.effective_on)


def _run(history: History, head: Head, asked: Run) -> Iterator[Decided]:
    for fact, effective_on in recharge_run(history.chronicle(head.stream), head, asked.effective_on):
        posted = post(terms_for(head, effective_on), fact)
        guard(head, posted)
        yield Decided(fact, posted, effective_on)


def _scheduled(history: History, head: Head, asked: Scheduled) -> Iterator[Decided]:
    raised = history.chronicle(head.stream).raised
    for planned in sorted(head.terms_on(asked.to).agreement.instalments, key=lambda instalment: instalment.on):
        if planned.on <= asked.to and raised[planned.party, planned.fund, planned.scheme, planned.on] <= 0:
            fact, posted = decide(head, instalment_request(planned))
            yield Decided(msgspec.structs.replace(fact, instalment=planned.on), posted, planned.on)


def _planned(history: History, head: Head, asked: Planned) -> Iterator[Decided]:
    terms = terms_for(head, asked.effective_on)
    chronicle = history.chronicle(head.stream, asked.fact.year)
    yield Decided(planned_fact(chronicle, terms, asked.fact, asked.confirms), {}, asked.effective_on)


def _disputing(history: History, head: Head, asked: Disputing) -> Iterator[Decided]:
    terms = terms_for(head, asked.effective_on)
    about = history.event(head.stream, asked.fact.event) if isinstance(asked.fact, e.DisputeRaised) else None
    yield Decided(dispute_fact(history.chronicle(head.stream), terms, asked.fact, about), {}, asked.effective_on)


def _agreeing(_history: History, head: Head, asked: Agreeing) -> Iterator[Decided]:
    fact = asked.fact
    terms_for(head, fact.as_at).known_party(fact.party, "party")
    for words in (*fact.columns, *fact.columns.values(), *(difference.reference for difference in fact.differences)):
        try:
            text.clean(words, 200)
        except ValueError as error:
            raise Refused(f"The extract of {fact.party} cannot be recorded: {error}.") from None
    yield Decided(asked.fact, {}, asked.fact.as_at)


def _year_step(history: History, head: Head, asked: YearStep) -> Iterator[Decided]:
    for fact, posted, effective_on in year_step(history.chronicle(head.stream, asked.year), head, asked):
        yield Decided(fact, posted, effective_on)


_DECISIONS: dict[type, Callable[[History, Head, Any], Iterator[Decided]]] = {
    Signing: _signing,
    Reversal: _reversal,
    Run: _run,
    Scheduled: _scheduled,
    Planned: _planned,
    Disputing: _disputing,
    Agreeing: _agreeing,
    YearStep: _year_step,
}
