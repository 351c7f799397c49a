"""The kinds of arrangement, one file each: who keeps the pool, what is allowed, and what a fact posts."""

from __future__ import annotations

from ledger import events as e
from ledger.accounts import Entries, negated
from ledger.agreement import Terms
from ledger.arrangements import aligned, ending, joint_commissioning, joint_venture, lead_body
from ledger.arrangements import postings as p
from ledger.arrangements.rules import Posting, Rules
from ledger.errors import Refused

_TYPES = {
    "aligned": aligned.rules,
    "lead_body": lead_body.rules,
    "joint_commissioning": joint_commissioning.rules,
    "joint_venture": joint_venture.rules,
}


_EVERYWHERE: dict[type, Posting] = {
    e.AgreementSigned: p.memorandum,
    e.AgreementVaried: p.memorandum,
    e.BudgetSet: p.memorandum,
    e.BudgetVired: p.memorandum,
    e.ForecastMade: p.memorandum,
    e.IndicatorReported: p.memorandum,
    e.TrueUpRaised: p.true_up,
    e.UnspentDecided: p.memorandum,
    e.BalancesReclassified: p.reclassified,
    e.YearClosed: p.year_closed,
    e.DisputeRaised: p.memorandum,
    e.DisputeAcknowledged: p.memorandum,
    e.DisputeResolved: p.memorandum,
    e.BalancesAgreed: p.memorandum,
    e.NarrativeErased: p.memorandum,
    e.NoticeGiven: p.memorandum,
    e.ArrangementCompleted: p.memorandum,
    e.CreditorNovated: ending.creditor_novated,
    e.DebtorAssigned: ending.debtor_assigned,
    e.AssetDivided: ending.asset_divided,
    e.LiabilityAssumed: ending.liability_assumed,
    e.PoolClosed: ending.pool_closed,
    e.CapitalReturned: ending.capital_returned,
    e.DistributionMade: ending.distribution_made,
    e.DistributionClosed: ending.distribution_closed,
    e.SurvivorAdjusted: ending.survivor_adjusted,
}
"""Facts that post the same under every type; whether they may happen is decided by whoever decides on them."""


def rules_of(terms: Terms) -> Rules:
    """The rules that the type of arrangement, and the roles it has, give."""
    return _TYPES[terms.agreement.type](terms)


def post(terms: Terms, fact: e.Fact) -> Entries:
    """The entries of a fact, in every book it touches.

    Raises Refused, with the sentence that says why and what to do instead, where the type does not allow the fact.
    """
    if type(fact) in _EVERYWHERE:
        return _EVERYWHERE[type(fact)](terms, fact)
    if isinstance(fact, e.FactReversed):
        return negated(post(terms, fact.fact))
    posting = rules_of(terms).posts[type(fact)]
    if isinstance(posting, str):
        raise Refused(posting.format(terms=terms, arrangement=terms.agreement.code))
    return posting(terms, fact)
