"""A party's mirror: what each event posts in the party's own book against whoever keeps the pool."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import NamedTuple

from ledger import events as e
from ledger.accounts import creditors, debtors, prepaid
from ledger.agreement import Terms
from ledger.errors import Refused


class Item(NamedTuple):
    """One event in the mirror: its net amount in pence, what the pool owes the party positive, on its posting date.

    The amount is nil where an event moves money only between the accounts of the mirror. `reverses` is the number of the
    event it reverses, 0 where it reverses none.
    """

    number: int
    on: date
    amount: int
    reference: str
    document: str
    reverses: int

    @property
    def label(self) -> str:
        """What people call it: its reference, or the document where the ledger gave the reference."""
        return self.document if self.document and self.reference.startswith("#") else self.reference


def keepers(terms: Terms) -> list[str]:
    """Whose books mirror a party's: the pool's, the entity's, the contractor's; raises Refused where nobody's does."""
    found = [book for book in terms.books if book not in terms.party_set]
    if not found:
        raise Refused(
            f"{terms.agreement.code} has aligned budgets: nobody keeps a pool, so a party has no balance with it to agree. "
            f"See what each party spent with `poolbook report balances {terms.agreement.code}`."
        )
    return found


def mirroring(books: Iterable[str]) -> Callable[[str], bool]:
    """Whether an account of a party's book is part of its account with the keepers of these books, prepayments included."""
    known = list(books)
    accounts = {account(book) for book in known for account in (debtors, creditors, prepaid)}
    funds = tuple(prepaid(book) + ":" for book in known)
    return lambda account: account in accounts or account.startswith(funds)


def mirror(events: Iterable[e.Event], party: str, books: Iterable[str]) -> Iterator[Item]:
    """The events that touch the party's debtors, creditors and prepaid contributions naming one of the books."""
    mirrors = mirroring(books)
    for event in events:
        posted = [amount for account, amount in event.entries.get(party, {}).items() if mirrors(account)]
        if posted:
            on = event.posted_on.get(party, event.effective_on)
            yield Item(event.number, on, sum(posted), event.reference, event.document, event.reverses or 0)
