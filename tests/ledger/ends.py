"""An arrangement at its end, asked of a ledger: notice, what the end comes to, its completion, what outlives it.

OCC and OCCG share care 3:2 and beds 1:1, as everywhere; amounts are pence, and it ends on 31 March 2014.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from ledger import events as e
from ledger.accounts import Entries
from ledger.application import Command, Ledger
from ledger.decisions.termination import at_end, end_of, in_the_way
from ledger.requests import Adjusting, Completing, Notice
from ledger.termination.ending import Ending
from ledger.termination.plan import Choice, Plan
from tests.given import CODE, WHO

END = date(2014, 3, 31)
Given = tuple[str, dict[str, Any]]


def planned(ledger: Ledger, *choices: Choice, on: date = END, stand: bool = False) -> Plan:
    """A plan made from the books as they stand."""
    head = ledger.draft(CODE).head
    return Plan(CODE, on, head.number, ledger.root(CODE), stand, list(choices))


def preview(ledger: Ledger, *choices: Choice, on: date = END) -> Ending:
    """What the end would come to."""
    return end_of(ledger, at_end(ledger, ledger.draft(CODE).head, on), on, planned(ledger, *choices, on=on))


def obstacles(ledger: Ledger, *choices: Choice, on: date = END, stand: bool = False) -> dict[str, str]:
    """What stands in the way: check → remedy."""
    chronicle = at_end(ledger, ledger.draft(CODE).head, on)
    found = in_the_way(ledger, chronicle, preview(ledger, *choices, on=on), budgets_stand=stand)
    return {obstacle.check: obstacle.sentence for obstacle in found}


def notice(ledger: Ledger, on: date, **asked: Any) -> e.NoticeGiven:
    """Notice; the fact it becomes."""
    fact = ledger.record(CODE, Notice(effective_on=on, **asked), WHO).events[0].fact
    assert isinstance(fact, e.NoticeGiven)
    return fact


def complete(ledger: Ledger, *choices: Choice, on: date = END, reference: str = "", stand: bool = False) -> list[e.Event]:
    """Complete the arrangement by a plan of these choices; its events."""
    asked = Completing(effective_on=on, plan=planned(ledger, *choices, on=on, stand=stand))
    return ledger.record(CODE, asked, Command(WHO.actor, reference)).events


def adjust(ledger: Ledger, name: str, amount: int, on: date = END, **whose: int) -> e.Event:
    """Put a survivor at another amount."""
    return ledger.record(CODE, Adjusting(name=name, amount=amount, effective_on=on, whose=whose), WHO).events[0]


def choose(kind: str, code: str, then: str, to: str = "", value: int | None = None, **whose: int) -> Choice:
    """What becomes of a thing."""
    return Choice(kind, code, then, to, value, whose)


def books(ledger: Ledger) -> Entries:
    """Every account that is not nil, by book."""
    found: Entries = {}
    for book, account, amount in ledger.store.balances(CODE):
        if amount:
            found.setdefault(book, {})[account] = amount
    return found


def posted(events: list[e.Event]) -> list[tuple[str, Entries]]:
    """Type and entries of events, in order."""
    return [(event.type, event.entries) for event in events]
