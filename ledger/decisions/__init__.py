"""Decisions: what is asked becomes a fact with its entries, or is refused with a sentence."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from ledger import events as e
from ledger.accounts import Entries
from ledger.agreement import Terms
from ledger.arrangements import post, rules_of
from ledger.decisions import asset, contribution, expenditure, income, liability, recharge, settlement
from ledger.decisions.guards import guard
from ledger.errors import Refused
from ledger.money import sterling
from ledger.requests import KINDS, Kind, Request
from ledger.state import Head

DECISIONS: dict[str, Callable[[Head, Terms, Request], e.Fact]] = {
    "contribution_due": contribution.due,
    "contribution_received": contribution.received,
    "contribution_in_kind": contribution.given_in_kind,
    "expenditure": expenditure.incurred,
    "payment": expenditure.paid,
    "income": income.received,
    "income_due": income.due,
    "income_received": income.collected,
    "bill": expenditure.billed,
    "recharge": recharge.raised,
    "settlement": settlement.made,
    "refund": contribution.refunded,
    "set_off": contribution.set_off,
    "asset_acquired": asset.acquired,
    "asset_depreciated": asset.depreciated,
    "asset_transferred": asset.transferred,
    "asset_disposed": asset.disposed,
    "liability_recognised": liability.recognised,
    "liability_settled": liability.settled,
}
"""CSV type → the decision that turns a request into a fact."""

_PARTIES_ONLY = frozenset(
    ("contribution_due", "contribution_received", "contribution_in_kind", "refund", "set_off"),
)
_BOTH_BOOKS = frozenset(("settlement", "asset_transferred"))


def decide(head: Head, asked: Request) -> tuple[e.Fact, Entries]:
    """The fact that a request becomes, and what it posts.

    Raises UnknownCode where no agreement knows a code, Refused where a rule says no; nothing is changed by either.
    """
    terms = terms_for(head, asked.effective_on)
    kind = KINDS[asked.type]
    check_codes(terms, asked)
    if head.state.completed:
        return _settled(head, terms, asked)
    refusal = rules_of(terms).posts[kind.fact]
    if isinstance(refusal, str):
        raise Refused(refusal.format(terms=terms, arrangement=terms.agreement.code))
    _check_sign(kind, asked)
    fact = DECISIONS[asked.type](head, terms, asked)
    posted = post(terms, fact)
    guard(head, posted)
    return fact, posted


def _settled(head: Head, terms: Terms, asked: Request) -> tuple[e.Fact, Entries]:
    from ledger.decisions.ended import refuse_beyond_survivors, refuse_ended

    refuse_ended(head, asked)
    _check_sign(KINDS[asked.type], asked)
    fact = DECISIONS[asked.type](head, terms, asked)
    posted = post(terms, fact)
    refuse_beyond_survivors(head, posted)
    return fact, posted


def terms_for(head: Head, day: date) -> Terms:
    """The terms in force on a day; refuses a day before the arrangement starts."""
    if day < head.terms.starts:
        raise Refused(f"{head.stream} starts on {head.terms.starts}, so nothing of {day} belongs in it: check the date.")
    return head.terms_on(day)


def check_codes(terms: Terms, asked: Request) -> None:
    """Raise UnknownCode for the first code in a request that the agreement does not know, Refused for one it lacks."""
    kind = KINDS[asked.type]
    for column in kind.codes:
        if not getattr(asked, column):
            raise Refused(f"{asked.type} needs {column}: {kind.meaning(column)}. Say which.")
    for column in kind.unused:
        if getattr(asked, column):
            raise Refused(f"{asked.type} does not use {column}: leave it out.")
    if asked.scheme:
        terms.known_scheme(asked.scheme)
    if asked.fund:
        terms.known_fund(asked.fund)
    if asked.party:
        if asked.type in _PARTIES_ONLY:
            terms.known_party(asked.party, "party")
        else:
            terms.known_book(asked.party, "party")
    for column in ("asset", "liability"):
        if code := getattr(asked, column):
            terms.outsider(code, column)
    if asked.counterparty:
        if asked.type in _BOTH_BOOKS:
            terms.known_book(asked.counterparty, "counterparty")
        else:
            terms.outsider(asked.counterparty, "counterparty")


def _check_sign(kind: Kind, asked: Request) -> None:
    column = "consideration" if "consideration" in kind.needs else "amount"
    amount = asked.consideration if column == "consideration" else asked.amount
    if amount > 0 or (amount < 0 and kind.negative) or (amount == 0 and kind.nil):
        return
    if amount == 0:
        raise Refused(f"{kind.type} needs an amount other than nil: nothing would be recorded.")
    raise Refused(f"{kind.type} of {sterling(amount)}: its {column} cannot be negative. To take one back, {kind.instead}.")
