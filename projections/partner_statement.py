"""What a party must book itself: every line in its own book, and what it and the others say of each other.

What closes a year is left out, for each party closes its own ledger itself.
"""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

from sqlalchemy import select

from ledger.reconciliation.mirror import mirroring
from projections import tables as t
from projections.lines import Line, lines
from projections.naming import body_named, mirror_of
from projections.statement import Period
from projections.totals import moved, posted
from projections.views import View


class Posting(NamedTuple):
    """A line to book, and what of it (in pence) is part of the party's account with whoever keeps the pool."""

    line: Line
    with_pool: int


class Account(NamedTuple):
    """An account of the party's book over the period, in pence."""

    name: str
    opening: int
    debits: int
    credits: int

    @property
    def closing(self) -> int:
        """What it stands at in the end."""
        return self.opening + self.debits - self.credits


class Mirror(NamedTuple):
    """What the party says of another body at the period's end, and what that body's book says of it, in pence."""

    account: Account
    book: str
    there: str
    says: int

    @property
    def difference(self) -> int:
        """Nil, but for lines that were posted late on one side, whose year was closed."""
        return self.account.closing + self.says


class PartnerStatement(NamedTuple):
    """One party's statement; `keepers` are those in whose books its account with the pool is mirrored, if anybody's."""

    party: str
    period: Period
    keepers: list[str]
    postings: list[Posting]
    accounts: list[Account]
    mirrors: list[Mirror]

    @property
    def with_pool(self) -> tuple[int, int]:
        """What the keepers owed the party when the period began, prepayments included, and when it ended."""
        mirrors = mirroring(self.keepers)
        found = [account for account in self.accounts if mirrors(account.name)]
        return sum(account.opening for account in found), sum(account.closing for account in found)


def partner_statement(view: View, party: str, period: Period) -> PartnerStatement:
    """What a party must book of a period; raises UnknownCode for a code that is no party's."""
    terms = view.terms
    terms.known_party(party, "party")
    keepers = [book for book in terms.books if book not in terms.party_set]
    mirrors = mirroring(keepers)
    closes = set(view.connection.scalars(select(t.events.c.number).where(
        t.events.c.stream == view.stream, t.events.c.type == "YearClosed")))  # fmt: skip
    found = lines(view, t.accounts.c.book == party, first=period.first, last=period.last)
    found = [line for line in found if line.root not in closes]
    found.sort(key=lambda line: (line.posted_on, line.number, line.pence < 0, line.account))
    opening = {row.account: row.before + row.opened for row in moved(view, [party], period.first, period.last)}
    debits, credits = Counter[str](), Counter[str]()
    for line in found:
        (debits if line.pence > 0 else credits)[line.account] += abs(line.pence)
    names = sorted({*(name for name, pence in opening.items() if pence), *debits, *credits})
    accounts = [Account(name, opening.get(name, 0), debits[name], credits[name]) for name in names]
    there = {(book, account): pence for book, account, pence in posted(view, period.last)}
    said = []
    for account in accounts:
        body, name = body_named(account.name), mirror_of(party, account.name)
        if name and body in terms.book_set:
            said.append(Mirror(account, body, name, there.get((body, name), 0)))
    postings = [Posting(line, line.pence if mirrors(line.account) else 0) for line in found]
    return PartnerStatement(party, period, keepers, postings, accounts, said)
