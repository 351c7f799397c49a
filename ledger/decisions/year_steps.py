"""The steps of a year end as they are asked for: reclassify, settle, close, reopen; each gives facts, entries and dates."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import NamedTuple

from ledger import events as e
from ledger.accounts import Entries, negated
from ledger.agreement import Terms
from ledger.agreement.terms import POOL
from ledger.arrangements import post
from ledger.chronicle import Chronicle
from ledger.decisions.guards import guard
from ledger.decisions.wrong_sides import reclassified
from ledger.decisions.year_end import close, reopen, settle
from ledger.requests import YearStep
from ledger.state import Head


class Dated(NamedTuple):
    """A fact, what it posts, and its business date."""

    fact: e.Fact
    entries: Entries
    effective_on: date


def year_step(chronicle: Chronicle, head: Head, step: YearStep) -> Iterator[Dated]:
    """The events of a step, one at a time; the head must have taken each in before the next is asked for."""
    terms = head.terms_on(chronicle.the_year.last)
    yield from _STEPS[step.step](chronicle, terms, head, step)


def _reclassify(chronicle: Chronicle, terms: Terms, head: Head, _step: YearStep) -> Iterator[Dated]:
    for fact, effective_on in reclassified(chronicle, terms):
        posted = post(terms, fact)
        guard(head, posted)
        yield Dated(fact, posted, effective_on)


def _settle(chronicle: Chronicle, terms: Terms, head: Head, step: YearStep) -> Iterator[Dated]:
    for fact in settle(chronicle, terms, head, step.unspent):
        posted = post(terms, fact)
        guard(head, posted)
        yield Dated(fact, posted, chronicle.the_year.last)


def _close(chronicle: Chronicle, terms: Terms, _head: Head, step: YearStep) -> Iterator[Dated]:
    for body in _bodies(terms, step.body):
        last = chronicle.last_close(body)
        if not step.body and last is not None and last[1].year == step.year:
            continue  # closing all closes those that are still open
        fact = close(chronicle, terms, body)
        posted = post(terms, fact)
        yield Dated(fact, posted, fact.opens)


def _reopen(chronicle: Chronicle, terms: Terms, _head: Head, step: YearStep) -> Iterator[Dated]:
    for body in _bodies(terms, step.body):
        number, fact = reopen(chronicle, terms, body)
        yield Dated(e.FactReversed(reverses=number, fact=fact), negated(post(terms, fact)), fact.opens)


def _bodies(terms: Terms, body: str) -> list[str]:
    return [body] if body else [book for book in terms.books if book != POOL]


_STEPS: dict[str, Callable[[Chronicle, Terms, Head, YearStep], Iterator[Dated]]] = {
    "reclassify": _reclassify,
    "settle": _settle,
    "close": _close,
    "reopen": _reopen,
}
