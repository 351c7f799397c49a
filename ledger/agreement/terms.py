"""The terms in force: an agreement read as the answers that decisions and postings ask for."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cached_property
from typing import TypeAlias

from ledger.agreement.model import Agreement, Ratio
from ledger.calendar import Year, year_labelled, year_of, year_start
from ledger.errors import Refused, UnknownCode, did_you_mean
from ledger.money import split

POOL = "POOL"
"""The pool's own book where a party keeps it: beside, and never the same as, that party's book."""


def folded(books: Iterable[str]) -> dict[str, str]:
    """What no other code may be but for its case: every book's code, and POOL, each by itself without case."""
    return {book.casefold(): book for book in (*books, POOL)}


Elsewhere: TypeAlias = Callable[[str, str], str]
"""What (party, body with a book, scheme, fund) a code is of on other days, as a clause; “” where it never is one."""


class Terms:
    """An agreement as it stands on a day, with its books and ratios looked up once.

    `ever` are the books of every day, where they are more than this day's, and `elsewhere` tells of the codes of other days.
    """

    def __init__(
        self, agreement: Agreement, ever: Iterable[str] = (), elsewhere: Elsewhere = lambda _what, _code: ""
    ) -> None:
        self.agreement = agreement
        roles = agreement.roles
        self.parties = [party.code for party in agreement.parties]
        self.contractor = roles.contractor.code if roles.contractor else ""
        self.entity = roles.entity.code if roles.entity else ""
        self.lead = roles.lead or roles.billing_lead
        self.keeper = POOL if self.lead else self.entity or self.contractor
        """The pool book; empty where nobody keeps one (aligned budgets)."""
        self.books = [
            *([self.keeper] if self.keeper else []),
            *self.parties,
            *([self.contractor] if self.contractor and self.contractor != self.keeper else []),
        ]
        """Every book, in the order reports show them: pool book first, a billing lead's contractor last."""
        self.party_set = frozenset(self.parties)
        self.book_set = frozenset(self.books)
        self.schemes = {scheme.code: scheme for scheme in agreement.schemes}
        self.funds = {fund.code: fund for fund in agreement.funds}
        self._folded_books = folded([*self.books, *ever])
        self._elsewhere = elsewhere

    @cached_property
    def year_start(self) -> tuple[int, int]:
        """Month and day on which the arrangement's financial year starts."""
        return year_start(self.agreement.year_starts)

    def year(self, label: str) -> Year:
        """The financial year of that label; raises Refused for what is none, or for one before the arrangement starts."""
        try:
            year = year_labelled(label, self.year_start)
        except ValueError as error:
            raise Refused(f"{error}.") from None
        starts = self.agreement.starts
        if year.last < starts:
            raise Refused(
                f"{self.agreement.code} starts on {starts}: its first year is {year_of(starts, self.year_start).label}. "
                f"Name that or a later one."
            )
        return year

    def recharge_ratio(self, scheme: str) -> Ratio:
        """The ratio in which a scheme's cost falls on the parties: its own, else the arrangement's (may be empty)."""
        return self.schemes[scheme].recharge or self.agreement.shares.recharge

    def ratio_of(self, scheme: str) -> Ratio | None:
        """The same, and None on a day on which there is no such scheme."""
        return self.recharge_ratio(scheme) if scheme in self.schemes else None

    def shared(self, amount: int, ratio: Ratio) -> dict[str, int]:
        """An amount split between the parties in a ratio, in the agreement's order, which breaks ties; no nil parts."""
        sharers = [party for party in self.parties if ratio.get(party)]
        parts = split(amount, [ratio[party] for party in sharers])
        return {party: part for party, part in zip(sharers, parts, strict=True) if part}

    def known_party(self, code: str, column: str) -> str:
        """The code, if it is a party's; else UnknownCode, or Refused where it is one on other days."""
        if code not in self.party_set:
            raise self._unknown("party", code, column, self.parties)
        return code

    def known_book(self, code: str, column: str) -> str:
        """The code, if a book of the arrangement bears it; likewise."""
        if code not in self.book_set:
            raise self._unknown("body with a book", code, column, self.books)
        return code

    def known_scheme(self, code: str) -> str:
        """The code, if it is a scheme's; likewise."""
        if code not in self.schemes:
            raise self._unknown("scheme", code, "scheme", list(self.schemes))
        return code

    def known_fund(self, code: str) -> str:
        """The code, if it is a fund's; likewise."""
        if code not in self.funds:
            raise self._unknown("fund", code, "fund", list(self.funds))
        return code

    def outsider(self, code: str, column: str) -> str:
        """The code of a supplier, customer, asset or liability: UnknownCode where it is a book's but for its case."""
        book = self._folded_books.get(code.casefold())
        if book is None or code in self.book_set:
            return code
        if code == book and code != POOL:
            if column == "counterparty":
                raise Refused(
                    f"{self._elsewhere('body with a book', code)}, so nobody outside bears its code: check the date."
                )
            return code
        what = "other body" if column == "counterparty" else column
        if book == POOL and POOL not in self.book_set:
            sentence = f"{code} cannot be used in {self.agreement.code}, for {POOL} is kept for pool books"
        else:
            sentence = f"{code} differs from {book} only by case, and {book} has a book in {self.agreement.code}"
        write = f": write {book}, or " if what == "other body" and book in self.book_set else ": "
        raise UnknownCode(f"{sentence}{write}give the {what} another code.", column)

    def _unknown(self, what: str, code: str, column: str, known: list[str]) -> Refused:
        elsewhere = self._elsewhere(what, code)
        if elsewhere:
            return Refused(f"{elsewhere}: check the date, or name another.")
        return UnknownCode(f"{code[:40]} is no {what} of {self.agreement.code}{did_you_mean(code, known)}", column)
