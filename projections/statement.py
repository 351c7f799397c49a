"""One body's accounts as an accountant lays them out: income and expenditure for a period, the balance sheet at its end."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from ledger.agreement import Terms
from ledger.calendar import Year, year_labelled, year_of
from ledger.errors import NotProven, Refused
from projections.naming import EARNINGS
from projections.totals import Moved, moved
from projections.views import View

Headings = tuple[tuple[str, str], ...]
"""Headings in the order they are shown, each with the beginning of its accounts' names; the longest that fits has it."""

INCOME: Headings = (
    ("Recharges to the parties", "Income:Recharges:"),
    ("Grants", "Income:Grants:"),
    ("Service charges", "Income:Service charges:"),
    ("Contract income", "Income:Contract:"),
    ("Provision of services", "Income:Provision:"),
    ("Clients and others", "Income:Other:"),
    ("Gains on assets sold or passed on", "Income:Transfer:"),
    ("Income of another kind", "Income:"),
)
EXPENDITURE: Headings = (
    ("Schemes", "Expenditure:"),
    ("Grants", "Expenditure:Grants:"),
    ("Risk share", "Expenditure:Risk share"),
    ("Depreciation", "Expenditure:Depreciation:"),
    ("Losses on assets sold or passed on", "Expenditure:Transfer:"),
)
ASSETS: Headings = (
    ("Fixed assets at cost", "Assets:Fixed assets:Cost:"),
    ("Less depreciation", "Assets:Fixed assets:Depreciation:"),
    ("Investments", "Assets:Investment:"),
    ("Contributions paid in advance", "Assets:Prepaid contributions:"),
    ("Debtors", "Assets:Debtors:"),
    ("Cash", "Assets:Cash"),
    ("Assets of another kind", "Assets:"),
)
LIABILITIES: Headings = (
    ("Creditors", "Liabilities:Creditors:"),
    ("Contributions held in advance", "Liabilities:Contributions in advance:"),
    ("Provisions", "Liabilities:Provisions:"),
    ("Liabilities of another kind", "Liabilities:"),
)
RESERVES: Headings = (
    ("Capital", "Equity:Capital:"),
    ("Distributions", "Equity:Distribution:"),
    ("Reserve", "Equity:Reserve"),
    ("Reserves of another kind", "Equity:"),
)

BROUGHT_FORWARD = "Surplus or deficit (-) brought forward"
OF_THE_PERIOD = "Surplus or deficit (-) of the period"
CLOSED = "Less what closes of a year moved to the reserve"


class Period(NamedTuple):
    """From a day to a day, both counted; None where there is no beginning or no end."""

    first: date | None = None
    last: date | None = None


class Heading(NamedTuple):
    """A heading with its accounts, in pence, signed as its section is read (a creditor is positive among liabilities)."""

    name: str
    accounts: list[tuple[str, int]]

    @property
    def total(self) -> int:
        """The sum of its accounts."""
        return sum(pence for _, pence in self.accounts)


class Section(NamedTuple):
    """Headings that are added up together."""

    name: str
    headings: list[Heading]

    @property
    def total(self) -> int:
        """The sum of its headings."""
        return sum(heading.total for heading in self.headings)


class Statement(NamedTuple):
    """One body's accounts, in pence; what they must prove holds (net assets are the reserves)."""

    body: str
    books: list[str]
    period: Period
    income: Section
    expenditure: Section
    assets: Section
    liabilities: Section
    reserves: Section

    @property
    def surplus(self) -> int:
        """Income less expenditure of the period; negative is a deficit."""
        return self.income.total - self.expenditure.total

    @property
    def net_assets(self) -> int:
        """Assets less liabilities at the period's end."""
        return self.assets.total - self.liabilities.total


def period_of(
    view: View, first: date | None = None, last: date | None = None, year: str = "", as_at: date | None = None
) -> Period:
    """The period asked for: two days, a year, or the financial year up to a day; raises Refused for a year written wrong."""
    if year:
        labelled = year_called(view.terms, year)
        return Period(labelled.first, labelled.last)
    if as_at:
        return Period(year_of(as_at, view.terms.year_start).first, as_at)
    return Period(first, last)


def year_called(terms: Terms, label: str) -> Year:
    """The financial year of an arrangement that bears a label; raises Refused for one written wrong."""
    try:
        return year_labelled(label, terms.year_start)
    except ValueError as error:
        raise Refused(f"{terms.agreement.code}: {error}.") from None


def statement(view: View, body: str, period: Period, *, statutory: bool = False) -> Statement:
    """The accounts of a body's own book; with `statutory`, of a lead and the pool it keeps, as one body's.

    A close of a year is no income or expenditure of any period: it moves what was earned until then to the reserve. What
    was earned before the period and not closed by its first day is brought forward.

    Raises Refused where the body keeps no pool inside its own accounts, NotProven where the accounts do not balance.
    """
    books = [body]
    if statutory:
        if body != view.terms.lead:
            raise Refused(
                f"{body} keeps no pool inside its own accounts in {view.code}, so its book is all there is to state: "
                f"leave --statutory out" + (f", or name {view.terms.lead}." if view.terms.lead else ".")
            )
        books = [view.terms.keeper, body]
    rows = moved(view, books, period.first, period.last, between=not statutory)
    earnings = [row for row in rows if row.account.startswith(EARNINGS)]
    brought = -sum(row.before + row.opened for row in earnings)
    closed = -sum(row.closed for row in earnings)
    income = _section("Income", INCOME, _posted(rows, "Income:", -1))
    expenditure = _section("Expenditure", EXPENDITURE, _posted(rows, "Expenditure:", 1))
    surplus = income.total - expenditure.total
    reserves = _section("Reserves", RESERVES, _after(rows, "Equity:", -1))
    for name, pence in ((BROUGHT_FORWARD, brought), (OF_THE_PERIOD, surplus), (CLOSED, closed)):
        if pence:
            reserves.headings.append(Heading(name, [("", pence)]))
    made = Statement(
        body,
        books,
        period,
        income,
        expenditure,
        _section("Assets", ASSETS, _after(rows, "Assets:", 1)),
        _section("Liabilities", LIABILITIES, _after(rows, "Liabilities:", -1)),
        reserves,
    )
    if made.net_assets != reserves.total:
        raise NotProven(
            f"The accounts of {body} in {view.code} do not balance, so they are not stated: net assets and reserves differ. "
            f"Run `poolbook rebuild`; if they still do not, the ledger is damaged."
        )
    return made


def _posted(rows: Iterable[Moved], root: str, sign: int) -> list[tuple[str, int]]:
    return [(row.account, sign * row.posted) for row in rows if row.account.startswith(root) and row.posted]


def _after(rows: Iterable[Moved], root: str, sign: int) -> list[tuple[str, int]]:
    return [(row.account, sign * row.after) for row in rows if row.account.startswith(root) and row.after]


def _section(name: str, headings: Headings, accounts: Iterable[tuple[str, int]]) -> Section:
    longest_first = sorted(headings, key=lambda heading: -len(heading[1]))
    found: dict[str, list[tuple[str, int]]] = {heading: [] for heading, _ in headings}
    for account, pence in accounts:
        found[next(heading for heading, prefix in longest_first if account.startswith(prefix))].append((account, pence))
    return Section(name, [Heading(heading, under) for heading, under in found.items() if under])
