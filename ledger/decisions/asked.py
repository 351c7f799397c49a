"""Whatever is asked of an arrangement, and the facts it becomes: one table from the kind of request to its decision."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple, Protocol

import msgspec

from ledger import events as e
from ledger import text
from ledger.arrangements import post
from ledger.chronicle import Chronicle
from ledger.decisions import decide, terms_for
from ledger.decisions.budget import budget_vired, confirmed, planned_fact
from ledger.decisions.contribution import instalment_request
from ledger.decisions.decided import Decided
from ledger.decisions.dispute import dispute_answered, dispute_raised
from ledger.decisions.ended import refuse_beyond_survivors, refuse_ended, taken_back
from ledger.decisions.erasure import narrative_erased
from ledger.decisions.guards import guard
from ledger.decisions.indicator import indicators_reported
from ledger.decisions.recharge_run import recharge_run
from ledger.decisions.reversal import reversed_event
from ledger.decisions.survivor import adjusted
from ledger.decisions.termination import completion, notice
from ledger.decisions.variation import agreement_varied
from ledger.decisions.year_steps import year_step
from ledger.disputes import Dispute
from ledger.errors import Refused
from ledger.requests import (
    Adjusting,
    Agreeing,
    Asked,
    Completing,
    Disputing,
    Erasing,
    Notice,
    Planned,
    Reporting,
    Reversal,
    Run,
    Scheduled,
    Signing,
    Varying,
    YearStep,
)
from ledger.state import Head


class History(Protocol):
    """What a decision may look up beyond the head."""

    def event(self, arrangement: str, number: int) -> e.Event:
        """One event; raises Refused where there is none of that number."""

    def reversed_by(self, arrangement: str, number: int) -> int | None:
        """The number of the event that reversed one, if any did."""

    def stands(self, arrangement: str, number: int) -> bool:
        """Whether an event is not reversed, or its reversal is."""

    def disputes(self, arrangement: str) -> list[Dispute]:
        """The disputes of an arrangement that were not taken back."""

    def texts_kept(self, event: e.Event) -> bool:
        """Whether a narrative or a reason of an event is still there."""

    def erased_by(self, arrangement: str, number: int) -> e.Event | None:
        """The event that erased the texts of one, if any did."""

    def chronicle(self, arrangement: str, label: str | None = None) -> Chronicle:
        """The arrangement replayed, with a year in view where one is named."""

    def history(self, arrangement: str, after: int = 0) -> Iterator[e.Event]:
        """The events of an arrangement in order."""

    def root(self, arrangement: str) -> str:
        """The root of the arrangement's log, in hex."""


class Replay(NamedTuple):
    """A request that is decided on the whole history, with a year in view where one is named."""

    year: str | None = None


def replays(asked: Asked) -> Replay | None:
    """What of the history must be replayed before a request can be decided; None where its head says enough."""
    match asked:
        case YearStep():
            return Replay(asked.year)
        case Planned(fact=e.BudgetVired()):
            return Replay(asked.fact.year)
        case Varying() | Run() | Scheduled():
            return Replay()
    return None


def decided(history: History, head: Head, asked: Asked, chronicle: Chronicle | None) -> Iterator[Decided]:
    """The facts a request becomes, one at a time: the head must have taken each in before the next is asked for.

    `chronicle` is what `replays` asks for, replayed to where the head stands. A plain fact is not among the requests: the
    application decides it itself, without loading any of this.
    """
    if head.state.completed:
        refuse_ended(head, asked)
    if chronicle is None:
        return _ON_THE_HEAD[type(asked)](history, head, asked)
    return _ON_THE_HISTORY[type(asked)](chronicle, head, asked)


def _signing(_history: History, head: Head, asked: Signing) -> Iterator[Decided]:
    if head.signed:
        name = head.terms_on(asked.effective_on).agreement.name
        raise Refused(f"{head.stream} was signed already, as {name}: give another arrangement a code of its own.")
    yield Decided(e.AgreementSigned(agreement=asked.agreement), {}, asked.effective_on)


def _reversal(history: History, head: Head, asked: Reversal) -> Iterator[Decided]:
    terms = terms_for(head, asked.effective_on)
    event = history.event(head.stream, asked.reverses)
    for each in taken_back(history, head, event) if head.state.completed else [event]:
        reversed_by = history.reversed_by(head.stream, each.number)
        fact, posted = reversed_event(head, terms, each, reversed_by, asked.effective_on)
        if head.state.completed and isinstance(each.fact, e.FactReversed):
            refuse_beyond_survivors(head, posted)
        yield Decided(fact, posted, asked.effective_on)


