"""A range of events derived once more: each entry from its fact by the rules of its type, under the terms then in force.

What a range comes to is small and can be added to the ranges before it, so a long history is shared between processes.
Balances are kept in periods divided by the days that matter: those on which closed years opened the next, and the day asked.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

import msgspec

from ledger import events as e
from ledger.accounts import Entries, negated
from ledger.arrangements import post
from ledger.audit.reader import Reader
from ledger.audit.scan import Fault, batches, without_gc
from ledger.errors import PoolbookError
from ledger.state import Head
from ledger.store.merkle import Frontier

SETS_TERMS = (e.AgreementSigned, e.AgreementVaried)
"""Facts that change the terms under which later ones are decided."""

_decoder = msgspec.json.Decoder(e.Event)


class Task(NamedTuple):
    """A range, the bytes of the events before it that set its terms, and the days that divide its periods."""

    stream: str
    first: int
    last: int
    terms: tuple[bytes, ...]
    days: tuple[date, ...]


class Closed(NamedTuple):
    """A close met in a range: its number, the day the next year opens, its fact; `so_far`: what the range had come to."""

    number: int
    fact: e.YearClosed
    so_far: Entries


class Derived(NamedTuple):
    """What a range comes to: the edge of its tree, its balances by period, the closes in it; with a fault, only that."""

    edge: bytes = b""
    periods: tuple[Entries, ...] = ()
    closes: tuple[Closed, ...] = ()
    posting: int = 0
    """How many events post anything."""
    fault: tuple[int, str] | None = None


def derived(reader: Reader, task: Task) -> Derived:
    """Derive a range once more; its first difference, if there is one, is its fault."""
    head = Head(task.stream)
    for raw in task.terms:
        head.evolve(_decoder.decode(raw))
    frontier, closes, posting = Frontier(), list[Closed](), 0
    periods = Periods(task.days)
    try:
        with without_gc():
            for batch in batches(reader, task.stream, task.first, task.last):
                frontier.extend(batch.leaves)
                for event in batch.events:
                    if isinstance(event.fact, SETS_TERMS):
                        head.evolve(event)
                    _check_entries(reader, head, event)
                    if isinstance(event.fact, e.YearClosed):
                        closes.append(Closed(event.number, event.fact, periods.before(event.fact.opens)))
                    if event.entries:
                        posting += 1
                        periods.post(event)
    except Fault as fault:
        return Derived(fault=(fault.number, fault.sentence))
    return Derived(frontier.edge(), tuple(periods.sums), tuple(closes), posting)


class Periods:
    """Balances by the period in which they were posted; a period ends before each of the days."""

    def __init__(self, days: Sequence[date]) -> None:
        self.days = sorted(set(days))
        self.sums: list[Entries] = [{} for _ in range(len(self.days) + 1)]
        self._of_day: dict[date, Entries] = {}

    def post(self, event: e.Event) -> None:
        """Add an event's entries."""
        on, posted_on, of_day = event.effective_on, event.posted_on, self._of_day
        for book, accounts in event.entries.items():
            day = posted_on.get(book, on) if posted_on else on
            period = of_day.get(day)
            if period is None:
                period = of_day[day] = self.sums[bisect_right(self.days, day)]
            now = period.get(book)
            if now is None:
                now = period[book] = {}
            for account, pence in accounts.items():
                now[account] = now.get(account, 0) + pence

    def add(self, sums: Sequence[Entries]) -> None:
        """Add what another range comes to."""
        for mine, theirs in zip(self.sums, sums, strict=True):
            add(mine, theirs)

    def before(self, day: date) -> Entries:
        """What was posted before one of the days."""
        return total(self.sums[: self.days.index(day) + 1])


def total(sums: Sequence[Entries]) -> Entries:
    """Balances added together, those that come to nil left in."""
    found: Entries = {}
    for each in sums:
        add(found, each)
    return found


def add(balances: Entries, more: Entries) -> None:
    """Add balances to others."""
    for book, accounts in more.items():
        now = balances.setdefault(book, {})
        for account, pence in accounts.items():
            now[account] = now.get(account, 0) + pence


def _check_entries(reader: Reader, head: Head, event: e.Event) -> None:
    """Raise Fault unless an event's entries are those that its fact posts."""
    fact = event.fact
    if isinstance(fact, e.FactReversed):
        expected = _reversed(reader, event, fact)
    else:
        try:
            expected = post(head.terms_on(event.effective_on), fact)
        except PoolbookError as error:
            raise Fault(event.number, f"the terms in force do not allow its {event.type}: {error}") from None
        except (AssertionError, LookupError, TypeError, ValueError, AttributeError) as error:
            said = " ".join(str(error).split())[:200]
            raise Fault(
                event.number, f"nothing can be derived from its {event.type} ({type(error).__name__}: {said})"
            ) from None
    if expected != event.entries:
        raise Fault(event.number, _difference(event, expected))


def _reversed(reader: Reader, event: e.Event, fact: e.FactReversed) -> Entries:
    rows = reader.rows("SELECT bytes FROM events WHERE stream = ? AND number = ?", event.arrangement, fact.reverses)
    if not rows or fact.reverses >= event.number:
        raise Fault(event.number, f"it reverses #{fact.reverses}, which is none before it")
    try:
        earlier = _decoder.decode(rows[0][0])
    except (msgspec.MsgspecError, TypeError) as error:
        raise Fault(fact.reverses, f"its bytes are no event ({' '.join(str(error).split())[:200]})") from None
    if earlier.fact != fact.fact:
        raise Fault(event.number, f"the fact that it carries is not that of #{fact.reverses}, which it reverses")
    return negated(earlier.entries)


def _difference(event: e.Event, expected: Entries) -> str:
    """The first line on which what is stored and what is derived differ."""
    stored, derived = (
        {(b, a): p for b, accounts in each.items() for a, p in accounts.items()} for each in (event.entries, expected)
    )
    book, account = min(line for line in stored.keys() | derived.keys() if stored.get(line) != derived.get(line))
    is_, must = stored.get((book, account), 0), derived.get((book, account), 0)
    return f"its entry says {is_} pence for {account} of {book}, and its {event.type} posts {must}"
