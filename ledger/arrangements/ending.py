"""What the steps of an end post, in every book they touch: between the pool book and each party's, mirror by mirror.

Source: accounting rules, “The end of an arrangement”, the table of completion. Nothing is decided here.
"""

from __future__ import annotations

from ledger import events as e
from ledger.accounts import (
    RESERVE,
    RISK_SHARE,
    Entries,
    Leg,
    capital,
    cost,
    credit,
    creditors,
    debit,
    debtors,
    depreciation,
    distribution,
    entries,
    gain_or_loss,
    investment,
    provision,
)
from ledger.agreement import Terms


def creditor_novated(terms: Terms, fact: e.CreditorNovated) -> Entries:
    """The taker owes the creditor instead, and is owed as much for it; a creditor with a book sees its debtor change."""
    book, creditor, taker, amount = fact.book, fact.creditor, fact.taker, fact.amount
    legs = [
        debit(book, creditors(creditor), amount), credit(book, creditors(taker), amount),
        debit(taker, debtors(book), amount), credit(taker, creditors(creditor), amount),
    ]  # fmt: skip
    if creditor in terms.book_set:
        legs += [debit(creditor, debtors(taker), amount), credit(creditor, debtors(book), amount)]
    return entries(*legs)


def debtor_assigned(terms: Terms, fact: e.DebtorAssigned) -> Entries:
    """The debtor owes the taker instead, which owes as much for it; a debtor with a book sees its creditor change."""
    book, debtor, taker, amount = fact.book, fact.debtor, fact.taker, fact.amount
    legs = [
        debit(book, debtors(taker), amount), credit(book, debtors(debtor), amount),
        debit(taker, debtors(debtor), amount), credit(taker, creditors(book), amount),
    ]  # fmt: skip
    if debtor in terms.book_set:
        legs += [debit(debtor, creditors(book), amount), credit(debtor, creditors(taker), amount)]
    return entries(*legs)


def asset_divided(_terms: Terms, fact: e.AssetDivided) -> Entries:
    """Each party gives the value of its part, and carries that at its part of what the asset was carried at."""
    book = fact.giver
    gain = sum(fact.parts.values()) - (fact.cost - fact.depreciation)
    legs: list[Leg] = [
        debit(book, depreciation(fact.asset), fact.depreciation), credit(book, cost(fact.asset), fact.cost),
        credit(book, gain_or_loss(fact.asset, gain), gain),
    ]  # fmt: skip
    for party in dict.fromkeys([*fact.parts, *fact.carried]):
        part, carried = fact.parts.get(party, 0), fact.carried.get(party, 0)
        legs += [
            debit(book, debtors(party), part),
            debit(party, cost(fact.asset), carried), credit(party, creditors(book), part),
            credit(party, gain_or_loss(fact.asset, carried - part), carried - part),
        ]  # fmt: skip
    return entries(*legs)


def liability_assumed(_terms: Terms, fact: e.LiabilityAssumed) -> Entries:
    """Each party provides for its part instead, and is owed as much for it."""
    book, legs = fact.book, []
    for party, part in fact.parts.items():
        legs += [
            debit(book, provision(fact.liability), part), credit(book, creditors(party), part),
            debit(party, debtors(book), part), credit(party, provision(fact.liability), part),
        ]  # fmt: skip
    return entries(*legs)


def pool_closed(terms: Terms, fact: e.PoolClosed) -> Entries:
    """Income and expenditure go to the pool's reserve."""
    legs = []
    for account, amount in fact.balances.items():
        legs += [credit(terms.keeper, account, amount), debit(terms.keeper, RESERVE, amount)]
    return entries(*legs)


def capital_returned(terms: Terms, fact: e.CapitalReturned) -> Entries:
    """A party's capital is no longer invested: it comes back through the distribution."""
    entity, legs = terms.keeper, []
    for party, paid_in in fact.parts.items():
        legs += [
            debit(entity, capital(party), paid_in), credit(entity, distribution(party), paid_in),
            debit(party, distribution(entity), paid_in), credit(party, investment(entity), paid_in),
        ]  # fmt: skip
    return entries(*legs)


def distribution_made(terms: Terms, fact: e.DistributionMade) -> Entries:
    """What falls to a party the pool owes it; what a party makes good it owes the pool."""
    pool, legs = terms.keeper, []
    for party, part in fact.parts.items():
        ours, theirs = (creditors(party), debtors(pool)) if part > 0 else (debtors(party), creditors(pool))
        legs += [
            debit(pool, distribution(party), part), credit(pool, ours, part),
            debit(party, theirs, part), credit(party, distribution(pool), part),
        ]  # fmt: skip
    return entries(*legs)


def survivor_adjusted(terms: Terms, fact: e.SurvivorAdjusted) -> Entries:
    """A survivor at another amount: each party bears its part of the difference, or gains it, as it does a true-up."""
    pool = terms.keeper
    legs = [debit(pool, account, amount) for account, amount in fact.pool.items()]
    for ours, theirs, parts in ((debtors, creditors, fact.debtors), (creditors, debtors, fact.creditors)):
        for party, part in parts.items():
            legs += [
                debit(pool, ours(party), part),
                debit(party, RISK_SHARE, part), credit(party, theirs(pool), part),
            ]  # fmt: skip
    return entries(*legs)


def distribution_closed(terms: Terms, fact: e.DistributionClosed) -> Entries:
    """The pool's reserve has been given out; a party's has taken it in."""
    pool, legs = terms.keeper, []
    for party, part in fact.parts.items():
        legs += [
            credit(pool, distribution(party), part), debit(pool, RESERVE, part),
            debit(party, distribution(pool), part), credit(party, RESERVE, part),
        ]  # fmt: skip
    return entries(*legs)
