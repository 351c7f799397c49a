"""Expenditure incurred and paid, and the contractor's bills."""

from __future__ import annotations

from ledger import events as e
from ledger.agreement import Ratio, Terms
from ledger.arrangements import rules_of
from ledger.errors import Refused
from ledger.requests import Request
from ledger.state import Head


def incurred(_head: Head, terms: Terms, asked: Request) -> e.ExpenditureIncurred:
    """Cost in the book it belongs in; a party may supply it only where the pool may buy from parties."""
    book = rules_of(terms).book(terms, asked.party)
    return e.ExpenditureIncurred(
        book=book, scheme=asked.scheme, supplier=supplier(terms, book, asked.counterparty),
        amount=asked.amount, fund=asked.fund,
    )  # fmt: skip


def paid(_head: Head, terms: Terms, asked: Request) -> e.PaymentMade:
    """A payment as it happened: even more than was owed."""
    book = rules_of(terms).book(terms, asked.party)
    if asked.counterparty == book:
        raise Refused(f"{book} cannot pay itself: name the supplier as counterparty.")
    if asked.counterparty in terms.party_set and not terms.keeper:
        raise Refused(
            f"{asked.counterparty} is a party of {terms.agreement.code}, and aligned parties do not supply each other: "
            f"record what one paid another for an asset as a settlement."
        )
    return e.PaymentMade(book=book, supplier=asked.counterparty, amount=asked.amount)


def billed(_head: Head, terms: Terms, asked: Request) -> e.BillRaised:
    """The contractor's bill: whole to a billing lead's pool, else split in the ratio in force on its date."""
    if terms.lead:
        return e.BillRaised(scheme=asked.scheme, amount=asked.amount)
    ratio = agreed_ratio(terms, asked.scheme)
    return e.BillRaised(scheme=asked.scheme, amount=asked.amount, parts=terms.shared(asked.amount, ratio), ratio=ratio)


def agreed_ratio(terms: Terms, scheme: str) -> Ratio:
    """The ratio in which a scheme's cost is shared; refuses where none is agreed."""
    ratio = terms.recharge_ratio(scheme)
    if not ratio:
        raise Refused(
            f"{terms.agreement.code} has no ratio for {scheme}: nobody has agreed who bears it. "
            f"Agree one, as shares.recharge or the scheme's own recharge."
        )
    return ratio


def supplier(terms: Terms, book: str, code: str) -> str:
    """The supplier of a book, refused where it is a body of the arrangement that may not supply that book."""
    if code not in terms.book_set or (code in terms.party_set and book in rules_of(terms).buyers(terms)):
        return code
    name = terms.agreement.code
    if code == book:
        raise Refused(f"{book} cannot be its own supplier: name the body that supplied it as counterparty.")
    if code == terms.contractor:
        raise Refused(f"{code} is the contractor of {name}: record what it charges as a bill.")
    if code in terms.party_set and terms.contractor:
        raise Refused(
            f"{code} is a party of {name}, and the parties do not supply {book}: only the contractor's cost from "
            f"outside is recorded here. Leave it out, or name the outside supplier."
        )
    if code in terms.party_set:
        raise Refused(
            f"{code} is a party of {name}, and with aligned budgets no party supplies another: "
            f"record the cost as {code}'s own expenditure, with party {code}."
        )
    raise Refused(f"{code} keeps the pool of {name} and does not supply {book}: name the outside supplier.")
