"""What an account's name says: the body it stands for, and what lies between a lead and the pool it keeps."""

from __future__ import annotations

from functools import cache

from ledger.accounts import ADVANCE, CASH, CREDITORS, DEBTORS, PREPAID, Entries

_NAMING = (
    DEBTORS,
    CREDITORS,
    ADVANCE,
    PREPAID,
    "Assets:Investment:",
    "Income:Recharges:",
    "Income:Grants:",
    "Income:Service charges:",
    "Expenditure:Grants:",
    "Equity:Capital:",
    "Equity:Distribution:",
)
"""Beginnings of account names that a body's code follows; an asset or a scheme may bear any code and names nobody."""

_MIRRORS = (
    (DEBTORS, CREDITORS),
    (CREDITORS, DEBTORS),
    (PREPAID, ADVANCE),
    (ADVANCE, PREPAID),
    ("Assets:Investment:", "Equity:Capital:"),
    ("Equity:Capital:", "Assets:Investment:"),
    ("Equity:Distribution:", "Equity:Distribution:"),
)
"""What one book says of another, and what the other says of it with the sign turned (accounting rules, “Mirrors”)."""

EARNINGS = ("Income:", "Expenditure:")


@cache
def body_named(account: str) -> str:
    """The code of the body that an account is about; empty where it is about none."""
    for prefix in _NAMING:
        if account.startswith(prefix):
            return account.removeprefix(prefix).partition(":")[0]
    return ""


def mirror_of(book: str, account: str) -> str:
    """What the body that an account of a book names calls the same balance in its own; empty for what has no mirror."""
    for prefix, other in _MIRRORS:
        if account.startswith(prefix):
            _, colon, fund = account.removeprefix(prefix).partition(":")
            return f"{other}{book}{colon}{fund}"
    return ""


def between(entries: Entries, pool: str, lead: str) -> set[tuple[str, str]]:
    """The lines of an entry (book, account) that lie between a lead's own book and the pool it keeps.

    They are of one legal body, so its statutory view leaves out three things wherever they are each other's: balances
    that name the other, cash that passed between the two, and the income of the one that is the expenditure of the other
    (a recharge to the lead, a service the lead provides, the gain and the loss on an asset passed on). Each sums to nil
    over the two books, so what is left does too. Income without such an expenditure stays: an asset the lead supplies to
    its pool is own work capitalised, and an asset passed on stays at the value it is now carried at.
    """
    found: dict[str, list[tuple[str, str]]] = {}
    sums = dict.fromkeys(_GROUPS, 0)
    for book, other in ((pool, lead), (lead, pool)):
        for account, pence in entries.get(book, {}).items():
            group = _group(account, other)
            if group:
                found.setdefault(group, []).append((book, account))
                sums[group] += pence
    return {line for group, lines in found.items() if not sums[group] for line in lines}


_GROUPS = ("earnings", "balances", "cash")


@cache
def _group(account: str, other: str) -> str:
    body = body_named(account)
    if body not in ("", other):
        return ""
    if account.startswith(EARNINGS):
        return "earnings"
    if body:
        return "balances"
    return "cash" if account == CASH else ""
