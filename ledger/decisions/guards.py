"""What no event may do to the books, whatever its kind: take below nil what cannot be."""

from __future__ import annotations

from ledger.accounts import ADVANCE, COST, DEPRECIATION, PROVISIONS, Entries, cost, depreciation
from ledger.errors import Refused
from ledger.money import LARGEST, printed, sterling
from ledger.state import Head


def guard(head: Head, posted: Entries) -> None:
    """Refuse entries that take contributions in advance, a carrying value or a provision below nil.

    Measured on everything recorded so far, whatever its date. Also refuses a balance too large to keep.
    """
    for book, accounts in posted.items():
        for account, amount in accounts.items():
            after = head.balance(book, account) + amount
            if not -LARGEST < after < LARGEST:
                raise Refused(f"{account} of {book} would reach {sterling(after)}, more than can be kept: check the amount.")
            if amount > 0:
                if after > 0 and account.startswith((ADVANCE, PROVISIONS)):
                    raise Refused(_below_nil(account, book, amount, amount - after))
            elif account.startswith((COST, DEPRECIATION)):
                _guard_carrying_value(head, posted, book, account)


def _guard_carrying_value(head: Head, posted: Entries, book: str, account: str) -> None:
    asset = account.removeprefix(COST).removeprefix(DEPRECIATION)
    names = (cost(asset), depreciation(asset))
    moved = sum(posted[book].get(name, 0) for name in names)
    now = sum(head.balance(book, name) for name in names)
    if now + moved < 0 or head.balance(book, names[0]) + posted[book].get(names[0], 0) < 0:
        raise Refused(_below_nil(f"the carrying value of {asset}", book, -moved, now))


def _below_nil(what: str, book: str, asked: int, there: int) -> str:
    return (
        f"This would take {what} in the book of {book} below nil: it stands at {sterling(there)}, "
        f"and {printed(asked)} would be taken. Reverse first what used it, or take {sterling(max(there, 0))} or less."
    )
