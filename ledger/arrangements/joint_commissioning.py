"""Joint commissioning: an outside contractor provides, and bills the parties by formula or a billing lead once.

Guide, “Joint Commissioning” and its subset with a lead body for billing and recharges.
"""

from __future__ import annotations

from ledger import events as e
from ledger.agreement import Terms
from ledger.arrangements import lead_body
from ledger.arrangements import postings as p
from ledger.arrangements.rules import Posts, Rules, keeper_buys, keeper_only, nobody_buys
from ledger.errors import Refused

_NO_CONTRIBUTIONS = (
    "{arrangement} is jointly commissioned: {terms.contractor}'s bills are split between the parties at source, "
    "so nobody holds contributions. Record the bill, and what each party pays as a settlement to {terms.contractor}."
)

SPLIT_AT_SOURCE: Posts = {
    **lead_body.POSTS,
    e.ContributionDue: _NO_CONTRIBUTIONS,
    e.ContributionReceived: _NO_CONTRIBUTIONS,
    e.ContributionGivenInKind: (
        "{arrangement} is jointly commissioned: there is no pool for a contribution in kind to stand in. "
        "Agree with {terms.contractor} what it means for its bills."
    ),
    e.BillRaised: p.bill_split_at_source,
    e.ChargeAdjusted: p.bill_adjusted,
    e.RechargeRaised: (
        "{arrangement} is jointly commissioned: {terms.contractor}'s bills are split between the parties at source, "
        "so nothing is left to recharge. Record the bill."
    ),
    e.ContributionRefunded: (
        "{arrangement} is jointly commissioned: nobody holds contributions, so there is none to refund. "
        "Record what {terms.contractor} gives back as a negative bill."
    ),
}

SINGLE_BILLING: Posts = {**lead_body.POSTS, e.BillRaised: p.bill_to_pool}


def pool_or_contractor(terms: Terms, named: str) -> str:
    """The billing lead's pool, unless the contractor is named for what is its own."""
    if named in ("", terms.keeper, terms.contractor):
        return named or terms.keeper
    raise Refused(
        f"In {terms.agreement.code} this is {terms.keeper}'s, or {terms.contractor}'s own where party names it; "
        f"it cannot be {named}'s: leave party out, or write {terms.contractor}."
    )


def holder(terms: Terms, named: str) -> str:
    """Who holds assets and liabilities, as the contract says; where it is silent, the contractor unless a party is named."""
    says = terms.agreement.roles.assets_held_by
    if says == "parties" and not named:
        raise Refused(
            f"In {terms.agreement.code} the parties hold assets and liabilities: say which, "
            f"with party {' or '.join(terms.parties)}."
        )
    allowed = {"parties": terms.parties, "contractor": [terms.contractor]}.get(says, [terms.contractor, *terms.parties])
    body = named or terms.contractor
    if body not in allowed:
        raise Refused(
            f"In {terms.agreement.code} assets and liabilities are held by {' or '.join(allowed)}, not by {named}: "
            f"name one of these."
        )
    return body


_SPLIT = Rules(posts=SPLIT_AT_SOURCE, book=keeper_only, holder=holder, buyers=nobody_buys)
_SINGLE = Rules(posts=SINGLE_BILLING, book=pool_or_contractor, holder=holder, buyers=keeper_buys)


def rules(terms: Terms) -> Rules:
    """The rules of joint commissioning, split at source or with a billing lead."""
    return _SINGLE if terms.lead else _SPLIT
