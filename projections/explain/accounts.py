"""Figures that are sums of lines: balances and statements."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ledger.errors import Refused
from ledger.money import pence
from projections.balances import balances, known_book
from projections.explain.asked import Asked, Line
from projections.explain.tree import Node, summed
from projections.naming import EARNINGS, between
from projections.statement_report import Asked as StatementAsked
from projections.statement_report import statements

Listed = Iterator[tuple[str, int]]
"""What is below a name: how each figure is spelt, and what its report says it is, in pence."""


def named(account: str, wanted: str) -> bool:
    """Whether an account is the one named, or lies below a name that ends with a colon."""
    return account == wanted or (wanted.endswith(":") and account.startswith(wanted))


# balances/BOOK/ACCOUNT


def balance(asked: Asked, book: str, account: str) -> Node:
    """What an account stands at: every line posted to it up to the day."""
    known_book(asked.terms, book)

    def counts(line: Line) -> int:
        late = asked.as_at is not None and line.posted_on > asked.as_at
        return line.pence if line.book == book and named(line.account, account) and not late else 0

    return summed(f"{account} of {book}", asked.lines(counts))


def list_balances(asked: Asked) -> Listed:
    """Every account that is not nil."""
    (report,) = balances(asked.ledger, [asked.code], as_at=asked.as_at, known=asked.known)
    for book in report.document["books"]:
        for line in book["accounts"]:
            yield f"balances/{book['book']}/{line['account']}", pence(line["balance"])


# statement/BODY/ACCOUNT and statement/BODY/TOTAL

_SIGNS = {"Assets": 1, "Expenditure": 1, "Income": -1, "Liabilities": -1, "Equity": -1}


def _in_period(asked: Asked, line: Line) -> bool:
    return (asked.first is None or line.posted_on >= asked.first) and _by_end(asked, line)


def _by_end(asked: Asked, line: Line) -> bool:
    return asked.last is None or line.posted_on <= asked.last


def _brought_forward(asked: Asked, line: Line) -> bool:
    if not _by_end(asked, line) or asked.first is None:
        return False
    return line.posted_on < asked.first or (line.closing and line.posted_on == asked.first)


def _closed(asked: Asked, line: Line) -> bool:
    return line.closing and _by_end(asked, line) and (asked.first is None or line.posted_on > asked.first)


_EARNED: dict[str, Callable[[Asked, Line], bool]] = {
    "surplus": lambda asked, line: _in_period(asked, line) and not line.closing,
    "brought_forward": _brought_forward,
    "closed": _closed,
}
"""Totals of income less expenditure, by the lines they count."""

_STANDING = {
    "assets": ("Assets:",), "liabilities": ("Liabilities:",), "net_assets": ("Assets:", "Liabilities:"),
    "reserves": ("Equity:", *EARNINGS),
}  # fmt: skip
"""Totals of the balance sheet, by the accounts whose balances they add up."""


def statement(asked: Asked, body: str, what: str) -> Node:
    """A line or a total of a body's statement: of a period what was posted in it, but for closes; at its end what stands."""
    known_book(asked.terms, body)
    counts = _statement_line(asked, what)
    books = {body, asked.terms.keeper} if asked.statutory else {body}
    if asked.statutory and body != asked.terms.lead:
        raise Refused(f"{body} keeps no pool inside its own accounts in {asked.code}: leave --statutory out.")

    def amount(line: Line) -> int:
        if line.book not in books or (asked.statutory and _inside(asked, line)):
            return 0
        return counts(line)

    return summed(f"{what} of {body}", asked.lines(amount))


def _statement_line(asked: Asked, what: str) -> Callable[[Line], int]:
    if what in ("income", "expenditure"):
        root = f"{what.capitalize()}:"
        return lambda line: _SIGNS[what.capitalize()] * line.pence if (
            line.account.startswith(root) and _in_period(asked, line) and not line.closing
        ) else 0  # fmt: skip
    if what in _EARNED:
        return lambda line: -line.pence if line.account.startswith(EARNINGS) and _EARNED[what](asked, line) else 0
    if what in _STANDING:
        sign = 1 if "Assets:" in _STANDING[what] else -1
        return lambda line: sign * line.pence if line.account.startswith(_STANDING[what]) and _by_end(asked, line) else 0
    sign = _SIGNS.get(what.partition(":")[0], 1)
    if what.startswith(EARNINGS):
        return lambda line: sign * line.pence if (
            named(line.account, what) and _in_period(asked, line) and not line.closing
        ) else 0  # fmt: skip
    return lambda line: sign * line.pence if named(line.account, what) and _by_end(asked, line) else 0


def _inside(asked: Asked, line: Line) -> bool:
    """Whether a line lies between a lead and the pool it keeps, and so is no part of the body's accounts."""
    if line.closing:
        return False
    terms = asked.terms
    return (line.book, line.account) in between(line.event.entries, terms.keeper, terms.lead)


def list_statements(asked: Asked) -> Listed:
    """Every line and total of every body's statement."""
    for body in asked.terms.books:
        if asked.statutory and body != asked.terms.lead:
            continue
        question = StatementAsked(body, asked.first, asked.last, statutory=asked.statutory)
        (report,) = statements(asked.ledger, [asked.code], question)
        document = report.document
        earned, stands = document["income_and_expenditure"], document["balance_sheet"]
        for section in (
            earned["income"],
            earned["expenditure"],
            *(stands[name] for name in ("assets", "liabilities", "reserves")),
        ):
            for heading in section["headings"]:
                for line in heading["accounts"]:
                    yield f"statement/{body}/{line['account']}", pence(line["amount"])
        totals = {name: earned[name]["total"] for name in ("income", "expenditure")} | {"surplus": earned["surplus"]}
        totals |= {name: stands[name]["total"] for name in ("assets", "liabilities", "reserves")}
        totals |= {"net_assets": stands["net_assets"]}
        for name, total in totals.items():
            yield f"statement/{body}/{name}", pence(total)