def _run(chronicle: Chronicle, head: Head, asked: Run) -> Iterator[Decided]:
    for fact, effective_on in recharge_run(chronicle, head, asked.effective_on):
        posted = post(terms_for(head, effective_on), fact)
        guard(head, posted)
        yield Decided(fact, posted, effective_on)


def _scheduled(chronicle: Chronicle, head: Head, asked: Scheduled) -> Iterator[Decided]:
    raised = chronicle.raised
    for planned in sorted(head.terms_on(asked.to).agreement.instalments, key=lambda instalment: instalment.on):
        if planned.on <= asked.to and raised[planned.party, planned.fund, planned.scheme, planned.on] <= 0:
            fact, posted = decide(head, instalment_request(planned))
            yield Decided(msgspec.structs.replace(fact, instalment=planned.on), posted, planned.on)


def _planned(_history: History, head: Head, asked: Planned) -> Iterator[Decided]:
    terms = terms_for(head, asked.effective_on)
    assert not isinstance(asked.fact, e.BudgetVired)
    yield Decided(planned_fact(terms, asked.fact), {}, asked.effective_on)


def _vired(chronicle: Chronicle, head: Head, asked: Planned) -> Iterator[Decided]:
    terms = terms_for(head, asked.effective_on)
    assert isinstance(asked.fact, e.BudgetVired)
    fact = confirmed(chronicle, asked.confirms) if asked.confirms else asked.fact
    yield Decided(budget_vired(chronicle, terms, fact), {}, asked.effective_on)


def _disputing(history: History, head: Head, asked: Disputing) -> Iterator[Decided]:
    terms, known, fact = terms_for(head, asked.effective_on), history.disputes(head.stream), asked.fact
    if isinstance(fact, e.DisputeRaised):
        about = history.event(head.stream, fact.event)
        fact = dispute_raised(known, terms, fact, about, stands=history.stands(head.stream, fact.event))
    else:
        fact = dispute_answered(known, terms, fact)
    yield Decided(fact, {}, asked.effective_on)


def _agreeing(_history: History, head: Head, asked: Agreeing) -> Iterator[Decided]:
    fact = asked.fact
    terms_for(head, fact.as_at).known_party(fact.party, "party")
    for words in (*fact.columns, *fact.columns.values(), *(difference.reference for difference in fact.differences)):
        try:
            text.clean(words, 200)
        except ValueError as error:
            raise Refused(f"The extract of {fact.party} cannot be recorded: {error}.") from None
    yield Decided(asked.fact, {}, asked.fact.as_at)


def _reporting(_history: History, head: Head, asked: Reporting) -> Iterator[Decided]:
    for fact in indicators_reported(terms_for(head, asked.effective_on), asked):
        yield Decided(fact, {}, asked.effective_on)


def _erasing(history: History, head: Head, asked: Erasing) -> Iterator[Decided]:
    event = history.event(head.stream, asked.event)
    erased_by = None if history.texts_kept(event) else history.erased_by(head.stream, asked.event)
    yield Decided(narrative_erased(event, erased_by, history.texts_kept(event)), {}, asked.effective_on)


def _notice(_history: History, head: Head, asked: Notice) -> Iterator[Decided]:
    yield Decided(notice(terms_for(head, asked.effective_on), asked), {}, asked.effective_on)


def _adjusting(history: History, head: Head, asked: Adjusting) -> Iterator[Decided]:
    terms = terms_for(head, asked.effective_on)
    completion = history.event(head.stream, head.state.completed).fact if head.state.completed else None
    fact = adjusted(head, terms, completion, asked)
    posted = post(terms, fact)
    guard(head, posted)
    yield Decided(fact, posted, asked.effective_on)


def _year_step(chronicle: Chronicle, head: Head, asked: YearStep) -> Iterator[Decided]:
    for fact, posted, effective_on in year_step(chronicle, head, asked):
        yield Decided(fact, posted, effective_on)


_ON_THE_HEAD: dict[type, Callable[[History, Head, Any], Iterator[Decided]]] = {
    Signing: _signing,
    Reversal: _reversal,
    Planned: _planned,
    Disputing: _disputing,
    Agreeing: _agreeing,
    Reporting: _reporting,
    Erasing: _erasing,
    Notice: _notice,
    Completing: completion,
    Adjusting: _adjusting,
}
_ON_THE_HISTORY: dict[type, Callable[[Chronicle, Head, Any], Iterator[Decided]]] = {
    Varying: agreement_varied,
    Run: _run,
    Scheduled: _scheduled,
    Planned: _vired,
    YearStep: _year_step,
}
