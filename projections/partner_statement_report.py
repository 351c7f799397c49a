"""A partner statement laid out: as a document, as sheets, as a list that `reconcile` reads."""

from __future__ import annotations

from datetime import date
from itertools import groupby
from typing import Any, NamedTuple

from ledger.application import Ledger
from ledger.money import pounds
from projections.balances import no_book
from projections.partner_statement import PartnerStatement, Posting, partner_statement
from projections.sheets import Report, Sheet
from projections.statement import period_of
from projections.statement_report import called
from projections.views import View, read


class Asked(NamedTuple):
    """Whose statement, and for when: two days, a year, or (none of them) from the beginning."""

    party: str
    first: date | None = None
    last: date | None = None
    year: str = ""


def partner_statements(ledger: Ledger, arrangements: list[str] | None, asked: Asked) -> list[Report]:
    """A party's statement in one arrangement, or in all where it is one; raises UnknownCode and Refused."""

    return read(ledger, arrangements, lambda views: [_report(*each) for each in asked_for(views, arrangements, asked)])


def asked_for(views: list[View], arrangements: list[str] | None, asked: Asked) -> list[tuple[View, PartnerStatement]]:
    """The statements that are asked for, each with its arrangement; raises UnknownCode where the code is no party's."""
    having = [view for view in views if asked.party in view.terms.party_set] if arrangements is None else views
    if not having:
        raise no_book(asked.party, [(view.code, view.terms.parties) for view in views])
    return [
        (view, partner_statement(view, asked.party, period_of(view, asked.first, asked.last, asked.year))) for view in having
    ]


POSTINGS = ("number", "posted_on", "effective_on", "type", "reference", "document", "account", "debit", "credit", "note")
ACCOUNTS = ("account", "opening", "debits", "credits", "closing")
MIRRORS = ("account", "opening", "closing", "with", "their_account", "they_say", "difference")
FLAT = ("arrangement", "party", "number", "date", "reference", "document", "type", "account", "debit", "credit", "amount")


def _report(view: View, told: PartnerStatement) -> Report:
    return Report(
        lambda: _document(view, told),
        lambda: sheets(view, told),
        lambda: Sheet("", FLAT, flat_rows(view, told), ("debit", "credit", "amount")),
    )


def sheets(view: View, told: PartnerStatement) -> list[Sheet]:
    """What is to be booked, what the accounts come to, and what the others say."""
    when = " ".join([*([f"from {told.period.first}"] if told.period.first else []),
                     *([f"to {told.period.last}"] if told.period.last else [])])  # fmt: skip
    title = f"{called(view.terms, told.party)} in {view.code}{f', {when}' if when else ''}"
    return [
        Sheet(f"{title}: to be booked", POSTINGS, [_shown(each) for each in told.postings], ("debit", "credit")),
        Sheet(f"{title}: accounts", ACCOUNTS, account_rows(told), ACCOUNTS[1:]),
        Sheet(f"{title}: what the others say", MIRRORS, mirror_rows(told), ("opening", "closing", "they_say", "difference")),
    ]


def account_rows(told: PartnerStatement) -> list[tuple[object, ...]]:
    """Each account over the period."""
    return [(each.name, each.opening, each.debits, each.credits, each.closing) for each in told.accounts]


def mirror_rows(told: PartnerStatement) -> list[tuple[object, ...]]:
    """Each balance with another body, and its mirror there."""
    return [
        (each.account.name, each.account.opening, each.account.closing, each.book, each.there, each.says, each.difference)
        for each in told.mirrors
    ]


def flat_rows(view: View, told: PartnerStatement) -> list[tuple[object, ...]]:
    """A row for each line; the first of an event says what it changes of the party's account with the pool, for `reconcile`.

    That is the `amount`, what the pool owes the party positive; the event's other rows have nil. Where the period begins
    later than the arrangement, the account's opening balance comes first.
    """
    opening = told.with_pool[0]
    rows: list[tuple[object, ...]] = []
    if opening:
        rows.append((view.code, told.party, "", told.period.first, "", "", "Opening", "", "", "", opening))
    for number, event in groupby(told.postings, key=lambda posting: posting.line.number):
        postings = list(event)
        net = sum(posting.with_pool for posting in postings)
        for place, (line, _) in enumerate(postings):
            rows.append((view.code, told.party, number, line.posted_on, line.reference, line.document, line.type,
                         line.account, *sides(line.pence), 0 if place else net))  # fmt: skip
    return rows


def sides(pence: int) -> tuple[int | str, int | str]:
    """An amount as a debit or as a credit, the other empty."""
    return (pence, "") if pence > 0 else ("", -pence)


def _shown(posting: Posting) -> tuple[object, ...]:
    line = posting.line
    effective_on = line.effective_on if line.effective_on != line.posted_on else ""
    return (line.number, line.posted_on, effective_on, line.type, line.reference, line.document, line.account,
            *sides(line.pence), line.note)  # fmt: skip


def _document(view: View, told: PartnerStatement) -> dict[str, Any]:
    opening, closing = told.with_pool
    return {
        "arrangement": view.code,
        "party": told.party,
        "from": told.period.first.isoformat() if told.period.first else None,
        "to": told.period.last.isoformat() if told.period.last else None,
        "events": view.events,
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
                "account": line.account,
                "amount": pounds(line.pence),
                "with_pool": pounds(with_pool),
            }
            for line, with_pool in told.postings
        ],
        "accounts": [dict(zip(ACCOUNTS, (row[0], *map(pounds, row[1:])), strict=True)) for row in account_rows(told)],  # type: ignore[arg-type]
        "mirrors": [
            {
                "account": each.account.name,
                "opening": pounds(each.account.opening),
                "closing": pounds(each.account.closing),
                "with": each.book,
                "their_account": each.there,
                "they_say": pounds(each.says),
                "difference": pounds(each.difference),
            }
            for each in told.mirrors
        ],
        "with_pool": {"kept_by": told.keepers, "opening": pounds(opening), "closing": pounds(closing)}
        if told.keepers
        else None,
    }
