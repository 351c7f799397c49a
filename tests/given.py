"""What tests are given: agreements of each kind, their books in memory or in a ledger, and facts to record.

Every arrangement is called “pool”, has the council OCC and the CCG OCCG, shares care 3:2 and beds 1:1, and starts on
1 April 2013. Amounts are pence, written like 100_00.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import count
from typing import Any

import msgspec
import pytest

from ledger import events as e
from ledger.accounts import Entries
from ledger.agreement import Agreement
from ledger.agreement.reader import read_agreement
from ledger.agreement.variation import read_variation
from ledger.application import Command, Ledger
from ledger.decisions import decide, terms_for
from ledger.decisions.reversal import reversed_event
from ledger.errors import Refused
from ledger.requests import Disputing, Planned, Request, Reversal, Run, Scheduled, Varying, YearStep
from ledger.state import Head
from ledger.store.opening import Place

CODE = "pool"
LEDGER_ID = "0123456789abcdef0123456789abcdef"
DAY = date(2013, 6, 1)
WHO = Command("finance.officer")

_CONTRACTOR = 'contractor = { code = "ACME", name = "Acme Care Ltd" }\n'
_ENTITY = 'entity = { code = "JV", name = "Joint Care Ltd" }\n'

ROLES: dict[str, tuple[str, str]] = {
    "aligned": ("aligned", ""),
    "lead_body": ("lead_body", 'lead = "OCC"'),
    "hybrid": ("joint_commissioning", _CONTRACTOR + 'billing_lead = "OCC"'),
    "hybrid, parties hold": ("joint_commissioning", _CONTRACTOR + 'billing_lead = "OCC"\nassets_held_by = "parties"'),
    "commissioned": ("joint_commissioning", _CONTRACTOR),
    "commissioned, contractor holds": ("joint_commissioning", _CONTRACTOR + 'assets_held_by = "contractor"'),
    "commissioned, parties hold": ("joint_commissioning", _CONTRACTOR + 'assets_held_by = "parties"'),
    "grant": ("joint_venture", _ENTITY + 'funding = "grant"'),
    "charge": ("joint_venture", _ENTITY + 'funding = "charge"'),
    "capital": ("joint_venture", _ENTITY + 'funding = "capital"'),
    "charge and grant": ("joint_venture", _ENTITY + 'funding = ["charge", "grant"]'),
    "charge and capital": ("joint_venture", _ENTITY + 'funding = ["capital", "charge"]'),
}
"""Kind → its type and roles as the agreement file writes them."""

VENTURES = ("grant", "charge", "capital", "charge and grant", "charge and capital")
COMMISSIONED = ("commissioned", "commissioned, contractor holds", "commissioned, parties hold")
POOLS = ("lead_body", "hybrid")
RECHARGING = (*POOLS, "hybrid, parties hold")
KEEPER = dict.fromkeys(RECHARGING, "POOL") | dict.fromkeys(COMMISSIONED, "ACME") | dict.fromkeys(VENTURES, "JV")
"""Kind → whose book is the pool book; aligned budgets have none."""

_TOML = """
[arrangement]
code = "pool"
name = "The pool"
type = "{type}"
starts = 2013-04-01
[[party]]
code = "OCC"
name = "Oxfordshire County Council"
sector = "local_authority"
[[party]]
code = "OCCG"
name = "Oxfordshire CCG"
sector = "nhs"
{more}
[roles]
{roles}
[[scheme]]
code = "care"
name = "Home care"
[[scheme]]
code = "beds"
name = "Reablement beds"
recharge = {{ OCC = 1, OCCG = 1 }}
[[fund]]
code = "dfg"
name = "Disabled Facilities Grant"
kind = "capital"
[[fund]]
code = "hub"
name = "Hub money"
kind = "revenue"
{shares}
"""


def toml(kind: str, more: str = "", shares: str = "OCC = 3, OCCG = 2") -> str:
    """The agreement file of a kind; more tables and other shares (or none) may be put in."""
    type_, roles = ROLES[kind]
    shared = f"[shares]\nrecharge = {{ {shares} }}" if shares else ""
    return _TOML.format(type=type_, roles=roles, more=more, shares=shared)


@cache
def agreement(kind: str, more: str = "", shares: str = "OCC = 3, OCCG = 2") -> Agreement:
    """The agreement of a kind."""
    return read_agreement("agreement.toml", toml(kind, more, shares).encode())


def request(type: str, on: date = DAY, **fields: Any) -> Request:
    """A request to record a fact; amounts in pence."""
    return Request(type=type, effective_on=on, **fields)


class Books:
    """An arrangement in memory: decisions against its head, without a store."""

    def __init__(self, signed: str | Agreement) -> None:
        self.signed = agreement(signed) if isinstance(signed, str) else signed
        self.head = Head(self.signed.code)
        self.events: list[e.Event] = []
        self.asked: dict[int, Request] = {}
        """Number of an event → the request that it answers."""
        self._take(e.AgreementSigned(agreement=self.signed), {}, self.signed.starts)

    def record(self, type: str, **fields: Any) -> e.Event:
        """Record a fact, as the ledger would."""
        asked = request(type, **fields)
        event = self._take(*decide(self.head, asked), asked.effective_on)
        self.asked[event.number] = asked
        return event

    def reverse(self, event: e.Event | int, on: date = DAY) -> e.Event:
        """Reverse an event, as the ledger would."""
        number = event if isinstance(event, int) else event.number
        terms = terms_for(self.head, on)
        by = next((later.number for later in self.events if later.reverses == number), None)
        return self._take(*reversed_event(self.head, terms, self.events[number - 1], by, on), on)

    def balances(self) -> Entries:
        """Every account that is not nil, by book, summed from the entries of the events."""
        books: Entries = {}
        for event in self.events:
            for book, accounts in event.entries.items():
                for account, amount in accounts.items():
                    books.setdefault(book, {})[account] = books.get(book, {}).get(account, 0) + amount
        kept = {book: {name: pence for name, pence in accounts.items() if pence} for book, accounts in books.items()}
        return {book: accounts for book, accounts in kept.items() if accounts}

    def balance(self, book: str, account: str) -> int:
        """One account's balance, debit positive."""
        return self.balances().get(book, {}).get(account, 0)

    def state(self) -> tuple[int, bytes, Entries]:
        """All that a refusal must leave as it was: the number, the head's state, the head's balances."""
        posted = self.balances()
        stand = {book: {name: self.head.balance(book, name) for name in accounts} for book, accounts in posted.items()}
        return self.head.number, msgspec.json.encode(self.head.state, order="deterministic"), stand

    def _take(self, fact: e.Fact, posted: Entries, on: date) -> e.Event:
        number = len(self.events) + 1
        event = e.Event(
            ledger=LEDGER_ID, arrangement=self.signed.code, number=number, effective_on=on, recorded_at=f"{number:06}",
            actor=WHO.actor, reference=f"#{number}", fact=fact, entries=posted,
        )  # fmt: skip
        self.head.evolve(event)
        self.events.append(event)
        return event


