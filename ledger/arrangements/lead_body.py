"""A lead body keeps the pool inside its own accounts and recharges the parties by formula (guide, “Lead Body”)."""

from __future__ import annotations

from ledger import events as e
from ledger.agreement import Terms
from ledger.arrangements import postings as p
from ledger.arrangements.rules import Posts, Rules, keeper_buys, keeper_only

POSTS: Posts = {
    e.ContributionDue: p.contribution_due,
    e.ContributionReceived: p.contribution_received,
    e.ContributionGivenInKind: p.memorandum,
    e.ExpenditureIncurred: p.expenditure_incurred,
    e.PaymentMade: p.payment,
    e.CashIncomeReceived: p.income_received,
    e.IncomeDue: p.income_due,
    e.IncomeCollected: p.income_collected,
    e.BillRaised: (
        "{arrangement} is kept by a lead body and has no contractor whose bills are shared. "
        "Record what a supplier charges as expenditure."
    ),
    e.RechargeRaised: p.recharge,
    e.ChargeAdjusted: p.recharge_adjusted,
    e.SettlementMade: p.settlement,
    e.ContributionRefunded: p.refund,
    e.BalancesSetOff: p.set_off,
    e.AssetAcquired: p.asset_acquired,
    e.AssetDepreciated: p.asset_depreciated,
    e.AssetTransferred: p.asset_transferred,
    e.AssetDisposed: p.asset_disposed,
    e.LiabilityRecognised: p.liability_recognised,
    e.LiabilitySettled: p.liability_settled,
}

RULES = Rules(posts=POSTS, book=keeper_only, holder=keeper_only, buyers=keeper_buys)


def rules(_terms: Terms) -> Rules:
    """The rules of a lead body's pool."""
    return RULES
