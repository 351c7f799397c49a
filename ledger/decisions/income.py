"""Income from clients and others: received in cash, or due and then collected."""

from __future__ import annotations

from ledger import events as e
from ledger.agreement import Terms
from ledger.arrangements import rules_of
from ledger.errors import Refused
from ledger.requests import Request
from ledger.state import Head


def received(_head: Head, terms: Terms, asked: Request) -> e.CashIncomeReceived:
    """Income in cash; the customer may be named."""
    return e.CashIncomeReceived(
        book=rules_of(terms).book(terms, asked.party), scheme=asked.scheme, amount=asked.amount,
        customer=_customer(terms, asked.counterparty), fund=asked.fund,
    )  # fmt: skip


def due(_head: Head, terms: Terms, asked: Request) -> e.IncomeDue:
    """A customer invoiced; negative is a credit note."""
    return e.IncomeDue(
        book=rules_of(terms).book(terms, asked.party), scheme=asked.scheme,
        customer=_customer(terms, asked.counterparty), amount=asked.amount,
    )  # fmt: skip


def collected(_head: Head, terms: Terms, asked: Request) -> e.IncomeCollected:
    """A customer paid, as it happened: even more than it was invoiced."""
    return e.IncomeCollected(
        book=rules_of(terms).book(terms, asked.party), customer=_customer(terms, asked.counterparty),
        amount=asked.amount,
    )  # fmt: skip


def _customer(terms: Terms, code: str) -> str:
    if code in terms.book_set:
        raise Refused(
            f"{code} is a body of {terms.agreement.code}, and income is from clients and others outside it: "
            f"record what {code} owes as a contribution, a recharge or a bill, and what it pays as a settlement."
        )
    return code
