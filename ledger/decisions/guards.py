"""What no event may do to the books, whatever its kind: take below nil what cannot be."""

from __future__ import annotations

from functools import lru_cache

from ledger.accounts import ADVANCE, COST, DEPRECIATION, PROVISIONS, Entries, cost, depreciation
from ledger.errors import Obstructed, Refused
from ledger.money import LARGEST, sterling
from ledger.state import Head


def guard(head: Head, posted: Entries) -> None:
    """Refuse entries that take contributions in advance, a carrying value or a provision below nil.

    Measured on everything recorded so far, whatever its date. Also refuses a balance too large to keep.
    """
    for book, accounts in posted.items():
        for account, amount in accounts.items():
            what = _guarded(account)
            if what == "asset":
                _guard_carrying_value(head, accounts, book, account)
            elif what and amount > 0 and amount > -head.balance(book, account):
                raise _below_nil(account, book, amount, -head.balance(book, account))
            if not -LARGEST < head.balance(book, account) + amount < LARGEST:
                raise Refused(
                    f"{account} of {book} would reach {sterling(head.balance(book, account) + amount)}, more than can be "
                    f"kept: check the amount."
                )


@lru_cache(10_000)
def _guarded(account: str) -> str:
    if account.startswith((COST, DEPRECIATION)):
        return "asset"
    return "credit" if account.startswith((ADVANCE, PROVISIONS)) else ""


def _guard_carrying_value(head: Head, accounts: dict[str, int], book: str, account: str) -> None:
    asset = account.removeprefix(COST).removeprefix(DEPRECIATION)
    at_cost, worn = cost(asset), depreciation(asset)
    now = head.balance(book, at_cost) + head.balance(book, worn)
    moved = accounts.get(at_cost, 0) + accounts.get(worn, 0)
    cost_after = head.balance(book, at_cost) + accounts.get(at_cost, 0)
    worn_after = head.balance(book, worn) + accounts.get(worn, 0)
    if cost_after < 0 or worn_after > 0 or now + moved < 0:
        raise _below_nil(f"the cost, depreciation or carrying value of {asset}", book, -moved, now)


def _below_nil(what: str, book: str, asked: int, there: int) -> Obstructed:
    return Obstructed(
        f"This would take {what} in the book of {book} below nil, for it stands at {sterling(there)} and {sterling(asked)} "
        f"would be taken",
        "reverse first what used it" + or_less(", or take", there),
    )


def or_less(verb: str, there: int) -> str:
    """“take £5.00 or less”, the way out that there is while something is there; else nothing."""
    return f"{verb} {sterling(there)} or less" if there > 0 else ""
