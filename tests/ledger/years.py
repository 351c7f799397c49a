"""A pool at its year end: what was due, spent, recharged, and each step of the year end asked of a ledger.

OCC and OCCG share care 3:2 and beds 1:1; the year is 2013/14 unless a step says otherwise. Amounts are pence.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from ledger import events as e
from ledger.accounts import Entries
from ledger.agreement.reader import read_agreement
from ledger.application import Ledger
from ledger.audit.replay import Asked
from ledger.audit.replay import replayed as replay
from ledger.chronicle import Chronicle
from ledger.decisions.year_checks import Blocker, blockers
from ledger.decisions.year_outcome import Outcome, outcome
from ledger.money import pounds
from tests import given
from tests.given import CODE, WHO

YEAR, NEXT = "2013/14", "2014/15"
LAST, OPENS, NEXT_LAST = date(2014, 3, 31), date(2014, 4, 1), date(2015, 3, 31)
MAY, JUNE = date(2013, 5, 10), date(2014, 6, 10)
"""A day of the year, and one of the next."""

HALVES = '[risk]\nbase = "pool"\n[[risk.band]]\nshares = { OCC = 1, OCCG = 1 }'
BY_SCHEME = HALVES.replace('"pool"', '"scheme"')


def ruled(base: str = "pool", **keys: str) -> str:
    """A risk table, halved, with keys as TOML writes them."""
    more = "".join(f"{name} = {value}\n" for name, value in keys.items())
    return f'[risk]\nbase = "{base}"\n{more}[[risk.band]]\nshares = {{ OCC = 1, OCCG = 1 }}'


def budgeted(year: str = YEAR, **schemes: Mapping[str, int]) -> str:
    """Budget tables: scheme → party → pence."""
    return "\n".join(
        f'[[budget]]\nyear = "{year}"\nscheme = "{scheme}"\nparty = "{party}"\namount = "{pounds(amount)}"'
        for scheme, parties in schemes.items()
        for party, amount in parties.items()
    )


def plain(facts: list[e.Fact]) -> list[e.Fact]:
    """The facts of a settlement, each true-up without what it tells of how it came about."""
    return [
        e.TrueUpRaised(fact.year, drawn=fact.drawn, billed=fact.billed) if isinstance(fact, e.TrueUpRaised) else fact
        for fact in facts
    ]


class Pool:
    """One arrangement of a ledger, asked in the words of a year end."""

    def __init__(self, ledger: Ledger, *tables: str, kind: str = "lead_body", own: str = "", year_starts: str = "") -> None:
        self.ledger = ledger
        text = given.toml(kind, more="\n".join(tables))
        if own:
            text = text.replace('name = "Home care"', f'name = "Home care"\nrisk = {own}')
        if year_starts:
            text = text.replace("starts = 2013-04-01", f'starts = 2013-04-01\nyear_starts = "{year_starts}"')
        ledger.sign(read_agreement("agreement.toml", text.encode()), WHO)

    # What happens.

    def due(self, on: date = MAY, fund: str = "", **parties: int) -> list[e.Event]:
        """Contributions due."""
        return [self.fact("contribution_due", on, party=party, amount=due, fund=fund) for party, due in parties.items()]

    def cost(self, on: date = MAY, fund: str = "", **schemes: int) -> list[e.Event]:
        """Costs from a supplier, by scheme."""
        return [
            self.fact("expenditure", on, scheme=scheme, counterparty="SUP", amount=spent, fund=fund)
            for scheme, spent in schemes.items()
        ]

    def fact(self, type: str, on: date = MAY, **fields: Any) -> e.Event:
        """Any fact."""
        return given.record(self.ledger, type, on=on, **fields)

    def reverse(self, event: e.Event, on: date = LAST) -> e.Event:
        """A reversal."""
        return given.reverse(self.ledger, event.number, on=on)

    def plan(self, fact: e.BudgetSet | e.BudgetVired | e.ForecastMade, confirms: int = 0) -> e.Event:
        """A budget, a virement or a forecast."""
        return given.plan(self.ledger, fact, confirms=confirms)

    def run(self, to: date = LAST) -> list[e.Event]:
        """The recharge run."""
        return given.run(self.ledger, to)

    def settle(self, unspent: str = "", year: str = YEAR) -> list[e.Fact]:
        """Settle; the facts it records."""
        return [event.fact for event in given.year_end(self.ledger, "settle", year, unspent=unspent)]

    def step(self, step: str, year: str = YEAR) -> list[e.Event]:
        """Any step of the year end; its events."""
        return given.year_end(self.ledger, step, year)

    def close(self, body: str = "", year: str = YEAR) -> list[e.Event]:
        """Close a body's books, or all."""
        return given.year_end(self.ledger, "close", year, body=body)

    def reopen(self, body: str = "", year: str = YEAR, reason: str = "An invoice was left out") -> list[e.Event]:
        """Reopen a body's books, or all."""
        return given.year_end(self.ledger, "reopen", year, body=body, reason=reason)

    # What stands.

    @property
    def events(self) -> list[e.Event]:
        """Every event so far."""
        return list(self.ledger.history(CODE))

    def balance(self, book: str, account: str) -> int:
        """One account's balance."""
        return self.ledger.store.balance(CODE, book, account)

    def balances(self, as_at: date = date.max) -> Entries:
        """Every account that is not nil, by what is posted up to a day, summed from the events."""
        books: Entries = {}
        for event in self.events:
            for book, accounts in event.entries.items():
                if event.posted_on.get(book, event.effective_on) <= as_at:
                    for account, amount in accounts.items():
                        books.setdefault(book, {})[account] = books.get(book, {}).get(account, 0) + amount
        kept = {book: {name: pence for name, pence in accounts.items() if pence} for book, accounts in books.items()}
        return {book: accounts for book, accounts in kept.items() if accounts}

    def chronicle(self, year: str = YEAR) -> Chronicle:
        """The arrangement with a year in view."""
        return self.ledger.chronicle(CODE, year)

    def blockers(self, year: str = YEAR) -> list[Blocker]:
        """What stands in the way."""
        chronicle = self.chronicle(year)
        assert chronicle.year is not None
        return blockers(chronicle, chronicle.terms_on(chronicle.year.last))

    def outcome(self, year: str = YEAR) -> Outcome:
        """What the risk share comes to."""
        chronicle = self.chronicle(year)
        assert chronicle.year is not None
        return outcome(chronicle, chronicle.terms_on(chronicle.year.last))

    def mend(self, year: str = YEAR, last: date = LAST) -> None:
        """Recharge what is left, and let what is due from each party be its budget."""
        chronicle = self.chronicle(year)
        for party in chronicle.terms_on(last).parties:
            budget = sum(parts.get(party, 0) for parts in chronicle.budgets.values())
            dues = [
                found.sign * found.fact.amount
                for found in chronicle.occurrences
                if isinstance(found.fact, e.ContributionDue) and found.fact.party == party
            ]
            if budget - sum(dues):
                self.fact("contribution_due", last, party=party, amount=budget - sum(dues))
        self.run(last)

    def assert_replays(self) -> None:
        """The head that is kept is that of the replay, to the byte; every entry is derived once more, every close proves."""
        assert self.ledger.store.head(CODE) == self.ledger.replayed(CODE).row()
        kept = {(book, account): amount for book, account, amount in self.ledger.store.balances(CODE)}
        replayed = {(book, account): amount for book, account, amount in self.ledger.replayed(CODE).head.balances()}
        assert {key: amount for key, amount in kept.items() if amount} == replayed
        assert [each.first for each in replay(self.ledger.store.where, CODE, Asked())] == [None]
