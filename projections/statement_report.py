"""A body's statement laid out: as a document, as two sheets, as a list; with what stands beside the accounts."""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import func, select

from ledger.agreement import Terms
from ledger.application import Ledger
from ledger.disputes import Dispute
from ledger.errors import Refused
from ledger.money import pounds
from projections import tables as t
from projections.balances import no_book
from projections.columns import FLAT
from projections.disputes import noted
from projections.sheets import Report, Sheet
from projections.statement import Period, Section, Statement, period_of, statement
from projections.views import View, read


class Asked(NamedTuple):
    """Whose accounts, and for when: two days, a year, or the financial year up to a day (none: from the beginning)."""

    body: str
    first: date | None = None
    last: date | None = None
    year: str = ""
    as_at: date | None = None
    statutory: bool = False


BESIDE = {"ContributionGivenInKind": "given in kind", "ContributionDue": "own funding allocated"}
"""What a memorandum is, by its fact."""


def statements(ledger: Ledger, arrangements: list[str] | None, asked: Asked) -> list[Report]:
    """A body's accounts in one arrangement, or in all where it has a book; raises UnknownCode and Refused."""

    def answer(views: list[View]) -> list[Report]:
        having = [view for view in views if asked.body in view.terms.book_set]
        if not having:
            raise no_book(asked.body, [(view.code, view.terms.books) for view in views])
        if asked.statutory and arrangements is None:
            having = [view for view in having if view.terms.lead == asked.body]
            if not having:
                raise Refused(
                    f"{asked.body} keeps no pool inside its own accounts in any arrangement of this ledger: "
                    f"leave --statutory out."
                )
        return [_report(view, asked, ledger.disputes(view.code, view.events)) for view in having]

    return read(ledger, arrangements, answer)


def _report(view: View, asked: Asked, disputes: list[Dispute]) -> Report:
    period = period_of(view, asked.first, asked.last, asked.year, asked.as_at)
    made = statement(view, asked.body, period, statutory=asked.statutory)
    beside = _beside(view, made)
    title = f"{called(view.terms, asked.body)} in {view.code}{_said(made)}"
    sheets = [
        Sheet(f"{title}: income and expenditure {_when(period)}", _COLUMNS, _earnings(made), _AMOUNTS),
        Sheet(f"{title}: balance sheet {_at(period)}", _COLUMNS, _position(made), _AMOUNTS),
    ]
    if beside:
        columns = ("memorandum", "party", "scheme", "fund", "amount")
        sheets.append(Sheet(f"{title}: beside the accounts", columns, beside, ("amount",)))
    report = Report(lambda: _document(view, made, beside), lambda: sheets, lambda: _flat(view, made))
    return noted(
        report, disputes, period.last, "" if asked.body not in view.terms.party_set or asked.statutory else asked.body
    )


def called(terms: Terms, body: str) -> str:
    """A body's name with its code, or what the pool book is."""
    agreement, roles = terms.agreement, terms.agreement.roles
    names = {each.code: each.name for each in (*agreement.parties, roles.contractor, roles.entity) if each}
    if body in names:
        return f"{names[body]} ({body})"
    return f"The pool kept by {names[terms.lead]} ({body})"


_COLUMNS = ("heading", "account", "amount", "total")
_AMOUNTS = ("amount", "total")


def _earnings(made: Statement) -> list[tuple[object, ...]]:
    return [
        *_rows(made.income),
        *_rows(made.expenditure),
        ("Surplus" if made.surplus >= 0 else "Deficit", "", "", made.surplus),
    ]


def _position(made: Statement) -> list[tuple[object, ...]]:
    return [
        *_rows(made.assets),
        *_rows(made.liabilities),
        ("Net assets", "", "", made.net_assets),
        *_rows(made.reserves),
    ]


def _rows(section: Section) -> list[tuple[object, ...]]:
    rows: list[tuple[object, ...]] = []
    for heading in section.headings:
        for place, (account, pence) in enumerate(heading.accounts, 1):
            shown = heading.name if place == 1 else ""
            rows.append((shown, account, pence, heading.total if place == len(heading.accounts) else ""))
    return [*rows, (f"Total {section.name.lower()}", "", "", section.total)]


def _said(made: Statement) -> str:
    return f", statutory view: {' and '.join(made.books)} as one body" if len(made.books) > 1 else ""


def _when(period: Period) -> str:
    first = f"from {period.first}" if period.first else "from the beginning"
    return f"{first} to {period.last}" if period.last else f"{first}, everything recorded"


def _at(period: Period) -> str:
    return f"at {period.last}" if period.last else "with everything recorded"


def _beside(view: View, made: Statement) -> list[tuple[object, ...]]:
    m = t.memoranda.c
    chosen = (
        select(m.type, m.party, m.scheme, m.fund, func.sum(m.pence))
        .where(m.stream == view.stream)
        .group_by(m.type, m.party, m.scheme, m.fund)
        .having(func.sum(m.pence) != 0)
        .order_by(m.type, m.party, m.scheme, m.fund)
    )
    if view.terms.keeper not in made.books:
        chosen = chosen.where(m.party == made.body)
    if made.period.first:
        chosen = chosen.where(m.effective_on >= made.period.first)
    if made.period.last:
        chosen = chosen.where(m.effective_on <= made.period.last)
    return [(BESIDE[row[0]], *row[1:]) for row in view.connection.execute(chosen)]


def _document(view: View, made: Statement, beside: list[tuple[object, ...]]) -> dict[str, Any]:
    first, last = made.period
    return {
        "arrangement": view.code,
        "body": made.body,
        "books": made.books,
        "statutory": len(made.books) > 1,
        "from": first.isoformat() if first else None,
        "to": last.isoformat() if last else None,
        "income_and_expenditure": {
            "income": _section(made.income),
            "expenditure": _section(made.expenditure),
            "surplus": pounds(made.surplus),
        },
        "balance_sheet": {
            "assets": _section(made.assets),
            "liabilities": _section(made.liabilities),
            "net_assets": pounds(made.net_assets),
            "reserves": _section(made.reserves),
        },
        "memoranda": [
            {"memorandum": what, "party": party, "scheme": scheme, "fund": fund, "amount": pounds(pence)}
            for what, party, scheme, fund, pence in beside
            if isinstance(pence, int)
        ],
    }


def _section(section: Section) -> dict[str, object]:
    return {
        "headings": [
            {
                "heading": heading.name,
                "accounts": [{"account": account, "amount": pounds(pence)} for account, pence in heading.accounts if account],
                "total": pounds(heading.total),
            }
            for heading in section.headings
        ],
        "total": pounds(section.total),
    }


def _flat(view: View, made: Statement) -> Sheet:
    statutory = "yes" if len(made.books) > 1 else "no"
    rows = [
        (view.code, made.body, statutory, section.name.lower(), heading.name, account, pence)
        for section in (made.income, made.expenditure, made.assets, made.liabilities, made.reserves)
        for heading in section.headings
        for account, pence in heading.accounts
    ]
    return Sheet("", FLAT["statement"], rows, ("amount",))