def refused(act: Callable[..., object], *words: str, **fields: Any) -> str:
    """The sentence of a refusal, which must hold all the words and end as a sentence does."""
    with pytest.raises(Refused) as caught:
        act(**fields)
    sentence = str(caught.value)
    assert [word for word in words if word not in sentence] == [], sentence
    assert sentence.endswith((".", "?")), sentence
    return sentence


def refuses(books: Books, type: str, *words: str, **fields: Any) -> str:
    """The sentence with which the books refuse a fact; they must stand as before."""
    before = books.state()
    sentence = refused(lambda: books.record(type, **fields), *words)
    assert books.state() == before
    return sentence


def ticking(start: datetime = datetime(2013, 7, 1, 9, tzinfo=UTC)) -> Callable[[], datetime]:
    """A clock that moves on by a second each time it is read."""
    seconds = count()
    return lambda: start + timedelta(seconds=next(seconds))


def counted_salts() -> Callable[[], bytes]:
    """Salts 1, 2, 3 … in sixteen bytes."""
    numbers = count(1)
    return lambda: next(numbers).to_bytes(16, "big")


def new_ledger(where: Place, clock: Callable[[], datetime] | None = None) -> Ledger:
    """A new ledger with a clock, an id and salts that are the same every time."""
    return Ledger.create(where, clock=clock or ticking(), ledger_id=LEDGER_ID, salts=counted_salts())


def sign(ledger: Ledger, kind: str = "lead_body", **changes: Any) -> str:
    """Sign the agreement of a kind in a ledger; gives the arrangement's code."""
    return ledger.sign(agreement(kind, **changes), WHO).arrangement


def record(ledger: Ledger, type: str, *, command: Command = WHO, arrangement: str = CODE, **fields: Any) -> e.Event:
    """Record one fact in a ledger; gives its event."""
    return ledger.record(arrangement, request(type, **fields), command).events[0]


def reverse(ledger: Ledger, number: int, *, command: Command = WHO, on: date = DAY) -> e.Event:
    """Reverse one event in a ledger; gives the reversal."""
    return ledger.record(CODE, Reversal(reverses=number, effective_on=on), command).events[0]


def plan(ledger: Ledger, fact: e.BudgetSet | e.BudgetVired | e.ForecastMade, *, confirms: int = 0, on: date = DAY) -> e.Event:
    """Record a budget, a virement or a forecast; gives its event."""
    return ledger.record(CODE, Planned(fact=fact, effective_on=on, confirms=confirms), WHO).events[0]


def run(ledger: Ledger, to: date) -> list[e.Event]:
    """Recharge all that is not recharged yet up to a day; gives what was raised."""
    return ledger.record(CODE, Run(effective_on=to), WHO).events


def year_end(ledger: Ledger, step: str, year: str = "2013/14", *, reason: str = "", **asked: str) -> list[e.Event]:
    """Carry out a step of the year end; gives its events."""
    command = Command(WHO.actor, reason=reason or "As asked")
    return ledger.record(CODE, YearStep(step=step, year=year, **asked), command).events


def vary(
    ledger: Ledger, changes: str, on: date, *, command: Command = WHO, code: str = CODE, dry_run: bool = False
) -> list[e.Event]:
    """Vary an agreement by the tables of a file; gives the variation and what it put right."""
    raw = f'[variation]\narrangement = "{code}"\nfrom = {on}\n{changes}\n'.encode()
    read = read_variation("variation.toml", raw, ledger.terms)
    asked = Varying(variation=read.variation, effective_on=read.on)
    return ledger.record(read.arrangement, asked, command, dry_run=dry_run).events


Dispute = e.DisputeRaised | e.DisputeAcknowledged | e.DisputeResolved


def dispute(ledger: Ledger, fact: Dispute, *, on: date = DAY) -> e.Event:
    """Raise, acknowledge or resolve a dispute; gives its event."""
    return ledger.record(CODE, Disputing(fact=fact, effective_on=on), WHO).events[0]


def scheduled(ledger: Ledger, to: date) -> list[e.Event]:
    """Raise the instalments due up to a day; gives their events."""
    return ledger.record(CODE, Scheduled(to=to), WHO).events
