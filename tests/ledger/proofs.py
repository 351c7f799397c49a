"""What must hold of any books at any time, told as assertions."""

from __future__ import annotations

from ledger.accounts import Entries
from ledger.agreement import Terms

_BODIES = (("Assets:Debtors:", "Liabilities:Creditors:"), ("Liabilities:Creditors:", "Assets:Debtors:"))
_POOL_AND_PARTY = (
    ("Liabilities:Contributions in advance:", "Assets:Prepaid contributions:"),
    ("Equity:Capital:", "Assets:Investment:"),
)
NOT_ABOVE_NIL = ("Liabilities:Contributions in advance:", "Liabilities:Provisions:", "Assets:Fixed assets:Depreciation:")


def assert_balanced(books: Entries) -> None:
    """Every book sums to zero."""
    assert {book: total for book, accounts in books.items() if (total := sum(accounts.values()))} == {}


def assert_mirrored(terms: Terms, books: Entries) -> None:
    """What one book says of another the other says of it with the sign turned, asked from both sides."""
    for book, accounts in books.items():
        for account, amount in accounts.items():
            other, name = _mirror(terms, book, account)
            if other:
                assert books.get(other, {}).get(name, 0) == -amount, (book, account, amount, other, name)


def _mirror(terms: Terms, book: str, account: str) -> tuple[str, str]:
    for mine, theirs in _BODIES:
        if account.startswith(mine) and (other := account.removeprefix(mine)) in terms.book_set:
            assert other != book, f"{book} owes itself"
            return other, theirs + book
    for pools, partys in _POOL_AND_PARTY:
        if account.startswith(pools):
            assert book == terms.keeper
            party, _, fund = account.removeprefix(pools).partition(":")
            return party, f"{partys}{book}:{fund}" if fund else partys + book
        if account.startswith(partys):
            assert book in terms.party_set
            keeper, _, fund = account.removeprefix(partys).partition(":")
            return keeper, f"{pools}{book}:{fund}" if fund else pools + book
    return "", ""


def assert_nothing_below_nil(books: Entries) -> None:
    """Contributions in advance, provisions and depreciation stay credits; cost and carrying value stay above nil."""
    for book, accounts in books.items():
        for account, amount in accounts.items():
            if account.startswith(NOT_ABOVE_NIL):
                assert amount <= 0, (book, account, amount)
            if account.startswith("Assets:Fixed assets:Cost:"):
                worn = accounts.get(account.replace(":Cost:", ":Depreciation:"), 0)
                assert amount + worn >= 0, (book, account, amount, worn)
            if account.startswith("Assets:Fixed assets:Depreciation:"):
                assert account.replace(":Depreciation:", ":Cost:") in accounts, (book, account, amount)


def assert_held_once(books: Entries) -> None:
    """No asset stands in two books."""
    held: dict[str, str] = {}
    for book, accounts in books.items():
        for account in accounts:
            if account.startswith("Assets:Fixed assets:Cost:"):
                assert held.setdefault(account, book) == book, (account, held[account], book)


def assert_reserve_explained(terms: Terms, books: Entries, left: int) -> None:
    """A pool's income less its expenditure, and what is not yet recharged, is its fixed assets at carrying value."""
    accounts = books.get(terms.keeper, {})
    result = -sum(amount for name, amount in accounts.items() if name.startswith(("Income:", "Expenditure:")))
    carrying = sum(amount for name, amount in accounts.items() if name.startswith("Assets:Fixed assets:"))
    assert result + left == carrying
