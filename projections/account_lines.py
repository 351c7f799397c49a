"""Accounts in full: what each stood at, every line of it, and what it came to."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import func, select

from ledger.application import Ledger
from ledger.errors import UnknownCode, did_you_mean
from ledger.money import pounds
from projections import tables as t
from projections.balances import known_book, no_book
from projections.columns import FLAT
from projections.lines import Line, lines
from projections.sheets import Report, Sheet
from projections.views import View, read


class Asked(NamedTuple):
    """Which accounts, and of which period (by posting date)."""

    book: str = ""
    account: str = ""
    party: str = ""
    first: date | None = None
    last: date | None = None


class Account(NamedTuple):
    """An account over a period: its lines in the order of their posting dates, each with what the account then stood at."""

    book: str
    account: str
    opening: int
    lines: list[tuple[Line, int]]
    closing: int


def accounts(ledger: Ledger, arrangements: list[str] | None, asked: Asked) -> list[Report]:
    """One account, the accounts about one body, or all of them; raises UnknownCode for a name that none bears."""

    def answer(views: list[View]) -> list[Report]:
        if len(views) == 1:
            known_book(views[0].terms, asked.book)
        found = {view.code: (view, _chosen(view, asked)) for view in views}
        if (asked.book or asked.account or asked.party) and not any(rows for _, rows in found.values()):
            _refuse(views, asked)
        return [_report(view, asked, [_account(view, asked, row) for row in rows]) for view, rows in found.values()]

    return read(ledger, arrangements, answer)


def _chosen(view: View, asked: Asked) -> list[Any]:
    wanted = {"book": asked.book, "account": asked.account, "body": asked.party}
    chosen = select(t.accounts).where(t.accounts.c.stream == view.stream)
    for column, value in wanted.items():
        if value:
            chosen = chosen.where(t.accounts.c[column] == value)
    rank = {book: place for place, book in enumerate(view.terms.books)}
    return sorted(view.connection.execute(chosen), key=lambda row: (rank.get(row.book, len(rank)), row.account))


def _refuse(views: list[View], asked: Asked) -> None:
    where = views[0].code if len(views) == 1 else "any arrangement of this ledger"
    if asked.book and not any(asked.book in view.terms.book_set for view in views):
        raise no_book(asked.book, [(view.code, view.terms.books) for view in views])
    if asked.party and (missing := _missing(views, "body", asked.party)) is not None:
        raise UnknownCode(f"{asked.party} is named by no account of {where}{did_you_mean(asked.party, missing)}", "party")
    if asked.account and (missing := _missing(views, "account", asked.account)) is not None:
        raise UnknownCode(f"{asked.account} is no account of {where}{did_you_mean(asked.account, missing)}", "account")


def _missing(views: list[View], column: str, value: str) -> list[str] | None:
    """What the column holds, where it does not hold the value; else None."""
    known: set[str] = set()
    for view in views:
        chosen = select(t.accounts.c[column]).where(t.accounts.c.stream == view.stream, t.accounts.c[column] != "")
        known.update(view.connection.scalars(chosen.distinct()))
    return None if value in known else sorted(known)


def _account(view: View, asked: Asked, row: Any) -> Account:
    opening = 0
    if asked.first:
        mine = (t.days.c.stream == view.stream, t.days.c.account == row.id, t.days.c.posted_on < asked.first)
        summed = select(func.coalesce(func.sum(t.days.c.pence), 0)).where(*mine)
        opening = view.connection.execute(summed).scalar_one()
    running, found = opening, []
    for line in lines(
        view, t.accounts.c.id == row.id, first=asked.first, last=asked.last, order=(t.lines.c.posted_on, t.lines.c.number)
    ):
        running += line.pence
        found.append((line, running))
    return Account(row.book, row.account, opening, found, running)


def _report(view: View, asked: Asked, found: Iterable[Account]) -> Report:
    shown = [each for each in found if each.opening or each.lines or asked.account]
    return Report(
        lambda: _document(view.code, asked, shown),
        lambda: [_sheet(view.code, each) for each in shown],
        lambda: _flat(view.code, shown),
    )


def _document(code: str, asked: Asked, shown: list[Account]) -> dict[str, Any]:
    return {
        "arrangement": code,
        "book": asked.book or None,
        "account": asked.account or None,
        "party": asked.party or None,
        "from": asked.first.isoformat() if asked.first else None,
        "to": asked.last.isoformat() if asked.last else None,
        "accounts": [_in_full(each) for each in shown],
    }


def _flat(code: str, shown: list[Account]) -> Sheet:
    rows = ((code, each.book, each.account, *row) for each in shown for row in _rows(each))
    return Sheet("", FLAT["accounts"], rows, ("amount", "balance"))


def _in_full(account: Account) -> dict[str, object]:
    return {
        "book": account.book,
        "account": account.account,
        "opening": pounds(account.opening),
        "lines": [
            {
                "number": line.number,
                "posted_on": line.posted_on.isoformat(),
                "effective_on": line.effective_on.isoformat(),
                "type": line.type,
                "reference": line.reference,
                "document": line.document,
                "reverses": line.reverses,
                "reversed_by": line.reversed_by,
                "amount": pounds(line.pence),
                "balance": pounds(running),
            }
            for line, running in account.lines
        ],
        "closing": pounds(account.closing),
    }


def _sheet(code: str, account: Account) -> Sheet:
    header = ("number", "posted_on", "type", "reference", "document", "amount", "balance")
    return Sheet(f"{account.account} in the book of {account.book}, {code}", header, _rows(account), ("amount", "balance"))


def _rows(account: Account) -> list[tuple[object, ...]]:
    posted = [
        (line.number, line.posted_on, line.type, line.reference, line.document, line.pence, running)
        for line, running in account.lines
    ]
    return [("", "", "Opening", "", "", "", account.opening), *posted, ("", "", "Closing", "", "", "", account.closing)]
