"""Account names, and entries that balance in every book or cannot be built.

A posting is whole pence, debit positive and credit negative. Names, case and spelling are the contract of the reports and
exports; a body, scheme, asset or liability stands in them by its code.
"""

from __future__ import annotations

from typing import TypeAlias

Entries: TypeAlias = dict[str, dict[str, int]]
"""What an event posts: book → account → pence, no nil amounts, each book summing to zero."""

Leg: TypeAlias = tuple[str, str, int]
"""One line of an entry: book, account, pence."""

CASH = "Assets:Cash"
RESERVE = "Equity:Reserve"
RISK_SHARE = "Expenditure:Risk share"
ADVANCE = "Liabilities:Contributions in advance:"
PREPAID = "Assets:Prepaid contributions:"
COST = "Assets:Fixed assets:Cost:"
DEPRECIATION = "Assets:Fixed assets:Depreciation:"
PROVISIONS = "Liabilities:Provisions:"
DEBTORS = "Assets:Debtors:"
CREDITORS = "Liabilities:Creditors:"


def debtors(body: str) -> str:
    """What a body owes this book."""
    return DEBTORS + body


def creditors(body: str) -> str:
    """What this book owes a body."""
    return CREDITORS + body


def in_advance(party: str, fund: str = "") -> str:
    """What the pool holds of a party's contributions until it is spent; a fund has an account of its own."""
    return f"{ADVANCE}{party}:{fund}" if fund else ADVANCE + party


def prepaid(pool: str, fund: str = "") -> str:
    """The party's side of its contributions in advance."""
    return f"{PREPAID}{pool}:{fund}" if fund else PREPAID + pool


def cost(asset: str) -> str:
    """What a fixed asset was bought for."""
    return COST + asset


def depreciation(asset: str) -> str:
    """How much of a fixed asset's cost has worn off."""
    return DEPRECIATION + asset


def provision(liability: str) -> str:
    """A liability recognised and not yet settled."""
    return PROVISIONS + liability


def investment(entity: str) -> str:
    """What a party has paid in as capital of a joint venture."""
    return f"Assets:Investment:{entity}"


def capital(party: str) -> str:
    """The venture's side of a party's investment."""
    return f"Equity:Capital:{party}"


def distribution(body: str) -> str:
    """What a party is given at the end beyond what it is owed: in the pool book by party, in a party's by pool."""
    return f"Equity:Distribution:{body}"


def expenditure(scheme: str) -> str:
    """Expenditure of a scheme."""
    return f"Expenditure:{scheme}"


def other_income(scheme: str) -> str:
    """A scheme's income from clients and others."""
    return f"Income:Other:{scheme}"


def provision_income(scheme: str) -> str:
    """What a party earns by providing a scheme's service."""
    return f"Income:Provision:{scheme}"


def recharges(party: str) -> str:
    """Net cost recharged to a party."""
    return f"Income:Recharges:{party}"


def grants(party: str) -> str:
    """Grant income of a venture from a party."""
    return f"Income:Grants:{party}"


def grant_expenditure(entity: str) -> str:
    """A party's grants to a venture."""
    return f"Expenditure:Grants:{entity}"


def service_charges(party: str) -> str:
    """A venture's income from charging a party."""
    return f"Income:Service charges:{party}"


def contract_income(scheme: str) -> str:
    """A contractor's income from its bills."""
    return f"Income:Contract:{scheme}"


def depreciation_expenditure(asset: str) -> str:
    """The wear of a fixed asset charged to the year."""
    return f"Expenditure:Depreciation:{asset}"


def gain_or_loss(asset: str, gain: int) -> str:
    """Where the difference goes when an asset leaves: income for a gain, expenditure for a loss."""
    return f"Income:Transfer:{asset}" if gain > 0 else f"Expenditure:Transfer:{asset}"


def debit(book: str, account: str, amount: int) -> Leg:
    """Debit an account of a book."""
    return book, account, amount


def credit(book: str, account: str, amount: int) -> Leg:
    """Credit an account of a book."""
    return book, account, -amount


def entries(*legs: Leg) -> Entries:
    """Put legs together by book and account, leaving out what comes to nil.

    Raises AssertionError when a book does not sum to zero: that is a fault of a posting rule, never of the user.
    """
    books: Entries = {}
    met = False
    for book, account, amount in legs:
        if amount:
            accounts = books.get(book)
            if accounts is None:
                books[book] = {account: amount}
            elif account in accounts:
                accounts[account] += amount
                met = True
            else:
                accounts[account] = amount
    for book, accounts in books.items():
        if sum(accounts.values()):
            raise AssertionError(f"the entry does not balance in {book}: {accounts}")
    return _without_nil(books) if met else books


def _without_nil(books: Entries) -> Entries:
    kept = {book: {name: amount for name, amount in accounts.items() if amount} for book, accounts in books.items()}
    return {book: accounts for book, accounts in kept.items() if accounts}


def negated(posted: Entries) -> Entries:
    """The same entries with every sign turned."""
    return {book: {account: -amount for account, amount in accounts.items()} for book, accounts in posted.items()}
