"""Aligned budgets: each party spends its own money in its own book, and a joint board looks on (guide, “Aligned Budget”)."""

from __future__ import annotations

from ledger import events as e
from ledger.agreement import Terms
from ledger.arrangements import postings as p
from ledger.arrangements.rules import Posts, Rules, nobody_buys
from ledger.errors import Refused

POSTS: Posts = {
    e.ContributionDue: p.memorandum,
    e.ContributionReceived: (
        "{arrangement} has aligned budgets: there is no pool to receive a contribution. "
        "Record what each party spends itself as expenditure with its party."
    ),
    e.ContributionGivenInKind: p.memorandum,
    e.ExpenditureIncurred: p.expenditure_incurred,
    e.PaymentMade: p.payment,
    e.CashIncomeReceived: p.income_received,
    e.IncomeDue: p.income_due,
    e.IncomeCollected: p.income_collected,
    e.BillRaised: (
        "{arrangement} has aligned budgets: there is no contractor to bill the parties together. "
        "Record each party's own cost as its expenditure."
    ),
    e.RechargeRaised: (
        "{arrangement} has aligned budgets: each party bears its own spending, so nothing is recharged. "
        "Record each party's own cost as its expenditure."
    ),
    e.SettlementMade: p.settlement,
    e.ContributionRefunded: (
        "{arrangement} has aligned budgets: nobody holds another's contribution, so there is none to refund. "
        "Reduce what was allocated by a negative contribution due."
    ),
    e.BalancesSetOff: (
        "{arrangement} has aligned budgets: there is no pool that owes the parties and is owed by them. "
        "Record what one party paid another for an asset as a settlement."
    ),
    e.AssetAcquired: p.asset_acquired,
    e.AssetDepreciated: p.asset_depreciated,
    e.AssetTransferred: p.asset_transferred,
    e.AssetDisposed: p.asset_disposed,
    e.LiabilityRecognised: p.liability_recognised,
    e.LiabilitySettled: p.liability_settled,
}


def own_book(terms: Terms, named: str) -> str:
    """The party named: with aligned budgets it must be."""
    if not named:
        raise Refused(
            f"{terms.agreement.code} has aligned budgets: every cost, payment and income is one party's own. "
            f"Say whose, with party {' or '.join(terms.parties)}."
        )
    return terms.known_party(named, "party")


RULES = Rules(posts=POSTS, book=own_book, holder=own_book, buyers=nobody_buys)


def rules(_terms: Terms) -> Rules:
    """The rules of aligned budgets."""
    return RULES
