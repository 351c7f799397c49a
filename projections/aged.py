"""Debtors and creditors by age: what is owed, to whom, and since when.

What is paid clears first what bears the same document, then the oldest; what is left of it is in credit, and stands in a
column of its own. An event and its reversals are taken together, as if what was taken back had never been. So each row
adds up to the account's balance.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date
from itertools import groupby
from typing import NamedTuple

from ledger.accounts import CREDITORS, DEBTORS
from ledger.application import Ledger
from ledger.disputes import Dispute
from ledger.money import pounds
from projections import tables as t
from projections.balances import no_book
from projections.columns import AGES, BANDS, FLAT
from projections.lines import Line, lines
from projections.sheets import Report, Sheet
from projections.views import View, read


class Item(NamedTuple):
    """Something owed (or, negative, paid), in pence, and the event it comes from."""

    posted_on: date
    document: str
    pence: int
    number: int = 0


class Aged(NamedTuple):
    """What a book is owed by, or owes, a body: pence by band, what is in credit (nil or negative), the sum.

    `disputed` is how much of it the open disputes of the two are about.
    """

    book: str
    body: str
    bands: tuple[int, ...]
    in_credit: int
    disputed: int

    @property
    def figures(self) -> tuple[int, ...]:
        """The columns, in order."""
        return (*self.bands, self.in_credit, sum(self.bands) + self.in_credit, self.disputed)


def aged(
    ledger: Ledger, arrangements: list[str] | None, what: str, *, book: str = "", as_at: date | None = None
) -> list[Report]:
    """Debtors or creditors (`what`) posted up to a day, by age on that day (None: everything, by age today).

    Raises UnknownCode where no arrangement asked for has the book.
    """
    on = as_at or ledger.clock().date()

    def answer(views: list[View]) -> list[Report]:
        having = [view for view in views if not book or book in view.terms.book_set]
        if book and not having:
            raise no_book(book, [(view.code, view.terms.books) for view in views])
        return [_report(view, what, book, as_at, on, ledger.disputes(view.code, view.events)) for view in having]

    return read(ledger, arrangements, answer)


def owing(items: Iterable[Item]) -> tuple[list[Item], int]:
    """What is still owed of each item, and what was paid beyond it all (nil or negative)."""
    charges: list[Item] = []
    paid: dict[str, int] = {}
    for item in sorted(items, key=lambda item: item.posted_on):
        if item.pence > 0:
            charges.append(item)
        else:
            paid[item.document] = paid.get(item.document, 0) - item.pence
    spare = paid.pop("", 0)
    left: list[Item] = []
    for charge in charges:
        cleared = min(charge.pence, paid.get(charge.document, 0))
        if cleared:
            paid[charge.document] -= cleared
        left.append(charge._replace(pence=charge.pence - cleared))
    spare += sum(paid.values())
    owed: list[Item] = []
    for charge in left:
        cleared = min(charge.pence, spare)
        spare -= cleared
        if charge.pence > cleared:
            owed.append(charge._replace(pence=charge.pence - cleared))
    return owed, -spare


def _report(view: View, what: str, book: str, as_at: date | None, on: date, disputes: list[Dispute]) -> Report:
    rows = aged_rows(view, what, book, as_at, on, [each for each in disputes if each.is_open(as_at)])
    totals = {owner: _total(each) for owner, each in groupby(rows, key=lambda row: row.book)}
    document = {
        "arrangement": view.code,
        "book": book or None,
        "as_at": as_at.isoformat() if as_at else None,
        "aged_on": on.isoformat(),
        what: [{"book": row.book, "body": row.body, **_document(row.figures)} for row in rows],
        "totals": [{"book": owner, **_document(figures)} for owner, figures in totals.items()],
    }
    header = FLAT[what][1:]
    listed: list[tuple[object, ...]] = []
    for owner, each in groupby(rows, key=lambda row: row.book):
        listed += [(row.book, row.body, *row.figures) for row in each]
        listed.append((owner, "in all", *totals[owner]))
    title = f"{what.capitalize()} of {view.code} by days since posting, on {on}"
    flat = Sheet("", FLAT[what], [(view.code, row.book, row.body, *row.figures) for row in rows], AGES)
    return Report(lambda: document, lambda: [Sheet(title, header, listed, AGES)], lambda: flat)


def _total(rows: Iterable[Aged]) -> tuple[int, ...]:
    return tuple(map(sum, zip(*(row.figures for row in rows), strict=True)))


def _document(figures: tuple[int, ...]) -> dict[str, str]:
    return dict(zip(AGES, map(pounds, figures), strict=True))


def aged_rows(view: View, what: str, book: str, as_at: date | None, on: date, disputes: Iterable[Dispute]) -> list[Aged]:
    """What each book (or one) is owed or owes, posted up to a day, by its age on a day; `disputes` are the open ones."""
    prefix, sign = (DEBTORS, 1) if what == "debtors" else (CREDITORS, -1)
    named = t.accounts.c.account.startswith(prefix, autoescape=True)
    rank = {code: place for place, code in enumerate(view.terms.books)}
    posted = lines(view, named, *([t.accounts.c.book == book] if book else []), last=as_at)
    posted.sort(key=lambda line: (rank.get(line.book, len(rank)), line.body, line.root, line.number))
    rows = []
    for (owner, body), account in groupby(posted, key=lambda line: (line.book, line.body)):
        items = list(_items(account, sign))
        owed, in_credit = owing(items)
        bands = [0] * len(BANDS)
        for item in owed:
            bands[band((on - item.posted_on).days)] += item.pence
        if owed or in_credit:
            rows.append(Aged(owner, body, tuple(bands), in_credit, disputed(items, disputes, owner, body)))
    return rows


def _items(account: Iterable[Line], sign: int) -> Iterable[Item]:
    for _, chain in groupby(account, key=lambda line: line.root):
        first, *reversals = chain
        pence = sign * (first.pence + sum(line.pence for line in reversals))
        if pence:
            yield Item(first.posted_on, first.document, pence, first.number)


def disputed(items: Iterable[Item], disputes: Iterable[Dispute], owner: str, body: str) -> int:
    """How much of what the two have with each other is in dispute: of each event no more than it is here."""
    between = Counter[int]()
    for each in disputes:
        if each.party in (owner, body):
            between[each.event] += each.amount
    return sum(min(between[item.number], abs(item.pence)) for item in items if item.number in between)


def band(days: int) -> int:
    """Which band an age in days falls in."""
    return next(place for place, (_, most) in enumerate(BANDS) if most is None or days <= most)
